/** Windows over a plain series, straight from the store's arrays. */
#ifndef ZW_INDICATOR_PLAIN_WINDOW_H
#define ZW_INDICATOR_PLAIN_WINDOW_H

#include "indicator/inside.h"

/**
 * The window of `node` that ends with period `p`, when it is a sum, mean, extreme, count, first or
 * last of a measure whose series is plain and all in: what the folds of window.c would say of it.
 * @param is_done  false: it takes the cells.
 */
zw_status zw_plain_window(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p,
                          zw_cell *out, bool *is_done, zw_err *err) ZW_MUST_USE;

#endif
