/** A civil date: days since 1970 as year, month and day of the (proleptic) Gregorian calendar. */
#ifndef ZW_BASE_CIVIL_H
#define ZW_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define ZW_DAY_MS INT64_C(86400000)

/** A plain value. */
typedef struct zw_civil {
    int64_t year;
    int month, day; /* 1…12, 1…31 */
} zw_civil;

/** Division and its rest rounded down, whatever the sign of `a`; `b` is positive. */
int64_t zw_floor_div(int64_t a, int64_t b);
int64_t zw_floor_mod(int64_t a, int64_t b);

zw_civil zw_civil_of_day(int64_t day);

/** Days since 1970-01-01. The date must exist. */
int64_t zw_civil_day(zw_civil civil);

/** The first day of a month, counted from January 1970 = 0. */
int64_t zw_civil_month_start(int64_t month);

/** The month a day lies in, counted from January 1970 = 0. */
int64_t zw_civil_month_of(int64_t day);

bool zw_civil_exists(int64_t year, int month, int day);

/**
 * The day `months` later (negative: earlier); where that month is too short, its last day: 31 March
 * plus -1 month is 28 or 29 February.
 */
int64_t zw_civil_add_months(int64_t day, int64_t months);

#endif
