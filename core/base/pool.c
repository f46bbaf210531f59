/* A pool of distinct texts, each with a dense number in order of arrival.
 *
 * 1. A text's bytes never move: they lie in chunks, in order of arrival, the newest chunk first.
 * 2. Slots are probed in line and only ever emptied newest text first, so emptying a slot breaks
 *    no other text's probe: whatever was put later is gone already.
 */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 8192, FIRST_ENTRIES = 32, SLOTS_PER_ENTRY = 2 };

typedef struct chunk {
    struct chunk *older;
    size_t size, used;
    char bytes[];
} chunk;

typedef struct entry {
    const char *text;
    uint32_t len, hash;
} entry;

struct zw_pool {
    chunk *newest;
    entry *entries;
    uint32_t *slots; /* numbers, or ZW_POOL_NONE; SLOTS_PER_ENTRY * capacity, a power of two */
    uint32_t count, capacity;
};

/* FNV-1a, its ends mixed: slots are taken from the low bits. */
static uint32_t hash_of(zw_text text)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.at[i]) * 1099511628211U;
    }
    return (uint32_t)(hash ^ (hash >> 32));
}

zw_status zw_pool_create(zw_pool **out, zw_err *err)
{
    *out = calloc(1, sizeof **out);
    return *out != NULL ? ZW_OK : zw_err_nomem(err);
}

void zw_pool_destroy(zw_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    while (pool->newest != NULL) {
        chunk *c = pool->newest;
        pool->newest = c->older;
        free(c);
    }
    free(pool->entries);
    free(pool->slots);
    free(pool);
}

/* The slot that holds `text`, or the empty one where it belongs. There always is an empty one. */
static uint32_t slot_of(const zw_pool *pool, zw_text text, uint32_t hash)
{
    uint32_t mask = SLOTS_PER_ENTRY * pool->capacity - 1;
    uint32_t at = hash & mask;
    while (pool->slots[at] != ZW_POOL_NONE) {
        const entry *e = &pool->entries[pool->slots[at]];
        if (e->hash == hash && zw_text_same((zw_text){e->text, e->len}, text)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

static bool pool_grow(zw_pool *pool)
{
    uint32_t capacity = pool->capacity > 0 ? 2 * pool->capacity : FIRST_ENTRIES;
    if (capacity > UINT32_MAX / SLOTS_PER_ENTRY / 2) {
        return false;
    }
    entry *entries = realloc(pool->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    pool->entries = entries;
    size_t slot_count = (size_t)SLOTS_PER_ENTRY * capacity;
    uint32_t *slots = malloc(slot_count * sizeof *slots);
    if (slots == NULL) { /* the larger array of entries is harmless */
        return false;
    }
    memset(slots, 0xFF, slot_count * sizeof *slots);
    free(pool->slots);
    pool->slots = slots;
    pool->capacity = capacity;
    for (uint32_t i = 0; i < pool->count; i++) { /* in order of arrival: promise 2 */
        const entry *e = &pool->entries[i];
        pool->slots[slot_of(pool, (zw_text){e->text, e->len}, e->hash)] = i;
    }
    return true;
}

static char *chunk_copy(zw_pool *pool, zw_text text)
{
    size_t need = text.len + 1;
    chunk *c = pool->newest;
    if (c == NULL || c->size - c->used < need) {
        size_t size = need > CHUNK_BYTES ? need : CHUNK_BYTES;
        c = malloc(sizeof *c + size);
        if (c == NULL) {
            return NULL;
        }
        *c = (chunk){.older = pool->newest, .size = size};
        pool->newest = c;
    }
    char *copy = c->bytes + c->used;
    if (text.len > 0) {
        memcpy(copy, text.at, text.len);
    }
    copy[text.len] = '\0';
    c->used += need;
    return copy;
}

uint32_t zw_pool_put(zw_pool *pool, zw_text text)
{
    uint32_t found = zw_pool_find(pool, text);
    if (found != ZW_POOL_NONE) {
        return found;
    }
    if (text.len >= UINT32_MAX || (pool->count == pool->capacity && !pool_grow(pool))) {
        return ZW_POOL_NONE;
    }
    char *copy = chunk_copy(pool, text);
    if (copy == NULL) {
        return ZW_POOL_NONE;
    }
    uint32_t number = pool->count;
    uint32_t hash = hash_of(text);
    pool->slots[slot_of(pool, text, hash)] = number;
    pool->entries[number] = (entry){copy, (uint32_t)text.len, hash};
    pool->count++;
    return number;
}

uint32_t zw_pool_find(const zw_pool *pool, zw_text text)
{
    if (pool->count == 0) {
        return ZW_POOL_NONE;
    }
    return pool->slots[slot_of(pool, text, hash_of(text))];
}

const char *zw_pool_text(const zw_pool *pool, uint32_t number)
{
    return pool->entries[number].text;
}

uint32_t zw_pool_count(const zw_pool *pool)
{
    return pool->count;
}

/* The newest text's bytes are the last of the newest chunk; a chunk goes with its last text. */
static void chunk_cut(zw_pool *pool, const char *text)
{
    chunk *c = pool->newest;
    c->used = (size_t)(text - c->bytes);
    if (c->used == 0) {
        pool->newest = c->older;
        free(c);
    }
}

void zw_pool_shrink(zw_pool *pool, uint32_t count)
{
    while (pool->count > count) {
        const entry *e = &pool->entries[pool->count - 1];
        pool->slots[slot_of(pool, (zw_text){e->text, e->len}, e->hash)] = ZW_POOL_NONE;
        pool->count--;
        chunk_cut(pool, e->text);
    }
}
