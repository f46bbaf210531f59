/**
 * The library: the language's own functions beside the nouns. Pointwise ones (`min`, `when` …) and
 * those over areas (`all` …) stand in pointwise.c, what makes small values (`attr`, `secret` …) in
 * library.c.
 */
#ifndef ZW_SCRIPT_LIBRARY_H
#define ZW_SCRIPT_LIBRARY_H

#include <lauxlib.h>

/** Offers everything as globals. [-0, +0, raises] */
void zw_library_open(lua_State *lua);

/** Ended by a NULL name. */
extern const luaL_Reg zw_pointwise_functions[];

#endif
