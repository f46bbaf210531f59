/* A lane: what is in, alike and known lies together, and everything else is asked by itself. */
#include "store/column.h"

#include "failing_alloc.h"
#include "intake/batch.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static void set(zw_lane *lane, zw_period period, int64_t known_at_ms, double value,
                zw_obs_status status)
{
    zw_figure figure = {
        .value = value, .known_at_ms = known_at_ms, .status = (uint8_t)status, .line = 1};
    zw_lane_set(lane, period, &figure);
}

static void expect(const zw_lane *lane, zw_period lo, zw_period hi, int64_t as_of_ms, size_t count,
                   double first, int64_t known_at_ms)
{
    zw_run run;
    bool has_any = zw_lane_run(lane, lo, hi, as_of_ms, &run);
    assert_int_equal(has_any, count > 0);
    if (count > 0) {
        assert_int_equal(run.count, count);
        assert_true(run.values[0] == first);
        assert_int_equal(run.known_at_ms, known_at_ms);
    }
}

static void a_run_is_what_is_in_and_alike_and_known(void **state)
{
    (void)state;
    zw_lane lane = {0};
    for (zw_period p = -10; p < 100; p++) { /* blocks begin at -64, 0 and 64 */
        set(&lane, p, 200 + p, (double)p, ZW_OBS_NORMAL);
    }
    expect(&lane, -10, 99, 1000, 10, -10, 199);
    expect(&lane, 0, 99, 1000, 64, 0, 263);
    expect(&lane, 5, 99, 1000, 59, 5, 263);
    expect(&lane, 5, 8, 1000, 4, 5, 208);
    expect(&lane, 64, 999, 1000, 36, 64, 299);
    expect(&lane, 100, 200, 1000, 0, 0, 0);
    expect(&lane, -11, 0, 1000, 0, 0, 0);
    expect(&lane, 0, 99, 203, 4, 0, 203); /* 4 was learned at 204 */
    expect(&lane, 4, 99, 203, 0, 0, 0);
    set(&lane, 8, 500, 80, ZW_OBS_NORMAL); /* revised: what was before must be asked for */
    expect(&lane, 0, 99, 1000, 64, 0, 500);
    expect(&lane, 0, 99, 400, 8, 0, 207);
    expect(&lane, 8, 99, 400, 0, 0, 0);
    set(&lane, 8, 208, 8, ZW_OBS_NORMAL); /* the revision is taken back */
    expect(&lane, 0, 99, 1000, 64, 0, 263);
    set(&lane, 10, 600, 10, ZW_OBS_PROVISIONAL);
    expect(&lane, 8, 99, 1000, 2, 8, 209);
    expect(&lane, 10, 99, 1000, 0, 0, 0);
    set(&lane, 3, 700, 0, ZW_OBS_MISSING);
    expect(&lane, 0, 99, 1000, 3, 0, 202);
    zw_lane_set(&lane, 1, NULL);
    expect(&lane, 0, 99, 1000, 1, 0, 200);
    zw_lane_fini(&lane);
}

static void when_the_last_of_a_status_changes_the_others_are_the_run(void **state)
{
    (void)state;
    zw_lane lane = {0};
    zw_run run;
    for (zw_period p = 0; p < 64; p++) {
        set(&lane, p, 100, (double)p, ZW_OBS_ESTIMATED);
    }
    assert_true(zw_lane_run(&lane, 0, 63, 1000, &run));
    assert_int_equal(run.status, ZW_OBS_ESTIMATED);
    assert_false(run.is_synthetic);
    for (zw_period p = 0; p < 64; p++) {
        zw_figure figure = {.value = 1, .known_at_ms = 300, .is_synthetic = true};
        zw_lane_set(&lane, p, &figure);
    }
    expect(&lane, 0, 63, 1000, 64, 1, 300);
    assert_true(zw_lane_run(&lane, 0, 63, 1000, &run));
    assert_int_equal(run.status, ZW_OBS_NORMAL);
    assert_true(run.is_synthetic);
    zw_lane_fini(&lane);
}

static void values_far_apart_turn_it_off_and_a_withdrawal_does_not(void **state)
{
    (void)state;
    zw_lane lane = {0};
    set(&lane, 0, 100, 1, ZW_OBS_NORMAL);
    set(&lane, 1000000, 100, 0, ZW_OBS_MISSING);
    expect(&lane, 0, 0, 1000, 1, 1, 100);
    set(&lane, -700, 100, 2, ZW_OBS_NORMAL); /* eleven blocks earlier: near enough */
    expect(&lane, -700, 0, 1000, 1, 2, 100);
    expect(&lane, 0, 0, 1000, 1, 1, 100);
    set(&lane, 1000000, 100, 3, ZW_OBS_NORMAL);
    assert_true(lane.is_off);
    expect(&lane, 0, 0, 1000, 0, 0, 0);
    set(&lane, 0, 200, 1, ZW_OBS_NORMAL);
    assert_true(lane.is_off);
    zw_lane_fini(&lane);
}

static void without_memory_it_is_off(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_lane lane = {0};
        failing_alloc_after(after);
        set(&lane, 0, 100, 1, ZW_OBS_NORMAL);
        set(&lane, 100, 100, 2, ZW_OBS_NORMAL);
        was_refused = failing_alloc_stop();
        assert_int_equal(lane.is_off, was_refused);
        expect(&lane, 0, 0, 1000, was_refused ? 0 : 1, 1, 100);
        zw_lane_fini(&lane);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_what_is_in_and_alike_and_known),
        cmocka_unit_test(when_the_last_of_a_status_changes_the_others_are_the_run),
        cmocka_unit_test(values_far_apart_turn_it_off_and_a_withdrawal_does_not),
        cmocka_unit_test(without_memory_it_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
