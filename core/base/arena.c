/* An arena: many small allocations with one end.
 *
 * 1. The blocks and the arena itself never hold more than the ceiling.
 * 2. Only the newest block is handed out from; older ones are full or too small for what came.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ZW_ARENA_BLOCK
#define ZW_ARENA_BLOCK 4096 /* bytes of the first block; a test may make it tiny */
#endif

enum { BLOCK_GROWTH_MAX = 64 * ZW_ARENA_BLOCK };

typedef struct block {
    struct block *older;
    size_t size, used; /* of the bytes behind this head */
} block;

struct zw_arena {
    block *newest;
    size_t ceiling_bytes, held_bytes, used_bytes;
};

/* Where a block's bytes begin: behind its head, at an alignment that any type accepts. */
#define ALIGNMENT (alignof(max_align_t))
#define HEAD_BYTES ((sizeof(block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

static char *block_bytes(block *b)
{
    return (char *)b + HEAD_BYTES;
}

zw_status zw_arena_create(size_t ceiling_bytes, zw_arena **out, zw_err *err)
{
    zw_arena *arena = calloc(1, sizeof *arena);
    *out = arena;
    if (arena == NULL) {
        return zw_err_nomem(err);
    }
    arena->ceiling_bytes = ceiling_bytes;
    arena->held_bytes = sizeof *arena;
    return ZW_OK;
}

void zw_arena_destroy(zw_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->newest != NULL) {
        block *b = arena->newest;
        arena->newest = b->older;
        free(b);
    }
    free(arena);
}

/* The size of the next block: doubling keeps the number of blocks small, but near the ceiling only
 * what is needed is asked for. 0 when not even that is left. */
static size_t next_block_size(const zw_arena *arena, size_t need)
{
    if (arena->held_bytes > arena->ceiling_bytes ||
        arena->ceiling_bytes - arena->held_bytes < HEAD_BYTES ||
        arena->ceiling_bytes - arena->held_bytes - HEAD_BYTES < need) {
        return 0;
    }
    size_t left = arena->ceiling_bytes - arena->held_bytes - HEAD_BYTES;
    size_t size = ZW_ARENA_BLOCK;
    if (arena->newest != NULL) {
        size =
            arena->newest->size > BLOCK_GROWTH_MAX / 2 ? BLOCK_GROWTH_MAX : 2 * arena->newest->size;
    }
    size = size < need ? need : size;
    return size <= left ? size : need;
}

static block *arena_grow(zw_arena *arena, size_t need)
{
    size_t size = next_block_size(arena, need);
    block *b = size > 0 ? malloc(HEAD_BYTES + size) : NULL;
    if (b == NULL) {
        return NULL;
    }
    *b = (block){.older = arena->newest, .size = size};
    arena->newest = b;
    arena->held_bytes += HEAD_BYTES + size;
    return b;
}

void *zw_arena_alloc(zw_arena *arena, size_t bytes)
{
    /* Compared before rounding up: rounding could wrap a huge size to a small one. */
    if (bytes > arena->ceiling_bytes) {
        return NULL;
    }
    size_t need = bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (need < bytes) {
        return NULL;
    }
    block *b = arena->newest;
    if (b == NULL || b->size - b->used < need) {
        b = arena_grow(arena, need);
        if (b == NULL) {
            return NULL;
        }
    }
    void *memory = block_bytes(b) + b->used;
    b->used += need;
    arena->used_bytes += need;
    return memset(memory, 0, need);
}

char *zw_arena_text(zw_arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? zw_arena_alloc(arena, len + 1) : NULL;
    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *zw_arena_textf(zw_arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *text = len < 0 ? NULL : zw_arena_alloc(arena, (size_t)len + 1);
    if (text != NULL && vsnprintf(text, (size_t)len + 1, fmt, again) != len) {
        text = NULL;
    }
    va_end(again);
    va_end(args);
    return text;
}

void zw_arena_reset(zw_arena *arena)
{
    /* The largest block of ordinary size is kept; one that a single huge turn needed is not. */
    block *kept = NULL;
    while (arena->newest != NULL) {
        block *b = arena->newest;
        arena->newest = b->older;
        block *gone = b;
        if (b->size <= BLOCK_GROWTH_MAX && (kept == NULL || b->size > kept->size)) {
            gone = kept;
            kept = b;
        }
        free(gone);
    }
    arena->used_bytes = 0;
    arena->held_bytes = sizeof *arena;
    if (kept != NULL) {
        *kept = (block){.size = kept->size};
        arena->newest = kept;
        arena->held_bytes += HEAD_BYTES + kept->size;
    }
}

size_t zw_arena_used(const zw_arena *arena)
{
    return arena->used_bytes;
}
