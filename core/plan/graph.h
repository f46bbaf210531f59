/**
 * What depends on what, along time: which periods of a kid a change touches in the node above it,
 * as interval arithmetic, and which measures lie under a node. Areas need no arithmetic here: the
 * evaluator records who read whom.
 */
#ifndef ZW_PLAN_GRAPH_H
#define ZW_PLAN_GRAPH_H

#include "plan/pack.h"

/** Periods lo … hi, both included; empty when lo > hi. */
typedef struct zw_span {
    zw_period lo, hi;
} zw_span;

#define ZW_SPAN_ALL ((zw_span){ZW_PERIOD_MIN, ZW_PERIOD_MAX})

/**
 * The periods of `node` whose values may change when its kid number `slot` changes in `span` (on
 * the kid's grid). Never too few, sometimes too many. Not for ZW_OP_CALL, whose reads are recorded
 * one by one.
 */
zw_span zw_graph_touch(const zw_pack *pack, const zw_calendar *calendar, zw_node_id node,
                       unsigned slot, zw_span span);

/**
 * Calls `each` once for every measure under `node`.
 * @param has_call  true when a Lua function lies under it: it may read anything.
 * @return ZW_OK, ZW_NOMEM.
 */
zw_status zw_graph_measures(const zw_pack *pack, zw_node_id node,
                            void (*each)(void *arg, uint32_t measure), void *arg, bool *has_call,
                            zw_err *err) ZW_MUST_USE;

/** The first period of grid `to` in, or the one around, period `p` of grid `from` (equal grids: p
 * itself). A shorter period lies in the longer one that holds its start, so that hours of a zone
 * between hours are in one day each. */
zw_period zw_graph_first(const zw_calendar *calendar, zw_grid from, zw_period p, zw_grid to);
/** The last period of grid `to` in, or around, period `p` of grid `from`. */
zw_period zw_graph_last(const zw_calendar *calendar, zw_grid from, zw_period p, zw_grid to);

/** True for an operation that compares or adds up p and earlier periods: those are read in the
 * scope of p. */
bool zw_graph_looks_back(zw_op op);

/**
 * Calls `each` for the Lua functions under `node` that are called for its own area and period, in
 * the order in which they were written: not those behind `:of`, `:lag`, `:areas()`, groups, items
 * or another grid.
 * @return ZW_OK, ZW_NOMEM.
 */
zw_status zw_graph_functions(const zw_pack *pack, zw_node_id node,
                             void (*each)(void *arg, zw_node_id call), void *arg,
                             zw_err *err) ZW_MUST_USE;

/** Calls `each` once for every register under `node`. @return ZW_OK, ZW_NOMEM. */
zw_status zw_graph_registers(const zw_pack *pack, zw_node_id node,
                             void (*each)(void *arg, uint32_t reg), void *arg,
                             zw_err *err) ZW_MUST_USE;

#endif
