/** The list of deliveries in memory: by order of arrival, by number, and the last of each source.
 */
#ifndef ZW_STORE_DELIVERIES_H
#define ZW_STORE_DELIVERIES_H

#include "store/store.h"

typedef struct zw_deliveries zw_deliveries;

zw_status zw_deliveries_create(zw_deliveries **out, zw_err *err) ZW_MUST_USE;
void zw_deliveries_destroy(zw_deliveries *list); /* NULL is allowed */

/** Copies a delivery to the end; its id must be above all others. On failure nothing was added. */
zw_status zw_deliveries_add(zw_deliveries *list, const zw_delivery *delivery,
                            zw_err *err) ZW_MUST_USE;

/** Forgets the deliveries from number `count` on. */
void zw_deliveries_shrink(zw_deliveries *list, size_t count);

size_t zw_deliveries_count(const zw_deliveries *list);

/** What is given out stays where it is until the delivery is forgotten. NULL when there is none. */
const zw_delivery *zw_deliveries_at(const zw_deliveries *list, size_t number);
const zw_delivery *zw_deliveries_by_id(const zw_deliveries *list, int64_t id);
const zw_delivery *zw_deliveries_last_of(const zw_deliveries *list, const char *source);

/** Takes the four counts over into the delivery of the same id, which must be there. */
void zw_deliveries_set_counts(zw_deliveries *list, const zw_delivery *counted);

#endif
