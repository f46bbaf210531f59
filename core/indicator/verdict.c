/*
 * Verdicts on a target's dated values.
 *
 * Before the dated period ends the newest figure speaks against the path. After it the value of
 * that period decides, strictly and unrounded; and when an earlier vintage of it said otherwise,
 * the verdict says so. Earlier vintages are computed again at each earlier moment at which one of
 * the inputs changed: nothing is remembered that could be wrong.
 */
#include "indicator/goal.h"

#include <stdlib.h>

/* A dated value whose period has ended, and what its newest vintage says. */
struct judging {
    const zw_target *target;
    const zw_dated *dated;
    uint32_t area;
    bool is_met;
};

/* Goes along the earlier moments with one evaluation, until a vintage says otherwise. Each is
 * computed from nothing but what it reads: moving on would take in all that the store learned. */
static zw_status go_along(zw_eval *then, const struct judging *what, const int64_t *moments_ms,
                          size_t count, zw_judged *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && !out->has_earlier && i < count; i++) {
        zw_cell cell;
        status = zw_eval_move(then, moments_ms[i], err);
        if (status == ZW_OK) {
            status =
                zw_eval_cell(then, what->target->expr, what->area, what->dated->at, &cell, err);
        }
        if (status == ZW_OK && zw_cell_stands(&cell) &&
            zw_compare_holds(what->target->compare, cell.value, what->dated->value) !=
                what->is_met) {
            out->has_earlier = true;
            out->earlier = cell.value;
            out->earlier_ms = moments_ms[i];
        }
    }
    return status;
}

/* Looks for the first vintage whose verdict differed. */
static zw_status look_earlier(zw_eval *eval, const struct judging *what, zw_judged *out,
                              zw_err *err)
{
    int64_t *moments_ms = NULL;
    size_t count = 0;
    zw_status status = zw_eval_vintages(eval, what->target->expr, what->area, what->dated->at,
                                        &moments_ms, &count, err);
    while (status == ZW_OK && count > 0 && moments_ms[count - 1] >= eval->as_of_ms) {
        count--;
    }
    zw_eval *then = NULL;
    if (status == ZW_OK && count > 0) {
        status = zw_inside_sibling(eval, moments_ms[0], &then, err);
    }
    if (then != NULL) {
        status = go_along(then, what, moments_ms, count, out, err);
    }
    zw_eval_destroy(then);
    free(moments_ms);
    return status;
}

static zw_verdict verdict_of(bool is_met, bool has_earlier, uint8_t marks)
{
    bool is_provisional = (marks & (ZW_MARK_PROVISIONAL | ZW_MARK_ESTIMATED)) != 0;
    if (has_earlier) {
        return is_met ? ZW_VERDICT_MISSED_THEN_REVISED_ABOVE : ZW_VERDICT_MET_THEN_REVISED_BELOW;
    }
    if (is_met) {
        return is_provisional ? ZW_VERDICT_MET_PROVISIONAL : ZW_VERDICT_MET_FINAL;
    }
    return is_provisional ? ZW_VERDICT_MISSED_PROVISIONAL : ZW_VERDICT_MISSED_FINAL;
}

static zw_status judge_ended(zw_eval *eval, const zw_target *target, uint32_t area,
                             const zw_dated *dated, zw_judged *out, zw_err *err)
{
    zw_status status = zw_eval_cell(eval, target->expr, area, dated->at, &out->actual, err);
    out->until_ms = out->actual.until_ms;
    out->verdict = ZW_VERDICT_DUE_AWAITING_DATA;
    if (status != ZW_OK || !zw_cell_stands(&out->actual)) {
        return status;
    }
    struct judging what = {target, dated, area,
                           zw_compare_holds(target->compare, out->actual.value, dated->value)};
    status = look_earlier(eval, &what, out, err);
    out->verdict = verdict_of(what.is_met, out->has_earlier, out->actual.marks);
    return status;
}

