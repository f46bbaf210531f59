/** Hours of a week on the zone's clocks, as the language writes them: "mon-fri 08:30-18:00". */
#ifndef ZW_BASE_HOURS_H
#define ZW_BASE_HOURS_H

#include "base/period.h"

/** One span of the clock on some days of the week. A plain value. */
typedef struct zw_hours {
    uint8_t days;               /* bit 0 is Monday, bit 6 Sunday */
    int16_t from_min, till_min; /* minutes since midnight, half-open; 24:00 is 1440 */
} zw_hours;

/**
 * Reads "mon-fri 08:30-18:00", "mon,wed,sat 09:00-24:00", "08:00-20:00" (every day), "mon-fri" (all
 * day). Days may go over the week's end ("sat-mon"), a span of the clock not over midnight.
 * @return ZW_OK; ZW_INVALID with what is wrong.
 */
zw_status zw_hours_parse(zw_text text, zw_hours *out, zw_err *err) ZW_MUST_USE;

/**
 * The first moment, not before `at_ms`, that lies in one of `hours`: `at_ms` itself when it does.
 * A holiday of the calendar is no day of any. Where the clocks skip or repeat a beginning or an
 * end, it is at the moment zw_tz_moment_ms gives for it.
 * @param count  0: every moment is in.
 * @return ZW_NEVER_MS when none comes within two years.
 */
int64_t zw_hours_next_ms(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                         int64_t at_ms);

/**
 * The first moment, not before `at_ms`, that lies in none of `hours`: `at_ms` itself when it does.
 * @param count  0: ZW_NEVER_MS, for every moment is in.
 * @return ZW_NEVER_MS when none comes within two years.
 */
int64_t zw_hours_end_ms(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                        int64_t at_ms);

#endif
