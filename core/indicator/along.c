/*
 * Operations along time on one grid: lag, differences, yearly change and running totals.
 *
 * A running total is differenced only against an earlier total of its own year; where the one
 * wanted is not known, against the last known before it, and the cell says how many periods it
 * spans. A total that fell is a revision or an error, never activity, so its part is missing.
 */
#include "indicator/inside.h"

/* The first period of the reporting year that holds `p`. */
static zw_period year_start(const zw_calendar *calendar, zw_grid grid, zw_period p)
{
    zw_grid year = {ZW_YEAR, 0};
    return zw_period_first_in(calendar, year, zw_period_coarser(calendar, grid, p, year), grid);
}

/* Two values that must both be known and span the same. */
static zw_cell both(const zw_cell *now, const zw_cell *then)
{
    zw_cell out = zw_cell_of(0);
    zw_cell_need(&out, now);
    zw_cell_need(&out, then);
    if (zw_cell_stands(&out) && now->span != then->span) {
        out.reason = ZW_REASON_SPANS_DIFFER;
    }
    return out;
}

static zw_cell difference(zw_kid *kid, zw_period p, int32_t steps)
{
    zw_cell now = zw_kid_at(kid, p);
    zw_cell then = zw_kid_at(kid, p - steps);
    zw_cell out = both(&now, &then);
    if (zw_cell_stands(&out)) {
        out.value = now.value - then.value;
    }
    return out;
}

/* The own part of a running total: since the last total known at or before p - steps, or since the
 * year began. */
static zw_cell own_part(zw_kid *kid, zw_period p, int32_t steps, zw_period year)
{
    zw_cell out = zw_kid_at(kid, p);
    double now = out.value;
    double before = 0;
    zw_period base = p - steps;
    if (!zw_cell_stands(&out)) {
        return out;
    }
    for (; base >= year; base--) {
        zw_cell total = zw_kid_at(kid, base);
        if (zw_cell_stands(&total)) {
            zw_cell_inherit(&out, &total);
            before = total.value;
            break;
        }
        zw_cell_wait(&out, &total);
    }
    out.span = (uint16_t)(base >= year ? p - base : p - year + 1);
    out.value = now - before;
    if (out.value < 0) {
        out.value = 0;
        out.reason = ZW_REASON_FELL;
    }
    return out;
}

static zw_cell yearly_change(zw_kid *kid, zw_period p, int per_year)
{
    zw_cell now = zw_kid_at(kid, p);
    zw_cell then = zw_kid_at(kid, p - per_year);
    zw_cell out = both(&now, &then);
    if (zw_cell_stands(&out) && then.value <= 0) {
        out.reason = ZW_REASON_NOT_POSITIVE;
    }
    if (zw_cell_stands(&out)) {
        out.value = now.value / then.value - 1;
    }
    return out;
}

/* The running total of a flow: every part since the year began, those that nobody reports left out.
 */
static zw_cell running_total(zw_kid *kid, zw_period p, zw_period year)
{
    zw_cell out = zw_cell_of(0);
    zw_sum sum = {0, 0};
    size_t taken = 0;
    for (zw_period q = year; q <= p; q++) {
        zw_cell part = zw_kid_at(kid, q);
        if (part.reason == ZW_REASON_SKIPPED) {
            continue;
        }
        zw_cell_need(&out, &part);
        zw_sum_add(&sum, part.value);
        taken++;
    }
    out.span = 1;
    if (taken == 0) {
        return zw_cell_missing(ZW_REASON_SKIPPED);
    }
    if (zw_cell_stands(&out)) {
        out.value = zw_sum_total(&sum);
    }
    return out;
}

static zw_cell along(const zw_node *node, zw_kind kid_kind, const zw_calendar *calendar,
                     zw_kid *kid, zw_period p)
{
    switch (node->op) {
    case ZW_OP_LAG:
        return zw_kid_at(kid, p - node->count);
    case ZW_OP_YOY:
        return yearly_change(kid, p, zw_grid_per_year(node->grid));
    case ZW_OP_YTD:
        return running_total(kid, p, year_start(calendar, node->grid, p));
    case ZW_OP_SINGLE:
        return own_part(kid, p, 1, year_start(calendar, node->grid, p));
    default: /* ZW_OP_DELTA */
        if (kid_kind == ZW_KIND_YTD) {
            return own_part(kid, p, node->count, year_start(calendar, node->grid, p));
        }
        return difference(kid, p, node->count);
    }
}

zw_status zw_compute_along(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
    zw_kind kid_kind = zw_pack_node(eval->world.pack, node->kid[0])->kind;
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = along(node, kid_kind, calendar, &kid, p);
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
