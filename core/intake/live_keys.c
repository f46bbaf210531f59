/* The keys of live samples: an open hash table over their bytes, which lie in an arena. */
#include "intake/live_keys.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 64, SLOTS_PER_ENTRY = 2 };

static const size_t ceiling_bytes = (size_t)1 << 30;
static const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);

typedef struct entry {
    const char *raw;
    uint32_t raw_len, series_len;
    uint32_t next;
    uint32_t hash;
    zw_live_key key;
} entry;

struct zw_live_keys {
    zw_arena *arena;
    entry *entries;
    uint32_t *slots; /* numbers, or ZW_LIVE_KEY_NONE; SLOTS_PER_ENTRY * capacity, a power of two */
    uint32_t count, capacity;
};

zw_status zw_live_keys_create(zw_live_keys **out, zw_err *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_arena_create(ceiling_bytes, &(*out)->arena, err);
    if (status != ZW_OK) {
        zw_live_keys_destroy(*out);
        *out = NULL;
    }
    return status;
}

void zw_live_keys_destroy(zw_live_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    zw_arena_destroy(keys->arena);
    free(keys->entries);
    free(keys->slots);
    free(keys);
}

void zw_live_keys_clear(zw_live_keys *keys)
{
    zw_arena_reset(keys->arena);
    free(keys->entries);
    free(keys->slots);
    keys->entries = NULL;
    keys->slots = NULL;
    keys->count = keys->capacity = 0;
}

uint32_t zw_live_keys_count(const zw_live_keys *keys)
{
    return keys->count;
}

size_t zw_live_keys_bytes(const zw_live_keys *keys)
{
    size_t each = sizeof(entry) + SLOTS_PER_ENTRY * sizeof *keys->slots;
    return zw_arena_used(keys->arena) + keys->capacity * each;
}

const zw_live_key *zw_live_keys_at(const zw_live_keys *keys, uint32_t number)
{
    return &keys->entries[number].key;
}

zw_text zw_live_keys_raw(const zw_live_keys *keys, uint32_t number)
{
    return (zw_text){keys->entries[number].raw, keys->entries[number].raw_len};
}

size_t zw_live_keys_series_bytes(const zw_live_keys *keys, uint32_t number)
{
    return keys->entries[number].series_len;
}

uint32_t zw_live_keys_next(const zw_live_keys *keys, uint32_t number)
{
    return keys->entries[number].next;
}

void zw_live_keys_follow(zw_live_keys *keys, uint32_t number, uint32_t next)
{
    keys->entries[number].next = next;
}

