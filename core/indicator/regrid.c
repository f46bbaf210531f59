/*
 * Regridding: a coarser period from the finer ones inside it, by kind (flows sum, running totals
 * are differenced, the rest take the last), or a finer one as the coarser around it. Periods that
 * nobody reports are passed over.
 */
#include "indicator/inside.h"

/* The last period inside first … last that somebody reports; `last` when none does. */
static zw_period last_reported(zw_kid *kid, zw_period first, zw_period last)
{
    for (zw_period p = last; p >= first; p--) {
        if (zw_kid_at(kid, p).reason != ZW_REASON_SKIPPED) {
            return p;
        }
    }
    return last;
}

static double folded(zw_how how, double so_far, double value, size_t taken)
{
    if (taken == 0) {
        return value;
    }
    if (how == ZW_HOW_MAX) {
        return value > so_far ? value : so_far;
    }
    return value < so_far ? value : so_far;
}

/* Sum, mean, max or min of the parts first … last, all of them needed. */
static zw_cell over_parts(zw_kid *kid, zw_period first, zw_period last, zw_how how)
{
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    double extreme = 0;
    size_t taken = 0;
    for (zw_period p = first; p <= last; p++) {
        zw_cell part = zw_kid_at(kid, p);
        if (part.reason == ZW_REASON_SKIPPED) {
            continue;
        }
        zw_cell_need(&out, &part);
        zw_sum_add(&sum, part.value);
        extreme = folded(how, extreme, part.value, taken++);
    }
    if (taken == 0) {
        return zw_cell_missing(ZW_REASON_SKIPPED);
    }
    out.span = 1;
    if (!zw_cell_stands(&out)) {
        return out;
    }
    double total = zw_sum_total(&sum);
    out.value = how == ZW_HOW_SUM ? total : how == ZW_HOW_MEAN ? total / (double)taken : extreme;
    return out;
}

/* The own part of a coarser period in a running total: total - total at the end of the last coarser
 * period known before. */
static zw_cell part_of_total(const zw_calendar *calendar, zw_kid *kid, zw_grid fine, zw_period p,
                             zw_grid coarse)
{
    zw_grid year = {ZW_YEAR, 0};
    zw_period first = zw_period_first_in(calendar, coarse, p, fine);
    zw_period last = zw_period_last_in(calendar, coarse, p, fine);
    zw_period end = last_reported(kid, first, last);
    zw_cell out = zw_kid_at(kid, end);
    double now = out.value;
    if (!zw_cell_stands(&out)) {
        return out;
    }
    zw_period of_year =
        zw_period_first_in(calendar, year, zw_period_coarser(calendar, fine, end, year), fine);
    double before = 0;
    uint16_t span = 1;
    zw_period part_first = first;
    while (part_first > of_year) {
        zw_period earlier_first = zw_period_first_in(calendar, coarse, p - span, fine);
        zw_cell base = zw_kid_at(kid, last_reported(kid, earlier_first, part_first - 1));
        if (zw_cell_stands(&base)) {
            zw_cell_inherit(&out, &base);
            before = base.value;
            break;
        }
        zw_cell_wait(&out, &base);
        part_first = earlier_first;
        span++;
    }
    out.span = span;
    out.value = now - before;
    if (out.value < 0) {
        out.value = 0;
        out.reason = ZW_REASON_FELL;
    }
    return out;
}

static zw_how how_of(const zw_node *node, zw_kind kind)
{
    if (node->how != ZW_HOW_KIND) {
        return node->how;
    }
    return kind == ZW_KIND_FLOW ? ZW_HOW_SUM : ZW_HOW_LAST;
}

static zw_cell coarser(const zw_calendar *calendar, zw_kid *kid, const zw_node *node,
                       const zw_node *under, zw_period p)
{
    if (node->how == ZW_HOW_KIND && under->kind == ZW_KIND_YTD) {
        return part_of_total(calendar, kid, under->grid, p, node->grid);
    }
    zw_period first = zw_graph_first(calendar, node->grid, p, under->grid);
    zw_period last = zw_graph_last(calendar, node->grid, p, under->grid);
    zw_how how = how_of(node, under->kind);
    if (how == ZW_HOW_LAST) {
        return zw_kid_at(kid, last_reported(kid, first, last));
    }
    return over_parts(kid, first, last, how);
}

zw_status zw_compute_regrid(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
    const zw_node under = *zw_pack_node(eval->world.pack, node->kid[0]);
    bool is_coarser = zw_grid_compare(node->grid, under.grid) > 0;
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = is_coarser
                           ? coarser(calendar, &kid, node, &under, p)
                           : zw_kid_at(&kid, zw_graph_first(calendar, node->grid, p, under.grid));
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
