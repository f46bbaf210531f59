/**
 * The reporting year around a period, on any grid, and the same period a year earlier.
 *
 * A week belongs to the year that holds its Thursday, as its ISO name says; a step of a day to the
 * one that holds its start.
 */
#ifndef ZW_BASE_YEAR_H
#define ZW_BASE_YEAR_H

#include "base/period.h"

/** First and last period of a reporting year. A plain value. */
typedef struct zw_year {
    zw_period first, last;
} zw_year;

zw_year zw_year_around(const zw_calendar *calendar, zw_grid grid, zw_period period);

/**
 * The same period a year earlier: of a day the calendar's (29 February: the 28th), of a week the
 * same number of the ISO year before (W53 where that has none: W52), of a step the one as long
 * after midnight.
 */
zw_period zw_year_before(const zw_calendar *calendar, zw_grid grid, zw_period period);

/** No period lies further from the one a year before it. */
zw_period zw_year_reach(zw_grid grid);

#endif
