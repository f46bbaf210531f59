/*
 * Running totals. What lies between two of a year is their difference; over years it is total now +
 * full years between + (full year - total then). A flow's own is added up from its first period on,
 * wherever one begins to ask, so that it is always the same sum.
 */
#include "indicator/totals.h"

#include "base/year.h"
#include "indicator/piece.h"

zw_totals zw_totals_of(zw_kid *kid, const zw_node *node)
{
    const zw_node *under = zw_pack_node(kid->eval->world.pack, node->kid[kid->slot]);
    return (zw_totals){kid, zw_inside_calendar(kid->eval, kid->reader->area), under->grid,
                       under->late_by};
}

static zw_year year_of(const zw_totals *totals, zw_period p)
{
    zw_year year = zw_year_around(totals->calendar, totals->grid, p - totals->late_by);
    return (zw_year){year.first + totals->late_by, year.last + totals->late_by};
}

zw_period zw_totals_year(const zw_totals *totals, zw_period p)
{
    return year_of(totals, p).first;
}

static void take_total(zw_cell *out, zw_sum *sum, const zw_cell *total, double sign)
{
    zw_cell_need(out, total);
    zw_sum_add(sum, sign * total->value);
}

zw_cell zw_totals_between(const zw_totals *totals, zw_period base, zw_period p)
{
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    zw_cell now = zw_kid_at(totals->kid, p);
    take_total(&out, &sum, &now, 1);
    zw_year of_base = year_of(totals, base);
    zw_period end = of_base.last;
    if (base == end) { /* nothing of that year is in between */
        end = year_of(totals, end + 1).last;
    }
    for (; end < p; end = year_of(totals, end + 1).last) {
        zw_cell full = zw_kid_at(totals->kid, end);
        take_total(&out, &sum, &full, 1);
    }
    if (base != of_base.last) {
        zw_cell then = zw_kid_at(totals->kid, base);
        take_total(&out, &sum, &then, -1);
    }
    out.span = 1;
    if (zw_cell_stands(&out)) {
        out.value = zw_sum_total(&sum);
    }
    return out;
}

/* A sum that nobody reports a part of is of nothing. */
static zw_cell told(const zw_piece *fold, const zw_cell *own)
{
    zw_cell out = zw_piece_cell(fold);
    if (zw_cell_stands(&fold->said) && fold->taken == 0 && !fold->has_left_out) {
        out.reason = own->reason;
        out.detail = own->detail;
    }
    return out;
}

zw_status zw_totals_run(zw_eval *eval, zw_col *col, zw_span span, zw_since since, const void *arg,
                        zw_err *err)
{
    const zw_node *node = zw_pack_node(eval->world.pack, col->node);
    bool is_sampled = zw_pack_node(eval->world.pack, node->kid[0])->is_sampled;
    zw_slice slice;
    zw_period p = since(arg, span.lo);
    p = p < span.lo ? p : span.lo;
    zw_status status = zw_inside_kid(eval, col, 0, (zw_span){p, span.hi}, &slice, err);
    zw_piece fold = zw_piece_none(ZW_HOW_SUM, is_sampled);
    for (; status == ZW_OK && p <= span.hi; p++) {
        zw_period first = since(arg, p);
        if (first == p) {
            fold = zw_piece_none(ZW_HOW_SUM, is_sampled);
        }
        zw_piece_append(&fold, 0, zw_slice_at(&slice, p));
        if (p >= span.lo) {
            *zw_col_at(col, p) = first > p ? zw_cell_missing(ZW_REASON_TOO_EARLY)
                                           : told(&fold, zw_slice_at(&slice, p));
        }
    }
    return status;
}
