/*
 * Whether an alert fires. Its state is a fold over the moments before, so it is not computed here:
 * whoever judges alerts is asked. What the answer stands on, the alert's truth in the newest period
 * in which it is known, is read beside it: for its marks, and so that it counts as an input.
 */
#include "indicator/item_view.h"

/* The item that the question is about alone: the one that the column is bound to. */
static uint32_t item_of(const zw_eval *eval, const zw_col *col, const zw_alert *alert)
{
    zw_item_id item =
        alert->has_items ? zw_item_bound(eval, col->binding, alert->items) : ZW_ITEM_NONE;
    return item != ZW_ITEM_NONE ? item + 1 : 0;
}

static bool is_here(const zw_alert *alert, uint32_t area)
{
    return alert->has_items || zw_alert_is_guard(alert) || zw_list_has(alert->each, area);
}

/* Takes over what the alert's truth in one period brings with it. */
static zw_status take_truth(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p,
                            zw_cell *truth, zw_cell *out, zw_err *err)
{
    const zw_alert *alert = &eval->world.pack->alerts[node->ref];
    uint32_t binding = item_of(eval, col, alert) != 0 ? col->binding : 0;
    zw_slice slice;
    zw_status status = zw_inside_read(eval, col, 0, node->kid[0], col->area, binding,
                                      (zw_span){p, p}, &slice, err);
    if (status == ZW_OK) {
        *truth = *zw_slice_at(&slice, p);
        zw_cell_wait(out, truth);
    }
    if (status == ZW_OK && zw_cell_stands(truth)) {
        out->marks |= truth->marks;
        out->known_at_ms = truth->known_at_ms;
    }
    return status;
}

/* The truth in its newest period that is known. */
static zw_status take_newest(zw_eval *eval, zw_col *col, const zw_node *node, zw_cell *out,
                             zw_err *err)
{
    zw_node_id kid = node->kid[0];
    const zw_node *truth = zw_pack_node(eval->world.pack, kid);
    zw_period now = zw_eval_now(eval, kid, col->area);
    zw_period first = now;
    zw_cell cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    zw_status status = ZW_OK;
    if (zw_inside_reads(eval, kid) == NULL) {
        return zw_err_nomem(err);
    }
    if (truth->has_grid) { /* the next one may be newer */
        zw_cell next = zw_cell_of(0);
        next.until_ms = zw_period_end_ms(zw_inside_calendar(eval, col->area), truth->grid, now);
        zw_cell_wait(out, &next);
        (void)zw_eval_first(eval, kid, &first, col->area);
        first = first < now ? first : now;
    }
    for (zw_period p = now;
         status == ZW_OK && p >= first && !zw_cell_stands(&cell) && !zw_cell_is_gone(&cell); p--) {
        status = take_truth(eval, col, node, p, &cell, out, err);
    }
    return status;
}

/* What the answer stands on. A guard's figures need not be in the store. A period of which an alert
 * of each said nothing yet is as unknown as its truth is. */
static zw_status look_under(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p,
                            const zw_alert_answer *answer, zw_cell *out, zw_err *err)
{
    const zw_alert *alert = &eval->world.pack->alerts[node->ref];
    zw_cell truth = zw_cell_of(0);
    if (zw_alert_is_guard(alert)) {
        return ZW_OK;
    }
    if (!alert->is_per_period) {
        return take_newest(eval, col, node, out, err);
    }
    zw_status status = take_truth(eval, col, node, p, &truth, out, err);
    if (status == ZW_OK && !answer->is_there && !zw_cell_stands(&truth)) {
        out->reason = truth.reason;
        out->detail = truth.detail;
    }
    return status;
}

static zw_status ask(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p, zw_cell *out,
                     zw_err *err)
{
    const zw_alert *alert = &eval->world.pack->alerts[node->ref];
    const zw_alert_book *book = eval->world.alerts;
    zw_alert_answer answer = {.has_unknown = true, .is_fleeting = true};
    zw_alert_question question = {.eval = eval,
                                  .alert = node->ref,
                                  .area = col->area,
                                  .has_period = alert->is_per_period,
                                  .period = p,
                                  .item = item_of(eval, col, alert)};
    *out = zw_cell_of(0);
    if (!is_here(alert, col->area)) {
        *out = zw_cell_missing(ZW_REASON_NOT_HERE);
        return ZW_OK;
    }
    zw_status status = book != NULL ? book->look(book->arg, &question, &answer, err) : ZW_OK;
    status = status == ZW_OK ? look_under(eval, col, node, p, &answer, out, err) : status;
    out->value = answer.level > node->count ? 1 : 0;
    if (out->value == 0 && answer.has_unknown) {
        out->reason = ZW_REASON_ALERT_UNKNOWN;
    }
    if (answer.is_fleeting) {
        out->until_ms = eval->as_of_ms + 1;
    }
    return status;
}

/* The answer for a period that is the same in every one, when the period behind it has it already:
 * whoever looks for the newest period that is known goes back period by period. */
static zw_status take_next(const zw_eval *eval, zw_col *col, zw_period p, zw_cell *out,
                           bool *is_taken, zw_err *err)
{
    *is_taken = false;
    if (p >= zw_eval_now(eval, col->node, col->area)) { /* the next one has not begun */
        return ZW_OK;
    }
    zw_status status = zw_col_cover(col, (zw_span){p, p + 1}, err);
    *is_taken = status == ZW_OK && zw_col_at(col, p + 1)->until_ms > eval->as_of_ms;
    if (*is_taken) {
        *out = *zw_col_at(col, p + 1);
    }
    return status;
}

zw_status zw_compute_firing(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    bool is_same = !eval->world.pack->alerts[node->ref].is_per_period;
    zw_cell cell = zw_cell_of(0);
    bool is_known = false;
    zw_status status =
        is_same && node->has_grid ? take_next(eval, col, span.hi, &cell, &is_known, err) : ZW_OK;
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        if (!is_known) {
            status = ask(eval, col, node, p, &cell, err);
            is_known = is_same;
        }
        *zw_col_at(col, p) = cell;
    }
    return status;
}

zw_status zw_eval_alert_moved(zw_eval *eval, uint32_t alert, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    zw_status status = ZW_OK;
    for (zw_node_id id = 0; pack->alerts[alert].is_asked && id < pack->node_count; id++) {
        const zw_node *node = zw_pack_node(pack, id);
        bool is_asking = node->op == ZW_OP_FIRING && node->ref == alert;
        zw_col *col = is_asking ? zw_table_cols_of(eval->table, id) : NULL;
        for (; status == ZW_OK && col != NULL; col = col->next_of_node) {
            status = zw_table_touch(eval->table, col, ZW_SPAN_ALL, false, err);
        }
    }
    return status;
}
