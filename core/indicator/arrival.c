/* Truths about arrival: late, missing, partial, revised. They are never unknown for want of a
 * value, only for want of a due. */
#include "indicator/inside.h"

#include "intake/batch.h"

/* What is looked for among the inputs of one value. */
struct search {
    zw_eval *eval;
    const zw_node *node;
    zw_cell out;
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
    zw_status status = zw_eval_cell(eval, measure->node, input->area, input->period, &cell, err);
    if (status != ZW_OK || zw_cell_stands(&cell)) {
        return status;
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

static bool is_change(const zw_figure *before, const zw_figure *after)
{
    bool was_there = before->status != ZW_OBS_MISSING;
    bool is_there = after->status != ZW_OBS_MISSING;
    return was_there != is_there || (is_there && before->value != after->value);
}

/* The last moment by now at which a cell's figure became another; INT64_MIN when it never did. */
static int64_t last_change_ms(const zw_eval *eval, zw_series_id series, zw_period period,
                              bool *is_known)
{
    const zw_figure *versions = NULL;
    size_t count = zw_store_versions(eval->world.store, series, period, &versions);
    int64_t last_ms = INT64_MIN;
    for (size_t i = 0; i < count && versions[i].known_at_ms <= eval->as_of_ms; i++) {
        *is_known = true;
        if (i > 0 && is_change(&versions[i - 1], &versions[i])) {
            last_ms = versions[i].known_at_ms;
        }
    }
    return last_ms;
}

static zw_status look_for_revised(void *arg, const zw_input *input, zw_err *err)
{
    (void)err;
    struct search *search = arg;
    zw_eval *eval = search->eval;
    const zw_pack *pack = eval->world.pack;
    const zw_calendar *calendar = zw_inside_calendar(eval, input->area);
    const zw_series_id *series = NULL;
    size_t count =
        zw_series_at(zw_store_series(eval->world.store), pack->measures[input->measure].title.name,
                     pack->areas[input->area].title.name, &series);
    for (size_t i = 0; i < count; i++) {
        bool is_known = false;
        int64_t changed_ms = last_change_ms(eval, series[i], input->period, &is_known);
        if (is_known && search->out.reason == ZW_REASON_NO_FIGURE) {
            search->out.reason = ZW_REASON_NONE;
        }
        if (changed_ms == INT64_MIN) {
            continue;
        }
        int64_t over_ms = search->node->has_length
                              ? zw_length_after(calendar, changed_ms, search->node->length)
                              : ZW_NEVER_MS;
        if (eval->as_of_ms < over_ms) {
            search->out.value = 1;
            settle_until(&search->out, over_ms);
        }
    }
    return ZW_OK;
}

static zw_status search_inputs(zw_eval *eval, zw_col *col, const zw_node *node, const zw_cell *kid,
                               zw_period p, zw_cell *out, zw_err *err)
{
    bool is_late = node->op == ZW_OP_LATE;
    struct search search = {eval, node, zw_cell_of(0)};
    zw_cell_inherit(&search.out, kid);
    search.out.reason = is_late ? ZW_REASON_NONE : ZW_REASON_NO_FIGURE;
    zw_status status = zw_eval_inputs(eval, node->kid[0], col->area, p,
                                      is_late ? look_for_late : look_for_revised, &search, err);
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
        zw_cell out = flagged(node, &now);
        if (is_searched) {
            status = search_inputs(eval, col, node, &now, p, &out, err);
        }
        *zw_col_at(col, p) = out;
    }
    return status;
}
