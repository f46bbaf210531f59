/* A civil date: days since 1970 as year, month and day. */
#include "base/civil.h"

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, EPOCH_FROM_MARCH_0000 = 719468 };

int64_t zw_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

int64_t zw_floor_mod(int64_t a, int64_t b)
{
    return a % b + (a % b < 0 ? b : 0);
}

/* Both directions count years from March, so that the leap day is a year's last and the lengths of
 * the months before it follow one line: (153 * month + 2) / 5 days from March on. */
int64_t zw_civil_day(zw_civil civil)
{
    int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
    int64_t era = zw_floor_div(year, YEARS_PER_ERA);
    int64_t year_of_era = year - era * YEARS_PER_ERA;
    int64_t month_from_march = (civil.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - EPOCH_FROM_MARCH_0000;
}

zw_civil zw_civil_of_day(int64_t day)
{
    int64_t shifted = day + EPOCH_FROM_MARCH_0000;
    int64_t era = zw_floor_div(shifted, DAYS_PER_ERA);
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    /* Leap days taken out, every year has 365 days. */
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return (zw_civil){
        .year = era * YEARS_PER_ERA + year_of_era + (month <= 2 ? 1 : 0),
        .month = month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

int64_t zw_civil_month_start(int64_t month)
{
    return zw_civil_day((zw_civil){
        .year = 1970 + zw_floor_div(month, 12),
        .month = (int)zw_floor_mod(month, 12) + 1,
        .day = 1,
    });
}

int64_t zw_civil_month_of(int64_t day)
{
    zw_civil civil = zw_civil_of_day(day);
    return (civil.year - 1970) * 12 + civil.month - 1;
}

static int month_length(int64_t month)
{
    return (int)(zw_civil_month_start(month + 1) - zw_civil_month_start(month));
}

bool zw_civil_exists(int64_t year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= month_length((year - 1970) * 12 + month - 1);
}

int64_t zw_civil_add_months(int64_t day, int64_t months)
{
    int64_t month = zw_civil_month_of(day) + months;
    int day_of_month = zw_civil_of_day(day).day;
    int last = month_length(month);
    return zw_civil_month_start(month) + (day_of_month < last ? day_of_month : last) - 1;
}
