/* Tests of the period algebra: known cases, and properties that hold for every moment and grid. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/period.h"

#include <string.h>

static const zw_grid grids[] = {
    {ZW_SUBDAY, 1000}, {ZW_SUBDAY, 90000}, {ZW_SUBDAY, 900000}, {ZW_SUBDAY, 3600000}, {ZW_DAY, 0},
    {ZW_WEEK, 0},      {ZW_MONTH, 0},      {ZW_QUARTER, 0},     {ZW_HALF, 0},         {ZW_YEAR, 0},
};
enum { GRID_COUNT = sizeof grids / sizeof grids[0] };

static const struct {
    const char *zone;
    int reporting_month;
} calendars[] = {
    {"UTC", 1},          {"Asia/Shanghai", 1},    {"Europe/Berlin", 1}, {"America/New_York", 4},
    {"Asia/Kolkata", 4}, {"America/St_Johns", 7}, {"Pacific/Apia", 10}, {"America/Sao_Paulo", 12},
};
enum { CALENDAR_COUNT = sizeof calendars / sizeof calendars[0] };

static zw_calendar calendar_of(const char *zone, int reporting_month)
{
    zw_tz *tz;
    zw_err err = {0};
    assert_int_equal(zw_tz_create(zone, &tz, &err), ZW_OK);
    return (zw_calendar){.tz = tz, .reporting_month = reporting_month};
}

static void calendar_done(zw_calendar *calendar)
{
    zw_tz_destroy((zw_tz *)calendar->tz);
}

static zw_stamp stamp_of(const char *text)
{
    zw_stamp stamp;
    zw_err err = {0};
    assert_int_equal(zw_stamp_parse(zw_text_of(text), &stamp, &err), ZW_OK);
    return stamp;
}

static zw_grid grid_of(const char *name)
{
    zw_grid grid;
    assert_true(zw_grid_parse(zw_text_of(name), &grid));
    return grid;
}

/* A number in [0, most), from a generator that is the same everywhere. */
static int64_t random_below(uint64_t *seed, int64_t most)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*seed >> 12) % (uint64_t)most);
}

/* A moment from 1900 to 2100, often near a midnight, where mistakes live. */
static int64_t random_moment(uint64_t *seed)
{
    int64_t at_ms = random_below(seed, INT64_C(6311433600000)) - INT64_C(2208988800000);
    if (random_below(seed, 3) == 0) {
        at_ms -= zw_floor_mod(at_ms, 3600000);
        at_ms += random_below(seed, 3) - 1;
    }
    return at_ms;
}

static void grids_are_read_and_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        zw_unit_of_time every;
        int32_t step_ms;
        const char *name;
    } rows[] = {
        {"1s", ZW_SUBDAY, 1000, "1s"},     {"10s", ZW_SUBDAY, 10000, "10s"},
        {"60s", ZW_SUBDAY, 60000, "1m"},   {"90s", ZW_SUBDAY, 90000, "90s"},
        {"15m", ZW_SUBDAY, 900000, "15m"}, {"60m", ZW_SUBDAY, 3600000, "1h"},
        {"1h", ZW_SUBDAY, 3600000, "1h"},  {"3600s", ZW_SUBDAY, 3600000, "1h"},
        {"day", ZW_DAY, 0, "day"},         {"week", ZW_WEEK, 0, "week"},
        {"month", ZW_MONTH, 0, "month"},   {"quarter", ZW_QUARTER, 0, "quarter"},
        {"half", ZW_HALF, 0, "half"},      {"year", ZW_YEAR, 0, "year"},
    };
    static const char *const others[] = {
        "",       "s",   "0s",   "7m", "2h",     "61m", "-1s", "1d",
        "1 h",    "01s", "1.5h", "ms", "months", "Day", "1w",  "99999999999999999999s",
        "86400s", "7s"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[16];
        zw_grid grid = grid_of(rows[i].text);
        assert_int_equal(grid.every, rows[i].every);
        assert_int_equal(grid.step_ms, rows[i].step_ms);
        assert_string_equal(zw_grid_name(grid, out, sizeof out), rows[i].name);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        zw_grid grid;
        print_message("  '%s'\n", others[i]);
        assert_false(zw_grid_parse(zw_text_of(others[i]), &grid));
    }
}

