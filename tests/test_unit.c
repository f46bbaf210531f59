/* Tests of the unit. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/unit.h"

#include <math.h>
#include <string.h>

static zw_unit unit_of(const char *text)
{
    zw_unit unit;
    zw_err err = {0};
    assert_int_equal(zw_unit_parse(zw_text_of(text), &unit, &err), ZW_OK);
    return unit;
}

static void units_are_read_and_written_as_a_pack_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        double scale;
        const char *word;
        bool is_points;
        const char *written;
    } rows[] = {
        {"no dimension", "", 1, "", false, ""},
        {"no dimension, said", "1", 1, "", false, ""},
        {"a word", "firms", 1, "firms", false, "firms"},
        {"a scale of ten thousand", "1e4 CNY", 1e4, "CNY", false, "1e4 CNY"},
        {"of a hundred million", "1e8 CNY", 1e8, "CNY", false, "1e8 CNY"},
        {"the same in digits", "100000000 CNY", 1e8, "CNY", false, "1e8 CNY"},
        {"of a thousand", "1000 t", 1000, "t", false, "1000 t"},
        {"of a thousandth", "0.001 m", 0.001, "m", false, "0.001 m"},
        {"scale 1 is none", "1 CNY", 1, "CNY", false, "CNY"},
        {"percent", "%", 0.01, "", false, "%"},
        {"percentage points", "points", 0.01, "", true, "points"},
        {"a quotient", "ug/m3", 1, "ug/m3", false, "ug/m3"},
        {"a product is sorted", "kW*h", 1, "h*kW", false, "h*kW"},
        {"an operator goes with the factor behind it", "a/b*c", 1, "a*c/b", false, "a*c/b"},
        {"several below are sorted", "x/d/c", 1, "x/c/d", false, "x/c/d"},
        {"equal factors cancel, one for one", "a*a*b/a/b", 1, "a", false, "a"},
        {"nothing above", "1/min", 1, "1/min", false, "1/min"},
        {"ones say nothing", "1*a/1/b", 1, "a/b", false, "a/b"},
        {"a scaled rate", "1e3 1/min", 1000, "1/min", false, "1000 1/min"},
        {"white space around", "  1e4   CNY / firms ", 1e4, "CNY/firms", false, "1e4 CNY/firms"},
        {"full-width forms",
         "\xEF\xBC\x91"
         "e4\xE3\x80\x80"
         "CNY",
         1e4, "CNY", false, "1e4 CNY"},
        {"full-width percent", "\xEF\xBC\x85", 0.01, "", false, "%"},
        {"Chinese words", "\xE5\xAE\xB6", 1, "\xE5\xAE\xB6", false, "\xE5\xAE\xB6"},
        {"digits and underscores behind a letter", "km2_x", 1, "km2_x", false, "km2_x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[ZW_UNIT_WORD_BYTES + 16];
        print_message("  %s\n", rows[i].why);
        zw_unit unit = unit_of(rows[i].text);
        assert_true(unit.scale == rows[i].scale);
        assert_string_equal(unit.word, rows[i].word);
        assert_int_equal(unit.is_points, rows[i].is_points);
        assert_string_equal(zw_unit_text(&unit, out, sizeof out), rows[i].written);
        zw_unit again = unit_of(out); /* what is written is read as the same */
        assert_true(again.scale == unit.scale);
        assert_string_equal(again.word, unit.word);
    }
}

static void what_is_no_unit_is_refused_with_words(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "2022",
        "CNY firms",
        "1e4",
        "-1 CNY",
        "0 CNY",
        "1e4CNY",
        "a//b",
        "/a",
        "a/",
        "a*",
        "*",
        "m^2",
        "$",
        "1e4 %",
        "a-b",
        "a.b",
        "2a",
        "a/2",
        "inf CNY",
        "\xFF",
        "a/a/",
        "%/min",
        "1e4 1",
        "a*a/a/a",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
        "a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_unit unit;
        zw_err err = {0};
        print_message("  '%s'\n", rows[i]);
        assert_int_equal(zw_unit_parse(zw_text_of(rows[i]), &unit, &err), ZW_INVALID);
        assert_non_null(strstr(err.text, "expected"));
        assert_true(unit.scale == 1 && unit.word[0] == '\0');
    }
}

static void only_the_same_words_fit(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool fits;
    } rows[] = {
        {"1e4 CNY", "1e8 CNY", true}, {"CNY", "firms", false},
        {"%", "points", true},        {"%", "", true},
        {"%", "CNY", false},          {"kW*h", "h*kW", true},
        {"CNY/firms", "CNY", false},  {"cny", "CNY", false},
    };
    zw_unit any = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_unit a = unit_of(rows[i].a), b = unit_of(rows[i].b);
        print_message("  '%s' and '%s'\n", rows[i].a, rows[i].b);
        assert_int_equal(zw_unit_fits(&a, &b), rows[i].fits);
        assert_int_equal(zw_unit_fits(&b, &a), rows[i].fits);
        assert_true(zw_unit_fits(&a, &any));
        assert_true(zw_unit_fits(&any, &b));
        assert_false(zw_unit_is_any(&a));
    }
    assert_true(zw_unit_is_any(&any));
    zw_unit plain = zw_unit_plain();
    assert_false(zw_unit_is_any(&plain));
}

