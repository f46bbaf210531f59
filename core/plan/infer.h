/** Inference: what type, kind, grid, unit and show a node has, from its operation and its kids; and
 * what it may not be. */
#ifndef ZW_PLAN_INFER_H
#define ZW_PLAN_INFER_H

#include "plan/pack.h"

/**
 * Fills in what is inferred.
 * @param same  gets the node that this one is just another way to say (a running total's `:ytd()`);
 * else ZW_NODE_NONE.
 * @return ZW_OK; ZW_INVALID or ZW_NOT_YET with words for the script author.
 */
zw_status zw_infer(const zw_pack *pack, zw_node *node, zw_node_id *same, zw_err *err) ZW_MUST_USE;

/** A field of a register by name, or "state" of one that has states. @return ZW_OK; ZW_INVALID,
 * naming the nearest. */
zw_status zw_infer_field(const zw_register *reg, const char *name, zw_register_field *out,
                         zw_err *err) ZW_MUST_USE;

/** The same for an operation on items. */
zw_status zw_infer_items(const zw_pack *pack, zw_node *node, zw_err *err) ZW_MUST_USE;

#endif
