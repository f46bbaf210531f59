/*
 * A JSON table, read in two walks: the first one checks, copies the texts that hold a brace and may
 * raise at any time; the second one builds what needs freeing, and calls nothing that raises.
 */
#include "script/json_table.h"

#include "script/fields.h"
#include "script/handle.h"
#include "script/key_order.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DEEP_MOST = 32, JSON_BYTES = 64 * 1024, SAYS_MOST = 256, SLOTS_A_LEVEL = 4 };

struct reading {
    lua_State *lua;
    const char *key; /* of the value being looked at; NULL in a list of the table itself */
    const char **says;
    size_t say_count;
    char *wrong;
    size_t size;
};

static bool check_value(struct reading *in, int depth);

static bool refuse(struct reading *in, const char *why, const char *what)
{
    (void)snprintf(in->wrong, in->size, "%s%s%s%s", in->key != NULL ? in->key : "it", why,
                   what != NULL ? ", got " : "", what != NULL ? what : "");
    return false;
}

/* The text at the stack's top. */
static bool check_text(struct reading *in)
{
    zw_text text = {NULL, 0};
    text.at = lua_tolstring(in->lua, -1, &text.len);
    zw_script_want_text(in->lua, text);
    if (memchr(text.at, '{', text.len) == NULL) {
        return true;
    }
    if (in->say_count == SAYS_MOST) {
        return refuse(in, ": more than 256 texts have placeholders", NULL);
    }
    in->says[in->say_count++] = zw_script_text(in->lua, text);
    return true;
}

/* The values of the table at the stack's top, in the order of their keys. */
static bool check_table(struct reading *in, int depth)
{
    lua_State *lua = in->lua;
    const char *outer = in->key;
    if (depth == DEEP_MOST) {
        return refuse(in, ": nested more than 32 deep", NULL);
    }
    luaL_checkstack(lua, SLOTS_A_LEVEL, NULL);
    int table = lua_gettop(lua);
    bool is_list = zw_fields_is_list(lua, table);
    for (lua_pushnil(lua); lua_next(lua, table) != 0; lua_pop(lua, 1)) {
        if (!is_list && lua_type(lua, -2) != LUA_TSTRING) {
            lua_pop(lua, 2);
            return refuse(in, " takes the keys 1, 2, … or names, not both", NULL);
        }
    }
    lua_Integer count = zw_key_order_list(lua, table);
    bool is_right = true;
    for (lua_Integer i = 1; is_right && i <= count; i++) {
        (void)lua_rawgeti(lua, table + 1, i);
        if (!is_list) {
            in->key = lua_tostring(lua, -1); /* lives as long as the table */
            zw_script_want_text(lua, zw_text_of(in->key));
        }
        (void)lua_rawget(lua, table);
        is_right = check_value(in, depth + 1);
        lua_pop(lua, 1);
    }
    in->key = is_right ? outer : in->key;
    lua_settop(lua, table);
    return is_right;
}

/* The value at the stack's top. */
static bool check_value(struct reading *in, int depth)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    lua_State *lua = in->lua;
    switch (lua_type(lua, -1)) {
    case LUA_TSTRING:
        return check_text(in);
    case LUA_TTABLE:
        return check_table(in, depth);
    case LUA_TBOOLEAN:
        return true;
    case LUA_TNUMBER:
        return isfinite(lua_tonumber(lua, -1)) ||
               refuse(in, " takes a number that is finite", NULL);
    default:
        in->wrong[0] = '\0';
        return !zw_handle_is_poison(lua, -1) &&
               refuse(in, " takes texts, numbers, true, false and tables of such",
                      zw_handle_words(lua, -1, words));
    }
}

/* The second walk. @return what stands at the stack's top; NULL without memory. */
static json_t *build(lua_State *lua) /* NOLINT(misc-no-recursion): as deep as was checked */
{
    int table = lua_gettop(lua);
    size_t len = 0;
    switch (lua_type(lua, table)) {
    case LUA_TSTRING: {
        const char *text = lua_tolstring(lua, table, &len);
        return json_stringn(text, len);
    }
    case LUA_TBOOLEAN:
        return json_boolean(lua_toboolean(lua, table));
    case LUA_TNUMBER:
        return lua_isinteger(lua, table) ? json_integer(lua_tointeger(lua, table))
                                         : json_real(lua_tonumber(lua, table));
    default:
        break;
    }
    lua_Integer count = (lua_Integer)lua_rawlen(lua, table);
    json_t *json = count > 0 ? json_array() : json_object();
    bool is_built = json != NULL;
    for (lua_Integer i = 1; is_built && i <= count; i++) {
        (void)lua_rawgeti(lua, table, i);
        is_built = json_array_append_new(json, build(lua)) == 0;
        lua_pop(lua, 1);
    }
    if (count == 0) {
        lua_pushnil(lua);
        while (is_built && lua_next(lua, table) != 0) {
            is_built = json_object_set_new(json, lua_tostring(lua, -2), build(lua)) == 0;
            lua_pop(lua, 1);
        }
        lua_settop(lua, table);
    }
    if (!is_built) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written to through `in` */
bool zw_json_table_read(lua_State *lua, int index, zw_json_table *out, char *wrong, size_t size)
{
    struct reading in = {.lua = lua, .wrong = wrong, .size = size};
    index = lua_absindex(lua, index);
    int top = lua_gettop(lua);
    in.says = lua_newuserdatauv(lua, SAYS_MOST * sizeof(*in.says), 0);
    char *bytes = lua_newuserdatauv(lua, JSON_BYTES, 0);
    lua_pushvalue(lua, index);
    bool is_right = check_value(&in, 0);
    if (is_right) {
        luaL_checkstack(lua, DEEP_MOST * SLOTS_A_LEVEL, NULL);
        json_t *json = build(lua);
        size_t len = json_dumpb(json, bytes, JSON_BYTES, JSON_COMPACT | JSON_SORT_KEYS);
        bool has_memory = json != NULL && len > 0;
        json_decref(json);
        if (!has_memory) {
            zw_err err;
            zw_script_fail(lua, zw_err_nomem(&err), &err);
        }
        in.key = NULL;
        is_right = len <= JSON_BYTES || refuse(&in, ": more than 64 KiB of JSON", NULL);
        if (is_right) {
            out->json = zw_script_text(lua, (zw_text){bytes, len});
            out->says.at = zw_script_copy(lua, in.says, in.say_count * sizeof(*in.says));
            out->says.count = in.say_count;
        }
    }
    lua_settop(lua, top);
    return is_right;
}
