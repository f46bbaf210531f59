/** Area fields: what a script reads of an area by a dot: its parts, its title, its attributes. */
#ifndef ZW_SCRIPT_AREA_FIELDS_H
#define ZW_SCRIPT_AREA_FIELDS_H

#include "script/handle.h"

/** Pushes `area.<name>`; a misspelt one is a problem and gives poison. @return 1. */
int zw_area_fields_push(lua_State *lua, const zw_handle *area, const char *name);

/** Pushes a list of the handles of `count` areas. [-0, +1, raises] */
void zw_area_fields_push_list(lua_State *lua, const uint32_t *areas, size_t count);

/** True when the parts of the area were read: they may not change any more. [-0, +0, raises] */
bool zw_area_fields_are_read(lua_State *lua, uint32_t area);

#endif
