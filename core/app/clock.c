/* The engine's time. A suspended machine's monotonic clock stands still, so its wake-up looks like
 * a jump that lasts. */
#include "app/clock.h"

#include <stdlib.h>
#include <time.h>

static int64_t forward_only(zw_clock *clock, int64_t mono_ms)
{
    int64_t now_ms = mono_ms + clock->offset_ms;
    clock->last_ms = now_ms > clock->last_ms ? now_ms : clock->last_ms;
    clock->last_mono_ms = mono_ms;
    return clock->last_ms;
}

/* Takes up a small difference by at most a tenth of the time that passed. */
static void steer(zw_clock *clock, int64_t mono_ms, int64_t apart_ms)
{
    int64_t most_ms = (mono_ms - clock->last_mono_ms) / 10;
    int64_t step_ms = apart_ms > most_ms ? most_ms : apart_ms < -most_ms ? -most_ms : apart_ms;
    clock->offset_ms += step_ms;
    clock->jump_since_ms = 0;
}

/* A jump counts from the moment it is seen, as long as the clock stays where it jumped to. */
static void doubt(zw_clock *clock, int64_t mono_ms, int64_t apart_ms)
{
    bool is_same =
        clock->jump_since_ms != 0 && llabs(apart_ms - clock->jump_ms) <= ZW_CLOCK_STEER_MS;
    if (!is_same) {
        clock->jump_since_ms = mono_ms > 0 ? mono_ms : 1;
        clock->jump_ms = apart_ms;
        return;
    }
    if (mono_ms - clock->jump_since_ms >= ZW_CLOCK_BELIEVE_MS) {
        clock->offset_ms += apart_ms;
        clock->jump_since_ms = 0;
    }
}

int64_t zw_clock_now_ms(zw_clock *clock, int64_t mono_ms, int64_t wall_ms)
{
    if (!clock->is_started) {
        *clock = (zw_clock){.is_started = true,
                            .offset_ms = wall_ms - mono_ms,
                            .last_ms = wall_ms,
                            .last_mono_ms = mono_ms};
        return wall_ms;
    }
    int64_t apart_ms = wall_ms - (mono_ms + clock->offset_ms);
    if (llabs(apart_ms) <= ZW_CLOCK_STEER_MS) {
        steer(clock, mono_ms, apart_ms);
    } else {
        doubt(clock, mono_ms, apart_ms);
    }
    return forward_only(clock, mono_ms);
}

static int64_t ms_of(const struct timespec *at)
{
    return (int64_t)at->tv_sec * 1000 + at->tv_nsec / 1000000;
}

int64_t zw_clock_read_ms(void *arg)
{
    struct timespec mono = {0, 0};
    struct timespec wall = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &mono);
    (void)clock_gettime(CLOCK_REALTIME, &wall);
    return zw_clock_now_ms(arg, ms_of(&mono), ms_of(&wall));
}
