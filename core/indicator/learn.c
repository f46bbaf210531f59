/* Learning: how an evaluation's as-of moves forward, and which columns a learned figure makes
 * stale. */
#include "indicator/inside.h"

#include <stdlib.h>
#include <string.h>

/* The first period of a series that is known by an as-of. */
static bool first_known_of(const zw_store *store, zw_series_id series, int64_t as_of_ms,
                           zw_period *out)
{
    zw_period first = 0;
    zw_period last = 0;
    if (!zw_store_span(store, series, &first, &last)) {
        return false;
    }
    for (zw_period p = first; p <= last; p++) {
        if (zw_store_at(store, series, p, as_of_ms) != NULL) {
            *out = p;
            return true;
        }
    }
    return false;
}

bool zw_inside_first_known(zw_eval *eval, uint32_t measure, zw_period *out)
{
    zw_first_known *known = &eval->firsts[measure];
    if (!known->is_counted) {
        const char *name = eval->world.pack->measures[measure].title.name;
        const zw_series_set *set = zw_store_series(eval->world.store);
        *known = (zw_first_known){.is_counted = true};
        for (zw_series_id id = 0; id < zw_series_count(set); id++) {
            zw_period first = 0;
            if (strcmp(zw_series_view(set, id)->measure, name) == 0 &&
                first_known_of(eval->world.store, id, eval->as_of_ms, &first) &&
                (!known->has_any || first < known->first)) {
                known->has_any = true;
                known->first = first;
            }
        }
    }
    *out = known->first;
    return known->has_any;
}

struct collect {
    zw_reads *reads;
    bool has_failed;
};

static void collect_measure(void *arg, uint32_t measure)
{
    struct collect *into = arg;
    for (size_t i = 0; i < into->reads->count; i++) {
        if (into->reads->measures[i] == measure) {
            return;
        }
    }
    uint32_t *grown = realloc(into->reads->measures, (into->reads->count + 1) * sizeof(uint32_t));
    if (grown == NULL) {
        into->has_failed = true;
        return;
    }
    into->reads->measures = grown;
    into->reads->measures[into->reads->count++] = measure;
}

/* Makes room for what the nodes there are by now read. */
static bool make_room(zw_eval *eval)
{
    size_t wanted = eval->world.pack->node_count;
    zw_reads **grown = realloc(eval->reads, wanted * sizeof(void *));
    if (grown == NULL) {
        return false;
    }
    for (size_t i = eval->reads_count; i < wanted; i++) {
        grown[i] = NULL;
    }
    eval->reads = grown;
    eval->reads_count = wanted;
    return true;
}

const zw_reads *zw_inside_reads(zw_eval *eval, zw_node_id node)
{
    if (node >= eval->reads_count && !make_room(eval)) {
        return NULL;
    }
    if (eval->reads[node] == NULL) {
        eval->reads[node] = calloc(1, sizeof(zw_reads));
    }
    zw_reads *reads = eval->reads[node];
    if (reads != NULL && !reads->is_ready) {
        struct collect into = {reads, false};
        zw_err ignored;
        zw_status status = zw_graph_measures(eval->world.pack, node, collect_measure, &into,
                                             &reads->has_call, &ignored);
        reads->is_ready = status == ZW_OK && !into.has_failed;
    }
    return reads != NULL && reads->is_ready ? reads : NULL;
}

/* The first period of one measure, by some reading of what counts. */
typedef bool (*first_of_measure)(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out);

static bool first_known_anywhere(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out)
{
    (void)area;
    return zw_inside_first_known(eval, measure, out);
}

/* Takes a measure's first period, on the grid of `node`, into the earliest so far. */
static void take_first(zw_eval *eval, uint32_t measure, const zw_node *node, uint32_t area,
                       first_of_measure first_of, bool *has_any, zw_period *out)
{
    zw_period first = 0;
    if (!first_of(eval, measure, area, &first)) {
        return;
    }
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    zw_period p =
        zw_graph_first(calendar, eval->world.pack->measures[measure].grid, first, node->grid);
    if (!*has_any || p < *out) {
        *has_any = true;
        *out = p;
    }
}

