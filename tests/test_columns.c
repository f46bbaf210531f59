/* All figures in memory: columns and index in step. */
#include "store/columns.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static zw_status put(zw_columns *columns, zw_series_id series, zw_period period,
                     int64_t known_at_ms)
{
    zw_figure figure = {.value = 1, .known_at_ms = known_at_ms, .batch = 1};
    zw_change change = ZW_CHANGE_NEW;
    return zw_columns_put(columns, series, period, &figure, &change, NULL);
}

static size_t versions_of(const zw_columns *columns, zw_series_id series, zw_period period)
{
    const zw_column *column = zw_columns_find(columns, series);
    const zw_figure *versions = NULL;
    return column != NULL ? zw_column_versions(column, period, &versions) : 0;
}

static void each_version_is_in_its_column_and_in_the_index(void **state)
{
    static const struct {
        zw_series_id series;
        zw_period period;
        int64_t known_at_ms;
    } puts[] = {{0, 5, 30}, {1000, 5, 20}, {0, 5, 10}, {3, -1, 20}};
    enum { COUNT = sizeof puts / sizeof puts[0] };
    (void)state;
    zw_columns *columns = NULL;
    assert_int_equal(zw_columns_create(&columns, NULL), ZW_OK);
    assert_null(zw_columns_find(columns, 0));
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(put(columns, puts[i].series, puts[i].period, puts[i].known_at_ms), ZW_OK);
    }
    assert_int_equal(versions_of(columns, 0, 5), 2);
    assert_int_equal(versions_of(columns, 1000, 5), 1);
    assert_int_equal(versions_of(columns, 3, -1), 1);
    assert_null(zw_columns_find(columns, 1));
    assert_null(zw_columns_find(columns, 100000));
    const zw_learned *learned = NULL;
    assert_int_equal(zw_learned_between(zw_columns_learned(columns), 10, 20, &learned), 2);
    assert_int_equal(learned[0].series, 1000);
    assert_int_equal(learned[1].series, 3);
    for (size_t i = COUNT; i > 0; i--) {
        assert_int_equal(zw_learned_count(zw_columns_learned(columns)), i);
        zw_columns_unput(columns, puts[i - 1].series, puts[i - 1].period, puts[i - 1].known_at_ms,
                         1);
    }
    assert_int_equal(zw_learned_count(zw_columns_learned(columns)), 0);
    assert_int_equal(versions_of(columns, 0, 5), 0);
    zw_columns_destroy(columns);
    zw_columns_destroy(NULL);
}

static void assert_head(const zw_columns *columns, zw_series_id series, zw_period period,
                        double value, int64_t known_at_ms)
{
    size_t count = 0;
    const zw_head *heads = zw_columns_heads(columns, &count);
    assert_true(series < count);
    assert_int_equal(heads[series].period, period);
    if (period != ZW_PERIOD_NONE) {
        assert_float_equal(heads[series].value, value, 0);
        assert_int_equal(heads[series].known_at_ms, known_at_ms);
    }
}

static void the_head_is_the_newest_version_of_the_last_period(void **state)
{
    static const struct {
        const char *why;
        zw_period period;
        double value;
        int64_t known_at_ms;
        zw_period head;
        double head_value;
        int64_t head_known_at_ms;
    } puts[] = {
        {"the first", 5, 1, 30, 5, 1, 30},
        {"an earlier period is not it, however late it comes", 4, 2, 90, 5, 1, 30},
        {"a revision is", 5, 3, 40, 5, 3, 40},
        {"what was known before it is not", 5, 4, 20, 5, 3, 40},
        {"of equal moments the one that arrived later is", 5, 5, 40, 5, 5, 40},
        {"a later period is, known earlier or not", 7, 6, 10, 7, 6, 10},
    };
    enum { COUNT = sizeof puts / sizeof puts[0], SERIES = 70 };
    (void)state;
    zw_columns *columns = NULL;
    size_t count = 0;
    assert_int_equal(zw_columns_create(&columns, NULL), ZW_OK);
    assert_null(zw_columns_heads(columns, &count));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < COUNT; i++) {
        zw_figure figure = {
            .value = puts[i].value, .known_at_ms = puts[i].known_at_ms, .batch = (int64_t)i};
        zw_change change = ZW_CHANGE_NEW;
        assert_int_equal(zw_columns_put(columns, SERIES, puts[i].period, &figure, &change, NULL),
                         ZW_OK);
        assert_head(columns, SERIES, puts[i].head, puts[i].head_value, puts[i].head_known_at_ms);
    }
    assert_head(columns, 0, ZW_PERIOD_NONE, 0, 0);
    for (size_t i = COUNT; i-- > 0;) {
        zw_columns_unput(columns, SERIES, puts[i].period, puts[i].known_at_ms, (int64_t)i);
        if (i > 0) {
            assert_head(columns, SERIES, puts[i - 1].head, puts[i - 1].head_value,
                        puts[i - 1].head_known_at_ms);
        }
    }
    assert_head(columns, SERIES, ZW_PERIOD_NONE, 0, 0);
    zw_columns_destroy(columns);
}

static void refused_memory_puts_into_neither(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        zw_columns *columns = NULL;
        failing_alloc_after(n);
        zw_status status = zw_columns_create(&columns, NULL);
        size_t taken = 0;
        while (status == ZW_OK && taken < 200) {
            status = put(columns, (zw_series_id)(taken % 100), 0, (int64_t)(taken * 7 % 11));
            taken += status == ZW_OK;
        }
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        size_t held = 0;
        for (zw_series_id s = 0; columns != NULL && s < 100; s++) {
            held += versions_of(columns, s, 0);
        }
        assert_int_equal(held, taken);
        assert_true(columns == NULL || zw_learned_count(zw_columns_learned(columns)) == taken);
        zw_columns_destroy(columns);
        if (!has_refused) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_is_in_its_column_and_in_the_index),
        cmocka_unit_test(the_head_is_the_newest_version_of_the_last_period),
        cmocka_unit_test(refused_memory_puts_into_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
