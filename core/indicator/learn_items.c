/* Learning of items: which columns a learned row of a register makes stale. A row changes what is
 * said from its moment on, wherever its item ever stood. */
#include "indicator/item_view.h"

#include <stdlib.h>

/* A learned row of a register of this pack. */
struct learnt {
    const zw_item_row *row;
    uint32_t ref;
    const zw_item_row *const *rows; /* all of its item's */
    size_t row_count;
    bool is_all; /* the register begins earlier than before: everything about it */
};

static bool stands_in(const zw_pack *pack, const char *name, uint32_t outer)
{
    uint32_t area = zw_item_area(pack, name);
    return area != ZW_NONE && zw_pack_is_inside(pack, area, outer);
}

/* True when the item ever stood in an area, or the row speaks for it. */
static bool concerns(const zw_pack *pack, const struct learnt *what, uint32_t area)
{
    if (stands_in(pack, what->row->area, area)) {
        return true;
    }
    for (size_t i = 0; i < what->row_count; i++) {
        if (stands_in(pack, what->rows[i]->area, area)) {
            return true;
        }
    }
    return false;
}

static bool is_meant(const zw_eval *eval, const struct learnt *what, const zw_col *col)
{
    if (what->is_all) {
        return true;
    }
    zw_item_id bound = zw_item_bound(eval, col->binding, what->ref);
    if (bound != ZW_ITEM_NONE) {
        return bound == what->row->item_id;
    }
    return concerns(eval->world.pack, what, col->area);
}

static zw_status touch_col(zw_eval *eval, const struct learnt *what, zw_col *col, zw_err *err)
{
    zw_span span = ZW_SPAN_ALL;
    if (!what->is_all) {
        const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
        zw_grid grid = eval->world.pack->registers[what->ref].grid;
        span.lo = zw_period_at(calendar, grid, what->row->at_ms);
    }
    return zw_table_touch(eval->table, col, span, what->is_all, err);
}

static zw_status touch_register(zw_eval *eval, const struct learnt *what, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    zw_status status = ZW_OK;
    for (zw_node_id id = 0; id < pack->node_count; id++) {
        const zw_node *node = zw_pack_node(pack, id);
        if (!zw_op_is_item(node->op) || node->ref != what->ref) {
            continue;
        }
        for (zw_col *col = zw_table_cols_of(eval->table, id); status == ZW_OK && col != NULL;
             col = col->next_of_node) {
            if (is_meant(eval, what, col)) {
                status = touch_col(eval, what, col, err);
            }
        }
    }
    return status;
}

/* True when the register could be spoken of from another period on before. */
static bool begins_anew(const zw_eval *eval, uint32_t ref, int64_t before_ms)
{
    zw_period now = 0;
    zw_period before = 0;
    bool has_now = zw_items_first(eval, ref, 0, eval->as_of_ms, &now);
    bool had = zw_items_first(eval, ref, 0, before_ms, &before);
    return has_now != had || now != before;
}

/* What a move learned of one register. */
struct gathered {
    bool is_seen, begins_anew, is_touched;
};

static zw_status learn_row(zw_eval *eval, const zw_item_row *row, int64_t before_ms,
                           struct gathered *gathered, zw_err *err)
{
    struct learnt what = {.row = row};
    what.ref = zw_pack_register(eval->world.pack, zw_text_of(row->register_name), NULL);
    if (what.ref == ZW_NONE) {
        return ZW_OK; /* of a register that an earlier pack had */
    }
    struct gathered *of = &gathered[what.ref];
    if (!of->is_seen) {
        of->is_seen = true;
        of->begins_anew = begins_anew(eval, what.ref, before_ms);
    }
    if (of->is_touched) { /* everything about it, by a row before */
        return ZW_OK;
    }
    what.row_count = zw_items_rows(zw_store_items(eval->world.store), row->item_id, &what.rows);
    what.is_all = of->is_touched = of->begins_anew;
    zw_status status = touch_register(eval, &what, err);
    return status == ZW_OK && what.is_all ? zw_inside_touch_first(eval, err) : status;
}

zw_status zw_inside_learn_items(zw_eval *eval, int64_t before_ms, zw_err *err)
{
    const zw_items *items = zw_store_items(eval->world.store);
    size_t first = 0;
    size_t count = zw_items_learned(items, before_ms, eval->as_of_ms, &first);
    if (count == 0) {
        return ZW_OK;
    }
    struct gathered *gathered = calloc(eval->world.pack->register_count + 1, sizeof(*gathered));
    if (gathered == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = learn_row(eval, zw_items_news(items, first + i), before_ms, gathered, err);
    }
    free(gathered);
    return status;
}
