/*
 * Figures of one measure at one area. Asked for a total that nobody reported, they are added up
 * over the first dimension that has values: every value first reported for the period or an earlier
 * one is expected, so a hole is a missing total, never a smaller one.
 */
#include "indicator/reported.h"

#include "indicator/trace.h"

/* Written to `room`; NULL when nothing is known. */
static const zw_figure *figure_of(const zw_question *question, uint32_t row, zw_period period,
                                  zw_figure *room)
{
    return zw_store_at(question->eval->world.store, question->shelf->rows[row].series, period,
                       question->eval->as_of_ms, room);
}

/* True when the series has something known for the period or an earlier one. */
static bool is_known_by(const zw_eval *eval, const zw_shelf *shelf, uint32_t row, zw_period period)
{
    zw_period first = 0;
    return zw_known_first(eval->known, shelf->rows[row].series, eval->as_of_ms, &first) &&
           first <= period;
}

void zw_question_take(const zw_figure *figure, zw_cell *out)
{
    zw_question_fill(figure->value, figure->known_at_ms, figure->status, figure->is_synthetic, out);
}

static zw_cell cell_of_figure(const zw_figure *figure)
{
    zw_cell cell;
    zw_question_take(figure, &cell);
    return cell;
}

/* Rows of a question, lo … hi - 1, that have the same values in all dimensions before one. */
struct run {
    const zw_question *question;
    zw_period period;
    uint32_t scope; /* that it is read in; ZW_SCOPE_ANY: there is but one */
    size_t lo, hi;
};

static bool is_in_scope(const zw_question *question, uint32_t scope, uint32_t row)
{
    return scope == ZW_SCOPE_ANY || question->shelf->rows[row].scope == scope;
}

static uint32_t value_at(const struct run *run, size_t i, size_t d)
{
    return run->question->shelf->rows[run->question->rows[i]].values[d];
}

/* A figure and the row of the shelf it stands in. */
struct found {
    bool is_there;
    zw_figure figure;
    uint32_t row;
};

static zw_cell said(const zw_question *question, const struct found *found)
{
    if (question->eval->trace != NULL && question->says == NULL) {
        zw_trace_figure(question->eval->trace, question->shelf->rows[found->row].series,
                        &found->figure);
    }
    return question->says != NULL ? question->says(question->arg, found->row, &found->figure)
                                  : cell_of_figure(&found->figure);
}

/* The figure of a run that has no value in the dimensions from `d` on: the total over them. */
static struct found exact_figure(const struct run *run, size_t d)
{
    const zw_question *question = run->question;
    struct found found = {.is_there = false};
    for (size_t i = run->lo; i < run->hi && !found.is_there; i++) {
        for (size_t e = d; e < question->shelf->dim_count; e++) {
            if (value_at(run, i, e) != 0) {
                return found; /* totals lie first */
            }
        }
        found.row = question->rows[i];
        found.is_there = is_in_scope(question, run->scope, found.row) &&
                         figure_of(question, found.row, run->period, &found.figure) != NULL;
    }
    return found;
}

/* The rows of `run` from `at` on that have one value in dimension `d`. */
static struct run same_value(const struct run *run, size_t at, size_t d)
{
    struct run out = *run;
    out.lo = at;
    out.hi = at + 1;
    while (out.hi < run->hi && value_at(run, out.hi, d) == value_at(run, at, d)) {
        out.hi++;
    }
    return out;
}

/* True when any row of the run is expected. */
static bool is_expected(const struct run *run)
{
    const zw_question *question = run->question;
    for (size_t i = run->lo; i < run->hi; i++) {
        if (is_in_scope(question, run->scope, question->rows[i]) &&
            is_known_by(question->eval, question->shelf, question->rows[i], run->period)) {
            return true;
        }
    }
    return false;
}

static zw_cell answer(const struct run *run, size_t d);

/* Takes the figure of one value into the total. Of what is read live those that are in are enough.
 */
static size_t take_value(zw_kind kind, const zw_cell *part, zw_cell *out, zw_sum *sum)
{
    bool is_live = kind == ZW_KIND_GAUGE || kind == ZW_KIND_COUNTER;
    if (is_live && !zw_cell_stands(part) && !zw_cell_is_gone(part)) {
        zw_cell_wait(out, part);
        return 0;
    }
    zw_cell_need(out, part);
    zw_sum_add(sum, part->value);
    return 1;
}

/* Adds up (a gauge: takes the mean) over the expected values of dimension `d`: what they are
 * missing is missing. @return ZW_REASON_NO_FIGURE when there are none. */
