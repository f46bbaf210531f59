/* An expression as text: written by somebody who asks, with the pack's names. */
#include "script/expression.h"
#include "script/globals.h"
#include "script/handle.h"
#include "script/problem.h"
#include "script/script.h"
#include "script/script_state.h"

#include <string.h>

#define NAMES "zw.text_names" /* the table such a text gets as its globals */

#define NO_FILE UINT32_MAX

enum { TEXT_BYTES_MAX = 64 * 1024 };

typedef struct asked {
    zw_text text;
    zw_node_id node;
} asked;

static int names_index(lua_State *lua)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    if (lua_type(lua, 2) != LUA_TSTRING) {
        lua_pushnil(lua);
        return 1;
    }
    zw_globals_push_offered(lua, 2);
    if (!lua_isnil(lua, -1)) {
        return 1;
    }
    uint32_t index;
    const char *name = lua_tostring(lua, 2);
    zw_noun noun = zw_pack_find(pack, zw_text_of(name), &index);
    if (noun != ZW_NOUN_NONE) {
        zw_handle_push_noun(lua, noun, index);
        return 1;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    zw_pack_try_names(pack, ZW_NOUN_ZONE, ZW_NOUN_RULE, &nearest);
    zw_globals_tell(lua, zw_problem_here(lua), name, false, &nearest);
    return 0;
}

static int names_newindex(lua_State *lua)
{
    return luaL_error(lua, "an expression assigns nothing");
}

static void push_names(lua_State *lua)
{
    if (lua_getfield(lua, LUA_REGISTRYINDEX, NAMES) == LUA_TTABLE) {
        return;
    }
    lua_pop(lua, 1);
    zw_globals_push_guarded(lua, names_index, names_newindex, NAMES);
}

static void load_text(lua_State *lua, zw_text text)
{
    char name[ZW_CHUNK_NAME_BYTES];
    luaL_Buffer chunk;
    luaL_buffinit(lua, &chunk);
    luaL_addstring(&chunk, "return (");
    luaL_addlstring(&chunk, text.at, text.len);
    luaL_addstring(&chunk, "\n)"); /* behind a comment too */
    luaL_pushresult(&chunk);
    size_t len;
    const char *whole = lua_tolstring(lua, -1, &len);
    if (luaL_loadbufferx(lua, whole, len, zw_host_chunk_name(NO_FILE, false, name), "t") !=
        LUA_OK) {
        (void)lua_error(lua);
    }
    lua_remove(lua, -2);
    push_names(lua);
    lua_setupvalue(lua, -2, 1);
}

/* The node of what the text gave, at the stack's top. */
static zw_node_id node_of(lua_State *lua)
{
    char text[ZW_PROBLEM_BYTES];
    zw_node_id node = ZW_NODE_NONE;
    const zw_pack *pack = zw_script_of(lua)->pack;
    const zw_handle *handle = zw_handle_at(lua, -1);
    if (handle != NULL && handle->is == ZW_HANDLE_RULE) {
        return pack->rules[handle->index].must;
    }
    if (handle != NULL && handle->is == ZW_HANDLE_TARGET) {
        node = pack->targets[handle->index].expr;
        if (node == ZW_NODE_NONE) {
            (void)luaL_error(lua, "target \"%s\" says no expression",
                             pack->targets[handle->index].title.name);
        }
        return node;
    }
    if (!zw_expression_at(lua, -1, &node, NULL, text, sizeof text)) {
        (void)luaL_error(lua, "it %s", text[0] == '\0' ? "has a mistake" : text);
    }
    return node;
}

/* The protected part. Argument 1: what is asked. */
static int run(lua_State *lua)
{
    asked *query = lua_touserdata(lua, 1);
    lua_settop(lua, 0);
    load_text(lua, query->text);
    lua_call(lua, 0, 1);
    query->node = node_of(lua);
    return 0;
}

zw_status zw_script_expression(zw_script *script, zw_text text, zw_node_id *out, zw_err *err)
{
    lua_State *lua = zw_host_state(script->host);
    asked query = {.text = text, .node = ZW_NODE_NONE};
    zw_place place;
    *out = ZW_NODE_NONE;
    if (text.len > TEXT_BYTES_MAX) {
        return zw_err_set(err, ZW_INVALID, "an expression of more than %d bytes", TEXT_BYTES_MAX);
    }
    if (lua_checkstack(lua, 4) == 0) {
        return zw_err_nomem(err);
    }
    zw_budget before = zw_host_open_budget(script->host, script->limits.call_instructions);
    int top = lua_gettop(lua);
    lua_pushcfunction(lua, run);
    lua_pushlightuserdata(lua, &query);
    zw_status status = ZW_OK;
    switch (zw_host_call(script->host, 1, 0)) {
    case ZW_HOST_DONE:
        *out = query.node;
        break;
    case ZW_HOST_STARVED:
        status = zw_err_nomem(err);
        break;
    case ZW_HOST_OVER_MEMORY: {
        bool is_text = zw_host_breached(script->host) == ZW_BREACH_TEXT;
        status = zw_err_set(err, ZW_INVALID,
                            is_text ? "a text is longer than %zu bytes"
                                    : "this needs more than %zu bytes of memory",
                            is_text ? script->limits.text_bytes : script->limits.memory_bytes);
        break;
    }
    default:
        status = script->failure.status != ZW_OK
                     ? zw_err_set(err, script->failure.status, "%s", script->failure.text)
                     : zw_err_set(err, ZW_INVALID, "%s", zw_host_error(script->host, &place));
        script->failure.status = ZW_OK;
        break;
    }
    lua_settop(lua, top);
    zw_host_close_budget(script->host, before);
    return status;
}
