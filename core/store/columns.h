/** All figures in memory: the column of each series, and in step with them the index of what was
 * learned when. */
#ifndef ZW_STORE_COLUMNS_H
#define ZW_STORE_COLUMNS_H

#include "store/column.h"
#include "store/learned.h"

typedef struct zw_columns zw_columns;

zw_status zw_columns_create(zw_columns **out, zw_err *err) ZW_MUST_USE;
void zw_columns_destroy(zw_columns *columns); /* NULL is allowed */

/** Takes a version into the column of `series`, made when absent, and into the index; on failure
 * into neither. */
zw_status zw_columns_put(zw_columns *columns, zw_series_id series, zw_period period,
                         const zw_figure *figure, zw_change *change, zw_err *err) ZW_MUST_USE;

/** Takes back the put that came last of those still there: what it put, and where. */
void zw_columns_unput(zw_columns *columns, zw_series_id series, zw_period period,
                      int64_t known_at_ms, int64_t batch);

/** The column of a series; NULL when nothing was ever put there. */
const zw_column *zw_columns_find(const zw_columns *columns, zw_series_id series);

/** The newest figure of every series, side by side. */
const zw_head *zw_columns_heads(const zw_columns *columns, size_t *count);

/** The index. It sorts itself when read, which changes nothing that can be seen. */
zw_learned_index *zw_columns_learned(const zw_columns *columns);

#endif
