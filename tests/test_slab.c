/* A page: versions by cell, in order of what was known when, and runs of values that are alike. */
#include "store/slab.h"

#include "failing_alloc.h"
#include "intake/batch.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static int setup(void **state)
{
    static zw_slab page;
    page = (zw_slab){0};
    *state = &page;
    return 0;
}

static int teardown(void **state)
{
    zw_slab_fini(*state);
    return 0;
}

static zw_figure figure(int64_t known_at_ms, double value, zw_obs_status status, int64_t batch)
{
    return (zw_figure){.value = value,
                       .known_at_ms = known_at_ms,
                       .batch = batch,
                       .line = 1,
                       .status = (uint8_t)status};
}

static zw_change put(zw_slab *page, uint32_t cell, zw_figure f)
{
    zw_change change = ZW_CHANGE_NEW;
    assert_int_equal(zw_slab_put(page, cell, &f, &change, NULL), ZW_OK);
    return change;
}

static void a_figure_is_judged_by_what_was_known_just_before_it(void **state)
{
    static const struct {
        const char *why;
        int64_t known_at_ms;
        double value;
        zw_obs_status status;
        zw_change change;
    } steps[] = {
        {"the first is news", 100, 603.2, ZW_OBS_PROVISIONAL, ZW_CHANGE_NEW},
        {"said again later", 200, 603.2, ZW_OBS_PROVISIONAL, ZW_CHANGE_UNCHANGED},
        {"another status is a revision", 300, 603.2, ZW_OBS_NORMAL, ZW_CHANGE_REVISED},
        {"another value is one", 400, 598.7, ZW_OBS_NORMAL, ZW_CHANGE_REVISED},
        {"a withdrawal is one", 500, 0, ZW_OBS_MISSING, ZW_CHANGE_REVISED},
        {"withdrawn again, with whatever value", 600, 5, ZW_OBS_MISSING, ZW_CHANGE_UNCHANGED},
        {"a return is one", 700, 598.7, ZW_OBS_NORMAL, ZW_CHANGE_REVISED},
        {"an older delivery meets what was known then", 150, 603.2, ZW_OBS_PROVISIONAL,
         ZW_CHANGE_UNCHANGED},
        {"and may say something else", 450, 598.8, ZW_OBS_NORMAL, ZW_CHANGE_REVISED},
        {"before everything there was nothing", 50, 1, ZW_OBS_NORMAL, ZW_CHANGE_NEW},
        {"at the same moment the later arrival follows", 700, 598.7, ZW_OBS_NORMAL,
         ZW_CHANGE_UNCHANGED},
        {"back to zero", 800, 0.0, ZW_OBS_NORMAL, ZW_CHANGE_REVISED},
        {"zero has no sign", 900, -0.0, ZW_OBS_NORMAL, ZW_CHANGE_UNCHANGED},
    };
    zw_slab *page = *state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_change change =
            put(page, 52, figure(steps[i].known_at_ms, steps[i].value, steps[i].status, 1));
        if (change != steps[i].change) {
            fail_msg("%s: %d", steps[i].why, change);
        }
    }
    const zw_figure *versions = NULL;
    size_t count = zw_slab_versions(page, 52, &(zw_figure){0}, &versions);
    assert_int_equal(count, sizeof steps / sizeof steps[0]);
    for (size_t i = 1; i < count; i++) {
        assert_true(versions[i - 1].known_at_ms <= versions[i].known_at_ms);
    }
}

static void a_withdrawal_of_nothing_is_news(void **state)
{
    zw_slab *page = *state;
    assert_int_equal(put(page, 1, figure(1, 0, ZW_OBS_MISSING, 1)), ZW_CHANGE_NEW);
    const zw_figure *at = zw_slab_at(page, 1, 1, &(zw_figure){0});
    assert_non_null(at);
    assert_int_equal(at->status, ZW_OBS_MISSING);
}

