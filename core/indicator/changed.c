/*
 * What was changed. Which periods of an indicator may have changed follows from what was learned,
 * without computing anything: from each measure and register up through the formulas. Only those
 * are computed, as of just before and as of the moment.
 */
#include "indicator/changed.h"

#include "indicator/item_view.h"

#include <stdlib.h>
#include <string.h>

/* What may have changed, by node. */
struct shadow {
    bool is_touched;
    zw_span span;
};

struct walk {
    zw_eval *before, *after;
    const zw_pack *pack;
    const zw_calendar *calendar;
    struct shadow *nodes, *measures, *registers;
    bool has_news;
};

static void add_span(struct shadow *shadow, zw_span span)
{
    bool is_first = !shadow->is_touched;
    shadow->is_touched = true;
    shadow->span.lo = is_first || span.lo < shadow->span.lo ? span.lo : shadow->span.lo;
    shadow->span.hi = is_first || span.hi > shadow->span.hi ? span.hi : shadow->span.hi;
}

/* A series of which nothing was known may change what is expected of others, in any period. */
static void add_figures(struct walk *walk)
{
    const zw_learned *learned = NULL;
    zw_store *store = walk->after->world.store;
    int64_t before_ms = walk->before->as_of_ms;
    size_t count = zw_store_learned(store, before_ms, walk->after->as_of_ms, &learned);
    for (size_t i = 0; i < count; i++) {
        const zw_series *series = zw_series_view(zw_store_series(store), learned[i].series);
        uint32_t measure = zw_pack_measure(walk->pack, zw_text_of(series->measure), NULL);
        zw_period first = 0;
        if (measure == ZW_NONE) {
            continue;
        }
        zw_span span = {learned[i].period, learned[i].period};
        if (!zw_known_first(walk->before->known, learned[i].series, before_ms, &first)) {
            span = ZW_SPAN_ALL;
        } else if (learned[i].period < first) {
            span.hi = ZW_PERIOD_MAX;
        }
        add_span(&walk->measures[measure], span);
        walk->has_news = true;
    }
}

/* An item's row counts from its moment on; the first of a register from everywhere. */
static void add_items(struct walk *walk)
{
    const zw_items *items = zw_store_items(walk->after->world.store);
    int64_t before_ms = walk->before->as_of_ms;
    size_t first = 0;
    size_t count = zw_items_learned(items, before_ms, walk->after->as_of_ms, &first);
    for (size_t i = 0; i < count; i++) {
        const zw_item_row *row = zw_items_news(items, first + i);
        uint32_t reg = zw_pack_register(walk->pack, zw_text_of(row->register_name), NULL);
        if (reg == ZW_NONE) {
            continue;
        }
        zw_period at = zw_period_at(walk->calendar, walk->pack->registers[reg].grid, row->at_ms);
        zw_period known = 0;
        bool is_anew = !zw_items_first(walk->before, reg, 0, before_ms, &known) || at < known;
        add_span(&walk->registers[reg], is_anew ? ZW_SPAN_ALL : (zw_span){at, ZW_PERIOD_MAX});
        walk->has_news = true;
    }
}

/* What was learned of the node itself. */
static void add_own(const struct walk *walk, const zw_node *node, struct shadow *shadow)
{
    if (node->op == ZW_OP_MEASURE && walk->measures[node->ref].is_touched) {
        add_span(shadow, walk->measures[node->ref].span);
    } else if (node->op == ZW_OP_CALL && walk->has_news) { /* it may have read anything */
        add_span(shadow, ZW_SPAN_ALL);
    } else if (zw_op_is_item(node->op) && walk->registers[node->ref].is_touched) {
        add_span(shadow, walk->registers[node->ref].span);
    }
}

static void add_nodes(struct walk *walk)
{
    for (zw_node_id id = 0; id < walk->pack->node_count; id++) {
        const zw_node *node = zw_pack_node(walk->pack, id);
        add_own(walk, node, &walk->nodes[id]);
        for (unsigned slot = 0; slot < node->kid_count; slot++) {
            const struct shadow *kid = &walk->nodes[node->kid[slot]];
            if (kid->is_touched && zw_op_is_item(node->op)) { /* truths about items, at any time */
                add_span(&walk->nodes[id], ZW_SPAN_ALL);
            } else if (kid->is_touched) {
                add_span(&walk->nodes[id],
                         zw_graph_touch(walk->pack, walk->calendar, id, slot, kid->span));
            }
        }
    }
}

