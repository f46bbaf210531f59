/*
 * Windows over a plain series. A window of an hour of ten seconds is 360 doubles in a few arrays:
 * they are added in four lanes, each with what it lost (Knuth's TwoSum), so that the processor
 * does four at a time; what the lanes lost is joined at the end, and the total rounds as that of
 * any other order does.
 */
#include "indicator/plain_window.h"

#include "indicator/reported.h"

#include <string.h>

/* Two lanes as one value, so that the compiler keeps them in registers, twice over. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));
enum { LANES = 4 };

/* A window under way. */
struct fold {
    pair total[2], lost[2];
    double first, last, least, most;
    size_t taken;
};

static inline void two_sums(pair *total, pair *lost, const double *values)
{
    pair value;
    memcpy(&value, values, sizeof(value));
    pair sum = *total + value;
    pair rest = sum - *total;
    *lost += (*total - (sum - rest)) + (value - rest);
    *total = sum;
}

static void add_values(struct fold *fold, const double *values, size_t count)
{
    pair total[2] = {fold->total[0], fold->total[1]};
    pair lost[2] = {fold->lost[0], fold->lost[1]};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        two_sums(&total[0], &lost[0], values + i);
        two_sums(&total[1], &lost[1], values + i + 2);
    }
    for (; i < count; i++) {
        double last[2] = {values[i], 0};
        two_sums(&total[0], &lost[0], last);
    }
    memcpy(fold->total, total, sizeof(total));
    memcpy(fold->lost, lost, sizeof(lost));
}

static void find_extremes(struct fold *fold, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fold->least = values[i] < fold->least ? values[i] : fold->least;
        fold->most = values[i] > fold->most ? values[i] : fold->most;
    }
}

static void take_run(struct fold *fold, zw_how how, const zw_run *run)
{
    size_t count = run->count;
    if (fold->taken == 0) {
        fold->first = fold->least = fold->most = run->values[0];
    }
    if (how == ZW_HOW_SUM || how == ZW_HOW_MEAN) {
        add_values(fold, run->values, count);
    } else if (how == ZW_HOW_MAX || how == ZW_HOW_MIN) {
        find_extremes(fold, run->values, count);
    }
    fold->last = run->values[count - 1];
    fold->taken += count;
}

static double total_of(const struct fold *fold)
{
    zw_sum sum = {0, 0};
    for (size_t lane = 0; lane < LANES; lane++) {
        zw_sum_add(&sum, fold->total[lane / 2][lane % 2]);
        sum.lost += fold->lost[lane / 2][lane % 2];
    }
    return zw_sum_total(&sum);
}

static double value_of(const struct fold *fold, zw_how how)
{
    switch (how) {
    case ZW_HOW_SUM:
        return total_of(fold);
    case ZW_HOW_MEAN:
        return total_of(fold) / (double)fold->taken;
    case ZW_HOW_MAX:
        return fold->most;
    case ZW_HOW_MIN:
        return fold->least;
    case ZW_HOW_FIRST:
        return fold->first;
    case ZW_HOW_LAST:
        return fold->last;
    default: /* ZW_HOW_COUNT */
        return (double)fold->taken;
    }
}

static bool is_foldable(zw_how how)
{
    return how == ZW_HOW_SUM || how == ZW_HOW_MEAN || how == ZW_HOW_MAX || how == ZW_HOW_MIN ||
           how == ZW_HOW_COUNT || how == ZW_HOW_FIRST || how == ZW_HOW_LAST;
}

bool zw_plain_window_fits(const zw_node *node, const zw_node *kid)
{
    bool adds_up = node->how == ZW_HOW_SUM || node->how == ZW_HOW_MEAN;
    return is_foldable(node->how) && !(adds_up && kid->is_total);
}

/* True when periods without a figure are passed over. */
static bool may_lack(const zw_eval *eval, const zw_node *kid)
{
    return kid->is_sampled && eval->world.pack->measures[kid->ref].skip_months == 0;
}

/* Takes the figures of a run from the span's beginning on, or one that lies by itself. @return how
 * many periods were taken; 0: there is none. */
static size_t take_from(const zw_eval *eval, zw_series_id series, zw_span span, zw_how how,
                        struct fold *fold, zw_cell *out)
{
    zw_run run;
    zw_cell like;
    bool is_run = zw_store_run(eval->world.store, series, span.lo, span.hi, eval->as_of_ms, &run);
    if (is_run) {
        zw_question_fill(0, run.known_at_ms, run.status, run.is_synthetic, &like);
    } else if (zw_inside_plain_cell(eval, series, span.lo, &like)) {
        run = (zw_run){.values = &like.value, .count = 1};
    } else {
        return 0;
    }
    take_run(fold, how, &run);
    if (fold->taken == run.count) {
        *out = like;
    }
    zw_cell_inherit(out, &like);
    return run.count;
}

/* Waits until a period without a figure becomes late, when it is not yet: then it says another
 * thing.
 */
static void wait_for(zw_eval *eval, zw_series_id series, const zw_plain_ask *ask, zw_period p,
                     int64_t *until_ms)
{
    zw_figure room;
    int64_t due_ms = zw_inside_due_ms(eval, ask->kid->ref, ask->area, p, NULL);
    bool is_awaited = due_ms > eval->as_of_ms && due_ms < *until_ms &&
                      zw_store_at(eval->world.store, series, p, eval->as_of_ms, &room) == NULL &&
                      zw_inside_is_expected(eval, ask->kid->ref, ask->area, p);
    *until_ms = is_awaited ? due_ms : *until_ms;
}

/* True when whatever lacks in the span is late by now. */
static bool is_all_due(const zw_eval *eval, const zw_plain_ask *ask)
{
    return zw_inside_due_ms(eval, ask->kid->ref, ask->area, ask->span.hi, NULL) <= eval->as_of_ms;
}

bool zw_plain_fold(zw_eval *eval, zw_series_id series, const zw_plain_ask *ask, zw_cell *out)
{
    struct fold fold = {.taken = 0};
    int64_t until_ms = ZW_NEVER_MS;
    size_t holes = 0;
    bool is_late = false;
    if (ask->span.lo < eval->floors[ask->kid->ref]) {
        return false;
    }
    for (zw_period p = ask->span.lo; p <= ask->span.hi;) {
        zw_span rest = {p, ask->span.hi};
        size_t count = take_from(eval, series, rest, ask->how, &fold, out);
        if (count > 0) {
            p += (zw_period)count;
            continue;
        }
        if (!may_lack(eval, ask->kid)) {
            return false;
        }
        is_late = holes++ == 0 ? is_all_due(eval, ask) : is_late;
        if (!is_late) {
            wait_for(eval, series, ask, p, &until_ms);
        }
        p++;
    }
    if (fold.taken == 0) {
        return false;
    }
    out->value = value_of(&fold, ask->how);
    out->until_ms = until_ms;
    return true;
}

zw_status zw_plain_read_past(zw_eval *eval, zw_col *col, const zw_plain_ask *ask, zw_cell *out,
                             bool *is_done, zw_err *err)
{
    *is_done = false;
    zw_series_id series = col->binding == 0 && !eval->is_traced && is_foldable(ask->how)
                              ? zw_inside_plain(eval, ask->kid, ask->area)
                              : ZW_SERIES_NONE;
    if (series == ZW_SERIES_NONE || !zw_plain_fold(eval, series, ask, out)) {
        return ZW_OK;
    }
    zw_col *read = NULL;
    zw_status status = zw_inside_kid_col(eval, col, 0, &read, err);
    if (status == ZW_OK) {
        read->is_read_past = true;
        *is_done = true;
    }
    return status;
}
