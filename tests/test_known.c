/* What is known by now: where a series begins, what a measure was reported under. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "measure \"money\" { kind = \"flow\", unit = \"firms\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "measure \"other\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n";

static const zw_text two = {"2", 1};
static const zw_known_key chips = {"industry", "chips", &two};

enum { MARCH = 52 * 12 + 2, MAY = 52 * 12 + 4 };

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-05", 1, "2022-06-05", 0, false},
    {"money", "north", "industry=ai", "2022-03", NAN, "2022-07-05", 0, false},
    {"money", "north", "industry=chips\x1fscope=2", "2022-04", 1, "2022-08-05", 0, false},
};

static void what_is_known_goes_with_the_moment(void **state)
{
    (void)state;
    static const struct {
        const char *why, *as_of;
        bool has_first;
        zw_period first;
        bool has_chips, is_scoped;
    } cases[] = {
        {"nothing came yet", "2022-06-04", false, 0, false, false},
        {"May came first", "2022-06-05", true, MAY, false, false},
        {"a withdrawal of March is known of March", "2022-07-05", true, MARCH, false, false},
        {"another scope, another value", "2022-08-05", true, MARCH, true, true},
    };
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_known *known = NULL;
        zw_period first = 0;
        bool has_chips = true;
        bool has_other = true;
        bool is_scoped = true;
        int64_t at_ms = world_moment(cases[i].as_of);
        assert_int_equal(zw_known_create(world.pack, world.store, &known, NULL), ZW_OK);
        bool has_first = zw_known_first(known, 0, at_ms, &first);
        assert_int_equal(zw_known_value(known, 0, at_ms, &chips, &has_chips, NULL), ZW_OK);
        assert_int_equal(zw_known_value(known, 1, at_ms, &chips, &has_other, NULL), ZW_OK);
        assert_int_equal(zw_known_is_scoped(known, 0, at_ms, &is_scoped, NULL), ZW_OK);
        if (has_first != cases[i].has_first || (has_first && first != cases[i].first) ||
            has_chips != cases[i].has_chips || is_scoped != cases[i].is_scoped || has_other) {
            fail_msg("%s: %d %lld, chips %d, scoped %d, of the other measure %d", cases[i].why,
                     has_first, (long long)first, has_chips, is_scoped, has_other);
        }
        zw_known_destroy(known);
    }
    world_close(&world);
}

static void news_are_told_once(void **state)
{
    (void)state;
    struct world world;
    zw_known *known = NULL;
    const zw_learned *learned = NULL;
    bool ignored = false;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    assert_int_equal(zw_known_create(world.pack, world.store, &known, NULL), ZW_OK);
    int64_t before_ms = world_moment("2022-06-04");
    assert_int_equal(zw_known_is_scoped(known, 0, before_ms, &ignored, NULL), ZW_OK);
    size_t count = zw_store_learned(world.store, before_ms, world_moment("2022-08-05"), &learned);
    assert_int_equal(count, 3);
    static const zw_news expected[] = {
        {true, true, false},  /* the first of its series; ai is new; one scope, the empty one */
        {true, false, false}, /* March lies before May */
        {true, true, true},   /* chips, and the second scope */
    };
    for (size_t i = 0; i < count; i++) {
        zw_news news;
        assert_int_equal(zw_known_take(known, 0, &learned[i], before_ms, &news, NULL), ZW_OK);
        assert_int_equal(news.is_first, expected[i].is_first);
        assert_int_equal(news.has_value, expected[i].has_value);
        assert_int_equal(news.has_scopes, expected[i].has_scopes);
    }
    zw_known_destroy(known);
    world_close(&world);
}

static void without_memory_the_answer_is_refused_or_right(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_known *known = NULL;
        bool has_chips = false;
        failing_alloc_after(after);
        zw_status status = zw_known_create(world.pack, world.store, &known, NULL);
        if (status == ZW_OK) {
            status = zw_known_value(known, 0, WORLD_NOW_MS, &chips, &has_chips, NULL);
        }
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK ? has_chips : was_refused);
        zw_known_destroy(known);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_goes_with_the_moment),
        cmocka_unit_test(news_are_told_once),
        cmocka_unit_test(without_memory_the_answer_is_refused_or_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
