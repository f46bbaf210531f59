/* The column of one series: versions by period, in order of what was known when. */
#include "store/column.h"

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
    zw_column *column = NULL;
    int failed = zw_column_create(&column, NULL) != ZW_OK;
    *state = column;
    return failed;
}

static int teardown(void **state)
{
    zw_column_destroy(*state);
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

static zw_change put(zw_column *column, zw_period period, zw_figure f)
{
    zw_change change = ZW_CHANGE_NEW;
    assert_int_equal(zw_column_put(column, period, &f, &change, NULL), ZW_OK);
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
    zw_column *column = *state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_change change =
            put(column, 52, figure(steps[i].known_at_ms, steps[i].value, steps[i].status, 1));
        if (change != steps[i].change) {
            fail_msg("%s: %d", steps[i].why, change);
        }
    }
    const zw_figure *versions = NULL;
    size_t count = zw_column_versions(column, 52, &versions);
    assert_int_equal(count, sizeof steps / sizeof steps[0]);
    for (size_t i = 1; i < count; i++) {
        assert_true(versions[i - 1].known_at_ms <= versions[i].known_at_ms);
    }
}

static void a_withdrawal_of_nothing_is_news(void **state)
{
    zw_column *column = *state;
    assert_int_equal(put(column, 1, figure(1, 0, ZW_OBS_MISSING, 1)), ZW_CHANGE_NEW);
    const zw_figure *at = zw_column_at(column, 1, 1);
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
    zw_column *column = *state;
    (void)put(column, -7, figure(300, 4, ZW_OBS_NORMAL, 1));
    (void)put(column, -7, figure(200, 2, ZW_OBS_NORMAL, 2));
    (void)put(column, -7, figure(100, 1, ZW_OBS_NORMAL, 3));
    (void)put(column, -7, figure(200, 3, ZW_OBS_NORMAL, 1));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const zw_figure *at = zw_column_at(column, -7, cases[i].as_of_ms);
        double value = at != NULL ? at->value : -1;
        if (value < cases[i].value || value > cases[i].value) {
            fail_msg("%s: %g", cases[i].why, value);
        }
    }
    assert_null(zw_column_at(column, -8, INT64_MAX));
    assert_null(zw_column_at(column, 1000, INT64_MAX));
}

static void far_periods_cost_no_more_than_near_ones(void **state)
{
    static const zw_period periods[] = {0,  -1,  15, 16, -16, -17,  631, ZW_PERIOD_MIN,
                                        17, 300, 32, 48, -64, 5000, 64,  ZW_PERIOD_MAX};
    enum { COUNT = sizeof periods / sizeof periods[0] };
    zw_column *column = *state;
    zw_period first = 0;
    zw_period last = 0;
    assert_false(zw_column_span(column, &first, &last));
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(put(column, periods[i], figure(1, (double)i, ZW_OBS_NORMAL, 1)),
                         ZW_CHANGE_NEW);
    }
    for (size_t i = 0; i < COUNT; i++) {
        const zw_figure *versions = NULL;
        assert_int_equal(zw_column_versions(column, periods[i], &versions), 1);
        assert_true(versions[0].value >= (double)i && versions[0].value <= (double)i);
    }
    assert_true(zw_column_span(column, &first, &last));
    assert_true(first == ZW_PERIOD_MIN && last == ZW_PERIOD_MAX);
    zw_column_unput(column, ZW_PERIOD_MIN, 1);
    zw_column_unput(column, ZW_PERIOD_MAX, 1);
    assert_true(zw_column_span(column, &first, &last));
    assert_true(first == -64 && last == 5000);
    const zw_figure *versions = NULL;
    assert_int_equal(zw_column_versions(column, 18, &versions), 0);
    assert_null(versions);
}

static void taking_back_finds_what_the_batch_put_last(void **state)
{
    zw_column *column = *state;
    (void)put(column, 3, figure(50, 5, ZW_OBS_NORMAL, 7));
    (void)put(column, 3, figure(10, 1, ZW_OBS_NORMAL, 8));
    (void)put(column, 3, figure(50, 6, ZW_OBS_NORMAL, 8));
    (void)put(column, 3, figure(30, 3, ZW_OBS_NORMAL, 8)); /* older, but arrived last */
    (void)put(column, 3, figure(40, 4, ZW_OBS_NORMAL, 9));
    static const struct {
        int64_t batch;
        size_t count;
        double values[4];
    } steps[] = {
        {8, 4, {1, 4, 5, 6}}, /* of known_at 10, 40, 50, 50 */
        {8, 3, {1, 4, 5}},    {9, 2, {1, 5}}, {8, 1, {5}}, {7, 0, {0}},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const zw_figure *versions = NULL;
        zw_column_unput(column, 3, steps[i].batch);
        assert_int_equal(zw_column_versions(column, 3, &versions), steps[i].count);
        for (size_t v = 0; v < steps[i].count; v++) {
            assert_true(versions[v].value >= steps[i].values[v] &&
                        versions[v].value <= steps[i].values[v]);
        }
    }
    zw_period first = 0;
    zw_period last = 0;
    assert_false(zw_column_span(column, &first, &last));
    assert_int_equal(put(column, 3, figure(1, 1, ZW_OBS_NORMAL, 1)), ZW_CHANGE_NEW);
}

static void refused_memory_leaves_the_column_as_it_was(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        zw_column *column = NULL;
        failing_alloc_after(n);
        zw_status status = zw_column_create(&column, NULL);
        size_t taken = 0;
        for (; status == ZW_OK && taken < 40; taken++) {
            zw_change change = ZW_CHANGE_NEW;
            zw_figure f = figure((int64_t)(taken % 7), (double)taken, ZW_OBS_NORMAL, 1);
            status = zw_column_put(column, (zw_period)(taken % 4) * 20, &f, &change, NULL);
            if (status != ZW_OK) {
                break;
            }
        }
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            zw_column_destroy(column);
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        size_t held = 0;
        for (zw_period p = 0; column != NULL && p < 80; p += 20) {
            const zw_figure *versions = NULL;
            held += zw_column_versions(column, p, &versions);
        }
        assert_int_equal(held, taken);
        zw_column_destroy(column);
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
        cmocka_unit_test_setup_teardown(far_periods_cost_no_more_than_near_ones, setup, teardown),
        cmocka_unit_test_setup_teardown(taking_back_finds_what_the_batch_put_last, setup, teardown),
        cmocka_unit_test(refused_memory_leaves_the_column_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