static zw_cell add_up(const struct run *run, size_t d)
{
    const zw_pack *pack = run->question->eval->world.pack;
    zw_kind kind = pack->measures[run->question->measure].kind;
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    size_t taken = 0;
    for (size_t at = run->lo; at < run->hi;) {
        struct run part = same_value(run, at, d);
        at = part.hi;
        if (value_at(&part, part.lo, d) != 0 && is_expected(&part)) {
            zw_cell cell = answer(&part, d + 1);
            taken += take_value(kind, &cell, &out, &sum);
        }
    }
    if (taken == 0 && zw_cell_stands(&out)) {
        out.reason = ZW_REASON_NO_FIGURE;
    }
    if (zw_cell_stands(&out)) {
        double total = zw_sum_total(&sum);
        out.value = kind == ZW_KIND_GAUGE ? total / (double)taken : total;
    }
    return out;
}

/* The total of a run over the dimensions from `d` on: reported, else added up over the first of
 * them that can be, those before it not split. */
static zw_cell answer(const struct run *run, size_t d)
{
    struct found exact = exact_figure(run, d);
    zw_cell out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    struct run rest = *run;
    if (exact.is_there) {
        return said(run->question, &exact);
    }
    for (; d < run->question->shelf->dim_count && rest.lo < rest.hi; d++) {
        zw_cell sum = add_up(&rest, d);
        if (sum.reason != ZW_REASON_NO_FIGURE) {
            return sum;
        }
        zw_cell_inherit(&out, &sum);
        struct run first = same_value(&rest, rest.lo, d);
        rest.hi = value_at(&first, first.lo, d) == 0 ? first.hi : rest.lo;
    }
    return out;
}

/* True when the dimension is reported at the area in this period under another value: what is not
 * listed there is nothing. */
static bool is_split_here(const struct run *run, size_t d)
{
    const zw_question *question = run->question;
    for (uint32_t row = 0; row < question->shelf->count; row++) {
        if (question->shelf->rows[row].values[d] == 0 || !is_in_scope(question, run->scope, row)) {
            continue;
        }
        zw_figure room;
        const zw_figure *figure = figure_of(question, row, run->period, &room);
        if (figure != NULL && figure->status != ZW_OBS_MISSING) {
            return true;
        }
    }
    return false;
}

