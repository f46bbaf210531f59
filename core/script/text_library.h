/**
 * The text library: Lua's `string` as packs have it. No bytecode, no addresses, and nothing that
 * takes long without being charged: pattern matching is refused where it could take too long.
 */
#ifndef ZW_SCRIPT_TEXT_LIBRARY_H
#define ZW_SCRIPT_TEXT_LIBRARY_H

#include <lua.h>

/** Pushes the table of functions and makes it what `("x"):upper()` finds. [-0, +1, raises] */
void zw_text_library_open(lua_State *lua);

/** `tostring` without addresses: a table is "table". */
int zw_text_library_tostring(lua_State *lua);

/**
 * The most steps that matching `pattern` on a text of `len` bytes can take; UINT64_MAX when they
 * are beyond counting.
 */
unsigned long long zw_text_library_steps(const char *pattern, size_t pattern_len, size_t len);

#endif
