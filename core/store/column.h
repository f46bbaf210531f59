/**
 * The column of one series: by period index, every version it ever had, in order of `known_at_ms`
 * (of equal moments: in order of arrival). Memory only; the journal is what lasts.
 */
#ifndef ZW_STORE_COLUMN_H
#define ZW_STORE_COLUMN_H

#include "base/err.h"
#include "base/period.h"
#include "store/figure.h"
#include "store/lane.h"

typedef struct zw_column zw_column;

zw_status zw_column_create(zw_column **out, zw_err *err) ZW_MUST_USE;
void zw_column_destroy(zw_column *column);

/** What a figure did to the cell, as known at the figure's own moment. */
typedef enum zw_change {
    ZW_CHANGE_NEW,       /* nothing was known before it */
    ZW_CHANGE_UNCHANGED, /* says again what was known: same value, same status */
    ZW_CHANGE_REVISED    /* changed, withdrawn or returned */
} zw_change;

/** Takes a version; every one is kept, an unchanged one too (a later, older delivery may make it
 * news). */
zw_status zw_column_put(zw_column *column, zw_period period, const zw_figure *figure,
                        zw_change *change, zw_err *err) ZW_MUST_USE;

/** Takes the version back that `batch` put on `period` last: for a turn that failed. */
void zw_column_unput(zw_column *column, zw_period period, int64_t batch);

/** What was known at `as_of_ms`; NULL when nothing was. A withdrawal is returned like any other
 * version. */
const zw_figure *zw_column_at(const zw_column *column, zw_period period, int64_t as_of_ms);

/** As zw_lane_run. */
bool zw_column_run(const zw_column *column, zw_period lo, zw_period hi, int64_t as_of_ms,
                   zw_run *out);

/** All versions of a cell, oldest first. @return their count. Valid until the next put. */
size_t zw_column_versions(const zw_column *column, zw_period period, const zw_figure **out);

/** First and last period that ever had a version; false when empty. */
bool zw_column_span(const zw_column *column, zw_period *first, zw_period *last);

#endif
