/*
 * A swath: one expression in one period at many areas, by operations over whole rows of areas.
 * Point operations over plain figures are computed straight from the store; whatever else stands
 * in the expression is asked of the columns. Nothing is kept: it is for who looks once, and what it
 * answers is what zw_eval_cell would.
 */
#include "indicator/inside.h"

#include <stdlib.h>

enum { ROW_CELLS = 256 }; /* what stays in the nearest cache with three kids */

/* The areas of one row. */
struct row {
    zw_eval *eval;
    const uint32_t *areas;
    size_t count;
    zw_period period;
};

static zw_status row_of(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err);

static zw_status row_of_columns(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < row->count; i++) {
        status = zw_eval_cell(row->eval, id, row->areas[i], row->period, &out[i], err);
    }
    return status;
}

static void row_of_constants(const struct row *row, const zw_node *node, zw_cell *out)
{
    for (size_t i = 0; i < row->count; i++) {
        out[i] = zw_point_constant(row->eval->world.pack, node, row->areas[i]);
    }
}

static zw_status row_of_measure(const struct row *row, zw_node_id id, const zw_node *node,
                                zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < row->count; i++) {
        zw_series_id series = zw_inside_plain(row->eval, node, row->areas[i]);
        if (series == ZW_SERIES_NONE ||
            !zw_inside_plain_cell(row->eval, series, row->period, &out[i])) {
            status = zw_eval_cell(row->eval, id, row->areas[i], row->period, &out[i], err);
        }
    }
    return status;
}

static zw_status row_of_point(const struct row *row, const zw_node *node, zw_cell *out, zw_err *err)
{
    zw_cell *kids = malloc((size_t)node->kid_count * ROW_CELLS * sizeof(*kids));
    if (kids == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    zw_strip strips[3];
    for (unsigned slot = 0; status == ZW_OK && slot < node->kid_count; slot++) {
        zw_cell *kid = kids + (size_t)slot * ROW_CELLS;
        const zw_node *what = zw_pack_node(row->eval->world.pack, node->kid[slot]);
        bool is_number = what->op == ZW_OP_NUMBER; /* one cell does for all */
        strips[slot] = (zw_strip){kid, is_number ? 0 : 1};
        if (is_number) {
            *kid = zw_cell_of(what->number);
        } else {
            status = row_of(row, node->kid[slot], kid, err);
        }
    }
    if (status == ZW_OK) {
        zw_point_strip(node, strips, out, row->count);
    }
    free(kids);
    return status;
}

static zw_status row_of(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err)
{
    zw_node node = *zw_pack_node(row->eval->world.pack, id); /* a function may add nodes */
    if (node.op == ZW_OP_NUMBER || node.op == ZW_OP_ATTR) {
        row_of_constants(row, &node, out);
        return ZW_OK;
    }
    if (node.op == ZW_OP_MEASURE) {
        return row_of_measure(row, id, &node, out, err);
    }
    return zw_inside_is_point(&node) ? row_of_point(row, &node, out, err)
                                     : row_of_columns(row, id, out, err);
}

/* True when the period has begun at every area of the row. */
static bool has_begun(const struct row *row, const zw_node *node)
{
    const zw_calendar *calendar = NULL;
    for (size_t i = 0; node->has_grid && i < row->count; i++) {
        const zw_calendar *here = zw_inside_calendar(row->eval, row->areas[i]);
        if (here != calendar && row->period > zw_period_at(here, node->grid, row->eval->as_of_ms)) {
            return false;
        }
        calendar = here;
    }
    return true;
}

zw_status zw_eval_areas(zw_eval *eval, zw_node_id id, const uint32_t *areas, size_t count,
                        zw_period period, zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t at = 0; status == ZW_OK && at < count; at += ROW_CELLS) {
        struct row row = {eval, areas + at, count - at < ROW_CELLS ? count - at : ROW_CELLS,
                          period};
        status = has_begun(&row, zw_pack_node(eval->world.pack, id))
                     ? row_of(&row, id, out + at, err)
                     : row_of_columns(&row, id, out + at, err);
    }
    return status;
}
