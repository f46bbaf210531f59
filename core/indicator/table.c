/*
 * The table of columns. Invariant: a cell that is not stale was computed from cells of its kids
 * that were not stale then, and each of those kids lists this column among its readers; so making a
 * kid stale finds every cell that used it.
 */
#include "indicator/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One stale watch, with the hull of its periods. */
struct stale {
    uint32_t watch;
    zw_span span;
};

struct zw_table {
    const zw_pack *pack; /* borrowed */
    zw_col **slots;      /* open addressing; size a power of two */
    size_t slot_count, col_count;
    zw_col **of_node; /* by node: head of its list */
    size_t of_node_count;
    struct stale *stale;
    size_t stale_count, stale_capacity;
    struct pending *queue; /* of a touch under way */
    size_t queue_count, queue_capacity;
    uint64_t touch; /* number of the touch under way */
};

struct pending {
    zw_col *col;
    zw_span span;
};

/* Grows an array of `size`-byte items so that one more fits. */
static bool make_room(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 4 : *capacity * 2;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

zw_status zw_table_create(const zw_pack *pack, zw_table **out, zw_err *err)
{
    *out = NULL;
    zw_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return zw_err_nomem(err);
    }
    table->pack = pack;
    table->slot_count = 64;
    table->slots = calloc(table->slot_count, sizeof(zw_col *));
    if (table->slots == NULL) {
        zw_table_destroy(table);
        return zw_err_nomem(err);
    }
    *out = table;
    return ZW_OK;
}

static void col_destroy(zw_col *col)
{
    for (size_t i = 0; i < col->reader_count; i++) {
        free(col->readers[i].reads);
    }
    free(col->readers);
    free(col->watches);
    free(col->cells);
    free(col);
}

void zw_table_destroy(zw_table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; table->slots != NULL && i < table->slot_count; i++) {
        if (table->slots[i] != NULL) {
            col_destroy(table->slots[i]);
        }
    }
    free(table->slots);
    free(table->of_node);
    free(table->stale);
    free(table->queue);
    free(table);
}

static size_t hash_of(zw_node_id node, uint32_t area, uint32_t binding)
{
    uint64_t h = node * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ area) * UINT64_C(0xC2B2AE3D27D4EB4F);
    h = (h ^ binding) * UINT64_C(0x165667B19E3779F9);
    return (size_t)(h ^ (h >> 29));
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t slot_of(zw_col *const *slots, size_t slot_count, zw_node_id node, uint32_t area,
                      uint32_t binding)
{
    size_t i = hash_of(node, area, binding) & (slot_count - 1);
    while (slots[i] != NULL &&
           (slots[i]->node != node || slots[i]->area != area || slots[i]->binding != binding)) {
        i = (i + 1) & (slot_count - 1);
    }
    return i;
}

static bool rehash(zw_table *table)
{
    size_t wanted = table->slot_count * 2;
    zw_col **slots = calloc(wanted, sizeof(zw_col *));
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        zw_col *col = table->slots[i];
        if (col != NULL) {
            slots[slot_of(slots, wanted, col->node, col->area, col->binding)] = col;
        }
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = wanted;
    return true;
}

static bool cover_nodes(zw_table *table, zw_node_id node)
{
    if (node < table->of_node_count) {
        return true;
    }
    size_t wanted = table->pack->node_count > node ? table->pack->node_count : (size_t)node + 1;
    zw_col **grown = realloc(table->of_node, wanted * sizeof(zw_col *));
    if (grown == NULL) {
        return false;
    }
    memset(grown + table->of_node_count, 0, (wanted - table->of_node_count) * sizeof(zw_col *));
    table->of_node = grown;
    table->of_node_count = wanted;
    return true;
}

zw_status zw_table_col(zw_table *table, zw_node_id node, uint32_t area, uint32_t binding,
                       zw_col **out, zw_err *err)
{
    size_t slot = slot_of(table->slots, table->slot_count, node, area, binding);
    *out = table->slots[slot];
    if (*out != NULL) {
        return ZW_OK;
    }
    if (!cover_nodes(table, node) ||
        (table->col_count * 2 >= table->slot_count && !rehash(table))) {
        return zw_err_nomem(err);
    }
    zw_col *col = calloc(1, sizeof(*col));
    if (col == NULL) {
        return zw_err_nomem(err);
    }
    col->node = node;
    col->area = area;
    col->binding = binding;
    col->next_of_node = table->of_node[node];
    table->of_node[node] = col;
    table->slots[slot_of(table->slots, table->slot_count, node, area, binding)] = col;
    table->col_count++;
    *out = col;
    return ZW_OK;
}

