/** Moving windows of values: what `:rolling(n)` says of anything but the sum of a running total. */
#ifndef ZW_INDICATOR_WINDOW_H
#define ZW_INDICATOR_WINDOW_H

#include "indicator/inside.h"

/**
 * Writes the cells of `span`: `node->how` of the kid over the last `node->count` periods. All that
 * are reported are needed, of what is read live one. The values do not depend on the span.
 * @return ZW_OK; ZW_NOMEM and what reading the kid says.
 */
zw_status zw_window_compute(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err) ZW_MUST_USE;

#endif
