/* Globals: what a pack finds without asking, by allow list.
 *
 * Chunks get an empty table whose metatable answers from the offered ones: so every use of a name
 * that is not offered, and every assignment, passes through here. */
#include "script/globals.h"

#include "script/handle.h"
#include "script/key_order.h"
#include "script/problem.h"
#include "script/sort.h"
#include "script/text_library.h"

#include <lualib.h>
#include <stdio.h>
#include <string.h>

#define OFFERED "zw.offered" /* name to value */
#define CHUNKS "zw.globals"  /* the empty table */
#define OWN "zw.own"         /* the set of tables that are guarded already */
#define LEAKED "zw.leaked"   /* what a pack assigned all the same: told, and kept for its readers */

enum {
    TELL_STEPS = 64,  /* what looking at a mistake is charged, even when it is told already */
    VALUES_MAX = 1000 /* that are handed over at once */
};

/* --- functions of our own in the place of Lua's --- */

/* Runs Lua's own function, upvalue 1, on the arguments as they are: its mistakes then name it as
 * the script does. None of Lua's has upvalues. */
static int run_own(lua_State *lua)
{
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

/* A table in which another looks for what it has not, or puts what it is given: upvalue 1. Lua
 * follows thousands of such tables within one instruction; here each one costs. */
static int follow_index(lua_State *lua)
{
    lua_settop(lua, 2);
    zw_host_charge(lua, 1);
    lua_gettable(lua, lua_upvalueindex(1));
    return 1;
}

static int follow_newindex(lua_State *lua)
{
    lua_settop(lua, 3);
    zw_host_charge(lua, 1);
    lua_settable(lua, lua_upvalueindex(1));
    return 0;
}

/* Pushes what is kept of the metamethod at the stack's top, whose name is `key`. */
static void push_metamethod(lua_State *lua, const char *key)
{
    bool is_index = strcmp(key, "__index") == 0, is_newindex = strcmp(key, "__newindex") == 0;
    lua_pushvalue(lua, -1);
    if ((is_index || is_newindex) && !lua_isfunction(lua, -1)) {
        lua_pushcclosure(lua, is_index ? follow_index : follow_newindex, 1);
    } else if (strcmp(key, "__call") == 0 && !lua_isfunction(lua, -1)) {
        /* Lua asks what is called for a __call of its own, again and again. */
        (void)luaL_error(lua, "setmetatable: __call takes a function");
    }
}

/* Lua looks at __gc when a metatable is set, at __mode and __close whenever it likes. So what is
 * set is a copy, taken when it was allowed. */
static int globals_setmetatable(lua_State *lua)
{
    static const char *const barred[] = {"__gc", "__close", "__mode"};
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_argexpected(lua, lua_isnoneornil(lua, 2) || lua_istable(lua, 2), 2, "nil or table");
    if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL) {
        return luaL_error(lua, "this table's metatable is not to be changed");
    }
    lua_settop(lua, 2);
    if (lua_isnil(lua, 2)) {
        lua_setmetatable(lua, 1);
        return 1;
    }
    for (size_t i = 0; i < sizeof barred / sizeof barred[0]; i++) {
        lua_pushstring(lua, barred[i]);
        if (lua_rawget(lua, 2) != LUA_TNIL) {
            return luaL_error(lua, "setmetatable: %s is not offered to packs", barred[i]);
        }
        lua_pop(lua, 1);
    }
    lua_newtable(lua);
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
        zw_host_charge(lua, 1);
        if (lua_type(lua, -2) == LUA_TSTRING) {
            push_metamethod(lua, lua_tostring(lua, -2));
            lua_setfield(lua, 3, lua_tostring(lua, -3));
        }
    }
    lua_setmetatable(lua, 1);
    lua_settop(lua, 1);
    return 1;
}

static int globals_ipairs_end(lua_State *lua)
{
    lua_pushnil(lua);
    return 1;
}

/* Poison has no parts. Upvalue 1 is Lua's own. */
static int globals_ipairs(lua_State *lua)
{
    if (zw_handle_is_poison(lua, 1)) {
        lua_pushcfunction(lua, globals_ipairs_end);
        return 1;
    }
    return run_own(lua);
}

/* Work that Lua's table functions do in C, where `count` elements are passed over. */
static void charge_elements(lua_State *lua, lua_Integer count)
{
    if (count > 0) {
        zw_host_charge(lua, (uint64_t)count);
    }
}

static lua_Integer length_of(lua_State *lua, int index)
{
    return lua_istable(lua, index) ? luaL_len(lua, index) : 0;
}

