/**
 * A function: Lua text that stands for an expression or a truth. It is kept here under a number,
 * and the number stands in the pack.
 */
#ifndef ZW_SCRIPT_FUNCTION_H
#define ZW_SCRIPT_FUNCTION_H

#include "script/fields.h"
#include "script/handle.h"

/** One function as one declaration hands it in. */
typedef struct zw_function {
    const char *declaration; /* the pack's */
    int ref;                 /* of the function in the registry … */
    int held;                /* … and of what its variables are: see frozen.c */
    uint32_t closure_count;
    uint32_t written; /* expressions and texts that its calls added to the pack */
    uint64_t breaches[ZW_BREACH_COUNT];
} zw_function;

/**
 * The node that calls the function at the stack's top. Its grid is `every` of the declaration, else
 * the coarsest of the handles among its upvalues, looked for in tables and functions too. The unit
 * of a number is `unit` of the declaration. [-0, +0, raises]
 */
bool zw_function_node(zw_fields *f, const char *field, zw_type type, zw_node_id *out);

/**
 * Calls `each` for every handle that function number `number` holds, in tables and functions too.
 * [-0, +0, raises]
 * @return true when the function, or one that it holds, writes the operation `:operation`.
 */
bool zw_function_captures(lua_State *lua, uint32_t number, const char *operation,
                          void (*each)(void *arg, const zw_handle *handle), void *arg);

/** Pushes function number `number`; nil when there is none. [-0, +1, raises] */
void zw_function_push(lua_State *lua, uint32_t number);

#endif
