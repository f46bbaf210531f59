/* Sort: `table.sort` as packs have it, by merging from below.
 *
 * Lua's own looks at the clock where a partition is lopsided, and so may leave equal elements in
 * another order another time. */
#include "script/sort.h"

#include "script/host.h"

#include <lauxlib.h>

enum { LIST = 1, BEFORE = 2, FROM = 3, TO = 4, SORT_MAX = 1000000 };

/* Whether the element at the stack's top stands strictly before the one under it. */
static bool is_before(lua_State *lua)
{
    zw_host_charge(lua, 1);
    if (lua_isnil(lua, BEFORE)) {
        return lua_compare(lua, -1, -2, LUA_OPLT) != 0;
    }
    lua_pushvalue(lua, BEFORE);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, -4);
    lua_call(lua, 2, 1);
    bool is = lua_toboolean(lua, -1) != 0;
    lua_pop(lua, 1);
    return is;
}

/* Merges FROM[low … middle - 1] and FROM[middle … high - 1], each in order, into TO. */
static void merge(lua_State *lua, lua_Integer low, lua_Integer middle, lua_Integer high)
{
    lua_Integer left = low, right = middle;
    for (lua_Integer at = low; at < high; at++) {
        bool takes_right = left == middle;
        if (!takes_right && right < high) {
            lua_rawgeti(lua, FROM, left);
            lua_rawgeti(lua, FROM, right);
            takes_right = is_before(lua);
            lua_pop(lua, 2);
        }
        lua_rawgeti(lua, FROM, takes_right ? right++ : left++);
        lua_rawseti(lua, TO, at);
    }
}

/* One pass: runs of `width` become runs of twice that. */
static void merge_all(lua_State *lua, lua_Integer count, lua_Integer width)
{
    for (lua_Integer low = 1; low <= count; low += 2 * width) {
        lua_Integer middle = low + width <= count ? low + width : count + 1;
        lua_Integer high = middle + width <= count ? middle + width : count + 1;
        merge(lua, low, middle, high);
    }
    zw_host_charge(lua, (uint64_t)count);
}

int zw_sort(lua_State *lua)
{
    luaL_checktype(lua, LIST, LUA_TTABLE);
    lua_settop(lua, BEFORE);
    if (!lua_isnil(lua, BEFORE)) {
        luaL_checktype(lua, BEFORE, LUA_TFUNCTION);
    }
    lua_Integer count = luaL_len(lua, LIST);
    zw_host_charge(lua, count > 0 ? 2 * (uint64_t)count : 0);
    luaL_argcheck(lua, count <= SORT_MAX, LIST, "array too big");
    lua_createtable(lua, count > 0 ? (int)count : 0, 0);
    lua_createtable(lua, count > 0 ? (int)count : 0, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(lua, LIST, i);
        lua_rawseti(lua, FROM, i);
    }
    for (lua_Integer width = 1; width < count; width *= 2) {
        merge_all(lua, count, width);
        lua_insert(lua, FROM); /* the two change places: what was merged is merged again */
    }
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, FROM, i);
        lua_seti(lua, LIST, i);
    }
    return 0;
}
