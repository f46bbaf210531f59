/* A stamp: what a text says about time, a period or a moment, and how moments are written. */
#include "base/civil.h"
#include "base/cut.h"
#include "base/period.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_BYTES = 48, MONDAY_OF_WEEK_0 = -3, OFFSET_HOUR_MAX = 23 };

static const char expected[] = "expected 2022, 2022-S1, 2022-Q3, 2022-03, 2022-W05, 2022-03-31 or "
                               "2022-03-31T10:15:00+08:00";

/* Takes exactly `count` digits from the text's start. */
static bool take_digits(zw_text *text, size_t count, int *out)
{
    if (text->len < count) {
        return false;
    }
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text->at[i] < '0' || text->at[i] > '9') {
            return false;
        }
        value = 10 * value + (text->at[i] - '0');
    }
    text->at += count;
    text->len -= count;
    *out = value;
    return true;
}

static bool take_char(zw_text *text, char c)
{
    if (text->len == 0 || text->at[0] != c) {
        return false;
    }
    text->at++;
    text->len--;
    return true;
}

static bool stamp_period(zw_stamp *out, zw_unit_of_time every, zw_period period)
{
    *out = (zw_stamp){.is = ZW_STAMP_PERIOD, .grid = {.every = every}, .period = period};
    return true;
}

static bool week_parse(int year, int week, zw_stamp *out)
{
    /* The 4th of January always lies in week 1, the 28th of December in the last one. */
    int64_t first = zw_civil_day((zw_civil){year, 1, 4}) - MONDAY_OF_WEEK_0;
    int64_t last = zw_civil_day((zw_civil){year, 12, 28}) - MONDAY_OF_WEEK_0;
    int64_t period = zw_floor_div(first, 7) + week - 1;
    return week >= 1 && period <= zw_floor_div(last, 7) && stamp_period(out, ZW_WEEK, period);
}

/* "A1", "S2", "Q3", "M03", "W05": what may follow the year, besides a month. */
static bool part_parse(int year, zw_text text, zw_stamp *out)
{
    static const struct {
        char letter;
        unsigned char digits, most;
        zw_unit_of_time every;
    } parts[] = {
        {'A', 1, 1, ZW_YEAR},
        {'S', 1, 2, ZW_HALF},
        {'Q', 1, 4, ZW_QUARTER},
        {'M', 2, 12, ZW_MONTH},
    };
    int number;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (take_char(&text, parts[i].letter)) {
            return take_digits(&text, parts[i].digits, &number) && text.len == 0 && number >= 1 &&
                   number <= parts[i].most &&
                   stamp_period(out, parts[i].every,
                                (year - 1970) * (zw_period)parts[i].most + number - 1);
        }
    }
    return take_char(&text, 'W') && take_digits(&text, 2, &number) && text.len == 0 &&
           week_parse(year, number, out);
}

/* ".250": the digits behind the milliseconds are read and dropped. */
static bool fraction_parse(zw_text *text, int *ms)
{
    int digit;
    int weight = 100;
    *ms = 0;
    if (!take_char(text, '.')) {
        return true;
    }
    if (!take_digits(text, 1, &digit)) {
        return false;
    }
    do {
        *ms += digit * weight;
        weight /= 10;
    } while (take_digits(text, 1, &digit));
    return true;
}

/* "10:15[:00[.000]]" as milliseconds of the day. */
static bool clock_parse(zw_text *text, int64_t *out)
{
    int hour, minute, second = 0, ms = 0;
    if (!take_digits(text, 2, &hour) || !take_char(text, ':') || !take_digits(text, 2, &minute)) {
        return false;
    }
    if (take_char(text, ':') && (!take_digits(text, 2, &second) || !fraction_parse(text, &ms))) {
        return false;
    }
    *out = ((hour * 60 + minute) * INT64_C(60) + second) * 1000 + ms;
    return hour < 24 && minute < 60 && second < 60;
}

/* "Z", "+08:00" or nothing at all, to the text's end. */
static bool zone_parse(zw_text text, zw_stamp *out)
{
    if (text.len == 0) {
        out->is = ZW_STAMP_LOCAL;
        return true;
    }
    out->is = ZW_STAMP_MOMENT;
    if (take_char(&text, 'Z')) {
        return text.len == 0;
    }
    int hour, minute;
    bool is_west = take_char(&text, '-');
    if ((!is_west && !take_char(&text, '+')) || !take_digits(&text, 2, &hour) ||
        !take_char(&text, ':') || !take_digits(&text, 2, &minute)) {
        return false;
    }
    int64_t offset_ms = (hour * 60 + minute) * INT64_C(60000);
    out->at_ms -= is_west ? -offset_ms : offset_ms;
    return text.len == 0 && hour <= OFFSET_HOUR_MAX && minute < 60;
}

