/**
 * Periods: dense indexes on calendar grids. A period of a grid is the half-open span [start, end)
 * of the zone's time; its index counts periods from 1970, so neighbours are neighbours and a year's
 * months lie side by side.
 *
 * - sub-day: floor(Unix ms / step), in UTC
 * - day: days since 1970-01-01
 * - week: ISO weeks since the one that holds 1970-01-01 (1970-W01 = 0)
 * - month: (year - 1970) * 12 + month - 1
 * - quarter: (year - 1970) * 4 + quarter - 1
 * - half: (year - 1970) * 2 + half - 1
 * - year: year - 1970
 *
 * Year, half and quarter are the *reporting* year's: with reporting month 4, "2022" runs from April
 * 2022 to March 2023, and 2022-Q1 is April to June 2022. So text and index convert without a
 * calendar; only moments need one.
 */
#ifndef ZW_BASE_PERIOD_H
#define ZW_BASE_PERIOD_H

#include "base/text.h"
#include "base/tz.h"

typedef enum zw_unit_of_time {
    ZW_SUBDAY,
    ZW_DAY,
    ZW_WEEK,
    ZW_MONTH,
    ZW_QUARTER,
    ZW_HALF,
    ZW_YEAR
} zw_unit_of_time;

/** A plain value; compare with zw_grid_same. */
typedef struct zw_grid {
    zw_unit_of_time every;
    int32_t step_ms; /* of ZW_SUBDAY: a divisor of a day; else 0 */
} zw_grid;

typedef int64_t zw_period; /* an index on a grid */

#define ZW_PERIOD_MIN (INT64_MIN / 4)
#define ZW_PERIOD_MAX (INT64_MAX / 4)
#define ZW_NEVER_MS INT64_MAX /* a moment that does not come */

/** What turns indexes into moments. Borrowed parts must outlive it. */
typedef struct zw_calendar {
    const zw_tz *tz;
    int reporting_month;     /* 1…12: first month of the reporting year */
    const int32_t *holidays; /* sorted days since 1970 on which nobody works; may be NULL */
    size_t holiday_count;
} zw_calendar;

/** A length of time as the language writes it: "10s" "15m" "1h" "20d" "5wd" "2 weeks" "3 months" "1
 * year". */
typedef struct zw_length {
    int32_t months, days, workdays;
    int64_t ms;
} zw_length;

/** What a text said about time: a period of a grid, or one moment. */
typedef struct zw_stamp {
    enum { ZW_STAMP_PERIOD, ZW_STAMP_MOMENT, ZW_STAMP_LOCAL } is;
    zw_grid grid; /* of a period */
    zw_period period;
    int64_t at_ms; /* of a moment: Unix ms; of a local one: ms since 1970 on the zone's clocks */
} zw_stamp;

bool zw_grid_same(zw_grid a, zw_grid b);
/** "1s"…"1h" (dividing a day), "day", "week", "month", "quarter", "half", "year". */
bool zw_grid_parse(zw_text text, zw_grid *out);
/** The name of a grid as a pack writes it: "month", "15m". @return `out`, of at least 16 bytes. */
const char *zw_grid_name(zw_grid grid, char *out, size_t size);
/** Positive when `a`'s periods are longer than `b`'s. */
int zw_grid_compare(zw_grid a, zw_grid b);
/** True when each period of `fine` lies in exactly one of `coarse` (weeks go into nothing but
 * weeks; equal grids too). */
bool zw_grid_goes_into(zw_grid fine, zw_grid coarse);

/**
 * Reads the SDMX forms "2022", "2022-A1", "2022-S1", "2022-Q3", "2022-03", "2022-M03", "2022-W05",
 * "2022-03-31", "2022-03-31T10:15[:00[.000]]" with "Z", "+08:00" or nothing (the zone's clocks).
 * Dates must exist.
 */
zw_status zw_stamp_parse(zw_text text, zw_stamp *out, zw_err *err) ZW_MUST_USE;

/** The period's SDMX form ("2022-Q3", "2022-03"; below a day the zone's time with its offset).
 * @return `out`; size ≥ 40. */
const char *zw_period_text(const zw_calendar *calendar, zw_grid grid, zw_period period, char *out,
                           size_t size);

/** First moment of a period; the end is the next one's start. */
int64_t zw_period_start_ms(const zw_calendar *calendar, zw_grid grid, zw_period period);
int64_t zw_period_end_ms(const zw_calendar *calendar, zw_grid grid, zw_period period);

/** The period that holds a moment. */
zw_period zw_period_at(const zw_calendar *calendar, zw_grid grid, int64_t at_ms);

/** The period of a coarser grid that `period` lies in (by its start, where a step straddles the
 * zone's midnight); both equal when the grids are. `fine` must go into `coarse`. */
zw_period zw_period_coarser(const zw_calendar *calendar, zw_grid fine, zw_period period,
                            zw_grid coarse);

/** First and last period of `fine` inside one of `coarse`. `fine` must go into `coarse`. */
zw_period zw_period_first_in(const zw_calendar *calendar, zw_grid coarse, zw_period period,
                             zw_grid fine);
zw_period zw_period_last_in(const zw_calendar *calendar, zw_grid coarse, zw_period period,
                            zw_grid fine);

/** Periods of a grid in a reporting year: 12 months, 4 quarters … (0 for days and weeks and below:
 * it varies). */
int zw_grid_per_year(zw_grid grid);

/**
 * The period `length` earlier (negative: later), for a length that the grid can express: months and
 * years on month grids and longer, days and weeks on days, anything fixed below. On days and weeks,
 * months are the calendar's (31 March - 1 month is 28 or 29 February). @return false when the grid
 * cannot express it ("15d" on months).
 */
bool zw_period_earlier(zw_grid grid, zw_period period, zw_length length, zw_period *out);

/** Month number 1…12 that a month, or the first month that a coarser period, covers. */
int zw_period_month(const zw_calendar *calendar, zw_grid grid, zw_period period);

/** True of a day (since 1970) on which nobody works, whatever its weekday. */
bool zw_calendar_is_holiday(const zw_calendar *calendar, int64_t day);

bool zw_length_parse(zw_text text, zw_length *out);
/** `at_ms` plus a length by the zone's calendar; working days skip Saturday, Sunday and the
 * holidays. From a midnight on, n working days are over when the n-th working day is. */
int64_t zw_length_after(const zw_calendar *calendar, int64_t at_ms, zw_length length);
/** `at_ms` minus a length; the same rules backward. */
int64_t zw_length_before(const zw_calendar *calendar, int64_t at_ms, zw_length length);

/** The moment at which a stamp starts (a period's start). */
int64_t zw_stamp_start_ms(const zw_calendar *calendar, const zw_stamp *stamp);
/** The last moment of a stamp (a period's end - 1 ms): how an as-of that names a day is read. */
int64_t zw_stamp_last_ms(const zw_calendar *calendar, const zw_stamp *stamp);

/** "2023-03-01T08:00:00+08:00" (milliseconds only when there are some). @return `out`; size ≥ 40.
 */
const char *zw_moment_text(const zw_tz *tz, int64_t at_ms, char *out, size_t size);

#endif
