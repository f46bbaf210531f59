/* A fold: several cells of one period made into one. */
#include "indicator/fold.h"

void zw_fold_init(zw_fold *fold, zw_how how, zw_type type, zw_reason lacking, bool may_be_partial)
{
    *fold = (zw_fold){.how = how,
                      .lacking = lacking,
                      .type = type,
                      .may_be_partial = may_be_partial && type == ZW_TYPE_NUMBER,
                      .cell = zw_cell_of(0)};
}

/* What is gone says so before all others: it is not passed over further up. */
static void take_missing(zw_fold *fold, const zw_cell *part, int64_t who, int32_t times)
{
    fold->missing_in = (uint16_t)(fold->missing_in + times * part->in);
    if (!fold->has_missing || (zw_cell_is_gone(part) && !zw_cell_is_gone(&fold->first_missing))) {
        fold->has_missing = true;
        fold->first_missing = *part;
        fold->missing_who = who;
    }
}

void zw_fold_take(zw_fold *fold, const zw_cell *part, int64_t who)
{
    zw_fold_take_times(fold, part, who, 1);
}

void zw_fold_take_times(zw_fold *fold, const zw_cell *part, int64_t who, int32_t times)
{
    zw_cell_inherit(&fold->cell, part);
    if (part->reason == ZW_REASON_LEFT_OUT) {
        fold->has_left_out = true;
        return;
    }
    fold->in = (uint16_t)(fold->in + times * part->in);
    fold->of = (uint16_t)(fold->of + times * part->of);
    if (!zw_cell_stands(part)) {
        take_missing(fold, part, who, times);
        return;
    }
    zw_sum_add(&fold->sum, times * part->value);
    fold->trues += part->value != 0 ? 1 : 0;
    bool is_first = fold->taken++ == 0;
    fold->least = is_first || part->value < fold->least ? part->value : fold->least;
    fold->greatest = is_first || part->value > fold->greatest ? part->value : fold->greatest;
}

void zw_fold_wait(zw_fold *fold, const zw_cell *part)
{
    zw_cell_wait(&fold->cell, part);
}

bool zw_fold_is_empty(const zw_fold *fold)
{
    return fold->taken == 0 && !fold->has_missing && !fold->has_left_out;
}

static double folded(const zw_fold *fold)
{
    switch (fold->how) {
    case ZW_HOW_MEAN:
        return zw_sum_total(&fold->sum) / (double)fold->taken;
    case ZW_HOW_MAX:
        return fold->greatest;
    case ZW_HOW_MIN:
        return fold->least;
    case ZW_HOW_COUNT:
        return (double)(fold->type == ZW_TYPE_TRUTH ? fold->trues : fold->taken);
    case ZW_HOW_ALL:
        return fold->trues == fold->taken ? 1 : 0;
    case ZW_HOW_ANY:
        return fold->trues > 0 ? 1 : 0;
    case ZW_HOW_SPREAD:
        return fold->greatest - fold->least;
    default:
        return zw_sum_total(&fold->sum);
    }
}

/* Names who lacks, unless the missing one's own reason says more: an area further down, or a figure
 * taken back. Where no group is in, what lacks is not a group but the report. */
static void say_missing(const zw_fold *fold, zw_cell *out)
{
    zw_reason own = (zw_reason)fold->first_missing.reason;
    bool is_groups = fold->lacking == ZW_REASON_GROUP_MISSING;
    bool is_absence =
        own == ZW_REASON_NO_FIGURE || own == ZW_REASON_NOT_DUE || own == ZW_REASON_LATE;
    bool is_named = is_groups ? fold->taken > 0 && is_absence
                              : own != ZW_REASON_PART_MISSING && own != ZW_REASON_PAST_KEEP;
    out->reason = is_named ? (uint8_t)fold->lacking : fold->first_missing.reason;
    out->detail = is_named ? fold->missing_who : fold->first_missing.detail;
}

/* True when those that stand are enough. */
static bool is_enough(const zw_fold *fold)
{
    bool is_decided = (fold->how == ZW_HOW_ANY && fold->trues > 0) ||
                      (fold->how == ZW_HOW_ALL && fold->trues < fold->taken);
    bool is_gone = fold->has_missing && zw_cell_is_gone(&fold->first_missing);
    return !fold->has_missing || is_decided ||
           (fold->may_be_partial && fold->taken > 0 && !is_gone);
}

/* True for what has no value over nothing. */
static bool needs_one(zw_how how)
{
    return how == ZW_HOW_MEAN || how == ZW_HOW_MAX || how == ZW_HOW_MIN || how == ZW_HOW_SPREAD;
}

zw_cell zw_fold_cell(const zw_fold *fold)
{
    zw_cell out = fold->cell;
    bool stands = is_enough(fold);
    if (stands && fold->taken == 0 && needs_one(fold->how)) {
        out.reason = ZW_REASON_LEFT_OUT;
        return out;
    }
    if (fold->lacking == ZW_REASON_PART_MISSING && fold->type == ZW_TYPE_NUMBER) {
        out.in = stands ? (uint16_t)(fold->in - fold->missing_in) : fold->in;
        out.of = fold->of;
    }
    if (stands) {
        out.value = folded(fold);
    } else {
        say_missing(fold, &out);
    }
    return out;
}
