/** Windows over a plain series, straight from the store's arrays. */
#ifndef ZW_INDICATOR_PLAIN_WINDOW_H
#define ZW_INDICATOR_PLAIN_WINDOW_H

#include "indicator/inside.h"

/** True of a window that can be folded so: a sum, mean, extreme, count, first or last of `kid`,
 * which is no running total. */
bool zw_plain_window_fits(const zw_node *node, const zw_node *kid);

/** What is asked of a plain series: to fold what it says of a span, whose periods have begun. */
typedef struct zw_plain_ask {
    const zw_node *kid; /* the measure */
    uint32_t area;
    zw_span span;
    zw_how how;
} zw_plain_ask;

/**
 * What the cells of the span would come to. Of a measure that is read live, periods without a
 * figure are passed over.
 * @return false when it takes the cells: a period lacks that must not, or all of them.
 */
bool zw_plain_fold(zw_eval *eval, zw_series_id series, const zw_plain_ask *ask, zw_cell *out);

/** The same of the first kid of a column's node, past its column, with the reader noted. @param
 * is_done  false: it takes the cells. */
zw_status zw_plain_read_past(zw_eval *eval, zw_col *col, const zw_plain_ask *ask, zw_cell *out,
                             bool *is_done, zw_err *err) ZW_MUST_USE;

#endif
