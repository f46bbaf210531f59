/* Groups: an expression read once for each value of a dimension, folded into one value. */
#include "indicator/fold.h"
#include "indicator/grouping.h"

#include <stdlib.h>

/* A value that no figure is reported under. */
static const char nobody[] = "\x7F";

/* The groups of a column, each with its cells over a span. */
struct groups {
    zw_grouping grouping;
    zw_slice *slices; /* beside grouping.groups */
    uint32_t *names;  /* their numbers among the evaluation's texts */
    zw_slice nobodys; /* where there are no groups */
};

static zw_status read_group(zw_eval *eval, zw_col *col, const zw_node *node, struct groups *groups,
                            size_t i, zw_span span, zw_err *err)
{
    uint32_t binding = 0;
    const char *value = groups->grouping.groups[i].value;
    zw_status status = zw_grouping_bind(eval, col->binding, node->text, value, &binding, err);
    if (status != ZW_OK) {
        return status;
    }
    groups->names[i] = zw_pool_put(eval->texts, zw_text_of(value));
    if (groups->names[i] == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    return zw_inside_read(eval, col, 0, node->kid[0], col->area, binding, span, &groups->slices[i],
                          err);
}

static zw_status read_groups(zw_eval *eval, zw_col *col, const zw_node *node, struct groups *groups,
                             zw_span span, zw_err *err)
{
    zw_status status = zw_grouping_find(eval, node->kid[0], col->area, node->text, col->binding,
                                        &groups->grouping, err);
    size_t count = groups->grouping.count;
    if (status == ZW_OK && count == 0) { /* one that nobody has is read, so that the first is
                                            noticed */
        uint32_t binding = 0;
        status = zw_grouping_bind(eval, col->binding, node->text, nobody, &binding, err);
        return status == ZW_OK ? zw_inside_read(eval, col, 0, node->kid[0], col->area, binding,
                                                span, &groups->nobodys, err)
                               : status;
    }
    if (status != ZW_OK) {
        return status;
    }
    groups->slices = calloc(count, sizeof(*groups->slices));
    groups->names = calloc(count, sizeof(*groups->names));
    if (groups->slices == NULL || groups->names == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = read_group(eval, col, node, groups, i, span, err);
    }
    return status;
}

/* What is read and does not count may count, or read something else, when time goes on. */
static zw_cell fold_period(const zw_eval *eval, const struct groups *groups, const zw_node *node,
                           zw_period p, int64_t end_ms)
{
    zw_fold fold;
    zw_fold_init(&fold, node->how, zw_pack_node(eval->world.pack, node->kid[0])->type,
                 ZW_REASON_GROUP_MISSING, false);
    for (size_t i = 0; i < groups->grouping.count; i++) {
        const zw_cell *cell = zw_slice_at(&groups->slices[i], p);
        if (cell->reason != ZW_REASON_NOT_LISTED &&
            zw_grouping_counts(eval, &groups->grouping, &groups->grouping.groups[i], p, end_ms)) {
            zw_fold_take(&fold, cell, (int64_t)groups->names[i]);
        } else {
            zw_cell_wait(&fold.cell, cell);
        }
    }
    zw_cell out =
        zw_fold_is_empty(&fold) ? zw_cell_missing(ZW_REASON_NO_FIGURE) : zw_fold_cell(&fold);
    zw_cell_wait(&out, groups->grouping.count > 0 ? &fold.cell : zw_slice_at(&groups->nobodys, p));
    return out;
}

zw_status zw_compute_groups(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    struct groups groups = {.slices = NULL};
    const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
    zw_status status = read_groups(eval, col, node, &groups, span, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        int64_t end_ms =
            node->has_grid ? zw_period_end_ms(calendar, node->grid, p) : eval->as_of_ms;
        *zw_col_at(col, p) = fold_period(eval, &groups, node, p, end_ms);
    }
    zw_grouping_fini(&groups.grouping);
    free(groups.slices);
    free(groups.names);
    return status;
}

zw_status zw_compute_whole(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    uint32_t binding = 0;
    zw_slice slice;
    zw_status status = zw_grouping_bind(eval, col->binding, node->text, NULL, &binding, err);
    if (status == ZW_OK) {
        status = zw_inside_read(eval, col, 0, node->kid[0], col->area, binding, span, &slice, err);
    }
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        *zw_col_at(col, p) = *zw_slice_at(&slice, p);
    }
    return status;
}

zw_status zw_eval_deciding_group(zw_eval *eval, zw_node_id id, uint32_t area, zw_period p,
                                 bool *found, uint32_t *binding, zw_err *err)
{
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    int64_t end_ms = node.has_grid ? zw_period_end_ms(zw_inside_calendar(eval, area), node.grid, p)
                                   : eval->as_of_ms;
    uint32_t outer = eval->bound;
    zw_grouping grouping;
    zw_status status = zw_grouping_find(eval, node.kid[0], area, node.text, outer, &grouping, err);
    *found = false;
    for (size_t i = 0; status == ZW_OK && !*found && i < grouping.count; i++) {
        zw_cell cell;
        status = zw_grouping_bind(eval, outer, node.text, grouping.groups[i].value, binding, err);
        if (status != ZW_OK ||
            !zw_grouping_counts(eval, &grouping, &grouping.groups[i], p, end_ms)) {
            continue;
        }
        eval->bound = *binding;
        status = zw_eval_cell(eval, node.kid[0], area, p, &cell, err);
        eval->bound = outer;
        *found = status == ZW_OK &&
                 (node.how == ZW_HOW_ALL ? zw_cell_is_false(&cell) : zw_cell_is_true(&cell));
    }
    zw_grouping_fini(&grouping);
    return status;
}
