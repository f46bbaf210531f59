/**
 * The registry of series: (measure, area, dimension values, scope) by name, each with a dense
 * number. Names are the store's own; which of them a pack still uses is not its business.
 */
#ifndef ZW_STORE_SERIES_H
#define ZW_STORE_SERIES_H

#include "base/period.h"
#include "base/pool.h"
#include "store/db.h"
#include "store/figure.h"

typedef struct zw_series_set zw_series_set;

/** What a series is. Texts are borrowed from the set and live as long as the series does. */
typedef struct zw_series {
    const char *measure, *area;
    const char *dims;  /* as zw_row.dims of intake/batch.h; "" is the total */
    const char *scope; /* "" when none was said */
} zw_series;

/** What is recorded of a measure with its first figure; a pack that changes it is refused. */
typedef struct zw_recorded_measure {
    const char *kind, *unit; /* as the pack writes them */
    zw_grid grid;
} zw_recorded_measure;

zw_status zw_series_set_create(zw_db *db, zw_series_set **out,
                               zw_err *err) ZW_MUST_USE; /* loads what is stored */
void zw_series_set_destroy(zw_series_set *set);

zw_series_id zw_series_find(const zw_series_set *set, const zw_series *key); /* ZW_SERIES_NONE */
/** Finds or adds (inside a transaction). */
zw_status zw_series_ensure(zw_series_set *set, const zw_series *key, zw_series_id *out,
                           zw_err *err) ZW_MUST_USE;
const zw_series *zw_series_view(const zw_series_set *set, zw_series_id id);
uint32_t zw_series_count(const zw_series_set *set);

/** The series of a measure at an area, in order of arrival, whatever their dimensions and scopes.
 * @return their count. */
size_t zw_series_at(const zw_series_set *set, const char *measure, const char *area,
                    const zw_series_id **out);

/** A number that differs whenever a series came or was taken back in between. */
uint64_t zw_series_generation(const zw_series_set *set);

/** ZW_NOT_FOUND when no figure of it was ever taken. Texts are borrowed. */
zw_status zw_series_measure(const zw_series_set *set, const char *measure, zw_recorded_measure *out,
                            zw_err *err) ZW_MUST_USE;
/** Records a measure (inside a transaction); ZW_CONFLICT when it is recorded as something else,
 * saying as what. */
zw_status zw_series_record(zw_series_set *set, const char *measure, const zw_recorded_measure *what,
                           zw_err *err) ZW_MUST_USE;

/** Forgets what was added since the last `zw_series_keep`: for a transaction that did not commit.
 */
void zw_series_undo(zw_series_set *set);
void zw_series_keep(zw_series_set *set);

#endif
