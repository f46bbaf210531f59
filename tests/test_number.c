/* Tests of plain numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/text.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void plain_numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0", 0},
        {"-0", -0.0},
        {"12", 12},
        {"-12.5", -12.5},
        {"0.1", 0.1},
        {".5", 0.5},
        {"-.5", -0.5},
        {"007", 7},
        {"1e4", 1e4},
        {"1E+4", 1e4},
        {"1e8", 1e8},
        {"2.5e-3", 2.5e-3},
        {"603.2", 603.2},
        {"0.0000000000000000000000001", 1e-25},
        {"123456789012345678", 123456789012345678.0},
        {"0.1000000000000000055511151231257827", 0.1},
        {"9007199254740993", 9007199254740992.0},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"5e-324", 5e-324},
        {"1e-400", 0},
        {"0e99999999999", 0},
        {"1e-99999999999", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = 99;
        print_message("  %s\n", rows[i].text);
        assert_true(zw_text_number(zw_text_of(rows[i].text), &value));
        assert_int_equal(bits_of(value), bits_of(rows[i].value));
    }
}

static void a_number_at_the_start_of_a_text_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bytes;
        double value;
    } rows[] = {
        {"12 7", 2, 12},
        {"-0.5i", 4, -0.5},
        {"0", 1, 0},
        {"-0,", 2, -0.0},
        {"1.", 1, 1},
        {"1.x", 1, 1},
        {".5", 2, 0.5},
        {"1e4,", 3, 1e4},
        {"1E+4\n", 4, 1e4},
        {"1e", 1, 1},
        {"1e+x", 1, 1},
        {"2.5e-3", 6, 2.5e-3},
        {"9007199254740992", 16, 9007199254740992.0},
        {"9007199254740993", 16, 9007199254740992.0},
        {"0.9007199254740993", 18, 0.9007199254740993},
        {"123456789012345678", 18, 123456789012345678.0},
        {"1234567890123456789012", 22, 1234567890123456789012.0},
        {"18446744073709551616", 20, 18446744073709551616.0}, /* 2^64: no wrapping round */
        {"0.1000000000000000055511151231257827 ", 36, 0.1},
        {"000000000000000000000000001", 27, 1},
        {"0.0000000000000000000000001", 27, 1e-25},
        {"1e400", 0, 99},
        {"", 0, 99},
        {"-", 0, 99},
        {".", 0, 99},
        {"+1", 0, 99},
        {" 1", 0, 99},
        {"x", 0, 99},
        {"inf", 0, 99},
        {"e4", 0, 99},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = 99;
        print_message("  '%s'\n", rows[i].text);
        assert_int_equal(zw_text_decimal(zw_text_of(rows[i].text), &value), rows[i].bytes);
        assert_int_equal(bits_of(value), bits_of(rows[i].value));
    }
}

static void any_byte_that_is_no_digit_ends_it(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        bool goes_on = (byte >= '0' && byte <= '9') || byte == '.' || byte == 'e' || byte == 'E';
        for (size_t digits = 1; digits < 12 && !goes_on; digits++) {
            char text[] = "123456789012345678901";
            double value = 0;
            text[digits] = (char)byte;
            text[digits + 1] = (char)0xFF;
            zw_text all = {text, sizeof text - 1};
            assert_int_equal(zw_text_decimal(all, &value), digits);
            assert_int_equal((long long)value, strtoll(text, NULL, 10));
        }
    }
}

/* Any double in any number of digits, against strtod. */
static void it_is_what_strtod_reads(void **state)
{
    (void)state;
    static const int digits[] = {0, 1, 2, 3, 6, 9, 15, 16, 20, 30};
    uint64_t random = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        char text[400];
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double scale = (double)(random >> 40 & 0xFFFFF) + 1;
        double value = (double)(int64_t)random / 9.2e18 * scale;
        int precision = digits[i / 3 % 10];
        (void)(i % 3 == 0   ? snprintf(text, sizeof text, "%.*f", precision, value)
               : i % 3 == 1 ? snprintf(text, sizeof text, "%.*e", precision, value)
                            : snprintf(text, sizeof text, "%.*g", precision + 1, value));
        double read = 99;
        assert_int_equal(zw_text_decimal(zw_text_of(text), &read), strlen(text));
        assert_int_equal(bits_of(read), bits_of(strtod(text, NULL)));
    }
}

