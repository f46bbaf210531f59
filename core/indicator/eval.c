/*
 * An evaluation: moves its as-of, brings columns up to date, and hands out cells. What each
 * operation computes stands in the files that inside.h names.
 */
#include "indicator/scope.h"
#include "indicator/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH_BYTES = 16 * 1024 * 1024, WIDE_FROM = 64 };

/* What there is one of for each measure. */
static zw_status start_measures(zw_eval *eval, zw_err *err)
{
    size_t measures = eval->world.pack->measure_count;
    eval->firsts = calloc(measures > 0 ? measures : 1, sizeof(zw_first_known));
    eval->floors = calloc(measures > 0 ? measures : 1, sizeof(zw_period));
    if (eval->firsts == NULL || eval->floors == NULL) {
        return zw_err_nomem(err);
    }
    zw_inside_read_floors(eval);
    return ZW_OK;
}

zw_status zw_eval_create(const zw_eval_world *world, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    *out = NULL;
    zw_eval *eval = calloc(1, sizeof(*eval));
    if (eval == NULL) {
        return zw_err_nomem(err);
    }
    eval->world = *world;
    eval->as_of_ms = as_of_ms;
    eval->wide_from = WIDE_FROM;
    zw_status status = start_measures(eval, err);
    if (status == ZW_OK) {
        status = zw_table_create(world->pack, &eval->table, err);
    }
    if (status == ZW_OK) {
        status = zw_pool_create(&eval->bindings, err);
    }
    if (status == ZW_OK) {
        status = zw_pool_create(&eval->texts, err);
    }
    if (status == ZW_OK) {
        status = zw_known_create(world->pack, world->store, &eval->known, err);
    }
    if (status == ZW_OK) {
        status = zw_shelves_create(world->pack, world->store, &eval->shelves, err);
    }
    if (status == ZW_OK) {
        status = zw_plain_create(world->pack, world->store, &eval->plain, err);
    }
    if (status == ZW_OK) {
        status = zw_places_create(world->pack, world->store, &eval->places, err);
    }
    if (status == ZW_OK) {
        status = zw_wides_create(world->pack, &eval->wides, err);
    }
    if (status == ZW_OK) {
        status = zw_arena_create(SCRATCH_BYTES, &eval->scratch, err);
    }
    if (status == ZW_OK && zw_pool_put(eval->bindings, zw_text_of("")) == ZW_POOL_NONE) {
        status = zw_err_nomem(err);
    }
    if (status != ZW_OK) {
        zw_eval_destroy(eval);
        return status;
    }
    *out = eval;
    return ZW_OK;
}

void zw_eval_destroy(zw_eval *eval)
{
    if (eval == NULL) {
        return;
    }
    for (size_t i = 0; i < eval->reads_count; i++) {
        if (eval->reads[i] != NULL) {
            free(eval->reads[i]->measures);
            free(eval->reads[i]->registers);
        }
        free(eval->reads[i]);
    }
    free(eval->reads);
    zw_inside_unveil(eval);
    free(eval->firsts);
    free(eval->floors);
    zw_table_destroy(eval->table);
    zw_pool_destroy(eval->bindings);
    zw_pool_destroy(eval->texts);
    zw_known_destroy(eval->known);
    zw_shelves_destroy(eval->shelves);
    if (!eval->is_lent) {
        zw_plain_destroy(eval->plain);
        zw_places_destroy(eval->places);
    }
    zw_wides_destroy(eval->wides);
    zw_arena_destroy(eval->scratch);
    free(eval);
}

zw_status zw_inside_sibling(const zw_eval *eval, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    zw_eval *fresh = NULL;
    zw_status status = zw_eval_create(&eval->world, as_of_ms, &fresh, err);
    *out = fresh;
    if (fresh == NULL) {
        return status;
    }
    /* What follows from the series alone is the same; counting it anew would cost each message and
     * each move of an alert a walk along all series. */
    zw_plain_destroy(fresh->plain);
    zw_places_destroy(fresh->places);
    fresh->plain = eval->plain;
    fresh->places = eval->places;
    fresh->is_lent = true;
    if (as_of_ms == eval->as_of_ms) {
        memcpy(fresh->firsts, eval->firsts,
               eval->world.pack->measure_count * sizeof(zw_first_known));
    }
    return ZW_OK;
}

