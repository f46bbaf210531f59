/* Tests of the pointwise functions. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_functions_of_expressions_become_nodes[] = {
    {"two", "min(sales, 3)", "min(sales, 3)"},
    {"three from the left", "min(sales, 3, sales:lag(1))", "min(min(sales, 3), sales:lag(1))"},
    {"the larger", "max(1, sales)", "max(1, sales)"},
    {"abs", "abs(sales)", "abs(sales)"},
    {"ln", "ln(share)", "ln(share)"},
    {"exp", "exp(share)", "exp(share)"},
    {"whole", "round(sales)", "round(sales, 0)"},
    {"decimals", "round(sales, 2)", "round(sales, 2)"},
    {"clamp", "clamp(sales, 1, 2)", "clamp(sales, 1, 2)"},
    {"when", "when(sales:over(1), sales, 0)", "when(sales:over(1), sales, 0)"},
    {"groups go through", "abs(revenue:by \"size\"):sum()", "abs(revenue):by \"size\":sum()"},
    {"a truth everywhere", "all(sales:over(1), { yuzhu, pazhou })",
     "all(sales:over(1), { yuzhu, pazhou })"},
    {"a truth anywhere", "any(sales:over(1), { yuzhu, pazhou, gz })",
     "any(sales:over(1), { yuzhu, pazhou, gz })"},
    {"how many", "count(sales:over(1), { yuzhu, pazhou })",
     "count(sales:over(1), { yuzhu, pazhou })"},
    {"a branch for each group", "when(revenue:by(\"size\"):over(1), revenue, 0):sum()",
     "when(revenue:by \"size\":over(1), revenue, 0):sum()"},
    {"groups at several areas", "any(revenue:by(\"size\"):over(1), { yuzhu, pazhou }):all()",
     "any(revenue:over(1), { yuzhu, pazhou }):by \"size\":all()"},
};

static void functions_of_expressions_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_functions_of_expressions_become_nodes,
                       COUNT_OF(rows_of_functions_of_expressions_become_nodes));
}

static const struct formula_row rows_of_functions_of_numbers_are_numbers[] = {
    {"min", "min(3, 2)", "2"},
    {"max of three", "max(1, 3, 2)", "3"},
    {"abs", "abs(-3)", "3"},
    {"ln", "ln(1)", "0"},
    {"exp", "exp(0)", "1"},
    {"halves go away from zero", "round(2.5)", "3"},
    {"below zero too", "round(-2.5)", "-3"},
    {"decimals", "round(1.25, 1)", "1.3"},
    {"tens", "round(15, -1)", "20"},
    {"clamp up", "clamp(0, 1, 2)", "1"},
    {"clamp down", "clamp(5, 1, 2)", "2"},
    {"clamp inside", "clamp(1.5, 1, 2)", "1.5"},
};

static void functions_of_numbers_are_numbers(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_functions_of_numbers_are_numbers,
                       COUNT_OF(rows_of_functions_of_numbers_are_numbers));
}

static const struct formula_row rows_of_wrong_arguments_are_told[] = {
    {"one is not enough", "min(1)", "! min takes two values or more"},
    {"two grids", "min(sales, firms)",
     "! 'min' of a month and a quarter: two grids in one operation; add :quarter() "
     "to the finer side"},
    {"a truth is no number", "max(sales:over(1), 1)", "! 'max' needs a number, got a truth"},
    {"ln of money", "ln(sales)", "! 'ln' needs a number without a unit, got CNY"},
    {"ln of nothing", "ln(0)", "! ln of this number has no value"},
    {"no value", "abs()", "! abs takes one value"},
    {"half a decimal", "round(sales, 0.5)", "! round takes a value and a whole number of decimals"},
    {"three wanted", "clamp(sales, 1)", "! clamp takes three values"},
    {"a number is no truth", "when(sales, 1, 2)",
     "! when takes a truth, got a number: add :over(…), :under(…) …"},
    {"Lua's own truth is none", "when(true, 1, 2)",
     "! when takes a number or an expression, got true"},
    {"two of three", "when(sales:over(1), 1)", "! when takes a truth and two values"},
    {"no areas", "all(sales:over(1), {})",
     "! all takes a truth and a list of areas that is not empty"},
    {"a number everywhere", "all(sales, { yuzhu })",
     "! all takes a truth, got a number: add :over(…), :under(…) …"},
    {"one is no area", "any(sales:over(1), { yuzhu, 3 })",
     "! any takes a list of areas, but one is a number"},
    {"no list", "count(sales:over(1), yuzhu)",
     "! count takes a truth and a list of areas that is not empty"},
    {"two groupings", "min(revenue:by \"size\", revenue:by \"industry\")",
     "! min one side is grouped by \"size\", the other by \"industry\""},
};

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_wrong_arguments_are_told,
                       COUNT_OF(rows_of_wrong_arguments_are_told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_expressions_become_nodes),
        cmocka_unit_test(functions_of_numbers_are_numbers),
        cmocka_unit_test(wrong_arguments_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
