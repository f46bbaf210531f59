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

#endif
