/** The remarks: the texts that figures carry (their own source, their note), each kept once and
 * numbered. Number 0 is always "", which is nowhere in the file. */
#ifndef ZW_STORE_REMARKS_H
#define ZW_STORE_REMARKS_H

#include "base/text.h"
#include "store/db.h"

typedef struct zw_remarks zw_remarks;

/** Loads what is stored. @param db  borrowed; must outlive the result. @return ZW_OK; ZW_NOMEM;
 * ZW_STORE when SQLite refused or a row cannot be what was written. */
zw_status zw_remarks_create(zw_db *db, zw_remarks **out, zw_err *err) ZW_MUST_USE;
void zw_remarks_destroy(zw_remarks *remarks); /* NULL is allowed */

/**
 * Finds a text, or adds it inside a transaction.
 * @return ZW_OK; ZW_INVALID for a text with a NUL in it; ZW_NOMEM; ZW_STORE when SQLite refused or
 * a new text comes outside a transaction. On failure `*out` is 0 and nothing was added.
 */
zw_status zw_remarks_ensure(zw_remarks *remarks, zw_text text, uint32_t *out,
                            zw_err *err) ZW_MUST_USE;

/** The number of a text; false when it was never added. */
bool zw_remarks_find(const zw_remarks *remarks, zw_text text, uint32_t *out);

/** The text with a number below the count; valid until it is forgotten. */
const char *zw_remarks_view(const zw_remarks *remarks, uint32_t number);

uint32_t zw_remarks_count(const zw_remarks *remarks); /* at least 1, for "" */

/** Forgets the texts numbered `count` (at least 1) and above. Memory only: the rows go with the
 * transaction. */
void zw_remarks_shrink(zw_remarks *remarks, uint32_t count);

#endif
