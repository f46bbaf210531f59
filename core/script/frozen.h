/**
 * Frozen: what functions hold beside their arguments. Once a pack is loaded its functions may read
 * it, not change it, or the value of a cell would hang on which cells were computed before. A table
 * refuses to be written; a variable around the function that changed in a call is put back, and the
 * change is told.
 */
#ifndef ZW_SCRIPT_FROZEN_H
#define ZW_SCRIPT_FROZEN_H

#include "script/script_state.h"

/**
 * Freezes every table that the functions handed in can reach, and notes what their variables are.
 * To be called once, when loading is over. [-0, +0, raises]
 */
void zw_frozen_make(lua_State *lua);

/**
 * Puts back what the call of function `number` changed. [-0, +0]
 * @return the name of the first variable that had changed, borrowed, and `place`, where the
 * function that changes it begins; NULL when none had.
 */
const char *zw_frozen_restore(lua_State *lua, uint32_t number, zw_place *place);

/** In the place of a frozen table at `index` puts the one that holds its contents, for reading past
 * metatables. Never hand that one to a script. [-0, +0, raises] */
void zw_frozen_open(lua_State *lua, int index);

#endif