/* True when one of the wanted values has been reported here for the period or before. */
static bool was_here(const struct run *run, const zw_wanted *wanted)
{
    const zw_question *question = run->question;
    for (size_t i = 0; i < wanted->number_count; i++) {
        uint32_t v = wanted->numbers[i];
        for (uint32_t at = wanted->dim->starts[v]; at < wanted->dim->starts[v + 1]; at++) {
            uint32_t row = wanted->dim->rows[at];
            if (is_in_scope(question, run->scope, row) &&
                is_known_by(question->eval, question->shelf, row, run->period)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether any area ever reported one of the wanted values, so that it is no slip of the pen: in
 * this scope, and in any. */
static zw_status is_known_value(const struct run *run, const zw_wanted *wanted, bool *in_scope,
                                bool *in_any, zw_err *err)
{
    const zw_shelf *shelf = run->question->shelf;
    zw_eval *eval = run->question->eval;
    uint32_t scope = run->scope == ZW_SCOPE_ANY ? 0 : run->scope;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && !*in_scope && i < wanted->values.count; i++) {
        bool is_known = false;
        zw_known_key key = {wanted->dim->name, wanted->values.at[i], NULL};
        status = zw_known_value(eval->known, run->question->measure, eval->as_of_ms, &key,
                                &is_known, err);
        *in_any = *in_any || is_known;
        key.scope = scope < shelf->scope_count ? &shelf->scopes[scope] : NULL;
        if (status == ZW_OK && is_known && key.scope != NULL) {
            status = zw_known_value(eval->known, run->question->measure, eval->as_of_ms, &key,
                                    in_scope, err);
        }
    }
    return status;
}

/* A narrowed figure that is not there, where the area reports that dimension: it has none of it,
 * which is 0, unless the scope knows no such value. What has been reported here before is missing.
 * @param out  ZW_REASON_NONE: nothing; ZW_REASON_NOT_LISTED; else ZW_REASON_NO_FIGURE. */
static zw_status why_not(const struct run *run, zw_reason *out, zw_err *err)
{
    const zw_question *question = run->question;
    zw_status status = ZW_OK;
    *out = ZW_REASON_NO_FIGURE;
    for (size_t d = 0; status == ZW_OK && d < question->shelf->dim_count; d++) {
        const zw_wanted *wanted = &question->wanted[d];
        if (wanted->is != ZW_WANTED_LIST) {
            continue;
        }
        if (was_here(run, wanted)) {
            *out = ZW_REASON_NO_FIGURE;
            return ZW_OK;
        }
        bool is_in_scope_list = false;
        bool is_in_any = false;
        status = is_known_value(run, wanted, &is_in_scope_list, &is_in_any, err);
        if (*out != ZW_REASON_NONE && is_in_any && is_split_here(run, d)) {
            *out = is_in_scope_list ? ZW_REASON_NONE : ZW_REASON_NOT_LISTED;
        }
    }
    return status;
}

static zw_cell nothing(const struct run *run)
{
    zw_cell out = zw_cell_of(0);
    for (uint32_t row = 0; row < run->question->shelf->count; row++) {
        zw_figure room;
        const zw_figure *figure = is_in_scope(run->question, run->scope, row)
                                      ? figure_of(run->question, row, run->period, &room)
                                      : NULL;
        if (figure != NULL && figure->status != ZW_OBS_MISSING) {
            zw_cell seen = cell_of_figure(figure);
            zw_cell_inherit(&out, &seen);
        }
    }
    return out;
}

/* True when the period has figures here, but only in other scopes. */
static bool is_elsewhere(const struct run *run)
{
    bool is_there = false;
    for (uint32_t row = 0; run->scope != ZW_SCOPE_ANY && row < run->question->shelf->count; row++) {
        zw_figure room;
        const zw_figure *figure = figure_of(run->question, row, run->period, &room);
        if (figure != NULL && run->question->shelf->rows[row].scope == run->scope) {
            return false;
        }
        is_there = is_there || (figure != NULL && figure->status != ZW_OBS_MISSING);
    }
    return is_there;
}

/* The rows of a question, in the scope that the period is read in. */
static struct run all_rows(const zw_question *question, zw_period period)
{
    struct run run = {question, period, question->scope, 0, question->row_count};
    if (run.scope == ZW_SCOPE_ANY) {
        uint32_t own = zw_scope_of_period(question->eval, question->shelf, period);
        run.scope = own != ZW_NONE ? own : ZW_SCOPE_ANY;
    }
    return run;
}

zw_status zw_question_answer(const zw_question *question, zw_period period, zw_cell *out,
                             zw_err *err)
{
    struct run all = all_rows(question, period);
    zw_reason why = ZW_REASON_NO_FIGURE;
    *out = answer(&all, 0);
    if (out->reason != ZW_REASON_NO_FIGURE) {
        return ZW_OK;
    }
    zw_status status = why_not(&all, &why, err);
    out->reason = (uint8_t)why;
    if (status == ZW_OK && why == ZW_REASON_NONE) {
        *out = nothing(&all);
    } else if (why == ZW_REASON_NO_FIGURE && is_elsewhere(&all)) {
        out->reason = ZW_REASON_SCOPE_CHANGED;
    }
    return status;
}

zw_status zw_question_values(zw_eval *eval, zw_node_id measure, uint32_t area, uint32_t binding,
                             const char *dim, zw_question_value each, void *arg, zw_err *err)
{
    const zw_node node = *zw_pack_node(eval->world.pack, measure);
    zw_question question;
    bool can_ask = true;
    zw_status status = zw_question_init(&question, eval, &node, area,
                                        zw_pool_text(eval->bindings, binding), &can_ask, err);
    const zw_shelf_dim *here = status == ZW_OK ? zw_shelf_dim_of(question.shelf, dim) : NULL;
    if (here == NULL || !can_ask) {
        return status;
    }
    for (size_t i = 0; status == ZW_OK && i < question.row_count; i++) {
        const zw_shelf_row *row = &question.shelf->rows[question.rows[i]];
        uint32_t value = row->values[here - question.shelf->dims];
        zw_period first = 0;
        if (value != 0 && zw_known_first(eval->known, row->series, eval->as_of_ms, &first)) {
            status = each(arg, here->values[value], first, err);
        }
    }
    return status;
}

static bool is_change(const zw_figure *before, const zw_figure *after)
{
    bool was_there = before->status != ZW_OBS_MISSING;
    bool is_there = after->status != ZW_OBS_MISSING;
    return was_there != is_there || (is_there && before->value != after->value);
}

int64_t zw_question_changed_ms(const zw_question *question, zw_period period, bool *has_any)
{
    const zw_eval *eval = question->eval;
    int64_t last_ms = INT64_MIN;
    uint32_t scope = all_rows(question, period).scope;
    for (size_t i = 0; i < question->row_count; i++) {
        if (!is_in_scope(question, scope, question->rows[i])) {
            continue;
        }
        zw_figure room;
        const zw_figure *versions = NULL;
        zw_series_id series = question->shelf->rows[question->rows[i]].series;
        size_t count = zw_store_versions(eval->world.store, series, period, &room, &versions);
        for (size_t v = 0; v < count && versions[v].known_at_ms <= eval->as_of_ms; v++) {
            *has_any = true;
            if (v > 0 && is_change(&versions[v - 1], &versions[v]) &&
                versions[v].known_at_ms > last_ms) {
                last_ms = versions[v].known_at_ms;
            }
        }
    }
    return last_ms;
}
