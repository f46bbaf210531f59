/* Tests of at: what a function reads, and where it stands. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "call_reader.h"

static const struct {
    const char *why, *body; /* of the function of a monthly indicator, for May 2020 at yuzhu */
    double value;           /* or, when `error` is given, none */
    const char *error;
} asked[] = {
    {"here and now", "return at(sales)", 105, NULL},
    {"another area", "return at(sales, pz)", 205, NULL},
    {"an earlier period there", "return at(sales, pz, -4)", 201, NULL},
    {"a plain number", "return at(3)", 3, NULL},
    {"a truth is a truth", "return at(sales:over(3)) and 1 or 0", 1, NULL},
    {"an indicator", "return at(twice)", 105, NULL},
    {"a formula written now", "return at(sales:lag(1) / 2)", 105, NULL},
    {"the area", "return at.area == yz and at.area.name == 'yuzhu' and 1 or 0", 1, NULL},
    {"parts of an area", "return #gz.areas", 2, NULL},
    {"the year", "return at.period.year", 2020, NULL},
    {"the month", "return at.period.month", 5, NULL},
    {"the quarter and the half", "return at.period.quarter * 10 + at.period.half", 21, NULL},
    {"the text", "return at.period.text == '2020-05' and 1 or 0", 1, NULL},
    {"a value that is there", "return at.value(sales) or 0", 105, NULL},
    {"a value elsewhere", "return at.value(sales, pz, -1) or 0", 204, NULL},
    {"a day has no place in a month", "return at.period.day", 0, "at.period has no 'day' here"},
    {"a misspelt field", "return at.aera", 0, "at has no 'aera'; did you mean 'area'?"},
    {"an area for an expression", "return at(yz)", 0, "at takes an expression, got area \"yuzhu\""},
    {"a text for an expression", "return at 'sales'", 0,
     "at takes a number or an expression, got a text"},
    {"a measure for an area", "return at(sales, sales)", 0,
     "at takes an area in second place, got measure \"sales\""},
    {"half a step", "return at(sales, yz, 0.5)", 0,
     "at takes a whole number of periods in third place, up to 10000"},
    {"a colon for a dot", "return at:value(sales)", 0, "write at.value(…) with a dot"},
    {"a misspelt operation", "return at(sales:yoyo())", 0,
     "measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"a name made at run time", "return at(_ENV['sal' .. 'se'])", 0, "'salse' is not declared"},
    {"a declaration", "rule 'x' { must = sales:over(1) } return 1", 0,
     "rule: declarations belong to loading"},
};

static void at_answers_what_is_asked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        char text[2048];
        struct reader reader = {.base = 5};
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", asked[i].why);
        (void)snprintf(text, sizeof text,
                       "%slocal twice = indicator 'twice' { sales * 2 }\n"
                       "rule 'r' { must = function(at) %s end, every = 'month' }",
                       PACK_HEAD, asked[i].body);
        struct loaded loaded = load_right(text);
        zw_status status = call_first(&loaded, &reader, &result, &err);
        if (asked[i].error == NULL) {
            assert_int_equal(status, ZW_OK);
            assert_true(result.is == ZW_CALL_NUMBER && result.value == asked[i].value);
        } else {
            char line[512];
            (void)snprintf(line, sizeof line, "p:3: %s", asked[i].error);
            assert_int_equal(status, ZW_SCRIPT);
            assert_string_equal(err.text, line);
        }
        unload(&loaded);
    }
}

static void the_period_of_a_year_has_no_month(void **state)
{
    (void)state;
    struct reader reader = {.base = 0};
    zw_call_result result;
    struct loaded loaded =
        load_right(PACK_HEAD "rule 'r' { must = function(at) return at.period.year == 2020 and "
                             "at.period.text == '2020' end, every = 'year' }");
    assert_int_equal(call_first(&loaded, &reader, &result, NULL), ZW_OK);
    assert_true(result.is == ZW_CALL_TRUTH && result.value == 1);
    assert_false(result.has_read);
    unload(&loaded);
}

/* Period 50 of each grid; python3: date(1970, 2, 20).isocalendar() is week 8 of 1970, the 50th week
 * after the one that holds 1970-01-01 is week 51, and 50 hours after 1970 began in UTC it is 10
 * o'clock on the 3rd in Shanghai. */
static void days_and_weeks_have_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *why, *every, *is;
    } rows[] = {
        {"a day", "day",
         "p.day == 20 and p.week == 8 and p.month == 2 and p.year == 1970 and p.text == "
         "'1970-02-20'"},
        {"a week", "week", "p.week == 51 and p.year == 1970 and p.text == '1970-W51'"},
        {"an hour lies in its area's day", "1h", "p.day == 3 and p.week == 1 and p.month == 1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2048];
        struct reader reader = {.base = 0};
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", rows[i].why);
        (void)snprintf(
            text, sizeof text,
            "%srule 'r' { must = function(at) local p = at.period return %s end, every = "
            "'%s' }",
            PACK_HEAD, rows[i].is, rows[i].every);
        struct loaded loaded = load_right(text);
        assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_OK);
        assert_string_equal(err.text, "");
        assert_true(result.is == ZW_CALL_TRUTH && result.value == 1);
        unload(&loaded);
    }
}

static void at_cannot_be_kept(void **state)
{
    (void)state;
    struct reader reader = {.base = 0};
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    struct loaded loaded =
        load_right(PACK_HEAD "local kept = {}\n"
                             "rule 'r' { must = function(at) kept[1] = at return at(sales) > 0 "
                             "end }");
    assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_SCRIPT);
    assert_string_equal(err.text, "p:3: this table belongs to the pack: a function changes nothing "
                                  "outside itself");
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_answers_what_is_asked),
        cmocka_unit_test(the_period_of_a_year_has_no_month),
        cmocka_unit_test(days_and_weeks_have_numbers),
        cmocka_unit_test(at_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
