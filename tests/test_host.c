/* Tests of the host: limits hold, and what goes wrong is told with its place. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script/host.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#define MEGABYTE ((size_t)1024 * 1024)

/* Opens Lua's own library and compiles `text` as file 7. */
static int open_and_load(lua_State *lua)
{
    char name[ZW_CHUNK_NAME_BYTES];
    const char *text = lua_touserdata(lua, 1);
    luaL_openlibs(lua);
    if (luaL_loadbufferx(lua, text, strlen(text), zw_host_chunk_name(7, false, name), "t") !=
        LUA_OK) {
        return lua_error(lua);
    }
    lua_call(lua, 0, 1);
    return 1;
}

static zw_host_end run(zw_host *host, const char *text)
{
    char copy[1024];
    lua_State *lua = zw_host_state(host);
    assert_true(strlen(text) < sizeof copy);
    memcpy(copy, text, strlen(text) + 1);
    lua_settop(lua, 0);
    lua_pushcfunction(lua, open_and_load);
    lua_pushlightuserdata(lua, copy);
    return zw_host_call(host, 1, 1);
}

static void whatever_a_script_does_ends_and_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        zw_host_end end;
        uint32_t line;
        const char *error; /* NULL: not looked at */
    } rows[] = {
        {"a script that is done", "return 1", ZW_HOST_DONE, 0, NULL},
        {"an endless loop", "\nwhile true do end", ZW_HOST_OVER_BUDGET, 2,
         "this takes more than 100000 instructions: is there an endless loop?"},
        {"a protected call around it does not help",
         "while true do pcall(function() while true do end end) end", ZW_HOST_OVER_BUDGET, 1, NULL},
        {"nor does a handler that loops",
         "xpcall(function() while true do end end, function() return 1 end) while true do end",
         ZW_HOST_OVER_BUDGET, 1, NULL},
        {"a text that doubles", "local s = 'x' while true do s = s .. s end", ZW_HOST_OVER_MEMORY,
         0, NULL},
        {"a text made at once", "return ('x'):rep(1 << 30)", ZW_HOST_OVER_MEMORY, 0, NULL},
        {"a table that grows is charged for its growth",
         "local t = {} while true do t[#t + 1] = 1 end", ZW_HOST_OVER_BUDGET, 1, NULL},
        {"texts that are let go are charged too",
         "local s = ('x'):rep(100000) while true do local t = s .. s end", ZW_HOST_OVER_BUDGET, 1,
         NULL},
        {"deep recursion", "local function f() return 1 + f() end f()", ZW_HOST_OVER_MEMORY, 0,
         NULL},
        {"deep recursion in C", "\nlocal function f(s) return s:gsub('.', f) end f('x')",
         ZW_HOST_RAISED, 2, "C stack overflow"},
        {"an error with its place", "\nerror 'no'", ZW_HOST_RAISED, 2, "no"},
        {"an error without a place gets one", "\nerror('no', 0)", ZW_HOST_RAISED, 2, "no"},
        {"an error that is no text", "error({})", ZW_HOST_RAISED, 1, "raised a table, not a text"},
        {"an error that is nothing", "error()", ZW_HOST_RAISED, 1, "raised a nil, not a text"},
        {"an index of nothing", "local t\nreturn t.x", ZW_HOST_RAISED, 2,
         "attempt to index a nil value (local 't')"},
        {"a wrong argument", "return ('x'):rep({})", ZW_HOST_RAISED, 1,
         "bad argument #1 to 'rep' (number expected, got table)"},
        {"no Lua", "return = 1", ZW_HOST_RAISED, 1, "unexpected symbol near '='"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_host *host;
        zw_place place;
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_host_create(2 * MEGABYTE, NULL, &host, NULL), ZW_OK);
        (void)zw_host_open_budget(host, 100000);
        assert_int_equal(run(host, rows[i].text), rows[i].end);
        if (rows[i].line > 0) {
            const char *error = zw_host_error(host, &place);
            assert_int_equal(place.file, 7);
            assert_int_equal(place.line, rows[i].line);
            assert_true(rows[i].error == NULL || strstr(error, rows[i].error) == error);
        }
        if (rows[i].end == ZW_HOST_OVER_MEMORY) {
            assert_int_equal(zw_host_refused_at(host).line, 1);
        }
        (void)zw_host_open_budget(host, 100000);
        assert_int_equal(run(host, "return 2"), ZW_HOST_DONE); /* it is usable all the same */
        zw_host_destroy(host);
    }
}

