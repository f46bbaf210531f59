/* The state behind a script: what the files of this room share. */
#include "script/script_state.h"

#include "script/at.h"
#include "script/function.h"
#include "script/problem.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

enum { PACK_BYTES_MAX = 64 * 1024 * 1024 }; /* a loop that declares ends here */

zw_script *zw_script_of(lua_State *lua)
{
    return zw_host_owner(lua);
}

void zw_script_fail(lua_State *lua, zw_status status, const zw_err *err)
{
    zw_script *script = zw_script_of(lua);
    script->failure = *err;
    script->failure.status = status;
    (void)luaL_error(lua, "%s", script->failure.text);
}

bool zw_script_went_well(lua_State *lua, zw_status status, const zw_err *err, zw_where where)
{
    switch (status) {
    case ZW_OK:
        return true;
    case ZW_INVALID:
    case ZW_NOT_FOUND:
    case ZW_CONFLICT:
    case ZW_NOT_YET:
        zw_problem_note(lua, where, "%s", err->text);
        return false;
    default:
        zw_script_fail(lua, status, err);
        return false;
    }
}

/* What the running call's function has written; NULL outside calls. */
static uint32_t *written_by_call(const zw_script *script)
{
    return script->at == NULL ? NULL : &script->functions[script->at->function].written;
}

void zw_script_room(lua_State *lua)
{
    const zw_script *script = zw_script_of(lua);
    const uint32_t *written = written_by_call(script);
    if (written != NULL && *written > script->limits.expressions) {
        (void)zw_host_breach(lua, ZW_BREACH_EXPRESSIONS,
                             "this function has written more than %u expressions and texts: write "
                             "them outside of it",
                             (unsigned)script->limits.expressions);
    }
}

void zw_script_add(lua_State *lua)
{
    uint32_t *written = written_by_call(zw_script_of(lua));
    if (written != NULL) {
        (*written)++;
        zw_script_room(lua);
    }
}

static void *no_memory(lua_State *lua)
{
    zw_err err;
    zw_script_fail(lua, zw_err_nomem(&err), &err);
    return NULL;
}

/* Room for one more, and its number. */
static uint32_t keep_new(lua_State *lua, zw_text bytes)
{
    zw_script *script = zw_script_of(lua);
    size_t count = zw_pool_count(script->kept);
    if (count == script->kept_capacity) {
        size_t wanted = script->kept_capacity == 0 ? 64 : script->kept_capacity * 2;
        void **grown = realloc(script->kept_at, wanted * sizeof *grown);
        if (grown == NULL) {
            (void)no_memory(lua);
            return ZW_POOL_NONE;
        }
        script->kept_at = grown;
        script->kept_capacity = wanted;
    }
    return zw_pool_put(script->kept, bytes);
}

/* A copy for good, aligned for anything and with a NUL behind it. Behind loading the same bytes are
 * kept once: a call writes the same formula again and again. */
static void *keep(lua_State *lua, const void *bytes, size_t len)
{
    zw_script *script = zw_script_of(lua);
    zw_text text = {bytes, len};
    bool is_once = script->stage == ZW_STAGE_READY;
    uint32_t number = is_once ? zw_pool_find(script->kept, text) : ZW_POOL_NONE;
    if (number != ZW_POOL_NONE) {
        return script->kept_at[number];
    }
    zw_script_add(lua);
    if (zw_arena_used(script->pack->arena) > PACK_BYTES_MAX) {
        (void)zw_host_breach(lua, ZW_BREACH_MEMORY, "the pack declares more than %d bytes",
                             PACK_BYTES_MAX);
    }
    char *copy = zw_arena_alloc(script->pack->arena, len + 1);
    if (copy == NULL) {
        return no_memory(lua);
    }
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    if (is_once) {
        number = keep_new(lua, text);
        if (number == ZW_POOL_NONE) {
            return no_memory(lua);
        }
        script->kept_at[number] = copy;
    }
    return copy;
}

void zw_script_want_text(lua_State *lua, zw_text text)
{
    if (!zw_text_is_utf8(text.at, text.len, NULL)) {
        (void)luaL_error(lua, "a text holds bytes that are not UTF-8");
    }
    if (text.len > 0 && memchr(text.at, '\0', text.len) != NULL) {
        (void)luaL_error(lua, "a text holds a NUL byte");
    }
}

const char *zw_script_text(lua_State *lua, zw_text text)
{
    zw_script_want_text(lua, text);
    return keep(lua, text.at, text.len);
}

void *zw_script_copy(lua_State *lua, const void *bytes, size_t len)
{
    return len == 0 ? NULL : keep(lua, bytes, len);
}
