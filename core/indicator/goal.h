/** Where a target stands at an area: its path's points and the season's shares. For the files that
 * compute targets. */
#ifndef ZW_INDICATOR_GOAL_H
#define ZW_INDICATOR_GOAL_H

#include "indicator/inside.h"

/** The value of a column that a computation may read at any period; missing ones are answered too.
 */
zw_status zw_goal_cell(zw_eval *eval, zw_col *reader, zw_node_id node, zw_period period,
                       zw_cell *out, zw_err *err) ZW_MUST_USE;

/**
 * The mean (`how` KIND), least (MIN) or largest (MAX) share of the year that is in by the period of
 * `p`'s place in it, over the last three full years before its own; missing with fewer. `running`
 * is a running total.
 */
zw_status zw_goal_share(zw_eval *eval, zw_col *reader, zw_node_id running, zw_period p, zw_how how,
                        zw_cell *out, zw_err *err) ZW_MUST_USE;

/** The dated value, by its number, that stands in period `p` of a verdict's grid; false when none
 * does. */
bool zw_goal_dated(const zw_eval *eval, const zw_node *node, uint32_t area, zw_period p,
                   size_t *out); /* verdict.c */

#endif
