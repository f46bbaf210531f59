/**
 * At: what a Lua function is handed when it is called: the reader of figures, `at(expr)`, and where
 * it stands, `at.area`, `at.period`. It is good for one call only.
 */
#ifndef ZW_SCRIPT_AT_H
#define ZW_SCRIPT_AT_H

#include "script/script_state.h"

/** One call of a function. Lies on the caller's stack; script->at points to the innermost one. */
typedef struct zw_at {
    const zw_call *call;
    uint32_t function; /* its number */
    uint32_t reads;    /* so far */
    const void *self;  /* the handle that stands for this call */
    zw_status failed;  /* what the reader answered, when not ZW_OK: then a signal was raised */
    zw_err err;
} zw_at;

/** The signals: raised as light userdata, caught by nobody but zw_script_call. */
const void *zw_at_missing(void); /* a read that is missing */
const void *zw_at_failed(void);  /* the reader failed: see zw_at.failed */

/** Makes the metatable. [-0, +0, raises] */
void zw_at_open(lua_State *lua);

/** Pushes the handle on the innermost call, one for each depth of calls inside each other. [-0, +1,
 * raises] */
void zw_at_push(lua_State *lua);

#endif