zw_col *zw_table_cols_of(const zw_table *table, zw_node_id node)
{
    return node < table->of_node_count ? table->of_node[node] : NULL;
}

static void make_stale(zw_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cells[i].until_ms = INT64_MIN;
    }
}

zw_status zw_col_cover(zw_col *col, zw_span span, zw_err *err)
{
    assert(span.lo <= span.hi);
    if (col->count == 0) {
        col->first = span.lo;
    }
    zw_period end = col->first + (zw_period)col->count;
    zw_period lo = span.lo < col->first ? span.lo : col->first;
    zw_period new_end = span.hi + 1 > end ? span.hi + 1 : end;
    size_t wanted = (size_t)(new_end - lo);
    if (wanted == col->count) {
        return ZW_OK;
    }
    zw_cell *grown = realloc(col->cells, wanted * sizeof(zw_cell));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    size_t before = (size_t)(col->first - lo);
    memmove(grown + before, grown, col->count * sizeof(zw_cell));
    make_stale(grown, before);
    make_stale(grown + before + col->count, wanted - before - col->count);
    col->cells = grown;
    col->first = lo;
    col->count = wanted;
    return ZW_OK;
}

zw_cell *zw_col_at(const zw_col *col, zw_period period)
{
    assert(period >= col->first && period < col->first + (zw_period)col->count);
    return &col->cells[period - col->first];
}

static zw_edge *edge_of(zw_col *col, const zw_col *reader, unsigned slot)
{
    for (size_t i = 0; i < col->reader_count; i++) {
        if (col->readers[i].reader == reader && col->readers[i].slot == slot) {
            return &col->readers[i];
        }
    }
    return NULL;
}

zw_status zw_col_read_by(zw_col *col, zw_col *reader, unsigned slot, zw_err *err)
{
    if (edge_of(col, reader, slot) != NULL) {
        return ZW_OK;
    }
    if (!make_room((void **)&col->readers, col->reader_count, &col->reader_capacity,
                   sizeof(zw_edge))) {
        return zw_err_nomem(err);
    }
    col->readers[col->reader_count++] = (zw_edge){.reader = reader, .slot = slot};
    return ZW_OK;
}

zw_status zw_col_called_by(zw_col *col, zw_col *reader, zw_read read, zw_err *err)
{
    zw_status status = zw_col_read_by(col, reader, ZW_SLOT_CALL, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_edge *edge = edge_of(col, reader, ZW_SLOT_CALL);
    for (size_t i = 0; i < edge->read_count; i++) {
        if (edge->reads[i].kid == read.kid && edge->reads[i].own == read.own) {
            return ZW_OK;
        }
    }
    if (!make_room((void **)&edge->reads, edge->read_count, &edge->read_capacity,
                   sizeof(zw_read))) {
        return zw_err_nomem(err);
    }
    edge->reads[edge->read_count++] = read;
    return ZW_OK;
}

static zw_status note_stale(zw_table *table, const zw_col *col, zw_span span, zw_err *err)
{
    for (size_t w = 0; w < col->watch_count; w++) {
        size_t i = 0;
        while (i < table->stale_count && table->stale[i].watch != col->watches[w]) {
            i++;
        }
        if (i < table->stale_count) {
            zw_span *hull = &table->stale[i].span;
            hull->lo = span.lo < hull->lo ? span.lo : hull->lo;
            hull->hi = span.hi > hull->hi ? span.hi : hull->hi;
            continue;
        }
        if (!make_room((void **)&table->stale, table->stale_count, &table->stale_capacity,
                       sizeof(struct stale))) {
            return zw_err_nomem(err);
        }
        table->stale[table->stale_count++] = (struct stale){col->watches[w], span};
    }
    return ZW_OK;
}

static zw_status enqueue(zw_table *table, zw_col *col, zw_span span, zw_err *err)
{
    if (span.lo > span.hi) {
        return ZW_OK;
    }
    if (!make_room((void **)&table->queue, table->queue_count, &table->queue_capacity,
                   sizeof(struct pending))) {
        return zw_err_nomem(err);
    }
    table->queue[table->queue_count++] = (struct pending){col, span};
    return ZW_OK;
}

/* The periods of a function's calls that read `span` of the kid. */
static zw_span called_in(const zw_edge *edge, zw_span span)
{
    zw_span own = {ZW_PERIOD_MAX, ZW_PERIOD_MIN}; /* empty */
    for (size_t i = 0; i < edge->read_count; i++) {
        zw_read read = edge->reads[i];
        if (read.kid >= span.lo && read.kid <= span.hi) {
            own.lo = read.own < own.lo ? read.own : own.lo;
            own.hi = read.own > own.hi ? read.own : own.hi;
        }
    }
    return own;
}

static zw_status touch_readers(zw_table *table, const zw_col *col, zw_span span, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < col->reader_count; i++) {
        const zw_edge *edge = &col->readers[i];
        zw_span up = span;
        if (edge->slot == ZW_SLOT_CALL) {
            up = called_in(edge, span);
        } else if (edge->slot != ZW_SLOT_SAME) {
            const zw_calendar *calendar = zw_pack_calendar(table->pack, edge->reader->area);
            up = zw_graph_touch(table->pack, calendar, edge->reader->node, edge->slot, span);
        }
        status = enqueue(table, edge->reader, up, err);
    }
    return status;
}

