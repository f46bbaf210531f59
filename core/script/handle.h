/**
 * A handle: the userdata by which a script holds what it declared or wrote. Handles of declared
 * things have identity: the same area is the same handle everywhere. Handles own nothing; texts
 * and arrays are the pack's.
 *
 * Poison stands for what could not be made. It takes every operation and gives poison, in silence:
 * its mistake is told already.
 */
#ifndef ZW_SCRIPT_HANDLE_H
#define ZW_SCRIPT_HANDLE_H

#include "script/script_state.h"

#include <lauxlib.h>

typedef enum zw_handle_is {
    ZW_HANDLE_POISON,
    ZW_HANDLE_NODE,    /* an expression: a number or a truth */
    ZW_HANDLE_AREA,    /* or a zone */
    ZW_HANDLE_MEASURE, /* an expression too */
    ZW_HANDLE_REGISTER,
    ZW_HANDLE_INDICATOR, /* an expression too */
    ZW_HANDLE_TARGET,
    ZW_HANDLE_RULE,
    ZW_HANDLE_ALERT,
    ZW_HANDLE_NOTIFY,
    ZW_HANDLE_TEST,
    ZW_HANDLE_ITEMS,    /* some of the items of register `index`: `node` says which */
    ZW_HANDLE_VALUES,   /* their values of field `text`, waiting for how */
    ZW_HANDLE_WINDOW,   /* `node:rolling(count)`, waiting for how */
    ZW_HANDLE_PARTS,    /* `node:areas(…)`, waiting for how */
    ZW_HANDLE_PERIODS,  /* periods(count) */
    ZW_HANDLE_SECRET,   /* secret "text" */
    ZW_HANDLE_RECEIVER, /* webhook(…), log() … */
    ZW_HANDLE_NEAR,     /* near(number, tolerance) */
    ZW_HANDLE_MISSING,  /* `missing` in tests */
    ZW_HANDLE_UNKNOWN   /* `unknown` in tests */
} zw_handle_is;

typedef struct zw_handle {
    zw_handle_is is;
    uint32_t index;     /* of a declared thing: its place in the pack's array */
    zw_node_id node;    /* of an expression, a window, parts */
    const char *groups; /* the dimension an expression is still grouped by; NULL */
    int32_t count;
    const uint32_t *areas; /* of parts: the list, or NULL */
    size_t area_count;
    const char *text;
    const zw_receiver *receiver;
    double number, tolerance;
    uint64_t serial; /* order of creation */
} zw_handle;

enum { ZW_HANDLE_WORDS_BYTES = 160 };

/** Makes the metatable. `methods` are its entries beside the comparisons, which are ours. [-0,
 * +0, raises] */
void zw_handle_open(lua_State *lua, const luaL_Reg *methods);

/** A new handle. [-0, +1, raises] */
zw_handle *zw_handle_push(lua_State *lua, zw_handle_is is);
void zw_handle_push_poison(lua_State *lua);
/** An expression's handle. [-0, +1, raises] */
void zw_handle_push_node(lua_State *lua, zw_node_id node, const char *groups);
/** The one handle of a declared thing. [-0, +1, raises] */
void zw_handle_push_noun(lua_State *lua, zw_noun noun, uint32_t index);

/** The handle at `index`, or NULL when something else stands there. [-0, +0] */
zw_handle *zw_handle_at(lua_State *lua, int index);
/** Poison, or a noun that lacks its braces, which is told at the end. [-0, +0] */
bool zw_handle_is_poison(lua_State *lua, int index);
bool zw_handle_is_expression(const zw_handle *handle);
/** An expression that is a truth. */
bool zw_handle_is_truth(const zw_script *script, const zw_handle *handle);

/** The noun of a declared thing's handle (area for both); ZW_NOUN_NONE of others. */
zw_noun zw_handle_noun(const zw_handle *handle);
const char *zw_handle_name(const zw_script *script, const zw_handle *handle); /* "" without one */

/**
 * What stands at `index`, in words for a message: "a text", `measure "x"`, "a truth". [-0, +0]
 * @return `out`, of ZW_HANDLE_WORDS_BYTES.
 */
const char *zw_handle_words(lua_State *lua, int index, char *out);

#endif
