/* Tests of the sort: stable, the same every time, and never a hang. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define SHOW(list) "local s = '' for _, v in ipairs(" list ") do s = s .. ' ' .. v end error(s) "

static const struct pack_row rows_of_sorting[] = {
    {"numbers", "local t = { 3, 1, 2 } table.sort(t) " SHOW("t"), "p:2:  1 2 3"},
    {"nothing and one", "table.sort({}) local t = { 5 } table.sort(t) " SHOW("t"), "p:2:  5"},
    {"texts", "local t = { 'b', 'a', 'ab' } table.sort(t) " SHOW("t"), "p:2:  a ab b"},
    {"an order of one's own",
     "local t = { 3, 1, 2, 5, 4 } table.sort(t, function(a, b) return a > b end) " SHOW("t"),
     "p:2:  5 4 3 2 1"},
    {"equals stay as they stood: by the first letter alone",
     "local t = { 'b1', 'a1', 'b2', 'a2', 'b3', 'a3', 'a4' } "
     "table.sort(t, function(a, b) return a:sub(1, 1) < b:sub(1, 1) end) " SHOW("t"),
     "p:2:  a1 a2 a3 a4 b1 b2 b3"},
    {"a thousand, lopsided, with ten equals each: each is behind the one before",
     "local t = {} for i = 1, 1000 do t[i] = { k = i * i % 100, i = i } end "
     "table.sort(t, function(a, b) return a.k < b.k end) "
     "for i = 2, 1000 do local a, b = t[i - 1], t[i] "
     "assert(a.k < b.k or (a.k == b.k and a.i < b.i)) end error('right')",
     "p:2: right"},
    {"an order that says yes to all ends",
     "local t = {} for i = 1, 200 do t[i] = i end "
     "table.sort(t, function() return true end) error(#t)",
     "p:2: raised a number, not a text"},
    {"what cannot be compared", "table.sort({ 1, 'a' })",
     "p:2: attempt to compare string with number"},
    {"no table", "table.sort(1)", "p:2: bad argument #1 to 'sort' (table expected, got number)"},
    {"no function", "table.sort({}, 1)",
     "p:2: bad argument #2 to 'sort' (function expected, got number)"},
    {"a length that lies",
     "table.sort(setmetatable({}, { __len = function() return 2000000 end, __index = function() "
     "return 1 end }))",
     "p:2: bad argument #1 to 'sort' (array too big)"},
};

static void lists_are_sorted(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_sorting, COUNT_OF(rows_of_sorting));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_are_sorted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
