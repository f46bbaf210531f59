/* Tests of lists among the fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_one_and_several_are_read_alike[] = {
    {"one text for a list", "local a = area \"a\" { within = gz, aliases = \"x\" }", ""},
    {"several texts", "local a = area \"a\" { within = gz, aliases = { \"x\", \"y\" } }", ""},
    {"a list with other keys", "area \"a\" { within = gz, aliases = { x = \"y\" } }",
     "p:2:25: area \"a\": aliases takes a text or a list of texts"},
    {"a gap", "area \"a\" { within = gz, aliases = { \"x\", nil, \"y\" } }",
     "p:2:25: area \"a\": aliases takes a text or a list of texts"},
    {"a number among texts", "area \"a\" { within = gz, aliases = { \"x\", 5 } }",
     "p:2:25: area \"a\": aliases takes a text or a list of texts, got a number"},
    {"an alias of nothing", "area \"a\" { within = gz, aliases = \"  \" }",
     "p:2:25: area \"a\": aliases: a name is empty or too long"},
    {"an endless alias", "area \"a\" { within = gz, aliases = (\"x\"):rep(600) }",
     "p:2:25: area \"a\": aliases: a name is empty or too long"},
    {"one area for a list", "rule \"r\" { must = sales:over(1), each = yz }", ""},
    {"a list of areas", "rule \"r\" { must = sales:over(1), each = { yz, pz, yz } }", ""},
    {"areas under names", "rule \"r\" { must = sales:over(1), each = { a = yz } }",
     "p:2:34: rule \"r\": each takes an area or a list of areas"},
    {"a measure among areas", "rule \"r\" { must = sales:over(1), each = { yz, sales } }",
     "p:2:34: rule \"r\": each takes an area or a list of areas, got measure "
     "\"sales\""},
    {"what is wrong already is not told again",
     "rule \"r\" { must = sales:over(1), each = { yz, gz.arass } }",
     "p:2:50: zone \"gz\" has no attribute 'arass'; did you mean 'areas'?"},
    {"nobody", "rule \"r\" { must = sales:over(1), each = {} }",
     "p:2:34: rule \"r\": each is an empty list: nobody would be watched"},
    {"two zones, none said",
     "zone \"y\" { timezone = \"UTC\" } rule \"r\" { must = sales:over(1) }",
     "p:2:31: rule \"r\": say which zone: each = …"},
    {"two zones, one said",
     "zone \"y\" { timezone = \"UTC\" } rule \"r\" { must = sales:over(1), each = "
     "gz }",
     ""},
};

static void one_and_several_are_read_alike(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_one_and_several_are_read_alike,
                    COUNT_OF(rows_of_one_and_several_are_read_alike));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_and_several_are_read_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
