/** Binding of registers' rows: a batch's names become the pack's registers, areas, states and
 * fields, its texts moments; what fits nowhere is named. */
#ifndef ZW_PLAN_BIND_ITEMS_H
#define ZW_PLAN_BIND_ITEMS_H

#include "plan/bind.h"
#include "store/items.h"

/** Rows that can be put into the store, in the batch's order. Texts are borrowed from the batch and
 * the pack. */
typedef struct zw_bound_items {
    zw_item_row *rows;
    size_t count;
    zw_item_field *fields; /* of all rows */
} zw_bound_items;

/** What a delivery holds once it is bound: figures, items, or both. Borrowed. */
typedef struct zw_goods {
    const zw_bound *rows;
    size_t row_count;
    const zw_item_row *items;
    size_t item_count;
    zw_text text; /* what they were read from, to be kept with them; empty: nothing is */
} zw_goods;

/**
 * Binds every item of `batch`; one that fits nowhere is named as a fault with what was expected and
 * the nearest known name, at its column. Numbers and names come out as they are compared: "1.50" as
 * "1.5", an area by its declared name. An area that is not said stays "" where the item stands
 * somewhere already or the pack has one zone; a row without item speaks of the only zone then.
 * @param items    what is known of the items already.
 * @param options  as zw_bind; a status means nothing here.
 * @param out      zeroed or not; to be given to zw_bound_items_fini whatever is answered.
 */
zw_status zw_bind_items(const zw_pack *pack, const zw_items *items, zw_batch *batch,
                        const zw_bind_options *options, zw_bound_items *out,
                        zw_err *err) ZW_MUST_USE;
void zw_bound_items_fini(zw_bound_items *bound);

#endif
