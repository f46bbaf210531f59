/* Tests of the noun rule. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_rule_are_told[] = {
    {"must is needed", "rule \"r\" { }", "p:2:1: rule \"r\": must is needed"},
    {"a number of a year", "rule \"r\" { must = sales:year() }",
     "p:2:12: rule \"r\": must takes a truth, got a number: add :over(…), "
     ":under(…) …"},
    {"a plain number", "rule \"r\" { must = 5 }",
     "p:2:12: rule \"r\": must takes a truth, got a number: add :over(…), "
     ":under(…) …"},
    {"Lua's own truth is none", "rule \"r\" { must = true }",
     "p:2:12: rule \"r\": must takes a number or an expression, got true"},
    {"two grids", "rule \"r\" { must = sales:over(3), should = firms:over(3) }",
     "p:2:34: rule \"r\": must is of every month, should of every quarter: they "
     "must be of one grid"},
    {"nobody", "rule \"r\" { must = sales:over(3), each = {} }",
     "p:2:34: rule \"r\": each is an empty list: nobody would be watched"},
    {"one of the list is no area", "rule \"r\" { must = sales:over(3), each = { yz, \"x\" } }",
     "p:2:34: rule \"r\": each takes an area or a list of areas, got a text"},
    {"why is a text", "rule \"r\" { must = sales:over(3), why = 5 }",
     "p:2:34: rule \"r\": why takes a text, got a number"},
    {"a second zone comes later",
     "rule \"r\" { must = sales:over(3) } zone \"z\" { timezone = \"UTC\" }",
     "p:2:1: there are several zones: say which one, each = …"},
    {"two zones and none said",
     "zone \"z\" { timezone = \"UTC\" } rule \"r\" { must = sales:over(3) }",
     "p:2:31: rule \"r\": say which zone: each = …"},
    {"a misspelt rule operation",
     "local r = rule \"r\" { must = sales:over(3) } rule \"q\" { must = r:kept() }",
     "p:2:65: rule \"r\" has no operation 'kept'; it has :broken"},
};

static void mistakes_in_a_rule_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_rule_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_rule_are_told));
}

static void every_field_of_a_rule_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "rule 'r' { must = sales:over(3), should = sales:over(5), each = gz.areas, "
                  "why = 'so' }\n"
                  "rule 'f' { must = function(at) return at(firms) > 3 end, every = 'year' }\n");
    const zw_rule *r = loaded.pack->rules;
    assert_int_equal(loaded.pack->rule_count, 2);
    assert_int_equal(zw_pack_node(loaded.pack, r[0].must)->op, ZW_OP_OVER);
    assert_int_not_equal(r[0].should, ZW_NODE_NONE);
    assert_int_equal(r[0].each.count, 2);
    assert_string_equal(r[0].why, "so");
    const zw_node *call = zw_pack_node(loaded.pack, r[1].must);
    assert_int_equal(call->op, ZW_OP_CALL);
    assert_int_equal(call->type, ZW_TYPE_TRUTH);
    assert_int_equal(call->grid.every, ZW_YEAR);
    assert_int_equal(r[1].should, ZW_NODE_NONE);
    assert_int_equal(r[1].each.at[0], 0);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_rule_are_told),
        cmocka_unit_test(every_field_of_a_rule_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
