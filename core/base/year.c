/* The reporting year around a period, and the same period a year earlier. Week 0 has its Thursday
 * on day 0: so day 7 w is the Thursday of week w. */
#include "base/year.h"

#include "base/civil.h"

enum { LONGEST_YEAR_DAYS = 367, MONTHS = 12 }; /* a day more for clocks that change */

static const zw_grid day_grid = {ZW_DAY, 0};
static const zw_grid year_grid = {ZW_YEAR, 0};

/* The weeks whose Thursdays lie in days first … last. */
static zw_year weeks_of(int64_t first, int64_t last)
{
    return (zw_year){-zw_floor_div(-first, 7), zw_floor_div(last, 7)};
}

zw_year zw_year_around(const zw_calendar *calendar, zw_grid grid, zw_period period)
{
    bool is_week = grid.every == ZW_WEEK;
    zw_grid under = is_week ? day_grid : grid;
    zw_period year = zw_period_coarser(calendar, under, is_week ? period * 7 : period, year_grid);
    zw_period first = zw_period_first_in(calendar, year_grid, year, under);
    zw_period last = zw_period_last_in(calendar, year_grid, year, under);
    return is_week ? weeks_of(first, last) : (zw_year){first, last};
}

static zw_year iso_year(int64_t year)
{
    return weeks_of(zw_civil_day((zw_civil){year, 1, 1}), zw_civil_day((zw_civil){year, 12, 31}));
}

static zw_period week_before(zw_period week)
{
    int64_t year = zw_civil_of_day(week * 7).year;
    zw_year before = iso_year(year - 1);
    zw_period same = before.first + (week - iso_year(year).first);
    return same < before.last ? same : before.last;
}

static zw_period step_before(const zw_calendar *calendar, zw_grid grid, zw_period step)
{
    int64_t at_ms = zw_period_start_ms(calendar, grid, step);
    zw_period day = zw_period_at(calendar, day_grid, at_ms);
    int64_t into_ms = at_ms - zw_period_start_ms(calendar, day_grid, day);
    zw_period before = zw_civil_add_months(day, -MONTHS);
    return zw_period_at(calendar, grid, zw_period_start_ms(calendar, day_grid, before) + into_ms);
}

zw_period zw_year_before(const zw_calendar *calendar, zw_grid grid, zw_period period)
{
    switch (grid.every) {
    case ZW_SUBDAY:
        return step_before(calendar, grid, period);
    case ZW_DAY:
        return zw_civil_add_months(period, -MONTHS);
    case ZW_WEEK:
        return week_before(period);
    default:
        return period - zw_grid_per_year(grid);
    }
}

zw_period zw_year_reach(zw_grid grid)
{
    switch (grid.every) {
    case ZW_SUBDAY:
        return LONGEST_YEAR_DAYS * (ZW_DAY_MS / grid.step_ms);
    case ZW_DAY:
        return LONGEST_YEAR_DAYS;
    case ZW_WEEK:
        return 53;
    default:
        return zw_grid_per_year(grid);
    }
}