static void products_and_quotients_derive_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b, *product, *quotient;
    } rows[] = {
        {"1e4 CNY", "firms", "CNY*firms", "CNY/firms"},
        {"CNY", "1e8 CNY", "CNY*CNY", ""},
        {"CNY/firms", "firms", "CNY", "CNY/firms/firms"},
        {"firms", "CNY/firms", "CNY", "firms*firms/CNY"},
        {"%", "CNY", "CNY", "1/CNY"},
        {"points", "%", "", ""},
        {"1/min", "1/min", "1/min/min", ""},
        {"", "min", "min", "1/min"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_unit a = unit_of(rows[i].a), b = unit_of(rows[i].b), out;
        print_message("  '%s' and '%s'\n", rows[i].a, rows[i].b);
        assert_true(zw_unit_multiply(&a, &b, &out));
        assert_string_equal(out.word, rows[i].product);
        assert_true(out.scale == 1 && !out.is_points);
        assert_true(zw_unit_divide(&a, &b, &out));
        assert_string_equal(out.word, rows[i].quotient);
        assert_true(out.scale == 1 && !out.is_points);
    }
    zw_unit any = {0}, firms = unit_of("firms"), out;
    assert_true(zw_unit_divide(&any, &firms, &out));
    assert_string_equal(out.word, "1/firms");
    assert_true(zw_unit_multiply(&firms, &firms, &firms)); /* the result may lie on an operand */
    assert_string_equal(firms.word, "firms*firms");
    zw_unit many = unit_of("a*b*c*d*e*f*g*h*i*j");
    assert_false(zw_unit_multiply(&many, &many, &out));
    zw_unit wide = unit_of("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
    assert_false(zw_unit_multiply(&wide, &wide, &out));
    assert_true(zw_unit_divide(&wide, &wide, &out));
}

static void values_are_shown_for_people(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        double value;
        const char *unit, *shown;
    } rows[] = {
        {"a scaled value", 60320000000.0, "1e8 CNY", "603.2 (1e8 CNY)"},
        {"one decimal always", 60000000000.0, "1e8 CNY", "600.0 (1e8 CNY)"},
        {"none from 10 000 on", 137276e8, "1e8 CNY", "137276 (1e8 CNY)"},
        {"just below", 99999e4, "1e5 CNY", "9999.9 (1e5 CNY)"},
        {"what rounds up to it has none either", 9999.96e4, "1e4 CNY", "10000 (1e4 CNY)"},
        {"halves round away from zero", 12.25e4, "1e4 CNY", "12.3 (1e4 CNY)"},
        {"below zero too", -12.25e4, "1e4 CNY", "-12.3 (1e4 CNY)"},
        {"also where a double has a hair less", 0.1235, "%", "12.4 %"},
        {"whole ones", 123455e3, "1e4 CNY", "12346 (1e4 CNY)"},
        {"percent", 0.123, "%", "12.3 %"},
        {"a hundred percent", 1, "%", "100.0 %"},
        {"points", -0.014, "points", "-1.4 points"},
        {"no minus before a zero", -0.0001, "%", "0.0 %"},
        {"a count", 1012, "firms", "1012 firms"},
        {"a broken count", 12.345, "firms", "12.35 firms"},
        {"its zeros are cut", 12.5, "firms", "12.5 firms"},
        {"both of them", 11.999, "firms", "12 firms"},
        {"a zero before the last stays", 12.05, "firms", "12.05 firms"},
        {"no dimension", 0.42, "", "0.42"},
        {"small", 0.001, "", "0"},
        {"small below zero", -0.001, "", "0"},
        {"below one and zero", -0.5, "", "-0.5"},
        {"large", 60320000000.0, "CNY", "60320000000 CNY"},
        {"very large", 1e300, "CNY", "1e+300 CNY"},
        {"very large with a scale", 1e300, "1e8 CNY", "1e+292 (1e8 CNY)"},
        {"below ten million millions", 9999999999999.0, "CNY", "9999999999999 CNY"},
        {"a quotient", 1.5, "CNY/firms", "1.5 CNY/firms"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[128], digits[40];
        zw_unit unit = unit_of(rows[i].unit);
        print_message("  %s\n", rows[i].why);
        assert_string_equal(zw_unit_show(rows[i].value, &unit, out, sizeof out), rows[i].shown);
        (void)zw_unit_digits(rows[i].value, &unit, digits, sizeof digits);
        assert_memory_equal(digits, out, strlen(digits));
        assert_true(out[strlen(digits)] == ' ' || out[strlen(digits)] == '\0');
    }
    char out[128];
    zw_unit any = {0};
    assert_string_equal(zw_unit_show(12.5, &any, out, sizeof out), "12.5");
    assert_string_equal(zw_unit_text(&any, out, sizeof out), "");
}

static void rounding_never_moves_a_value_by_more_than_half_a_step(void **state)
{
    (void)state;
    uint64_t seed = 3;
    zw_unit plain = zw_unit_plain(), scaled = unit_of("1e4 CNY");
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        double value = (double)((int64_t)seed >> 20) / (1 << (i % 31));
        char out[40];
        double shown;
        (void)zw_unit_digits(value, &plain, out, sizeof out);
        assert_true(zw_text_number(zw_text_of(out), &shown));
        assert_true(fabs(shown - value) <= 0.005 + 1e-5);
        (void)zw_unit_digits(value, &scaled, out, sizeof out);
        assert_true(zw_text_number(zw_text_of(out), &shown));
        assert_true(fabs(shown - value / 1e4) <= (fabs(shown) < 10000 ? 0.05 : 0.5) + 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_read_and_written_as_a_pack_writes_them),
        cmocka_unit_test(what_is_no_unit_is_refused_with_words),
        cmocka_unit_test(only_the_same_words_fit),
        cmocka_unit_test(products_and_quotients_derive_their_unit),
        cmocka_unit_test(values_are_shown_for_people),
        cmocka_unit_test(rounding_never_moves_a_value_by_more_than_half_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
