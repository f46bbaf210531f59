/* A handle: the userdata by which a script holds what it declared or wrote. */
#include "script/handle.h"

#include "script/problem.h"

#include <stdio.h>

#define METATABLE "zw.handle"
#define NAMED "zw.handles" /* noun and index to the one handle */

enum { HANDLE_STEPS = 32 }; /* what making one is charged: the C behind it counts no instructions */

zw_handle *zw_handle_push(lua_State *lua, zw_handle_is is)
{
    zw_host_charge(lua, HANDLE_STEPS);
    zw_handle *handle = lua_newuserdatauv(lua, sizeof *handle, 0);
    *handle =
        (zw_handle){.is = is, .node = ZW_NODE_NONE, .serial = zw_script_of(lua)->handle_count++};
    luaL_setmetatable(lua, METATABLE);
    return handle;
}

void zw_handle_push_poison(lua_State *lua)
{
    (void)zw_handle_push(lua, ZW_HANDLE_POISON);
}

void zw_handle_push_node(lua_State *lua, zw_node_id node, const char *groups)
{
    zw_handle *handle = zw_handle_push(lua, ZW_HANDLE_NODE);
    handle->node = node;
    handle->groups = groups;
}

static zw_handle_is is_of_noun(zw_noun noun)
{
    switch (noun) {
    case ZW_NOUN_ZONE:
    case ZW_NOUN_AREA:
        return ZW_HANDLE_AREA;
    case ZW_NOUN_MEASURE:
        return ZW_HANDLE_MEASURE;
    case ZW_NOUN_REGISTER:
        return ZW_HANDLE_REGISTER;
    case ZW_NOUN_INDICATOR:
        return ZW_HANDLE_INDICATOR;
    case ZW_NOUN_TARGET:
        return ZW_HANDLE_TARGET;
    case ZW_NOUN_RULE:
        return ZW_HANDLE_RULE;
    case ZW_NOUN_GUARD: /* the alert it raises */
    case ZW_NOUN_ALERT:
        return ZW_HANDLE_ALERT;
    case ZW_NOUN_NOTIFY:
        return ZW_HANDLE_NOTIFY;
    case ZW_NOUN_TEST:
        return ZW_HANDLE_TEST;
    case ZW_NOUN_NONE:
        break;
    }
    return ZW_HANDLE_POISON;
}

void zw_handle_push_noun(lua_State *lua, zw_noun noun, uint32_t index)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    zw_handle_is is = is_of_noun(noun);
    lua_Integer key = ((lua_Integer)is << 32) | (lua_Integer)index;
    lua_getfield(lua, LUA_REGISTRYINDEX, NAMED);
    if (lua_rawgeti(lua, -1, key) == LUA_TNIL) {
        lua_pop(lua, 1);
        zw_handle *handle = zw_handle_push(lua, is);
        handle->index = index;
        handle->node = noun == ZW_NOUN_MEASURE     ? pack->measures[index].node
                       : noun == ZW_NOUN_REGISTER  ? pack->registers[index].node
                       : noun == ZW_NOUN_INDICATOR ? pack->indicators[index].node
                                                   : ZW_NODE_NONE;
        lua_pushvalue(lua, -1);
        lua_rawseti(lua, -3, key);
    }
    lua_remove(lua, -2);
}

zw_handle *zw_handle_at(lua_State *lua, int index)
{
    return lua_type(lua, index) == LUA_TUSERDATA ? luaL_testudata(lua, index, METATABLE) : NULL;
}

bool zw_handle_is_poison(lua_State *lua, int index)
{
    const zw_handle *handle = zw_handle_at(lua, index);
    if (handle == NULL) { /* while loading, the only other userdata are nouns without braces */
        return lua_type(lua, index) == LUA_TUSERDATA &&
               zw_script_of(lua)->stage == ZW_STAGE_LOADING;
    }
    return handle->is == ZW_HANDLE_POISON;
}

bool zw_handle_is_expression(const zw_handle *handle)
{
    return handle->is == ZW_HANDLE_NODE || handle->is == ZW_HANDLE_MEASURE ||
           handle->is == ZW_HANDLE_INDICATOR;
}

bool zw_handle_is_truth(const zw_script *script, const zw_handle *handle)
{
    return zw_handle_is_expression(handle) &&
           zw_pack_node(script->pack, handle->node)->type == ZW_TYPE_TRUTH;
}

zw_noun zw_handle_noun(const zw_handle *handle)
{
    switch (handle->is) {
    case ZW_HANDLE_AREA:
        return ZW_NOUN_AREA;
    case ZW_HANDLE_MEASURE:
        return ZW_NOUN_MEASURE;
    case ZW_HANDLE_REGISTER:
        return ZW_NOUN_REGISTER;
    case ZW_HANDLE_INDICATOR:
        return ZW_NOUN_INDICATOR;
    case ZW_HANDLE_TARGET:
        return ZW_NOUN_TARGET;
    case ZW_HANDLE_RULE:
        return ZW_NOUN_RULE;
    case ZW_HANDLE_ALERT:
        return ZW_NOUN_ALERT;
    case ZW_HANDLE_NOTIFY:
        return ZW_NOUN_NOTIFY;
    case ZW_HANDLE_TEST:
        return ZW_NOUN_TEST;
    default:
        return ZW_NOUN_NONE;
    }
}

