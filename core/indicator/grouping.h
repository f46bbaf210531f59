/** A grouping: which groups an expression has, and since when each is one. The groups of a period
 * are the values of the dimension that were reported for it or an earlier one, anywhere the
 * expression reads. */
#ifndef ZW_INDICATOR_GROUPING_H
#define ZW_INDICATOR_GROUPING_H

#include "indicator/inside.h"

/** Where a value of the dimension is known. */
typedef struct zw_group_known {
    uint32_t value;  /* number of its text in `values` */
    uint32_t area;   /* that reported it, when its life is limited; ZW_NONE: it always lives */
    zw_period first; /* on the expression's grid */
} zw_group_known;

/** One group; its texts are the grouping's. */
typedef struct zw_group {
    const char *value;
    size_t known_first, known_count; /* in `known` */
} zw_group;

typedef struct zw_grouping {
    zw_pool *values;
    zw_group_known *known; /* by value's text */
    size_t known_count, known_capacity;
    zw_group *groups; /* in order of their values, never of their arrival */
    size_t count;
} zw_grouping;

/**
 * Finds the groups of `node` at an area by a dimension, below an outer binding. What narrows the
 * expression to some values of the dimension narrows the groups.
 * @param out  initialised here; whatever is answered, zw_grouping_fini frees it.
 */
zw_status zw_grouping_find(zw_eval *eval, zw_node_id node, uint32_t area, const char *dim,
                           uint32_t binding, zw_grouping *out, zw_err *err) ZW_MUST_USE;
void zw_grouping_fini(zw_grouping *grouping);

/** True when the group is one in period `p`, which ends at `end_ms`. */
bool zw_grouping_counts(const zw_eval *eval, const zw_grouping *grouping, const zw_group *group,
                        zw_period p, int64_t end_ms);

/** The number of a binding without what it says of `dim`, and, when `value` is not NULL, with
 * "dim=value". */
zw_status zw_grouping_bind(zw_eval *eval, uint32_t binding, const char *dim, const char *value,
                           uint32_t *out, zw_err *err) ZW_MUST_USE;

#endif
