/* Tests of what is read of an area by a dot. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_fields_of_an_area_are_read[] = {
    {"a number", "error(gz.km2 + 1)", "p:2: raised a number, not a text"},
    {"its name", "error(gz.name .. yz.name)", "p:2: gzyuzhu"},
    {"its title and note",
     "local a = area \"a\" { within = gz, title = \"A\", note = \"n\" } "
     "error(a.title .. a.note .. gz.title)",
     "p:2: Angz"},
    {"texts",
     "local a = area \"a\" { within = gz, leads = { \"x\", \"y\" }, bank = "
     "\"south\" } error(a.leads[2] .. #a.leads .. a.bank)",
     "p:2: y2south"},
    {"parts in order", "error(gz.areas[1].name .. gz.areas[2].name .. #gz.areas .. #yz.areas)",
     "p:2: yuzhupazhou20"},
    {"the same area is the same handle", "error(tostring(gz.areas[1] == yz) .. tostring(yz == pz))",
     "p:2: truefalse"},
    {"as a key", "local t = { [gz.areas[1]] = \"found\" } error(t[yz])", "p:2: found"},
    {"a misspelt attribute", "local x = gz.km3",
     "p:2:14: zone \"gz\" has no attribute 'km3'; did you mean 'km2'?"},
    {"a misspelt field", "local x = gz.aras",
     "p:2:14: zone \"gz\" has no attribute 'aras'; did you mean 'areas'?"},
    {"a number as field", "error(tostring(gz[1]))", "p:2: nil"},
    {"an area is no function", "gz()", "p:2: zone \"gz\" is not called"},
    {"what is written stays", "gz.km2 = 3",
     "p:2: zone \"gz\" cannot be changed: everything about it stands inside its "
     "braces"},
};

static void fields_of_an_area_are_read(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_fields_of_an_area_are_read,
                    COUNT_OF(rows_of_fields_of_an_area_are_read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_an_area_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