static bool first_under(zw_eval *eval, zw_node_id id, uint32_t area, first_of_measure first_of,
                        zw_period *out)
{
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    const zw_reads *reads = zw_inside_reads(eval, id);
    bool has_any = false;
    *out = 0;
    if (reads == NULL || !node.has_grid) {
        return false;
    }
    if (reads->has_call) { /* a function may read any measure */
        for (uint32_t m = 0; m < eval->world.pack->measure_count; m++) {
            take_first(eval, m, &node, area, first_of, &has_any, out);
        }
        return has_any;
    }
    for (size_t i = 0; i < reads->count; i++) {
        take_first(eval, reads->measures[i], &node, area, first_of, &has_any, out);
    }
    return has_any;
}

bool zw_inside_first(zw_eval *eval, zw_node_id node, uint32_t area, zw_period *out)
{
    return first_under(eval, node, area, first_known_anywhere, out);
}

bool zw_eval_first(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area)
{
    return zw_inside_first(eval, node, area, out);
}

bool zw_eval_first_spoken(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area)
{
    return first_under(eval, node, area, zw_inside_first_spoken, out);
}

/* Makes every column of a measure stale in a span, at every area (`area` = ZW_NONE) or at one. */
static zw_status touch_measure(zw_eval *eval, uint32_t measure, uint32_t area, zw_span span,
                               bool is_forced, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    zw_status status = ZW_OK;
    for (zw_node_id id = 0; id < pack->node_count; id++) {
        const zw_node *node = zw_pack_node(pack, id);
        if (node->op != ZW_OP_MEASURE || node->ref != measure) {
            continue;
        }
        for (zw_col *col = zw_table_cols_of(eval->table, id); status == ZW_OK && col != NULL;
             col = col->next_of_node) {
            if (area == ZW_NONE || col->area == area) {
                status = zw_table_touch(eval->table, col, span, is_forced, err);
            }
        }
    }
    return status;
}

/* True when nothing of the series but `period` was known before `known_at_ms`: its first figure. */
static bool is_first_figure(const zw_eval *eval, const zw_learned *learned)
{
    zw_period first = 0;
    return !first_known_of(eval->world.store, learned->series, learned->known_at_ms - 1, &first) ||
           learned->period < first;
}

static zw_status learn(zw_eval *eval, const zw_learned *learned, zw_err *err)
{
    const zw_series *series = zw_series_view(zw_store_series(eval->world.store), learned->series);
    uint32_t area = zw_pack_area(eval->world.pack, zw_text_of(series->area), NULL);
    uint32_t measure = zw_pack_measure(eval->world.pack, zw_text_of(series->measure), NULL);
    if (measure == ZW_NONE || area == ZW_NONE) {
        return ZW_OK; /* a figure of an earlier pack: nothing here reads it */
    }
    zw_first_known *known = &eval->firsts[measure];
    zw_period first = 0;
    bool had_any = zw_inside_first_known(eval, measure, &first);
    if (!had_any || learned->period < first || !known->is_counted) {
        *known = (zw_first_known){.is_counted = true, .has_any = true, .first = learned->period};
        return touch_measure(eval, measure, ZW_NONE, ZW_SPAN_ALL, true, err);
    }
    if (is_first_figure(eval, learned)) { /* a part that is expected from here on */
        return touch_measure(eval, measure, ZW_NONE, (zw_span){learned->period, ZW_PERIOD_MAX},
                             true, err);
    }
    return touch_measure(eval, measure, area, (zw_span){learned->period, learned->period}, false,
                         err);
}

zw_status zw_eval_move(zw_eval *eval, int64_t as_of_ms, zw_err *err)
{
    int64_t before_ms = eval->as_of_ms;
    if (as_of_ms < before_ms) {
        eval->as_of_ms = as_of_ms;
        zw_eval_forget(eval);
        return ZW_OK;
    }
    const zw_learned *learned = NULL;
    size_t count = zw_store_learned(eval->world.store, before_ms, as_of_ms, &learned);
    for (uint32_t m = 0; count > 0 && m < eval->world.pack->measure_count; m++) {
        zw_period first = 0; /* counted at the old as-of, so that what is new is seen to be */
        (void)zw_inside_first_known(eval, m, &first);
    }
    eval->as_of_ms = as_of_ms;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = learn(eval, &learned[i], err);
    }
    return status;
}
