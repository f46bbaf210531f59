/* The second result of a function, entry by entry in the order of their names. */
#include "script/second_result.h"

#include "script/handle.h"
#include "script/key_order.h"
#include "script/say_check.h"

#include <math.h>
#include <string.h>

enum { ENTRIES_MOST = 32 };

/* The name of the entry at the stack's top. */
static const char *name_at(lua_State *lua)
{
    if (lua_type(lua, -1) != LUA_TSTRING || !zw_text_is_name(zw_text_of(lua_tostring(lua, -1)))) {
        (void)luaL_error(lua, "the second result of a function has names as keys: { worst = … }");
    }
    const char *name = lua_tostring(lua, -1);
    if (zw_say_has(name)) {
        (void)luaL_error(lua, "the second result of a function cannot say '%s': every alert does",
                         name);
    }
    return name;
}

/* Reads the value at the stack's top. False when there is nothing to say. */
static bool read_value(lua_State *lua, zw_said *said)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    const zw_handle *handle = zw_handle_at(lua, -1);
    if (lua_type(lua, -1) == LUA_TNUMBER) {
        said->is = ZW_SAID_NUMBER;
        said->number = lua_tonumber(lua, -1);
        return isfinite(said->number) != 0;
    }
    if (lua_type(lua, -1) == LUA_TSTRING) {
        said->is = ZW_SAID_TEXT;
        said->text = lua_tostring(lua, -1);
        return true;
    }
    if (handle == NULL || handle->is != ZW_HANDLE_AREA) {
        (void)luaL_error(lua,
                         "the second result of a function has numbers, texts and areas: '%s' is %s",
                         said->name, zw_handle_words(lua, -1, words));
        return false;
    }
    said->is = ZW_SAID_AREA;
    said->area = handle->index;
    return true;
}

void zw_second_result_take(lua_State *lua, int index, const zw_call *call)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    size_t bytes = 0;
    size_t most = zw_script_of(lua)->limits.output_bytes;
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    if (!lua_istable(lua, index)) {
        (void)luaL_error(lua, "the second result of a function is a table, this one is %s",
                         zw_handle_words(lua, index, words));
    }
    lua_Integer count = zw_key_order_list(lua, index);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, -1, i);
        zw_said said = {.name = name_at(lua), .text = ""};
        lua_pushvalue(lua, -1);
        lua_rawget(lua, index);
        bool is_said = read_value(lua, &said);
        bytes += strlen(said.name) + strlen(said.text);
        if (bytes > most || i > ENTRIES_MOST) {
            (void)zw_host_breach(lua, ZW_BREACH_OUTPUT,
                                 "a second result has at most %d entries and %zu bytes",
                                 ENTRIES_MOST, most);
        }
        if (is_said && call->said != NULL) {
            call->said(call->said_arg, &said);
        }
        lua_pop(lua, 2);
    }
    lua_pop(lua, 1);
}