static void grids_are_ordered_by_length(void **state)
{
    (void)state;
    for (int i = 0; i < GRID_COUNT; i++) {
        for (int j = 0; j < GRID_COUNT; j++) {
            assert_int_equal(zw_grid_compare(grids[i], grids[j]), i > j ? 1 : i < j ? -1 : 0);
            assert_int_equal(zw_grid_same(grids[i], grids[j]), i == j);
        }
    }
}

static void some_grids_go_into_others(void **state)
{
    (void)state;
    static const struct {
        const char *fine, *coarse;
        bool goes;
    } rows[] = {
        {"1s", "15m", true},      {"15m", "1h", true},         {"90s", "1h", true},
        {"90s", "15m", true},     {"10s", "15s", false},       {"1h", "15m", false},
        {"15m", "day", true},     {"1h", "week", true},        {"1h", "year", true},
        {"day", "week", true},    {"day", "month", true},      {"day", "1h", false},
        {"week", "week", true},   {"week", "month", false},    {"week", "year", false},
        {"month", "week", false}, {"month", "quarter", true},  {"month", "half", true},
        {"month", "year", true},  {"quarter", "month", false}, {"quarter", "half", true},
        {"half", "year", true},   {"year", "year", true},      {"year", "half", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s into %s\n", rows[i].fine, rows[i].coarse);
        assert_int_equal(zw_grid_goes_into(grid_of(rows[i].fine), grid_of(rows[i].coarse)),
                         rows[i].goes);
    }
    assert_int_equal(zw_grid_per_year(grid_of("month")), 12);
    assert_int_equal(zw_grid_per_year(grid_of("quarter")), 4);
    assert_int_equal(zw_grid_per_year(grid_of("half")), 2);
    assert_int_equal(zw_grid_per_year(grid_of("year")), 1);
    assert_int_equal(zw_grid_per_year(grid_of("week")), 0);
    assert_int_equal(zw_grid_per_year(grid_of("day")), 0);
    assert_int_equal(zw_grid_per_year(grid_of("1h")), 0);
}

static void periods_start_where_the_zone_s_calendar_says(void **state)
{
    (void)state;
    static const struct {
        const char *why, *zone;
        int reporting_month;
        const char *period, *start, *end;
    } rows[] = {
        {"a year in China", "Asia/Shanghai", 1, "2022", "2021-12-31T16:00Z", "2022-12-31T16:00Z"},
        {"a reporting year from April", "UTC", 4, "2022", "2022-04-01T00:00Z", "2023-04-01T00:00Z"},
        {"its first half", "UTC", 4, "2022-S1", "2022-04-01T00:00Z", "2022-10-01T00:00Z"},
        {"its last quarter lies in the next year", "UTC", 4, "2022-Q4", "2023-01-01T00:00Z",
         "2023-04-01T00:00Z"},
        {"a month is the calendar's all the same", "UTC", 4, "2022-03", "2022-03-01T00:00Z",
         "2022-04-01T00:00Z"},
        {"a leap February", "UTC", 1, "2024-02", "2024-02-01T00:00Z", "2024-03-01T00:00Z"},
        {"an ISO week", "UTC", 1, "2022-W05", "2022-01-31T00:00Z", "2022-02-07T00:00Z"},
        {"week 1 may start in the old year", "UTC", 1, "2020-W01", "2019-12-30T00:00Z",
         "2020-01-06T00:00Z"},
        {"a day of 23 hours", "Europe/Berlin", 1, "2022-03-27", "2022-03-26T23:00Z",
         "2022-03-27T22:00Z"},
        {"a day of 25 hours", "Europe/Berlin", 1, "2022-10-30", "2022-10-29T22:00Z",
         "2022-10-30T23:00Z"},
        {"a month over the change", "Europe/Berlin", 1, "2022-03", "2022-02-28T23:00Z",
         "2022-03-31T22:00Z"},
        {"a day whose midnight is skipped", "America/Sao_Paulo", 1, "2018-11-04",
         "2018-11-04T03:00Z", "2018-11-05T02:00Z"},
        {"a day that clocks reach twice", "America/St_Johns", 1, "2010-11-07", "2010-11-07T02:30Z",
         "2010-11-08T03:30Z"},
        {"a day that Samoa skipped is empty", "Pacific/Apia", 1, "2011-12-30", "2011-12-30T10:00Z",
         "2011-12-30T10:00Z"},
        {"before 1970", "UTC", 1, "1969-Q4", "1969-10-01T00:00Z", "1970-01-01T00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_calendar calendar = calendar_of(rows[i].zone, rows[i].reporting_month);
        zw_stamp stamp = stamp_of(rows[i].period);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_period_start_ms(&calendar, stamp.grid, stamp.period),
                         stamp_of(rows[i].start).at_ms);
        assert_int_equal(zw_period_end_ms(&calendar, stamp.grid, stamp.period),
                         stamp_of(rows[i].end).at_ms);
        calendar_done(&calendar);
    }
}

static void a_time_that_clocks_show_twice_lies_in_one_day(void **state)
{
    (void)state;
    zw_calendar calendar = calendar_of("America/St_Johns", 1);
    zw_grid day = grid_of("day");
    /* At 00:01 on the 7th the clocks went back to 23:01 on the 6th. */
    int64_t back_ms = stamp_of("2010-11-07T02:31Z").at_ms;
    zw_period seventh = stamp_of("2010-11-07").period;
    assert_int_equal(zw_period_at(&calendar, day, back_ms - 60001), seventh - 1);
    assert_int_equal(zw_period_at(&calendar, day, back_ms - 60000), seventh);
    assert_int_equal(zw_period_at(&calendar, day, back_ms), seventh);
    assert_int_equal(zw_period_at(&calendar, day, back_ms + 59 * INT64_C(60000)), seventh);
    calendar_done(&calendar);
}

static void every_moment_lies_in_its_period(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int c = 0; c < CALENDAR_COUNT; c++) {
        zw_calendar calendar = calendar_of(calendars[c].zone, calendars[c].reporting_month);
        for (int i = 0; i < 2000; i++) {
            int64_t at_ms = random_moment(&seed);
            for (int g = 0; g < GRID_COUNT; g++) {
                zw_period period = zw_period_at(&calendar, grids[g], at_ms);
                int64_t start_ms = zw_period_start_ms(&calendar, grids[g], period);
                assert_true(start_ms <= at_ms);
                assert_true(at_ms < zw_period_end_ms(&calendar, grids[g], period));
                assert_int_equal(zw_period_at(&calendar, grids[g], start_ms), period);
                assert_int_equal(zw_period_end_ms(&calendar, grids[g], period - 1), start_ms);
            }
        }
        calendar_done(&calendar);
    }
}