static bool day_parse(int year, int month, zw_text text, zw_stamp *out)
{
    int day;
    if (!take_digits(&text, 2, &day) || !zw_civil_exists(year, month, day)) {
        return false;
    }
    int64_t day_index = zw_civil_day((zw_civil){year, month, day});
    if (text.len == 0) {
        return stamp_period(out, ZW_DAY, day_index);
    }
    int64_t clock_ms;
    if (!take_char(&text, 'T') || !clock_parse(&text, &clock_ms)) {
        return false;
    }
    *out = (zw_stamp){.at_ms = day_index * ZW_DAY_MS + clock_ms};
    return zone_parse(text, out);
}

static bool stamp_read(zw_text text, zw_stamp *out)
{
    int year, month;
    if (!take_digits(&text, 4, &year)) {
        return false;
    }
    if (text.len == 0) {
        return stamp_period(out, ZW_YEAR, year - 1970);
    }
    if (!take_char(&text, '-')) {
        return false;
    }
    if (!take_digits(&text, 2, &month)) {
        return part_parse(year, text, out);
    }
    if (text.len == 0) {
        return month >= 1 && month <= 12 &&
               stamp_period(out, ZW_MONTH, (year - 1970) * INT64_C(12) + month - 1);
    }
    return take_char(&text, '-') && day_parse(year, month, text, out);
}

zw_status zw_stamp_parse(zw_text text, zw_stamp *out, zw_err *err)
{
    if (stamp_read(text, out)) {
        return ZW_OK;
    }
    *out = (zw_stamp){0};
    int shown = (int)zw_cut_length(text.at, text.len, SHOWN_BYTES);
    return zw_err_set(err, ZW_INVALID, "'%.*s' is no period or moment that exists; %s", shown,
                      text.len > 0 ? text.at : "", expected);
}

int64_t zw_stamp_start_ms(const zw_calendar *calendar, const zw_stamp *stamp)
{
    switch (stamp->is) {
    case ZW_STAMP_PERIOD:
        return zw_period_start_ms(calendar, stamp->grid, stamp->period);
    case ZW_STAMP_LOCAL:
        return zw_tz_moment_ms(calendar->tz, stamp->at_ms);
    default:
        return stamp->at_ms;
    }
}

int64_t zw_stamp_last_ms(const zw_calendar *calendar, const zw_stamp *stamp)
{
    if (stamp->is == ZW_STAMP_PERIOD) {
        return zw_period_end_ms(calendar, stamp->grid, stamp->period) - 1;
    }
    return zw_stamp_start_ms(calendar, stamp);
}

const char *zw_moment_text(const zw_tz *tz, int64_t at_ms, char *out, size_t size)
{
    /* Offsets were not whole minutes before clocks were regulated; the text cannot say seconds, so
     * the time is shown at the minute below and the text stays true. */
    int64_t limit = INT64_MAX - 2 * ZW_DAY_MS;
    at_ms = at_ms > limit ? limit : at_ms < -limit ? -limit : at_ms;
    int64_t offset_min = zw_floor_div(zw_tz_offset_s(tz, at_ms), 60);
    int64_t local_ms = at_ms + offset_min * 60000;
    zw_civil civil = zw_civil_of_day(zw_floor_div(local_ms, ZW_DAY_MS));
    int clock_ms = (int)zw_floor_mod(local_ms, ZW_DAY_MS);
    char fraction[8] = "";
    if (clock_ms % 1000 != 0) {
        (void)snprintf(fraction, sizeof fraction, ".%03d", clock_ms % 1000);
    }
    int offset = (int)(offset_min < 0 ? -offset_min : offset_min);
    (void)snprintf(out, size, "%04lld-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", (long long)civil.year,
                   civil.month, civil.day, clock_ms / 3600000, clock_ms / 60000 % 60,
                   clock_ms / 1000 % 60, fraction, offset_min < 0 ? '-' : '+', offset / 60,
                   offset % 60);
    return out;
}
