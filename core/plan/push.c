/* Pushing down: narrowing and regridding go through point operations to what lies under them. */
#include "plan/index.h"

#include <stdlib.h>
#include <string.h>

/* What is pushed. */
struct push {
    zw_pack *pack;
    const zw_filter *filter; /* NULL: a regrid */
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

static int by_filter(const void *a, const void *b)
{
    const zw_filter *x = a;
    const zw_filter *y = b;
    int order = strcmp(x->dim, y->dim);
    return order != 0 ? order : (int)x->is_except - (int)y->is_except;
}

static bool has_dim(const zw_measure *measure, const char *dim, zw_nearest *nearest)
{
    for (size_t i = 0; i < measure->dims.count; i++) {
        if (strcmp(measure->dims.at[i], dim) == 0) {
            return true;
        }
        zw_nearest_try(nearest, measure->dims.at[i]);
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

static zw_status narrow_measure(const struct push *what, zw_node_id id, zw_node_id *out,
                                zw_err *err)
{
    zw_node node = *zw_pack_node(what->pack, id);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(what->filter->dim));
    if (!has_dim(&what->pack->measures[node.ref], what->filter->dim, &nearest)) {
        return no_dim(&what->pack->measures[node.ref], what->filter, &nearest, err);
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

static zw_status regrid_here(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    zw_node node = {.op = ZW_OP_REGRID,
                    .kid = {id},
                    .grid = what->grid,
                    .how = what->how,
                    .where = what->where};
    return zw_formula_make(what->pack, &node, out, err);
}

/* True for operations that are recomputed from regridded parts. */
static bool is_point(const zw_node *node)
{
    bool is_arithmetic = node->op >= ZW_OP_ADD && node->op <= ZW_OP_WHEN;
    bool is_comparison = node->op >= ZW_OP_OVER && node->op <= ZW_OP_WITHIN;
    return is_arithmetic || is_comparison || node->op == ZW_OP_OF || node->op == ZW_OP_PARTS ||
           node->op == ZW_OP_GROUPS;
}

static zw_status push_regrid(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(what->pack, id);
    if (!node->has_grid || zw_grid_same(node->grid, what->grid)) {
        *out = id;
        return ZW_OK;
    }
    if (what->how != ZW_HOW_KIND || zw_grid_compare(what->grid, node->grid) < 0) {
        return regrid_here(what, id, out, err);
    }
    if (node->op == ZW_OP_INDICATOR && what->pack->indicators[node->ref].rollup == ZW_HOW_KIND) {
        return push(what, node->kid[0], out, err);
    }
    return is_point(node) ? push_kids(what, id, out, err) : regrid_here(what, id, out, err);
}

static zw_status push_where(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(what->pack, id);
    if (node->op == ZW_OP_MEASURE) {
        return narrow_measure(what, id, out, err);
    }
    if (node->op == ZW_OP_CALL ||
        (node->op >= ZW_OP_VERDICT && node->op <= ZW_OP_TARGET_PROJECTED)) {
        return zw_err_set(err, ZW_INVALID,
                          "'%s' cannot be narrowed by dimension: narrow what is under it",
                          zw_op_text(node->op));
    }
    if (node->op == ZW_OP_INDICATOR) {
        return push(what, node->kid[0], out, err);
    }
    if (node->kid_count == 0) {
        *out = id;
        return ZW_OK;
    }
    return push_kids(what, id, out, err);
}

static zw_status push(const struct push *what, zw_node_id id, zw_node_id *out, zw_err *err)
{
    return what->filter != NULL ? push_where(what, id, out, err) : push_regrid(what, id, out, err);
}

zw_status zw_formula_where(zw_pack *pack, zw_node_id node, const zw_filter *filter, zw_where where,
                           zw_node_id *out, zw_err *err)
{
    struct push what = {.pack = pack, .filter = filter, .where = where};
    return push(&what, node, out, err);
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
    return push(&what, node, out, err);
}