static void a_period_s_text_reads_back_as_the_period(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int c = 0; c < CALENDAR_COUNT; c++) {
        zw_calendar calendar = calendar_of(calendars[c].zone, calendars[c].reporting_month);
        for (int i = 0; i < 1000; i++) {
            int64_t at_ms = random_moment(&seed);
            for (int g = 0; g < GRID_COUNT; g++) {
                char out[40];
                zw_period period = zw_period_at(&calendar, grids[g], at_ms);
                zw_stamp stamp =
                    stamp_of(zw_period_text(&calendar, grids[g], period, out, sizeof out));
                if (grids[g].every == ZW_SUBDAY) {
                    assert_int_equal(stamp.is, ZW_STAMP_MOMENT);
                    assert_int_equal(zw_period_at(&calendar, grids[g], stamp.at_ms), period);
                } else {
                    assert_int_equal(stamp.is, ZW_STAMP_PERIOD);
                    assert_true(zw_grid_same(stamp.grid, grids[g]));
                    assert_int_equal(stamp.period, period);
                }
            }
        }
        calendar_done(&calendar);
    }
}

static void texts_have_the_sdmx_forms(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "2022",       "1969",       "2022-S1",    "2022-S2",    "2022-Q1",  "2022-Q4",
        "1969-Q4",    "2022-03",    "1969-12",    "2022-W05",   "2020-W53", "2019-W52",
        "2022-03-31", "2024-02-29", "1969-12-31", "0001-01-01",
    };
    zw_calendar calendar = calendar_of("Asia/Shanghai", 4);
    char out[40];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_stamp stamp = stamp_of(rows[i]);
        assert_string_equal(zw_period_text(&calendar, stamp.grid, stamp.period, out, sizeof out),
                            rows[i]);
        assert_string_equal(zw_period_text(NULL, stamp.grid, stamp.period, out, sizeof out),
                            rows[i]); /* from a day up no calendar is needed */
    }
    zw_grid minutes = grid_of("15m");
    zw_period period = zw_period_at(&calendar, minutes, stamp_of("2022-03-31T10:20+08:00").at_ms);
    assert_string_equal(zw_period_text(&calendar, minutes, period, out, sizeof out),
                        "2022-03-31T10:15:00+08:00");
    calendar_done(&calendar);
}

