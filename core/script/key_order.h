/** Key order: the keys of a table, always in the same order, so that loading is the same
 * everywhere. */
#ifndef ZW_SCRIPT_KEY_ORDER_H
#define ZW_SCRIPT_KEY_ORDER_H

#include <lua.h>

/**
 * Pushes a new list of the keys of the table at `index`: numbers, then texts byte by byte, then
 * false and true, then handles as they were made. Raises on a key of another type: it has no order.
 * [-0, +1, raises]
 * @return how many there are.
 */
lua_Integer zw_key_order_list(lua_State *lua, int index);

/** `pairs` in that order. A value that became nil on the way is passed over. */
int zw_key_order_pairs(lua_State *lua);

#endif
