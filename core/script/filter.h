/** A filter: what stands behind a field's name in `:where { field = … }`: a value, a list of
 * values, or `attr "name"`. */
#ifndef ZW_SCRIPT_FILTER_H
#define ZW_SCRIPT_FILTER_H

#include "script/script_state.h"

/** What to say where it is none of these: the field's name, then what stands there. */
#define ZW_FILTER_WORDS "%s: takes a value, a list of values or attr \"name\", got %s"

/** Reads the value at the stack's top into `filter`, whose `dim` and `is_except` stay as they are.
 * @return false, without a word, when it is none. [-0, +0, raises] */
bool zw_filter_read(lua_State *lua, zw_filter *filter);

#endif
