/** An arena: many small allocations with one end. Takes its ceiling when made; past it, it answers
 * NULL. */
#ifndef ZW_BASE_ARENA_H
#define ZW_BASE_ARENA_H

#include "base/err.h"

#include <stddef.h>

typedef struct zw_arena zw_arena;

/** @param ceiling_bytes  the most it will ever hold, its own bookkeeping included. @return ZW_OK,
 * ZW_NOMEM. */
zw_status zw_arena_create(size_t ceiling_bytes, zw_arena **out, zw_err *err) ZW_MUST_USE;

/** NULL is allowed. */
void zw_arena_destroy(zw_arena *arena);

/** Zeroed memory, aligned for any type, alive until reset or destroy; NULL past the ceiling. */
void *zw_arena_alloc(zw_arena *arena, size_t bytes);

/** A NUL-terminated copy of `len` bytes; NULL past the ceiling. */
char *zw_arena_text(zw_arena *arena, const char *text, size_t len);

/** A formatted, NUL-terminated text; NULL past the ceiling. */
char *zw_arena_textf(zw_arena *arena, const char *fmt, ...) ZW_PRINTF(2, 3);

/** Forgets everything allocated; keeps one block for the next turn. */
void zw_arena_reset(zw_arena *arena);

/** Bytes handed out since the last reset. */
size_t zw_arena_used(const zw_arena *arena);

#endif
