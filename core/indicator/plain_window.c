/*
 * Windows over a plain series. A window of an hour of ten seconds is 360 doubles in a few arrays:
 * they are added in four lanes, each with what it lost (Knuth's TwoSum), so that the processor
 * does four at a time; what the lanes lost is joined at the end, and the total rounds as that of
 * any other order does.
 */
#include "indicator/plain_window.h"

#include "indicator/reported.h"

enum { LANES = 4 };

/* A window under way. */
struct fold {
    double total[LANES], lost[LANES];
    double first, last, least, most;
    size_t taken;
};

static void two_sum(double *total, double *lost, double value)
{
    double sum = *total + value;
    double rest = sum - *total;
    *lost += (*total - (sum - rest)) + (value - rest);
    *total = sum;
}

static void add_values(struct fold *fold, const double *values, size_t count)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            two_sum(&fold->total[lane], &fold->lost[lane], values[i + lane]);
        }
    }
    for (; i < count; i++) {
        two_sum(&fold->total[0], &fold->lost[0], values[i]);
    }
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
        zw_sum_add(&sum, fold->total[lane]);
        sum.lost += fold->lost[lane];
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

/* Folds what the series has of the window. @return false when a period of it is not in, or not like
 * the others. */
static bool fold_series(const zw_eval *eval, zw_series_id series, zw_span span, zw_how how,
                        zw_cell *out)
{
    struct fold fold = {.taken = 0};
    zw_run run;
    for (zw_period p = span.lo; p <= span.hi;) {
        if (!zw_store_run(eval->world.store, series, p, span.hi, eval->as_of_ms, &run)) {
            return false;
        }
        zw_figure figure = {
            .known_at_ms = run.known_at_ms, .status = run.status, .is_synthetic = run.is_synthetic};
        zw_cell like;
        zw_question_take(&figure, &like);
        if (fold.taken == 0) {
            *out = like;
        }
        zw_cell_inherit(out, &like);
        take_run(&fold, how, &run);
        p += (zw_period)run.count;
    }
    out->value = value_of(&fold, how);
    return true;
}

zw_status zw_plain_window(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p,
                          zw_cell *out, bool *is_done, zw_err *err)
{
    *is_done = false;
    const zw_node *kid = zw_pack_node(eval->world.pack, node->kid[0]);
    zw_series_id series = col->binding == 0 && !eval->is_traced && is_foldable(node->how)
                              ? zw_inside_plain(eval, kid, col->area)
                              : ZW_SERIES_NONE;
    zw_span span = {p - node->count + 1, p};
    if (series == ZW_SERIES_NONE || !fold_series(eval, series, span, node->how, out)) {
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
