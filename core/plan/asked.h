/** Asked: a node that is inferred, with its kids at hand, and what the rules of inference ask of
 * them. Each answers ZW_OK, or ZW_INVALID with words for the script author. */
#ifndef ZW_PLAN_ASKED_H
#define ZW_PLAN_ASKED_H

#include "plan/pack.h"

typedef struct zw_asked {
    const zw_pack *pack;
    zw_node *node;
    const zw_node *kid[3];
} zw_asked;

/** A kid must be a number, a truth; all kids from one on numbers. */
zw_status zw_asked_number(const zw_asked *in, unsigned slot, zw_err *err) ZW_MUST_USE;
zw_status zw_asked_truth(const zw_asked *in, unsigned slot, zw_err *err) ZW_MUST_USE;
zw_status zw_asked_numbers(const zw_asked *in, unsigned from, zw_err *err) ZW_MUST_USE;
/** The first kid must have periods. */
zw_status zw_asked_grid(const zw_asked *in, zw_err *err) ZW_MUST_USE;
/** The node's `count` must be at least so much. */
zw_status zw_asked_count(const zw_asked *in, int32_t least, zw_err *err) ZW_MUST_USE;

/** Gives the node the one grid of its kids; two are a mistake whose words name the mend. */
zw_status zw_asked_join_grids(zw_asked *in, zw_err *err) ZW_MUST_USE;
/** Gives the node the one unit of its kids from `from` on; the first that has one says how it is
 * shown. */
zw_status zw_asked_join_units(zw_asked *in, unsigned from, zw_err *err) ZW_MUST_USE;
/** Gives the node the unit of one kid. */
void zw_asked_keep(zw_asked *in, unsigned slot);

/** A unit by its text; a plain number's when there is none such. */
zw_unit zw_asked_shown(const char *text);
/** How words call a unit; `out` is of `size`. */
const char *zw_asked_unit_name(const zw_unit *unit, char *out, size_t size);

#endif