static void charge_move(lua_State *lua)
{
    lua_Integer from = luaL_checkinteger(lua, 2), to = luaL_checkinteger(lua, 3);
    if (to >= from) {
        charge_elements(lua, from < 0 && to > LUA_MAXINTEGER + from ? LUA_MAXINTEGER : to - from);
    }
}

static void charge_unpack(lua_State *lua)
{
    lua_Integer from = luaL_optinteger(lua, 2, 1);
    lua_Integer to = luaL_opt(lua, luaL_checkinteger, 3, length_of(lua, 1));
    if (to >= from && (lua_Unsigned)to - (lua_Unsigned)from >= VALUES_MAX) {
        (void)zw_host_breach(lua, ZW_BREACH_VALUES, "table.unpack gives at most %d values",
                             VALUES_MAX);
    }
    charge_elements(lua, to - from);
}

/* Upvalues: Lua's own function, its name. */
static int globals_table_function(lua_State *lua)
{
    const char *name = lua_tostring(lua, lua_upvalueindex(2));
    if (strcmp(name, "unpack") == 0) {
        charge_unpack(lua);
    } else if (strcmp(name, "move") == 0) {
        charge_move(lua);
    } else if (strcmp(name, "concat") == 0) {
        lua_Integer to = luaL_optinteger(lua, 4, length_of(lua, 1));
        lua_Integer from = luaL_optinteger(lua, 3, 1);
        charge_elements(lua, from < 1 ? to : to - from);
    } else if (lua_gettop(lua) > 2 || strcmp(name, "remove") == 0) { /* insert or remove inside */
        charge_elements(lua, length_of(lua, 1));
    }
    return run_own(lua);
}

/* --- reading and assigning globals --- */

/* Tries every key of the table of names at `index`; the table keeps the texts alive. */
static void try_keys(lua_State *lua, int index, zw_nearest *nearest)
{
    lua_Integer count = zw_key_order_list(lua, index);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, -1, i);
        zw_nearest_try(nearest, lua_tostring(lua, -1));
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

/* Upvalues: the library's name, the table of its functions. */
static int library_index(lua_State *lua)
{
    const char *library = lua_tostring(lua, lua_upvalueindex(1));
    if (lua_type(lua, 2) != LUA_TSTRING) {
        lua_pushnil(lua);
        return 1;
    }
    const char *name = lua_tostring(lua, 2);
    zw_nearest nearest;
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest_init(&nearest, zw_text_of(name));
    try_keys(lua, lua_upvalueindex(2), &nearest);
    return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, name), "'%s' has no '%s'%s",
                             library, name, zw_problem_hint(&nearest, hint, sizeof hint));
}

static int library_newindex(lua_State *lua)
{
    return luaL_error(lua, "'%s' belongs to everybody and cannot be changed",
                      lua_tostring(lua, lua_upvalueindex(1)));
}

/* Notes that the table at the stack's top is the language's own. */
static void note_own(lua_State *lua)
{
    lua_getfield(lua, LUA_REGISTRYINDEX, OWN);
    lua_pushvalue(lua, -2);
    lua_pushboolean(lua, 1);
    lua_rawset(lua, -3);
    lua_pop(lua, 1);
}

bool zw_globals_is_own(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    lua_getfield(lua, LUA_REGISTRYINDEX, OWN);
    lua_pushvalue(lua, index);
    bool is_own = lua_rawget(lua, -2) != LUA_TNIL;
    lua_pop(lua, 2);
    return is_own;
}

/* Makes the table at the top (-1) read-only and strict, under `name`. [-1, +0] */
static void offer_library(lua_State *lua, const char *name)
{
    lua_createtable(lua, 0, 3);
    lua_pushstring(lua, name);
    lua_pushvalue(lua, -3);
    lua_pushcclosure(lua, library_index, 2);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2); /* misses of the functions' table itself */
    lua_newtable(lua);         /* what scripts see: empty, so that every assignment is caught */
    lua_createtable(lua, 0, 3);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_pushstring(lua, name);
    lua_pushcclosure(lua, library_newindex, 1);
    lua_setfield(lua, -2, "__newindex");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
    lua_remove(lua, -2);
    note_own(lua);
    zw_globals_offer_value(lua, name);
}

static bool is_barred(const char *name)
{
    static const char *const barred[] = {
        "_G",      "collectgarbage", "coroutine", "debug",      "dofile", "getmetatable",
        "io",      "load",           "loadfile",  "loadstring", "next",   "os",
        "package", "pcall",          "print",     "rawequal",   "rawget", "rawlen",
        "rawset",  "unpack",         "warn",      "xpcall"};
    for (size_t i = 0; i < sizeof barred / sizeof barred[0]; i++) {
        if (strcmp(name, barred[i]) == 0) {
            return true;
        }
    }
    return false;
}

