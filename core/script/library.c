/* The library: the language's own functions beside the nouns. */
#include "script/library.h"

#include "script/expression.h"
#include "script/globals.h"
#include "script/problem.h"
#include "script/receiver.h"

#include <math.h>
#include <string.h>

enum { PERIODS_MAX = 100000 };

static int refuse(lua_State *lua, const char *name, const char *expected)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (zw_handle_is_poison(lua, 1)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, name), "%s takes %s, got %s", name,
                             expected, zw_handle_words(lua, 1, words));
}

/* attr "leads", attr("km2", "km2") */
static int library_attr(lua_State *lua)
{
    zw_err err;
    zw_node proto = {.op = ZW_OP_ATTR};
    if (lua_type(lua, 1) != LUA_TSTRING) {
        return refuse(lua, "attr", "the name of an attribute");
    }
    if (!lua_isnoneornil(lua, 2)) {
        zw_text unit = zw_text_of(lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
        if (zw_unit_parse(unit, &proto.unit, &err) != ZW_OK) {
            return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, "attr"), "attr: %s",
                                     err.text);
        }
        proto.show = proto.unit;
    }
    proto.text = lua_tostring(lua, 1);
    return zw_expression_push(lua, &proto, NULL);
}

static int library_secret(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TSTRING || lua_tostring(lua, 1)[0] == '\0') {
        return refuse(lua, "secret", "the name of a secret");
    }
    const char *name = zw_script_text(lua, zw_text_of(lua_tostring(lua, 1)));
    zw_handle_push(lua, ZW_HANDLE_SECRET)->text = name;
    return 1;
}

static int library_periods(lua_State *lua)
{
    int is_whole = 0;
    lua_Integer count = lua_type(lua, 1) == LUA_TNUMBER ? lua_tointegerx(lua, 1, &is_whole) : 0;
    if (!is_whole || count < 1 || count > PERIODS_MAX) {
        return refuse(lua, "periods", "a whole number from 1");
    }
    zw_handle_push(lua, ZW_HANDLE_PERIODS)->count = (int32_t)count;
    return 1;
}

static int library_near(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TNUMBER || lua_type(lua, 2) != LUA_TNUMBER ||
        !isfinite(lua_tonumber(lua, 1)) || !(lua_tonumber(lua, 2) >= 0)) {
        return refuse(lua, "near", "a number and a tolerance");
    }
    zw_handle *near = zw_handle_push(lua, ZW_HANDLE_NEAR);
    near->number = lua_tonumber(lua, 1);
    near->tolerance = lua_tonumber(lua, 2);
    return 1;
}

/* --- of the language, but not yet here --- */

static int later(lua_State *lua, const char *name)
{
    return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, name), "not yet: %s", name);
}

static int library_alertmanager(lua_State *lua)
{
    return later(lua, "alertmanager");
}

static int library_email(lua_State *lua)
{
    return later(lua, "email");
}

static int library_exec(lua_State *lua)
{
    return later(lua, "exec");
}

void zw_library_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        {"alertmanager", library_alertmanager},
        {"attr", library_attr},
        {"email", library_email},
        {"exec", library_exec},
        {"near", library_near},
        {"periods", library_periods},
        {"secret", library_secret},
        {NULL, NULL},
    };
    zw_globals_offer(lua, functions);
    zw_globals_offer(lua, zw_pointwise_functions);
    zw_globals_offer(lua, zw_receiver_functions);
    (void)zw_handle_push(lua, ZW_HANDLE_MISSING);
    zw_globals_offer_value(lua, "missing");
    (void)zw_handle_push(lua, ZW_HANDLE_UNKNOWN);
    zw_globals_offer_value(lua, "unknown");
}
