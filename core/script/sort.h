/**
 * Sort: `table.sort` as packs have it. It is stable, so the order never hangs on the machine, and
 * an order that contradicts itself gives some order, never a hang.
 */
#ifndef ZW_SCRIPT_SORT_H
#define ZW_SCRIPT_SORT_H

#include <lua.h>

/** sort(list [, is_before]). [-0, +0, raises] */
int zw_sort(lua_State *lua);

#endif
