/*
 * The table of columns. Invariant: a cell that is not stale was computed from cells of its kids
 * that were not stale then, and each of those kids lists this column among its readers; so making a
 * kid stale finds every cell that used it.
 *
 * Columns without a binding are found by two steps, node and area; the few with one, and who reads
 * whom across areas, by hash.
 */
#include "indicator/table.h"

#include "indicator/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_COLS = 64, PAGE_AREAS = 64 };

/* One stale watch, with the hull of its periods. */
struct stale {
    uint32_t watch;
    zw_span span;
};

/* Columns are made by the chunk, and never move. */
struct chunk {
    struct chunk *next;
    size_t used;
    zw_col cols[CHUNK_COLS];
};

/* The columns of one node without a binding, at neighbouring areas. */
struct page {
    zw_col *cols[PAGE_AREAS];
};

/* The columns of one node. */
struct of_node {
    zw_col *bound, *last_bound; /* those with a binding; the last is followed by `head` */
    zw_col *head;               /* those without */
    zw_node_id next_of_measure; /* plus one; 0: none */
    struct page **pages;        /* by area / PAGE_AREAS; NULL: none there */
};

struct pending {
    zw_col *col;
    zw_span span;
};

struct zw_table {
    const zw_pack *pack; /* borrowed */
    size_t page_count;   /* of a node's pages */
    struct chunk *chunks;
    struct of_node *nodes;
    size_t node_count;
    zw_node_id
        *of_measure; /* by measure: the newest of its nodes with columns, plus one; 0: none */
    zw_keys bound;   /* (node, area, binding) → its column */
    zw_keys edges;   /* (column, reader, slot): which are noted → the edge */
    struct stale *stale;
    size_t stale_count, stale_capacity;
    uint32_t *stale_at; /* by watch: its place in `stale` plus one; 0: not there */
    size_t watch_count;
    struct pending *queue; /* of a touch under way */
    size_t queue_count, queue_capacity;
    uint64_t touch; /* number of the touch under way */
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
    table->page_count = pack->area_count / PAGE_AREAS + 1;
    table->of_measure = calloc(pack->measure_count + 1, sizeof(zw_node_id));
    if (table->of_measure == NULL) {
        free(table);
        return zw_err_nomem(err);
    }
    *out = table;
    return ZW_OK;
}

static void chunk_destroy(struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->used; i++) {
        zw_col_fini(&chunk->cols[i]);
    }
    free(chunk);
}

void zw_table_destroy(zw_table *table)
{
    if (table == NULL) {
        return;
    }
    while (table->chunks != NULL) {
        struct chunk *next = table->chunks->next;
        chunk_destroy(table->chunks);
        table->chunks = next;
    }
    for (size_t n = 0; n < table->node_count; n++) {
        for (size_t i = 0; table->nodes[n].pages != NULL && i < table->page_count; i++) {
            free(table->nodes[n].pages[i]);
        }
        free((void *)table->nodes[n].pages);
    }
    free(table->nodes);
    free(table->of_measure);
    zw_keys_fini(&table->bound);
    zw_keys_fini(&table->edges);
    free(table->stale);
    free(table->stale_at);
    free(table->queue);
    free(table);
}

