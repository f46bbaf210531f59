/** A set of keys of two words, each with a pointer: open addressing, nothing is taken out. A plain
 * value that owns its slots; all zero is empty. */
#ifndef ZW_INDICATOR_KEYS_H
#define ZW_INDICATOR_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zw_key {
    uint64_t a, b;
} zw_key;

typedef struct zw_keys {
    struct zw_keys_slot *slots; /* a power of two of them */
    size_t slot_count, count;
} zw_keys;

void zw_keys_fini(zw_keys *keys);

/** What was put under the key; NULL when nothing was. */
void *zw_keys_find(const zw_keys *keys, zw_key key);

/** Puts `value`, which is not NULL, under a key that is not there yet. @return false without
 * memory; nothing is changed then. */
bool zw_keys_put(zw_keys *keys, zw_key key, void *value);

#endif