int64_t zw_eval_as_of_ms(const zw_eval *eval)
{
    return eval->as_of_ms;
}

const zw_eval_world *zw_eval_world_of(const zw_eval *eval)
{
    return &eval->world;
}

void zw_eval_read_wide(zw_eval *eval, size_t from)
{
    eval->wide_from = from;
}

const zw_calendar *zw_inside_calendar(const zw_eval *eval, uint32_t area)
{
    return zw_pack_calendar(eval->world.pack, area);
}

zw_period zw_eval_now(const zw_eval *eval, zw_node_id id, uint32_t area)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    return node->has_grid ? zw_period_at(zw_inside_calendar(eval, area), node->grid, eval->as_of_ms)
                          : 0;
}

static zw_compute compute_of(zw_op op)
{
    static const zw_compute computes[ZW_OP_COUNT] = {
        [ZW_OP_NUMBER] = zw_compute_constant,
        [ZW_OP_ATTR] = zw_compute_constant,
        [ZW_OP_MEASURE] = zw_compute_measure,
        [ZW_OP_LAG] = zw_compute_along,
        [ZW_OP_DELTA] = zw_compute_along,
        [ZW_OP_YOY] = zw_compute_along,
        [ZW_OP_YTD] = zw_compute_along,
        [ZW_OP_SINCE] = zw_compute_along,
        [ZW_OP_SINGLE] = zw_compute_along,
        [ZW_OP_REGRID] = zw_compute_regrid,
        [ZW_OP_ROLLING] = zw_compute_rolling,
        [ZW_OP_OR_ELSE] = zw_compute_filled,
        [ZW_OP_FILL_LAST] = zw_compute_filled,
        [ZW_OP_VINTAGE] = zw_compute_vintage,
        [ZW_OP_STEP] = zw_compute_counter,
        [ZW_OP_RATE] = zw_compute_rate,
        [ZW_OP_OF] = zw_compute_elsewhere,
        [ZW_OP_PARTS] = zw_compute_parts,
        [ZW_OP_RANK] = zw_compute_rank,
        [ZW_OP_WHOLE] = zw_compute_whole,
        [ZW_OP_GROUPS] = zw_compute_groups,
        [ZW_OP_INDICATOR] = zw_compute_indicator,
        [ZW_OP_RISES] = zw_compute_steps,
        [ZW_OP_FALLS] = zw_compute_steps,
        [ZW_OP_FLAT] = zw_compute_steps,
        [ZW_OP_HELD] = zw_compute_steps,
        [ZW_OP_LATE] = zw_compute_arrival,
        [ZW_OP_MISSING] = zw_compute_arrival,
        [ZW_OP_PARTIAL] = zw_compute_arrival,
        [ZW_OP_REVISED] = zw_compute_arrival,
        [ZW_OP_IS] = zw_compute_is,
        [ZW_OP_FIRING] = zw_compute_firing,
        [ZW_OP_VERDICT] = zw_compute_verdict,
        [ZW_OP_TARGET_VALUE] = zw_compute_goal,
        [ZW_OP_TARGET_GAP] = zw_compute_goal,
        [ZW_OP_TARGET_SHORTFALL] = zw_compute_goal,
        [ZW_OP_TARGET_REQUIRED] = zw_compute_goal,
        [ZW_OP_TARGET_PROJECTED] = zw_compute_goal,
        [ZW_OP_CALL] = zw_compute_call,
    };
    if (zw_op_is_item(op)) {
        return zw_compute_items;
    }
    return computes[op] != NULL ? computes[op] : zw_compute_point;
}

bool zw_inside_is_point(const zw_node *node)
{
    return node->op != ZW_OP_BROKEN && compute_of(node->op) == zw_compute_point;
}