/* Eight bytes a step: keys are long, and this is done for each that does not come in order. */
static uint64_t hash_more(uint64_t hash, zw_text text)
{
    uint64_t word;
    size_t i = 0;
    for (; i + sizeof word <= text.len; i += sizeof word) {
        memcpy(&word, text.at + i, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    word = 0;
    if (i < text.len) {
        memcpy(&word, text.at + i, text.len - i);
    }
    hash = (hash ^ word ^ text.len << 56) * odd;
    return hash ^ hash >> 29;
}

static uint32_t hash_of(const zw_live_bytes *bytes)
{
    uint64_t hash = hash_more(hash_more(odd, bytes->series), bytes->field);
    return (uint32_t)(hash ^ hash >> 32);
}

/* The bytes of a key as it stands in a line: a space is between its two parts, when it has two. */
static size_t raw_bytes(const zw_live_bytes *bytes)
{
    return bytes->series.len + (bytes->field.len > 0 ? 1 + bytes->field.len : 0);
}

static bool is_at(const entry *e, const zw_live_bytes *bytes)
{
    return e->series_len == bytes->series.len && e->raw_len == raw_bytes(bytes) &&
           memcmp(e->raw, bytes->series.at, bytes->series.len) == 0 &&
           (bytes->field.len == 0 ||
            memcmp(e->raw + e->series_len + 1, bytes->field.at, bytes->field.len) == 0);
}

/* The slot of these bytes, or the empty one where they belong. There always is an empty one. */
static uint32_t slot_of(const zw_live_keys *keys, const zw_live_bytes *bytes, uint32_t hash)
{
    uint32_t mask = SLOTS_PER_ENTRY * keys->capacity - 1;
    uint32_t at = hash & mask;
    while (keys->slots[at] != ZW_LIVE_KEY_NONE) {
        const entry *e = &keys->entries[keys->slots[at]];
        if (e->hash == hash && is_at(e, bytes)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t zw_live_keys_find(const zw_live_keys *keys, const zw_live_bytes *bytes)
{
    return keys->count > 0 ? keys->slots[slot_of(keys, bytes, hash_of(bytes))] : ZW_LIVE_KEY_NONE;
}

static bool keys_grow(zw_live_keys *keys)
{
    uint32_t capacity = keys->capacity > 0 ? 2 * keys->capacity : FIRST_ENTRIES;
    if (capacity > UINT32_MAX / SLOTS_PER_ENTRY / 2) {
        return false;
    }
    entry *entries = realloc(keys->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        return false;
    }
    keys->entries = entries;
    size_t slot_count = (size_t)SLOTS_PER_ENTRY * capacity;
    uint32_t *slots = malloc(slot_count * sizeof *slots);
    if (slots == NULL) { /* the larger array of entries is harmless */
        return false;
    }
    memset(slots, 0xFF, slot_count * sizeof *slots);
    free(keys->slots);
    keys->slots = slots;
    keys->capacity = capacity;
    for (uint32_t i = 0; i < keys->count; i++) { /* all differ: the first empty slot is theirs */
        uint32_t at = keys->entries[i].hash & (uint32_t)(slot_count - 1);
        while (keys->slots[at] != ZW_LIVE_KEY_NONE) {
            at = (at + 1) & (uint32_t)(slot_count - 1);
        }
        keys->slots[at] = i;
    }
    return true;
}

/* Copies into the arena; false when there is no memory. */
static bool keep(zw_live_keys *keys, zw_text text, zw_text *out)
{
    char *copy = zw_arena_text(keys->arena, text.at != NULL ? text.at : "", text.len);
    *out = (zw_text){copy, text.len};
    return copy != NULL;
}

static bool keep_key(zw_live_keys *keys, const zw_live_key *key, zw_live_key *out)
{
    size_t size = key->label_count * sizeof(zw_live_label);
    zw_live_label *labels = size > 0 ? zw_arena_alloc(keys->arena, size) : NULL;
    if (size > 0 && labels == NULL) {
        return false;
    }
    bool is_ok = keep(keys, key->name, &out->name) && keep(keys, key->field, &out->field);
    for (size_t i = 0; is_ok && labels != NULL && i < key->label_count; i++) {
        is_ok = keep(keys, key->labels[i].name, &labels[i].name) &&
                keep(keys, key->labels[i].value, &labels[i].value);
    }
    out->labels = labels;
    out->label_count = key->label_count;
    return is_ok;
}

zw_status zw_live_keys_add(zw_live_keys *keys, const zw_live_bytes *bytes, const zw_live_key *key,
                           uint32_t *number, zw_err *err)
{
    size_t len = raw_bytes(bytes);
    *number = ZW_LIVE_KEY_NONE;
    if (len >= UINT32_MAX || (keys->count == keys->capacity && !keys_grow(keys))) {
        return zw_err_nomem(err);
    }
    char *raw = zw_arena_alloc(keys->arena, len + 1);
    entry e = {.raw = raw,
               .raw_len = (uint32_t)len,
               .series_len = (uint32_t)bytes->series.len,
               .next = ZW_LIVE_KEY_NONE,
               .hash = hash_of(bytes)};
    if (raw == NULL || !keep_key(keys, key, &e.key)) {
        return zw_err_nomem(err);
    }
    memcpy(raw, bytes->series.at, bytes->series.len);
    if (bytes->field.len > 0) {
        raw[bytes->series.len] = ' ';
        memcpy(raw + bytes->series.len + 1, bytes->field.at, bytes->field.len);
    }
    keys->slots[slot_of(keys, bytes, e.hash)] = keys->count;
    keys->entries[keys->count] = e;
    *number = keys->count++;
    return ZW_OK;
}