void zw_globals_tell(lua_State *lua, zw_where where, const char *name, bool is_assigned,
                     zw_nearest *nearest)
{
    char hint[ZW_PROBLEM_BYTES];
    if (is_assigned && zw_globals_has(lua, name)) {
        zw_problem_note(lua, where, "'%s' is a word of the language and cannot be assigned", name);
    } else if (is_assigned) {
        zw_problem_note(lua, where, "a global '%s' leaks: write local %s", name, name);
    } else if (is_barred(name)) {
        zw_problem_note(lua, where, "'%s' is not offered to packs", name);
    } else {
        lua_getfield(lua, LUA_REGISTRYINDEX, OFFERED);
        try_keys(lua, -1, nearest);
        lua_pop(lua, 1);
        zw_problem_note(lua, where, "'%s' is not declared%s", name,
                        zw_problem_hint(nearest, hint, sizeof hint));
    }
}

/* The names that the running function sees as its own are the likeliest to be meant. */
static void try_locals(lua_State *lua, zw_nearest *nearest)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(lua, level, &ar) == 1; level++) {
        const char *name;
        for (int i = 1; (name = lua_getlocal(lua, &ar, i)) != NULL; i++) {
            lua_pop(lua, 1);
            if (name[0] != '(') { /* "(temporary)" and the like */
                zw_nearest_try(nearest, name);
            }
        }
    }
}

/* A mistake with a name that was told when the file was read is not told again: it is in spoilt as
 * "file:name". */
static bool is_told(lua_State *lua, zw_where where, const char *name)
{
    char key[ZW_PROBLEM_BYTES];
    (void)snprintf(key, sizeof key, "%lu:%s", (unsigned long)where.file, name);
    return zw_pool_find(zw_script_of(lua)->spoilt, zw_text_of(key)) != ZW_POOL_NONE;
}

static void tell_once(lua_State *lua, const char *name, bool is_assigned)
{
    zw_where where = zw_problem_here(lua);
    zw_host_charge(lua, TELL_STEPS);
    if (is_told(lua, where, name)) {
        return;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    try_locals(lua, &nearest);
    zw_globals_tell(lua, zw_problem_at_name(lua, NULL, name), name, is_assigned, &nearest);
}

static int globals_index(lua_State *lua)
{
    if (lua_type(lua, 2) != LUA_TSTRING) {
        lua_pushnil(lua);
        return 1;
    }
    zw_globals_push_offered(lua, 2);
    if (!lua_isnil(lua, -1)) {
        return 1;
    }
    lua_getfield(lua, LUA_REGISTRYINDEX, LEAKED);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, -2) != LUA_TNIL) {
        return 1;
    }
    tell_once(lua, lua_tostring(lua, 2), false);
    zw_handle_push_poison(lua);
    return 1;
}

static int globals_newindex(lua_State *lua)
{
    if (lua_type(lua, 2) != LUA_TSTRING) {
        return luaL_error(lua, "globals have names");
    }
    tell_once(lua, lua_tostring(lua, 2), true);
    lua_getfield(lua, LUA_REGISTRYINDEX, LEAKED);
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, 3);
    lua_rawset(lua, -3);
    return 0;
}

/* --- making them --- */

void zw_globals_offer_value(lua_State *lua, const char *name)
{
    lua_getfield(lua, LUA_REGISTRYINDEX, OFFERED);
    lua_insert(lua, -2);
    lua_setfield(lua, -2, name);
    lua_pop(lua, 1);
}

void zw_globals_offer(lua_State *lua, const luaL_Reg *functions)
{
    for (; functions->name != NULL; functions++) {
        lua_pushcfunction(lua, functions->func);
        zw_globals_offer_value(lua, functions->name);
    }
}

bool zw_globals_has(lua_State *lua, const char *name)
{
    lua_pushstring(lua, name);
    zw_globals_push_offered(lua, -1);
    bool has = !lua_isnil(lua, -1);
    lua_pop(lua, 2);
    return has;
}

void zw_globals_push_offered(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    lua_getfield(lua, LUA_REGISTRYINDEX, OFFERED);
    lua_pushvalue(lua, index);
    lua_rawget(lua, -2);
    lua_remove(lua, -2);
}

void zw_globals_push(lua_State *lua)
{
    lua_getfield(lua, LUA_REGISTRYINDEX, CHUNKS);
}

/* Functions that read whole texts, also where they take numbers: each is charged for them. Upvalue
 * 1 is Lua's own. */
