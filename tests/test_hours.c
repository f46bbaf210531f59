/* Tests of the hours of a week. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/hours.h"

#include <string.h>

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

static void hours_are_read_as_the_language_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        zw_hours hours;
    } rows[] = {
        {"mon-fri 08:30-18:00", {0x1F, 510, 1080}}, /* 8 * 60 + 30, 18 * 60 */
        {"  mon-fri   08:30-18:00 ", {0x1F, 510, 1080}},
        {"sat 00:00-24:00", {0x20, 0, 1440}},
        {"mon,wed,sun 09:05-09:06", {0x45, 545, 546}},
        {"sat-mon 10:00-11:00", {0x61, 600, 660}}, /* over the week's end */
        {"mon-tue,fri-sat 10:00-11:00", {0x33, 600, 660}},
        {"sun-sun", {0x40, 0, 1440}},
        {"mon-sun", {0x7F, 0, 1440}},
        {"08:00-20:00", {0x7F, 480, 1200}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_hours hours;
        zw_err err = {ZW_OK, ""};
        if (zw_hours_parse(zw_text_of(rows[i].text), &hours, &err) != ZW_OK) {
            fail_msg("%s: %s", rows[i].text, err.text);
        }
        assert_int_equal(hours.days, rows[i].hours.days);
        assert_int_equal(hours.from_min, rows[i].hours.from_min);
        assert_int_equal(hours.till_min, rows[i].hours.till_min);
    }
}

static void what_is_no_hours_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"", "no days of the week (\"mon-fri\", \"mon,sat\"): \"\""},
        {"Mon 08:00-09:00", "no days of the week (\"mon-fri\", \"mon,sat\"): \"Mon\""},
        {"mon-moon 08:00-09:00", "no days of the week (\"mon-fri\", \"mon,sat\"): \"mon-moon\""},
        {"mon, 08:00-09:00", "no days of the week (\"mon-fri\", \"mon,sat\"): \"mon,\""},
        {",mon 08:00-09:00", "no days of the week (\"mon-fri\", \"mon,sat\"): \",mon\""},
        {"mon 8:00-09:00", "no span of the clock (\"08:30-18:00\"): \"8:00-09:00\""},
        {"mon 08:00", "no span of the clock (\"08:30-18:00\"): \"08:00\""},
        {"mon 08:60-09:00", "no span of the clock (\"08:30-18:00\"): \"08:60-09:00\""},
        {"mon 08:00-24:01", "no span of the clock (\"08:30-18:00\"): \"08:00-24:01\""},
        {"mon 08:00-09:00 x", "no span of the clock (\"08:30-18:00\"): \"08:00-09:00 x\""},
        {"08:00-09:00 mon", "nothing comes behind the clock: \"mon\""},
        {"mon 09:00-09:00", "\"09:00-09:00\" ends before it begins: over midnight takes two "
                            "spans, to 24:00 and from 00:00"},
        {"mon 22:00-06:00", "\"22:00-06:00\" ends before it begins: over midnight takes two "
                            "spans, to 24:00 and from 00:00"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_hours hours;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_hours_parse(zw_text_of(rows[i].text), &hours, &err), ZW_INVALID);
        assert_string_equal(err.text, rows[i].error);
    }
}

/* The holidays of every zone below: Monday 2024-04-01 and Friday 2024-12-27. */
static const int32_t holidays[] = {19814, 20084};

