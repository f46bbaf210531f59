/*
 * A measure at an area: the figure reported for exactly that, else the sum of its parts. All
 * expected parts must be in, unless the measure may be partial; the cell says how many are ("3 of
 * 4").
 */
#include "indicator/reported.h"

#include "indicator/parts.h"
#include "indicator/trace.h"
#include "intake/batch.h"

zw_cell zw_inside_absent(zw_eval *eval, const zw_node *node, uint32_t area, zw_period p)
{
    const zw_pack *pack = eval->world.pack;
    const zw_measure *what = &pack->measures[node->ref];
    int64_t end_ms = zw_period_end_ms(zw_inside_calendar(eval, area), what->grid, p);
    if (!zw_pack_area_lives(pack, area, end_ms)) {
        return zw_cell_missing(ZW_REASON_OUTSIDE_LIFE);
    }
    if (zw_inside_is_skipped(eval, node->ref, area, p)) {
        return zw_cell_missing(ZW_REASON_SKIPPED);
    }
    zw_cell cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    if (p < eval->floors[node->ref]) {
        return zw_cell_missing(ZW_REASON_PAST_KEEP);
    }
    if (!zw_inside_is_expected(eval, node->ref, area, p)) {
        return cell;
    }
    cell.of = 1;
    int64_t due_ms = zw_inside_due_ms(eval, node->ref, area, p, NULL);
    if (due_ms == ZW_NEVER_MS) {
        return cell;
    }
    cell.detail = due_ms;
    cell.reason = eval->as_of_ms < due_ms ? ZW_REASON_NOT_DUE : ZW_REASON_LATE;
    cell.until_ms = eval->as_of_ms < due_ms ? due_ms : ZW_NEVER_MS;
    return cell;
}

/* How a measure goes up the tree. */
zw_how zw_inside_rollup(const zw_measure *measure)
{
    if (measure->rollup != ZW_HOW_KIND) {
        return measure->rollup;
    }
    if (measure->kind == ZW_KIND_GAUGE) {
        return ZW_HOW_MEAN;
    }
    return measure->kind == ZW_KIND_RATE ? ZW_HOW_COUNT : ZW_HOW_SUM; /* COUNT: it does not */
}

/* A roll-up under way. */
struct rollup {
    zw_how how;
    zw_cell cell;
    zw_sum sum;
    double extreme;
    uint16_t in, of; /* reporters */
    size_t parts_in, parts;
    zw_cell first_missing;
    uint32_t missing_area;
    bool is_unlisted; /* a part's list has no such value */
};

/* False for a part that has nothing to give: nobody there is expected to report, or its list has no
 * such value. */
static bool is_part(struct rollup *up, const zw_cell *part, uint16_t reporters)
{
    if (part->reason == ZW_REASON_NOT_LISTED) {
        up->is_unlisted = true;
        zw_cell_wait(&up->cell, part);
        return false;
    }
    return zw_cell_stands(part) || reporters > 0 || part->reason == ZW_REASON_SCOPE_CHANGED;
}

/* @param times  how often it counts; less than 0: what two parts share is taken off again. */
static void take_part(struct rollup *up, const zw_cell *part, uint16_t reporters, uint32_t area,
                      int32_t times)
{
    bool stands = zw_cell_stands(part);
    uint16_t of = reporters > part->of ? reporters : part->of;
    up->of = (uint16_t)(up->of + times * (of > 0 ? of : 1));
    up->parts++;
    zw_cell_inherit(&up->cell, part);
    if (!stands) {
        up->in = (uint16_t)(up->in + times * part->in);
        if (up->parts - up->parts_in == 1) {
            up->first_missing = *part;
            up->missing_area = area;
        }
        return;
    }
    uint16_t in = part->of > 0 && part->in < part->of ? part->in : of > 0 ? of : 1;
    up->in = (uint16_t)(up->in + times * in);
    bool is_greater = part->value > up->extreme;
    if (up->parts_in == 0 || (up->how == ZW_HOW_MAX && is_greater) ||
        (up->how == ZW_HOW_MIN && !is_greater)) {
        up->extreme = part->value;
    }
    zw_sum_add(&up->sum, times * part->value);
    up->parts_in++;
}