static zw_status judge_running(zw_eval *eval, const zw_target *target, uint32_t area,
                               zw_judged *out, zw_err *err)
{
    zw_front newest;
    zw_status status = zw_eval_newest(eval, target->gap, area, &newest, err);
    if (status != ZW_OK) {
        return status;
    }
    if (newest.until_ms < out->until_ms) {
        out->until_ms = newest.until_ms;
    }
    out->actual = zw_cell_missing(ZW_REASON_NOT_BEGUN);
    out->verdict = ZW_VERDICT_NOT_DUE_NO_DATA;
    if (newest.has_period) {
        out->verdict =
            newest.cell.value > 0 ? ZW_VERDICT_NOT_DUE_AT_RISK : ZW_VERDICT_NOT_DUE_ON_TRACK;
        out->actual.marks = newest.cell.marks;
    }
    return ZW_OK;
}

zw_status zw_eval_verdict(zw_eval *eval, uint32_t index, uint32_t area, size_t dated_index,
                          zw_judged *out, zw_err *err)
{
    const zw_target *target = &eval->world.pack->targets[index];
    *out = (zw_judged){.verdict = ZW_VERDICT_NOT_MEASURABLE, .until_ms = ZW_NEVER_MS};
    out->actual = zw_cell_missing(ZW_REASON_NO_FIGURE);
    if (target->expr == ZW_NODE_NONE) {
        return ZW_OK;
    }
    const zw_dated *dated = &target->dated[dated_index];
    zw_grid grid = zw_pack_node(eval->world.pack, target->expr)->grid;
    int64_t end_ms = zw_period_end_ms(zw_inside_calendar(eval, area), grid, dated->at);
    if (eval->as_of_ms >= end_ms) {
        return judge_ended(eval, target, area, dated, out, err);
    }
    out->until_ms = end_ms;
    return judge_running(eval, target, area, out, err);
}

bool zw_goal_dated(const zw_eval *eval, const zw_node *node, uint32_t area, zw_period p,
                   size_t *out)
{
    const zw_target *target = &eval->world.pack->targets[node->ref];
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    zw_grid grid = zw_pack_node(eval->world.pack, target->expr)->grid;
    for (size_t i = 0; i < target->dated_count; i++) {
        if (zw_graph_last(calendar, grid, target->dated[i].at, node->grid) == p) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Reads what the verdict stands on through the column, so that a change of it makes the verdict
 * stale. */
static zw_status note_reads(zw_eval *eval, zw_col *col, const zw_target *target,
                            const zw_dated *dated, zw_err *err)
{
    zw_cell cell;
    zw_status status = zw_goal_cell(eval, col, target->expr, dated->at, &cell, err);
    zw_period now = zw_eval_now(eval, target->gap, col->area);
    return status == ZW_OK ? zw_goal_cell(eval, col, target->gap, now, &cell, err) : status;
}

static zw_status verdict_cell(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p,
                              zw_cell *out, zw_err *err)
{
    const zw_target *target = &eval->world.pack->targets[node->ref];
    size_t dated = 0;
    *out = zw_cell_missing(ZW_REASON_NO_GOAL);
    if (!zw_goal_dated(eval, node, col->area, p, &dated)) {
        return ZW_OK;
    }
    zw_judged judged;
    zw_status status = note_reads(eval, col, target, &target->dated[dated], err);
    status =
        status == ZW_OK ? zw_eval_verdict(eval, node->ref, col->area, dated, &judged, err) : status;
    if (status == ZW_OK) {
        *out = judged.actual;
        out->reason = ZW_REASON_NONE;
        out->until_ms = judged.until_ms;
        out->value = (node->verdicts >> judged.verdict & 1U) != 0;
    }
    return status;
}

zw_status zw_compute_verdict(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    const zw_target *target = &eval->world.pack->targets[node->ref];
    bool is_here = zw_list_has((zw_list){target->each, target->each_count}, col->area);
    zw_status status = ZW_OK;
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = zw_cell_missing(ZW_REASON_NOT_HERE);
        if (is_here) {
            status = verdict_cell(eval, col, node, p, &cell, err);
        }
        *zw_col_at(col, p) = cell;
    }
    return status;
}
