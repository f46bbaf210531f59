/* What depends on what, along time. Each rule is the shadow of what the operation reads (formula.h,
 * ZW_OP_MAP). */
#include "plan/graph.h"

#include "base/year.h"

#include <assert.h>
#include <stdlib.h>

zw_period zw_graph_first(const zw_calendar *calendar, zw_grid from, zw_period p, zw_grid to)
{
    if (zw_grid_same(from, to)) {
        return p;
    }
    if (zw_grid_goes_into(to, from)) {
        return zw_period_first_in(calendar, from, p, to);
    }
    return zw_period_at(calendar, to, zw_period_start_ms(calendar, from, p));
}

zw_period zw_graph_last(const zw_calendar *calendar, zw_grid from, zw_period p, zw_grid to)
{
    if (zw_grid_same(from, to)) {
        return p;
    }
    if (zw_grid_goes_into(to, from)) {
        return zw_period_last_in(calendar, from, p, to);
    }
    if (zw_grid_goes_into(from, to)) { /* in which it begins, wherever it ends */
        return zw_period_coarser(calendar, from, p, to);
    }
    return zw_period_at(calendar, to, zw_period_end_ms(calendar, from, p) - 1);
}

static bool is_finite_period(zw_period p)
{
    return p > ZW_PERIOD_MIN && p < ZW_PERIOD_MAX;
}

static zw_period later(zw_period p, int64_t by)
{
    return is_finite_period(p) ? p + by : p;
}

/* The last period of the reporting year whose total stands in `p`. */
static zw_period year_end(const zw_calendar *calendar, const zw_node *total, zw_period p)
{
    if (!is_finite_period(p)) {
        return p;
    }
    return zw_year_around(calendar, total->grid, p - total->late_by).last + total->late_by;
}

static zw_span regridded(const zw_calendar *calendar, const zw_node *kid, const zw_node *node,
                         zw_span span)
{
    zw_span out = span;
    if (is_finite_period(span.lo)) {
        out.lo = zw_graph_first(calendar, kid->grid, span.lo, node->grid);
    }
    if (is_finite_period(span.hi)) {
        /* A running total's coarser parts are differences: a change reaches the later ones of its
         * year. */
        zw_period hi = kid->kind == ZW_KIND_YTD ? year_end(calendar, kid, span.hi) : span.hi;
        out.hi = is_finite_period(hi) ? zw_graph_last(calendar, kid->grid, hi, node->grid) : hi;
    }
    return out;
}

static zw_span touch_along_time(const zw_calendar *calendar, const zw_node *node,
                                const zw_node *kid, zw_span span)
{
    switch (node->op) {
    case ZW_OP_LAG:
        return (zw_span){later(span.lo, node->count), later(span.hi, node->count)};
    case ZW_OP_DELTA:
        if (kid->is_total) {
            return (zw_span){span.lo, later(year_end(calendar, kid, span.hi), node->count)};
        }
        return (zw_span){span.lo, later(span.hi, node->count)};
    case ZW_OP_YOY:
        return (zw_span){span.lo, later(span.hi, zw_year_reach(kid->grid))};
    case ZW_OP_YTD:
    case ZW_OP_SINGLE:
        return (zw_span){span.lo, year_end(calendar, kid, span.hi)};
    case ZW_OP_ROLLING: /* of a running total the one before the window is read too */
    case ZW_OP_RATE:
        return (zw_span){span.lo, later(span.hi, node->count)};
    case ZW_OP_REGRID:
        return regridded(calendar, kid, node, span);
    default: /* looks back over an unknown number of periods, published or not */
        return (zw_span){span.lo, ZW_PERIOD_MAX};
    }
}

zw_span zw_graph_touch(const zw_pack *pack, const zw_calendar *calendar, zw_node_id id,
                       unsigned slot, zw_span span)
{
    const zw_node *node = zw_pack_node(pack, id);
    assert(slot < node->kid_count);
    const zw_node *kid = zw_pack_node(pack, node->kid[slot]);
    if (!kid->has_grid || !node->has_grid) {
        return ZW_SPAN_ALL;
    }
    switch (node->op) {
    case ZW_OP_FIRING: /* what an alert says now it says of every period */
    case ZW_OP_VERDICT:
    case ZW_OP_TARGET_VALUE:
    case ZW_OP_TARGET_GAP:
    case ZW_OP_TARGET_SHORTFALL:
    case ZW_OP_TARGET_REQUIRED:
    case ZW_OP_TARGET_PROJECTED:
        return ZW_SPAN_ALL; /* a path may start at the first value known */
    case ZW_OP_LAG:
    case ZW_OP_DELTA:
    case ZW_OP_YOY:
    case ZW_OP_YTD:
    case ZW_OP_SINCE:
    case ZW_OP_SINGLE:
    case ZW_OP_FILL_LAST:
    case ZW_OP_ROLLING:
    case ZW_OP_REGRID:
    case ZW_OP_STEP:
    case ZW_OP_RATE:
    case ZW_OP_RISES:
    case ZW_OP_FALLS:
    case ZW_OP_FLAT:
    case ZW_OP_HELD:
        return touch_along_time(calendar, node, kid, span);
    default:
        return span; /* a point operation, or the same at another area */
    }
}

/* A walk over the nodes under one, each met once: kids have smaller numbers than their parents, so
 * the largest number still to be met is that of a node whose parents have been. What it costs
 * follows from the nodes met, not from those there are. */
struct walk {
    zw_node_id *heap; /* the largest is the first */
    size_t count, capacity;
};

