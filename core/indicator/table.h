/**
 * The table of columns behind an evaluation: cells by (node, area, binding), who read them, and
 * what went stale. A binding is what a group fixes below `:by`: the number of a text "dim=value" in
 * the evaluation's pool, 0 for none.
 */
#ifndef ZW_INDICATOR_TABLE_H
#define ZW_INDICATOR_TABLE_H

#include "indicator/eval.h"

/** A period of a kid that a function read, and the period it was called for. */
typedef struct zw_read {
    zw_period kid, own;
} zw_read;

/** One reader of a column. */
typedef struct zw_edge {
    struct zw_col *reader;
    unsigned slot;  /* the kid's number in the reader's node; ZW_SLOT_* else */
    zw_read *reads; /* of a function: every read, one by one */
    size_t read_count, read_capacity;
} zw_edge;

enum {
    ZW_SLOT_SAME = 100,
    ZW_SLOT_CALL = 101
}; /* the same node at another area · read by a function */

/** Cells of one node at one area: periods first … first + count - 1. Of a node without a grid: one
 * cell, period 0. */
typedef struct zw_col {
    zw_node_id node;
    uint32_t area, binding;
    zw_period first;
    size_t count;
    zw_cell *cells; /* stale: until_ms is INT64_MIN */
    zw_edge *readers;
    size_t reader_count, reader_capacity;
    uint32_t *watches;
    size_t watch_count;
    bool is_busy;   /* being computed: whoever reads it now reads itself */
    uint64_t touch; /* the last touch that walked here, and what it touched */
    zw_span touched;
    struct zw_col *next_of_node;
} zw_col;

typedef struct zw_table zw_table;

zw_status zw_table_create(const zw_pack *pack, zw_table **out, zw_err *err) ZW_MUST_USE;
void zw_table_destroy(zw_table *table);

/** Finds or adds a column; it lives as long as the table. */
zw_status zw_table_col(zw_table *table, zw_node_id node, uint32_t area, uint32_t binding,
                       zw_col **out, zw_err *err) ZW_MUST_USE;
/** The columns of a node, linked by next_of_node; NULL when there are none. */
zw_col *zw_table_cols_of(const zw_table *table, zw_node_id node);

/** Makes room for lo … hi; new cells are stale. */
zw_status zw_col_cover(zw_col *col, zw_span span, zw_err *err) ZW_MUST_USE;
/** The cell of a covered period. */
zw_cell *zw_col_at(const zw_col *col, zw_period period);

/** Notes that `reader` reads `col` as its kid `slot`. */
zw_status zw_col_read_by(zw_col *col, zw_col *reader, unsigned slot, zw_err *err) ZW_MUST_USE;
/** Notes one read of a function. */
zw_status zw_col_called_by(zw_col *col, zw_col *reader, zw_read read, zw_err *err) ZW_MUST_USE;

/** Makes a column stale in a span, and with it everything that read it. @param is_forced  goes up
 * even where nothing was computed. */
zw_status zw_table_touch(zw_table *table, zw_col *col, zw_span span, bool is_forced,
                         zw_err *err) ZW_MUST_USE;
/** Makes everything stale. */
void zw_table_forget(zw_table *table);

zw_status zw_table_watch(zw_table *table, zw_col *col, uint32_t watch, zw_err *err) ZW_MUST_USE;
bool zw_table_next_stale(zw_table *table, uint32_t *watch, zw_span *span);

/** Calls `each` for every column that has a cell which is not stale. */
zw_status zw_table_each(zw_table *table,
                        zw_status (*each)(void *arg, const zw_col *col, zw_err *err), void *arg,
                        zw_err *err) ZW_MUST_USE;

#endif
