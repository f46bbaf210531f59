/* Pushing down: narrowing and regridding go through point operations to what lies under them. */
#include "plan/index.h"
#include "plan/infer.h"

#include <stdlib.h>
#include <string.h>

/* Of a regrid from below a day: more parts than the first go by days, a mean of more than the
 * second is refused. */
enum { DIRECT_PARTS_MOST = 20000, MEAN_PARTS_MOST = 1000000 };

/* What is pushed. A part that a formula holds several times is pushed once. */
struct push {
    zw_pack *pack;
    zw_node_id *done;        /* by node: what it became */
    const zw_filter *filter; /* NULL: a regrid, or steps */
    bool is_scope;           /* the filter says a scope */
    bool is_steps;
    zw_grid grid;
    zw_how how;
    zw_where where;
};

static zw_status push(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err);

/* The same operation over pushed kids. */
static zw_status push_kids(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    zw_status status = ZW_OK;
    for (unsigned slot = 0; status == ZW_OK && slot < node.kid_count; slot++) {
        status = push(what, node.kid[slot], &node.kid[slot], err);
    }
    return status == ZW_OK ? zw_formula_make(what->pack, &node, out, err) : status;
}

static int by_text(const char *x, const char *y)
{
    return x == NULL || y == NULL ? (x != NULL) - (y != NULL) : strcmp(x, y);
}

/* A whole order: the same filters, in whatever order they were written, are the same node. */
static int by_filter(const void *a, const void *b)
{
    const zw_filter *x = a;
    const zw_filter *y = b;
    int order = strcmp(x->dim, y->dim);
    order = order != 0 ? order : (int)x->is_except - (int)y->is_except;
    order = order != 0 ? order : by_text(x->attr, y->attr);
    for (size_t i = 0; order == 0 && i < x->value_count && i < y->value_count; i++) {
        order = strcmp(x->values[i], y->values[i]);
    }
    if (order != 0) {
        return order;
    }
    return x->value_count < y->value_count ? -1 : x->value_count > y->value_count;
}

static bool has_filter(const zw_node *node, const zw_filter *filter)
{
    for (size_t i = 0; i < node->filter_count; i++) {
        if (by_filter(&node->filters[i], filter) == 0) {
            return true;
        }
    }
    return false;
}

