/**
 * A loaded script: the Lua state behind a pack, its functions, and the one protected door into
 * them. Loading is pure: no clock, files, network or randomness, a fresh state, an allow list of
 * globals, text chunks only, limits on memory and instructions.
 */
#ifndef ZW_SCRIPT_SCRIPT_H
#define ZW_SCRIPT_SCRIPT_H

#include "plan/pack.h"
#include "script/breach.h"

typedef struct zw_script zw_script;

/** What a pack may use. Zeroed fields mean what stands behind them. */
typedef struct zw_script_limits {
    size_t memory_bytes;        /* of the whole Lua state; 64 MiB */
    uint64_t load_instructions; /* for loading the pack, reading its files included; 100 million */
    uint64_t call_instructions; /* for one call of a function; 1 million */
    uint64_t pattern_steps;     /* that one match could take; 50 million */
    size_t text_bytes;          /* of the longest text; 16 KiB */
    int calls_deep;             /* functions of Lua inside each other; 200 */
    uint32_t reads;             /* of figures in one call; 10 000 */
    uint32_t expressions;       /* that one function writes in all its calls; 1 000 */
    size_t output_bytes;        /* of the texts in a second result; 4 KiB */
} zw_script_limits;

/**
 * Loads the pack in `folder` (its init.lua and what that requires; `require "zonewatch.x"` takes
 * x.lua of `shared_folder`, else the one built in). Every mistake that can be told is told in
 * `(*pack)->problems`, and loading goes on behind it where it can.
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

/** One file of a pack that lies nowhere. */
typedef struct zw_script_file {
    const char *path; /* inside the pack; of one that the program shipped "zonewatch/x.lua" */
    zw_text text;
    bool is_shipped;
} zw_script_file;

/** Like zw_script_load for files that lie nowhere: a pack as it was kept. Nothing else is read, and
 * nothing is taken from this program. @param name  stands in messages for the folder. */
zw_status zw_script_load_files(const char *name, const zw_script_file *files, size_t count,
                               const zw_script_limits *limits, zw_pack **pack, zw_script **script,
                               zw_err *err) ZW_MUST_USE;

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
    double value;     /* of a number; 1 or 0 of a truth */
    const char *text; /* of a text, until the next read; else NULL */
} zw_reading;

/** How often calls of functions were ended by a limit since loading, by kind and by the declaration
 * that handed the function in. */
typedef void (*zw_breach_each)(void *arg, const char *declaration, zw_breach breach,
                               uint64_t count);
void zw_script_breaches(const zw_script *script, zw_breach_each each, void *arg);
const char *zw_breach_text(zw_breach breach); /* "instructions" … */

/** One entry of a function's second result, `{ worst = area }`: a number without a unit, a text or
 * an area. */
typedef enum zw_said_is { ZW_SAID_NUMBER, ZW_SAID_TEXT, ZW_SAID_AREA } zw_said_is;
typedef struct zw_said {
    const char *name;
    zw_said_is is;
    double number;
    const char *text;
    uint32_t area;
} zw_said;

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
    /** Gets each entry of the second result, by name in order; texts last for the call. NULL: only
     * looked at. */
    void (*said)(void *arg, const zw_said *said);
    void *said_arg;
} zw_call;

typedef enum zw_call_is { ZW_CALL_NUMBER, ZW_CALL_TRUTH, ZW_CALL_MISSING } zw_call_is;

typedef struct zw_call_result {
    zw_call_is is;
    double value;     /* 1 or 0 of a truth */
    bool has_read;    /* false: it read nothing, and so has no value */
    zw_breach breach; /* with ZW_SCRIPT: the limit that ended it, or ZW_BREACH_NONE */
} zw_call_result;

/**
 * Calls function `function` (zw_node.ref of ZW_OP_CALL). A read that is missing makes the result
 * missing, unless the function asked with at.value.
 * @return ZW_OK; ZW_SCRIPT with "file:line: …" when it raised, returned neither number nor truth
 * or a second result that nothing can be said of, or spent its budget.
 */
zw_status zw_script_call(zw_script *script, uint32_t function, const zw_call *call,
                         zw_call_result *result, zw_err *err) ZW_MUST_USE;

#endif