const char *zw_handle_name(const zw_script *script, const zw_handle *handle)
{
    const zw_pack *pack = script->pack;
    switch (zw_handle_noun(handle)) {
    case ZW_NOUN_AREA:
        return pack->areas[handle->index].title.name;
    case ZW_NOUN_MEASURE:
        return pack->measures[handle->index].title.name;
    case ZW_NOUN_REGISTER:
        return pack->registers[handle->index].title.name;
    case ZW_NOUN_INDICATOR:
        return pack->indicators[handle->index].title.name;
    case ZW_NOUN_TARGET:
        return pack->targets[handle->index].title.name;
    case ZW_NOUN_RULE:
        return pack->rules[handle->index].title.name;
    case ZW_NOUN_ALERT:
        return pack->alerts[handle->index].title.name;
    case ZW_NOUN_NOTIFY:
        return pack->notifies[handle->index].title.name;
    case ZW_NOUN_TEST:
        return pack->tests[handle->index].title.name;
    default:
        return "";
    }
}

static const char *words_of_handle(const zw_script *script, const zw_handle *handle)
{
    switch (handle->is) {
    case ZW_HANDLE_NODE:
        return zw_type_text(zw_pack_node(script->pack, handle->node)->type);
    case ZW_HANDLE_ITEMS:
        return "items of a register";
    case ZW_HANDLE_VALUES:
        return "values (`:values` without `:mean()` …)";
    case ZW_HANDLE_WINDOW:
        return "a window (`:rolling` without `:sum()` or `:mean()`)";
    case ZW_HANDLE_PARTS:
        return "parts (`:areas()` without `:sum()` …)";
    case ZW_HANDLE_PERIODS:
        return "periods(n)";
    case ZW_HANDLE_SECRET:
        return "a secret";
    case ZW_HANDLE_RECEIVER:
        return zw_receiver_kind_words(handle->receiver->kind);
    case ZW_HANDLE_NEAR:
        return "near(v, tol)";
    case ZW_HANDLE_MISSING:
        return "missing";
    case ZW_HANDLE_UNKNOWN:
        return "unknown";
    default:
        return "something that has a mistake";
    }
}

const char *zw_handle_words(lua_State *lua, int index, char *out)
{
    const zw_script *script = zw_script_of(lua);
    const zw_handle *handle = zw_handle_at(lua, index);
    if (handle != NULL && zw_handle_noun(handle) != ZW_NOUN_NONE) {
        zw_noun noun = zw_handle_noun(handle);
        const zw_pack *pack = script->pack;
        if (noun == ZW_NOUN_AREA && pack->areas[handle->index].is_zone) {
            noun = ZW_NOUN_ZONE;
        } else if (noun == ZW_NOUN_ALERT && zw_alert_is_guard(&pack->alerts[handle->index])) {
            noun = ZW_NOUN_GUARD;
        }
        (void)snprintf(out, ZW_HANDLE_WORDS_BYTES, "%s \"%.100s\"", zw_noun_text(noun),
                       zw_handle_name(script, handle));
        return out;
    }
    if (handle != NULL) {
        (void)snprintf(out, ZW_HANDLE_WORDS_BYTES, "%s", words_of_handle(script, handle));
        return out;
    }
    switch (lua_type(lua, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
        return "nothing";
    case LUA_TSTRING:
        return "a text";
    case LUA_TBOOLEAN:
        return lua_toboolean(lua, index) ? "true" : "false";
    case LUA_TUSERDATA:
        return "something that is no value";
    default:
        (void)snprintf(out, ZW_HANDLE_WORDS_BYTES, "a %s", luaL_typename(lua, index));
        return out;
    }
}

/* --- comparisons: Lua makes a boolean of them at once, so they cannot be recorded --- */

static int handle_eq(lua_State *lua)
{
    const zw_handle *a = zw_handle_at(lua, 1), *b = zw_handle_at(lua, 2);
    bool is_written = a != NULL && b != NULL && a->is != ZW_HANDLE_POISON &&
                      b->is != ZW_HANDLE_POISON &&
                      (a->is == ZW_HANDLE_NODE || b->is == ZW_HANDLE_NODE);
    if (is_written) {
        return luaL_error(lua, "'==' cannot be recorded: use :equals(…)");
    }
    lua_pushboolean(lua, 0); /* the same declared thing is the same handle and never comes here */
    return 1;
}

/* Lua turns > and >= around: the operator cannot be told from its mirror. */
static int refuse_order(lua_State *lua, const char *words)
{
    if (zw_handle_is_poison(lua, 1) || zw_handle_is_poison(lua, 2)) {
        lua_pushboolean(lua, 0);
        return 1;
    }
    return luaL_error(lua, "%s", words);
}

static int handle_lt(lua_State *lua)
{
    return refuse_order(lua, "'<' and '>' cannot be recorded: use :under(…) or :over(…)");
}

static int handle_le(lua_State *lua)
{
    return refuse_order(lua, "'<=' and '>=' cannot be recorded: use :at_most(…) or :at_least(…)");
}

static int handle_tostring(lua_State *lua)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    lua_pushstring(lua, zw_handle_words(lua, 1, words));
    return 1;
}

void zw_handle_open(lua_State *lua, const luaL_Reg *methods)
{
    static const luaL_Reg own[] = {{"__eq", handle_eq},
                                   {"__lt", handle_lt},
                                   {"__le", handle_le},
                                   {"__tostring", handle_tostring},
                                   {NULL, NULL}};
    luaL_newmetatable(lua, METATABLE);
    luaL_setfuncs(lua, own, 0);
    luaL_setfuncs(lua, methods, 0);
    lua_pushliteral(lua, "handle");
    lua_setfield(lua, -2, "__name");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 1);
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, NAMED);
}