static bool walk_put(struct walk *walk, zw_node_id id)
{
    if (walk->count == walk->capacity) {
        size_t wanted = walk->capacity == 0 ? 16 : walk->capacity * 2;
        zw_node_id *grown = realloc(walk->heap, wanted * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        walk->heap = grown;
        walk->capacity = wanted;
    }
    size_t at = walk->count++;
    for (; at > 0 && walk->heap[(at - 1) / 2] < id; at = (at - 1) / 2) {
        walk->heap[at] = walk->heap[(at - 1) / 2];
    }
    walk->heap[at] = id;
    return true;
}

static void walk_drop_first(struct walk *walk)
{
    zw_node_id last = walk->heap[--walk->count];
    size_t at = 0;
    for (size_t kid = 1; kid < walk->count; kid = 2 * at + 1) {
        kid += kid + 1 < walk->count && walk->heap[kid + 1] > walk->heap[kid] ? 1 : 0;
        if (walk->heap[kid] <= last) {
            break;
        }
        walk->heap[at] = walk->heap[kid];
        at = kid;
    }
    walk->heap[at] = last;
}

/* Takes the next node, and puts its kids. @return NULL at the end. */
static const zw_node *walk_next(struct walk *walk, const zw_pack *pack, bool *has_failed)
{
    if (walk->count == 0) {
        return NULL;
    }
    zw_node_id id = walk->heap[0];
    while (walk->count > 0 && walk->heap[0] == id) {
        walk_drop_first(walk);
    }
    const zw_node *node = zw_pack_node(pack, id);
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        *has_failed = *has_failed || !walk_put(walk, node->kid[slot]);
    }
    return *has_failed ? NULL : node;
}

zw_status zw_graph_measures(const zw_pack *pack, zw_node_id id,
                            void (*each)(void *arg, uint32_t measure), void *arg, bool *has_call,
                            zw_err *err)
{
    struct walk walk = {.heap = NULL};
    bool *is_told = calloc(pack->measure_count + 1, sizeof(bool)); /* narrowed it is other nodes */
    bool has_failed = is_told == NULL || !walk_put(&walk, id);
    const zw_node *node = NULL;
    *has_call = false;
    while (!has_failed && (node = walk_next(&walk, pack, &has_failed)) != NULL) {
        *has_call = *has_call || node->op == ZW_OP_CALL;
        if (node->op == ZW_OP_MEASURE && !is_told[node->ref]) {
            is_told[node->ref] = true;
            each(arg, node->ref);
        }
    }
    free(walk.heap);
    free(is_told);
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

bool zw_graph_looks_back(zw_op op)
{
    switch (op) {
    case ZW_OP_LAG:
    case ZW_OP_DELTA:
    case ZW_OP_YOY:
    case ZW_OP_YTD:
    case ZW_OP_SINCE:
    case ZW_OP_SINGLE:
    case ZW_OP_REGRID:
    case ZW_OP_ROLLING:
    case ZW_OP_RATE:
    case ZW_OP_RISES:
    case ZW_OP_FALLS:
    case ZW_OP_FLAT:
        return true;
    default:
        return false;
    }
}

zw_status zw_graph_registers(const zw_pack *pack, zw_node_id id,
                             void (*each)(void *arg, uint32_t reg), void *arg, zw_err *err)
{
    struct walk walk = {.heap = NULL};
    bool *is_told = calloc(pack->register_count + 1, sizeof(bool));
    bool has_failed = is_told == NULL || !walk_put(&walk, id);
    const zw_node *node = NULL;
    while (!has_failed && (node = walk_next(&walk, pack, &has_failed)) != NULL) {
        if (zw_op_is_item(node->op) && !is_told[node->ref]) {
            is_told[node->ref] = true;
            each(arg, node->ref);
        }
    }
    free(walk.heap);
    free(is_told);
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

/* True when the kids of a node are read at its own area and in its own period too. */
static bool reads_here(const zw_pack *pack, const zw_node *node)
{
    switch (node->op) {
    case ZW_OP_LAG:
    case ZW_OP_OF:
    case ZW_OP_PARTS:
    case ZW_OP_RANK:
    case ZW_OP_GROUPS:
    case ZW_OP_WHOLE:
    case ZW_OP_VINTAGE:
    case ZW_OP_FIRING:
        return false;
    case ZW_OP_INDICATOR:
        return pack->indicators[node->ref].rollup == ZW_HOW_KIND;
    default:
        return !zw_op_is_item(node->op);
    }
}

zw_status zw_graph_functions(const zw_pack *pack, zw_node_id id,
                             void (*each)(void *arg, zw_node_id call), void *arg, zw_err *err)
{
    bool *is_under = calloc((size_t)id + 1, sizeof(*is_under));
    if (is_under == NULL) {
        return zw_err_nomem(err);
    }
    is_under[id] = true;
    for (zw_node_id n = id + 1; n-- > 0;) {
        const zw_node *node = zw_pack_node(pack, n);
        for (unsigned slot = 0; is_under[n] && slot < node->kid_count; slot++) {
            const zw_node *kid = zw_pack_node(pack, node->kid[slot]);
            bool is_same_grid = !kid->has_grid || zw_grid_same(kid->grid, node->grid);
            is_under[node->kid[slot]] =
                is_under[node->kid[slot]] || (is_same_grid && reads_here(pack, node));
        }
    }
    for (zw_node_id n = 0; n <= id; n++) {
        if (is_under[n] && zw_pack_node(pack, n)->op == ZW_OP_CALL) {
            each(arg, n);
        }
    }
    free(is_under);
    return ZW_OK;
}
