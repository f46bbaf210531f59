/*
 * Moving windows of values: the last n periods, the own one with them.
 *
 * Periods are cut into blocks of n, at multiples of n. A window is then the end of one block and
 * the beginning of the next: the ends are folded backward once, the beginnings forward once, and
 * each window is one join (van Herk, Gil and Werman). Where blocks begin does not depend on what is
 * asked, so a value is the same to the last bit whoever asks for how much of it.
 *
 * Medians and quantiles read a sorted window, which gives up one value and takes another a period.
 */
#include "indicator/window.h"
#include "indicator/bag.h"
#include "indicator/piece.h"
#include "indicator/plain_window.h"

#include "base/civil.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A window along a slice. */
struct window {
    const zw_slice *slice;
    const zw_node *node;
    zw_period count;
    bool is_sampled;
};

/* Nothing is said in a period that nobody reports; where nothing is in, it says why the newest is
 * not. */
static zw_cell told(const struct window *window, const zw_piece *piece, zw_period p)
{
    const zw_cell *own = zw_slice_at(window->slice, p);
    if (own->reason == ZW_REASON_SKIPPED) {
        return *own;
    }
    zw_cell out = zw_piece_cell(piece);
    if (window->is_sampled && piece->taken == 0 && !piece->has_left_out) {
        out = *own;
        zw_cell_wait(&out, &piece->said);
    }
    return out;
}

/* Writes the windows that end in `span`, which lies in one block. @param ends  room for as many
 * pieces. */
static void piece_block(const struct window *window, zw_col *col, zw_span span, zw_piece *ends)
{
    zw_period block = zw_floor_div(span.lo, window->count) * window->count;
    zw_piece end = zw_piece_none(window->node->how, window->is_sampled);
    zw_piece begin = end;
    zw_period before = window->count - 1; /* a window's first period lies so far before its last */
    ends[span.hi - span.lo] = end;
    for (zw_period p = block - 1; p >= span.lo - before; p--) {
        zw_piece_prepend(&end, (double)p, zw_slice_at(window->slice, p));
        if (p + before <= span.hi) {
            ends[p + before - span.lo] = end;
        }
    }
    for (zw_period p = block; p <= span.hi; p++) {
        zw_piece_append(&begin, (double)p, zw_slice_at(window->slice, p));
        if (p >= span.lo) {
            zw_piece whole = zw_piece_joined(&ends[p - span.lo], &begin);
            *zw_col_at(col, p) = told(window, &whole, p);
        }
    }
}

static zw_status piece_blocks(const struct window *window, zw_col *col, zw_span span, zw_err *err)
{
    zw_period asked = span.hi - span.lo + 1;
    zw_period most = asked < window->count ? asked : window->count;
    zw_piece *ends = malloc((size_t)most * sizeof(*ends));
    if (ends == NULL) {
        return zw_err_nomem(err);
    }
    for (zw_period p = span.lo; p <= span.hi;) {
        zw_period next = (zw_floor_div(p, window->count) + 1) * window->count;
        zw_span part = {p, next - 1 < span.hi ? next - 1 : span.hi};
        piece_block(window, col, part, ends);
        p = next;
    }
    free(ends);
    return ZW_OK;
}

/* The values of a window, in order of size. */
struct sorted {
    double *at;
    size_t count;
};

/* The place of the first value that is not smaller. */
static size_t place_of(const struct sorted *sorted, double value)
{
    size_t lo = 0;
    size_t hi = sorted->count;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        if (sorted->at[middle] < value) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return lo;
}

static void put(struct sorted *sorted, const zw_cell *cell)
{
    if (zw_cell_stands(cell)) {
        size_t i = place_of(sorted, cell->value);
        memmove(&sorted->at[i + 1], &sorted->at[i], (sorted->count - i) * sizeof(double));
        sorted->at[i] = cell->value;
        sorted->count++;
    }
}

static void take_out(struct sorted *sorted, const zw_cell *cell)
{
    if (zw_cell_stands(cell)) {
        size_t i = place_of(sorted, cell->value);
        sorted->count--;
        memmove(&sorted->at[i], &sorted->at[i + 1], (sorted->count - i) * sizeof(double));
    }
}

/* Fills in the values of cells that stand. */
static zw_status rank_windows(const struct window *window, zw_col *col, zw_span span, zw_err *err)
{
    double share = window->node->how == ZW_HOW_MEDIAN ? 0.5 : window->node->number;
    struct sorted sorted = {malloc(((size_t)window->count + 1) * sizeof(double)), 0};
    if (sorted.at == NULL) {
        return zw_err_nomem(err);
    }
    for (zw_period p = span.lo - window->count + 1; p < span.lo; p++) {
        const zw_cell *cell = zw_slice_at(window->slice, p);
        if (zw_cell_stands(cell)) {
            sorted.at[sorted.count++] = cell->value;
        }
    }
    qsort(sorted.at, sorted.count, sizeof(double), zw_bag_by_size);
    for (zw_period p = span.lo; p <= span.hi; p++) {
        zw_cell *out = zw_col_at(col, p);
        put(&sorted, zw_slice_at(window->slice, p));
        if (zw_cell_stands(out)) {
            out->value = zw_bag_quantile(sorted.at, sorted.count, share);
        }
        take_out(&sorted, zw_slice_at(window->slice, p - window->count + 1));
    }
    free(sorted.at);
    return ZW_OK;
}

/* True when nobody reports the one period asked: then nothing before it is an input. */
static bool is_skipped(zw_eval *eval, zw_col *col, zw_period p, zw_err *err)
{
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    zw_cell own = zw_kid_at(&kid, p);
    if (kid.status == ZW_OK && own.reason == ZW_REASON_SKIPPED) {
        *zw_col_at(col, p) = own;
        return true;
    }
    return false;
}

zw_status zw_window_compute(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    zw_slice slice;
    zw_span read = {span.lo - node->count + 1, span.hi};
    const zw_node *kid = zw_pack_node(eval->world.pack, node->kid[0]);
    if (span.lo == span.hi && zw_plain_window_fits(node, kid)) {
        bool is_done = false;
        zw_cell *out = zw_col_at(col, span.lo);
        zw_plain_ask ask = {kid, col->area, read, node->how};
        zw_status status = zw_plain_read_past(eval, col, &ask, out, &is_done, err);
        if (status != ZW_OK || is_done) {
            return status;
        }
    }
    if (span.lo == span.hi && is_skipped(eval, col, span.lo, err)) {
        return ZW_OK;
    }
    zw_status status = zw_inside_kid(eval, col, 0, read, &slice, err);
    struct window window = {&slice, node, node->count, kid->is_sampled};
    status = status == ZW_OK ? piece_blocks(&window, col, span, err) : status;
    bool is_ranked = node->how == ZW_HOW_MEDIAN || node->how == ZW_HOW_QUANTILE;
    return status == ZW_OK && is_ranked ? rank_windows(&window, col, span, err) : status;
}
