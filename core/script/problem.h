/**
 * A problem: a mistake of the script author, told at the place where it stands. While a pack loads
 * it is noted and loading goes on, with a poison handle where a value is needed; later, in a call
 * or an expression of somebody's, it is raised.
 */
#ifndef ZW_SCRIPT_PROBLEM_H
#define ZW_SCRIPT_PROBLEM_H

#include "script/script_state.h"
#include "script/source.h"

enum { ZW_PROBLEM_BYTES = 1000, ZW_PROBLEMS_MAX = 500 };

/** The line on which the running Lua function stands; no column. [-0, +0] */
zw_where zw_problem_here(lua_State *lua);

/** Where on that line, or behind it, a name stands, perhaps behind a mark (":"). [-0, +0, raises]
 */
zw_where zw_problem_at_name(lua_State *lua, const char *before, const char *name);

/** Where an operation's name stands: behind a colon, else behind a dot. [-0, +0, raises] */
zw_where zw_problem_at_operation(lua_State *lua, const char *name);

/** Where a string stands. [-0, +0, raises] */
zw_where zw_problem_at_text(lua_State *lua, const char *content);

/** Where the field of the declaration `name`, which stands at `declared`, stands. [-0, +0, raises]
 */
zw_where zw_problem_at_field(lua_State *lua, zw_where declared, const char *name,
                             const char *field);

/**
 * Notes or raises. The same words at the same place are noted once. Past ZW_PROBLEMS_MAX loading
 * ends. Texts longer than ZW_PROBLEM_BYTES are cut. [-0, +0, raises]
 */
void zw_problem_note(lua_State *lua, zw_where where, const char *fmt, ...) ZW_PRINTF(3, 4);

/** Notes, and pushes poison. @return 1, for a C function to return. [-0, +1, raises] */
int zw_problem_poison(lua_State *lua, zw_where where, const char *fmt, ...) ZW_PRINTF(3, 4);

/** "; did you mean 'x'?" of the nearest, or nothing. @return `out`. */
const char *zw_problem_hint(const zw_nearest *nearest, char *out, size_t size);

#endif