/* For every two grids of which one goes into the other: the coarse period of a moment is the
 * coarser of its fine period, first and last are inside, and their neighbours are not. */
static void assert_grids_agree(const zw_calendar *calendar, zw_grid fine, zw_grid coarse,
                               int64_t at_ms)
{
    zw_period small = zw_period_at(calendar, fine, at_ms);
    zw_period large = zw_period_coarser(calendar, fine, small, coarse);
    int64_t small_start_ms = zw_period_start_ms(calendar, fine, small);
    assert_int_equal(zw_period_at(calendar, coarse, small_start_ms), large);
    zw_period first = zw_period_first_in(calendar, coarse, large, fine);
    zw_period last = zw_period_last_in(calendar, coarse, large, fine);
    assert_in_range(small - first, 0, last - first);
    assert_int_equal(zw_period_coarser(calendar, fine, first, coarse), large);
    assert_int_equal(zw_period_coarser(calendar, fine, last, coarse), large);
    assert_true(zw_period_coarser(calendar, fine, first - 1, coarse) < large);
    assert_true(zw_period_coarser(calendar, fine, last + 1, coarse) > large);
    assert_int_equal(zw_period_first_in(calendar, coarse, large + 1, fine), last + 1);
    if (fine.every != ZW_SUBDAY) { /* below a day a step may straddle the zone's midnight */
        assert_int_equal(zw_period_start_ms(calendar, fine, first),
                         zw_period_start_ms(calendar, coarse, large));
    }
}

static void coarser_first_and_last_agree(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int c = 0; c < CALENDAR_COUNT; c++) {
        zw_calendar calendar = calendar_of(calendars[c].zone, calendars[c].reporting_month);
        for (int i = 0; i < 200; i++) {
            int64_t at_ms = random_moment(&seed);
            for (int f = 0; f < GRID_COUNT; f++) {
                for (int g = 0; g < GRID_COUNT; g++) {
                    if (zw_grid_goes_into(grids[f], grids[g])) {
                        assert_grids_agree(&calendar, grids[f], grids[g], at_ms);
                    }
                }
            }
        }
        calendar_done(&calendar);
    }
}

