/* Frozen: what functions hold beside their arguments.
 *
 * A frozen table is emptied into another one, its contents, which nothing but its new metatable
 * knows: so every assignment, to whatever key, meets __newindex. */
#include "script/frozen.h"

#include "script/function.h"
#include "script/globals.h"
#include "script/key_order.h"

#include <lauxlib.h>

#define CONTENTS "zw.frozen" /* table to the table of its contents */

/* --- a frozen table --- */

static int frozen_newindex(lua_State *lua)
{
    return luaL_error(lua, "this table belongs to the pack: a function changes nothing outside "
                           "itself");
}

/* Upvalues: the contents, what the table's own metatable said. */
static int frozen_index(lua_State *lua)
{
    lua_settop(lua, 2);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) {
        return 1;
    }
    lua_pushvalue(lua, lua_upvalueindex(2));
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, 2);
    lua_call(lua, 2, 1);
    return 1;
}

/* Upvalue 1: the contents. */
static int frozen_len(lua_State *lua)
{
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, lua_upvalueindex(1)));
    return 1;
}

static int frozen_pairs(lua_State *lua)
{
    lua_pushcfunction(lua, zw_key_order_pairs);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_call(lua, 1, 3);
    return 3;
}

/* Fields of the metatable at the top that are not there are set. */
static void set_absent(lua_State *lua, const char *name, lua_CFunction run, int contents)
{
    if (lua_getfield(lua, -1, name) == LUA_TNIL) {
        lua_pushvalue(lua, contents);
        lua_pushcclosure(lua, run, 1);
        lua_setfield(lua, -3, name);
    }
    lua_pop(lua, 1);
}

/* The metatable of a frozen table: what its own said, except on writing. `own` is the stack index
 * of its own or 0; `contents` that of its contents. [-0, +1] */
static void push_metatable(lua_State *lua, int own, int contents)
{
    lua_newtable(lua);
    if (own != 0) {
        for (lua_pushnil(lua); lua_next(lua, own) != 0;) {
            lua_pushvalue(lua, -2);
            lua_insert(lua, -2);
            lua_rawset(lua, -4);
        }
    }
    lua_pushvalue(lua, contents);
    if (lua_getfield(lua, -2, "__index") != LUA_TNIL) {
        lua_pushcclosure(lua, frozen_index, 2);
    } else {
        lua_pop(lua, 1);
    }
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, frozen_newindex);
    lua_setfield(lua, -2, "__newindex");
    set_absent(lua, "__len", frozen_len, contents);
    set_absent(lua, "__pairs", frozen_pairs, contents);
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
}

/* Empties the table at the stack's top into a new one. [-0, +1] */
static void push_contents(lua_State *lua)
{
    int table = lua_gettop(lua);
    lua_newtable(lua);
    for (lua_pushnil(lua); lua_next(lua, table) != 0;) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, table + 1);
        lua_pushvalue(lua, -1);
        lua_pushnil(lua);
        lua_rawset(lua, table); /* a field that is there may be emptied on the way */
    }
}

/* --- everything that is held --- */

/* What is still to be looked into: a list, and the set of all that ever was in it. */
typedef struct walk {
    lua_State *lua;
    int list, set; /* stack indexes */
    lua_Integer count;
} walk;

/* Takes the value at the stack's top in, when it is new and can hold others. [-1, +0] */
static void walk_add(walk *w)
{
    lua_State *lua = w->lua;
    bool can_hold = lua_istable(lua, -1) ? !zw_globals_is_own(lua, -1) : lua_isfunction(lua, -1);
    lua_pushvalue(lua, -1);
    if (can_hold && lua_rawget(lua, w->set) == LUA_TNIL) {
        zw_host_charge(lua, 1);
        lua_pushvalue(lua, -2);
        lua_pushboolean(lua, 1);
        lua_rawset(lua, w->set);
        lua_pushvalue(lua, -2);
        lua_rawseti(lua, w->list, ++w->count);
    }
    lua_pop(lua, 2);
}

/* Keys and values of the table at the stack's top. */
static void walk_table(walk *w)
{
    lua_State *lua = w->lua;
    for (lua_pushnil(lua); lua_next(lua, -2) != 0;) {
        walk_add(w);
        lua_pushvalue(lua, -1);
        walk_add(w);
    }
}

static void walk_function(walk *w)
{
    for (int i = 1; lua_getupvalue(w->lua, -1, i) != NULL; i++) {
        walk_add(w);
    }
}

