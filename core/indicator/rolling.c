/*
 * Moving windows: sum and mean over the last n periods, the own one included, all of them needed
 * and those that nobody reports passed over. Of a running total from totals alone: total now + full
 * years between + (full year - total then).
 */
#include "indicator/inside.h"

static zw_cell over_values(zw_kid *kid, zw_period p, const zw_node *node)
{
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    size_t taken = 0;
    zw_cell own = zw_kid_at(kid, p);
    if (own.reason == ZW_REASON_SKIPPED) {
        return own;
    }
    for (zw_period q = p - node->count + 1; q <= p; q++) {
        zw_cell part = zw_kid_at(kid, q);
        if (part.reason != ZW_REASON_SKIPPED) {
            zw_cell_need(&out, &part);
            zw_sum_add(&sum, part.value);
            taken++;
        }
    }
    out.span = 1;
    if (zw_cell_stands(&out)) {
        out.value = zw_sum_total(&sum) / (node->how == ZW_HOW_MEAN ? (double)taken : 1);
    }
    return out;
}

/* The years a window of totals reads: from the one of its base to its own. */
struct years {
    const zw_calendar *calendar;
    zw_grid grid, year;
};

static zw_period year_of(const struct years *in, zw_period p)
{
    return zw_period_coarser(in->calendar, in->grid, p, in->year);
}

static zw_cell over_totals(const struct years *in, zw_kid *kid, zw_period p, const zw_node *node)
{
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    zw_period base = p - node->count;
    zw_cell now = zw_kid_at(kid, p);
    zw_cell_need(&out, &now);
    zw_sum_add(&sum, now.value);
    for (zw_period y = year_of(in, base); y < year_of(in, p); y++) {
        zw_period end = zw_period_last_in(in->calendar, in->year, y, in->grid);
        if (end > base) {
            zw_cell full = zw_kid_at(kid, end);
            zw_cell_need(&out, &full);
            zw_sum_add(&sum, full.value);
        }
    }
    if (base != zw_period_last_in(in->calendar, in->year, year_of(in, base), in->grid)) {
        zw_cell then = zw_kid_at(kid, base);
        zw_cell_need(&out, &then);
        zw_sum_add(&sum, -then.value);
    }
    out.span = 1;
    if (zw_cell_stands(&out)) {
        out.value = zw_sum_total(&sum) / (node->how == ZW_HOW_MEAN ? (double)node->count : 1);
    }
    return out;
}

zw_status zw_compute_rolling(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    bool is_total = zw_pack_node(eval->world.pack, node->kid[0])->kind == ZW_KIND_YTD;
    struct years in = {zw_inside_calendar(eval, col->area), node->grid, {ZW_YEAR, 0}};
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = is_total ? over_totals(&in, &kid, p, node) : over_values(&kid, p, node);
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
