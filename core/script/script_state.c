/* The state behind a script: what the files of this room share. */
#include "script/script_state.h"

#include "script/problem.h"

#include <lauxlib.h>

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

const char *zw_script_text(lua_State *lua, zw_text text)
{
    const char *copy = zw_pack_text(zw_script_of(lua)->pack, text);
    if (copy == NULL) {
        zw_err err;
        zw_script_fail(lua, zw_err_nomem(&err), &err);
    }
    return copy;
}

void *zw_script_copy(lua_State *lua, const void *bytes, size_t len)
{
    if (len == 0) {
        return NULL;
    }
    void *copy = zw_pack_copy(zw_script_of(lua)->pack, bytes, len);
    if (copy == NULL) {
        zw_err err;
        zw_script_fail(lua, zw_err_nomem(&err), &err);
    }
    return copy;
}