static void parts_of_a_period_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        int reporting_month;
        const char *coarse, *fine, *first, *last;
    } rows[] = {
        {"months of a year", 1, "2022", "month", "2022-01", "2022-12"},
        {"months of a reporting year", 4, "2022", "month", "2022-04", "2023-03"},
        {"quarters of a half", 4, "2022-S2", "quarter", "2022-Q3", "2022-Q4"},
        {"days of a leap February", 1, "2024-02", "day", "2024-02-01", "2024-02-29"},
        {"days of a week", 1, "2020-W53", "day", "2020-12-28", "2021-01-03"},
        {"days of a reporting quarter", 4, "2022-Q4", "day", "2023-01-01", "2023-03-31"},
        {"itself", 4, "2022-Q4", "quarter", "2022-Q4", "2022-Q4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_calendar calendar = calendar_of("Asia/Shanghai", rows[i].reporting_month);
        zw_stamp coarse = stamp_of(rows[i].coarse);
        zw_grid fine = grid_of(rows[i].fine);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_period_first_in(&calendar, coarse.grid, coarse.period, fine),
                         stamp_of(rows[i].first).period);
        assert_int_equal(zw_period_last_in(&calendar, coarse.grid, coarse.period, fine),
                         stamp_of(rows[i].last).period);
        calendar_done(&calendar);
    }
}

static void a_length_earlier_follows_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *why, *period, *length, *earlier; /* NULL: the grid cannot say it */
    } rows[] = {
        {"a year of months", "2022-03", "1 year", "2021-03"},
        {"months", "2022-03", "3 months", "2021-12"},
        {"days on months", "2022-03", "15d", NULL},
        {"weeks on months", "2022-03", "2 weeks", NULL},
        {"working days on months", "2022-03", "5wd", NULL},
        {"hours on months", "2022-03", "24h", NULL},
        {"a year of quarters", "2022-Q3", "1 year", "2021-Q3"},
        {"a quarter", "2022-Q1", "3 months", "2021-Q4"},
        {"a month on quarters", "2022-Q1", "1 month", NULL},
        {"a half", "2022-S1", "6 months", "2021-S2"},
        {"a year", "2022", "2 years", "2020"},
        {"half a year on years", "2022", "6 months", NULL},
        {"days", "2022-03-01", "1d", "2022-02-28"},
        {"weeks of days", "2022-03-01", "2 weeks", "2022-02-15"},
        {"31 March - 1 month", "2022-03-31", "1 month", "2022-02-28"},
        {"in a leap year", "2024-03-31", "1 month", "2024-02-29"},
        {"29 February - 1 year", "2024-02-29", "1 year", "2023-02-28"},
        {"hours on days", "2022-03-31", "24h", NULL},
        {"working days on days", "2022-03-31", "1wd", NULL},
        {"weeks", "2022-W05", "2 weeks", "2022-W03"},
        {"days on weeks", "2022-W05", "3d", NULL},
        {"a year of weeks", "2022-W05", "1 year", "2021-W05"},
        {"nothing", "2022-03-31", "0d", "2022-03-31"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_stamp stamp = stamp_of(rows[i].period);
        zw_length length;
        zw_period earlier;
        print_message("  %s\n", rows[i].why);
        assert_true(zw_length_parse(zw_text_of(rows[i].length), &length));
        bool can = zw_period_earlier(stamp.grid, stamp.period, length, &earlier);
        assert_int_equal(can, rows[i].earlier != NULL);
        if (can) {
            assert_int_equal(earlier, stamp_of(rows[i].earlier).period);
        }
    }
}

static void below_a_day_fixed_lengths_are_counted_in_steps(void **state)
{
    (void)state;
    zw_grid minutes = grid_of("15m");
    zw_period earlier;
    assert_true(zw_period_earlier(minutes, 1000, (zw_length){.ms = 3600000}, &earlier));
    assert_int_equal(earlier, 996);
    assert_true(zw_period_earlier(minutes, 1000, (zw_length){.ms = -3600000}, &earlier));
    assert_int_equal(earlier, 1004);
    assert_true(zw_period_earlier(minutes, 1000, (zw_length){.days = 7}, &earlier));
    assert_int_equal(earlier, 1000 - 7 * 96);
    assert_false(zw_period_earlier(minutes, 1000, (zw_length){.ms = 60000}, &earlier));
    assert_false(zw_period_earlier(minutes, 1000, (zw_length){.months = 1}, &earlier));
    assert_true(zw_period_earlier(grid_of("month"), 0, (zw_length){.months = -14}, &earlier));
    assert_int_equal(earlier, 14);
    assert_true(zw_period_earlier(grid_of("week"), 0, (zw_length){.days = -14}, &earlier));
    assert_int_equal(earlier, 2);
}

