/**
 * The host: a Lua state with limits, and the one protected door into it. Nothing else in the
 * project calls lua_pcall. Memory has a ceiling from birth; instructions are counted, and what C
 * functions do on a script's behalf is charged to the same budget. Once spent, every following
 * instruction raises.
 *
 * Chunks are named by zw_host_chunk_name, so that every place in a message is a number of a file
 * and of a line, whatever the file is called.
 */
#ifndef ZW_SCRIPT_HOST_H
#define ZW_SCRIPT_HOST_H

#include "base/text.h"
#include "script/breach.h"

#include <lua.h>
#include <stdint.h>

typedef struct zw_host zw_host;

/** How a protected call ended. */
typedef enum zw_host_end {
    ZW_HOST_DONE,
    ZW_HOST_RAISED,      /* an error, or a signal: see zw_host_signal */
    ZW_HOST_OVER_BUDGET, /* too many instructions */
    ZW_HOST_OVER_MEMORY, /* over its own ceiling */
    ZW_HOST_STARVED      /* the machine has no memory */
} zw_host_end;

/** Where a script stands: a file of the pack and a line from 1. */
typedef struct zw_place {
    uint32_t file, line;
} zw_place;

enum { ZW_CHUNK_NAME_BYTES = 16 };

/**
 * @param owner  what zw_host_owner answers inside C functions; borrowed.
 * @return ZW_OK; ZW_LIMIT when even an empty state needs more than `memory_bytes`; ZW_NOMEM.
 */
zw_status zw_host_create(size_t memory_bytes, void *owner, zw_host **out, zw_err *err) ZW_MUST_USE;
void zw_host_destroy(zw_host *host); /* NULL is allowed */

lua_State *zw_host_state(zw_host *host);
void *zw_host_owner(lua_State *lua);

/**
 * Bounds what no instruction and no byte tells: how deep functions stand inside each other (looked
 * at every thousand instructions), how many values one of them takes beside its parameters (1 000),
 * and how long one text may be. Until then nothing bounds them.
 */
void zw_host_bound(zw_host *host, int calls_deep, size_t text_bytes);

/** To be called when all that stays is there: what is over is let go, and the collector will from
 * now on run before the ceiling is near, however much stays. [-0, +0] */
void zw_host_settle(zw_host *host);

/** A budget, and how much of it is spent. */
typedef struct zw_budget {
    uint64_t spent, instructions;
} zw_budget;

/** Counts from zero up to `instructions`. @return the budget that held before, for close. */
zw_budget zw_host_open_budget(zw_host *host, uint64_t instructions);

/** Goes on with the budget from before: a call inside a call has its own. */
void zw_host_close_budget(zw_host *host, zw_budget before);

/**
 * The one protected door: calls the function below `args` arguments on the stack. Calls nest: a C
 * function called from Lua may use it again, on the same budget. [-(args + 1), +results], or +1,
 * the error, when it did not end in ZW_HOST_DONE.
 */
zw_host_end zw_host_call(zw_host *host, int args, int results) ZW_MUST_USE;

/** Which limit ended the last call that did not end in ZW_HOST_DONE; ZW_BREACH_NONE when it ended
 * by itself. */
zw_breach zw_host_breached(const zw_host *host);

/** Where the script stood when it wanted more memory, or a longer text, than is allowed. */
zw_place zw_host_refused_at(const zw_host *host);

/**
 * What the error at the stack's top says, without its place, which goes to `place` (zeros when
 * unknown). Borrowed from the stack, or a constant.
 */
const char *zw_host_error(zw_host *host, zw_place *place);

/** The light userdata at the stack's top that was raised as a signal; NULL when it is an error. */
const void *zw_host_signal(zw_host *host);

/** Charges work that no instruction counts; raises when the budget is spent. [-0, +0, raises] */
void zw_host_charge(lua_State *lua, uint64_t steps);

/** Where the innermost running Lua function of the pack's own files stands, else of a shipped one;
 * false when none runs. [-0, +0] */
bool zw_host_place(lua_State *lua, zw_place *place);

/** True when the innermost running Lua function is one that the program ships. [-0, +0] */
bool zw_host_is_shipped(lua_State *lua);

/** Where the Lua function at the stack's top begins; pops it. [-1, +0] */
zw_place zw_host_place_of(lua_State *lua);

/** The chunk name of file number `file`; what goes wrong in a shipped one is told where the pack
 * called it. @return `out`. */
const char *zw_host_chunk_name(uint32_t file, bool is_shipped, char out[ZW_CHUNK_NAME_BYTES]);

/** Ends the call by a limit of the given kind, at the running line. [-0, +0, raises] */
int zw_host_breach(lua_State *lua, zw_breach breach, const char *fmt, ...) ZW_PRINTF(3, 4);

/** Raises "place: text" as Lua errors are written, for zw_host_error to read. [-0, +0, raises] */
int zw_host_raise(lua_State *lua, zw_place place, const char *text);

#endif