/* Writes the cells of periods that have not begun. */
static void write_not_begun(const zw_calendar *calendar, const zw_node *node, zw_col *col,
                            zw_span span)
{
    for (zw_period p = span.lo; p <= span.hi; p++) {
        zw_cell cell = zw_cell_missing(ZW_REASON_NOT_BEGUN);
        cell.until_ms = zw_period_start_ms(calendar, node->grid, p);
        *zw_col_at(col, p) = cell;
    }
}

/* Computes what reads earlier periods too: where scopes are known, period by period, everything
 * under it read in the scope of that period. */
static zw_status look_back(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    uint32_t anchored = col->binding;
    zw_span rest = span;
    zw_status status =
        zw_scope_anchor(eval, col->binding, node->kid[0], node->grid, span.lo, &anchored, err);
    while (status == ZW_OK && anchored != col->binding && rest.lo <= rest.hi) {
        col->anchored = anchored;
        status = compute_of(node->op)(eval, col, node, (zw_span){rest.lo, rest.lo}, err);
        col->anchored = 0;
        rest.lo++;
        if (status == ZW_OK && rest.lo <= rest.hi) {
            status = zw_scope_anchor(eval, col->binding, node->kid[0], node->grid, rest.lo,
                                     &anchored, err);
        }
    }
    return status == ZW_OK && rest.lo <= rest.hi ? compute_of(node->op)(eval, col, node, rest, err)
                                                 : status;
}

/* Computes one run of stale cells. */
static zw_status compute_run(zw_eval *eval, zw_col *col, zw_span span, zw_err *err)
{
    zw_node node =
        *zw_pack_node(eval->world.pack, col->node); /* a function may add nodes under our feet */
    if (node.has_grid) {
        const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
        zw_period now = zw_period_at(calendar, node.grid, eval->as_of_ms);
        if (span.hi > now) {
            zw_span later = {span.lo > now ? span.lo : now + 1, span.hi};
            write_not_begun(calendar, &node, col, later);
            span.hi = now;
        }
        if (span.lo > span.hi) {
            return ZW_OK;
        }
    }
    return zw_graph_looks_back(node.op) ? look_back(eval, col, &node, span, err)
                                        : compute_of(node.op)(eval, col, &node, span, err);
}

zw_status zw_inside_ensure(zw_eval *eval, zw_col *col, zw_span span, zw_err *err)
{
    zw_status status = zw_col_cover(col, span, err);
    zw_period p = span.lo;
    while (status == ZW_OK && p <= span.hi) {
        if (zw_col_at(col, p)->until_ms > eval->as_of_ms) {
            p++;
            continue;
        }
        zw_span run = {p, p};
        while (run.hi < span.hi && zw_col_at(col, run.hi + 1)->until_ms <= eval->as_of_ms) {
            run.hi++;
        }
        col->is_busy = true;
        status = compute_run(eval, col, run, err);
        col->is_busy = false;
        p = run.hi + 1;
    }
    return status;
}

const zw_cell *zw_slice_at(const zw_slice *slice, zw_period period)
{
    return zw_col_at(slice->col, slice->is_constant ? 0 : period);
}

/* Brings a column that is read up to date over a span of its grid. */
static zw_status read_col(zw_eval *eval, const zw_col *reader, zw_col *col, zw_span span,
                          zw_slice *out, zw_err *err)
{
    *out = (zw_slice){col, !zw_pack_node(eval->world.pack, col->node)->has_grid};
    if (eval->trace != NULL) {
        zw_trace_read(eval->trace, reader, col, out->is_constant ? (zw_span){0, 0} : span);
    }
    if (col->is_busy) { /* only a function can come back to itself; invoke.c */
        return zw_err_set(err, ZW_SCRIPT, "an expression reads itself");
    }
    return zw_inside_ensure(eval, col, out->is_constant ? (zw_span){0, 0} : span, err);
}

