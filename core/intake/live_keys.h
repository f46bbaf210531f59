/**
 * The keys of live samples: who a sample is of, in the very bytes by which senders name it, each
 * with a dense number from 0. Bytes that were seen before cost one comparison with the key that
 * came next last time, or one hash; only new ones are taken apart. The set outlives deliveries: a
 * sender says the same again and again.
 */
#ifndef ZW_INTAKE_LIVE_KEYS_H
#define ZW_INTAKE_LIVE_KEYS_H

#include "base/text.h"

#include <stdint.h>

/** A tag, or a label: unescaped. */
typedef struct zw_live_label {
    zw_text name, value;
} zw_live_label;

/** What a key says. Texts and labels are the set's, unescaped and valid until it is cleared. */
typedef struct zw_live_key {
    zw_text name;  /* the measurement or metric */
    zw_text field; /* of line protocol; else empty */
    const zw_live_label *labels;
    size_t label_count;
} zw_live_key;

typedef struct zw_live_keys zw_live_keys;

#define ZW_LIVE_KEY_NONE UINT32_MAX

zw_status zw_live_keys_create(zw_live_keys **out, zw_err *err) ZW_MUST_USE;
void zw_live_keys_destroy(zw_live_keys *keys); /* NULL is allowed */

/** Forgets all of them: numbers start anew. */
void zw_live_keys_clear(zw_live_keys *keys);

uint32_t zw_live_keys_count(const zw_live_keys *keys);
size_t zw_live_keys_bytes(const zw_live_keys *keys); /* about what they hold in memory */
const zw_live_key *zw_live_keys_at(const zw_live_keys *keys, uint32_t number);

/** The bytes of a key: those of its series, and those of its field (of line protocol "field=";
 * else none). */
typedef struct zw_live_bytes {
    zw_text series, field;
} zw_live_bytes;

/** The bytes as they stand in a line: the series', and behind a space the field's when it has one.
 */
zw_text zw_live_keys_raw(const zw_live_keys *keys, uint32_t number);
/** How many of them are the series'. */
size_t zw_live_keys_series_bytes(const zw_live_keys *keys, uint32_t number);

/** The key of these bytes; ZW_LIVE_KEY_NONE. */
uint32_t zw_live_keys_find(const zw_live_keys *keys, const zw_live_bytes *bytes);

/** Adds a key; all is copied. It must not be there. @return ZW_OK; ZW_NOMEM, and then nothing was
 * added. */
zw_status zw_live_keys_add(zw_live_keys *keys, const zw_live_bytes *bytes, const zw_live_key *key,
                           uint32_t *number, zw_err *err) ZW_MUST_USE;

/** The key that came after `number` when one last did; ZW_LIVE_KEY_NONE. */
uint32_t zw_live_keys_next(const zw_live_keys *keys, uint32_t number);
void zw_live_keys_follow(zw_live_keys *keys, uint32_t number, uint32_t next);

#endif
