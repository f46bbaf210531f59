/* Tests of what is frozen: functions read what they hold, and change nothing outside themselves. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "call_reader.h"

#define TABLE_BELONGS                                                                              \
    "p:2: this table belongs to the pack: a function changes nothing outside itself"
#define CHANGED(name, line)                                                                        \
    "p:" line ": '" name                                                                           \
    "' stands outside of this function and was changed: a function changes nothing outside itself"

static const struct {
    const char *why, *before, *body, *error; /* error NULL: the value is 100, each time */
} rows[] = {
    {"a table is read by key", "local t = { a = 100 }", "return at(sales) * 0 + t.a", NULL},
    {"by length, in order, to its end", "local t = { 50, 20, 30 }",
     "local s = 0 for i = 1, #t do s = s + t[i] end for _, v in ipairs(t) do s = s + v end "
     "for _, v in pairs(t) do s = s + v end return at(sales) * 0 + s / 3",
     NULL},
    {"by the library", "local t = { 50, 20, 30 }",
     "local a, b, c = table.unpack(t) local u = table.move(t, 1, 3, 1, {}) table.sort(u) "
     "assert(table.concat(t, ' ') == '50 20 30') return at(sales) * 0 + a + b + u[2]",
     NULL},
    {"through what its metatable says",
     "local base = { a = 40 } local t = setmetatable({ b = 10 }, { __index = base, __call = "
     "function(self, x) return self.a + self.b + x end })",
     "return at(sales) * 0 + t(50)", NULL},
    {"what its metatable computes sees the table itself",
     "local t t = setmetatable({ b = 10 }, { __index = function(self, k) return self == t and "
     "self.b * 10 end })",
     "return at(sales) * 0 + t.a", NULL},
    {"inside another", "local t = { u = { v = { 100 } } }", "return at(sales) * 0 + t.u.v[1]",
     NULL},
    {"a list of areas is handed to an operation", "local list = { yz, pz }",
     "assert(at(count(sales:over(1), list)) == 100) return at(sales)", NULL},
    {"conditions are, and their values",
     "local keep = { industry = { 'ai', 'ic' } } local size = { 'big' }",
     "assert(at(revenue:where(keep):month()) == 100) "
     "return at(revenue:where { size = size }:month())",
     NULL},
    {"what a call makes is its own", "local t = { 1 }",
     "local u = { n = 0 } for i = 1, 100 do u.n = u.n + t[1] u[i] = i end return at(sales) * 0 + "
     "u.n",
     NULL},
    {"a helper is called", "local function twice(x) local y = x y = y + x return y end",
     "return twice(50) + at(sales) * 0", NULL},
    {"no number at all is as it was", "local nan = 0 / 0",
     "return at(sales) + (nan == nan and 1 or 0)", NULL},
    {"a variable that is written", "local n = 0", "n = n + 1 return at(sales) + n",
     CHANGED("n", "2")},
    {"a variable that is written by a helper", "local n = 0 local function count() n = n + 1 end",
     "count() return at(sales) + n", CHANGED("n", "2")},
    {"a variable that a table's function writes",
     "local n = 0 local t = { count = function() n = n + 1 end }", "t.count() return at(sales) + n",
     CHANGED("n", "2")},
    {"one that is emptied", "local n = 5", "n = nil return at(sales)", CHANGED("n", "2")},
    {"the function itself", "local f = sales", "f = at return at(sales)", CHANGED("f", "2")},
    {"all globals at once", "", "local s = at(sales) _ENV = {} return s", CHANGED("_ENV", "2")},
    {"a new field", "local t = {}", "t.n = 1 return at(sales)", TABLE_BELONGS},
    {"a field that is there", "local t = { n = 1 }", "t.n = t.n + 1 return at(sales)",
     TABLE_BELONGS},
    {"inside another table", "local t = { u = { n = 1 } }", "t.u.n = 2 return at(sales)",
     TABLE_BELONGS},
    {"a key", "local k = { n = 1 } local t = { [k] = 1 }", "k.n = 2 return at(sales)",
     TABLE_BELONGS},
    {"what only its metatable knows",
     "local base = { n = 1 } local t = setmetatable({}, { __index = base })",
     "base.n = 2 return at(sales)", TABLE_BELONGS},
    {"through its own __newindex",
     "local t = setmetatable({}, { __newindex = function(self, k, v) end })",
     "t.n = 2 return at(sales)", TABLE_BELONGS},
    {"by the library", "local t = { 2, 1 }", "table.sort(t) return at(sales)", TABLE_BELONGS},
    {"by adding", "local t = { 2, 1 }", "table.insert(t, 3) return at(sales)", TABLE_BELONGS},
    {"by taking out", "local t = { 2, 1 }", "table.remove(t) return at(sales)", TABLE_BELONGS},
    {"by another metatable", "local t = { 2, 1 }",
     "setmetatable(t, { __index = function() return 7 end }) return at(sales)",
     "p:2: this table's metatable is not to be changed"},
    {"even where the table said so itself", "local t = setmetatable({}, { __metatable = false })",
     "t.n = 1 return at(sales)", TABLE_BELONGS},
};

static void what_a_function_holds_stays(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[4096];
        struct reader reader = {.base = 0};
        print_message("  %s\n", rows[i].why);
        (void)snprintf(text, sizeof text,
                       "%s%s rule 'r' { must = function(at) %s end, every = 'month' }", PACK_HEAD,
                       rows[i].before, rows[i].body);
        struct loaded loaded = load_right(text);
        for (int again = 0; again < 3; again++) { /* each time from the same beginning */
            zw_call_result result;
            zw_err err = {ZW_OK, ""};
            zw_status status = call_first(&loaded, &reader, &result, &err);
            assert_string_equal(err.text, rows[i].error != NULL ? rows[i].error : "");
            assert_int_equal(status, rows[i].error != NULL ? ZW_SCRIPT : ZW_OK);
            assert_true(rows[i].error != NULL || result.value == 100);
        }
        unload(&loaded);
    }
}

static void a_change_is_put_back_though_the_call_failed(void **state)
{
    (void)state;
    struct reader reader = {.base = 0};
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    struct loaded loaded =
        load_right(PACK_HEAD "local n = 0\nrule 'r' { must = function(at) if n > 0 then return "
                             "at(sales) end n = 1 error 'no' end, every = 'month' }");
    for (int again = 0; again < 2; again++) {
        assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_SCRIPT);
        assert_string_equal(err.text, "p:3: no");
    }
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_function_holds_stays),
        cmocka_unit_test(a_change_is_put_back_though_the_call_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
