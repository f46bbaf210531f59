/**
 * Globals: what a pack finds without asking, by allow list. A name that is not there is a mistake,
 * told with what was probably meant; so is giving a global a value.
 */
#ifndef ZW_SCRIPT_GLOBALS_H
#define ZW_SCRIPT_GLOBALS_H

#include "script/script_state.h"

#include <lauxlib.h>

/** Makes the globals of every chunk loaded after: Lua's allowed ones. [-0, +0, raises] */
void zw_globals_open(lua_State *lua);

/** Adds functions of the language. [-0, +0, raises] */
void zw_globals_offer(lua_State *lua, const luaL_Reg *functions);

/** Adds the value at the stack's top. [-1, +0, raises] */
void zw_globals_offer_value(lua_State *lua, const char *name);

/** True when the name is offered. [-0, +0, raises] */
bool zw_globals_has(lua_State *lua, const char *name);

/**
 * Notes that `name` is used and nowhere declared (or leaks), in the words for it.
 * @param nearest  fed with other names it may have meant; the globals are tried here. [-0, +0,
 * raises]
 */
void zw_globals_tell(lua_State *lua, zw_where where, const char *name, bool is_assigned,
                     zw_nearest *nearest);

/**
 * Pushes a new table in which names that it does not have are read and written by these two, and
 * keeps it in the registry under `key`. [-0, +1, raises]
 */
void zw_globals_push_guarded(lua_State *lua, lua_CFunction index, lua_CFunction newindex,
                             const char *key);

/** True of tables that are guarded so, and of libraries. [-0, +0] */
bool zw_globals_is_own(lua_State *lua, int index);

/** Pushes the table that chunks get as their globals. [-0, +1, raises] */
void zw_globals_push(lua_State *lua);

/** Pushes the value offered as the name at `index`, or nil. [-0, +1, raises] */
void zw_globals_push_offered(lua_State *lua, int index);

#endif