static zw_status no_dim(const zw_measure *measure, const zw_filter *filter,
                        const zw_nearest *nearest, zw_err *err)
{
    zw_buf hint;
    zw_buf_init(&hint, 512);
    zw_nearest_say(nearest, &hint);
    zw_status status = zw_err_set(err, ZW_INVALID, "measure '%s' has no dimension '%s'%s",
                                  measure->title.name, filter->dim, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

const zw_filter *zw_formula_scope(const zw_node *node)
{
    for (size_t i = 0; i < node->filter_count; i++) {
        if (strcmp(node->filters[i].dim, ZW_SCOPE_DIM) == 0) {
            return &node->filters[i];
        }
    }
    return NULL;
}

/* A measure that is read in a scope, or in any, is asked to be read in another: the one that was
 * picked stays, and two of them are a mistake. */
static zw_status scope_again(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    const zw_filter *now = zw_formula_scope(&node);
    bool is_picked = now->value_count > 0;
    bool picks = what->filter->value_count > 0;
    *out = id;
    if (is_picked && picks && strcmp(now->values[0], what->filter->values[0]) != 0) {
        return zw_err_set(err, ZW_INVALID, "what is read in scope \"%s\" already", now->values[0]);
    }
    if (is_picked || !picks) {
        return ZW_OK;
    }
    zw_filter *filters = calloc(node.filter_count, sizeof(zw_filter));
    if (filters == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < node.filter_count; i++) {
        filters[i] = &node.filters[i] == now ? *what->filter : node.filters[i];
    }
    qsort(filters, node.filter_count, sizeof(zw_filter), by_filter);
    node.filters = filters;
    zw_status status = zw_formula_make(what->pack, &node, out, err);
    free(filters);
    return status;
}

/* The node with one more filter; itself when it has that one already. */
static zw_status add_filter(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    if (has_filter(&node, what->filter)) {
        *out = id;
        return ZW_OK;
    }
    zw_filter *filters = calloc(node.filter_count + 1, sizeof(zw_filter));
    if (filters == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < node.filter_count; i++) {
        filters[i] = node.filters[i];
    }
    filters[node.filter_count++] = *what->filter;
    qsort(filters, node.filter_count, sizeof(zw_filter), by_filter);
    node.filters = filters;
    zw_status status = zw_formula_make(what->pack, &node, out, err);
    free(filters);
    return status;
}

static zw_status narrow_measure(const struct push *what, zw_node_id id, zw_node_id *out,
                                zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(what->filter->dim));
    if (what->is_scope && zw_formula_scope(&node) != NULL) {
        return scope_again(what, id, out, err);
    }
    if (!what->is_scope && !zw_measure_has_dim(&what->pack->measures[node.ref],
                                               zw_text_of(what->filter->dim), &nearest)) {
        return no_dim(&what->pack->measures[node.ref], what->filter, &nearest, err);
    }
    return add_filter(what, id, out, err);
}

/* Narrows the items of a selection; the truths beside them are about each that is left. */
static zw_status narrow_items(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    zw_register_field field;
    if (node.op == ZW_OP_ITEMS) {
        zw_status status =
            zw_infer_field(&what->pack->registers[node.ref], what->filter->dim, &field, err);
        return status == ZW_OK ? add_filter(what, id, out, err) : status;
    }
    zw_status status = narrow_items(what, node.kid[0], &node.kid[0], err);
    return status == ZW_OK ? zw_formula_make(what->pack, &node, out, err) : status;
}

/* A counter's steps add up in the longer period. */
static bool is_sum_of_steps(const struct push *what, const zw_node *node)
{
    bool adds_up = what->how == ZW_HOW_KIND || what->how == ZW_HOW_SUM;
    return node->kind == ZW_KIND_COUNTER && adds_up && zw_grid_compare(what->grid, node->grid) > 0;
}

static zw_status regrid_to(const struct push *what, zw_node_id id, zw_grid grid, zw_node_id *out,
                           zw_err *err)
{
    zw_node node = {
        .op = ZW_OP_REGRID, .kid = {id}, .grid = grid, .how = what->how, .where = what->where};
    return zw_formula_make(what->pack, &node, out, err);
}

/* How many periods of a grid below a day one of a coarser grid holds at most; 0 on other grids. */
static int64_t parts_of(zw_grid coarse, zw_grid fine)
{
    static const int64_t days[] = {[ZW_DAY] = 1,      [ZW_WEEK] = 7,   [ZW_MONTH] = 31,
                                   [ZW_QUARTER] = 92, [ZW_HALF] = 184, [ZW_YEAR] = 366};
    bool is_below = fine.every == ZW_SUBDAY && coarse.every != ZW_SUBDAY;
    return is_below ? days[coarse.every] * 86400000 / fine.step_ms : 0;
}

/* A month of minutes goes by its days: a new minute then costs its day and the days, not the month.
 * A mean does not: days do not all count the same. */
static zw_status regrid_here(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    if (is_sum_of_steps(what, zw_pack_node(what->pack, id))) {
        zw_status status = zw_formula_steps(what->pack, id, what->where, &id, err);
        if (status != ZW_OK) {
            return status;
        }
    }
    zw_grid fine = zw_pack_node(what->pack, id)->grid;
    int64_t parts = parts_of(what->grid, fine);
    if (what->how == ZW_HOW_MEAN && parts > MEAN_PARTS_MOST) {
        char name[24];
        return zw_err_set(err, ZW_INVALID,
                          "the mean of up to %lld periods of a %s in one: add :day \"mean\" first",
                          (long long)parts, zw_grid_name(fine, name, sizeof(name)));
    }
    if (what->how != ZW_HOW_MEAN && parts > DIRECT_PARTS_MOST && what->grid.every != ZW_DAY) {
        zw_status status = regrid_to(what, id, (zw_grid){ZW_DAY, 0}, &id, err);
        if (status != ZW_OK) {
            return status;
        }
    }
    return regrid_to(what, id, what->grid, out, err);
}

/* True for operations that are recomputed from regridded parts. An indicator that is rolled up by a
 * rule of its own is not: its values are. */
static bool is_point(const zw_pack *pack, const zw_node *node)
{
    bool is_arithmetic = node->op >= ZW_OP_ADD && node->op <= ZW_OP_WHEN;
    bool is_comparison = node->op >= ZW_OP_OVER && node->op <= ZW_OP_WITHIN;
    bool is_logic = node->op >= ZW_OP_AND && node->op <= ZW_OP_NOT;
    bool is_known = node->op == ZW_OP_MISSING || node->op == ZW_OP_PARTIAL;
    bool is_across = (node->op >= ZW_OP_OF && node->op <= ZW_OP_GROUPS) || node->op == ZW_OP_SHARE;
    bool is_recomputed =
        node->op == ZW_OP_INDICATOR && pack->indicators[node->ref].rollup == ZW_HOW_KIND;
    return is_arithmetic || is_comparison || is_logic || is_known || is_across || is_recomputed;
}

/* What is so now goes onto any grid as it is. */
static zw_status put_now(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    if (node.op != ZW_OP_FIRING) {
        return push_kids(what, id, out, err);
    }
    node.grid = what->grid;
    return zw_formula_make(what->pack, &node, out, err);
}

static zw_status push_regrid(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(what->pack, id);
    if (!node->has_grid || zw_grid_same(node->grid, what->grid)) {
        *out = id;
        return ZW_OK;
    }
    if (node->is_now) {
        return put_now(what, id, out, err);
    }
    if (what->how != ZW_HOW_KIND || zw_grid_compare(what->grid, node->grid) < 0) {
        return regrid_here(what, id, out, err);
    }
    if (is_point(what->pack, node)) {
        return push_kids(what, id, out, err);
    }
    if (node->type == ZW_TYPE_TRUTH) {
        return zw_err_set(err, ZW_INVALID,
                          "'%s' does not go onto another grid: put the number under it there",
                          zw_op_text(node->op));
    }
    return regrid_here(what, id, out, err);
}

/* The same operation over the steps of those kids that are counters. */
static zw_status push_counters(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    zw_status status = ZW_OK;
    for (unsigned slot = 0; status == ZW_OK && slot < node.kid_count; slot++) {
        if (zw_pack_node(what->pack, node.kid[slot])->kind == ZW_KIND_COUNTER) {
            status = push(what, node.kid[slot], &node.kid[slot], err);
        }
    }
    return status == ZW_OK ? zw_formula_make(what->pack, &node, out, err) : status;
}

/* A counter goes down to its measure, whose steps add up over whatever lies above. */
static zw_status push_steps(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(what->pack, id);
    if (node->kind != ZW_KIND_COUNTER) {
        return zw_err_set(err, ZW_INVALID, "steps are a counter's: this is none");
    }
    if (node->op != ZW_OP_MEASURE) {
        return push_counters(what, id, out, err);
    }
    zw_node steps = {.op = ZW_OP_STEP, .kid = {id}, .where = what->where};
    return zw_formula_make(what->pack, &steps, out, err);
}

static zw_status push_where(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(what->pack, id);
    if (node->op == ZW_OP_MEASURE) {
        return narrow_measure(what, id, out, err);
    }
    if (zw_op_is_item(node->op)) { /* items have no scopes */
        *out = id;
        return what->is_scope ? ZW_OK : narrow_items(what, id, out, err);
    }
    if (node->op == ZW_OP_CALL || node->op == ZW_OP_BROKEN || node->op == ZW_OP_FIRING ||
        (node->op >= ZW_OP_VERDICT && node->op <= ZW_OP_TARGET_PROJECTED)) {
        return zw_err_set(err, ZW_INVALID,
                          what->is_scope
                              ? "'%s' cannot be read in a scope: say it of what is under it"
                              : "'%s' cannot be narrowed by dimension: narrow what is under it",
                          zw_op_text(node->op));
    }
    if (node->kid_count == 0) {
        *out = id;
        return ZW_OK;
    }
    return push_kids(what, id, out, err);
}

static zw_status push(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    if (what->done[id] != ZW_NODE_NONE) {
        *out = what->done[id];
        return ZW_OK;
    }
    zw_status status = what->filter != NULL ? push_where(what, id, out, err)
                       : what->is_steps     ? push_steps(what, id, out, err)
                                            : push_regrid(what, id, out, err);
    if (status == ZW_OK) {
        what->done[id] = *out;
    }
    return status;
}

static zw_status push_all(struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    size_t bytes = ((size_t)id + 1) * sizeof(*what->done);
    *out = ZW_NODE_NONE;
    what->done = malloc(bytes);
    if (what->done == NULL) {
        return zw_err_nomem(err);
    }
    memset(what->done, 0xff, bytes); /* every one ZW_NODE_NONE */
    zw_status status = push(what, id, out, err);
    free(what->done);
    return status;
}

zw_status zw_formula_where(zw_pack *pack, zw_node_id node, const zw_filter *filter, zw_where where,
                           zw_node_id *out, zw_err *err)
{
    struct push what = {.pack = pack, .filter = filter, .where = where};
    return push_all(&what, node, out, err);
}

zw_status zw_formula_in_scope(zw_pack *pack, zw_node_id node, const char *scope, zw_where where,
                              zw_node_id *out, zw_err *err)
{
    zw_filter filter = {.dim = ZW_SCOPE_DIM,
                        .values = &scope,
                        .value_count = scope != NULL ? 1 : 0,
                        .is_except = scope == NULL};
    struct push what = {.pack = pack, .filter = &filter, .is_scope = true, .where = where};
    return push_all(&what, node, out, err);
}

zw_status zw_formula_where_items(zw_pack *pack, zw_node_id selection, const zw_filter *filter,
                                 zw_node_id *out, zw_err *err)
{
    struct push what = {.pack = pack, .filter = filter};
    *out = ZW_NODE_NONE;
    return narrow_items(&what, selection, out, err);
}

zw_status zw_formula_steps(zw_pack *pack, zw_node_id node, zw_where where, zw_node_id *out,
                           zw_err *err)
{
    struct push what = {.pack = pack, .is_steps = true, .where = where};
    return push_all(&what, node, out, err);
}

zw_status zw_formula_fit(zw_pack *pack, zw_node_id node, zw_grid grid, zw_where where,
                         zw_node_id *out, zw_err *err)
{
    struct push what = {.pack = pack, .grid = grid, .where = where};
    return push_all(&what, node, out, err);
}

zw_status zw_formula_regrid(zw_pack *pack, zw_node_id node, zw_grid grid, zw_how how,
                            zw_where where, zw_node_id *out, zw_err *err)
{
    if (zw_pack_node(pack, node)->type != ZW_TYPE_NUMBER) {
        return zw_err_set(
            err, ZW_INVALID,
            "a truth does not go onto another grid: put the number there and compare then");
    }
    struct push what = {.pack = pack, .grid = grid, .how = how, .where = where};
    return push_all(&what, node, out, err);
}
