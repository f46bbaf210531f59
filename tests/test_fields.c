/* Tests of the fields of a declaration. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_a_schema_is_closed[] = {
    {"an unknown field", "rule \"r\" { mst = sales:over(1) }",
     "p:2:12: rule \"r\" has no field 'mst'; did you mean 'must'?"},
    {"an unknown field nothing is near", "rule \"r\" { must = sales:over(1), colour = 3 }",
     "p:2:34: rule \"r\" has no field 'colour'"},
    {"a field on a later line", "rule \"r\" { }", "p:2:1: rule \"r\": must is needed"},
    {"one that is written as a text", "rule \"r\" { [\"muts\"] = 3 }",
     "p:2:13: rule \"r\" has no field 'muts'; did you mean 'must'?"},
    {"fields of a table made elsewhere", "local t = { mst = 3 } rule \"r\"(t)",
     "p:2:23: rule \"r\" has no field 'mst'; did you mean 'must'?"},
    {"a positional value too many", "rule \"r\" { sales, must = sales:over(1) }",
     "p:2:1: rule \"r\": a value without a field name has no place here"},
    {"a key of another kind", "rule \"r\" { [gz] = 1, must = sales:over(1) }",
     "p:2:1: rule \"r\": a field's name is a word, not zone \"gz\""},
    {"every needed field", "measure \"m\" { }",
     "p:2:1: measure \"m\": kind is needed\n"
     "p:2:1: measure \"m\": unit is needed\n"
     "p:2:1: measure \"m\": every is needed"},
    {"but not when something else is wrong: one mistake, one line",
     "measure \"m\" { kidn = \"flow\" }",
     "p:2:15: measure \"m\" has no field 'kidn'; did you mean 'kind'?"},
};

static void a_schema_is_closed(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_a_schema_is_closed, COUNT_OF(rows_of_a_schema_is_closed));
}

static const struct pack_row rows_of_values_are_of_their_type[] = {
    {"a text", "rule \"r\" { must = sales:over(1), why = 3 }",
     "p:2:34: rule \"r\": why takes a text, got a number"},
    {"a whole number in its range", "zone \"z\" { timezone = \"UTC\", reporting_year = 1.5 }",
     "p:2:30: zone \"z\": reporting_year takes a whole number from 1 to 12"},
    {"a whole number, not a text", "zone \"z\" { timezone = \"UTC\", reporting_year = \"x\" }",
     "p:2:30: zone \"z\": reporting_year takes a number, got a text"},
    {"true or false",
     "measure \"m\" { kind = \"flow\", unit = \"a\", every = \"day\", partial = 1 }",
     "p:2:57: measure \"m\": partial takes true or false, got a number"},
    {"a grid", "measure \"m\" { kind = \"flow\", unit = \"a\", every = \"dya\" }",
     "p:2:42: measure \"m\": every takes a period length (\"month\", \"15m\" …), "
     "got \"dya\"; did you mean 'day'?"},
    {"a grid as a number", "measure \"m\" { kind = \"flow\", unit = \"a\", every = 7 }",
     "p:2:42: measure \"m\": every takes a text, got a number"},
    {"a length", "measure \"m\" { kind = \"flow\", unit = \"a\", every = \"day\", due = \"20\" }",
     "p:2:57: measure \"m\": due takes a length (\"20d\", \"3 months\" …), got "
     "\"20\""},
    {"a unit",
     "measure \"m\" { kind = \"flow\", unit = \"1e4\", every = \"day\", show = "
     "\"%%\" }",
     "p:2:30: measure \"m\": unit: '1e4' is no unit; expected a word like 'CNY', "
     "'firms' or 'ug/m3', with a scale before it like '1e4 CNY', or '%' or 'points'"},
    {"a period", "measure \"m\" { kind = \"flow\", unit = \"a\", every = \"day\", since = 20.5 }",
     "p:2:57: measure \"m\": since takes a period (2022, \"2022-Q3\" …), got a "
     "number"},
    {"a choice", "alert \"a\" { warning = sales:over(1), missing = \"keeep\" }",
     "p:2:38: alert \"a\": missing takes one of \"keep\", \"fire\", \"clear\", got "
     "\"keeep\"; did you mean 'keep'?"},
    {"a title in two languages",
     "rule \"r\" { must = sales:over(1), title = { en = \"a\", zh = \"b\" } }", ""},
    {"a title in no language", "rule \"r\" { must = sales:over(1), title = {} }",
     "p:2:34: rule \"r\": title takes a text or { en = …, zh = … }"},
    {"a title that is a number inside", "rule \"r\" { must = sales:over(1), title = { en = 3 } }",
     "p:2:34: rule \"r\": title takes texts, got a number"},
    {"poison is passed over", "rule \"r\" { must = salse:over(1), why = reveneu, each = gz.ares }",
     "p:2:19: 'salse' is not declared; did you mean 'sales'?\n"
     "p:2:40: 'reveneu' is not declared; did you mean 'revenue'?\n"
     "p:2:59: zone \"gz\" has no attribute 'ares'; did you mean 'areas'?"},
};

static void values_are_of_their_type(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_values_are_of_their_type,
                    COUNT_OF(rows_of_values_are_of_their_type));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_is_closed),
        cmocka_unit_test(values_are_of_their_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
