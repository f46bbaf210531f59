/* What `:rolling(n)` says: of a running total the sum and mean from totals alone, of anything else
 * what its window folds to. */
#include "indicator/totals.h"
#include "indicator/window.h"

enum { SECOND_MS = 1000 };

static zw_cell over_totals(const zw_totals *totals, const zw_node *node, zw_period p)
{
    zw_cell out = zw_totals_between(totals, p - node->count, p);
    if (zw_cell_stands(&out) && node->how == ZW_HOW_MEAN) {
        out.value /= node->count;
    }
    return out;
}

/* Divided by the seconds of the window, also where clocks change in it. */
zw_status zw_compute_rate(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err)
{
    const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
    zw_node steps = *node;
    steps.how = ZW_HOW_SUM;
    zw_status status = zw_window_compute(eval, col, &steps, span, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell *cell = zw_col_at(col, p);
        if (zw_cell_stands(cell)) {
            int64_t ms = zw_period_end_ms(calendar, node->grid, p) -
                         zw_period_start_ms(calendar, node->grid, p - node->count + 1);
            cell->value /= (double)ms / SECOND_MS;
        }
    }
    return status;
}

zw_status zw_compute_rolling(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    bool adds_up = node->how == ZW_HOW_SUM || node->how == ZW_HOW_MEAN;
    if (!adds_up || !zw_pack_node(eval->world.pack, node->kid[0])->is_total) {
        return zw_window_compute(eval, col, node, span, err);
    }
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    zw_totals totals = zw_totals_of(&kid, node);
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = over_totals(&totals, node, p);
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
