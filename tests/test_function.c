/* Tests of Lua functions in the place of expressions. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_the_grid_is_said_or_found[] = {
    {"of the handles it holds", "rule \"r\" { must = function(at) return at(sales) > 1 end }", ""},
    {"of handles in tables and functions",
     "local t = { x = { firms } } local function g(at) return at(t.x[1]) end rule "
     "\"r\" { must = function(at) return g(at) > 1 end }",
     ""},
    {"said", "rule \"r\" { must = function(at) return true end, every = \"month\" }", ""},
    {"neither", "rule \"r\" { must = function(at) return true end }",
     "p:2:12: rule \"r\": this function holds no measure or expression: say every = "
     "\"month\" (or another period length)"},
    {"areas have none", "rule \"r\" { must = function(at) return gz.km2 > 1 end }",
     "p:2:12: rule \"r\": this function holds no measure or expression: say every = "
     "\"month\" (or another period length)"},
    {"a misspelt one",
     "rule \"r\" { must = function(at) return at(sales) > 1 end, every = \"mnth\" }",
     "p:2:58: rule \"r\": every takes a period length (\"month\", \"15m\" …), got "
     "\"mnth\"; did you mean 'month'?"},
    {"every without a function", "rule \"r\" { must = sales:over(1), every = \"month\" }",
     "p:2:34: rule \"r\": every stands beside a function only"},
    {"two functions of two grids",
     "rule \"r\" { must = function(at) return at(sales) > 1 end, should = "
     "function(at) return at(firms) > 1 end }",
     "p:2:58: rule \"r\": must is of every month, should of every quarter: they "
     "must be of one grid"},
    {"a name inside that nobody declares",
     "rule \"r\" { must = function(at) return at(salse) > 1 end }",
     "p:2:42: 'salse' is not declared; did you mean 'sales'?"},
    {"a unit that is none", "indicator \"i\" { function(at) return at(sales) end, unit = \"1e4\" }",
     "p:2:52: indicator \"i\": unit: '1e4' is no unit; expected a word like 'CNY', "
     "'firms' or 'ug/m3', with a scale before it like '1e4 CNY', or '%' or 'points'"},
    {"a function among arguments", "local x = sales:over(function() end)",
     "p:2:17: :over takes a number or an expression, got a function"},
    {"tables that hold themselves",
     "local t = { firms } t.t = t rule \"r\" { must = function(at) return at(t[1]) "
     "> 1 end }",
     ""},
};

static void the_grid_is_said_or_found(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_the_grid_is_said_or_found,
                    COUNT_OF(rows_of_the_grid_is_said_or_found));
}

static void the_coarsest_grid_is_taken(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "local f = function(at) return at(sales) + at(share) + at(firms) end\n"
                             "indicator 'a' { f, unit = '1e4 CNY' }\n"
                             "indicator 'b' { f, every = 'quarter' }\n"
                             "alert 'c' { warning = function(at) return at(sales) > 1 end }\n");
    const zw_pack *pack = loaded.pack;
    const zw_node *a = zw_pack_node(pack, pack->indicators[0].formula);
    const zw_node *b = zw_pack_node(pack, pack->indicators[1].formula);
    const zw_node *c = zw_pack_node(pack, pack->alerts[0].when[ZW_WARNING]);
    assert_int_equal(a->op, ZW_OP_CALL);
    assert_int_equal(a->grid.every, ZW_YEAR);
    assert_true(a->unit.scale == 1 && a->show.scale == 1e4);
    assert_string_equal(a->unit.word, "CNY");
    assert_int_equal(b->grid.every, ZW_QUARTER);
    assert_int_not_equal(a->ref, b->ref); /* each declaration answers for its own */
    assert_int_equal(c->type, ZW_TYPE_TRUTH);
    assert_int_equal(c->grid.every, ZW_MONTH);
    assert_int_not_equal(a->ref, c->ref);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grid_is_said_or_found),
        cmocka_unit_test(the_coarsest_grid_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