static const struct next_row {
    const char *why, *zone, *hours, *also, *at, *next;
} next_rows[] = {
    {"inside it is now", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T12:00Z",
     "2024-03-27T12:00:00+00:00"},
    {"the beginning is in", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T08:30Z",
     "2024-03-27T08:30:00+00:00"},
    {"the end is not", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T18:00Z",
     "2024-03-28T08:30:00+00:00"},
    {"before the beginning", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T00:00Z",
     "2024-03-27T08:30:00+00:00"},
    {"Friday evening, the weekend, and Monday is a holiday: Tuesday", "UTC", "mon-fri 08:30-18:00",
     NULL, "2024-03-29T18:00Z", "2024-04-02T08:30:00+00:00"},
    {"on the holiday itself", "UTC", "mon-fri 08:30-18:00", NULL, "2024-04-01T10:00Z",
     "2024-04-02T08:30:00+00:00"},
    {"every day but the holiday", "UTC", "08:00-20:00", NULL, "2024-03-31T21:00Z",
     "2024-04-02T08:00:00+00:00"},
    {"the zone's clocks: 08:30 in Shanghai is 00:30 in UTC", "Asia/Shanghai", "mon-fri 08:30-18:00",
     NULL, "2024-03-27T00:00Z", "2024-03-27T08:30:00+08:00"},
    {"and the zone's day: Sunday evening in UTC is Monday morning there", "Asia/Shanghai",
     "mon 00:00-24:00", NULL, "2024-03-24T16:00Z", "2024-03-25T00:00:00+08:00"},
    {"the sooner of two spans", "UTC", "mon-fri 08:30-18:00", "sat 09:00-12:00",
     "2024-03-29T18:00Z", "2024-03-30T09:00:00+00:00"},
    {"in the second of two spans", "UTC", "wed 08:00-12:00", "wed 13:00-17:00", "2024-03-27T12:00Z",
     "2024-03-27T13:00:00+00:00"},
    {"the morning after clocks went forward is an hour sooner: 08:30 is 06:30 in UTC",
     "Europe/Berlin", "mon-sun 08:30-18:00", NULL, "2024-03-30T17:00Z",
     "2024-03-31T08:30:00+02:00"},
    {"02:30 does not occur that night and is 03:30", "Europe/Berlin", "sun 02:30-04:00", NULL,
     "2024-03-31T00:00Z", "2024-03-31T03:30:00+02:00"},
    {"02:30 occurs twice that night: from the first on", "Europe/Berlin", "sun 02:30-04:00", NULL,
     "2024-10-27T00:00Z", "2024-10-27T02:30:00+02:00"},
    {"and still at the second", "Europe/Berlin", "sun 02:30-04:00", NULL, "2024-10-27T01:30Z",
     "2024-10-27T02:30:00+01:00"},
    {"the next of a day a week", "UTC", "fri 10:00-11:00", NULL, "2024-12-20T11:00Z",
     "2025-01-03T10:00:00+00:00"}, /* the 27th is a holiday */
};

static int64_t moment_of(const zw_calendar *calendar, const char *text)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(text), &stamp, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return zw_stamp_start_ms(calendar, &stamp);
}

static void the_next_moment_of_the_hours_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(next_rows); i++) {
        const struct next_row *row = &next_rows[i];
        zw_tz *tz = NULL;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_tz_create(row->zone, &tz, &err), ZW_OK);
        zw_calendar calendar = {tz, 1, holidays, COUNT_OF(holidays)};
        zw_hours hours[2];
        assert_int_equal(zw_hours_parse(zw_text_of(row->hours), &hours[0], &err), ZW_OK);
        if (row->also != NULL) {
            assert_int_equal(zw_hours_parse(zw_text_of(row->also), &hours[1], &err), ZW_OK);
        }
        char text[48];
        int64_t next_ms = zw_hours_next_ms(hours, row->also != NULL ? 2 : 1, &calendar,
                                           moment_of(&calendar, row->at));
        if (strcmp(zw_moment_text(tz, next_ms, text, sizeof(text)), row->next) != 0) {
            fail_msg("%s: %s, not %s", row->why, text, row->next);
        }
        zw_tz_destroy(tz);
    }
}

