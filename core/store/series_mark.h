/** A point in the life of a series set, to which a turn or a savepoint in it can go back. */
#ifndef ZW_STORE_SERIES_MARK_H
#define ZW_STORE_SERIES_MARK_H

#include "store/series.h"

/** A plain value: how much there was of each kind. */
typedef struct zw_series_mark {
    uint32_t series, measures, places, texts;
} zw_series_mark;

zw_series_mark zw_series_mark_of(const zw_series_set *set);

/** Forgets what was added since the mark was taken. Memory only: the rows go with the transaction.
 */
void zw_series_back_to(zw_series_set *set, zw_series_mark mark);

#endif
