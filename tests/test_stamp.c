/* Tests of the stamp. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/period.h"

#include <string.h>

static zw_tz *tz_of(const char *name)
{
    zw_tz *tz;
    zw_err err = {0};
    assert_int_equal(zw_tz_create(name, &tz, &err), ZW_OK);
    return tz;
}

static zw_stamp stamp_of(const char *text)
{
    zw_stamp stamp;
    zw_err err = {0};
    assert_int_equal(zw_stamp_parse(zw_text_of(text), &stamp, &err), ZW_OK);
    return stamp;
}

static void periods_are_read_in_their_sdmx_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        zw_unit_of_time every;
        zw_period period;
    } rows[] = {
        {"1970", ZW_YEAR, 0},        {"2022", ZW_YEAR, 52},         {"1969", ZW_YEAR, -1},
        {"2022-A1", ZW_YEAR, 52},    {"2022-S1", ZW_HALF, 104},     {"2022-S2", ZW_HALF, 105},
        {"1970-Q1", ZW_QUARTER, 0},  {"2022-Q3", ZW_QUARTER, 210},  {"2022-03", ZW_MONTH, 626},
        {"2022-M03", ZW_MONTH, 626}, {"1969-12", ZW_MONTH, -1},     {"1970-W01", ZW_WEEK, 0},
        {"1969-W52", ZW_WEEK, -1},   {"2020-W53", ZW_WEEK, 2661},   {"2021-W01", ZW_WEEK, 2662},
        {"1970-01-01", ZW_DAY, 0},   {"2022-03-31", ZW_DAY, 19082}, {"2024-02-29", ZW_DAY, 19782},
        {"1969-12-31", ZW_DAY, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].text);
        zw_stamp stamp = stamp_of(rows[i].text);
        assert_int_equal(stamp.is, ZW_STAMP_PERIOD);
        assert_int_equal(stamp.grid.every, rows[i].every);
        assert_int_equal(stamp.grid.step_ms, 0);
        assert_int_equal(stamp.period, rows[i].period);
    }
}

static void moments_are_read_with_and_without_an_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int is;
        int64_t at_ms;
    } rows[] = {
        {"1970-01-01T00:00Z", ZW_STAMP_MOMENT, 0},
        {"1970-01-01T08:00:00+08:00", ZW_STAMP_MOMENT, 0},
        {"1969-12-31T19:00:00-05:00", ZW_STAMP_MOMENT, 0},
        {"1970-01-01T05:30:00.000+05:30", ZW_STAMP_MOMENT, 0},
        {"1970-01-01T00:00:01.5Z", ZW_STAMP_MOMENT, 1500},
        {"1970-01-01T00:00:01.2509999Z", ZW_STAMP_MOMENT, 1250},
        {"1970-01-02T10:15", ZW_STAMP_LOCAL, 123300000},
        {"1970-01-02T10:15:30", ZW_STAMP_LOCAL, 123330000},
        {"1970-01-02T10:15:30.007", ZW_STAMP_LOCAL, 123330007},
        {"1969-12-31T23:59:59.999", ZW_STAMP_LOCAL, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].text);
        zw_stamp stamp = stamp_of(rows[i].text);
        assert_int_equal(stamp.is, rows[i].is);
        assert_int_equal(stamp.at_ms, rows[i].at_ms);
    }
}

static const char *const no_times[] = {
    "",
    "202",
    "20222",
    "-2022",
    " 2022",
    "2022 ",
    "2022-",
    "2022-A",
    "2022-A2",
    "2022-S0",
    "2022-S3",
    "2022-Q0",
    "2022-Q5",
    "2022-Q11",
    "2022-q1",
    "2022-M3",
    "2022-M00",
    "2022-M13",
    "2022-0",
    "2022-00",
    "2022-13",
    "2022-3",
    "2022-W00",
    "2022-W53",
    "2021-W53",
    "2022-W5",
    "2022-W054",
    "2022-03-",
    "2022-03-3",
    "2022-03-32",
    "2022-02-29",
    "2100-02-29",
    "2022-04-31",
    "2022-03-00",
    "2022-03-311",
    "2022/03/31",
    "20220331",
    "2022-03-31 10:15",
    "2022-03-31T",
    "2022-03-31T10",
    "2022-03-31T10:",
    "2022-03-31T24:00",
    "2022-03-31T10:60",
    "2022-03-31T10:15:60",
    "2022-03-31T10:15:",
    "2022-03-31T10:15:00.",
    "2022-03-31T1:15",
    "2022-03-31T10:15z",
    "2022-03-31T10:15Z0",
    "2022-03-31T10:15+8",
    "2022-03-31T10:15+0800",
    "2022-03-31T10:15+08:60",
    "2022-03-31T10:15+24:00",
    "2022-03-31T10:15+08:00x",
    "yesterday",
    "2022-1-9\xE6\x9C\x88",
};

static void what_names_no_time_is_refused_with_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof no_times / sizeof no_times[0]; i++) {
        zw_stamp stamp;
        zw_err err = {0};
        print_message("  '%s'\n", no_times[i]);
        assert_int_equal(zw_stamp_parse(zw_text_of(no_times[i]), &stamp, &err), ZW_INVALID);
        assert_non_null(strstr(err.text, no_times[i]));
        assert_non_null(strstr(err.text, "expected 2022, "));
    }
    zw_stamp stamp;
    assert_int_equal(zw_stamp_parse(zw_text_of(NULL), &stamp, NULL), ZW_INVALID);
    assert_int_equal(zw_stamp_parse((zw_text){"2022-Q3", 4}, &stamp, NULL), ZW_OK);
    assert_int_equal(stamp.grid.every, ZW_YEAR);
}

static void a_stamp_has_a_first_and_a_last_moment(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *start, *last;
    } rows[] = {
        {"a day of the zone", "2023-03-01", "2023-02-28T16:00:00Z", "2023-03-01T15:59:59.999Z"},
        {"a reporting year", "2022", "2022-03-31T16:00:00Z", "2023-03-31T15:59:59.999Z"},
        {"a month", "2022-02", "2022-01-31T16:00:00Z", "2022-02-28T15:59:59.999Z"},
        {"a moment", "2022-02-01T00:00Z", "2022-02-01T00:00Z", "2022-02-01T00:00Z"},
        {"a local one", "2022-02-01T08:00", "2022-02-01T00:00Z", "2022-02-01T00:00Z"},
    };
    zw_tz *tz = tz_of("Asia/Shanghai");
    zw_calendar calendar = {.tz = tz, .reporting_month = 4};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_stamp stamp = stamp_of(rows[i].text);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_stamp_start_ms(&calendar, &stamp), stamp_of(rows[i].start).at_ms);
        assert_int_equal(zw_stamp_last_ms(&calendar, &stamp), stamp_of(rows[i].last).at_ms);
    }
    zw_tz_destroy(tz);
}

static void moments_are_written_on_the_zone_s_clocks(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *moment, *text;
    } rows[] = {
        {"Asia/Shanghai", "2023-03-01T00:00Z", "2023-03-01T08:00:00+08:00"},
        {"UTC", "2023-03-01T00:00:00.250Z", "2023-03-01T00:00:00.250+00:00"},
        {"America/New_York", "2023-01-01T00:00:01Z", "2022-12-31T19:00:01-05:00"},
        {"America/St_Johns", "2023-01-01T00:00Z", "2022-12-31T20:30:00-03:30"},
        {"Europe/Berlin", "2022-10-30T00:30Z", "2022-10-30T02:30:00+02:00"},
        {"Europe/Berlin", "2022-10-30T01:30Z", "2022-10-30T02:30:00+01:00"},
        {"UTC", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999+00:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[40];
        zw_tz *tz = tz_of(rows[i].zone);
        int64_t at_ms = stamp_of(rows[i].moment).at_ms;
        assert_string_equal(zw_moment_text(tz, at_ms, out, sizeof out), rows[i].text);
        assert_int_equal(stamp_of(out).at_ms, at_ms);
        zw_tz_destroy(tz);
    }
}

static void every_moment_reads_back_from_its_text(void **state)
{
    (void)state;
    static const char *const zones[] = {"Asia/Shanghai", "Europe/Berlin", "America/St_Johns"};
    uint64_t seed = 11;
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        zw_tz *tz = tz_of(zones[z]);
        for (int i = 0; i < 5000; i++) {
            char out[40];
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            int64_t at_ms = (int64_t)((seed >> 20) % 7000000000000U) - INT64_C(2500000000000);
            zw_stamp stamp = stamp_of(zw_moment_text(tz, at_ms, out, sizeof out));
            assert_int_equal(stamp.is, ZW_STAMP_MOMENT);
            assert_int_equal(stamp.at_ms, at_ms);
        }
        char out[40]; /* also what never comes has a text that fits */
        assert_in_range(strlen(zw_moment_text(tz, ZW_NEVER_MS, out, sizeof out)), 20, 39);
        assert_in_range(strlen(zw_moment_text(tz, INT64_MIN, out, sizeof out)), 20, 39);
        zw_tz_destroy(tz);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_read_in_their_sdmx_forms),
        cmocka_unit_test(moments_are_read_with_and_without_an_offset),
        cmocka_unit_test(what_names_no_time_is_refused_with_words),
        cmocka_unit_test(a_stamp_has_a_first_and_a_last_moment),
        cmocka_unit_test(moments_are_written_on_the_zone_s_clocks),
        cmocka_unit_test(every_moment_reads_back_from_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