static void what_is_no_plain_number_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",      "-",     "+1",   ".",      "1.",           "-.",       "1,000", "1 000",
        " 1",    "1 ",    "0x10", "0X1p4",  "inf",          "infinity", "nan",   "NaN",
        "1e",    "1e+",   "e4",   "1e4.5",  "1.2.3",        "--1",      "1-",    "12a",
        "1e400", "1_000", "1f",   "-1e999", "\xEF\xBC\x91", "1\n",
    };
    char digits[600];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = 99;
        print_message("  '%s'\n", rows[i]);
        assert_false(zw_text_number(zw_text_of(rows[i]), &value));
        assert_true(value == 99);
    }
    double value;
    memset(digits, '1', sizeof digits);
    assert_false(zw_text_number((zw_text){digits, sizeof digits}, &value));
    assert_false(zw_text_number((zw_text){"1\0", 2}, &value));
    assert_true(zw_text_number((zw_text){"123", 2}, &value));
    assert_true(value == 12);
}

static void whole_numbers_are_read_to_their_limits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long value;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"42", 42},
        {"-42", -42},
        {"007", 7},
        {"9223372036854775807", LLONG_MAX},
        {"-9223372036854775808", LLONG_MIN},
    };
    static const char *const others[] = {
        "",
        "-",
        "+1",
        "1.0",
        "1e3",
        " 1",
        "1 ",
        "a",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "--1",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        long long value = 99;
        assert_true(zw_text_integer(zw_text_of(rows[i].text), &value));
        assert_true(value == rows[i].value);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        long long value = 99;
        print_message("  '%s'\n", others[i]);
        assert_false(zw_text_integer(zw_text_of(others[i]), &value));
        assert_true(value == 99);
    }
}

static void numbers_are_written_in_their_shortest_form(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {0.1, "0.1"},
        {603.2, "603.2"},
        {4420000, "4420000"},
        {60320000000, "60320000000"},
        {-12.5, "-12.5"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1e+15"},
        {999999999999999, "999999999999999"},
        {1e-7, "1e-07"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[32];
        print_message("  %s\n", rows[i].text);
        assert_string_equal(zw_text_of_number(rows[i].value, out, sizeof out), rows[i].text);
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    uint64_t seed = 1;
    char out[32];
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        double value;
        memcpy(&value, &seed, sizeof value);
        if (i % 2 == 0) { /* figures as they are reported: few digits */
            value = (double)((int64_t)seed >> 34) / (i % 3 == 0 ? 100 : 1000);
        }
        if (isfinite(value)) {
            double back;
            (void)zw_text_of_number(value, out, sizeof out);
            assert_true(zw_text_number(zw_text_of(out), &back));
            assert_true(back == value);
            assert_true(strtod(out, NULL) == value); /* the quick way is right to the last bit */
        }
    }
}

/* Without such a locale on the machine this still holds, but then proves nothing. */
static void a_comma_locale_changes_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; set == NULL && i < sizeof names / sizeof names[0]; i++) {
        set = setlocale(LC_ALL, names[i]);
    }
    print_message("  locale: %s\n", set != NULL ? set : "none with a comma on this machine");
    char out[32];
    double value;
    assert_string_equal(zw_text_of_number(0.1, out, sizeof out), "0.1");
    assert_true(zw_text_number(zw_text_of("0.12345678901234567890"), &value));
    assert_true(value == 0.12345678901234567890);
    assert_false(zw_text_number(zw_text_of("0,5"), &value));
    assert_non_null(setlocale(LC_ALL, "C"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_numbers_are_read),
        cmocka_unit_test(a_number_at_the_start_of_a_text_is_read),
        cmocka_unit_test(any_byte_that_is_no_digit_ends_it),
        cmocka_unit_test(it_is_what_strtod_reads),
        cmocka_unit_test(what_is_no_plain_number_is_refused),
        cmocka_unit_test(whole_numbers_are_read_to_their_limits),
        cmocka_unit_test(numbers_are_written_in_their_shortest_form),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(a_comma_locale_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