static bool cover_nodes(zw_table *table, zw_node_id node)
{
    if (node < table->node_count) {
        return true;
    }
    size_t wanted = table->pack->node_count > node ? table->pack->node_count : (size_t)node + 1;
    struct of_node *grown = realloc(table->nodes, wanted * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    memset(grown + table->node_count, 0, (wanted - table->node_count) * sizeof(*grown));
    table->nodes = grown;
    table->node_count = wanted;
    return true;
}

zw_col *zw_table_find(const zw_table *table, zw_node_id node, uint32_t area)
{
    struct page **pages = node < table->node_count ? table->nodes[node].pages : NULL;
    struct page *page = pages != NULL ? pages[area / PAGE_AREAS] : NULL;
    return page != NULL ? page->cols[area % PAGE_AREAS] : NULL;
}

static zw_key key_of(zw_node_id node, uint32_t area, uint32_t binding)
{
    return (zw_key){(uint64_t)node << 32 | area, binding};
}

/* Where the column of a key without a binding is written down; NULL: no memory. */
static zw_col **place_of(zw_table *table, zw_node_id node, uint32_t area)
{
    struct of_node *of = &table->nodes[node];
    if (of->pages == NULL) {
        of->pages = (struct page **)calloc(table->page_count, sizeof(struct page *));
    }
    if (of->pages == NULL) {
        return NULL;
    }
    struct page **page = &of->pages[area / PAGE_AREAS];
    if (*page == NULL) {
        *page = calloc(1, sizeof(struct page));
    }
    return *page != NULL ? &(*page)->cols[area % PAGE_AREAS] : NULL;
}

static zw_col *next_col(zw_table *table)
{
    if (table->chunks == NULL || table->chunks->used == CHUNK_COLS) {
        struct chunk *chunk = calloc(1, sizeof(*chunk));
        if (chunk == NULL) {
            return NULL;
        }
        chunk->next = table->chunks;
        table->chunks = chunk;
    }
    return &table->chunks->cols[table->chunks->used];
}

/* Links a new column, and its node when it is the first of it. */
static void link_col(zw_table *table, zw_col *col)
{
    struct of_node *of = &table->nodes[col->node];
    const zw_node *node = zw_pack_node(table->pack, col->node);
    if (of->bound == NULL && of->head == NULL && node->op == ZW_OP_MEASURE) {
        of->next_of_measure = table->of_measure[node->ref];
        table->of_measure[node->ref] = col->node + 1;
    }
    if (col->binding != 0) {
        col->next_of_node = of->bound != NULL ? of->bound : of->head;
        of->last_bound = of->bound != NULL ? of->last_bound : col;
        of->bound = col;
        return;
    }
    col->next_of_node = of->head;
    of->head = col;
    if (of->last_bound != NULL) {
        of->last_bound->next_of_node = col;
    }
}

static zw_status add_col(zw_table *table, zw_node_id node, uint32_t area, uint32_t binding,
                         zw_col **out, zw_err *err)
{
    zw_col *col = cover_nodes(table, node) ? next_col(table) : NULL;
    zw_col **place = col != NULL && binding == 0 ? place_of(table, node, area) : NULL;
    if (col == NULL || (binding == 0 && place == NULL) ||
        (binding != 0 && !zw_keys_put(&table->bound, key_of(node, area, binding), col))) {
        return zw_err_nomem(err);
    }
    table->chunks->used++;
    if (place != NULL) {
        *place = col;
    }
    col->node = node;
    col->area = area;
    col->binding = binding;
    link_col(table, col);
    *out = col;
    return ZW_OK;
}

zw_status zw_table_col(zw_table *table, zw_node_id node, uint32_t area, uint32_t binding,
                       zw_col **out, zw_err *err)
{
    *out = binding == 0 ? zw_table_find(table, node, area)
                        : zw_keys_find(&table->bound, key_of(node, area, binding));
    return *out != NULL ? ZW_OK : add_col(table, node, area, binding, out, err);
}

zw_col *zw_table_cols_of(const zw_table *table, zw_node_id node)
{
    if (node >= table->node_count) {
        return NULL;
    }
    const struct of_node *of = &table->nodes[node];
    return of->bound != NULL ? of->bound : of->head;
}

bool zw_table_next_measured(const zw_table *table, uint32_t measure, zw_node_id *node)
{
    zw_node_id next =
        *node == ZW_NODE_NONE ? table->of_measure[measure] : table->nodes[*node].next_of_measure;
    *node = next > 0 ? next - 1 : ZW_NODE_NONE;
    return next > 0;
}

/* The edge from a column to its reader; found by hash, because a zone's column may have a hundred
 * thousand readers. */
static zw_status edge_between(zw_table *table, zw_col *col, zw_col *reader, unsigned slot,
                              zw_edge **out, zw_err *err)
{
    zw_key key = {(uint64_t)(uintptr_t)col, (uint64_t)(uintptr_t)reader << 8 | slot};
    *out = zw_keys_find(&table->edges, key);
    if (*out != NULL) {
        return ZW_OK;
    }
    *out = zw_col_add_reader(col, reader, slot);
    return *out != NULL && zw_keys_put(&table->edges, key, *out) ? ZW_OK : zw_err_nomem(err);
}

zw_status zw_table_read_by(zw_table *table, zw_col *col, zw_col *reader, unsigned slot, zw_err *err)
{
    zw_edge *edge = NULL;
    return edge_between(table, col, reader, slot, &edge, err);
}

zw_status zw_table_called_by(zw_table *table, zw_col *col, zw_col *reader, zw_read read,
                             zw_err *err)
{
    zw_edge *edge = NULL;
    zw_status status = edge_between(table, col, reader, ZW_SLOT_CALL, &edge, err);
    return status == ZW_OK && !zw_edge_add_call(edge, read.own, read.kid) ? zw_err_nomem(err)
                                                                          : status;
}

/* Puts a watch on the list of stale ones, or widens what stands there of it. */
static zw_status note_watch(zw_table *table, uint32_t watch, zw_span span, zw_err *err)
{
    uint32_t at = table->stale_at[watch];
    if (at > 0) {
        zw_span *hull = &table->stale[at - 1].span;
        hull->lo = span.lo < hull->lo ? span.lo : hull->lo;
        hull->hi = span.hi > hull->hi ? span.hi : hull->hi;
        return ZW_OK;
    }
    if (!make_room((void **)&table->stale, table->stale_count, &table->stale_capacity,
                   sizeof(struct stale))) {
        return zw_err_nomem(err);
    }
    table->stale[table->stale_count++] = (struct stale){watch, span};
    table->stale_at[watch] = (uint32_t)table->stale_count;
    return ZW_OK;
}

static zw_status note_stale(zw_table *table, const zw_col *col, zw_span span, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t w = 0; status == ZW_OK && w < col->watch_count; w++) {
        status = note_watch(table, col->watches[w], span, err);
    }
    return status;
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

static zw_status touch_readers(zw_table *table, const zw_col *col, zw_span span, zw_err *err)
{
    zw_status status = ZW_OK;
    for (const zw_edge *edge = col->readers; status == ZW_OK && edge != NULL; edge = edge->next) {
        zw_span up = span;
        if (edge->slot == ZW_SLOT_CALL) {
            up = zw_edge_called_in(edge, span);
        } else if (edge->slot != ZW_SLOT_SAME) {
            const zw_calendar *calendar = zw_pack_calendar(table->pack, edge->reader->area);
            up = zw_graph_touch(table->pack, calendar, edge->reader->node, edge->slot, span);
        }
        status = enqueue(table, edge->reader, up, err);
    }
    return status;
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
        bool was_fresh = zw_col_make_stale(next.col, next.span);
        if (was_walked(table, next.col, next.span) ||
            (!was_fresh && !is_forced && !next.col->is_read_past)) {
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
    while (table->stale_count > 0) {
        table->stale_at[table->stale[--table->stale_count].watch] = 0;
    }
    for (struct chunk *chunk = table->chunks; chunk != NULL; chunk = chunk->next) {
        for (size_t i = 0; i < chunk->used; i++) {
            (void)zw_col_make_stale(&chunk->cols[i], ZW_SPAN_ALL);
        }
    }
}

static bool cover_watch(zw_table *table, uint32_t watch)
{
    if (watch < table->watch_count) {
        return true;
    }
    size_t wanted = table->watch_count * 2 > watch ? table->watch_count * 2 : (size_t)watch + 64;
    uint32_t *grown = realloc(table->stale_at, wanted * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    memset(grown + table->watch_count, 0, (wanted - table->watch_count) * sizeof(*grown));
    table->stale_at = grown;
    table->watch_count = wanted;
    return true;
}

zw_status zw_table_watch(zw_table *table, zw_col *col, uint32_t watch, zw_err *err)
{
    for (size_t i = 0; i < col->watch_count; i++) {
        if (col->watches[i] == watch) {
            return ZW_OK;
        }
    }
    uint32_t *grown = cover_watch(table, watch)
                          ? realloc(col->watches, (col->watch_count + 1) * sizeof(uint32_t))
                          : NULL;
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
    table->stale_at[last.watch] = 0;
    *watch = last.watch;
    *span = last.span;
    return true;
}

zw_status zw_table_each(const zw_table *table, zw_col_visit visit, void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    for (const struct chunk *chunk = table->chunks; chunk != NULL; chunk = chunk->next) {
        for (size_t i = 0; status == ZW_OK && i < chunk->used; i++) {
            status = zw_col_each_fresh(&chunk->cols[i], visit, arg, err);
        }
    }
    return status;
}
