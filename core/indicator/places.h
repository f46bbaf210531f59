/** Places: where in a pack the series of a store belong, each looked up by name once. */
#ifndef ZW_INDICATOR_PLACES_H
#define ZW_INDICATOR_PLACES_H

#include "plan/pack.h"
#include "store/store.h"

typedef struct zw_places zw_places;

/** @param pack, store  borrowed; must outlive the result. */
zw_status zw_places_create(const zw_pack *pack, zw_store *store, zw_places **out,
                           zw_err *err) ZW_MUST_USE;
void zw_places_destroy(zw_places *places); /* NULL is allowed */

/** The measure and the area of a series; false when the pack lacks one of them (a figure of an
 * earlier pack). Without memory they are looked up each time. */
bool zw_places_of(zw_places *places, zw_series_id series, uint32_t *measure, uint32_t *area);

#endif
