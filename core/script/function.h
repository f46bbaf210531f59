/**
 * A function: Lua text that stands for an expression or a truth. It is kept here under a number,
 * and the number stands in the pack.
 */
#ifndef ZW_SCRIPT_FUNCTION_H
#define ZW_SCRIPT_FUNCTION_H

#include "script/fields.h"

/**
 * The node that calls the function at the stack's top. Its grid is `every` of the declaration, else
 * the coarsest of the handles among its upvalues, looked for in tables and functions too. The unit
 * of a number is `unit` of the declaration. [-0, +0, raises]
 */
bool zw_function_node(zw_fields *f, const char *field, zw_type type, zw_node_id *out);

/** Pushes function number `number`; nil when there is none. [-0, +1, raises] */
void zw_function_push(lua_State *lua, uint32_t number);

#endif