static void as_of_answers_the_last_version_known_by_then(void **state)
{
    static const struct {
        const char *why;
        int64_t as_of_ms;
        double value; /* below 0: nothing */
    } cases[] = {
        {"before all", INT64_MIN, -1},
        {"one before the first", 99, -1},
        {"at the first", 100, 1},
        {"between", 199, 1},
        {"at the second, the later arrival of two", 200, 3},
        {"at the last", 300, 4},
        {"ever after", INT64_MAX, 4},
    };
    zw_slab *page = *state;
    (void)put(page, 300, figure(300, 4, ZW_OBS_NORMAL, 1));
    (void)put(page, 300, figure(200, 2, ZW_OBS_NORMAL, 2));
    (void)put(page, 300, figure(100, 1, ZW_OBS_NORMAL, 3));
    (void)put(page, 300, figure(200, 3, ZW_OBS_NORMAL, 1));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const zw_figure *at = zw_slab_at(page, 300, cases[i].as_of_ms, &(zw_figure){0});
        double value = at != NULL ? at->value : -1;
        if (value < cases[i].value || value > cases[i].value) {
            fail_msg("%s: %g", cases[i].why, value);
        }
    }
    assert_null(zw_slab_at(page, 299, INT64_MAX, &(zw_figure){0}));
    assert_null(zw_slab_at(page, 0, INT64_MAX, &(zw_figure){0}));
    assert_null(zw_slab_at(page, 511, INT64_MAX, &(zw_figure){0}));
}

static void cells_may_come_in_any_order(void **state)
{
    static const uint32_t cells[] = {70, 69, 511, 0, 300, 64, 63, 8, 7, 127, 128};
    enum { COUNT = sizeof cells / sizeof cells[0] };
    zw_slab *page = *state;
    assert_true(zw_slab_about_of(page).first > zw_slab_about_of(page).last);
    for (size_t i = 0; i < COUNT; i++) {
        zw_figure f = figure((int64_t)(50 - i), (double)i, ZW_OBS_NORMAL, (int64_t)i);
        f.line = f.source = f.note = i > 5 ? (uint32_t)i : 0;
        assert_int_equal(put(page, cells[i], f), ZW_CHANGE_NEW);
    }
    for (size_t i = 0; i < COUNT; i++) {
        const zw_figure *versions = NULL;
        assert_int_equal(zw_slab_versions(page, cells[i], &(zw_figure){0}, &versions), 1);
        assert_true(versions[0].value == (double)i && versions[0].batch == (int64_t)i);
        assert_int_equal(versions[0].line, i > 5 ? i : 0);
        assert_int_equal(versions[0].note, i > 5 ? i : 0);
    }
    zw_slab_about about = zw_slab_about_of(page);
    assert_true(about.first == 0 && about.last == 511 && about.used == COUNT &&
                about.count == COUNT);
    assert_true(about.first_ms == 50 - (COUNT - 1) && about.last_ms == 50);
    assert_true(about.value == 2 && about.known_at_ms == 48 && about.like == 0);
    zw_slab_unput(page, 511, 48);
    zw_slab_unput(page, 70, 50);
    about = zw_slab_about_of(page);
    assert_true(about.last == 300 && about.last_ms == 49 && about.value == 4);
    assert_false(zw_slab_has(page, 511));
    assert_true(zw_slab_has(page, 300));
}

static void taking_back_goes_the_way_it_came(void **state)
{
    static const struct {
        int64_t known_at_ms;
        double value;
    } puts[] = {{50, 5}, {10, 1}, {50, 6}, {30, 3}, {50, 7}, {40, 4}};
    enum { COUNT = sizeof puts / sizeof puts[0] };
    zw_slab *page = *state;
    for (size_t i = 0; i < COUNT; i++) {
        (void)put(page, 3, figure(puts[i].known_at_ms, puts[i].value, ZW_OBS_NORMAL, 1));
    }
    for (size_t i = COUNT; i-- > 0;) {
        zw_slab_unput(page, 3, puts[i].known_at_ms);
        const zw_figure *versions = NULL;
        assert_int_equal(zw_slab_versions(page, 3, &(zw_figure){0}, &versions), i);
        for (size_t v = 0; v < i; v++) {
            assert_true(versions[v].value != puts[i].value);
            assert_true(v == 0 || versions[v - 1].known_at_ms <= versions[v].known_at_ms);
        }
    }
    assert_int_equal(page->used, 0);
    assert_int_equal(put(page, 3, figure(1, 1, ZW_OBS_NORMAL, 1)), ZW_CHANGE_NEW);
}