/* The periods to be looked at: those that have begun, from the first that is known of. */
static bool clamp(struct walk *walk, zw_node_id node, uint32_t area, zw_span *span)
{
    zw_period first = 0;
    zw_period now = zw_eval_now(walk->after, node, area);
    if (!zw_pack_node(walk->pack, node)->has_grid ||
        !zw_eval_first_spoken(walk->after, node, &first, area)) {
        return false;
    }
    span->lo = span->lo > first ? span->lo : first;
    span->hi = span->hi < now ? span->hi : now;
    if (span->hi - span->lo >= ZW_CHANGED_PERIODS_MOST) {
        span->lo = span->hi - ZW_CHANGED_PERIODS_MOST + 1;
    }
    return span->lo <= span->hi;
}

/* A period that begins at the moment is there by time alone, unless its value is news too. */
static bool is_same(const struct walk *walk, zw_type type, const zw_cell *was, const zw_cell *is)
{
    if (was->reason == ZW_REASON_NOT_BEGUN && is->known_at_ms < walk->after->as_of_ms) {
        return true;
    }
    if (type == ZW_TYPE_TEXT && zw_cell_stands(was) && zw_cell_stands(is)) {
        return strcmp(zw_eval_text(walk->before, was), zw_eval_text(walk->after, is)) == 0;
    }
    return zw_cell_stands(was) == zw_cell_stands(is) &&
           (!zw_cell_stands(was) || was->value == is->value);
}

/* Looks at one indicator at one area. `cells` has room for twice the span. */
static zw_status compare(struct walk *walk, zw_node_id node, zw_span span, zw_cell *cells,
                         zw_changed *out, zw_err *err)
{
    zw_cell *after = cells + (span.hi - span.lo + 1);
    zw_type type = zw_pack_node(walk->pack, node)->type;
    zw_status status = zw_eval_cells(walk->before, node, out->area, span, cells, err);
    status =
        status == ZW_OK ? zw_eval_cells(walk->after, node, out->area, span, after, err) : status;
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell *cell = &after[p - span.lo];
        if (is_same(walk, type, &cells[p - span.lo], cell)) {
            continue;
        }
        status = zw_eval_veil(walk->after, node, out->area, p, cell, err);
        if (cell->reason != ZW_REASON_HIDDEN) {
            out->first = out->periods++ == 0 ? p : out->first;
            out->last = p;
        }
    }
    return status;
}

static zw_status look(struct walk *walk, uint32_t indicator, uint32_t area,
                      zw_status (*each)(void *arg, const zw_changed *changed, zw_err *err),
                      void *arg, zw_err *err)
{
    zw_node_id node = walk->pack->indicators[indicator].node;
    zw_span span = walk->nodes[node].span;
    if (zw_inside_reads(walk->after, node) == NULL) { /* else nothing would be known of it */
        return zw_err_nomem(err);
    }
    if (!walk->nodes[node].is_touched || !clamp(walk, node, area, &span)) {
        return ZW_OK;
    }
    zw_changed changed = {
        .indicator = indicator, .area = area, .grid = zw_pack_node(walk->pack, node)->grid};
    zw_cell *cells = calloc((size_t)(span.hi - span.lo + 1) * 2, sizeof(*cells));
    if (cells == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = compare(walk, node, span, cells, &changed, err);
    free(cells);
    return status == ZW_OK && changed.periods > 0 ? each(arg, &changed, err) : status;
}

zw_status zw_changed_walk(zw_eval *before, zw_eval *after, uint32_t zone,
                          zw_status (*each)(void *arg, const zw_changed *changed, zw_err *err),
                          void *arg, zw_err *err)
{
    const zw_pack *pack = after->world.pack;
    size_t nodes = pack->node_count;
    struct shadow *all = calloc(nodes + pack->measure_count + pack->register_count, sizeof(*all));
    if (all == NULL) {
        return nodes == 0 ? ZW_OK : zw_err_nomem(err);
    }
    struct walk walk = {.before = before,
                        .after = after,
                        .pack = pack,
                        .calendar = zw_inside_calendar(after, zone),
                        .nodes = all,
                        .measures = all + nodes,
                        .registers = all + nodes + pack->measure_count};
    add_figures(&walk);
    add_items(&walk);
    add_nodes(&walk);
    zw_status status = ZW_OK;
    for (uint32_t i = 0; i < pack->indicator_count; i++) {
        for (uint32_t a = 0; status == ZW_OK && a < pack->area_count; a++) {
            if (pack->areas[a].zone == zone) {
                status = look(&walk, i, a, each, arg, err);
            }
        }
    }
    free(all);
    return status;
}
