/* Truths about arrival: late, missing, partial, revised. They are never unknown for want of a
 * value, only for want of a due, or of what is past its keep. */
#include "indicator/reported.h"

/* What is looked for among the inputs of one value. */
struct search {
    zw_eval *eval;
    const zw_node *node;
    zw_cell out;
    bool is_of_group; /* of one group alone: its own figures, not the whole report */
};

static void settle_until(zw_cell *cell, int64_t until_ms)
{
    if (until_ms < cell->until_ms) {
        cell->until_ms = until_ms;
    }
}

/* An expected report that is not in: late once its due has passed, else it makes the answer unknown
 * until then. */
static zw_status look_for_late(void *arg, const zw_input *input, zw_err *err)
{
    struct search *search = arg;
    zw_eval *eval = search->eval;
    if (!zw_inside_is_expected(eval, input->measure, input->area, input->period)) {
        return ZW_OK;
    }
    const zw_measure *measure = &eval->world.pack->measures[input->measure];
    zw_cell cell;
    zw_status status =
        search->is_of_group
            ? zw_inside_cell(eval, input->node, input->area, input->binding, input->period, &cell,
                             err)
            : zw_eval_cell(eval, measure->node, input->area, input->period, &cell, err);
    if (status != ZW_OK || zw_cell_stands(&cell)) {
        return status;
    }
    if (zw_cell_is_gone(&cell)) { /* whether it was late nobody knows any more */
        search->out.reason = search->out.value == 0 ? cell.reason : search->out.reason;
        return ZW_OK;
    }
    const zw_length *extra = search->node->has_length ? &search->node->length : NULL;
    int64_t due_ms = zw_inside_due_ms(eval, input->measure, input->area, input->period, extra);
    if (eval->as_of_ms >= due_ms) {
        search->out.value = 1;
        search->out.reason = ZW_REASON_NONE;
        search->out.detail = due_ms;
        return ZW_OK;
    }
    settle_until(&search->out, due_ms);
    if (search->out.value == 0 && due_ms != ZW_NEVER_MS) {
        search->out.reason = ZW_REASON_NOT_DUE;
        search->out.detail = due_ms;
    }
    return ZW_OK;
}

static zw_status look_for_revised(void *arg, const zw_input *input, zw_err *err)
{
    struct search *search = arg;
    zw_eval *eval = search->eval;
    const zw_node node = *zw_pack_node(eval->world.pack, input->node);
    zw_question question;
    bool can_ask = false;
    bool has_any = false;
    zw_status status =
        zw_question_init(&question, eval, &node, input->area, input->binding, &can_ask, err);
    if (status != ZW_OK || !can_ask) {
        return status;
    }
    int64_t changed_ms = zw_question_changed_ms(&question, input->period, &has_any);
    if (has_any && search->out.reason == ZW_REASON_NO_FIGURE) {
        search->out.reason = ZW_REASON_NONE;
    }
    if (changed_ms == INT64_MIN) {
        return ZW_OK;
    }
    int64_t over_ms = search->node->has_length
                          ? zw_length_after(zw_inside_calendar(eval, input->area), changed_ms,
                                            search->node->length)
                          : ZW_NEVER_MS;
    if (eval->as_of_ms < over_ms) {
        search->out.value = 1;
        settle_until(&search->out, over_ms);
    }
    return ZW_OK;
}

static zw_status search_inputs(zw_eval *eval, zw_col *col, const zw_node *node, const zw_cell *kid,
                               zw_period p, zw_cell *out, zw_err *err)
{
    bool is_late = node->op == ZW_OP_LATE;
    struct search search = {eval, node, zw_cell_of(0), col->binding != 0};
    zw_cell_inherit(&search.out, kid);
    search.out.reason = is_late ? ZW_REASON_NONE : ZW_REASON_NO_FIGURE;
    int64_t until_ms = ZW_NEVER_MS;
    zw_status status =
        zw_inside_inputs(eval, node->kid[0], col->area, zw_pool_text(eval->bindings, col->binding),
                         p, is_late ? look_for_late : look_for_revised, &search, &until_ms, err);
    settle_until(&search.out, until_ms);
    if (status == ZW_OK && is_late && search.out.value == 0 && !zw_cell_stands(kid) &&
        zw_cell_stands(&search.out)) {
        search.out.reason = kid->reason; /* not in, and nobody was expected to send it */
        search.out.detail = kid->detail;
    }
    *out = search.out;
    return status;
}

static zw_cell flagged(const zw_node *node, const zw_cell *kid)
{
    zw_cell out = zw_cell_of(0);
    zw_cell_inherit(&out, kid);
    bool is_partial = zw_cell_stands(kid) && kid->in < kid->of;
    out.value = node->op == ZW_OP_MISSING ? !zw_cell_stands(kid) : is_partial;
    if (kid->reason == ZW_REASON_LEFT_OUT) { /* of what is not looked at nothing is said */
        out.reason = ZW_REASON_LEFT_OUT;
    }
    return out;
}

zw_status zw_compute_arrival(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    bool is_searched = node->op == ZW_OP_LATE || node->op == ZW_OP_REVISED;
    zw_slice kid;
    zw_status status = zw_inside_kid(eval, col, 0, span, &kid, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell now = *zw_slice_at(&kid, p);
        zw_cell out = zw_cell_is_gone(&now) ? now : flagged(node, &now);
        if (is_searched && !zw_cell_is_gone(&now)) {
            status = search_inputs(eval, col, node, &now, p, &out, err);
        }
        *zw_col_at(col, p) = out;
    }
    return status;
}
