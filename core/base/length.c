/* A length of time: how it is written, and where it leads on the zone's calendar. */
#include "base/civil.h"
#include "base/period.h"

#include <limits.h>

enum { WORKDAYS_MAX = 36525, DIGITS_MAX = 9 };

/* Far enough from both ends of the count that no length leads over them. */
#define MOMENT_LIMIT_MS (INT64_MAX / 4)

/* What a word makes of its number. */
typedef struct measure {
    const char *word;
    zw_length one;
} measure;

static const measure suffixes[] = {
    {"s", {.ms = 1000}}, {"m", {.ms = 60000}},    {"h", {.ms = 3600000}},
    {"d", {.days = 1}},  {"wd", {.workdays = 1}},
};

static const measure words[] = {
    {"second", {.ms = 1000}}, {"minute", {.ms = 60000}}, {"hour", {.ms = 3600000}},
    {"day", {.days = 1}},     {"week", {.days = 7}},     {"month", {.months = 1}},
    {"year", {.months = 12}},
};

static bool length_times(zw_length one, int64_t count, zw_length *out)
{
    if (one.months * count > INT32_MAX || one.days * count > INT32_MAX ||
        one.workdays * count > WORKDAYS_MAX) {
        return false;
    }
    *out = (zw_length){
        .months = (int32_t)(one.months * count),
        .days = (int32_t)(one.days * count),
        .workdays = (int32_t)(one.workdays * count),
        .ms = one.ms * count,
    };
    return true;
}

static bool suffix_parse(zw_text text, int64_t count, zw_length *out)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (zw_text_is(text, suffixes[i].word)) {
            return length_times(suffixes[i].one, count, out);
        }
    }
    return false;
}

static bool word_parse(zw_text text, int64_t count, zw_length *out)
{
    if (text.len > 0 && text.at[text.len - 1] == 's') { /* "1 years" is clear enough */
        text.len--;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (zw_text_is(text, words[i].word)) {
            return length_times(words[i].one, count, out);
        }
    }
    return false;
}

bool zw_length_parse(zw_text text, zw_length *out)
{
    int64_t count = 0;
    size_t digits = 0;
    *out = (zw_length){0};
    while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9') {
        count = 10 * count + (text.at[digits] - '0');
        if (++digits > DIGITS_MAX) {
            return false;
        }
    }
    if (digits == 0 || digits == text.len) {
        return false;
    }
    zw_text rest = {text.at + digits, text.len - digits};
    if (rest.at[0] != ' ') {
        return suffix_parse(rest, count, out);
    }
    return word_parse((zw_text){rest.at + 1, rest.len - 1}, count, out);
}

bool zw_calendar_is_holiday(const zw_calendar *calendar, int64_t day)
{
    size_t low = 0, high = calendar->holidays != NULL ? calendar->holiday_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle] == day) {
            return true;
        }
        if (calendar->holidays[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static bool is_workday(const zw_calendar *calendar, int64_t day)
{
    /* Day 0 was a Thursday, day -3 a Monday. */
    return zw_floor_mod(day + 3, 7) < 5 && !zw_calendar_is_holiday(calendar, day);
}

static int64_t workdays_on(const zw_calendar *calendar, int64_t day, int32_t count)
{
    int step = count < 0 ? -1 : 1;
    for (int64_t left = count < 0 ? -(int64_t)count : count; left > 0;) {
        day += step;
        left -= is_workday(calendar, day) ? 1 : 0;
    }
    return day;
}

/* `sign` is 1 for later and -1 for earlier. */
static int64_t length_move(const zw_calendar *calendar, int64_t at_ms, zw_length length, int sign)
{
    if (at_ms > MOMENT_LIMIT_MS || at_ms < -MOMENT_LIMIT_MS) {
        return at_ms; /* what never comes does not come later either */
    }
    int64_t move_ms = sign * length.ms;
    if (length.months == 0 && length.days == 0 && length.workdays == 0) {
        return at_ms + move_ms; /* a moment that occurs twice on the clocks must not slip */
    }
    int64_t local_ms = at_ms + INT64_C(1000) * zw_tz_offset_s(calendar->tz, at_ms);
    int64_t day = zw_floor_div(local_ms, ZW_DAY_MS);
    int64_t clock_ms = zw_floor_mod(local_ms, ZW_DAY_MS);
    day = zw_civil_add_months(day, sign * (int64_t)length.months) + sign * (int64_t)length.days;
    int32_t workdays = sign * length.workdays;
    /* Midnight is the end of the day before when working days are counted on: five of them after a
     * month's end are over when the fifth is, whatever weekday the month began with. */
    if (workdays > 0 && clock_ms == 0) {
        day = workdays_on(calendar, day - 1, workdays) + 1;
    } else {
        day = workdays_on(calendar, day, workdays);
    }
    return zw_tz_moment_ms(calendar->tz, day * ZW_DAY_MS + clock_ms) + move_ms;
}

int64_t zw_length_after(const zw_calendar *calendar, int64_t at_ms, zw_length length)
{
    return length_move(calendar, at_ms, length, 1);
}

int64_t zw_length_before(const zw_calendar *calendar, int64_t at_ms, zw_length length)
{
    return length_move(calendar, at_ms, length, -1);
}
