/** The index of what was learned when: every version in the store by known_at, of equal moments by
 * arrival. */
#ifndef ZW_STORE_LEARNED_H
#define ZW_STORE_LEARNED_H

#include "store/store.h"

typedef struct zw_learned_index zw_learned_index;

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

/** As zw_store_first_known_ms. */
int64_t zw_learned_first_ms(zw_learned_index *index);

size_t zw_learned_count(const zw_learned_index *index);

#endif
