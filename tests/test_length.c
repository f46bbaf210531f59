/* Tests of the length. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/period.h"

#include <string.h>

static zw_tz *tz_of(const char *name)
{
    zw_tz *tz;
    zw_err err = {0};
    assert_int_equal(zw_tz_create(name, &tz, &err), ZW_OK);
    return tz;
}

static int64_t moment_of(const zw_calendar *calendar, const char *text)
{
    zw_stamp stamp;
    zw_err err = {0};
    assert_int_equal(zw_stamp_parse(zw_text_of(text), &stamp, &err), ZW_OK);
    return zw_stamp_start_ms(calendar, &stamp);
}

static zw_length length_of(const char *text)
{
    zw_length length;
    assert_true(zw_length_parse(zw_text_of(text), &length));
    return length;
}

static void lengths_are_read_as_the_language_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        zw_length length;
    } rows[] = {
        {"10s", {.ms = 10000}},
        {"15m", {.ms = 900000}},
        {"1h", {.ms = 3600000}},
        {"20d", {.days = 20}},
        {"5wd", {.workdays = 5}},
        {"2 weeks", {.days = 14}},
        {"1 week", {.days = 7}},
        {"3 months", {.months = 3}},
        {"1 month", {.months = 1}},
        {"1 year", {.months = 12}},
        {"2 years", {.months = 24}},
        {"20 days", {.days = 20}},
        {"1 day", {.days = 1}},
        {"2 hours", {.ms = 7200000}},
        {"1 minute", {.ms = 60000}},
        {"30 seconds", {.ms = 30000}},
        {"0d", {0}},
        {"007d", {.days = 7}},
        {"999999999s", {.ms = INT64_C(999999999000)}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].text);
        zw_length length = length_of(rows[i].text);
        assert_int_equal(length.months, rows[i].length.months);
        assert_int_equal(length.days, rows[i].length.days);
        assert_int_equal(length.workdays, rows[i].length.workdays);
        assert_int_equal(length.ms, rows[i].length.ms);
    }
}

static void what_is_no_length_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "5",
        "d",
        "-5d",
        "+5d",
        "1.5h",
        "5 d",
        "5w",
        "5y",
        "2weeks",
        "2  weeks",
        "2 Weeks",
        "2 fortnights",
        "1 ",
        "1 s",
        "weeks",
        "5dd",
        "5d ",
        " 5d",
        "1h30m",
        "9999999999d",
        "999999999 weeks",
        "999999999 years",
        "999999999wd",
        "2 weekss",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_length length;
        print_message("  '%s'\n", rows[i]);
        assert_false(zw_length_parse(zw_text_of(rows[i]), &length));
    }
    zw_length length;
    assert_false(zw_length_parse(zw_text_of(NULL), &length));
}

static void a_length_leads_on_by_the_zone_s_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *why, *from, *length, *after;
    } rows[] = {
        {"seconds", "2022-01-01T00:00", "90s", "2022-01-01T00:01:30"},
        {"days keep the clock", "2022-03-26T08:30", "1d", "2022-03-27T08:30"},
        {"hours are an hour whatever the clocks do", "2022-03-27T00:00", "24h", "2022-03-28T01:00"},
        {"a day does not", "2022-03-27T00:00", "1d", "2022-03-28T00:00"},
        {"into a skipped hour", "2022-03-26T02:30", "1d", "2022-03-27T01:30Z"},
        {"weeks over a change", "2022-10-20T12:00", "2 weeks", "2022-11-03T12:00"},
        {"months to a shorter one", "2022-01-31T06:00", "1 month", "2022-02-28T06:00"},
        {"a leap day", "2024-02-29", "1 year", "2025-02-28"},
        {"due on the 20th day after a month", "2022-03-01", "20d", "2022-03-21"},
        {"nothing", "2022-03-01", "0d", "2022-03-01"},
    };
    zw_tz *tz = tz_of("Europe/Berlin");
    zw_calendar calendar = {.tz = tz, .reporting_month = 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_length_after(&calendar, moment_of(&calendar, rows[i].from),
                                         length_of(rows[i].length)),
                         moment_of(&calendar, rows[i].after));
    }
    zw_tz_destroy(tz);
}

static void a_length_leads_back_the_same_way(void **state)
{
    (void)state;
    static const struct {
        const char *why, *from, *length, *before;
    } rows[] = {
        {"31 March - 1 month", "2022-03-31", "1 month", "2022-02-28"},
        {"in a leap year", "2024-03-31T23:00", "1 month", "2024-02-29T23:00"},
        {"days over a change", "2022-03-28T00:00", "2d", "2022-03-26T00:00"},
        {"hours over a change", "2022-03-28T01:00", "24h", "2022-03-27T00:00"},
        {"years back over 1970", "1970-02-01", "2 years", "1968-02-01"},
    };
    zw_tz *tz = tz_of("Europe/Berlin");
    zw_calendar calendar = {.tz = tz, .reporting_month = 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_length_before(&calendar, moment_of(&calendar, rows[i].from),
                                          length_of(rows[i].length)),
                         moment_of(&calendar, rows[i].before));
    }
    zw_tz_destroy(tz);
}

static void working_days_skip_weekends_and_holidays(void **state)
{
    (void)state;
    static const struct {
        const char *why, *from, *length, *after, *before;
    } rows[] = {
        {"Wednesday to Thursday", "2022-09-14T10:00", "1wd", "2022-09-15T10:00",
         "2022-09-13T10:00"},
        {"Friday to Monday", "2022-09-16T10:00", "1wd", "2022-09-19T10:00", "2022-09-15T10:00"},
        {"Saturday to Monday", "2022-09-17T10:00", "1wd", "2022-09-19T10:00", "2022-09-16T10:00"},
        {"over a week", "2022-09-14T10:00", "5wd", "2022-09-21T10:00", "2022-09-07T10:00"},
        {"over the October holiday", "2022-09-30T10:00", "1wd", "2022-10-10T10:00",
         "2022-09-29T10:00"},
        {"back over it", "2022-10-10T10:00", "2wd", "2022-10-12T10:00", "2022-09-29T10:00"},
        {"midnight before a working day: when it is over", "2022-09-14", "1wd", "2022-09-15",
         "2022-09-13"},
        {"midnight before a Saturday: when Monday is over", "2022-09-17", "1wd", "2022-09-20",
         "2022-09-16"},
        {"midnight before a Monday too", "2022-09-19", "1wd", "2022-09-20", "2022-09-16"},
        {"no working day changes nothing", "2022-09-17", "0wd", "2022-09-17", "2022-09-17"},
    };
    /* Monday to Friday, 3 to 7 October 2022; 1 and 2 October are a weekend. */
    static const int32_t holidays[] = {19268, 19269, 19270, 19271, 19272};
    zw_tz *tz = tz_of("Asia/Shanghai");
    zw_calendar calendar = {tz, 1, holidays, sizeof holidays / sizeof holidays[0]};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t from_ms = moment_of(&calendar, rows[i].from);
        zw_length length = length_of(rows[i].length);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_length_after(&calendar, from_ms, length),
                         moment_of(&calendar, rows[i].after));
        assert_int_equal(zw_length_before(&calendar, from_ms, length),
                         moment_of(&calendar, rows[i].before));
    }
    zw_tz_destroy(tz);
}

