/* Tests of the text library. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script/text_library.h"
#include "script_rows.h"

static const struct pack_row rows_of_texts_are_as_lua_has_them[] = {
    {"byte, char, len", "error(string.byte(\"a\") .. string.char(98) .. (\"abc\"):len())",
     "p:2: 97b3"},
    {"upper, lower, reverse, sub, rep",
     "error((\"ab\"):upper() .. (\"CD\"):lower() .. (\"ef\"):reverse() .. "
     "(\"ghi\"):sub(2) .. (\"j\"):rep(3, \"-\"))",
     "p:2: ABcdfehij-j-j"},
    {"find and match",
     "error((\"a=1\"):find(\"=\", 1, true) .. (\"a=12\"):match(\"%d+\") .. "
     "(\"k\"):find(\"%w\"))",
     "p:2: 2121"},
    {"gsub and gmatch",
     "local s = \"\" for w in (\"a b c\"):gmatch(\"%a\") do s = s .. w end error(s "
     ".. (\"a-b\"):gsub(\"-\", \"+\"))",
     "p:2: abca+b"},
    {"format", "error(string.format(\"%d %s %5.2f %%\", 3, \"x\", 1.5))", "p:2: 3 x  1.50 %"},
    {"tables and functions have no address",
     "error(string.format(\"%s %s %s\", {}, function() end, sales))",
     "p:2: table function measure \"sales\""},
    {"tostring has none either",
     "error(tostring({}) .. tostring(function() end) .. tostring(gz) .. "
     "tostring(sales:over(3)) .. tostring(nil) .. tostring(1.5))",
     "p:2: tablefunctionzone \"gz\"a truthnil1.5"},
    {"what a table says of itself",
     "error(tostring(setmetatable({}, { __tostring = function() return \"me\" end "
     "})))",
     "p:2: me"},
};

static void texts_are_as_lua_has_them(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_texts_are_as_lua_has_them,
                    COUNT_OF(rows_of_texts_are_as_lua_has_them));
}

static const struct pack_row rows_of_what_could_do_harm_is_refused[] = {
    {"addresses", "local s = string.format(\"%p\", {})",
     "p:2: '%p' is not offered: an address is never the same"},
    {"addresses with flags", "local s = (\"%-10p\"):format({})",
     "p:2: '%p' is not offered: an address is never the same"},
    {"bytecode", "local s = string.dump(function() end)", "p:2:18: 'string' has no 'dump'"},
    {"packing", "local s = string.pack(\"i\", 1)", "p:2:18: 'string' has no 'pack'"},
    {"a misspelt function", "local s = (\"x\"):uper()",
     "p:2:17: 'string' has no 'uper'; did you mean 'upper'?"},
    {"a pattern that never ends", "local s = (\"a\"):rep(40):find((\".-\"):rep(20) .. \"b\")",
     "p:2: this pattern could take too long on a text of 40 bytes"},
    {"a replacement that never ends", "local s = (\"a\"):rep(16000):gsub(\"a*b\", \"\")",
     "p:2: this pattern could take too long on a text of 16000 bytes"},
    {"matching in a loop is charged",
     "local s = (\"a\"):rep(500) while true do s:find(\"a*a*b\") end",
     "p:2: this pattern could take too long on a text of 500 bytes"},
    {"a plain search in a loop is charged",
     "local s = (\"a\"):rep(16000) while true do s:find(\"aab\", 1, true) end",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"other functions in a loop are charged",
     "local s = (\"a\"):rep(16000) while true do s:byte(1) end",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"texts do not count", "local s = \"1\" + 1",
     "p:2: attempt to perform arithmetic on a string value (constant '1')"},
    {"the library is everybody's", "string.upper = nil",
     "p:2: 'string' belongs to everybody and cannot be changed"},
    {"a huge text", "local s = (\"x\"):rep(1e9)", "p:2: a text is longer than 16384 bytes"},
    {"nothing very often", "error(#(\"\"):rep(1 << 60) .. \"\")", "p:2: 0"},
    {"a text that grows", "local s = \"x\" while true do s = s .. s end",
     "p:2: a text is longer than 16384 bytes"},
    {"a list joined",
     "local t = {} for i = 1, 3000 do t[i] = \"12345678\" end "
     "local s = table.concat(t)",
     "p:2: a text is longer than 16384 bytes"},
};

static void what_could_do_harm_is_refused(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_what_could_do_harm_is_refused,
                    COUNT_OF(rows_of_what_could_do_harm_is_refused));
}

static void the_bound_of_a_match_grows_with_its_loose_parts(void **state)
{
    (void)state;
    static const struct {
        const char *why, *pattern;
        size_t len;
        unsigned long long steps;
    } rows[] = {
        {"a word that is there or not", "abc", 100, 404},
        {"anchored", "^abc", 100, 5},
        {"one loose part", "a+", 10, 363},
        {"a date", "^(%d+)-(%d+)-(%d+)$", 10, 5720},
        {"a set is one part, whatever stands in it", "[a*b%]+-]", 10, 110},
        {"a set that opens with its own end", "[]*]", 10, 55},
        {"what is escaped is no loose part", "%*%+", 10, 55},
        {"balanced brackets walk", "^%b()", 10, 66},
        {"a capture again walks", "^(a)%1", 10, 77},
        {"nothing", "", 0, 1},
        {"beyond counting", "^.-.-.-.-.-.-.-.-.-.-.-.-.-.-.-.-", 100000, UINT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        print_message("  %s\n", rows[i].why);
        assert_true(zw_text_library_steps(rows[i].pattern, strlen(rows[i].pattern), rows[i].len) ==
                    rows[i].steps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_as_lua_has_them),
        cmocka_unit_test(what_could_do_harm_is_refused),
        cmocka_unit_test(the_bound_of_a_match_grows_with_its_loose_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
