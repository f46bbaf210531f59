/* A swath, computed row by row: a row is as many areas as stay in the nearest cache with their
 * kids. */
#include "indicator/swath.h"

#include "indicator/plain_window.h"
#include "indicator/reported.h"

#include <stdlib.h>

enum { ROW_CELLS = 256, NODES_MOST = 64 };

/* The areas of one row. */
struct row {
    zw_eval *eval;
    zw_col *reader;
    unsigned slot;
    const uint32_t *areas;
    size_t count;
    zw_period period;
    zw_cell *room; /* for the kids of those below: ROW_CELLS each */
};

static bool is_whole(const zw_node *node)
{
    return node->op == ZW_OP_MEASURE && node->filter_count == 0;
}

/* A leaf that is read from the store: a measure, or a window of one. @return the measure. */
static const zw_node *measure_of(const zw_eval *eval, const zw_node *node)
{
    return node->op == ZW_OP_ROLLING ? zw_pack_node(eval->world.pack, node->kid[0]) : node;
}

static bool is_constant(const zw_node *node)
{
    return node->op == ZW_OP_NUMBER || node->op == ZW_OP_ATTR;
}

static bool is_leaf(zw_eval *eval, const zw_node *node)
{
    if (node->op != ZW_OP_ROLLING) {
        return is_whole(node);
    }
    const zw_node *kid = zw_pack_node(eval->world.pack, node->kid[0]);
    return is_whole(kid) && zw_plain_window_fits(node, kid);
}

/* True when everything under a node can be read as rows. @param left  how many nodes there may be:
 * what is shared is computed as often as it stands there. */
static bool fits(zw_eval *eval, zw_node_id id, zw_grid grid, int *left)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    bool does = (*left)-- > 0;
    if (!does || is_constant(node)) {
        return does;
    }
    if (!node->has_grid || !zw_grid_same(node->grid, grid)) {
        return false;
    }
    if (is_leaf(eval, node)) {
        return true;
    }
    does = zw_inside_is_point(node);
    for (unsigned slot = 0; does && slot < node->kid_count; slot++) {
        does = fits(eval, node->kid[slot], grid, left);
    }
    return does;
}

bool zw_swath_fits(zw_eval *eval, zw_node_id id)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    int left = NODES_MOST;
    return node->has_grid && fits(eval, id, node->grid, &left);
}

/* One cell by its column. */
static zw_status read_column(const struct row *row, zw_node_id id, size_t i, zw_cell *out,
                             zw_err *err)
{
    zw_slice slice;
    zw_status status = zw_inside_read(row->eval, row->reader, row->slot, id, row->areas[i], 0,
                                      (zw_span){row->period, row->period}, &slice, err);
    if (status == ZW_OK) {
        *out = *zw_slice_at(&slice, row->period);
    }
    return status;
}

static zw_status row_of_columns(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < row->count; i++) {
        status = read_column(row, id, i, &out[i], err);
    }
    return status;
}

static void row_of_constants(const struct row *row, const zw_node *node, zw_cell *out)
{
    for (size_t i = 0; i < row->count; i++) {
        out[i] = zw_point_constant(row->eval->world.pack, node, row->areas[i]);
    }
}

static zw_status row_of_windows(const struct row *row, zw_node_id id, const zw_node *node,
                                zw_cell *out, zw_err *err)
{
    zw_series_id series[ROW_CELLS];
    zw_status status = ZW_OK;
    const zw_node *kid = zw_pack_node(row->eval->world.pack, node->kid[0]);
    zw_span span = {row->period - node->count + 1, row->period};
    zw_plain_row(row->eval->plain, kid->ref, row->areas, row->count, series);
    for (size_t i = 0; status == ZW_OK && i < row->count; i++) {
        zw_plain_ask ask = {kid, row->areas[i], span, node->how};
        bool is_plain = series[i] != ZW_SERIES_NONE && series[i] != ZW_PLAIN_EMPTY;
        if (!is_plain || !zw_plain_fold(row->eval, series[i], &ask, &out[i])) {
            status = read_column(row, id, i, &out[i], err);
        }
    }
    return status;
}

/* What the newest figures of all series say of a period. @return false where that is not a figure
 * of the period that is known and stands. */
static inline bool take_head(const zw_head *head, zw_period period, int64_t as_of_ms, zw_cell *out)
{
    bool is_it =
        head->period == period && head->known_at_ms <= as_of_ms && head->status != ZW_OBS_MISSING;
    if (is_it) {
        zw_question_fill(head->value, head->known_at_ms, head->status, head->is_synthetic, out);
    }
    return is_it;
}

/* What is not the newest figure of a series. */
static zw_status ask_measure(const struct row *row, zw_node_id id, const zw_node *node, size_t i,
                             zw_series_id series, zw_cell *out, zw_err *err)
{
    if (series == ZW_PLAIN_EMPTY) {
        *out = zw_inside_absent(row->eval, node, row->areas[i], row->period);
        return ZW_OK;
    }
    bool is_plain = series != ZW_SERIES_NONE;
    return is_plain &&
                   zw_inside_plain_says(row->eval, node, row->areas[i], series, row->period, out)
               ? ZW_OK
               : read_column(row, id, i, out, err);
}

