/* Periods: dense indexes on calendar grids, and the moments they stand for.
 *
 * 1. Everything from a day up is counted in days of the calendar; the zone's clocks are asked only
 *    when a day becomes a moment or a moment a day.
 * 2. A moment lies in the period whose start it has reached and whose end it has not, also where
 *    clocks go back over midnight: starts decide, not dates.
 */
#include "base/period.h"

#include "base/civil.h"

#include <stdio.h>

enum { MONDAY_OF_WEEK_0 = -3, THURSDAY = 3 };

/* Beyond these days, some 2.7 million years away, a moment never comes. */
#define DAY_LIMIT (INT64_C(1000000000))

static int64_t clamp(int64_t value, int64_t limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

/* Months in a period of a grid, of a month and longer. */
static int months_of(zw_unit_of_time every)
{
    switch (every) {
    case ZW_YEAR:
        return 12;
    case ZW_HALF:
        return 6;
    case ZW_QUARTER:
        return 3;
    default:
        return 1;
    }
}

/* The month with which period 0 of a grid begins: only months do not follow the reporting year. */
static int first_month(const zw_calendar *calendar, zw_unit_of_time every)
{
    return every == ZW_MONTH ? 0 : calendar->reporting_month - 1;
}

/* The first day of a period of a day or longer. */
static int64_t first_day(const zw_calendar *calendar, zw_unit_of_time every, zw_period period)
{
    int64_t near = clamp(period, DAY_LIMIT); /* keeps the products small */
    if (every == ZW_DAY) {
        return near;
    }
    if (every == ZW_WEEK) {
        return near * 7 + MONDAY_OF_WEEK_0;
    }
    return zw_civil_month_start(near * months_of(every) + first_month(calendar, every));
}

/* The period of a grid of a day or longer that a day lies in. */
static zw_period period_of_day(const zw_calendar *calendar, zw_unit_of_time every, int64_t day)
{
    if (every == ZW_DAY) {
        return day;
    }
    if (every == ZW_WEEK) {
        return zw_floor_div(day - MONDAY_OF_WEEK_0, 7);
    }
    return zw_floor_div(zw_civil_month_of(day) - first_month(calendar, every), months_of(every));
}

static int64_t day_start_ms(const zw_calendar *calendar, int64_t day)
{
    if (day >= DAY_LIMIT) {
        return ZW_NEVER_MS;
    }
    return zw_tz_moment_ms(calendar->tz, (day < -DAY_LIMIT ? -DAY_LIMIT : day) * ZW_DAY_MS);
}

static int64_t day_at(const zw_calendar *calendar, int64_t at_ms)
{
    int64_t near = clamp(at_ms, DAY_LIMIT * ZW_DAY_MS);
    int64_t local_ms = near + INT64_C(1000) * zw_tz_offset_s(calendar->tz, near);
    int64_t day = zw_floor_div(local_ms, ZW_DAY_MS);
    /* Clocks that went back over midnight show yesterday's date once more: still today. */
    while (day < DAY_LIMIT - 1 && day_start_ms(calendar, day + 1) <= near) {
        day++;
    }
    return day;
}

bool zw_grid_same(zw_grid a, zw_grid b)
{
    return a.every == b.every && (a.every != ZW_SUBDAY || a.step_ms == b.step_ms);
}

int zw_grid_compare(zw_grid a, zw_grid b)
{
    if (a.every != b.every) {
        return a.every > b.every ? 1 : -1;
    }
    if (a.every != ZW_SUBDAY || a.step_ms == b.step_ms) {
        return 0;
    }
    return a.step_ms > b.step_ms ? 1 : -1;
}

bool zw_grid_goes_into(zw_grid fine, zw_grid coarse)
{
    if (fine.every == ZW_SUBDAY && coarse.every == ZW_SUBDAY) {
        return coarse.step_ms % fine.step_ms == 0;
    }
    if (fine.every == ZW_WEEK) {
        return coarse.every == ZW_WEEK;
    }
    if (coarse.every == ZW_WEEK) {
        return fine.every < ZW_WEEK;
    }
    return fine.every <= coarse.every;
}

int zw_grid_per_year(zw_grid grid)
{
    return grid.every >= ZW_MONTH ? 12 / months_of(grid.every) : 0;
}

static const char *const grid_names[] = {
    [ZW_DAY] = "day",         [ZW_WEEK] = "week", [ZW_MONTH] = "month",
    [ZW_QUARTER] = "quarter", [ZW_HALF] = "half", [ZW_YEAR] = "year",
};

/* "1s" … "1h": the step must divide a day, so that steps of one day are steps of the next. */
static bool step_parse(zw_text text, zw_grid *out)
{
    if (text.len < 2 || text.at[0] == '0' || text.at[0] == '-') {
        return false;
    }
    char unit = text.at[text.len - 1];
    int64_t unit_ms = unit == 's' ? 1000 : unit == 'm' ? 60000 : unit == 'h' ? 3600000 : 0;
    long long count;
    if (unit_ms == 0 || !zw_text_integer((zw_text){text.at, text.len - 1}, &count) ||
        count > 3600000 / unit_ms || ZW_DAY_MS % (count * unit_ms) != 0) {
        return false;
    }
    *out = (zw_grid){ZW_SUBDAY, (int32_t)(count * unit_ms)};
    return true;
}

bool zw_grid_parse(zw_text text, zw_grid *out)
{
    for (int every = ZW_DAY; every <= ZW_YEAR; every++) {
        if (zw_text_is(text, grid_names[every])) {
            *out = (zw_grid){(zw_unit_of_time)every, 0};
            return true;
        }
    }
    return step_parse(text, out);
}

const char *zw_grid_name(zw_grid grid, char *out, size_t size)
{
    int step_s = grid.step_ms / 1000;
    if (grid.every != ZW_SUBDAY) {
        (void)snprintf(out, size, "%s", grid_names[grid.every]);
    } else if (step_s % 3600 == 0) {
        (void)snprintf(out, size, "%dh", step_s / 3600);
    } else if (step_s % 60 == 0) {
        (void)snprintf(out, size, "%dm", step_s / 60);
    } else {
        (void)snprintf(out, size, "%ds", step_s);
    }
    return out;
}

/* An ISO week belongs to the year that has its Thursday. */
static void week_text(zw_period week, char *out, size_t size)
{
    int64_t thursday = week * 7 + MONDAY_OF_WEEK_0 + THURSDAY;
    int64_t year = zw_civil_of_day(thursday).year;
    int64_t new_year = zw_civil_day((zw_civil){year, 1, 1});
    (void)snprintf(out, size, "%04lld-W%02d", (long long)year,
                   (int)((thursday - new_year) / 7) + 1);
}

const char *zw_period_text(const zw_calendar *calendar, zw_grid grid, zw_period period, char *out,
                           size_t size)
{
    if (grid.every == ZW_SUBDAY) {
        return zw_moment_text(calendar->tz, zw_period_start_ms(calendar, grid, period), out, size);
    }
    period = clamp(period, DAY_LIMIT);
    int per_year = grid.every >= ZW_MONTH ? zw_grid_per_year(grid) : 1;
    long long year = 1970 + zw_floor_div(period, per_year);
    int part = (int)zw_floor_mod(period, per_year) + 1;
    zw_civil civil;
    switch (grid.every) {
    case ZW_YEAR:
        (void)snprintf(out, size, "%04lld", year);
        break;
    case ZW_HALF:
        (void)snprintf(out, size, "%04lld-S%d", year, part);
        break;
    case ZW_QUARTER:
        (void)snprintf(out, size, "%04lld-Q%d", year, part);
        break;
    case ZW_MONTH:
        (void)snprintf(out, size, "%04lld-%02d", year, part);
        break;
    case ZW_WEEK:
        week_text(period, out, size);
        break;
    default:
        civil = zw_civil_of_day(period);
        (void)snprintf(out, size, "%04lld-%02d-%02d", (long long)civil.year, civil.month,
                       civil.day);
        break;
    }
    return out;
}

int64_t zw_period_start_ms(const zw_calendar *calendar, zw_grid grid, zw_period period)
{
    if (grid.every == ZW_SUBDAY) {
        int64_t limit = DAY_LIMIT * ZW_DAY_MS / grid.step_ms;
        return period >= limit ? ZW_NEVER_MS : clamp(period, limit) * grid.step_ms;
    }
    return day_start_ms(calendar, first_day(calendar, grid.every, period));
}

int64_t zw_period_end_ms(const zw_calendar *calendar, zw_grid grid, zw_period period)
{
    return zw_period_start_ms(calendar, grid, clamp(period, ZW_PERIOD_MAX) + 1);
}

zw_period zw_period_at(const zw_calendar *calendar, zw_grid grid, int64_t at_ms)
{
    if (grid.every == ZW_SUBDAY) {
        return zw_floor_div(at_ms, grid.step_ms);
    }
    return period_of_day(calendar, grid.every, day_at(calendar, at_ms));
}

/* Where a zone's offset is no multiple of the step (an hour grid in India), a step belongs to the
 * day in which it begins. */
zw_period zw_period_coarser(const zw_calendar *calendar, zw_grid fine, zw_period period,
                            zw_grid coarse)
{
    if (zw_grid_same(fine, coarse)) {
        return period;
    }
    if (fine.every != ZW_SUBDAY) {
        return period_of_day(calendar, coarse.every, first_day(calendar, fine.every, period));
    }
    if (coarse.every == ZW_SUBDAY) {
        return zw_floor_div(period, coarse.step_ms / fine.step_ms);
    }
    return zw_period_at(calendar, coarse, zw_period_start_ms(calendar, fine, period));
}

zw_period zw_period_first_in(const zw_calendar *calendar, zw_grid coarse, zw_period period,
                             zw_grid fine)
{
    if (zw_grid_same(fine, coarse)) {
        return period;
    }
    if (fine.every != ZW_SUBDAY) {
        return period_of_day(calendar, fine.every, first_day(calendar, coarse.every, period));
    }
    if (coarse.every == ZW_SUBDAY) {
        int64_t ratio = coarse.step_ms / fine.step_ms;
        return clamp(period, ZW_PERIOD_MAX / ratio) * ratio;
    }
    /* The first step that begins at the coarse period's start or after it. */
    int64_t start_ms = zw_period_start_ms(calendar, coarse, period);
    return -zw_floor_div(-start_ms, fine.step_ms);
}

zw_period zw_period_last_in(const zw_calendar *calendar, zw_grid coarse, zw_period period,
                            zw_grid fine)
{
    return zw_period_first_in(calendar, coarse, clamp(period, ZW_PERIOD_MAX) + 1, fine) - 1;
}

/* Months earlier of a day or a week; a week is where its Thursday is, as in its ISO name. */
static zw_period months_earlier(zw_unit_of_time every, zw_period period, int64_t months)
{
    if (months == 0) {
        return period;
    }
    if (every == ZW_DAY) {
        return zw_civil_add_months(period, -months);
    }
    int64_t thursday = period * 7 + MONDAY_OF_WEEK_0 + THURSDAY;
    return zw_floor_div(zw_civil_add_months(thursday, -months) - MONDAY_OF_WEEK_0, 7);
}

bool zw_period_earlier(zw_grid grid, zw_period period, zw_length length, zw_period *out)
{
    if (length.workdays != 0) {
        return false;
    }
    if (grid.every == ZW_SUBDAY) {
        int64_t ms = length.ms + length.days * ZW_DAY_MS;
        *out = period - ms / grid.step_ms;
        return length.months == 0 && ms % grid.step_ms == 0;
    }
    if (length.ms != 0) {
        return false;
    }
    period = clamp(period, DAY_LIMIT);
    if (grid.every <= ZW_WEEK) {
        int days_each = grid.every == ZW_WEEK ? 7 : 1;
        *out = months_earlier(grid.every, period, length.months) - length.days / days_each;
        return length.days % days_each == 0;
    }
    int months_each = months_of(grid.every);
    *out = period - length.months / months_each;
    return length.days == 0 && length.months % months_each == 0;
}

int zw_period_month(const zw_calendar *calendar, zw_grid grid, zw_period period)
{
    int64_t day = grid.every == ZW_SUBDAY
                      ? day_at(calendar, zw_period_start_ms(calendar, grid, period))
                      : first_day(calendar, grid.every, period);
    return zw_civil_of_day(day).month;
}