/* The table at the stack's top. [-0, +0] */
static void freeze(walk *w)
{
    lua_State *lua = w->lua;
    int table = lua_gettop(lua), own = 0;
    if (lua_getmetatable(lua, table) != 0) {
        own = lua_gettop(lua);
        walk_table(w);
    }
    lua_pushvalue(lua, table);
    push_contents(lua);
    int contents = lua_gettop(lua);
    push_metatable(lua, own, contents);
    lua_setmetatable(lua, table);
    lua_getfield(lua, LUA_REGISTRYINDEX, CONTENTS);
    lua_pushvalue(lua, table);
    lua_pushvalue(lua, contents);
    lua_rawset(lua, -3);
    lua_settop(lua, table);
}

static walk walk_begin(lua_State *lua)
{
    lua_newtable(lua);
    lua_newtable(lua);
    return (walk){.lua = lua, .list = lua_gettop(lua) - 1, .set = lua_gettop(lua)};
}

/* Follows everything; freezes tables, or only looks. */
static void walk_all(walk *w, bool freezes)
{
    lua_State *lua = w->lua;
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    for (lua_Integer i = 1; i <= w->count; i++) {
        lua_rawgeti(lua, w->list, i);
        if (lua_isfunction(lua, -1)) {
            walk_function(w);
        } else {
            walk_table(w);
        }
        if (freezes && lua_istable(lua, -1)) {
            freeze(w);
        } else if (!freezes && lua_getmetatable(lua, -1) != 0) {
            walk_table(w);
            lua_pop(lua, 1);
        }
        lua_pop(lua, 1);
    }
}

/* --- variables --- */

/* What the variables of the closures on a walk's list are: { closure, variable …, closure, … } */
static void note_variables(walk *w, zw_function *function)
{
    lua_State *lua = w->lua;
    lua_Integer at = 0;
    lua_newtable(lua);
    for (lua_Integer i = 1; i <= w->count; i++) {
        lua_rawgeti(lua, w->list, i);
        bool has_variables = lua_isfunction(lua, -1) && !lua_iscfunction(lua, -1);
        for (int n = 1; has_variables && lua_getupvalue(lua, -1, n) != NULL; n++) {
            if (n == 1) {
                lua_pushvalue(lua, -2);
                lua_rawseti(lua, -4, ++at);
                function->closure_count++;
            }
            lua_rawseti(lua, -3, ++at);
        }
        lua_pop(lua, 1);
    }
    function->held = luaL_ref(lua, LUA_REGISTRYINDEX);
}

void zw_frozen_make(lua_State *lua)
{
    zw_script *script = zw_script_of(lua);
    int top = lua_gettop(lua);
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, CONTENTS);
    for (uint32_t i = 0; i < script->function_count; i++) {
        walk w = walk_begin(lua);
        zw_function_push(lua, i);
        walk_add(&w);
        walk_all(&w, false);
        note_variables(&w, &script->functions[i]);
        lua_settop(lua, top);
    }
    walk all = walk_begin(lua);
    for (uint32_t i = 0; i < script->function_count; i++) {
        zw_function_push(lua, i);
        walk_add(&all);
    }
    walk_all(&all, true);
    lua_settop(lua, top);
}

/* The values at the two indexes; what is no number at all is the same as itself here. */
static bool is_same(lua_State *lua, int a, int b)
{
    return lua_rawequal(lua, a, b) != 0 ||
           (lua_rawequal(lua, a, a) == 0 && lua_rawequal(lua, b, b) == 0);
}

const char *zw_frozen_restore(lua_State *lua, uint32_t number, zw_place *place)
{
    const zw_function *function = &zw_script_of(lua)->functions[number];
    const char *changed = NULL;
    lua_Integer at = 0;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function->held);
    for (uint32_t i = 0; i < function->closure_count; i++) {
        const char *name;
        lua_rawgeti(lua, -1, ++at);
        for (int n = 1; (name = lua_getupvalue(lua, -1, n)) != NULL; n++) {
            lua_rawgeti(lua, -3, ++at);
            if (is_same(lua, -1, -2)) {
                lua_pop(lua, 2);
                continue;
            }
            (void)lua_setupvalue(lua, -3, n);
            lua_pop(lua, 1);
            if (changed == NULL) {
                lua_pushvalue(lua, -1);
                *place = zw_host_place_of(lua);
                changed = name;
            }
        }
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    return changed;
}

void zw_frozen_open(lua_State *lua, int index)
{
    if (!lua_istable(lua, index) || zw_script_of(lua)->stage != ZW_STAGE_READY) {
        return;
    }
    index = lua_absindex(lua, index);
    lua_getfield(lua, LUA_REGISTRYINDEX, CONTENTS);
    lua_pushvalue(lua, index);
    if (lua_rawget(lua, -2) != LUA_TNIL) {
        lua_replace(lua, index);
        lua_pop(lua, 1);
        return;
    }
    lua_pop(lua, 2);
}
