/* Scales: exact there and back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_scale_moves_the_decimal_point(void **state)
{
    static const struct {
        const char *unit;
        double written, value;
    } cases[] = {
        {"%", 11.2, 0.112},
        {"%", 13.5, 0.135},
        {"%", -0.1, -0.001},
        {"1e8 CNY", 603.2, 60320000000.0},
        {"1e4 CNY", 0.1, 1000.0},
        {"1e4 CNY", 1e21, 1e25},
        {"firms", 12.5, 12.5},
        {"%", 0, 0},
        {"1e4 CNY", 4420000, 4.42e10},
        {"1000 t", 1.005, 1005},
        {"12 pieces", 2, 24}, /* no power of ten: plain arithmetic */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_unit unit;
        assert_int_equal(zw_unit_parse(zw_text_of(cases[i].unit), &unit, NULL), ZW_OK);
        if (zw_unit_without_scale(cases[i].written, &unit) != cases[i].value) {
            fail_msg("%.17g in %s is %.17g", cases[i].written, cases[i].unit,
                     zw_unit_without_scale(cases[i].written, &unit));
        }
        assert_true(zw_unit_with_scale(cases[i].value, &unit) == cases[i].written);
    }
}

static void every_number_of_a_table_comes_back(void **state)
{
    (void)state;
    zw_unit unit;
    assert_int_equal(zw_unit_parse(zw_text_of("1e4 CNY"), &unit, NULL), ZW_OK);
    for (int i = -20000; i < 20000; i++) {
        double written = i / 100.0;
        assert_true(zw_unit_with_scale(zw_unit_without_scale(written, &unit), &unit) == written);
    }
}

/* Numbers with all their digits: what is written may differ from what was read, never the value. */
static void the_value_comes_back_to_the_last_bit(void **state)
{
    static const char *const units[] = {"%", "1e4 CNY", "1e8 CNY", "12 pieces", "1e-3 m"};
    (void)state;
    uint64_t seed = 7;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        zw_unit unit;
        assert_int_equal(zw_unit_parse(zw_text_of(units[u]), &unit, NULL), ZW_OK);
        for (int i = 0; i < 20000; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            double written = (double)(seed >> 11) / 9007199254740992.0 * pow(10, i % 40 - 20);
            double value = zw_unit_without_scale(written, &unit);
            double again = zw_unit_without_scale(zw_unit_with_scale(value, &unit), &unit);
            if (again != value) {
                fail_msg("%.17g in %s: %.17g, then %.17g", written, units[u], value, again);
            }
        }
    }
    zw_unit share;
    assert_int_equal(zw_unit_parse(zw_text_of("%"), &share, NULL), ZW_OK);
    assert_true(signbit(zw_unit_with_scale(zw_unit_without_scale(-0.0, &share), &share)));
}

/* As if the number's text had been read with its point moved, in numbers of any length. */
static void it_is_what_the_moved_text_reads_as(void **state)
{
    static const struct {
        const char *unit;
        int places;
    } units[] = {{"%", -2}, {"1e4 CNY", 4}, {"1e8 CNY", 8}, {"1e-3 m", -3}, {"1e12 t", 12}};
    (void)state;
    uint64_t seed = 11;
    for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
        zw_unit unit;
        assert_int_equal(zw_unit_parse(zw_text_of(units[u].unit), &unit, NULL), ZW_OK);
        for (int i = 0; i < 20000; i++) {
            char text[64];
            char moved[80];
            double written = 0;
            double expected = 0;
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            uint64_t digits = (seed >> 1) >> (i % 62);
            (void)snprintf(text, sizeof(text), "%s%llue-%d", i % 3 == 0 ? "-" : "",
                           (unsigned long long)digits, i % 13);
            assert_true(zw_text_number(zw_text_of(text), &written));
            (void)zw_text_of_number(written, text, sizeof(text)); /* the shortest it has */
            char *e = strchr(text, 'e');
            int own = e != NULL ? (int)strtol(e + 1, NULL, 10) : 0;
            (void)snprintf(moved, sizeof(moved), "%.*se%d",
                           e != NULL ? (int)(e - text) : (int)strlen(text), text,
                           own + units[u].places);
            assert_true(zw_text_number(zw_text_of(moved), &expected));
            if (zw_unit_without_scale(written, &unit) != expected) {
                fail_msg("%s in %s", text, units[u].unit);
            }
        }
    }
}

static void what_is_not_finite_stays(void **state)
{
    (void)state;
    zw_unit unit;
    assert_int_equal(zw_unit_parse(zw_text_of("1e8 CNY"), &unit, NULL), ZW_OK);
    assert_true(isinf(zw_unit_without_scale(1.7e308, &unit)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scale_moves_the_decimal_point),
        cmocka_unit_test(every_number_of_a_table_comes_back),
        cmocka_unit_test(the_value_comes_back_to_the_last_bit),
        cmocka_unit_test(it_is_what_the_moved_text_reads_as),
        cmocka_unit_test(what_is_not_finite_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
