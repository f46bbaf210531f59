/* Tests of handles. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_handles_are_no_values_of_lua[] = {
    {"smaller", "local x = sales < 3",
     "p:2: '<' and '>' cannot be recorded: use :under(…) or :over(…)"},
    {"smaller or equal", "local x = 3 <= sales",
     "p:2: '<=' and '>=' cannot be recorded: use :at_most(…) or :at_least(…)"},
    {"equal", "local x = sales == sales + 1", "p:2: '==' cannot be recorded: use :equals(…)"},
    {"the same is the same",
     "error(tostring(sales == sales) .. tostring(sales == firms) .. tostring(gz ~= "
     "yz))",
     "p:2: truefalsetrue"},
    {"poison is told once only",
     "local p = nothing_here local a, b, c, d = p < 3, p == p + 1, -p .. \"x\", #p "
     "local e = p.a.b(p):c { } [p] p.x = 1 for _ in ipairs(p) do end for _ in "
     "pairs(p) do end",
     "p:2:11: 'nothing_here' is not declared"},
    {"poison through operations and declarations",
     "local p = nothing_here local q = (p + sales):year():over(3) & ~p rule \"r\" { "
     "must = q } indicator \"i\" { min(p, 3) / when(p, 1, 2) } alert \"a\" { "
     "warning = any(p, { gz }), unless = p } test \"t\" { given = { [p] = {} }, "
     "expect = { [q] = {}, r = { [2020] = true } } }",
     "p:2:11: 'nothing_here' is not declared"},
    {"words of each",
     "error(tostring(gz) .. \", \" .. tostring(yz) .. \", \" .. tostring(sales) .. "
     "\", \" .. tostring(sales + 1) .. \", \" .. tostring(sales:over(1)) .. \", \" "
     ".. tostring(log()) .. \", \" .. tostring(missing))",
     "p:2: zone \"gz\", area \"yuzhu\", measure \"sales\", a number, a truth, "
     "log(), missing"},
    {"a handle is not changed", "sales.kind = \"ytd\"",
     "p:2: measure \"sales\" cannot be changed: everything about it stands inside "
     "its braces"},
    {"nor called", "sales(3)", "p:2: measure \"sales\" is not called"},
    {"a declared thing knows its name",
     "error(sales.name .. rule \"r\" { must = sales:over(1) }.name)", "p:2: salesr"},
    {"type", "error(type(sales))", "p:2: userdata"},
};

static void handles_are_no_values_of_lua(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_handles_are_no_values_of_lua,
                    COUNT_OF(rows_of_handles_are_no_values_of_lua));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handles_are_no_values_of_lua),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
