/**
 * A piece of a window: many cells made into one, to be joined with the next. What a piece says does
 * not depend on how its neighbours were cut, only on its own cells in their order in time; so a
 * window is the join of two pieces, and moves on without being folded anew.
 */
#ifndef ZW_INDICATOR_PIECE_H
#define ZW_INDICATOR_PIECE_H

#include "indicator/cell.h"

/** A plain value; look at it through zw_piece_cell. */
typedef struct zw_piece {
    zw_how how;
    bool is_sampled;   /* cells without a value are passed over, else one makes the whole missing */
    uint32_t taken;    /* cells with a value */
    bool has_left_out; /* some were left out by a truth: nothing of them is something, 0 */
    zw_cell said;      /* what they bring besides it; missing as the first in time that is */
    double first, last, extreme;
    zw_sum sum;
    double x, y, xx, xy, yy; /* means and sums of squares about them (Welford, Chan) */
} zw_piece;

/** Nothing yet. @param how  SUM, MEAN, MAX, MIN, COUNT, FIRST, LAST, STDDEV or SLOPE; of any other
 * all but the value is folded. */
zw_piece zw_piece_none(zw_how how, bool is_sampled);

/** Takes one cell more, newer (older) than all so far. One that nobody reports is passed over.
 * @param x  its period, for a slope. */
void zw_piece_append(zw_piece *piece, double x, const zw_cell *cell);
void zw_piece_prepend(zw_piece *piece, double x, const zw_cell *cell);

/** Two pieces of one kind, one after the other in time. */
zw_piece zw_piece_joined(const zw_piece *older, const zw_piece *newer);

/** What the piece says: ZW_REASON_NO_FIGURE when no cell has a value, ZW_REASON_TOO_FEW for a
 * deviation or slope of one. */
zw_cell zw_piece_cell(const zw_piece *piece);

#endif
