/* Hours of a week: how they are written, and when they begin next. */
#include "base/hours.h"

#include "base/civil.h"

#include <string.h>

enum {
    WEEK = 7,
    MINUTE_MS = 60000,
    HOUR_MIN = 60,
    DAY_MIN = 24 * HOUR_MIN,
    EVERY_DAY = (1 << WEEK) - 1,
    THURSDAY = 3, /* 1 January 1970 */
    DAYS_MOST = 2 * 366,
    CLOCK_LEN = 5
};

static const char day_names[WEEK][4] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* Takes the bytes before the first `mark` off the front, and the mark; all of it without one. */
static zw_text take_until(zw_text *rest, char mark)
{
    const char *at = rest->len > 0 ? memchr(rest->at, mark, rest->len) : NULL;
    zw_text taken = {rest->at, at != NULL ? (size_t)(at - rest->at) : rest->len};
    size_t used = at != NULL ? taken.len + 1 : taken.len;
    *rest = (zw_text){rest->at + used, rest->len - used};
    return taken;
}

static int day_of(zw_text name)
{
    for (int day = 0; day < WEEK; day++) {
        if (zw_text_is(name, day_names[day])) {
            return day;
        }
    }
    return -1;
}

/* "mon", or "mon-fri". */
static bool read_days_part(zw_text part, uint8_t *days)
{
    int first = day_of(take_until(&part, '-'));
    int last = part.len > 0 ? day_of(part) : first;
    if (first < 0 || last < 0) {
        return false;
    }
    for (int day = first;; day = (day + 1) % WEEK) {
        *days = (uint8_t)(*days | 1U << day);
        if (day == last) {
            return true;
        }
    }
}

static bool read_days(zw_text text, uint8_t *days)
{
    *days = 0;
    bool is_read = text.len > 0 && text.at[text.len - 1] != ',';
    while (is_read && text.len > 0) {
        is_read = read_days_part(take_until(&text, ','), days);
    }
    return is_read;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "08:30"; "24:00" is the day's end. */
static bool read_clock(zw_text text, int16_t *out)
{
    const char *at = text.at;
    if (text.len != CLOCK_LEN || at[2] != ':' || !is_digit(at[0]) || !is_digit(at[1]) ||
        !is_digit(at[3]) || !is_digit(at[4])) {
        return false;
    }
    int hour = (at[0] - '0') * 10 + at[1] - '0';
    int minute = (at[3] - '0') * 10 + at[4] - '0';
    *out = (int16_t)(hour * HOUR_MIN + minute);
    return minute < HOUR_MIN && *out <= DAY_MIN;
}

static zw_status read_span(zw_text text, zw_hours *out, zw_err *err)
{
    zw_text rest = text;
    zw_text from = take_until(&rest, '-');
    if (!read_clock(from, &out->from_min) || !read_clock(rest, &out->till_min)) {
        return zw_err_set(err, ZW_INVALID, "no span of the clock (\"08:30-18:00\"): \"%.*s\"",
                          (int)text.len, text.at);
    }
    if (out->from_min >= out->till_min) {
        return zw_err_set(err, ZW_INVALID,
                          "\"%.*s\" ends before it begins: over midnight takes two spans, to "
                          "24:00 and from 00:00",
                          (int)text.len, text.at);
    }
    return ZW_OK;
}

zw_status zw_hours_parse(zw_text text, zw_hours *out, zw_err *err)
{
    *out = (zw_hours){EVERY_DAY, 0, DAY_MIN};
    zw_text rest = zw_text_trim(text);
    zw_text first = take_until(&rest, ' ');
    rest = zw_text_trim(rest);
    if (first.len > 0 && is_digit(first.at[0])) {
        return rest.len == 0
                   ? read_span(first, out, err)
                   : zw_err_set(err, ZW_INVALID, "nothing comes behind the clock: \"%.*s\"",
                                (int)rest.len, rest.at);
    }
    if (!read_days(first, &out->days)) {
        return zw_err_set(err, ZW_INVALID,
                          "no days of the week (\"mon-fri\", \"mon,sat\"): \"%.*s\"",
                          (int)first.len, first.at);
    }
    return rest.len == 0 ? ZW_OK : read_span(rest, out, err);
}

static int64_t clock_ms(const zw_calendar *calendar, int64_t day, int16_t minutes)
{
    return zw_tz_moment_ms(calendar->tz, day * ZW_DAY_MS + (int64_t)minutes * MINUTE_MS);
}

/* The first moment of a day, not before `at_ms`, that lies in one of the spans; ZW_NEVER_MS. */
static int64_t first_on_day(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                            int64_t day, int64_t at_ms)
{
    int64_t first_ms = ZW_NEVER_MS;
    int64_t weekday = zw_floor_mod(day + THURSDAY, WEEK);
    for (size_t i = 0; i < count; i++) {
        if ((hours[i].days >> weekday & 1) == 0) {
            continue;
        }
        int64_t from_ms = clock_ms(calendar, day, hours[i].from_min);
        from_ms = from_ms > at_ms ? from_ms : at_ms;
        bool is_in = from_ms < clock_ms(calendar, day, hours[i].till_min);
        first_ms = is_in && from_ms < first_ms ? from_ms : first_ms;
    }
    return first_ms;
}

int64_t zw_hours_next_ms(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                         int64_t at_ms)
{
    if (count == 0) {
        return at_ms;
    }
    int64_t local_ms = at_ms + INT64_C(1000) * zw_tz_offset_s(calendar->tz, at_ms);
    int64_t day = zw_floor_div(local_ms, ZW_DAY_MS);
    for (int64_t last = day + DAYS_MOST; day <= last; day++) {
        int64_t first_ms = zw_calendar_is_holiday(calendar, day)
                               ? ZW_NEVER_MS
                               : first_on_day(hours, count, calendar, day, at_ms);
        if (first_ms != ZW_NEVER_MS) {
            return first_ms;
        }
    }
    return ZW_NEVER_MS;
}

/* The end of the spans of a day that hold `at_ms`; `at_ms` itself when none does. */
static int64_t end_on_day(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                          int64_t day, int64_t at_ms)
{
    int64_t end_ms = at_ms;
    int64_t weekday = zw_floor_mod(day + THURSDAY, WEEK);
    for (size_t i = 0; i < count; i++) {
        int64_t till_ms = clock_ms(calendar, day, hours[i].till_min);
        bool is_in = (hours[i].days >> weekday & 1) != 0 &&
                     clock_ms(calendar, day, hours[i].from_min) <= at_ms && at_ms < till_ms;
        end_ms = is_in && till_ms > end_ms ? till_ms : end_ms;
    }
    return end_ms;
}

int64_t zw_hours_end_ms(const zw_hours *hours, size_t count, const zw_calendar *calendar,
                        int64_t at_ms)
{
    if (count == 0) {
        return ZW_NEVER_MS;
    }
    int64_t last_ms = at_ms + DAYS_MOST * ZW_DAY_MS;
    while (at_ms < last_ms) {
        int64_t local_ms = at_ms + INT64_C(1000) * zw_tz_offset_s(calendar->tz, at_ms);
        int64_t day = zw_floor_div(local_ms, ZW_DAY_MS);
        int64_t end_ms = zw_calendar_is_holiday(calendar, day)
                             ? at_ms
                             : end_on_day(hours, count, calendar, day, at_ms);
        if (end_ms == at_ms) {
            return at_ms;
        }
        at_ms = end_ms;
    }
    return ZW_NEVER_MS;
}