static double rolled_value(const struct rollup *up)
{
    switch (up->how) {
    case ZW_HOW_MEAN:
        return zw_sum_total(&up->sum) / (double)up->parts_in;
    case ZW_HOW_MAX:
    case ZW_HOW_MIN:
        return up->extreme;
    default:
        return zw_sum_total(&up->sum);
    }
}

static zw_cell rolled(const struct rollup *up, bool may_be_partial)
{
    zw_cell out = up->cell;
    out.in = up->in < up->of ? up->in : up->of; /* a reported part says that all of it is in */
    out.of = up->of;
    if (up->parts == 0) {
        out.reason = up->is_unlisted ? ZW_REASON_NOT_LISTED : ZW_REASON_NO_FIGURE;
        return out;
    }
    if (up->how == ZW_HOW_COUNT) {
        out.reason = ZW_REASON_RATE_ADDS;
        return out;
    }
    if (up->parts_in == up->parts || (may_be_partial && up->parts_in > 0)) {
        out.value = rolled_value(up);
        return out;
    }
    if (up->in == 0 &&
        up->parts_in == 0) { /* nothing at all is in: the first part's reason is everybody's */
        out.reason = up->first_missing.reason;
        out.detail = up->first_missing.detail;
        return out;
    }
    out.reason = ZW_REASON_PART_MISSING;
    out.detail = up->first_missing.reason == ZW_REASON_PART_MISSING ? up->first_missing.detail
                                                                    : (int64_t)up->missing_area;
    return out;
}

static zw_cell from_parts(zw_eval *eval, const zw_node *node, zw_parts *parts, zw_period p,
                          int64_t end_ms)
{
    const zw_measure *measure = &eval->world.pack->measures[node->ref];
    struct rollup up = {.how = zw_inside_rollup(measure), .cell = zw_cell_of(0)};
    zw_parts_weigh(eval, parts, end_ms);
    for (size_t i = 0; i < parts->areas.count; i++) {
        uint32_t area = parts->areas.at[i];
        int32_t times = zw_parts_times(parts, i);
        if (times != 0 && zw_pack_area_lives(eval->world.pack, area, end_ms)) {
            const zw_cell *part = zw_parts_cell(parts, i, p);
            uint16_t reporters = zw_inside_reporters(eval, node->ref, area, p);
            if (is_part(&up, part, reporters)) {
                take_part(&up, part, reporters, area, times);
            }
        }
    }
    return rolled(&up, measure->is_partial);
}

static zw_status measured(zw_eval *eval, zw_col *col, const zw_node *node,
                          const zw_question *question, zw_parts *parts, zw_period p, zw_err *err)
{
    zw_cell cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    int64_t end_ms = zw_period_end_ms(zw_inside_calendar(eval, col->area), node->grid, p);
    bool lives = zw_pack_area_lives(eval->world.pack, col->area, end_ms);
    zw_status status = ZW_OK;
    if (question != NULL && lives) {
        status = zw_question_answer(question, p, &cell, err);
    }
    if (status == ZW_OK && zw_cell_stands(&cell)) {
        uint16_t reporters = zw_inside_reporters(eval, node->ref, col->area, p);
        cell.in = cell.of = reporters > 0 ? reporters : 1;
    } else if (status == ZW_OK && cell.reason == ZW_REASON_NO_FIGURE && parts->areas.count > 0 &&
               lives) {
        zw_cell up = from_parts(eval, node, parts, p, end_ms);
        cell = up.reason == ZW_REASON_NO_FIGURE && up.of == 0
                   ? zw_inside_absent(eval, node, col->area, p)
                   : up;
    } else if (status == ZW_OK && cell.reason == ZW_REASON_NO_FIGURE) {
        zw_cell why = zw_inside_absent(eval, node, col->area, p);
        zw_cell_inherit(&why, &cell);
        cell = why;
    } else if (status == ZW_OK) {
        cell.of = 1;
    }
    *zw_col_at(col, p) = cell;
    return status;
}

