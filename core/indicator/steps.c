/* Truths over the last published periods: rising, falling, flat, held. A period without a value is
 * not published: passed over. */
#include "indicator/inside.h"

#include <math.h>

static bool moves(const zw_node *node, double from, double to)
{
    if (node->op == ZW_OP_FLAT) {
        return fabs(to - from) <= node->number;
    }
    return node->op == ZW_OP_RISES ? to > from : to < from;
}

/* Walks back from `p` over published periods until the answer is certain or nothing more is known.
 */
static zw_cell stepped(const zw_node *node, zw_kid *kid, zw_period p, zw_period first)
{
    zw_cell now = zw_kid_at(kid, p);
    zw_cell out = zw_cell_of(1);
    zw_cell_need(&out, &now);
    if (!zw_cell_stands(&out)) {
        return out;
    }
    bool is_held = node->op == ZW_OP_HELD;
    int32_t wanted = is_held ? node->count - 1 : node->count;
    if (is_held && now.value == 0) {
        out.value = 0;
        return out;
    }
    double later = now.value;
    for (zw_period q = p - 1; wanted > 0 && q >= first; q--) {
        zw_cell cell = zw_kid_at(kid, q);
        if (zw_cell_is_gone(&cell)) {
            return cell;
        }
        if (!zw_cell_stands(&cell)) {
            zw_cell_wait(&out, &cell);
            continue;
        }
        zw_cell_inherit(&out, &cell);
        if (is_held ? cell.value == 0 : !moves(node, cell.value, later)) {
            out.value = 0;
            return out;
        }
        later = cell.value;
        wanted--;
    }
    if (wanted > 0) {
        out.value = 0;
        out.reason = ZW_REASON_NO_FIGURE; /* fewer published periods than it asks about */
    }
    return out;
}

zw_status zw_compute_steps(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    /* Nothing is published before anything is known, even where a function or a path has a value:
     * what a cell says must not hang on the span it is asked in. */
    zw_period first = 0;
    if (!zw_inside_first(eval, node->kid[0], col->area, &first)) {
        first = ZW_PERIOD_MAX;
    }
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = stepped(node, &kid, p, first);
        *zw_col_at(col, p) = cell;
    }
    return kid.status;
}
