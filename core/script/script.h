/**
 * A loaded script: the Lua state behind a pack, its functions, and the one protected door into
 * them. Loading is pure: no clock, files, network or randomness, a fresh state, an allow list of
 * globals, text chunks only, limits on memory and instructions.
 */
#ifndef ZW_SCRIPT_SCRIPT_H
#define ZW_SCRIPT_SCRIPT_H

#include "plan/pack.h"

typedef struct zw_script zw_script;

typedef struct zw_script_limits {
    size_t memory_bytes;        /* of the whole Lua state; 0: 64 MiB */
    uint64_t load_instructions; /* for loading the pack; 0: 100 million */
    uint64_t call_instructions; /* for one call of a function; 0: 1 million */
} zw_script_limits;

/**
 * Loads the pack in `folder` (its init.lua and what that requires; `require "zonewatch.x"` takes
 * x.lua of `shared_folder`). Every mistake that can be told is told in `(*pack)->problems`, and
 * loading goes on behind it where it can.
 * @param limits  may be NULL; @param shared_folder  may be NULL.
 * @return ZW_OK, even with problems: look at problem_count; ZW_NOT_FOUND without init.lua;
 * ZW_NOMEM. On failure both are NULL. The caller destroys the script first, then the pack.
 */
zw_status zw_script_load(const char *folder, const char *shared_folder,
                         const zw_script_limits *limits, zw_pack **pack, zw_script **script,
                         zw_err *err) ZW_MUST_USE;

/** Like zw_script_load for one text instead of a folder (tests, embedding); `name` stands in
 * messages. */
zw_status zw_script_load_text(const char *name, zw_text text, const zw_script_limits *limits,
                              zw_pack **pack, zw_script **script, zw_err *err) ZW_MUST_USE;

void zw_script_destroy(zw_script *script); /* NULL is allowed */

/**
 * One expression of the language, with the pack's declared names as its names
 * ("software_revenue:year()").
 * @param out  gets the node (of a target: its verdict's expression; of a rule: its must).
 * @return ZW_OK; ZW_INVALID with what is wrong.
 */
zw_status zw_script_expression(zw_script *script, zw_text text, zw_node_id *out,
                               zw_err *err) ZW_MUST_USE;

/** What a read inside a function answers. */
typedef struct zw_reading {
    bool is_missing;
    double value; /* of a number; 1 or 0 of a truth */
} zw_reading;

/** One call of a function for (area, period). */
typedef struct zw_call {
    uint32_t area;
    zw_grid grid;
    zw_period period;
    /**
     * Reads `node` at `area`, `steps` periods of the node's grid from the newest one ended by (or,
     * on the same grid, at) the call's period. The reader records it.
     */
    zw_status (*read)(void *arg, zw_node_id node, uint32_t area, int32_t steps, zw_reading *out,
                      zw_err *err);
    void *arg;
} zw_call;

typedef enum zw_call_is { ZW_CALL_NUMBER, ZW_CALL_TRUTH, ZW_CALL_MISSING } zw_call_is;

typedef struct zw_call_result {
    zw_call_is is;
    double value;  /* 1 or 0 of a truth */
    bool has_read; /* false: it read nothing, and so has no value */
} zw_call_result;

/**
 * Calls function `function` (zw_node.ref of ZW_OP_CALL). A read that is missing makes the result
 * missing, unless the function asked with at.value.
 * @return ZW_OK; ZW_SCRIPT with "file:line: …" when it raised, returned neither number nor truth,
 * or spent its budget.
 */
zw_status zw_script_call(zw_script *script, uint32_t function, const zw_call *call,
                         zw_call_result *result, zw_err *err) ZW_MUST_USE;

#endif
