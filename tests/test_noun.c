/* Tests of nouns. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_a_declaration_has_a_name_and_braces[] = {
    {"no braces", "measure \"m\"", "p:2:1: measure \"m\" has no { … } behind it"},
    {"no name", "measure { kind = \"flow\" }", "p:2:1: write measure \"name\" { … }"},
    {"a number as name", "measure(3)", "p:2:1: write measure \"name\" { … }"},
    {"two arguments", "measure(\"m\", { kind = \"flow\" })", "p:2:1: write measure \"name\" { … }"},
    {"a text for the braces", "measure \"m\" \"x\"",
     "p:2:1: measure \"m\" takes its fields in { … }, got a text"},
    {"nothing in the braces' place", "measure \"m\"()",
     "p:2:1: measure \"m\" takes its fields in { … }, got nothing"},
    {"braces twice", "local d = rule \"r\" d { must = sales:over(1) } d { must = sales:over(1) }",
     "p:2: rule \"r\" has its { … } already"},
    {"used without braces", "local x = measure \"m\" + 1",
     "p:2:11: measure \"m\" has no { … } behind it"},
    {"what reads it is not told",
     "local g = guard \"g\" { on = { sales } } alert \"a\" { warning = g:overdue() }",
     "p:2:11: guard \"g\": one of hold, warn is needed"},
    {"a name taken by another noun", "rule \"sales\" { must = sales:over(1) }",
     "p:2:1: rule \"sales\" is declared twice: first as a measure at p:1"},
    {"a word of the language", "rule \"all\" { must = sales:over(1) }",
     "p:2:1: 'all' is a word of the language: choose another name"},
    {"no name", "rule \"Über\" { must = sales:over(1) }",
     "p:2:1: 'Über' is no name: expected lower-case letters, digits and _, a "
     "letter first"},
    {"a test is free",
     "test \"Anything Goes!\" { given = {}, expect = {} } test \"Anything Goes!\" { "
     "given = {}, expect = {} }",
     ""},
    {"a noun is a value",
     "local m = measure local x = m \"x\" { kind = \"flow\", unit = \"a\", every = "
     "\"day\" }",
     ""},
    {"an error inside the braces is the only one", "rule \"r\" { must = sales > 3 } ",
     "p:2: '<' and '>' cannot be recorded: use :under(…) or :over(…)"},
    {"names made in a loop", "for i = 1, 3 do rule(\"r\" .. i) { must = sales:over(i) } end", ""},
};

static void a_declaration_has_a_name_and_braces(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_a_declaration_has_a_name_and_braces,
                    COUNT_OF(rows_of_a_declaration_has_a_name_and_braces));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_declaration_has_a_name_and_braces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
