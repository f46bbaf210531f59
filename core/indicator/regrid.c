/*
 * Regridding: a coarser period from the finer ones inside it, by kind (flows sum, running totals
 * are differenced, the rest take the last), or a finer one as the coarser around it. Periods that
 * nobody reports are passed over, and of what is read live those that are not in.
 */
#include "indicator/plain_window.h"

/* The last period inside first … last that somebody reports; `last` when none does. */
static zw_period last_reported(zw_kid *kid, zw_period first, zw_period last)
{
    for (zw_period p = last; p >= first; p--) {
        zw_cell cell = zw_kid_at(kid, p);
        if (!zw_cell_is_passed_over(&cell)) {
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

/* The parts of one coarser period, as far as they have begun: the first that has not says so. */
struct parts {
    zw_slice slice;
    zw_period first, last;
    bool is_sampled; /* one of them is enough */
};

/* Parts folded so far. */
struct fold {
    zw_cell cell;
    zw_sum sum;
    double extreme;
    size_t taken;
    zw_cell none; /* the answer without any: why the newest that has begun is not in */
};

static void take_part(struct fold *fold, const zw_cell *part, zw_how how, bool is_sampled)
{
    bool is_skipped = part->reason == ZW_REASON_SKIPPED;
    bool is_passed_over = zw_cell_is_passed_over(part);
    if (is_passed_over || (is_sampled && !zw_cell_stands(part) && !zw_cell_is_gone(part))) {
        bool has_begun = part->reason != ZW_REASON_NOT_BEGUN;
        fold->none = is_skipped || !has_begun ? fold->none : *part;
        if (part->reason == ZW_REASON_LEFT_OUT) { /* what made it so is an input */
            zw_cell_inherit(&fold->cell, part);
        }
        zw_cell_wait(&fold->cell, part);
        return;
    }
    zw_cell_need(&fold->cell, part);
    zw_sum_add(&fold->sum, part->value);
    fold->extreme = folded(how, fold->extreme, part->value, fold->taken++);
}

/* Sum, mean, max or min of the parts: all of them needed, unless they are read live. */
static zw_cell over_parts(const struct parts *parts, zw_how how)
{
    struct fold fold = {.cell = zw_cell_of(0), .none = zw_cell_missing(ZW_REASON_SKIPPED)};
    for (zw_period p = parts->first; p <= parts->last; p++) {
        take_part(&fold, zw_slice_at(&parts->slice, p), how, parts->is_sampled);
    }
    zw_cell out = fold.cell;
    if (fold.taken == 0) {
        zw_cell_inherit(&fold.none, &out);
        bool is_nothing = fold.none.reason == ZW_REASON_LEFT_OUT && how == ZW_HOW_SUM;
        fold.none.reason = is_nothing ? ZW_REASON_NONE : fold.none.reason; /* a sum over none */
        return fold.none;
    }
    out.span = 1;
    if (!zw_cell_stands(&out)) {
        return out;
    }
    double total = zw_sum_total(&fold.sum);
    out.value = how == ZW_HOW_SUM    ? total
                : how == ZW_HOW_MEAN ? total / (double)fold.taken
                                     : fold.extreme;
    return out;
}

/* The last part that is in: what is read live says it until the next one. Without any, why the
 * newest that has begun is not. */
static zw_cell last_in(zw_kid *kid, zw_span parts)
{
    zw_cell none = zw_cell_missing(ZW_REASON_NOT_BEGUN);
    for (zw_period p = parts.hi; p >= parts.lo; p--) {
        zw_cell cell = zw_kid_at(kid, p);
        zw_cell_wait(&cell, &none);
        if (zw_cell_stands(&cell) || zw_cell_is_gone(&cell)) {
            return cell;
        }
        zw_cell_wait(&none, &cell);
        none = none.reason == ZW_REASON_NOT_BEGUN ? cell : none;
    }
    return none;
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
        if (zw_cell_is_gone(&base)) {
            return base;
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

/* What of the coarser period `p` has begun, and the first part that has not. */
static zw_span begun(const zw_kid *kid, const zw_calendar *calendar, const zw_node *node,
                     const zw_node *under, zw_period p)
{
    zw_span parts = {zw_graph_first(calendar, node->grid, p, under->grid),
                     zw_graph_last(calendar, node->grid, p, under->grid)};
    zw_period next = zw_period_at(calendar, under->grid, kid->eval->as_of_ms) + 1;
    if (parts.hi > next && next >= parts.lo) {
        parts.hi = next;
    }
    return parts;
}

/* The parts of a plain series, without a cell for each: there may be tens of thousands. What of
 * them has not begun is only waited for. */
static bool fold_past(zw_kid *kid, const zw_calendar *calendar, const zw_node *under, zw_span span,
                      zw_how how, zw_cell *out)
{
    bool is_done = false;
    zw_period now = zw_period_at(calendar, under->grid, kid->eval->as_of_ms);
    zw_span past = {span.lo, span.hi > now ? now : span.hi};
    if (kid->status != ZW_OK || past.lo > past.hi || (span.hi > now && !under->is_sampled)) {
        return false;
    }
    zw_plain_ask ask = {under, kid->reader->area, past, how};
    kid->status = zw_plain_read_past(kid->eval, kid->reader, &ask, out, &is_done, kid->err);
    if (is_done && span.hi > now) {
        zw_cell next = zw_cell_missing(ZW_REASON_NOT_BEGUN);
        next.until_ms = zw_period_start_ms(calendar, under->grid, now + 1);
        zw_cell_wait(out, &next);
    }
    return is_done;
}

static zw_cell coarser(const zw_calendar *calendar, zw_kid *kid, const zw_node *node,
                       const zw_node *under, zw_period p)
{
    if (node->how == ZW_HOW_KIND && under->kind == ZW_KIND_YTD) {
        return part_of_total(calendar, kid, under->grid, p, node->grid);
    }
    zw_how how = how_of(node, under->kind);
    zw_span span = begun(kid, calendar, node, under, p);
    if (how == ZW_HOW_LAST) {
        zw_period last = zw_graph_last(calendar, node->grid, p, under->grid);
        return under->is_sampled ? last_in(kid, span)
                                 : zw_kid_at(kid, last_reported(kid, span.lo, last));
    }
    struct parts parts = {.first = span.lo, .last = span.hi, .is_sampled = under->is_sampled};
    zw_cell out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    if (fold_past(kid, calendar, under, span, how, &out) || kid->status != ZW_OK) {
        return out;
    }
    kid->status = zw_inside_kid(kid->eval, kid->reader, kid->slot, span, &parts.slice, kid->err);
    return kid->status == ZW_OK ? over_parts(&parts, how) : zw_cell_missing(ZW_REASON_NO_FIGURE);
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
