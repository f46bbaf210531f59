/*
 * Operations along time on one grid: lag, differences, yearly change and running totals.
 *
 * A running total is differenced only against an earlier total of its own year; where the one
 * wanted is not known, against the last known before it, and the cell says how many periods it
 * spans. A total that fell is a revision or an error, never activity, so its part is missing.
 */
#include "base/civil.h"
#include "base/year.h"
#include "indicator/totals.h"

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
        if (zw_cell_is_gone(&total)) {
            return total;
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

static zw_cell yearly_change(zw_kid *kid, zw_period p, zw_period before)
{
    zw_cell now = zw_kid_at(kid, p);
    zw_cell then = zw_kid_at(kid, before);
    zw_cell out = both(&now, &then);
    if (zw_cell_stands(&out) && then.value <= 0) {
        out.reason = ZW_REASON_NOT_POSITIVE;
    }
    if (zw_cell_stands(&out)) {
        out.value = now.value / then.value - 1;
    }
    return out;
}

/* What an operation looks along. */
struct look {
    zw_kid *kid;
    const zw_node *node;
    zw_totals totals;
    bool is_total;
    zw_period from; /* of SINCE */
};

static zw_cell along(const struct look *look, zw_period p)
{
    const zw_node *node = look->node;
    switch (node->op) {
    case ZW_OP_LAG:
        return zw_kid_at(look->kid, p - node->count);
    case ZW_OP_YOY:
        return yearly_change(look->kid, p, zw_year_before(look->totals.calendar, node->grid, p));
    case ZW_OP_SINGLE:
        return own_part(look->kid, p, 1, zw_totals_year(&look->totals, p));
    case ZW_OP_SINCE: /* of a running total */
        return p < look->from ? zw_cell_missing(ZW_REASON_TOO_EARLY)
                              : zw_totals_between(&look->totals, look->from - 1, p);
    default: /* ZW_OP_DELTA */
        return look->is_total
                   ? own_part(look->kid, p, node->count, zw_totals_year(&look->totals, p))
                   : difference(look->kid, p, node->count);
    }
}

/* The first period of a grid in what `:since` says; of a year or month the first week that is
 * its own, as its Thursday is. */
static zw_period first_since(const zw_calendar *calendar, const zw_stamp *from, zw_grid grid)
{
    zw_grid day = {ZW_DAY, 0};
    if (grid.every == ZW_WEEK && from->grid.every != ZW_WEEK) {
        return -zw_floor_div(-zw_graph_first(calendar, from->grid, from->period, day), 7);
    }
    return zw_graph_first(calendar, from->grid, from->period, grid);
}

static zw_period year_start(const void *arg, zw_period p)
{
    return zw_totals_year(&((const struct look *)arg)->totals, p);
}

static zw_period since_start(const void *arg, zw_period p)
{
    (void)p;
    return ((const struct look *)arg)->from;
}

zw_status zw_compute_along(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    struct look look = {&kid, node, zw_totals_of(&kid, node),
                        zw_pack_node(eval->world.pack, node->kid[0])->is_total, 0};
    if (node->op == ZW_OP_YTD) {
        return zw_totals_run(eval, col, span, year_start, &look, err);
    }
    if (node->op == ZW_OP_SINCE) {
        look.from = first_since(look.totals.calendar, &node->from, node->grid);
    }
    if (node->op == ZW_OP_SINCE && !look.is_total) {
        return zw_totals_run(eval, col, span, since_start, &look, err);
    }
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = along(&look, p);
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