static const struct next_row end_rows[] = {
    {"outside it is now", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T18:00Z",
     "2024-03-27T18:00:00+00:00"},
    {"inside it is the end of the day's", "UTC", "mon-fri 08:30-18:00", NULL, "2024-03-27T08:30Z",
     "2024-03-27T18:00:00+00:00"},
    {"spans that touch are one, over midnight too", "UTC", "18:00-24:00", "00:00-08:00",
     "2024-03-27T20:00Z", "2024-03-28T08:00:00+00:00"},
    {"spans that lap over are one", "UTC", "08:00-12:00", "11:00-17:00", "2024-03-27T09:00Z",
     "2024-03-27T17:00:00+00:00"},
    {"whole days end with the last", "UTC", "mon-fri", NULL, "2024-03-27T09:00Z",
     "2024-03-30T00:00:00+00:00"},
    {"or before a holiday", "UTC", "mon-sun", NULL, "2024-03-27T09:00Z",
     "2024-04-01T00:00:00+00:00"},
    {"a holiday is outside", "UTC", "mon-sun", NULL, "2024-04-01T09:00Z",
     "2024-04-01T09:00:00+00:00"},
    {"on the zone's clocks", "Asia/Shanghai", "08:30-18:00", NULL, "2024-03-27T01:00Z",
     "2024-03-27T18:00:00+08:00"},
};

static void the_end_of_the_hours_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(end_rows); i++) {
        const struct next_row *row = &end_rows[i];
        zw_tz *tz = NULL;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_tz_create(row->zone, &tz, &err), ZW_OK);
        zw_calendar calendar = {tz, 1, holidays, COUNT_OF(holidays)};
        zw_hours hours[2];
        assert_int_equal(zw_hours_parse(zw_text_of(row->hours), &hours[0], &err), ZW_OK);
        if (row->also != NULL) {
            assert_int_equal(zw_hours_parse(zw_text_of(row->also), &hours[1], &err), ZW_OK);
        }
        char text[48];
        int64_t end_ms = zw_hours_end_ms(hours, row->also != NULL ? 2 : 1, &calendar,
                                         moment_of(&calendar, row->at));
        if (strcmp(zw_moment_text(tz, end_ms, text, sizeof(text)), row->next) != 0) {
            fail_msg("%s: %s, not %s", row->why, text, row->next);
        }
        zw_tz_destroy(tz);
    }
}

static void without_hours_every_moment_is_in(void **state)
{
    (void)state;
    zw_tz *tz = NULL;
    zw_hours all;
    zw_calendar calendar = {0};
    assert_int_equal(zw_hours_next_ms(NULL, 0, &calendar, 5), 5);
    assert_int_equal(zw_hours_end_ms(NULL, 0, &calendar, 5), ZW_NEVER_MS);
    assert_int_equal(zw_tz_create("UTC", &tz, NULL), ZW_OK);
    assert_int_equal(zw_hours_parse(zw_text_of("mon-sun"), &all, NULL), ZW_OK);
    calendar.tz = tz;
    assert_int_equal(zw_hours_end_ms(&all, 1, &calendar, 5), ZW_NEVER_MS);
    zw_tz_destroy(tz);
}

static void where_every_day_is_a_holiday_none_comes(void **state)
{
    (void)state;
    enum { DAYS = 800 };
    static int32_t all[DAYS];
    zw_tz *tz = NULL;
    zw_err err = {ZW_OK, ""};
    zw_hours hours;
    for (int32_t i = 0; i < DAYS; i++) {
        all[i] = i;
    }
    assert_int_equal(zw_tz_create("UTC", &tz, &err), ZW_OK);
    zw_calendar calendar = {tz, 1, all, DAYS};
    assert_int_equal(zw_hours_parse(zw_text_of("mon-sun"), &hours, &err), ZW_OK);
    assert_int_equal(zw_hours_next_ms(&hours, 1, &calendar, 0), ZW_NEVER_MS);
    zw_tz_destroy(tz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_are_read_as_the_language_writes_them),
        cmocka_unit_test(what_is_no_hours_is_named),
        cmocka_unit_test(the_next_moment_of_the_hours_is_found),
        cmocka_unit_test(the_end_of_the_hours_is_found),
        cmocka_unit_test(without_hours_every_moment_is_in),
        cmocka_unit_test(where_every_day_is_a_holiday_none_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
