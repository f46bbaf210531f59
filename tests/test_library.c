/* Tests of what makes small values. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_attributes_become_nodes[] = {
    {"plain", "attr \"km2\"", "attr \"km2\""},
    {"in an expression", "sales / attr(\"km2\", \"km2\")", "sales / attr \"km2\""},
    {"no name", "attr(3)", "! attr takes the name of an attribute, got a number"},
    {"no unit", "attr(\"km2\", \"km 2 x\")",
     "! attr: 'km 2 x' is no unit; expected a word like 'CNY', 'firms' or 'ug/m3', "
     "with a scale before it like '1e4 CNY', or '%' or 'points'"},
    {"a number for the unit", "attr(\"km2\", 3)",
     "! attr: '?' is no unit; expected a word like 'CNY', 'firms' or 'ug/m3', with "
     "a scale before it like '1e4 CNY', or '%' or 'points'"},
};

static void attributes_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_attributes_become_nodes,
                       COUNT_OF(rows_of_attributes_become_nodes));
}

static const struct formula_row rows_of_what_is_no_expression_is_told[] = {
    {"periods", "periods(2)", "! it takes an expression, got periods(n)"},
    {"no periods", "periods(0)", "! periods takes a whole number from 1, got a number"},
    {"half a period", "periods(1.5)", "! periods takes a whole number from 1, got a number"},
    {"a secret", "secret \"X\"", "! it takes an expression, got a secret"},
    {"a secret without a name", "secret \"\"", "! secret takes the name of a secret, got a text"},
    {"near", "near(1, 2)", "! it takes an expression, got near(v, tol)"},
    {"near without a tolerance", "near(1)", "! near takes a number and a tolerance, got a number"},
    {"missing", "missing", "! it takes an expression, got missing"},
    {"unknown", "unknown", "! it takes an expression, got unknown"},
};

static void what_is_no_expression_is_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_what_is_no_expression_is_told,
                       COUNT_OF(rows_of_what_is_no_expression_is_told));
}

static const struct formula_row rows_of_what_is_of_later_is_refused_by_name[] = {
    {"alertmanager", "alertmanager \"http://x\"", "! not yet: alertmanager"},
    {"email", "email \"x@y\"", "! not yet: email"},
    {"exec", "exec \"x\"", "! not yet: exec"},
};

static void what_is_of_later_is_refused_by_name(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_what_is_of_later_is_refused_by_name,
                       COUNT_OF(rows_of_what_is_of_later_is_refused_by_name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_become_nodes),
        cmocka_unit_test(what_is_no_expression_is_told),
        cmocka_unit_test(what_is_of_later_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