/* Makes the covered cells of a span stale. @return true when one was not. */
static bool stale_cells(const zw_col *col, zw_span span)
{
    zw_period lo = span.lo > col->first ? span.lo : col->first;
    zw_period last = col->first + (zw_period)col->count - 1;
    zw_period hi = span.hi < last ? span.hi : last;
    bool was_fresh = false;
    for (zw_period p = lo; p <= hi; p++) {
        zw_cell *cell = &col->cells[p - col->first];
        was_fresh = was_fresh || cell->until_ms != INT64_MIN;
        cell->until_ms = INT64_MIN;
    }
    return was_fresh;
}

/* True when this touch made the whole span stale already: in a formula of many shared parts each is
 * walked once. */
static bool was_walked(const zw_table *table, zw_col *col, zw_span span)
{
    if (col->touch == table->touch && span.lo >= col->touched.lo && span.hi <= col->touched.hi) {
        return true;
    }
    col->touch = table->touch;
    col->touched = span;
    return false;
}

zw_status zw_table_touch(zw_table *table, zw_col *col, zw_span span, bool is_forced, zw_err *err)
{
    table->queue_count = 0;
    table->touch++;
    zw_status status = enqueue(table, col, span, err);
    while (status == ZW_OK && table->queue_count > 0) {
        struct pending next = table->queue[--table->queue_count];
        bool was_fresh = stale_cells(next.col, next.span);
        if (was_walked(table, next.col, next.span) || (!was_fresh && !is_forced)) {
            continue; /* walked, or nobody computed from it since it went stale */
        }
        status = note_stale(table, next.col, next.span, err);
        if (status == ZW_OK) {
            status = touch_readers(table, next.col, next.span, err);
        }
    }
    return status;
}

void zw_table_forget(zw_table *table)
{
    table->stale_count = 0;
    for (size_t i = 0; i < table->slot_count; i++) {
        zw_col *col = table->slots[i];
        if (col != NULL) {
            make_stale(col->cells, col->count);
        }
    }
}

zw_status zw_table_watch(zw_table *table, zw_col *col, uint32_t watch, zw_err *err)
{
    (void)table;
    for (size_t i = 0; i < col->watch_count; i++) {
        if (col->watches[i] == watch) {
            return ZW_OK;
        }
    }
    uint32_t *grown = realloc(col->watches, (col->watch_count + 1) * sizeof(uint32_t));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    col->watches = grown;
    col->watches[col->watch_count++] = watch;
    return ZW_OK;
}

bool zw_table_next_stale(zw_table *table, uint32_t *watch, zw_span *span)
{
    if (table->stale_count == 0) {
        return false;
    }
    struct stale last = table->stale[--table->stale_count];
    *watch = last.watch;
    *span = last.span;
    return true;
}

static bool has_fresh_cell(const zw_col *col)
{
    for (size_t i = 0; i < col->count; i++) {
        if (col->cells[i].until_ms != INT64_MIN) {
            return true;
        }
    }
    return false;
}

zw_status zw_table_each(zw_table *table,
                        zw_status (*each)(void *arg, const zw_col *col, zw_err *err), void *arg,
                        zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < table->slot_count; i++) {
        const zw_col *col = table->slots[i];
        if (col != NULL && has_fresh_cell(col)) {
            status = each(arg, col, err);
        }
    }
    return status;
}
