/**
 * A trace: what one cell is made of, noted while it is computed. Who explains a value sets it, has
 * the cell computed once more with everything under it fresh, and looks at what was read.
 */
#ifndef ZW_INDICATOR_TRACE_H
#define ZW_INDICATOR_TRACE_H

#include "indicator/col.h"
#include "store/figure.h"
#include "store/item.h"

/** Cells of a column that were read. */
typedef struct zw_trace_span {
    zw_col *col;
    zw_span span;
} zw_trace_span;

/** A figure of the store that was taken. */
typedef struct zw_trace_taken {
    zw_series_id series;
    zw_figure figure;
} zw_trace_taken;

/** An item of a register that counts, with the newest row that is known of it. */
typedef struct zw_trace_item {
    zw_item_id item;
    uint32_t area; /* where it stands; ZW_NONE: in none of the pack's */
    const char *state;
    const zw_item_row *row; /* the store's */
} zw_trace_item;

/** Zeroed, with its reader set, it notes what that column reads; ended by zw_trace_fini. */
typedef struct zw_trace {
    const zw_col *reader;
    zw_trace_span *spans;
    size_t span_count, span_capacity;
    zw_trace_taken *taken;
    size_t taken_count, taken_capacity;
    zw_trace_item *items;
    size_t item_count, item_capacity;
    bool has_moment; /* of a vintage: the moment whose value it has, the last that was looked at */
    int64_t moment_ms;
    bool has_failed; /* no memory: something is not in it */
} zw_trace;

/** Notes that `reader` reads a span of `col`; of another reader than the trace's it is passed over.
 */
void zw_trace_read(zw_trace *trace, const zw_col *reader, zw_col *col, zw_span span);
void zw_trace_figure(zw_trace *trace, zw_series_id series, const zw_figure *figure);
/** Notes an item that `reader` counts. */
void zw_trace_count(zw_trace *trace, const zw_col *reader, const zw_trace_item *item);
void zw_trace_moment(zw_trace *trace, int64_t at_ms);

/** Room for one more entry of `size` bytes in a list that grows. @return the list, moved; NULL
 * without memory, and the list is what it was. */
void *zw_trace_room(void *list, size_t count, size_t *capacity, size_t size);

/** Forgets what was noted, for the next reader. */
void zw_trace_clear(zw_trace *trace, const zw_col *reader);
void zw_trace_fini(zw_trace *trace);

#endif
