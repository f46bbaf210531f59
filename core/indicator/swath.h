/**
 * Swaths: an expression in one period at many areas, by operations over whole rows of them. Point
 * operations and windows over plain figures are computed straight from the store; only where a
 * figure is lacking is the column asked. What comes out is what the columns would say.
 */
#ifndef ZW_INDICATOR_SWATH_H
#define ZW_INDICATOR_SWATH_H

#include "indicator/inside.h"

/** True when `node` is such that a row of it needs few columns: point operations over measures,
 * windows of measures and constants, all of one grid. */
bool zw_swath_fits(zw_eval *eval, zw_node_id node);

/** The cells of `node`, which fits, at each area in a period, for `reader`, which is noted as their
 * reader in `slot`. @param out  has room for as many. */
zw_status zw_swath_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id node,
                        zw_list areas, zw_period period, zw_cell *out, zw_err *err) ZW_MUST_USE;

#endif