static zw_status compute_asked(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err)
{
    zw_parts parts = {.may_be_wide = node->filter_count == 0};
    zw_how how = zw_inside_rollup(&eval->world.pack->measures[node->ref]);
    zw_status status = zw_parts_below(eval, col->area, how, &parts, err);
    if (status == ZW_OK) {
        status = zw_parts_read(eval, col, ZW_SLOT_SAME, col->node, col->binding, span, &parts, err);
    }
    zw_question question;
    bool can_ask = false;
    if (status == ZW_OK) {
        status = zw_question_init(&question, eval, node, col->area,
                                  zw_pool_text(eval->bindings, col->binding), &can_ask, err);
    }
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        status = measured(eval, col, node, can_ask ? &question : NULL, &parts, p, err);
    }
    zw_parts_fini(&parts);
    return status;
}

zw_series_id zw_inside_plain(zw_eval *eval, const zw_node *node, uint32_t area)
{
    return node->op == ZW_OP_MEASURE && node->filter_count == 0
               ? zw_plain_series(eval->plain, node->ref, area)
               : ZW_SERIES_NONE;
}

bool zw_inside_plain_cell(const zw_eval *eval, zw_series_id series, zw_period period, zw_cell *out)
{
    zw_figure room;
    const zw_figure *figure = zw_store_at(eval->world.store, series, period, eval->as_of_ms, &room);
    if (figure == NULL || figure->status == ZW_OBS_MISSING) {
        return false;
    }
    zw_question_take(figure, out);
    return true;
}

bool zw_inside_plain_says(zw_eval *eval, const zw_node *node, uint32_t area, zw_series_id series,
                          zw_period p, zw_cell *out)
{
    zw_figure room;
    const zw_figure *figure = zw_store_at(eval->world.store, series, p, eval->as_of_ms, &room);
    bool is_there = figure != NULL && figure->status != ZW_OBS_MISSING;
    if (is_there) {
        zw_question_take(figure, out);
        if (eval->trace != NULL) {
            zw_trace_figure(eval->trace, series, figure);
        }
    } else if (figure == NULL) {
        *out = zw_inside_absent(eval, node, area, p);
    }
    return is_there || (figure == NULL && !eval->is_traced);
}

/* Says of periods below the floor that they are gone, at every area alike. @return the first that
 * is not. */
static zw_period below_floor(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span)
{
    zw_period p = span.lo;
    for (; p <= span.hi && p < eval->floors[node->ref]; p++) {
        *zw_col_at(col, p) = zw_inside_absent(eval, node, col->area, p);
    }
    return p;
}

/* What a plain series has is taken as it is; only what it lacks is asked for. */
zw_status zw_compute_measure(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    zw_series_id series =
        col->binding == 0 ? zw_inside_plain(eval, node, col->area) : ZW_SERIES_NONE;
    if (series == ZW_SERIES_NONE) {
        span.lo = below_floor(eval, col, node, span);
        return span.lo <= span.hi ? compute_asked(eval, col, node, span, err) : ZW_OK;
    }
    zw_status status = ZW_OK;
    zw_period p = below_floor(eval, col, node, span);
    while (status == ZW_OK && p <= span.hi) {
        zw_cell cell;
        zw_span rest = {p, p - 1};
        while (rest.hi < span.hi &&
               !zw_inside_plain_says(eval, node, col->area, series, rest.hi + 1, &cell)) {
            rest.hi++;
        }
        status = rest.lo <= rest.hi ? compute_asked(eval, col, node, rest, err) : ZW_OK;
        p = rest.hi + 1;
        if (p <= span.hi) {
            *zw_col_at(col, p++) = cell;
        }
    }
    return status;
}
