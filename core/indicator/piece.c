/* A piece of a window: many cells made into one, to be joined with the next. */
#include "indicator/piece.h"

#include <math.h>

zw_piece zw_piece_none(zw_how how, bool is_sampled)
{
    return (zw_piece){.how = how, .is_sampled = is_sampled, .said = zw_cell_of(0)};
}

static bool has_moments(zw_how how)
{
    return how == ZW_HOW_STDDEV || how == ZW_HOW_SLOPE;
}

static bool is_further(zw_how how, double value, double than)
{
    return how == ZW_HOW_MAX ? value > than : value < than;
}

static void take_moments(zw_piece *piece, double x, double y)
{
    double dx = x - piece->x;
    double dy = y - piece->y;
    piece->x += dx / piece->taken;
    piece->y += dy / piece->taken;
    piece->xx += dx * (x - piece->x);
    piece->xy += dx * (y - piece->y);
    piece->yy += dy * (y - piece->y);
}

static void take_value(zw_piece *piece, double x, double value)
{
    piece->taken++;
    if (piece->how == ZW_HOW_SUM || piece->how == ZW_HOW_MEAN) {
        zw_sum_add(&piece->sum, value);
    } else if (has_moments(piece->how)) {
        take_moments(piece, x, value);
    } else if (piece->taken == 1 || is_further(piece->how, value, piece->extreme)) {
        piece->extreme = value;
    }
}

/* True when the cell's value counts; what else it says is taken in by then. */
static bool is_taken(zw_piece *piece, const zw_cell *cell, bool is_older)
{
    bool stands = zw_cell_stands(cell);
    if (cell->reason == ZW_REASON_LEFT_OUT) { /* what made it so is an input */
        zw_cell_inherit(&piece->said, cell);
        piece->has_left_out = true;
        return false;
    }
    if (!stands && !zw_cell_is_gone(cell) && (piece->is_sampled || zw_cell_is_passed_over(cell))) {
        zw_cell_wait(&piece->said, cell);
        return false;
    }
    if (!stands && is_older) { /* the first in time says why */
        piece->said.reason = ZW_REASON_NONE;
    }
    zw_cell_need(&piece->said, cell);
    return stands;
}

void zw_piece_append(zw_piece *piece, double x, const zw_cell *cell)
{
    if (is_taken(piece, cell, false)) {
        take_value(piece, x, cell->value);
        piece->first = piece->taken == 1 ? cell->value : piece->first;
        piece->last = cell->value;
    }
}

void zw_piece_prepend(zw_piece *piece, double x, const zw_cell *cell)
{
    if (is_taken(piece, cell, true)) {
        take_value(piece, x, cell->value);
        piece->last = piece->taken == 1 ? cell->value : piece->last;
        piece->first = cell->value;
    }
}

static void join_moments(zw_piece *out, const zw_piece *newer)
{
    double older_count = (double)out->taken;
    double count = older_count + (double)newer->taken;
    double dx = newer->x - out->x;
    double dy = newer->y - out->y;
    double weight = older_count * (double)newer->taken / count;
    out->xx += newer->xx + dx * dx * weight;
    out->xy += newer->xy + dx * dy * weight;
    out->yy += newer->yy + dy * dy * weight;
    out->x += dx * (double)newer->taken / count;
    out->y += dy * (double)newer->taken / count;
}

static void join_values(zw_piece *out, const zw_piece *newer)
{
    if (has_moments(out->how)) {
        join_moments(out, newer);
    }
    zw_sum_add(&out->sum, newer->sum.total);
    out->sum.lost += newer->sum.lost;
    out->extreme =
        is_further(out->how, newer->extreme, out->extreme) ? newer->extreme : out->extreme;
    out->last = newer->last;
    out->taken += newer->taken;
}

zw_piece zw_piece_joined(const zw_piece *older, const zw_piece *newer)
{
    zw_piece out = older->taken > 0 ? *older : *newer;
    if (older->taken > 0 && newer->taken > 0) {
        join_values(&out, newer);
    }
    out.has_left_out = older->has_left_out || newer->has_left_out;
    out.said = older->said;
    zw_cell_need(&out.said, &newer->said);
    return out;
}

static double value_of(const zw_piece *piece)
{
    switch (piece->how) {
    case ZW_HOW_SUM:
        return zw_sum_total(&piece->sum);
    case ZW_HOW_MEAN:
        return zw_sum_total(&piece->sum) / piece->taken;
    case ZW_HOW_MAX:
    case ZW_HOW_MIN:
        return piece->extreme;
    case ZW_HOW_COUNT:
        return piece->taken;
    case ZW_HOW_FIRST:
        return piece->first;
    case ZW_HOW_LAST:
        return piece->last;
    case ZW_HOW_STDDEV:
        return sqrt(piece->yy / (piece->taken - 1));
    case ZW_HOW_SLOPE:
        return piece->xy / piece->xx;
    default:
        return 0;
    }
}

/* Why there is no value when no cell has one; a sum or count of those left out is 0. */
static uint8_t without(const zw_piece *piece)
{
    bool adds_up = piece->how == ZW_HOW_SUM || piece->how == ZW_HOW_COUNT;
    if (!piece->has_left_out) {
        return ZW_REASON_NO_FIGURE;
    }
    return adds_up ? ZW_REASON_NONE : ZW_REASON_LEFT_OUT;
}

zw_cell zw_piece_cell(const zw_piece *piece)
{
    zw_cell out = piece->said;
    out.span = 1;
    if (!zw_cell_stands(&out)) {
        return out;
    }
    if (piece->taken == 0) {
        out.reason = without(piece);
        return out;
    }
    if (piece->taken < 2 && has_moments(piece->how)) {
        out.reason = ZW_REASON_TOO_FEW;
        return out;
    }
    double value = value_of(piece);
    out.reason = isfinite(value) ? ZW_REASON_NONE : ZW_REASON_NOT_FINITE;
    out.value = isfinite(value) ? value : 0;
    return out;
}
