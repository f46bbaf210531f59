/**
 * Measures at areas whose figures are one series with nothing to choose: no dimension values, no
 * scope, nobody else's. Most of what is watched live is such; what is asked of it needs no question
 * to the shelf.
 */
#ifndef ZW_INDICATOR_PLAIN_H
#define ZW_INDICATOR_PLAIN_H

#include "plan/pack.h"
#include "store/store.h"

typedef struct zw_plain zw_plain;

/** @param pack, store  borrowed. */
zw_status zw_plain_create(const zw_pack *pack, zw_store *store, zw_plain **out,
                          zw_err *err) ZW_MUST_USE;
void zw_plain_destroy(zw_plain *plain); /* NULL is allowed */

/**
 * The one series of a measure at an area that has no parts and always lives; ZW_SERIES_NONE when
 * there is none or more to choose from. Looked up by name once, and again after series came or were
 * taken back.
 */
zw_series_id zw_plain_series(zw_plain *plain, uint32_t measure, uint32_t area);
/** What zw_plain_row says of an area, that has no parts and always lives, without any series. */
#define ZW_PLAIN_EMPTY (ZW_SERIES_NONE - 1)

/** The same at each area of a row, or ZW_PLAIN_EMPTY. @param out  has room for `count`. */
void zw_plain_row(zw_plain *plain, uint32_t measure, const uint32_t *areas, size_t count,
                  zw_series_id *out);

/** Goes along all series of a measure, plain or not; begins at ZW_SERIES_NONE. @return false behind
 * the last. */
bool zw_plain_next(zw_plain *plain, uint32_t measure, zw_series_id *series);

#endif
