/**
 * Scopes: the version of its definition that a period is read in. Under another scope a figure is
 * another figure, so that what looks back from p reads the earlier periods in p's scope. Every part
 * of a roll-up has its own: growth of a zone compares like with like, area by area.
 *
 * A look back that starts at p reads what is under it below the binding "period=grid:p", its
 * anchor; each measure at each area finds there which scope p is read in.
 */
#ifndef ZW_INDICATOR_SCOPE_H
#define ZW_INDICATOR_SCOPE_H

#include "indicator/inside.h"

#define ZW_SCOPE_ANY (ZW_NONE - 1) /* whatever the scope */

/**
 * The scope, as a number of the shelf, that a period is read in at an area: that of the figure
 * first reported for it which was not withdrawn since, whatever its dimension values; if all were,
 * of the first. ZW_NONE when nothing is known. Of equal moments the delivery's order decides.
 */
uint32_t zw_scope_of_period(const zw_eval *eval, const zw_shelf *shelf, zw_period period);

/** The scope that an anchor stands for at an area: that of the newest period in it for which
 * anything is known; ZW_NONE when nothing is. */
uint32_t zw_scope_of_anchor(const zw_eval *eval, const zw_shelf *shelf, zw_span anchor);

/**
 * The binding below which a look back from `period` reads `node`: the reader's own when it has an
 * anchor already (the outermost look back decides), or when nothing under `node` was ever reported
 * under two scopes; else that with an anchor.
 */
zw_status zw_scope_anchor(zw_eval *eval, uint32_t binding, zw_node_id node, zw_grid grid,
                          zw_period period, uint32_t *out, zw_err *err) ZW_MUST_USE;

/** True of the name by which a binding has its anchor. */
bool zw_scope_is_anchor(zw_text name);

/** The periods of `grid` that the anchor in a binding covers; false when it has none. */
bool zw_scope_anchored(const char *binding, const zw_calendar *calendar, zw_grid grid,
                       zw_span *out);

#endif