static zw_status row_of_measure(const struct row *row, zw_node_id id, const zw_node *node,
                                zw_cell *out, zw_err *err)
{
    zw_series_id series[ROW_CELLS];
    zw_status status = ZW_OK;
    size_t head_count = 0;
    const zw_head *heads = zw_store_heads(row->eval->world.store, &head_count);
    zw_plain_row(row->eval->plain, node->ref, row->areas, row->count, series);
    for (size_t i = 0; status == ZW_OK && i < row->count; i++) {
        bool is_newest = series[i] < head_count &&
                         take_head(&heads[series[i]], row->period, row->eval->as_of_ms, &out[i]);
        if (!is_newest) {
            status = ask_measure(row, id, node, i, series[i], &out[i], err);
        }
    }
    return status;
}

static zw_status row_of(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err);

static zw_status row_of_point(const struct row *row, const zw_node *node, zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    zw_strip strips[3];
    struct row below = *row;
    below.room += (size_t)node->kid_count * ROW_CELLS;
    for (unsigned slot = 0; status == ZW_OK && slot < node->kid_count; slot++) {
        zw_cell *kid = row->room + (size_t)slot * ROW_CELLS;
        const zw_node *what = zw_pack_node(row->eval->world.pack, node->kid[slot]);
        bool is_number = what->op == ZW_OP_NUMBER; /* one cell does for all */
        strips[slot] = (zw_strip){kid, is_number ? 0 : 1};
        if (is_number) {
            *kid = zw_cell_of(what->number);
        } else {
            status = row_of(&below, node->kid[slot], kid, err);
        }
    }
    if (status == ZW_OK) {
        zw_point_strip(node, strips, out, row->count);
    }
    return status;
}

static zw_status row_of(const struct row *row, zw_node_id id, zw_cell *out, zw_err *err)
{
    zw_node node = *zw_pack_node(row->eval->world.pack, id);
    if (is_constant(&node)) {
        row_of_constants(row, &node, out);
        return ZW_OK;
    }
    if (node.op == ZW_OP_MEASURE) {
        return row_of_measure(row, id, &node, out, err);
    }
    return node.op == ZW_OP_ROLLING ? row_of_windows(row, id, &node, out, err)
                                    : row_of_point(row, &node, out, err);
}

/* True when the period has begun at every area of the row. */
static bool has_begun(const struct row *row, const zw_node *node)
{
    const zw_pack *pack = row->eval->world.pack;
    uint32_t zone = ZW_NONE;
    for (size_t i = 0; i < row->count; i++) {
        uint32_t here = pack->areas[row->areas[i]].zone;
        if (here != zone && row->period > zw_period_at(zw_pack_calendar(pack, here), node->grid,
                                                       row->eval->as_of_ms)) {
            return false;
        }
        zone = here;
    }
    return true;
}

/* Notes the reader with every measure under a node. */
static zw_status note_leaves(const struct row *row, zw_node_id id, zw_list areas, zw_err *err)
{
    zw_eval *eval = row->eval;
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    if (is_constant(node)) {
        return ZW_OK;
    }
    if (is_leaf(eval, node)) {
        zw_span taken = {row->period - node->count, row->period}; /* `count` is 0 but of a window */
        zw_wide wide = {id, row->reader, row->slot, taken};
        return zw_wides_note(eval->wides, measure_of(eval, node)->ref, wide, areas, err);
    }
    zw_status status = ZW_OK;
    for (unsigned slot = 0; status == ZW_OK && slot < node->kid_count; slot++) {
        status = note_leaves(row, node->kid[slot], areas, err);
    }
    return status;
}

/* How many rows are needed at most for what is under a node. */
static size_t kids_under(zw_eval *eval, zw_node_id id)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    size_t count = is_constant(node) || is_leaf(eval, node) ? 0 : node->kid_count;
    for (unsigned slot = 0; count > 0 && slot < node->kid_count; slot++) {
        count += kids_under(eval, node->kid[slot]);
    }
    return count;
}

zw_status zw_swath_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id id, zw_list areas,
                        zw_period period, zw_cell *out, zw_err *err)
{
    struct row row = {.eval = eval, .reader = reader, .slot = slot, .period = period};
    size_t kids = kids_under(eval, id);
    zw_status status = note_leaves(&row, id, areas, err);
    zw_cell *room = malloc((kids > 0 ? kids : 1) * ROW_CELLS * sizeof(*room));
    if (status == ZW_OK && room == NULL) {
        status = zw_err_nomem(err);
    }
    for (size_t at = 0; status == ZW_OK && at < areas.count; at += ROW_CELLS) {
        row.areas = areas.at + at;
        row.count = areas.count - at < ROW_CELLS ? areas.count - at : ROW_CELLS;
        row.room = room;
        status = has_begun(&row, zw_pack_node(eval->world.pack, id))
                     ? row_of(&row, id, out + at, err)
                     : row_of_columns(&row, id, out + at, err);
    }
    free(room);
    return status;
}