static int globals_reading_function(lua_State *lua)
{
    for (int i = lua_gettop(lua); i >= 1; i--) {
        if (lua_type(lua, i) == LUA_TSTRING) {
            zw_host_charge(lua, lua_rawlen(lua, i) / 8);
        }
    }
    return run_own(lua);
}

static void charge_for_reading(lua_State *lua, const char *function)
{
    lua_getfield(lua, -1, function);
    lua_pushcclosure(lua, globals_reading_function, 1);
    lua_setfield(lua, -2, function);
}

static void offer_base(lua_State *lua)
{
    static const char *const kept[] = {"assert", "error", "select", "tonumber", "type", NULL};
    static const luaL_Reg own[] = {{"pairs", zw_key_order_pairs},
                                   {"setmetatable", globals_setmetatable},
                                   {"tostring", zw_text_library_tostring},
                                   {NULL, NULL}};
    luaL_requiref(lua, LUA_GNAME, luaopen_base, 0);
    charge_for_reading(lua, "tonumber");
    for (size_t i = 0; kept[i] != NULL; i++) {
        lua_getfield(lua, -1, kept[i]);
        zw_globals_offer_value(lua, kept[i]);
    }
    lua_getfield(lua, -1, "ipairs");
    lua_pushcclosure(lua, globals_ipairs, 1);
    zw_globals_offer_value(lua, "ipairs");
    lua_pop(lua, 1);
    zw_globals_offer(lua, own);
}

static void offer_table(lua_State *lua)
{
    static const char *const charged[] = {"concat", "insert", "move", "remove", "unpack", NULL};
    luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 0);
    lua_newtable(lua);
    lua_getfield(lua, -2, "pack");
    lua_setfield(lua, -2, "pack");
    lua_pushcfunction(lua, zw_sort);
    lua_setfield(lua, -2, "sort");
    for (size_t i = 0; charged[i] != NULL; i++) {
        lua_getfield(lua, -2, charged[i]);
        lua_pushstring(lua, charged[i]);
        lua_pushcclosure(lua, globals_table_function, 2);
        lua_setfield(lua, -2, charged[i]);
    }
    offer_library(lua, "table");
    lua_pop(lua, 1);
}

static void offer_math(lua_State *lua)
{
    static const char *const constants[] = {"huge", "maxinteger", "mininteger", "pi", NULL};
    static const char *const functions[] = {"abs",       "acos", "asin",  "atan", "ceil", "cos",
                                            "deg",       "exp",  "floor", "fmod", "log",  "max",
                                            "min",       "modf", "rad",   "sin",  "sqrt", "tan",
                                            "tointeger", "type", "ult",   NULL}; /* no chance */
    luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 0);
    lua_newtable(lua);
    for (size_t i = 0; constants[i] != NULL; i++) {
        lua_getfield(lua, -2, constants[i]);
        lua_setfield(lua, -2, constants[i]);
    }
    for (size_t i = 0; functions[i] != NULL; i++) {
        lua_getfield(lua, -2, functions[i]);
        lua_pushcclosure(lua, globals_reading_function, 1);
        lua_setfield(lua, -2, functions[i]);
    }
    offer_library(lua, LUA_MATHLIBNAME);
    lua_pop(lua, 1);
}

static void offer_utf8(lua_State *lua)
{
    static const char *const charged[] = {"codepoint", "codes", "len", "offset", NULL};
    luaL_requiref(lua, LUA_UTF8LIBNAME, luaopen_utf8, 0);
    for (size_t i = 0; charged[i] != NULL; i++) {
        charge_for_reading(lua, charged[i]);
    }
    offer_library(lua, "utf8");
}

void zw_globals_push_guarded(lua_State *lua, lua_CFunction index, lua_CFunction newindex,
                             const char *key)
{
    lua_newtable(lua);
    lua_createtable(lua, 0, 3);
    lua_pushcfunction(lua, index);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, newindex);
    lua_setfield(lua, -2, "__newindex");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
    note_own(lua);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, LUA_REGISTRYINDEX, key);
}

void zw_globals_open(lua_State *lua)
{
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, OFFERED);
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, LEAKED);
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, OWN);
    offer_base(lua);
    offer_math(lua);
    offer_table(lua);
    offer_utf8(lua);
    zw_text_library_open(lua);
    offer_library(lua, LUA_STRLIBNAME);
    zw_globals_push_guarded(lua, globals_index, globals_newindex, CHUNKS);
    lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    /* What the libraries left behind is out of every script's reach; it is let go of all the same.
     */
    lua_pushnil(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}
