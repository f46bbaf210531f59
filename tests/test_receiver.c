/* Tests of what makes receivers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_what_is_no_expression_is_told[] = {
    {"a webhook", "webhook \"http://x\"", "! it takes an expression, got webhook(…)"},
    {"with a body", "webhook(\"http://x\", {})", "! it takes an expression, got webhook(…)"},
    {"no address", "webhook \"x\"",
     "! webhook takes an address (\"http://…\") or secret \"NAME\", got a text"},
    {"no table", "webhook(\"http://x\", \"{}\")",
     "! webhook takes a table as its body, got a text"},
    {"log", "log()", "! it takes an expression, got log()"},
};

static void what_is_no_expression_is_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_what_is_no_expression_is_told,
                       COUNT_OF(rows_of_what_is_no_expression_is_told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_expression_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
