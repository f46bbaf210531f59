/* Guards: which truths a delivery's rows touch, as of when, and what is objected to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/guard.h"
#include "engine_world.h"
#include "failing_alloc.h"

/* Guards: 0 monthly truth on a monthly measure, 1 yearly on a monthly, 2 monthly on a yearly. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local plan = measure \"plan\" { kind = \"stock\", unit = \"CNY\", every = \"year\" }\n"
    "guard \"jump\" { on = money, hold = (money / money:lag(1)):over(10), warn = money:over(40) }\n"
    "guard \"sum\" { on = money, warn = money:year():over(100) }\n"
    "guard \"spread\" { on = plan, hold = (plan:month() - money):over(1000) }\n";

/* Puts rows in, as a delivery that is judged does, and asks. */
static void judge(struct house *house, const zw_bound *rows, size_t count, zw_guard_words *out,
                  zw_status expected)
{
    zw_err err = {ZW_OK, ""};
    zw_store *store = zw_engine_store(house->engine);
    zw_delivery delivery = {.source = "s", .name = "n", .format = "csv", .digest = "d"};
    zw_series_set *set = zw_store_series(store);
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
    for (size_t i = 0; i < count; i++) {
        zw_series key = {house->pack->measures[rows[i].measure].title.name,
                         house->pack->areas[rows[i].area].title.name, "", ""};
        zw_series_id series = ZW_SERIES_NONE;
        zw_change change = ZW_CHANGE_NEW;
        zw_figure figure = {.value = rows[i].value,
                            .known_at_ms = rows[i].known_at_ms,
                            .batch = delivery.id,
                            .line = rows[i].line};
        assert_int_equal(zw_series_ensure(set, &key, &series, &err), ZW_OK);
        assert_int_equal(zw_store_put(store, series, rows[i].period, &figure, &change, &err),
                         ZW_OK);
    }
    zw_eval_world world = {house->pack, house->script, store};
    assert_int_equal(zw_guard_judge(&world, rows, count, out, &err), expected);
}

static void add_words(const struct house *house, const zw_guard_words *words, zw_buf *out)
{
    zw_buf_puts(out, words->is_held ? "held:" : "taken:");
    for (size_t i = 0; i < words->count; i++) {
        const zw_guard_word *word = &words->at[i];
        zw_buf_printf(out, " %s/%s", house->pack->alerts[word->alert].title.name,
                      house->pack->areas[word->area].title.name);
        if (word->has_objected) {
            zw_buf_printf(out, "=%s in %lld", zw_severity_text(word->severity),
                          (long long)word->period);
        }
    }
}

#define MONTH(m) (52 * 12 + (m)-1) /* of 2022 */
#define ROW(m, a, p, v, day)                                                                       \
    {                                                                                              \
        .measure = (m), .area = (a), .period = (p), .value = (v), .known_at_ms = (day)*DAY_MS,     \
        .dims = "", .scope = "", .source = "", .note = ""                                          \
    }

static void what_rows_touch_is_judged_as_they_came_to_be_known(void **state)
{
    /* 19100 is a day of April 2022. */
    static const struct {
        const char *why, *words;
        zw_bound rows[4];
        size_t count;
    } cases[] = {
        {"nothing before it: the ratio is unknown, and unknown does not hold",
         "taken: jump/north sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100)},
         1},
        {"11 times is over 10; the yearly sum of 5 + 55 = 60 is not over 100",
         "held: jump/north=critical in 625 sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100)},
         2},
        {"an area of its own each, and the worst of an area's truths is told",
         "held: jump/north=critical in 625 jump/south=warning in 624 sum/north sum/south",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100),
          ROW(0, 2, MONTH(1), 41, 19100)},
         3},
        {"the newest month that is true is told",
         "held: jump/north=critical in 627 sum/north",
         {ROW(0, 1, MONTH(1), 1, 19100), ROW(0, 1, MONTH(2), 11, 19100),
          ROW(0, 1, MONTH(3), 0.5, 19100), ROW(0, 1, MONTH(4), 6, 19100)},
         4},
        {"a month touches its year: all twelve are needed, so the sum is unknown",
         "taken: jump/north=warning in 624 sum/north",
         {ROW(0, 1, MONTH(1), 101, 19100)},
         1},
        {"a year touches its months: 2000 - 5 in January",
         "held: jump/north sum/north spread/north=critical in 624",
         {ROW(1, 1, 52, 2000, 19100), ROW(0, 1, MONTH(1), 5, 19100)},
         2},
        {"judged when it was known: the 5 that came first made 55 eleven times it",
         "held: jump/north=critical in 625 sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100),
          ROW(0, 1, MONTH(1), 50, 19101), ROW(0, 1, MONTH(2), 30, 19101)},
         4},
        {"a later version of the same rows alone is judged by what is known then",
         "taken: jump/north=warning in 624 sum/north",
         {ROW(0, 1, MONTH(1), 50, 19101), ROW(0, 1, MONTH(2), 30, 19101)},
         2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("  %s\n", cases[i].why);
        struct house house;
        zw_guard_words words;
        zw_buf text;
        zw_buf_init(&text, 4096);
        house_open(&house, pack_text, "2023-03-05");
        judge(&house, cases[i].rows, cases[i].count, &words, ZW_OK);
        add_words(&house, &words, &text);
        char *said = strdup(zw_buf_view(&text));
        assert_string_equal(said, cases[i].words);
        free(said);
        zw_guard_words_fini(&words);
        zw_buf_fini(&text);
        house_close(&house);
    }
}

static void only_guarded_measures_ask(void **state)
{
    static const zw_bound money = ROW(0, 1, MONTH(1), 5, 19100);
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    assert_false(zw_guard_is_asked(house.pack, &money, 1));
    house_close(&house);
    house_open(&house, pack_text, "2022-02-05");
    assert_true(zw_guard_is_asked(house.pack, &money, 1));
    assert_false(zw_guard_is_asked(house.pack, &money, 0));
    house_close(&house);
}

static void without_memory_there_is_an_error(void **state)
{
    static const zw_bound rows[] = {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100)};
    (void)state;
    struct house house;
    zw_guard_words words;
    house_open(&house, pack_text, "2023-03-05");
    judge(&house, rows, 2, &words, ZW_OK);
    zw_guard_words_fini(&words);
    zw_eval_world world = {house.pack, house.script, zw_engine_store(house.engine)};
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(after);
        zw_status status = zw_guard_judge(&world, rows, 2, &words, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_NOMEM || (status == ZW_OK && words.is_held));
        zw_guard_words_fini(&words);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rows_touch_is_judged_as_they_came_to_be_known),
        cmocka_unit_test(only_guarded_measures_ask),
        cmocka_unit_test(without_memory_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
