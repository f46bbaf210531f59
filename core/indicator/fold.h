/**
 * A fold: the cells of several areas, or of several groups, in one period made into one. All of
 * them are needed, unless what they read may be partial; those left out by a `:where(truth)` are
 * none of them.
 */
#ifndef ZW_INDICATOR_FOLD_H
#define ZW_INDICATOR_FOLD_H

#include "indicator/cell.h"

/** Open so that it can lie on the stack; only these functions write it. */
typedef struct zw_fold {
    zw_how how;
    zw_reason
        lacking;  /* of the result when one of them is missing: PART_MISSING or GROUP_MISSING */
    zw_type type; /* of the cells */
    bool may_be_partial;
    zw_cell cell; /* what all of them bring along */
    zw_sum sum;
    double least, greatest;
    size_t taken;        /* those that stand … */
    size_t trues;        /* … and hold */
    uint16_t in, of;     /* reports */
    uint16_t missing_in; /* of `in`: those of cells that are missing themselves */
    zw_cell first_missing;
    int64_t missing_who;
    bool has_missing, has_left_out;
} zw_fold;

void zw_fold_init(zw_fold *fold, zw_how how, zw_type type, zw_reason lacking, bool may_be_partial);

/** Takes one cell; `who` is the area it is of, or the number of its group's name. */
void zw_fold_take(zw_fold *fold, const zw_cell *part, int64_t who);

/** Takes one that counts several times in a sum, or, less than 0, is taken off again. */
void zw_fold_take_times(zw_fold *fold, const zw_cell *part, int64_t who, int32_t times);

/** Passes one cell over: only when time alone may make it one to take counts. */
void zw_fold_wait(zw_fold *fold, const zw_cell *part);

/** True when nothing was taken: then the fold has no cell, and the caller says why. */
bool zw_fold_is_empty(const zw_fold *fold);

/**
 * The result. Truths are Kleene's: one that decides does so whatever the others, and a count needs
 * all of them. Of areas' numbers its completeness is that of all reports together, else the least
 * of them (groups are no reporters). Where all were left out their sum and count are 0, none holds,
 * and all do.
 */
zw_cell zw_fold_cell(const zw_fold *fold);

#endif
