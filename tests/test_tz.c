/* Tests of the time zone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/tz.h"
#include "failing_alloc.h"

#include <string.h>

static const char *const zones[] = {
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
};
enum { ZONE_COUNT = sizeof zones / sizeof zones[0] };

static zw_tz *tz_of(const char *name)
{
    zw_tz *tz;
    zw_err err = {0};
    assert_int_equal(zw_tz_create(name, &tz, &err), ZW_OK);
    return tz;
}

static int64_t ms_of(int year, int month, int day, int hour, int minute)
{
    return zw_civil_day((zw_civil){year, month, day}) * ZW_DAY_MS +
           (hour * 60 + minute) * INT64_C(60000);
}

static void offsets_are_those_in_force(void **state)
{
    (void)state;
    static const struct {
        const char *why, *zone;
        int year, month, day, hour, minute; /* UTC */
        int offset_min;
    } rows[] = {
        {"UTC has none", "UTC", 2022, 7, 1, 0, 0, 0},
        {"China has one time", "Asia/Shanghai", 2022, 7, 1, 0, 0, 480},
        {"but had a summer time", "Asia/Shanghai", 1988, 7, 1, 0, 0, 540},
        {"the last minute of winter", "Europe/Berlin", 2022, 3, 27, 0, 59, 60},
        {"the first of summer", "Europe/Berlin", 2022, 3, 27, 1, 0, 120},
        {"the last minute of summer", "Europe/Berlin", 2022, 10, 30, 0, 59, 120},
        {"the first of winter", "Europe/Berlin", 2022, 10, 30, 1, 0, 60},
        {"west of Greenwich", "America/New_York", 2022, 1, 1, 0, 0, -300},
        {"and in summer", "America/New_York", 2022, 7, 1, 0, 0, -240},
        {"the rule goes on to the end of the century", "Europe/Berlin", 2099, 7, 1, 0, 0, 120},
        {"half hours", "Asia/Kolkata", 2022, 1, 1, 0, 0, 330},
        {"quarter hours", "Asia/Kathmandu", 2022, 1, 1, 0, 0, 345},
        {"after the table the last offset stays", "Europe/Berlin", 2300, 7, 1, 0, 0, 60},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_tz *tz = tz_of(rows[i].zone);
        int64_t at_ms =
            ms_of(rows[i].year, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute);
        print_message("  %s\n", rows[i].why);
        assert_string_equal(zw_tz_name(tz), rows[i].zone);
        assert_int_equal(zw_tz_offset_s(tz, at_ms), rows[i].offset_min * 60);
        zw_tz_destroy(tz);
    }
}

static void local_times_become_moments(void **state)
{
    (void)state;
    static const struct {
        const char *why, *zone;
        int year, month, day, hour, minute; /* on the zone's clocks */
        int offset_min;                     /* with which it is to be read */
    } rows[] = {
        {"an ordinary time", "Asia/Shanghai", 2022, 3, 31, 8, 0, 480},
        {"just before the skipped hour", "Europe/Berlin", 2022, 3, 27, 1, 59, 60},
        {"a skipped time has the offset before", "Europe/Berlin", 2022, 3, 27, 2, 0, 60},
        {"to the last minute", "Europe/Berlin", 2022, 3, 27, 2, 59, 60},
        {"just after it", "Europe/Berlin", 2022, 3, 27, 3, 0, 120},
        {"just before the double hour", "Europe/Berlin", 2022, 10, 30, 1, 59, 120},
        {"a time that occurs twice is the first", "Europe/Berlin", 2022, 10, 30, 2, 0, 120},
        {"to the last minute", "Europe/Berlin", 2022, 10, 30, 2, 59, 120},
        {"just after it", "Europe/Berlin", 2022, 10, 30, 3, 0, 60},
        {"skipped in New York", "America/New_York", 2022, 3, 13, 2, 30, -300},
        {"double in New York", "America/New_York", 2022, 11, 6, 1, 30, -240},
        {"a day that Samoa skipped", "Pacific/Apia", 2011, 12, 30, 12, 0, -600},
        {"the day after it", "Pacific/Apia", 2011, 12, 31, 0, 0, 840},
        {"a change of half an hour", "Australia/Lord_Howe", 2022, 10, 2, 2, 15, 630},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_tz *tz = tz_of(rows[i].zone);
        int64_t local_ms =
            ms_of(rows[i].year, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_tz_moment_ms(tz, local_ms),
                         local_ms - rows[i].offset_min * INT64_C(60000));
        assert_int_equal(zw_tz_moment_ms(tz, local_ms + 1),
                         local_ms + 1 - rows[i].offset_min * INT64_C(60000));
        zw_tz_destroy(tz);
    }
}

/* What the clocks show at a moment is read as that moment, or as the first of the two at which they
 * show it; and what is read is shown, unless it was skipped. */
static void moments_and_local_times_agree(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (size_t z = 0; z < ZONE_COUNT; z++) {
        zw_tz *tz = tz_of(zones[z]);
        for (int i = 0; i < 20000; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            int64_t at_ms = ms_of(1895, 1, 1, 0, 0) + (int64_t)((seed >> 20) % 6626880000000U);
            int64_t local_ms = at_ms + INT64_C(1000) * zw_tz_offset_s(tz, at_ms);
            int64_t read_ms = zw_tz_moment_ms(tz, local_ms);
            assert_true(read_ms <= at_ms);
            assert_int_equal(read_ms + INT64_C(1000) * zw_tz_offset_s(tz, read_ms), local_ms);
        }
        zw_tz_destroy(tz);
    }
}

static void later_on_the_clocks_is_never_earlier_between_changes(void **state)
{
    (void)state;
    zw_tz *tz = tz_of("Europe/Berlin");
    int64_t last_ms = INT64_MIN;
    for (int64_t day = -25567; day < 47482; day++) { /* 1900 … 2099: the starts of days */
        int64_t start_ms = zw_tz_moment_ms(tz, day * ZW_DAY_MS);
        assert_true(start_ms > last_ms);
        last_ms = start_ms;
    }
    zw_tz_destroy(tz);
}

static void a_name_that_is_no_zone_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "Asia/Shangai",
        "Mars/Phobos",
        "UTC+8",
        "CST-8",
        "+08:00",
        "8",
        "../../etc/passwd",
        "/etc/passwd",
        "Asia/..",
        "asia/shanghai",
        "Z0",
        "Asia/Shanghai ",
        "EST5EDT,M3.2.0,M11.1.0",
        "\xE4\xB8\xAD",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        zw_tz *tz;
        zw_err err = {0};
        print_message("  '%s'\n", names[i]);
        assert_int_equal(zw_tz_create(names[i], &tz, &err), ZW_INVALID);
        assert_null(tz);
        assert_non_null(strstr(err.text, names[i]));
    }
    zw_tz_destroy(NULL);
}

static void each_allocation_may_be_refused(void **state)
{
    (void)state;
    bool was_refused = true;
    for (int n = 0; was_refused; n++) {
        zw_tz *tz;
        zw_err err = {0};
        failing_alloc_after(n);
        zw_status status = zw_tz_create("Europe/Berlin", &tz, &err);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(tz == NULL, was_refused);
        assert_int_equal(err.status, status);
        zw_tz_destroy(tz);
        assert_in_range(n, 0, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_are_those_in_force),
        cmocka_unit_test(local_times_become_moments),
        cmocka_unit_test(moments_and_local_times_agree),
        cmocka_unit_test(later_on_the_clocks_is_never_earlier_between_changes),
        cmocka_unit_test(a_name_that_is_no_zone_is_refused),
        cmocka_unit_test(each_allocation_may_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
