/* Calling: a Lua function of the pack is run for one area and period. */
#include "script/at.h"
#include "script/frozen.h"
#include "script/function.h"
#include "script/handle.h"
#include "script/script_state.h"
#include "script/second_result.h"

#include <math.h>
#include <stdio.h>

enum { TEXT_BYTES = 160 };

typedef struct running {
    zw_at at;
    zw_call_result *result;
} running;

/* What the function returned lies at `index` and behind. */
static void take_result(lua_State *lua, int index, const zw_call *call, zw_call_result *result)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (lua_gettop(lua) > index && !lua_isnil(lua, index + 1)) {
        zw_second_result_take(lua, index + 1, call);
    }
    if (lua_type(lua, index) == LUA_TNUMBER) {
        result->value = lua_tonumber(lua, index);
        /* A number divided by 0, as everywhere in the language, is missing. */
        result->is = isfinite(result->value) ? ZW_CALL_NUMBER : ZW_CALL_MISSING;
        return;
    }
    if (lua_isboolean(lua, index)) {
        result->is = ZW_CALL_TRUTH;
        result->value = lua_toboolean(lua, index) ? 1 : 0;
        return;
    }
    const zw_handle *handle = zw_handle_at(lua, index);
    bool is_unread = handle != NULL && zw_handle_is_expression(handle);
    (void)luaL_error(lua, "a function returns a number or a truth, this one returned %s%s",
                     lua_gettop(lua) < index ? "nothing" : zw_handle_words(lua, index, words),
                     is_unread ? " that it did not read: at(…)" : "");
}

/* The protected part. Argument 1: what runs. */
static int run(lua_State *lua)
{
    running *r = lua_touserdata(lua, 1);
    lua_settop(lua, 0);
    zw_at_push(lua);
    zw_function_push(lua, r->at.function);
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, LUA_MULTRET);
    take_result(lua, 2, r->at.call, r->result);
    return 0;
}

/* What has no place of its own is told where the function begins. */
static zw_status tell(const zw_script *script, const running *r, zw_place place, const char *text,
                      zw_err *err)
{
    if (place.line == 0 || place.file >= script->pack->file_count) {
        zw_function_push(zw_host_state(script->host), r->at.function);
        place = zw_host_place_of(zw_host_state(script->host));
    }
    if (place.line == 0 || place.file >= script->pack->file_count) {
        return zw_err_set(err, ZW_SCRIPT, "%s", text);
    }
    return zw_err_set(err, ZW_SCRIPT, "%s:%lu: %s", script->pack->files[place.file].path,
                      (unsigned long)place.line, text);
}

/* A call that did not return. The error lies at the stack's top. */
static zw_status ended(zw_script *script, zw_host_end end, running *r, zw_err *err)
{
    char text[TEXT_BYTES];
    zw_place place;
    const void *signal = zw_host_signal(script->host);
    zw_breach breach = zw_host_breached(script->host);
    if (script->failure.status != ZW_OK) {
        zw_status status = zw_err_set(err, script->failure.status, "%s", script->failure.text);
        script->failure.status = ZW_OK;
        return status;
    }
    if (end == ZW_HOST_STARVED) {
        return zw_err_nomem(err);
    }
    if (breach != ZW_BREACH_NONE) {
        r->result->breach = breach;
        script->functions[r->at.function].breaches[breach]++;
    }
    if (end == ZW_HOST_OVER_MEMORY) {
        bool is_text = breach == ZW_BREACH_TEXT;
        (void)snprintf(text, sizeof text,
                       is_text ? "a text is longer than %zu bytes"
                               : "a function needs more than %zu bytes of memory",
                       is_text ? script->limits.text_bytes : script->limits.memory_bytes);
        return tell(script, r, zw_host_refused_at(script->host), text, err);
    }
    if (end == ZW_HOST_RAISED && signal == zw_at_missing()) {
        r->result->is = ZW_CALL_MISSING;
        return ZW_OK;
    }
    if (end == ZW_HOST_RAISED && signal == zw_at_failed()) {
        return zw_err_set(err, r->at.failed, "%s", r->at.err.text);
    }
    const char *words = zw_host_error(script->host, &place);
    return tell(script, r, place, words, err);
}

/* Nothing that a call changed stays: the first change is its mistake, unless it has another. */
static zw_status leave_nothing(zw_script *script, zw_status status, running *r, zw_err *err)
{
    char text[TEXT_BYTES];
    zw_place place = {0, 0};
    const char *changed = zw_frozen_restore(zw_host_state(script->host), r->at.function, &place);
    if (changed == NULL || status != ZW_OK) {
        return status;
    }
    (void)snprintf(text, sizeof text,
                   "'%.60s' stands outside of this function and was changed: a function changes "
                   "nothing outside itself",
                   changed);
    *r->result = (zw_call_result){.is = ZW_CALL_MISSING};
    return tell(script, r, place, text, err);
}

zw_status zw_script_call(zw_script *script, uint32_t function, const zw_call *call,
                         zw_call_result *result, zw_err *err)
{
    lua_State *lua = zw_host_state(script->host);
    struct zw_at *outer = script->at;
    running r = {.at = {.call = call, .function = function}, .result = result};
    *result = (zw_call_result){.is = ZW_CALL_MISSING};
    if (function >= script->function_count) {
        return zw_err_set(err, ZW_SCRIPT, "there is no function number %u", (unsigned)function);
    }
    if (script->depth >= ZW_CALLS_DEEP) {
        return zw_err_set(err, ZW_SCRIPT, "functions read each other more than %d deep",
                          ZW_CALLS_DEEP);
    }
    if (lua_checkstack(lua, LUA_MINSTACK) == 0) {
        return zw_err_nomem(err);
    }
    zw_budget before = zw_host_open_budget(script->host, script->limits.call_instructions);
    int top = lua_gettop(lua);
    script->depth++;
    script->at = &r.at;
    lua_pushcfunction(lua, run);
    lua_pushlightuserdata(lua, &r);
    zw_host_end end = zw_host_call(script->host, 1, 0);
    script->depth--;
    script->at = outer;
    zw_status status = end == ZW_HOST_DONE ? ZW_OK : ended(script, end, &r, err);
    lua_settop(lua, top);
    status = leave_nothing(script, status, &r, err);
    zw_host_close_budget(script->host, before);
    result->has_read = r.at.reads > 0;
    return status;
}
