/*
 * The tree behind a value, from the top down, level by level, so that a tree that is cut keeps what
 * is near. A fresh evaluation that reads every figure through its cell computes the value; then
 * each cell of the tree is computed once more, alone, under a trace: what it reads are its inputs.
 *
 * Nothing hidden leaves through a tree: every cell is put under the veil, and behind a hidden one
 * nothing is looked at.
 */
#include "indicator/explain.h"

#include "base/cut.h"
#include "indicator/goal.h"
#include "indicator/inside.h"
#include "indicator/trace.h"
#include "intake/batch.h"
#include "store/delivered.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MOST = 1024, CELLS_MOST = 1000000, PLACES = 16384 };

/* An evaluation as of the moment of a vintage. */
struct then {
    int64_t at_ms;
    zw_eval *eval;
};

struct zw_tree_inside {
    zw_trace trace;
    size_t *places; /* PLACES of them: 1 + the number of a twig, by what it is; 0: free */
    struct then *thens;
    size_t then_count;
    zw_delivered *delivered;
    zw_pool *lines;
};

/* A cell that was read: of the `order`-th column that was looked at. */
struct read {
    size_t order;
    zw_col *col;
    zw_period period;
};

void zw_tree_destroy(zw_tree *tree)
{
    if (tree == NULL) {
        return;
    }
    if (tree->inside != NULL) {
        for (size_t i = 0; i < tree->inside->then_count; i++) {
            zw_eval_destroy(tree->inside->thens[i].eval);
        }
        free(tree->inside->thens);
        free(tree->inside->places);
        zw_trace_fini(&tree->inside->trace);
        zw_delivered_destroy(tree->inside->delivered);
        zw_pool_destroy(tree->inside->lines);
    }
    free(tree->inside);
    free(tree->twigs);
    free(tree->inputs);
    free(tree->figures);
    free(tree->items);
    zw_eval_destroy(tree->eval);
    free(tree);
}

static bool is_same(const zw_twig *a, const zw_twig *b)
{
    return a->eval == b->eval && a->node == b->node && a->area == b->area &&
           a->binding == b->binding && a->period == b->period;
}

/* The place of a twig, or the free one where it belongs. */
static size_t *place_of(const zw_tree *tree, const zw_twig *twig)
{
    uint64_t h = twig->node * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ twig->area ^ ((uint64_t)twig->binding << 32)) * UINT64_C(0xC2B2AE3D27D4EB4F);
    h = (h ^ (uint64_t)twig->period) * UINT64_C(0x165667B19E3779F9);
    size_t i = (size_t)(h ^ (h >> 29)) & (PLACES - 1);
    size_t *places = tree->inside->places;
    while (places[i] != 0 && !is_same(&tree->twigs[places[i] - 1], twig)) {
        i = (i + 1) & (PLACES - 1);
    }
    return &places[i];
}

/* The veil asks of values without a binding. Below one, what may hide something is hidden. */
static zw_status put_veil(zw_twig *twig, zw_err *err)
{
    bool may_hide = false;
    zw_status status =
        zw_eval_veil(twig->eval, twig->node, twig->area, twig->period, &twig->cell, err);
    if (status == ZW_OK && twig->binding != 0 && zw_cell_stands(&twig->cell)) {
        status = zw_inside_may_hide(twig->eval, twig->node, &may_hide, err);
    }
    if (status == ZW_OK && may_hide) {
        zw_inside_hide(&twig->cell);
    }
    return status;
}

/* The number of the twig for a cell that is fresh, a new one when there is none yet; SIZE_MAX when
 * the tree is full. */