zw_status zw_inside_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id node,
                         uint32_t area, uint32_t binding, zw_span span, zw_slice *out, zw_err *err)
{
    zw_col *col = NULL;
    zw_status status = zw_table_col(eval->table, node, area, binding, &col, err);
    status = status == ZW_OK ? read_col(eval, reader, col, span, out, err) : status;
    if (status == ZW_OK && slot != ZW_SLOT_CALL) {
        status = zw_table_read_by(eval->table, col, reader, slot, err);
    }
    return status;
}

zw_status zw_inside_kid_col(zw_eval *eval, zw_col *reader, unsigned slot, zw_col **out, zw_err *err)
{
    zw_node_id kid = zw_pack_node(eval->world.pack, reader->node)->kid[slot];
    zw_col *col = NULL;
    if (reader->anchored != 0) {
        zw_status status = zw_table_col(eval->table, kid, reader->area, reader->anchored, out, err);
        return status == ZW_OK ? zw_table_read_by(eval->table, *out, reader, slot, err) : status;
    }
    *out = reader->kid[slot];
    if (*out != NULL) {
        return ZW_OK;
    }
    zw_status status = zw_table_col(eval->table, kid, reader->area, reader->binding, &col, err);
    if (status == ZW_OK && zw_col_add_reader(col, reader, slot) == NULL) {
        status = zw_err_nomem(err);
    }
    if (status == ZW_OK) {
        reader->kid[slot] = *out = col;
    }
    return status;
}

zw_status zw_inside_kid(zw_eval *eval, zw_col *reader, unsigned slot, zw_span span, zw_slice *out,
                        zw_err *err)
{
    zw_col *col = NULL;
    zw_status status = zw_inside_kid_col(eval, reader, slot, &col, err);
    return status == ZW_OK ? read_col(eval, reader, col, span, out, err) : status;
}

zw_cell zw_kid_at(zw_kid *kid, zw_period period)
{
    zw_slice slice;
    if (kid->status == ZW_OK) {
        kid->status = zw_inside_kid(kid->eval, kid->reader, kid->slot, (zw_span){period, period},
                                    &slice, kid->err);
    }
    return kid->status == ZW_OK ? *zw_slice_at(&slice, period)
                                : zw_cell_missing(ZW_REASON_NO_FIGURE);
}

zw_status zw_eval_cells(zw_eval *eval, zw_node_id node, uint32_t area, zw_span span, zw_cell *out,
                        zw_err *err)
{
    zw_col *col = NULL;
    bool has_grid = zw_pack_node(eval->world.pack, node)->has_grid;
    zw_status status = zw_table_col(eval->table, node, area, eval->bound, &col, err);
    if (status == ZW_OK) {
        status = zw_inside_ensure(eval, col, has_grid ? span : (zw_span){0, 0}, err);
    }
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        out[p - span.lo] = *zw_col_at(col, has_grid ? p : 0);
    }
    return status;
}

zw_status zw_eval_cell(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                       zw_cell *out, zw_err *err)
{
    *out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    return zw_eval_cells(eval, node, area, (zw_span){period, period}, out, err);
}

zw_status zw_eval_watch(zw_eval *eval, zw_node_id node, uint32_t area, uint32_t watch, zw_err *err)
{
    zw_col *col = NULL;
    zw_status status = zw_table_col(eval->table, node, area, eval->bound, &col, err);
    return status == ZW_OK ? zw_table_watch(eval->table, col, watch, err) : status;
}

bool zw_eval_next_stale(zw_eval *eval, uint32_t *watch, zw_span *span)
{
    return zw_table_next_stale(eval->table, watch, span);
}

void zw_eval_forget(zw_eval *eval)
{
    zw_inside_read_floors(eval);
    zw_table_forget(eval->table);
    zw_known_forget(eval->known);
    zw_shelves_forget(eval->shelves);
    zw_inside_unveil(eval);
    for (size_t i = 0; i < eval->world.pack->measure_count; i++) {
        eval->firsts[i].is_counted = false;
    }
}

void zw_inside_jump(zw_eval *eval, int64_t as_of_ms)
{
    eval->as_of_ms = as_of_ms;
    zw_eval_forget(eval);
}
