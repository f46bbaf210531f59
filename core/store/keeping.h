/**
 * What is past its keep. A measure whose figures are kept for a time has a floor: of every period
 * before it nothing is known any more, whatever the as-of. The floor moves at once; the pages below
 * it leave the file a few in each turn (sealing.h). Of each series that lost pages stays from when
 * on it was known, so that what is expected of it does not change.
 */
#ifndef ZW_STORE_KEEPING_H
#define ZW_STORE_KEEPING_H

#include "store/columns.h"
#include "store/series.h"

typedef struct zw_keeping zw_keeping;

/** Reads what the file says and tells the columns, which read no journal before.
 * @param db, series, columns  borrowed; must outlive the result. */
zw_status zw_keeping_create(zw_db *db, const zw_series_set *series, zw_columns *columns,
                            zw_keeping **out, zw_err *err) ZW_MUST_USE;
void zw_keeping_destroy(zw_keeping *keeping); /* NULL is allowed */

/** The floor of a measure, and when it moved last. @return false when there is none. */
bool zw_keeping_floor(const zw_keeping *keeping, const char *measure, zw_period *floor,
                      int64_t *moved_ms);

/** Moves the floor of a measure up, inside a transaction; down it never goes. */
zw_status zw_keeping_move(zw_keeping *keeping, const char *measure, zw_period floor, int64_t now_ms,
                          zw_err *err) ZW_MUST_USE;

/** Tells the columns the floor of every series from `first` on. */
zw_status zw_keeping_tell(const zw_keeping *keeping, zw_series_id first, zw_err *err) ZW_MUST_USE;

/** The transaction is committed, or taken back: then the floors are as before it. */
void zw_keeping_end(zw_keeping *keeping, bool is_committed);

#endif
