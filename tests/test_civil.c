/* Tests of the civil date. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/civil.h"

static void division_rounds_down_on_both_sides_of_zero(void **state)
{
    (void)state;
    for (int64_t a = -50; a <= 50; a++) {
        for (int64_t b = 1; b <= 12; b++) {
            assert_in_range(zw_floor_mod(a, b), 0, b - 1);
            assert_int_equal(zw_floor_div(a, b) * b + zw_floor_mod(a, b), a);
        }
    }
}

static void known_dates_have_their_days(void **state)
{
    (void)state;
    static const struct {
        int64_t day, year;
        int month, day_of_month;
    } rows[] =
        {
            {0, 1970, 1, 1},       {-1, 1969, 12, 31},   {59, 1970, 3, 1},
            {10957, 2000, 1, 1},   {11016, 2000, 2, 29}, {11017, 2000, 3, 1},
            {19051, 2022, 2, 28},  {19052, 2022, 3, 1},  {19782, 2024, 2, 29},
            {-25509, 1900, 2, 28}, {-25508, 1900, 3, 1}, /* 1900 had no leap day */
            {-719528, 0, 1, 1},    {-719162, 1, 1, 1},   {2932896, 9999, 12, 31},
        };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_civil civil = zw_civil_of_day(rows[i].day);
        assert_int_equal(civil.year, rows[i].year);
        assert_int_equal(civil.month, rows[i].month);
        assert_int_equal(civil.day, rows[i].day_of_month);
        assert_int_equal(zw_civil_day(civil), rows[i].day);
    }
}

static void each_day_follows_the_one_before(void **state)
{
    (void)state;
    zw_civil last = zw_civil_of_day(-150000);
    for (int64_t day = -149999; day < 150000; day++) {
        zw_civil now = zw_civil_of_day(day);
        int is_new_month = now.month != last.month;
        assert_true(zw_civil_exists(now.year, now.month, now.day));
        assert_int_equal(zw_civil_day(now), day);
        assert_int_equal(now.day, is_new_month ? 1 : last.day + 1);
        assert_int_equal(zw_civil_exists(last.year, last.month, last.day + 1), !is_new_month);
        assert_int_equal(zw_civil_month_of(day), zw_civil_month_of(day - 1) + is_new_month);
        assert_int_equal(zw_civil_month_start(zw_civil_month_of(day)), day - now.day + 1);
        last = now;
    }
}

static void only_dates_of_the_calendar_exist(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        int year, month, day;
        bool exists;
    } rows[] = {
        {"a leap day", 2024, 2, 29, true},    {"none in 2023", 2023, 2, 29, false},
        {"none in 2100", 2100, 2, 29, false}, {"one in 2000", 2000, 2, 29, true},
        {"April has 30", 2024, 4, 31, false}, {"December has 31", 2024, 12, 31, true},
        {"no day 0", 2024, 1, 0, false},      {"no month 0", 2024, 0, 1, false},
        {"no month 13", 2024, 13, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_civil_exists(rows[i].year, rows[i].month, rows[i].day), rows[i].exists);
    }
}

static void adding_months_stays_inside_the_month(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        zw_civil from;
        int months;
        zw_civil to;
    } rows[] = {
        {"31 March - 1 month is 28 February", {2022, 3, 31}, -1, {2022, 2, 28}},
        {"or 29 in a leap year", {2024, 3, 31}, -1, {2024, 2, 29}},
        {"31 January + 1 month", {2023, 1, 31}, 1, {2023, 2, 28}},
        {"31 May + 1 month", {2022, 5, 31}, 1, {2022, 6, 30}},
        {"a leap day + 1 year", {2024, 2, 29}, 12, {2025, 2, 28}},
        {"a leap day + 4 years", {2024, 2, 29}, 48, {2028, 2, 29}},
        {"over the year's end", {2022, 11, 30}, 3, {2023, 2, 28}},
        {"back over the year's start", {2022, 1, 15}, -1, {2021, 12, 15}},
        {"back over 1970", {1970, 1, 31}, -2, {1969, 11, 30}},
        {"nothing", {2022, 3, 31}, 0, {2022, 3, 31}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_civil_add_months(zw_civil_day(rows[i].from), rows[i].months),
                         zw_civil_day(rows[i].to));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(division_rounds_down_on_both_sides_of_zero),
        cmocka_unit_test(known_dates_have_their_days),
        cmocka_unit_test(each_day_follows_the_one_before),
        cmocka_unit_test(only_dates_of_the_calendar_exist),
        cmocka_unit_test(adding_months_stays_inside_the_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
