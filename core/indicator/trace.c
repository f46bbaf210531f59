/* What a cell is made of, as two lists that grow. */
#include "indicator/trace.h"

#include <stdlib.h>

enum { FIRST_ENTRIES = 16 };

void *zw_trace_room(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return list;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_ENTRIES;
    void *moved = realloc(list, larger * size);
    *capacity = moved != NULL ? larger : *capacity;
    return moved;
}

void zw_trace_read(zw_trace *trace, const zw_col *reader, zw_col *col, zw_span span)
{
    if (reader != trace->reader || span.lo > span.hi) {
        return;
    }
    zw_trace_span *spans =
        zw_trace_room(trace->spans, trace->span_count, &trace->span_capacity, sizeof(*spans));
    if (spans == NULL) {
        trace->has_failed = true;
        return;
    }
    trace->spans = spans;
    spans[trace->span_count++] = (zw_trace_span){col, span};
}

void zw_trace_figure(zw_trace *trace, zw_series_id series, const zw_figure *figure)
{
    zw_trace_taken *taken =
        zw_trace_room(trace->taken, trace->taken_count, &trace->taken_capacity, sizeof(*taken));
    if (taken == NULL) {
        trace->has_failed = true;
        return;
    }
    trace->taken = taken;
    taken[trace->taken_count++] = (zw_trace_taken){series, *figure};
}

void zw_trace_count(zw_trace *trace, const zw_col *reader, const zw_trace_item *item)
{
    if (reader != trace->reader) {
        return;
    }
    zw_trace_item *items =
        zw_trace_room(trace->items, trace->item_count, &trace->item_capacity, sizeof(*items));
    if (items == NULL) {
        trace->has_failed = true;
        return;
    }
    trace->items = items;
    items[trace->item_count++] = *item;
}

void zw_trace_moment(zw_trace *trace, int64_t at_ms)
{
    trace->has_moment = true;
    trace->moment_ms = at_ms;
}

void zw_trace_clear(zw_trace *trace, const zw_col *reader)
{
    trace->reader = reader;
    trace->span_count = trace->taken_count = trace->item_count = 0;
    trace->has_moment = false;
}

void zw_trace_fini(zw_trace *trace)
{
    free(trace->spans);
    free(trace->taken);
    free(trace->items);
    *trace = (zw_trace){.reader = NULL};
}
