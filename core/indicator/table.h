/**
 * The table of columns behind an evaluation: cells by (node, area, binding), who read them, and
 * what went stale. A binding is what a group fixes below `:by`: the number of a text "dim=value" in
 * the evaluation's pool, 0 for none.
 */
#ifndef ZW_INDICATOR_TABLE_H
#define ZW_INDICATOR_TABLE_H

#include "indicator/col.h"
#include "indicator/eval.h"

typedef struct zw_table zw_table;

zw_status zw_table_create(const zw_pack *pack, zw_table **out, zw_err *err) ZW_MUST_USE;
void zw_table_destroy(zw_table *table);

/** Finds or adds a column; it lives as long as the table. */
zw_status zw_table_col(zw_table *table, zw_node_id node, uint32_t area, uint32_t binding,
                       zw_col **out, zw_err *err) ZW_MUST_USE;
/** The columns of a node, linked by next_of_node, those with a binding first; NULL when there are
 * none. */
zw_col *zw_table_cols_of(const zw_table *table, zw_node_id node);
/** Goes along the nodes of a measure that have columns; begins at ZW_NODE_NONE. @return false
 * behind the last. */
bool zw_table_next_measured(const zw_table *table, uint32_t measure, zw_node_id *node);
/** The column of a node at an area without a binding; NULL when there is none. */
zw_col *zw_table_find(const zw_table *table, zw_node_id node, uint32_t area);

/** Notes that `reader` reads `col` as its kid `slot`; what is noted already costs one look. */
zw_status zw_table_read_by(zw_table *table, zw_col *col, zw_col *reader, unsigned slot,
                           zw_err *err) ZW_MUST_USE;

/** A period of a kid that a function read, and the period it was called for. */
typedef struct zw_read {
    zw_period kid, own;
} zw_read;
/** Notes one read of a function. */
zw_status zw_table_called_by(zw_table *table, zw_col *col, zw_col *reader, zw_read read,
                             zw_err *err) ZW_MUST_USE;

/** Makes a column stale in a span, and with it everything that read it. @param is_forced  goes up
 * even where nothing was computed. */
zw_status zw_table_touch(zw_table *table, zw_col *col, zw_span span, bool is_forced,
                         zw_err *err) ZW_MUST_USE;
/** Makes everything stale. */
void zw_table_forget(zw_table *table);

/** Tells `watch` from now on when the column becomes stale; watches are small numbers. */
zw_status zw_table_watch(zw_table *table, zw_col *col, uint32_t watch, zw_err *err) ZW_MUST_USE;
bool zw_table_next_stale(zw_table *table, uint32_t *watch, zw_span *span);

/** Calls `visit` for every cell that is not stale, in no order; stops at the first failure. */
zw_status zw_table_each(const zw_table *table, zw_col_visit visit, void *arg,
                        zw_err *err) ZW_MUST_USE;

#endif
