/* Live samples: growing, clearing, moments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/live.h"

static void rows_are_kept_in_order(void **state)
{
    (void)state;
    zw_live live = {NULL, NULL, 0, 0, {NULL, 0, 0}};
    for (uint32_t i = 0; i < 5000; i++) {
        zw_live_row row = {.value = i, .at_ms = i, .key = i, .line = i + 1};
        assert_int_equal(zw_live_add(&live, &row, NULL), ZW_OK);
    }
    assert_int_equal(live.row_count, 5000);
    assert_int_equal(live.rows[4999].line, 5000);
    assert_int_equal(zw_faults_add(&live.faults, NULL, 1, 2, "x"), ZW_OK);
    zw_live_clear(&live);
    assert_int_equal(live.row_count, 0);
    assert_int_equal(live.faults.count, 0);
    assert_true(live.row_capacity >= 5000);
    for (uint32_t i = 0; i < 200000; i++) { /* very much is given back */
        zw_live_row row = {.value = i};
        assert_int_equal(zw_live_add(&live, &row, NULL), ZW_OK);
    }
    zw_live_clear(&live);
    assert_int_equal(live.row_capacity, 0);
    zw_live_fini(&live);
    assert_null(live.rows);
}

static void without_memory_nothing_is_added(void **state)
{
    (void)state;
    zw_live live = {NULL, NULL, 0, 0, {NULL, 0, 0}};
    zw_live_row row = {.value = 1};
    failing_alloc_after(0);
    assert_int_equal(zw_live_add(&live, &row, NULL), ZW_NOMEM);
    assert_true(failing_alloc_stop());
    assert_int_equal(live.row_count, 0);
    assert_int_equal(zw_live_add(&live, &row, NULL), ZW_OK);
    zw_live_fini(&live);
}

static void moments_are_rounded_down_and_held_to_the_years(void **state)
{
    (void)state;
    static const struct {
        int64_t count, unit_ns, at_ms;
        bool is_good;
    } rows[] = {
        {0, 1, 0, true},
        {999999, 1, 0, true},
        {-1, 1, -1, true},
        {-1000000, 1, -1, true},
        {1001, 1000, 1, true},
        {7, 1000000, 7, true},
        {-7, 1000000, -7, true},
        {2, INT64_C(3600000000000), 7200000, true},
        {253402300799, INT64_C(1000000000), 253402300799000, true},
        {253402300800, INT64_C(1000000000), 0, false},
        {INT64_MAX, INT64_C(1000000000), 0, false},
        {INT64_MIN, INT64_C(1000000000), 0, false},
        {ZW_LIVE_LAST_MS, 1000000, ZW_LIVE_LAST_MS, true},
        {ZW_LIVE_LAST_MS + 1, 1000000, 0, false},
        {ZW_LIVE_FIRST_MS, 1000000, ZW_LIVE_FIRST_MS, true},
        {ZW_LIVE_FIRST_MS - 1, 1000000, 0, false},
        {INT64_MIN, 1, -9223372036855, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at_ms = 0;
        assert_int_equal(zw_live_moment(rows[i].count, rows[i].unit_ns, &at_ms), rows[i].is_good);
        assert_true(!rows[i].is_good || at_ms == rows[i].at_ms);
    }
}

static void clean_is_text_that_somebody_typed(void **state)
{
    (void)state;
    assert_true(zw_live_is_clean(zw_text_of("琶洲 a=b")));
    assert_false(zw_live_is_clean(zw_text_of("a\tb")));
    assert_false(zw_live_is_clean(zw_text_of("a\xFF")));
    assert_false(zw_live_is_clean(zw_text_of("a\xC2\x85")));
    assert_int_equal(zw_live_shown(zw_text_of("abc")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_kept_in_order),
        cmocka_unit_test(without_memory_nothing_is_added),
        cmocka_unit_test(moments_are_rounded_down_and_held_to_the_years),
        cmocka_unit_test(clean_is_text_that_somebody_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
