/* Tests of the order of keys. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_keys_always_come_in_the_same_order[] = {
    {"numbers, texts, truth values, handles",
     "local s = \"\" for k in pairs({ [yz] = 1, [gz] = 1, [true] = 1, [false] = 1, "
     "b = 1, ab = 1, a = 1, [10] = 1, [9] = 1, [-1.5] = 1 }) do s = s .. "
     "tostring(k) .. \" \" end error(s)",
     "p:2: -1.5 9 10 a ab b false true zone \"gz\" area \"yuzhu\" "},
    {"texts byte by byte",
     "local s = \"\" for k in pairs({ B = 1, a = 1, [\"a b\"] = 1, [\"\"] = 1, aa = "
     "1 }) do s = s .. \"<\" .. k .. \">\" end error(s)",
     "p:2: <><B><a><a b><aa>"},
    {"a value taken away is passed over",
     "local t, s = { a = 1, b = 2, c = 3 }, \"\" for k in pairs(t) do t.b = nil s = "
     "s .. k end error(s)",
     "p:2: ac"},
    {"a value changed on the way is read as it is",
     "local t, s = { a = 1, b = 2 }, \"\" for k, v in pairs(t) do t.b = 5 s = s .. "
     "k .. v end error(s)",
     "p:2: a1b5"},
    {"nothing", "for k in pairs({}) do error(k) end", ""},
    {"a table says itself how it goes",
     "for k, v in pairs(setmetatable({}, { __pairs = function(t) return function(_, "
     "i) if not i then return 1, 2 end end, t, nil end })) do error(k .. v) end",
     "p:2: 12"},
    {"poison has nothing", "for k in pairs(nothing_here) do error(k) end",
     "p:2:16: 'nothing_here' is not declared"},
    {"a number has no keys", "for k in pairs(5) do end",
     "p:2: bad argument #1 to 'pairs' (table expected, got number)"},
    {"nothing has no keys", "for k in pairs() do end",
     "p:2: bad argument #1 to 'pairs' (value expected)"},
    {"a function as a key has no order", "for k in pairs({ [error] = 1 }) do end",
     "p:2: a function as a key has no order: use numbers, texts or handles"},
};

static void keys_always_come_in_the_same_order(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_keys_always_come_in_the_same_order,
                    COUNT_OF(rows_of_keys_always_come_in_the_same_order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_always_come_in_the_same_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