static zw_status find_twig(zw_tree *tree, const zw_twig *like, size_t *out, zw_err *err)
{
    size_t *place = place_of(tree, like);
    *out = SIZE_MAX;
    if (*place != 0) {
        *out = *place - 1;
        return ZW_OK;
    }
    if (tree->count == ZW_TREE_TWIGS_MOST) {
        return ZW_OK;
    }
    zw_twig *twigs = zw_trace_room(tree->twigs, tree->count, &tree->capacity, sizeof(*twigs));
    if (twigs == NULL) {
        return zw_err_nomem(err);
    }
    tree->twigs = twigs;
    zw_twig *twig = &twigs[tree->count];
    *twig = *like;
    zw_status status = put_veil(twig, err);
    if (status == ZW_OK) {
        *out = tree->count;
        *place = ++tree->count;
    }
    return status;
}

static int by_order(const void *a, const void *b)
{
    const struct read *x = a;
    const struct read *y = b;
    if (x->order != y->order) {
        return x->order < y->order ? -1 : 1;
    }
    return (x->period > y->period) - (x->period < y->period);
}

static size_t order_of(const zw_trace *trace, const zw_col *col)
{
    size_t i = 0;
    while (trace->spans[i].col != col) {
        i++;
    }
    return i;
}

/* What was read, each cell once, by column in the order of reading and then by period. The caller
 * frees. */
static zw_status list_reads(const zw_trace *trace, struct read **out, size_t *count, zw_err *err)
{
    size_t most = 0;
    *out = NULL;
    *count = 0;
    for (size_t i = 0; i < trace->span_count; i++) {
        zw_span span = trace->spans[i].span;
        if (span.hi - span.lo >= CELLS_MOST ||
            (most += (size_t)(span.hi - span.lo + 1)) > CELLS_MOST) {
            return zw_err_set(err, ZW_LIMIT, "one value reads more than %d others", CELLS_MOST);
        }
    }
    struct read *reads = calloc(most > 0 ? most : 1, sizeof(*reads));
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    size_t all = 0;
    for (size_t i = 0; i < trace->span_count; i++) {
        const zw_trace_span *span = &trace->spans[i];
        size_t order = order_of(trace, span->col);
        for (zw_period p = span->span.lo; p <= span->span.hi; p++) {
            reads[all++] = (struct read){order, span->col, p};
        }
    }
    qsort(reads, all, sizeof(*reads), by_order);
    for (size_t i = 0; i < all; i++) {
        if (i == 0 || by_order(&reads[*count - 1], &reads[i]) != 0) {
            reads[(*count)++] = reads[i];
        }
    }
    *out = reads;
    return ZW_OK;
}

/* True for a cell that was looked at and says nothing that counts in the reader's value. */
static bool is_passed_over(const zw_node *reader, const zw_cell *said, const zw_cell *cell)
{
    bool goes_up = reader->op == ZW_OP_MEASURE || reader->op == ZW_OP_PARTS ||
                   reader->op == ZW_OP_INDICATOR || reader->op == ZW_OP_GROUPS ||
                   reader->op == ZW_OP_RANK || reader->op == ZW_OP_STEP;
    switch (cell->reason) {
    case ZW_REASON_SKIPPED:
    case ZW_REASON_NOT_BEGUN:
    case ZW_REASON_OUTSIDE_LIFE:
        return zw_cell_stands(said);
    case ZW_REASON_NO_FIGURE:
        return goes_up && cell->of == 0 && zw_cell_stands(said);
    default:
        return false;
    }
}

/* True when what stands in for a missing value was read: parts that were looked at before it had
 * nothing to report. */
static bool has_other(const zw_node *reader, const struct read *reads, size_t count)
{
    for (size_t i = 0; reader->op == ZW_OP_OR_ELSE && i < count; i++) {
        if (reads[i].col->node == reader->kid[1]) {
            return true;
        }
    }
    return false;
}

/* True of a measure that was reported here: of its parts, which were looked at too, nothing is in
 * the value. */
static bool is_reported(const zw_tree *tree, const zw_twig *twig)
{
    for (size_t i = 0; i < twig->figure_count; i++) {
        if (tree->figures[twig->first_figure + i].figure.status != ZW_OBS_MISSING) {
            return true;
        }
    }
    return twig->figure_count > 0 && !zw_cell_stands(&twig->cell);
}