static void later_never_leads_earlier(void **state)
{
    (void)state;
    static const char *const lengths[] = {"0d",     "1s",      "1h",       "1d",    "1wd",
                                          "1 week", "1 month", "3 months", "1 year"};
    uint64_t seed = 5;
    zw_tz *tz = tz_of("America/New_York");
    zw_calendar calendar = {.tz = tz, .reporting_month = 1};
    for (int i = 0; i < 5000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        int64_t at_ms = (int64_t)((seed >> 20) % 4000000000000U) - INT64_C(1000000000000);
        int64_t last_ms = at_ms;
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
            zw_length length = length_of(lengths[j]);
            int64_t after_ms = zw_length_after(&calendar, at_ms, length);
            assert_true(after_ms >= last_ms);
            assert_true(zw_length_before(&calendar, at_ms, length) <= at_ms);
            last_ms = after_ms;
            if (length.months == 0 && length.workdays == 0 && length.days == 0) {
                assert_int_equal(zw_length_before(&calendar, after_ms, length), at_ms);
            }
        }
    }
    assert_int_equal(zw_length_after(&calendar, ZW_NEVER_MS, length_of("1 year")), ZW_NEVER_MS);
    assert_int_equal(zw_length_before(&calendar, ZW_NEVER_MS, length_of("1h")), ZW_NEVER_MS);
    assert_int_equal(zw_length_after(&calendar, ZW_NEVER_MS - 1, length_of("1d")), ZW_NEVER_MS - 1);
    zw_tz_destroy(tz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_read_as_the_language_writes_them),
        cmocka_unit_test(what_is_no_length_is_refused),
        cmocka_unit_test(a_length_leads_on_by_the_zone_s_calendar),
        cmocka_unit_test(a_length_leads_back_the_same_way),
        cmocka_unit_test(working_days_skip_weekends_and_holidays),
        cmocka_unit_test(later_never_leads_earlier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