static void a_call_inside_a_call_has_its_own_budget(void **state)
{
    (void)state;
    zw_host *host;
    assert_int_equal(zw_host_create(2 * MEGABYTE, NULL, &host, NULL), ZW_OK);
    (void)zw_host_open_budget(host, 50000);
    zw_budget outer = zw_host_open_budget(host, 2000);
    assert_int_equal(run(host, "for i = 1, 10000 do end"), ZW_HOST_OVER_BUDGET);
    zw_host_close_budget(host, outer);
    assert_int_equal(run(host, "for i = 1, 10000 do end"), ZW_HOST_DONE);
    assert_int_equal(run(host, "for i = 1, 100000 do end"), ZW_HOST_OVER_BUDGET);
    zw_host_destroy(host);
}

static int charge(lua_State *lua)
{
    zw_host_charge(lua, (uint64_t)lua_tointeger(lua, 1));
    return 0;
}

static void what_c_functions_do_is_charged(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        lua_Integer steps;
        zw_host_end end;
    } rows[] = {{"within the budget", 1000, ZW_HOST_DONE},
                {"beyond it", 100000, ZW_HOST_OVER_BUDGET},
                {"beyond counting", LUA_MAXINTEGER, ZW_HOST_OVER_BUDGET}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_host *host;
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_host_create(MEGABYTE, NULL, &host, NULL), ZW_OK);
        (void)zw_host_open_budget(host, 50000);
        lua_pushcfunction(zw_host_state(host), charge);
        lua_pushinteger(zw_host_state(host), rows[i].steps);
        assert_int_equal(zw_host_call(host, 1, 0), rows[i].end);
        zw_host_destroy(host);
    }
}

static int raise_signal(lua_State *lua)
{
    lua_pushvalue(lua, 1);
    return lua_error(lua);
}

static void a_signal_passes_as_it_is(void **state)
{
    (void)state;
    char here;
    zw_host *host;
    assert_int_equal(zw_host_create(MEGABYTE, NULL, &host, NULL), ZW_OK);
    lua_pushcfunction(zw_host_state(host), raise_signal);
    lua_pushlightuserdata(zw_host_state(host), &here);
    assert_int_equal(zw_host_call(host, 1, 0), ZW_HOST_RAISED);
    assert_ptr_equal(zw_host_signal(host), &here);
    lua_settop(zw_host_state(host), 0);
    lua_pushcfunction(zw_host_state(host), raise_signal);
    lua_pushliteral(zw_host_state(host), "x");
    assert_int_equal(zw_host_call(host, 1, 0), ZW_HOST_RAISED);
    assert_null(zw_host_signal(host));
    zw_host_destroy(host);
}

static void every_ceiling_is_survived(void **state)
{
    (void)state;
    bool is_done = false;
    for (size_t bytes = 256; !is_done; bytes += 509) {
        zw_host *host;
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_host_create(bytes, NULL, &host, &err);
        if (status != ZW_OK) {
            assert_int_equal(status, ZW_LIMIT);
            assert_null(host);
            continue;
        }
        zw_host_end end = run(host, "local t = {} for i = 1, 500 do t[i] = { 'x' .. i } end");
        assert_true(end == ZW_HOST_DONE || end == ZW_HOST_OVER_MEMORY);
        is_done = end == ZW_HOST_DONE;
        zw_host_destroy(host);
        assert_true(bytes < 4 * MEGABYTE);
    }
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_host *host = NULL;
        failing_alloc_after(n);
        zw_status status = zw_host_create(4 * MEGABYTE, NULL, &host, NULL);
        zw_host_end end = ZW_HOST_STARVED;
        if (status == ZW_OK) {
            end = run(host, "local t = {} for i = 1, 50 do t[i] = { 'x' .. i } end");
        }
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (status == ZW_NOMEM && was_refused));
        assert_int_equal(end, was_refused ? ZW_HOST_STARVED : ZW_HOST_DONE);
        zw_host_destroy(host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_script_does_ends_and_is_told),
        cmocka_unit_test(a_call_inside_a_call_has_its_own_budget),
        cmocka_unit_test(what_c_functions_do_is_charged),
        cmocka_unit_test(a_signal_passes_as_it_is),
        cmocka_unit_test(every_ceiling_is_survived),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