static zw_status add_input(zw_tree *tree, size_t reader, const zw_twig *like, zw_err *err)
{
    size_t number = SIZE_MAX;
    zw_status status = find_twig(tree, like, &number, err);
    zw_twig *twig = &tree->twigs[reader];
    if (status != ZW_OK || number == SIZE_MAX) {
        twig->is_cut = twig->is_cut || status == ZW_OK;
        return status;
    }
    size_t *inputs =
        zw_trace_room(tree->inputs, tree->input_count, &tree->input_capacity, sizeof(*inputs));
    if (inputs == NULL) {
        return zw_err_nomem(err);
    }
    tree->inputs = inputs;
    inputs[tree->input_count++] = number;
    twig->input_count++;
    return ZW_OK;
}

static zw_twig twig_of(zw_eval *eval, const struct read *read)
{
    return (zw_twig){.eval = eval,
                     .node = read->col->node,
                     .area = read->col->area,
                     .binding = read->col->binding,
                     .period = read->period,
                     .cell = *zw_col_at(read->col, read->period)};
}

/* How far a target is behind reads what is followed, and all that its path is made of: that stands
 * under the path, which is a value of its own here. */
static bool is_of_path(const zw_pack *pack, const zw_node *reader, const zw_twig *of,
                       const zw_twig *read)
{
    bool is_behind = reader->op == ZW_OP_TARGET_GAP || reader->op == ZW_OP_TARGET_SHORTFALL;
    return is_behind &&
           (read->node != pack->targets[reader->ref].follow || read->period != of->period);
}

/* The first inputs and the last one; those between are only counted. */
static zw_status take_reads(zw_tree *tree, size_t number, const struct read *reads, size_t count,
                            zw_err *err)
{
    const zw_twig reader = tree->twigs[number];
    const zw_node node = *zw_pack_node(reader.eval->world.pack, reader.node);
    zw_twig last;
    bool has_last = false;
    bool is_without_parts = has_other(&node, reads, count) || is_reported(tree, &reader);
    zw_status status = ZW_OK;
    tree->twigs[number].first_input = tree->input_count;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        zw_twig like = twig_of(reader.eval, &reads[i]);
        if (is_passed_over(&node, &reader.cell, &like.cell) ||
            (is_without_parts && like.node == reader.node) ||
            is_of_path(reader.eval->world.pack, &node, &reader, &like)) {
            continue;
        }
        if (tree->twigs[number].inputs_in_all++ < ZW_TREE_INPUTS_MOST - 1) {
            status = add_input(tree, number, &like, err);
        } else {
            last = like;
            has_last = true;
        }
    }
    return status == ZW_OK && has_last ? add_input(tree, number, &last, err) : status;
}

/* The evaluation as of a moment, made when it is first asked for. */
static zw_status eval_then(zw_tree *tree, int64_t at_ms, zw_eval **out, zw_err *err)
{
    struct zw_tree_inside *in = tree->inside;
    for (size_t i = 0; i < in->then_count; i++) {
        if (in->thens[i].at_ms == at_ms) {
            *out = in->thens[i].eval;
            return ZW_OK;
        }
    }
    struct then *thens = realloc(in->thens, (in->then_count + 1) * sizeof(*thens));
    if (thens == NULL) {
        return zw_err_nomem(err);
    }
    in->thens = thens;
    zw_status status = zw_inside_sibling(tree->eval, at_ms, out, err);
    if (status == ZW_OK) {
        (*out)->is_traced = true;
        thens[in->then_count++] = (struct then){at_ms, *out};
    }
    return status;
}

/* Fills in the cell of a twig whose place is known. @param col  gets its column. */
static zw_status compute_twig(zw_twig *twig, zw_col **col, zw_err *err)
{
    zw_span span = {twig->period, twig->period};
    zw_status status =
        zw_table_col(twig->eval->table, twig->node, twig->area, twig->binding, col, err);
    status = status == ZW_OK ? zw_inside_ensure(twig->eval, *col, span, err) : status;
    twig->cell = status == ZW_OK ? *zw_col_at(*col, twig->period) : twig->cell;
    return status;
}