/* What a run must be, cell by cell. */
static size_t run_length(const zw_slab *page, uint32_t cell, uint32_t last, int64_t as_of_ms,
                         int64_t *newest_ms)
{
    zw_figure begin;
    zw_figure room;
    size_t count = 0;
    *newest_ms = INT64_MIN;
    for (uint32_t c = cell; c <= last && zw_slab_has(page, c); c++, count++) {
        const zw_figure *versions = NULL;
        size_t v = zw_slab_versions(page, c, &room, &versions);
        zw_figure newest = versions[v - 1];
        begin = c == cell ? newest : begin;
        if (newest.status == ZW_OBS_MISSING || newest.status != begin.status ||
            newest.is_synthetic != begin.is_synthetic || newest.known_at_ms > as_of_ms) {
            break;
        }
        *newest_ms = newest.known_at_ms > *newest_ms ? newest.known_at_ms : *newest_ms;
    }
    return count;
}

static void a_run_is_what_is_in_and_alike_and_known(void **state)
{
    zw_slab *page = *state;
    uint32_t seed = 5;
    for (int round = 0; round < 4000; round++) {
        seed = seed * 1664525U + 1013904223U;
        uint32_t cell = round < 600 ? (uint32_t)round % 512 : (seed >> 8) % 512;
        bool is_odd = round >= 600 && (seed >> 20) % 3 == 0;
        zw_figure f = figure(round < 600 ? 100 : 100 + (seed >> 12) % 7, round, ZW_OBS_NORMAL, 1);
        f.status = is_odd ? (uint8_t)((seed >> 24) % 5) : 0;
        f.is_synthetic = is_odd && (seed >> 16) % 2 != 0;
        (void)put(page, cell, f);
        uint32_t from = (seed >> 10) % 512;
        uint32_t to = from + (seed >> 22) % (512 - from);
        int64_t as_of_ms = 98 + (seed >> 28);
        int64_t newest_ms = 0;
        size_t expected = run_length(page, from, to, as_of_ms, &newest_ms);
        zw_run run = {.count = 0};
        bool has_any = zw_slab_run(page, from, to, as_of_ms, &run);
        assert_int_equal(has_any, expected > 0);
        assert_int_equal(run.count, expected);
        if (expected > 0) {
            zw_figure room;
            assert_true(run.known_at_ms == newest_ms);
            assert_true(run.values[expected - 1] ==
                        zw_slab_at(page, from + (uint32_t)expected - 1, INT64_MAX, &room)->value);
            assert_int_equal(run.status, zw_slab_at(page, from, INT64_MAX, &room)->status);
        }
    }
}

static void refused_memory_leaves_the_page_as_it_was(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_slab page = {0};
        size_t taken = 0;
        zw_status status = ZW_OK;
        failing_alloc_after(n);
        while (status == ZW_OK && taken < 40) {
            zw_change change = ZW_CHANGE_NEW;
            zw_figure f = figure((int64_t)(taken % 7), (double)taken, ZW_OBS_NORMAL, 1);
            f.line = taken > 20 ? 1 : 0;
            status = zw_slab_put(&page, (uint32_t)(taken % 4) * 20, &f, &change, NULL);
            taken += status == ZW_OK ? 1 : 0;
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        size_t held = 0;
        for (uint32_t cell = 0; cell < 80; cell += 20) {
            const zw_figure *versions = NULL;
            held += zw_slab_versions(&page, cell, &(zw_figure){0}, &versions);
        }
        assert_int_equal(held, taken);
        assert_int_equal(page.count, taken);
        zw_slab_fini(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_figure_is_judged_by_what_was_known_just_before_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_of_nothing_is_news, setup, teardown),
        cmocka_unit_test_setup_teardown(as_of_answers_the_last_version_known_by_then, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(cells_may_come_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(taking_back_goes_the_way_it_came, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_is_what_is_in_and_alike_and_known, setup, teardown),
        cmocka_unit_test(refused_memory_leaves_the_page_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
