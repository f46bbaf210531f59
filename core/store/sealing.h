/** Sealing: the figures of tiles are written into their rows, so that the journal can let go of
 * them. A few tiles in each turn, never all. */
#ifndef ZW_STORE_SEALING_H
#define ZW_STORE_SEALING_H

#include "store/columns.h"

typedef struct zw_sealing zw_sealing;

/** @param columns  borrowed; must outlive the result. */
zw_status zw_sealing_create(zw_columns *columns, zw_sealing **out, zw_err *err) ZW_MUST_USE;
void zw_sealing_destroy(zw_sealing *sealing); /* NULL is allowed */

/**
 * Seals as many tiles as the journal is too long for, at the end of a transaction in which `taken`
 * figures came; all of them when `is_all`. What comes of the transaction must be told to
 * zw_sealing_end.
 * @param row  the last of the journal.
 * @return ZW_STORE when SQLite refused: the transaction must not commit.
 */
zw_status zw_sealing_step(zw_sealing *sealing, int64_t row, size_t taken, bool is_all,
                          zw_err *err) ZW_MUST_USE;

/** Rows of the journal below this one are in pages, once the transaction is committed. */
int64_t zw_sealing_kept_row(const zw_sealing *sealing, int64_t row);

/** The transaction of the last step is committed, or it is not: then all is as before it. */
void zw_sealing_end(zw_sealing *sealing, bool is_committed);

/** Whether so much waits in the journal that a store that is closed had better seal it. */
bool zw_sealing_is_due(const zw_sealing *sealing);

#endif