/* Adds the value of `node` in a period as it was known at a moment, at the reader's area and below
 * its binding. */
static zw_status take_value(zw_tree *tree, size_t number, zw_node_id node, zw_period p,
                            int64_t at_ms, zw_err *err)
{
    const zw_twig reader = tree->twigs[number];
    zw_col *col = NULL;
    zw_twig like = {.eval = tree->eval, .node = node, .area = reader.area, .period = p};
    zw_status status =
        at_ms != tree->eval->as_of_ms ? eval_then(tree, at_ms, &like.eval, err) : ZW_OK;
    if (status != ZW_OK) {
        return status;
    }
    like.binding = zw_pool_put(like.eval->bindings, zw_text_of(zw_twig_binding(&reader)));
    if (like.binding == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    status = compute_twig(&like, &col, err);
    tree->twigs[number].inputs_in_all += status == ZW_OK ? 1 : 0;
    return status == ZW_OK ? add_input(tree, number, &like, err) : status;
}

/* What a verdict stands on: the value of its period, and the earlier vintage that said otherwise;
 * before the period ends, the newest gap to the path. */
static zw_status take_verdict(zw_tree *tree, size_t number, zw_err *err)
{
    const zw_twig twig = tree->twigs[number];
    zw_eval *eval = twig.eval;
    const zw_node node = *zw_pack_node(eval->world.pack, twig.node);
    const zw_target *target = &eval->world.pack->targets[node.ref];
    zw_grid grid = zw_pack_node(eval->world.pack, target->expr)->grid;
    size_t dated = 0;
    zw_judged judged;
    zw_front newest;
    if (!zw_goal_dated(eval, &node, twig.area, twig.period, &dated)) {
        return ZW_OK;
    }
    zw_period at = target->dated[dated].at;
    tree->twigs[number].first_input = tree->input_count;
    if (zw_period_end_ms(zw_inside_calendar(eval, twig.area), grid, at) > eval->as_of_ms) {
        zw_status status = zw_eval_newest(eval, target->gap, twig.area, &newest, err);
        return status == ZW_OK && newest.has_period
                   ? take_value(tree, number, target->gap, newest.period, eval->as_of_ms, err)
                   : status;
    }
    zw_status status = zw_eval_verdict(eval, node.ref, twig.area, dated, &judged, err);
    status =
        status == ZW_OK ? take_value(tree, number, target->expr, at, eval->as_of_ms, err) : status;
    return status == ZW_OK && judged.has_earlier
               ? take_value(tree, number, target->expr, at, judged.earlier_ms, err)
               : status;
}

/* A line of a delivery, cut where it is very long. What is damaged is as little there as what is
 * not kept; `verify` names it. */
static zw_status find_line(zw_tree *tree, int64_t batch, uint32_t number, const char **out,
                           zw_err *err)
{
    zw_text line;
    zw_err why = {ZW_OK, ""};
    zw_status status = zw_delivered_line(tree->inside->delivered, batch, number, &line, &why);
    *out = NULL;
    if (status == ZW_NOMEM) {
        return zw_err_nomem(err);
    }
    if (status != ZW_OK || line.at == NULL || memchr(line.at, '\0', line.len) != NULL) {
        return ZW_OK;
    }
    line.len = zw_cut_length(line.at, line.len, LINE_BYTES_MOST);
    uint32_t kept = zw_pool_put(tree->inside->lines, line);
    if (kept == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    *out = zw_pool_text(tree->inside->lines, kept);
    return ZW_OK;
}

static zw_status add_item(zw_tree *tree, zw_twig *twig, const zw_trace_item *counted, zw_err *err)
{
    const zw_items *all = zw_store_items(twig->eval->world.store);
    zw_tree_item *items =
        zw_trace_room(tree->items, tree->item_count, &tree->item_capacity, sizeof(*items));
    if (items == NULL) {
        return zw_err_nomem(err);
    }
    tree->items = items;
    zw_tree_item *item = &items[tree->item_count++];
    twig->item_count++;
    *item = (zw_tree_item){zw_items_name(all, counted->item), counted->state, counted->area,
                           counted->row, NULL};
    return find_line(tree, counted->row->batch, counted->row->line, &item->text, err);
}

/* The first items and the last one, as of inputs. */
static zw_status take_items(zw_tree *tree, size_t number, zw_err *err)
{
    const zw_trace *trace = &tree->inside->trace;
    zw_twig *twig = &tree->twigs[number];
    zw_status status = ZW_OK;
    twig->first_item = tree->item_count;
    twig->items_in_all = trace->item_count;
    for (size_t i = 0; status == ZW_OK && i < trace->item_count; i++) {
        if (i < ZW_TREE_INPUTS_MOST - 1 || i + 1 == trace->item_count) {
            status = add_item(tree, twig, &trace->items[i], err);
        }
    }
    return status;
}

static zw_status add_figure(zw_tree *tree, zw_twig *twig, const zw_trace_taken *taken, zw_err *err)
{
    const zw_eval *eval = twig->eval;
    const zw_series *series = zw_series_view(zw_store_series(eval->world.store), taken->series);
    uint32_t measure = zw_pack_node(eval->world.pack, twig->node)->ref;
    bool is_hidden = false;
    zw_status status = zw_eval_hides_figure(twig->eval, measure, twig->area, series->dims,
                                            twig->period, &is_hidden, err);
    zw_tree_figure *figures = status == ZW_OK
                                  ? zw_trace_room(tree->figures, tree->figure_count,
                                                  &tree->figure_capacity, sizeof(*figures))
                                  : NULL;
    if (figures == NULL) {
        return status == ZW_OK ? zw_err_nomem(err) : status;
    }
    tree->figures = figures;
    zw_tree_figure *figure = &figures[tree->figure_count++];
    *figure = (zw_tree_figure){taken->series, taken->figure, is_hidden, NULL};
    twig->figure_count++;
    return is_hidden ? ZW_OK
                     : find_line(tree, taken->figure.batch, taken->figure.line, &figure->text, err);
}

static zw_status take_figures(zw_tree *tree, size_t number, zw_err *err)
{
    const zw_trace *trace = &tree->inside->trace;
    zw_twig *twig = &tree->twigs[number];
    bool is_measure = zw_pack_node(twig->eval->world.pack, twig->node)->op == ZW_OP_MEASURE;
    zw_status status = ZW_OK;
    twig->first_figure = tree->figure_count;
    for (size_t i = 0; is_measure && status == ZW_OK && i < trace->taken_count; i++) {
        status = add_figure(tree, twig, &trace->taken[i], err);
    }
    return status;
}

/* Computes the cell of a twig once more, alone: everything under it is fresh. */
static zw_status trace_twig(zw_tree *tree, const zw_twig *twig, zw_err *err)
{
    zw_trace *trace = &tree->inside->trace;
    zw_span span = {twig->period, twig->period};
    zw_col *col = NULL;
    zw_status status =
        zw_table_col(twig->eval->table, twig->node, twig->area, twig->binding, &col, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)zw_col_make_stale(col, span);
    zw_trace_clear(trace, col);
    twig->eval->trace = trace;
    status = zw_inside_ensure(twig->eval, col, span, err);
    twig->eval->trace = NULL;
    return status == ZW_OK && trace->has_failed ? zw_err_nomem(err) : status;
}

/* Finds what one twig is made of. */
static zw_status grow(zw_tree *tree, size_t number, zw_err *err)
{
    const zw_twig twig = tree->twigs[number];
    struct read *reads = NULL;
    size_t count = 0;
    if (twig.cell.reason == ZW_REASON_HIDDEN) {
        return ZW_OK;
    }
    const zw_node node = *zw_pack_node(twig.eval->world.pack, twig.node);
    if (node.op == ZW_OP_VERDICT) {
        return take_verdict(tree, number, err);
    }
    zw_status status = trace_twig(tree, &twig, err);
    status = status == ZW_OK ? list_reads(&tree->inside->trace, &reads, &count, err) : status;
    status = status == ZW_OK ? take_figures(tree, number, err) : status;
    status = status == ZW_OK ? take_items(tree, number, err) : status;
    status = status == ZW_OK ? take_reads(tree, number, reads, count, err) : status;
    free(reads);
    bool is_behind = node.op == ZW_OP_TARGET_GAP || node.op == ZW_OP_TARGET_SHORTFALL;
    if (status == ZW_OK && is_behind) { /* the path, which is computed in one with them */
        zw_node_id path = twig.eval->world.pack->targets[node.ref].value;
        status = take_value(tree, number, path, twig.period, twig.eval->as_of_ms, err);
    }
    bool is_vintage =
        node.op == ZW_OP_VINTAGE && tree->inside->trace.has_moment && zw_cell_stands(&twig.cell);
    return status == ZW_OK && is_vintage ? take_value(tree, number, node.kid[0], twig.period,
                                                      tree->inside->trace.moment_ms, err)
                                         : status;
}

/* The value itself, below what the asking evaluation is bound to. */
static zw_status plant(zw_tree *tree, const zw_eval *asked, zw_twig *top, zw_err *err)
{
    size_t number = 0;
    zw_col *col = NULL;
    top->eval = tree->eval;
    top->binding = asked->bound == 0
                       ? 0
                       : zw_pool_put(tree->eval->bindings,
                                     zw_text_of(zw_pool_text(asked->bindings, asked->bound)));
    if (top->binding == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    zw_status status = compute_twig(top, &col, err);
    return status == ZW_OK ? find_twig(tree, top, &number, err) : status;
}

static zw_status make_inside(zw_tree *tree, const zw_eval *eval, zw_err *err)
{
    tree->inside = calloc(1, sizeof(*tree->inside));
    if (tree->inside == NULL) {
        return zw_err_nomem(err);
    }
    tree->inside->places = calloc(PLACES, sizeof(*tree->inside->places));
    if (tree->inside->places == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status =
        zw_delivered_create(zw_store_db(eval->world.store), &tree->inside->delivered, err);
    status = status == ZW_OK ? zw_pool_create(&tree->inside->lines, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    status = zw_inside_sibling(eval, eval->as_of_ms, &tree->eval, err);
    if (status == ZW_OK) {
        tree->eval->is_traced = true;
    }
    return status;
}

zw_status zw_tree_create(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                         zw_tree **out, zw_err *err)
{
    zw_tree *tree = calloc(1, sizeof(*tree));
    *out = NULL;
    if (tree == NULL) {
        return zw_err_nomem(err);
    }
    bool has_grid = zw_pack_node(eval->world.pack, node)->has_grid;
    zw_twig top = {.node = node, .area = area, .period = has_grid ? period : 0};
    zw_status status = make_inside(tree, eval, err);
    if (status != ZW_OK || tree->eval == NULL) {
        zw_tree_destroy(tree);
        return status;
    }
    status = plant(tree, eval, &top, err);
    for (size_t i = 0; status == ZW_OK && i < tree->count; i++) {
        status = grow(tree, i, err);
    }
    if (status != ZW_OK) {
        zw_tree_destroy(tree);
        return status;
    }
    *out = tree;
    return ZW_OK;
}

const char *zw_twig_binding(const zw_twig *twig)
{
    return zw_pool_text(twig->eval->bindings, twig->binding);
}

bool zw_twig_is_named(const zw_tree *tree, const zw_twig *twig)
{
    const zw_node *node = zw_pack_node(tree->eval->world.pack, twig->node);
    const zw_twig *input =
        twig->input_count == 1 ? &tree->twigs[tree->inputs[twig->first_input]] : NULL;
    return node->op == ZW_OP_INDICATOR && input != NULL && twig->inputs_in_all == 1 &&
           input->node == node->kid[0] && input->area == twig->area &&
           input->binding == twig->binding && input->eval == twig->eval;
}
