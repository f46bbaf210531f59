/* A set of keys: at most half full, so that a look ends soon. */
#include "indicator/keys.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

struct zw_keys_slot {
    zw_key key;
    void *value; /* NULL: empty */
};

void zw_keys_fini(zw_keys *keys)
{
    free(keys->slots);
    *keys = (zw_keys){0};
}

static size_t hash_of(zw_key key)
{
    uint64_t h = key.a * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 32) ^ key.b) * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (size_t)(h ^ (h >> 29));
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct zw_keys_slot *slot_of(const zw_keys *keys, zw_key key)
{
    size_t i = hash_of(key) & (keys->slot_count - 1);
    while (keys->slots[i].value != NULL &&
           (keys->slots[i].key.a != key.a || keys->slots[i].key.b != key.b)) {
        i = (i + 1) & (keys->slot_count - 1);
    }
    return &keys->slots[i];
}

void *zw_keys_find(const zw_keys *keys, zw_key key)
{
    return keys->slot_count > 0 ? slot_of(keys, key)->value : NULL;
}

static bool grow(zw_keys *keys)
{
    zw_keys larger = {.slot_count = keys->slot_count > 0 ? keys->slot_count * 2 : FIRST_SLOTS,
                      .count = keys->count};
    larger.slots = calloc(larger.slot_count, sizeof(*larger.slots));
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < keys->slot_count; i++) {
        if (keys->slots[i].value != NULL) {
            *slot_of(&larger, keys->slots[i].key) = keys->slots[i];
        }
    }
    free(keys->slots);
    *keys = larger;
    return true;
}

bool zw_keys_put(zw_keys *keys, zw_key key, void *value)
{
    if (keys->count * 2 >= keys->slot_count && !grow(keys)) {
        return false;
    }
    *slot_of(keys, key) = (struct zw_keys_slot){key, value};
    keys->count++;
    return true;
}
