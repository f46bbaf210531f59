/* Key order: the keys of a table, always in the same order. */
#include "script/key_order.h"

#include "script/handle.h"

#include <stdlib.h>
#include <string.h>

/* What a key is compared by. The texts are the table's own. */
typedef struct order_key {
    int rank;
    double number; /* of a number; 0 or 1 of a boolean */
    const char *text;
    size_t len;
    uint64_t serial;   /* of a handle */
    lua_Integer place; /* in the unsorted list */
} order_key;

enum { RANK_NUMBER, RANK_TEXT, RANK_BOOLEAN, RANK_HANDLE };

static int compare_texts(const order_key *a, const order_key *b)
{
    int c = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}

static int compare_keys(const void *left, const void *right)
{
    const order_key *a = left, *b = right;
    if (a->rank != b->rank) {
        return a->rank - b->rank;
    }
    if (a->rank == RANK_TEXT) {
        return compare_texts(a, b);
    }
    if (a->rank == RANK_HANDLE) {
        return (a->serial > b->serial) - (a->serial < b->serial);
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* Reads the key at the stack's top. A number is read as one, so lua_tolstring never changes it. */
static void read_key(lua_State *lua, order_key *key)
{
    const zw_handle *handle = zw_handle_at(lua, -1);
    if (handle != NULL) {
        key->rank = RANK_HANDLE;
        key->serial = handle->serial;
        return;
    }
    switch (lua_type(lua, -1)) {
    case LUA_TNUMBER:
        key->rank = RANK_NUMBER;
        key->number = lua_tonumber(lua, -1);
        return;
    case LUA_TSTRING:
        key->rank = RANK_TEXT;
        key->text = lua_tolstring(lua, -1, &key->len);
        return;
    case LUA_TBOOLEAN:
        key->rank = RANK_BOOLEAN;
        key->number = lua_toboolean(lua, -1);
        return;
    default:
        (void)luaL_error(lua, "a %s as a key has no order: use numbers, texts or handles",
                         luaL_typename(lua, -1));
    }
}

lua_Integer zw_key_order_list(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    luaL_checkstack(lua, 6, NULL);
    lua_newtable(lua);
    lua_Integer count = 0;
    for (lua_pushnil(lua); lua_next(lua, index) != 0;) {
        lua_pop(lua, 1);
        lua_pushvalue(lua, -1);
        lua_rawseti(lua, -3, ++count);
    }
    zw_host_charge(lua, (uint64_t)count);
    /* The scratch is a userdata: any call here may raise, and Lua frees it then. */
    order_key *keys = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *keys, 0);
    for (lua_Integer i = 0; i < count; i++) {
        keys[i] = (order_key){.place = i + 1};
        lua_rawgeti(lua, -2, i + 1);
        read_key(lua, &keys[i]);
        lua_pop(lua, 1);
    }
    qsort(keys, (size_t)count, sizeof *keys, compare_keys);
    lua_createtable(lua, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(lua, -3, keys[i].place);
        lua_rawseti(lua, -2, i + 1);
    }
    lua_replace(lua, -3);
    lua_pop(lua, 1);
    return count;
}

/* Upvalues: the table, its keys in order, how many were given. */
static int pairs_step(lua_State *lua)
{
    lua_Integer at = lua_tointeger(lua, lua_upvalueindex(3));
    for (;;) {
        if (lua_rawgeti(lua, lua_upvalueindex(2), ++at) == LUA_TNIL) {
            return 1;
        }
        lua_pushvalue(lua, -1);
        if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(lua, at);
            lua_replace(lua, lua_upvalueindex(3));
            return 2;
        }
        lua_pop(lua, 2);
    }
}

static int pairs_of_nothing(lua_State *lua)
{
    lua_pushnil(lua);
    return 1;
}

int zw_key_order_pairs(lua_State *lua)
{
    if (zw_handle_is_poison(lua, 1)) {
        lua_pushcfunction(lua, pairs_of_nothing);
        return 1;
    }
    luaL_checkany(lua, 1);
    if (luaL_getmetafield(lua, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(lua, 1);
        lua_call(lua, 1, 3);
        return 3;
    }
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    (void)zw_key_order_list(lua, 1);
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, pairs_step, 3);
    return 1;
}
