/* The reporting year around a period, and the same period a year earlier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/year.h"

#include <string.h>

struct zones {
    zw_tz *york;
    zw_calendar plain, fiscal; /* from January, from April */
};

static struct zones zones_open(void)
{
    struct zones zones;
    zw_err err = {ZW_OK, ""};
    if (zw_tz_create("America/New_York", &zones.york, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zones.plain = (zw_calendar){zones.york, 1, NULL, 0};
    zones.fiscal = (zw_calendar){zones.york, 4, NULL, 0};
    return zones;
}

static zw_grid grid_of(const char *name)
{
    zw_grid grid;
    assert_true(zw_grid_parse(zw_text_of(name), &grid));
    return grid;
}

static zw_period period_of(const zw_calendar *calendar, zw_grid grid, const char *text)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(text), &stamp, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return stamp.is == ZW_STAMP_PERIOD
               ? stamp.period
               : zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, &stamp));
}

static void every_grid_has_a_year_around_it(void **state)
{
    static const struct {
        const char *why, *grid, *period, *first, *last;
        bool is_fiscal;
    } rows[] = {
        {"months", "month", "2022-07", "2022-01", "2022-12", false},
        {"a fiscal year from April to March", "month", "2022-03", "2021-04", "2022-03", true},
        {"its quarters", "quarter", "2022-Q3", "2022-Q1", "2022-Q4", true},
        {"a year is its own", "year", "2022", "2022", "2022", false},
        {"days of a leap year", "day", "2024-02-29", "2024-01-01", "2024-12-31", false},
        {"fiscal days", "day", "2024-03-31", "2023-04-01", "2024-03-31", true},
        {"the first of the next", "day", "2024-04-01", "2024-04-01", "2025-03-31", true},
        {"weeks as their ISO names say", "week", "2020-W53", "2020-W01", "2020-W53", false},
        {"a week of two calendar years", "week", "2021-W52", "2021-W01", "2021-W52", false},
        /* 1 April 2022 is a Friday: the week around it has its Thursday in March */
        {"a fiscal year's weeks go by Thursdays", "week", "2022-W13", "2021-W13", "2022-W13", true},
        {"the first week of the next", "week", "2022-W14", "2022-W14", "2023-W13", true},
        {"hours begin at the zone's midnight", "1h", "2022-07-01T12:00:00-04:00",
         "2022-01-01T00:00:00-05:00", "2022-12-31T23:00:00-05:00", false},
    };
    (void)state;
    struct zones zones = zones_open();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const zw_calendar *calendar = rows[i].is_fiscal ? &zones.fiscal : &zones.plain;
        zw_grid grid = grid_of(rows[i].grid);
        zw_year year = zw_year_around(calendar, grid, period_of(calendar, grid, rows[i].period));
        if (year.first != period_of(calendar, grid, rows[i].first) ||
            year.last != period_of(calendar, grid, rows[i].last)) {
            fail_msg("%s: %lld … %lld", rows[i].why, (long long)year.first, (long long)year.last);
        }
    }
    zw_tz_destroy(zones.york);
}

static void a_year_earlier_is_the_calendar_s(void **state)
{
    static const struct {
        const char *why, *grid, *period, *before;
    } rows[] = {
        {"a month", "month", "2022-02", "2021-02"},
        {"a quarter", "quarter", "2022-Q1", "2021-Q1"},
        {"a day", "day", "2022-03-31", "2021-03-31"},
        {"after a leap day", "day", "2024-03-01", "2023-03-01"},
        {"a leap day has the 28th", "day", "2024-02-29", "2023-02-28"},
        {"which the day before has, too", "day", "2024-02-28", "2023-02-28"},
        {"a week has its number", "week", "2022-W05", "2021-W05"},
        {"the first, of a year with 53 weeks", "week", "2021-W01", "2020-W01"},
        {"a 53rd has the last", "week", "2020-W53", "2019-W52"},
        {"the 52nd after a 53rd", "week", "2021-W52", "2020-W52"},
        {"an hour is as long after midnight", "1h", "2022-07-01T12:00:00-04:00",
         "2021-07-01T12:00:00-04:00"},
        {"when clocks changed in between", "1h", "2022-03-13T12:00:00-04:00",
         "2021-03-13T11:00:00-05:00"},
        {"a minute", "1m", "2022-11-06T00:59:00-04:00", "2021-11-06T00:59:00-04:00"},
    };
    (void)state;
    struct zones zones = zones_open();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_grid grid = grid_of(rows[i].grid);
        zw_period p = period_of(&zones.plain, grid, rows[i].period);
        zw_period before = zw_year_before(&zones.plain, grid, p);
        if (before != period_of(&zones.plain, grid, rows[i].before)) {
            fail_msg("%s: %lld", rows[i].why, (long long)before);
        }
    }
    zw_tz_destroy(zones.york);
}

static void none_reaches_further_than_said(void **state)
{
    static const char *const grids[] = {"1h", "day", "week", "month", "half", "year"};
    (void)state;
    struct zones zones = zones_open();
    for (size_t i = 0; i < sizeof(grids) / sizeof(grids[0]); i++) {
        zw_grid grid = grid_of(grids[i]);
        zw_period lo = zw_period_at(&zones.plain, grid, INT64_C(946684800000));  /* 2000 */
        zw_period hi = zw_period_at(&zones.plain, grid, INT64_C(1893456000000)); /* 2030 */
        for (zw_period p = lo; p <= hi; p++) {
            zw_period before = zw_year_before(&zones.plain, grid, p);
            if (before >= p || p - before > zw_year_reach(grid)) {
                fail_msg("%s: %lld has %lld", grids[i], (long long)p, (long long)before);
            }
        }
    }
    zw_tz_destroy(zones.york);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_grid_has_a_year_around_it),
        cmocka_unit_test(a_year_earlier_is_the_calendar_s),
        cmocka_unit_test(none_reaches_further_than_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
