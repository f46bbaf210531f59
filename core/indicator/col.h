/**
 * A column: the cells of one (node, area, binding) by period, and who read them. Cells lie in
 * stretches: periods that are far apart (a value and the one a week of seconds earlier) cost what
 * lies around them, not what lies between.
 */
#ifndef ZW_INDICATOR_COL_H
#define ZW_INDICATOR_COL_H

#include "indicator/cell.h"
#include "plan/graph.h"

/** Cells of periods first … first + count - 1. A cell that is stale has until_ms INT64_MIN. */
typedef struct zw_stretch {
    zw_period first;
    size_t count, before, capacity; /* of `room`: cells before the first, and in all */
    zw_cell *room;                  /* the cell of `first` is room[before] */
} zw_stretch;

/** Calls of a function for periods lo … hi that each read the kid `shift` periods on: the kid's
 * period is the call's own plus shift. */
typedef struct zw_calls {
    zw_span own;
    int64_t shift;
} zw_calls;

/** One reader of a column. */
typedef struct zw_edge {
    struct zw_edge *next;
    struct zw_col *reader;
    unsigned slot;   /* the kid's number in the reader's node; ZW_SLOT_* else */
    zw_calls *calls; /* of a function: every read, as runs */
    size_t call_count, call_capacity;
} zw_edge;

enum {
    ZW_SLOT_SAME = 100,
    ZW_SLOT_CALL = 101
}; /* the same node at another area · read by a function */

/** Of a node without a grid: one cell, period 0. Columns live as long as their table, and never
 * move. */
typedef struct zw_col {
    zw_node_id node;
    uint32_t area, binding;
    zw_stretch nearest; /* of the cells asked for last; empty: there are none yet */
    zw_stretch *others;
    size_t other_count;
    uint32_t anchored;     /* below which binding its kids are read just now; 0: its own */
    struct zw_col *kid[3]; /* those of its own area and binding that it has read */
    zw_edge *readers;      /* a list */
    uint32_t *watches;
    size_t watch_count;
    bool is_read_past; /* readers take figures from the store behind it: its cells may be stale */
    bool is_busy;      /* being computed: whoever reads it now reads itself */
    uint64_t touch;    /* the last touch that walked here, and what it touched */
    zw_span touched;
    struct zw_col *next_of_node;
} zw_col;

/** Frees what the column owns, not the column. */
void zw_col_fini(zw_col *col);

/** Makes room for lo … hi, which then lie in one stretch; new cells are stale. @return ZW_OK;
 * ZW_LIMIT for more periods at once than any memory should hold; ZW_NOMEM. */
zw_status zw_col_cover(zw_col *col, zw_span span, zw_err *err) ZW_MUST_USE;

/** The cell of a covered period; valid until the next cover. */
zw_cell *zw_col_at(zw_col *col, zw_period period);

/** Notes one reader more. @return the edge, the column's; NULL without memory. */
zw_edge *zw_col_add_reader(zw_col *col, zw_col *reader, unsigned slot);
/** Notes that a call for `own` read `kid`. @return false without memory. */
bool zw_edge_add_call(zw_edge *edge, zw_period own, zw_period kid);
/** The hull of the periods whose calls read any of `span`; empty when none did. */
zw_span zw_edge_called_in(const zw_edge *edge, zw_span span);

/** Makes the covered cells of a span stale. @return true when one was not. */
bool zw_col_make_stale(zw_col *col, zw_span span);

/** Is handed one cell that is not stale. */
typedef zw_status (*zw_col_visit)(void *arg, const zw_col *col, zw_period period,
                                  const zw_cell *cell, zw_err *err);
/** Calls `visit` for every cell that is not stale, in no order; stops at the first failure. */
zw_status zw_col_each_fresh(const zw_col *col, zw_col_visit visit, void *arg,
                            zw_err *err) ZW_MUST_USE;

#endif
