/* Receivers: whom a notify tells. */
#include "script/receiver.h"

#include "script/handle.h"
#include "script/json_table.h"
#include "script/problem.h"

#include <string.h>

static int refuse(lua_State *lua, int index, const char *name, const char *expected)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (zw_handle_is_poison(lua, index)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, name), "%s takes %s, got %s", name,
                             expected, zw_handle_words(lua, index, words));
}

static int push(lua_State *lua, const zw_receiver *receiver)
{
    const zw_receiver *kept = zw_script_copy(lua, receiver, sizeof(*receiver));
    zw_handle_push(lua, ZW_HANDLE_RECEIVER)->receiver = kept;
    return 1;
}

static bool is_url(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

/* The address that is the first argument, or the secret that names it. */
static bool read_url(lua_State *lua, zw_receiver *out)
{
    const zw_handle *secret = zw_handle_at(lua, 1);
    if (secret != NULL && secret->is == ZW_HANDLE_SECRET) {
        out->secret = secret->text;
        return true;
    }
    if (lua_type(lua, 1) != LUA_TSTRING || !is_url(lua_tostring(lua, 1))) {
        return false;
    }
    out->url = zw_script_text(lua, zw_text_of(lua_tostring(lua, 1)));
    return true;
}

static int receiver_webhook(lua_State *lua)
{
    zw_receiver receiver = {.kind = ZW_RECEIVER_WEBHOOK};
    char wrong[ZW_PROBLEM_BYTES] = "";
    if (!read_url(lua, &receiver)) {
        return refuse(lua, 1, "webhook", "an address (\"http://…\") or secret \"NAME\"");
    }
    if (!lua_isnoneornil(lua, 2)) {
        zw_json_table body;
        if (!lua_istable(lua, 2)) {
            return refuse(lua, 2, "webhook", "a table as its body");
        }
        if (!zw_json_table_read(lua, 2, &body, wrong, sizeof wrong)) {
            if (wrong[0] == '\0') {
                zw_handle_push_poison(lua);
                return 1;
            }
            return zw_problem_poison(lua, zw_problem_at_name(lua, NULL, "webhook"),
                                     "webhook: body: %s", wrong);
        }
        receiver.body = body.json;
        receiver.says = body.says;
    }
    return push(lua, &receiver);
}

static int receiver_log(lua_State *lua)
{
    return push(lua, &(zw_receiver){.kind = ZW_RECEIVER_LOG});
}

const luaL_Reg zw_receiver_functions[] = {
    {"log", receiver_log},
    {"webhook", receiver_webhook},
    {NULL, NULL},
};
