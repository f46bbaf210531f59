/**
 * A method: one operation that a handle has (`x:yoy()`). The tables of methods are closed: an
 * operation that is not there is told with the nearest one, one of later as "not yet".
 */
#ifndef ZW_SCRIPT_METHOD_H
#define ZW_SCRIPT_METHOD_H

#include "script/handle.h"

/** What has a method; bits. */
enum {
    ZW_ON_NUMBER = 1,
    ZW_ON_TRUTH = 2,
    ZW_ON_WINDOW = 4,
    ZW_ON_PARTS = 8,
    ZW_ON_TARGET = 16,
    ZW_ON_RULE = 32,
    ZW_ON_ALERT = 64,
    ZW_ON_REGISTER = 128,
    ZW_ON_VALUES = 256,
    ZW_ON_TEXT = 512
};

typedef struct zw_method zw_method;

/**
 * Runs a method: `self` is argument 1; the others lie behind it, at least `least` and at most
 * `most`, none of them poison. Pushes one value and answers 1. May raise.
 */
typedef int (*zw_method_run)(lua_State *lua, const zw_method *method, const zw_handle *self);

struct zw_method {
    const char *name;  /* NULL ends a table */
    zw_method_run run; /* NULL: not yet */
    unsigned on;       /* what has it */
    int least, most;   /* arguments behind self */
    int param;         /* run's own: a zw_op, a zw_how, a zw_unit_of_time */
};

/** The tables, each ended by a NULL name. */
extern const zw_method zw_time_methods[];     /* along time: time_methods.c */
extern const zw_method zw_space_methods[];    /* over areas and dimensions: space_methods.c */
extern const zw_method zw_truth_methods[];    /* truths: truth_methods.c */
extern const zw_method zw_target_methods[];   /* of targets: target_methods.c */
extern const zw_method zw_register_methods[]; /* of registers: register_methods.c */

/** The handle's metatable and its operators. To be called once a state. [-0, +0, raises] */
void zw_method_open(lua_State *lua);

/** Notes ":name text" at the operation's word, and pushes poison. @return 1. */
int zw_method_refuse(lua_State *lua, const zw_method *method, const char *fmt, ...) ZW_PRINTF(3, 4);

/** The truth that some item of a rule for each item does not keep it; inside an item, that this one
 * does not. False after it noted what is wrong. [-0, +0, raises] */
bool zw_method_broken_items(lua_State *lua, const zw_rule *rule, zw_node_id *out);

/** A count of periods: a whole number from 1, or a length that the node's grid can express. False
 * after it noted what is wrong and pushed poison. */
bool zw_method_periods(lua_State *lua, const zw_method *method, int index, zw_node_id node,
                       int32_t *out);

/** Ends a window: pushes `how` (a quantile: of `share`) of an expression over its last `count`
 * periods. @return 1. */
int zw_method_end_window(lua_State *lua, const zw_handle *window, int32_t count, zw_how how,
                         double share);

#endif
