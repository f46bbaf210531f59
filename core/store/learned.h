/** The index of what was learned when: versions by known_at, of equal moments by arrival. */
#ifndef ZW_STORE_LEARNED_H
#define ZW_STORE_LEARNED_H

#include "base/err.h"
#include "base/period.h"
#include "store/figure.h"

#include <stddef.h>

typedef struct zw_learned_index zw_learned_index;

/** One thing learned. */
typedef struct zw_learned {
    int64_t known_at_ms;
    zw_series_id series;
    zw_period period;
} zw_learned;

zw_status zw_learned_create(zw_learned_index **out, zw_err *err) ZW_MUST_USE;
void zw_learned_destroy(zw_learned_index *index); /* NULL is allowed */

/** Adds one thing learned; any order is good, that of known_at is cheapest. @return ZW_OK,
 * ZW_NOMEM.
 */
zw_status zw_learned_put(zw_learned_index *index, const zw_learned *what, zw_err *err) ZW_MUST_USE;

/** Takes back the put that came last of those still there; it was at `known_at_ms`. */
void zw_learned_unput(zw_learned_index *index, int64_t known_at_ms);

/** As zw_store_learned. Valid until the next put or unput. It may sort, but needs no memory. */
size_t zw_learned_between(zw_learned_index *index, int64_t after_ms, int64_t upto_ms,
                          const zw_learned **out);

/** The first known_at in it; ZW_NEVER_MS when it is empty. */
int64_t zw_learned_first_ms(zw_learned_index *index);

/** How many of items in order of known_at were known at a moment. */
size_t zw_learned_known(const zw_learned *items, size_t count, int64_t at_ms);

/** Forgets the oldest, at least down to `most`. @return the known_at up to which it has nothing any
 * more. */
int64_t zw_learned_trim(zw_learned_index *index, size_t most);

size_t zw_learned_count(const zw_learned_index *index);

#endif