static void a_period_knows_its_first_month(void **state)
{
    (void)state;
    static const struct {
        const char *period;
        int month;
    } rows[] = {{"2022", 4},     {"2022-S2", 10},   {"2022-Q4", 1}, {"2022-03", 3},
                {"2022-W05", 1}, {"2022-03-31", 3}, {"1969-11", 11}};
    zw_calendar calendar = calendar_of("Asia/Shanghai", 4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_stamp stamp = stamp_of(rows[i].period);
        assert_int_equal(zw_period_month(&calendar, stamp.grid, stamp.period), rows[i].month);
    }
    zw_grid hour = grid_of("1h"); /* in China it is February already */
    zw_period period = zw_period_at(&calendar, hour, stamp_of("2022-01-31T16:00Z").at_ms);
    assert_int_equal(zw_period_month(&calendar, hour, period), 2);
    assert_int_equal(zw_period_month(&calendar, hour, period - 1), 1);
    calendar_done(&calendar);
}

static void the_ends_of_the_count_are_no_trap(void **state)
{
    (void)state;
    zw_calendar calendar = calendar_of("Europe/Berlin", 4);
    for (int g = 0; g < GRID_COUNT; g++) {
        char out[40];
        assert_int_equal(zw_period_start_ms(&calendar, grids[g], ZW_PERIOD_MAX), ZW_NEVER_MS);
        assert_int_equal(zw_period_end_ms(&calendar, grids[g], ZW_PERIOD_MAX), ZW_NEVER_MS);
        assert_true(zw_period_start_ms(&calendar, grids[g], ZW_PERIOD_MIN) < -4000000000000000);
        assert_true(zw_period_end_ms(&calendar, grids[g], ZW_PERIOD_MIN) < -4000000000000000);
        assert_in_range(strlen(zw_period_text(&calendar, grids[g], ZW_PERIOD_MAX, out, sizeof out)),
                        4, 39);
        assert_in_range(strlen(zw_period_text(&calendar, grids[g], ZW_PERIOD_MIN, out, sizeof out)),
                        4, 39);
        assert_true(zw_period_at(&calendar, grids[g], ZW_NEVER_MS) > 100000);
        assert_true(zw_period_at(&calendar, grids[g], INT64_MIN) < -100000);
        for (int f = 0; f <= g; f++) {
            if (zw_grid_goes_into(grids[f], grids[g])) {
                assert_true(zw_period_coarser(&calendar, grids[f], ZW_PERIOD_MAX, grids[g]) > 0);
                assert_true(zw_period_last_in(&calendar, grids[g], ZW_PERIOD_MAX, grids[f]) > 0);
                assert_true(zw_period_first_in(&calendar, grids[g], ZW_PERIOD_MIN, grids[f]) < 0);
            }
        }
    }
    calendar_done(&calendar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_read_and_named),
        cmocka_unit_test(grids_are_ordered_by_length),
        cmocka_unit_test(some_grids_go_into_others),
        cmocka_unit_test(periods_start_where_the_zone_s_calendar_says),
        cmocka_unit_test(a_time_that_clocks_show_twice_lies_in_one_day),
        cmocka_unit_test(every_moment_lies_in_its_period),
        cmocka_unit_test(a_period_s_text_reads_back_as_the_period),
        cmocka_unit_test(texts_have_the_sdmx_forms),
        cmocka_unit_test(coarser_first_and_last_agree),
        cmocka_unit_test(parts_of_a_period_are_counted),
        cmocka_unit_test(a_length_earlier_follows_the_calendar),
        cmocka_unit_test(below_a_day_fixed_lengths_are_counted_in_steps),
        cmocka_unit_test(a_period_knows_its_first_month),
        cmocka_unit_test(the_ends_of_the_count_are_no_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
