/* The words of a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "app/args.h"

#include <string.h>

static void options_and_the_rest_are_told_apart(void **state)
{
    (void)state;
    const char *db = "default";
    bool is_once = false;
    const zw_option options[] = {{"db", &db, NULL}, {"once", NULL, &is_once}};
    char *argv[] = {"run", "pack", "--db=a.db", "--once", "-", "--", "--db"};
    static zw_rest rest;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_args_read(7, argv, options, 2, &rest, &err), ZW_OK);
    assert_string_equal(db, "a.db");
    assert_true(is_once);
    assert_int_equal(rest.count, 3);
    assert_string_equal(rest.at[0], "pack");
    assert_string_equal(rest.at[1], "-");
    assert_string_equal(rest.at[2], "--db");
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *word, *text;
    } cases[] = {
        {"--onse", "unknown option '--onse'; did you mean 'once'?"},
        {"--db", "'--db' needs a value"},
        {"--once=yes", "'--once' takes no value"},
        {"--zzzzzz", "unknown option '--zzzzzz'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *db = NULL;
        bool is_once = false;
        const zw_option options[] = {{"db", &db, NULL}, {"once", NULL, &is_once}};
        char word[32];
        (void)strcpy(word, cases[i].word);
        char *argv[] = {"run", word};
        static zw_rest rest;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_args_read(2, argv, options, 2, &rest, &err), ZW_INVALID);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void one_letter_is_an_option_only_where_it_names_one(void **state)
{
    (void)state;
    const char *out = NULL;
    const zw_option options[] = {{"o", &out, NULL}};
    char *argv[] = {"export", "-x", "-o", "a.csv", "--", "-o"};
    static zw_rest rest;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_args_read(6, argv, options, 1, &rest, &err), ZW_OK);
    assert_string_equal(out, "a.csv");
    assert_int_equal(rest.count, 2);
    assert_string_equal(rest.at[0], "-x"); /* an expression may begin with a minus */
    assert_string_equal(rest.at[1], "-o");
    assert_int_equal(zw_args_read(3, argv, options, 1, &rest, &err), ZW_INVALID);
    assert_string_equal(err.text, "'-o' needs a value");
}

static void a_count_is_a_whole_number_that_fits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count; /* 0: refused */
    } rows[] = {{"1", 1}, {"100", 100}, {"101", 0}, {"0", 0}, {"-1", 0}, {"7x", 0}, {"", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t count = 0;
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_args_count("max", rows[i].text, 100, &count, &err);
        assert_int_equal(count, rows[i].count);
        assert_int_equal(status, rows[i].count > 0 ? ZW_OK : ZW_INVALID);
        if (status != ZW_OK) {
            char said[80];
            (void)snprintf(said, sizeof(said), "--max: '%s' is no whole number in 1 … 100",
                           rows[i].text);
            assert_string_equal(err.text, said);
        }
    }
    size_t count = 7;
    assert_int_equal(zw_args_count("max", NULL, 100, &count, NULL), ZW_OK);
    assert_int_equal(count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_the_rest_are_told_apart),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(one_letter_is_an_option_only_where_it_names_one),
        cmocka_unit_test(a_count_is_a_whole_number_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
