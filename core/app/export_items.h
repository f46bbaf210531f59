/** `export --what items`: the rows of registers, as they can be taken in again. */
#ifndef ZW_APP_EXPORT_ITEMS_H
#define ZW_APP_EXPORT_ITEMS_H

#include "plan/pack.h"
#include "store/store.h"

#include <stdio.h>

/** Which rows. */
typedef struct zw_export_items {
    const zw_pack *pack;
    zw_store *store;
    int64_t as_of_ms;             /* known by then */
    uint32_t within;              /* whose item stood there then; ZW_NONE: everywhere */
    const zw_stamp *first, *last; /* that hold from then on; both included; NULL: no bound */
} zw_export_items;

/**
 * Writes every row of the pack's registers, corrections too, in order of arrival: taken in again
 * they answer the same as of any day. Of a synthetic one the note says so.
 * @return ZW_OK; ZW_NOMEM.
 */
zw_status zw_export_items_write(const zw_export_items *what, FILE *out, zw_err *err) ZW_MUST_USE;

#endif
