/**
 * The engine's time: follows the monotonic clock, steered to the wall clock. It never goes back; a
 * difference of up to a second is taken up slowly, a jump is believed only when it lasts. Pure:
 * whoever reads the two clocks hands them in.
 */
#ifndef ZW_APP_CLOCK_H
#define ZW_APP_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/** Open, so that it can lie in a struct; start from zeros. */
typedef struct zw_clock {
    bool is_started;
    int64_t offset_ms; /* time = monotonic + offset */
    int64_t last_ms;   /* the latest time given out */
    int64_t last_mono_ms;
    int64_t jump_since_ms; /* monotonic moment since which the wall clock stands apart; 0: it does
                              not */
    int64_t jump_ms;       /* by how much */
} zw_clock;

enum { ZW_CLOCK_STEER_MS = 1000, ZW_CLOCK_BELIEVE_MS = 60000 };

/** The time now, from a reading of both clocks in Unix milliseconds and milliseconds since some
 * start. */
int64_t zw_clock_now_ms(zw_clock *clock, int64_t mono_ms, int64_t wall_ms);

/** Reads the system's clocks: the only place that does. @param arg  a zw_clock. */
int64_t zw_clock_read_ms(void *arg);

#endif
