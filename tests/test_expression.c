/* Tests of how values become nodes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_values_become_nodes[] = {
    {"a number", "1 + 1", "2"},
    {"a measure", "sales", "sales"},
    {"an attribute read by Lua", "gz.km2 * 2", "160"},
    {"the same twice is one", "sales + sales", "sales + sales"},
    {"numbers on both sides", "3 - sales * 2", "3 - (sales * 2)"},
};

static void values_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_values_become_nodes,
                       COUNT_OF(rows_of_values_become_nodes));
}

static const struct formula_row rows_of_other_values_are_told[] = {
    {"nothing", "nil", "! it takes a number or an expression, got nothing"},
    {"a text", "\"x\"", "! it takes a number or an expression, got a text"},
    {"a table", "{}", "! it takes a number or an expression, got a table"},
    {"a function", "function() end", "! it takes a number or an expression, got a function"},
    {"a zone", "gz", "! it takes an expression, got zone \"gz\""},
    {"a text added", "sales + \"3\"", "! '+' takes a number or an expression, got a text"},
    {"nothing added", "sales + nil", "! '+' takes a number or an expression, got nothing"},
    {"infinity", "sales + 1 / 0", "! '+' takes a finite number"},
    {"two units", "sales + revenue / firms:month()",
     "! '+': CNY and CNY/firms do not fit together"},
    {"two grids", "sales + firms",
     "! '+' of a month and a quarter: two grids in one operation; add :quarter() to "
     "the finer side"},
    {"a truth", "sales:over(1) + 1", "! '+' needs a number, got a truth"},
};

static void other_values_are_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_other_values_are_told,
                       COUNT_OF(rows_of_other_values_are_told));
}

static const struct pack_row rows_of_a_loop_that_writes_formulas_ends[] = {
    {"many expressions", "for i = 1, 1e7 do local n = sales + i end",
     "p:2: more than 200000 expressions: is one written in a loop?"},
    {"one inside the other", "local m = sales for i = 1, 2000 do m = m + i end",
     "p:2: a formula of more than 1000 operations inside each other: is it written in a loop?"},
};

static void a_loop_that_writes_formulas_ends(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_a_loop_that_writes_formulas_ends,
                    COUNT_OF(rows_of_a_loop_that_writes_formulas_ends));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_become_nodes),
        cmocka_unit_test(other_values_are_told),
        cmocka_unit_test(a_loop_that_writes_formulas_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
