/* The engine's time: never back, small differences taken up slowly, jumps believed when they last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/clock.h"

static void time_follows_the_wall_without_jumping(void **state)
{
    static const struct {
        const char *why;
        int64_t mono_ms, wall_ms, now_ms;
    } steps[] = {
        {"it starts at the wall clock", 1000, 500000, 500000},
        {"and runs with the monotonic one", 2000, 501000, 501000},
        {"half a second apart: a tenth of the time is taken up", 3000, 502500, 502100},
        {"and more of it", 13000, 512500, 512500},
        {"an hour ahead is not believed", 14000, 4113500, 513500},
        {"nor half a minute later", 44000, 4143500, 543500},
        {"after a minute it is", 74000, 4173500, 4173500},
        {"an hour back is not believed", 75000, 574500, 4174500},
        {"and never goes back even when it lasts", 136000, 635500, 4174500},
        {"it stands until the wall clock comes by", 137000, 636500, 4174500},
    };
    (void)state;
    zw_clock clock = {0};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        int64_t now_ms = zw_clock_now_ms(&clock, steps[i].mono_ms, steps[i].wall_ms);
        if (now_ms != steps[i].now_ms) {
            fail_msg("%s: %lld", steps[i].why, (long long)now_ms);
        }
    }
}

static void the_real_clocks_run_forward(void **state)
{
    (void)state;
    zw_clock clock = {0};
    int64_t first_ms = zw_clock_read_ms(&clock);
    assert_true(first_ms > INT64_C(1700000000000));
    assert_true(zw_clock_read_ms(&clock) >= first_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_follows_the_wall_without_jumping),
        cmocka_unit_test(the_real_clocks_run_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
