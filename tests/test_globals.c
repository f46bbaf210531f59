/* Tests of the globals. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_what_is_offered_works[] = {
    {"numbers", "error(math.max(1, 2) .. math.floor(2.5) .. math.huge .. math.type(1))",
     "p:2: 22infinteger"},
    {"tables",
     "local t = { 3, 1, 2 } table.sort(t) table.insert(t, 4) table.insert(t, 1, 0) "
     "table.remove(t) error(table.concat(t, \" \") .. #table.pack(1, 2) .. "
     "table.unpack({ 7 }) .. #table.move({ 1, 2 }, 1, 2, 3, {}))",
     "p:2: 0 1 2 3270"},
    {"pairs go in order",
     "local s = \"\" for k, v in pairs({ b = 2, a = 1, [3] = 4, [true] = 5 }) do s "
     "= s .. tostring(k) .. v end error(s)",
     "p:2: 34a1b2true5"},
    {"ipairs stop at the first gap",
     "local s = \"\" for i, v in ipairs({ 1, 2, nil, 4 }) do s = s .. i end error(s)", "p:2: 12"},
    {"utf8", "error(utf8.len(\"广\") .. utf8.char(65) .. utf8.codepoint(\"a\"))", "p:2: 1A97"},
    {"type, tonumber, select",
     "error(type(1) .. tonumber(\"12\") .. select(\"#\", 1, 2) .. type(gz))",
     "p:2: number122userdata"},
    {"assert", "assert(false, \"no\")", "p:2: no"},
    {"metatables are copied",
     "local m = { __index = { a = 1 } } local t = setmetatable({}, m) m.__index = "
     "nil error(t.a)",
     "p:2: raised a number, not a text"},
    {"a metatable is taken off",
     "local t = setmetatable({ 1 }, { __len = function() return 5 end }) error(#t "
     ".. #setmetatable(t, nil))",
     "p:2: 51"},
};

static void what_is_offered_works(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_what_is_offered_works,
                    COUNT_OF(rows_of_what_is_offered_works));
}

static const struct pack_row rows_of_what_is_not_offered_is_told[] = {
    {"chance", "local x = math.random(3)", "p:2:16: 'math' has no 'random'"},
    {"the clock and the machine",
     "local x = os.time() local y = io.open(\"x\") local z = os.execute(\"x\")",
     "p:2:11: 'os' is not offered to packs\n"
     "p:2:31: 'io' is not offered to packs"},
    {"text that becomes code",
     "local x = load(\"return 1\") local y = dofile(\"x\") local z = "
     "loadstring(\"x\")",
     "p:2:11: 'load' is not offered to packs\n"
     "p:2:38: 'dofile' is not offered to packs\n"
     "p:2:60: 'loadstring' is not offered to packs"},
    {"protected calls", "local x = pcall(error) local y = xpcall(error, error)",
     "p:2:11: 'pcall' is not offered to packs\n"
     "p:2:34: 'xpcall' is not offered to packs"},
    {"what looks inside",
     "local x = debug.getinfo(1) local y = getmetatable(\"\") local z = rawget({}, "
     "1)",
     "p:2:11: 'debug' is not offered to packs\n"
     "p:2:38: 'getmetatable' is not offered to packs\n"
     "p:2:65: 'rawget' is not offered to packs"},
    {"threads", "local x = coroutine.create(error)", "p:2:11: 'coroutine' is not offered to packs"},
    {"the collector", "collectgarbage(\"count\")",
     "p:2:1: 'collectgarbage' is not offered to packs"},
    {"printing", "print(\"x\")", "p:2:1: 'print' is not offered to packs"},
    {"all globals", "local g = _G.x", "p:2:11: '_G' is not offered to packs"},
    {"a misspelt library name", "local x = maths.floor(1)",
     "p:2:11: 'maths' is not declared; did you mean 'math'?"},
    {"a misspelt function", "local x = math.flor(1)",
     "p:2:16: 'math' has no 'flor'; did you mean 'floor'?"},
    {"a misspelt local", "local revenu2 = 1 return revnue",
     "p:2:26: 'revnue' is not declared; did you mean 'revenue'?"},
    {"a misspelt noun", "mesure \"x\" { }",
     "p:2:1: 'mesure' is not declared; did you mean 'measure'?"},
    {"a misspelt name in a function nobody calls", "local function f() return salse end",
     "p:2:27: 'salse' is not declared; did you mean 'sales'?"},
    {"once a name and file", "local a = reveneu local b = reveneu",
     "p:2:11: 'reveneu' is not declared; did you mean 'revenue'?"},
    {"twice through a name made at run time",
     "local n = \"xx\" local a = _ENV[n] local b = _ENV[n]", "p:2: 'xx' is not declared"},
};

static void what_is_not_offered_is_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_what_is_not_offered_is_told,
                    COUNT_OF(rows_of_what_is_not_offered_is_told));
}

static const struct pack_row rows_of_globals_do_not_leak[] = {
    {"a value", "leak = 1", "p:2:1: a global 'leak' leaks: write local leak"},
    {"a function", "function f() end", "p:2:10: a global 'f' leaks: write local f"},
    {"in a function nobody calls", "local function f() leak = 1 end",
     "p:2:20: a global 'leak' leaks: write local leak"},
    {"a word of the language", "min = 3",
     "p:2:1: 'min' is a word of the language and cannot be assigned"},
    {"a library", "math.pi = 3", "p:2: 'math' belongs to everybody and cannot be changed"},
    {"through _ENV", "_ENV.leak = 1 error(_ENV.leak)",
     "p:2: a global 'leak' leaks: write local leak\n"
     "p:2: raised a number, not a text"},
    {"what leaked is told once and readable", "leak = 1 local x = leak + 1",
     "p:2:1: a global 'leak' leaks: write local leak"},
    {"nothing is found in _ENV", "for k in pairs(_ENV) do error(k) end", ""},
    {"its metatable stays", "setmetatable(_ENV, {})",
     "p:2: this table's metatable is not to be changed"},
};

static void globals_do_not_leak(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_globals_do_not_leak, COUNT_OF(rows_of_globals_do_not_leak));
}

static const struct pack_row rows_of_tricks_are_barred[] = {
    {"finalizers", "setmetatable({}, { __gc = function() end })",
     "p:2: setmetatable: __gc is not offered to packs"},
    {"closers", "setmetatable({}, { __close = function() end })",
     "p:2: setmetatable: __close is not offered to packs"},
    {"weak tables", "setmetatable({}, { __mode = \"k\" })",
     "p:2: setmetatable: __mode is not offered to packs"},
    {"added later does not count",
     "local m = {} local t = setmetatable({}, m) m.__close = function() end local x "
     "<close> = t",
     "p:2: variable 'x' got a non-closable value"},
    {"handles keep theirs", "setmetatable(gz, {})",
     "p:2: bad argument #1 to 'setmetatable' (table expected, got handle)"},
    {"a protected table keeps its own",
     "local t = setmetatable({}, { __metatable = 1 }) setmetatable(t, {})",
     "p:2: this table's metatable is not to be changed"},
    {"a length that lies",
     "table.insert(setmetatable({}, { __len = function() return 1 << 50 end }), 1, "
     "1)",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"removing from it",
     "table.remove(setmetatable({}, { __len = function() return 1 << 50 end }), 1)",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"sorting what is not there",
     "table.sort(setmetatable({}, { __len = function() return (1 << 31) - 2 end, "
     "__index = tostring }))",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"moving what is not there", "table.move({}, 1, 1 << 50, 2)",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"moving all there is", "table.move({}, math.mininteger, -1, 1)",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"joining what is not there",
     "table.concat(setmetatable({}, { __index = tostring }), \"\", 1, 1 << 50)",
     "p:2: this takes more than 100000000 instructions: is there an endless loop?"},
    {"keys without an order", "local t = { [{}] = 1 } for k in pairs(t) do end",
     "p:2: a table as a key has no order: use numbers, texts or handles"},
    {"a table that grows for ever", "local t = {} while true do t[#t + 1] = {} end",
     "p:2: the pack needs more than 67108864 bytes of memory to load"},
};

static void tricks_are_barred(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_tricks_are_barred, COUNT_OF(rows_of_tricks_are_barred));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_offered_works),
        cmocka_unit_test(what_is_not_offered_is_told),
        cmocka_unit_test(globals_do_not_leak),
        cmocka_unit_test(tricks_are_barred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
