/* Parts: an expression at several areas side by side, folded into one value; and how indicators go
 * up the tree. */
#include "indicator/parts.h"

#include "indicator/swath.h"

#include "plan/cover.h"

#include <stdlib.h>

/* A row is for one period: over more of them columns are walked at less cost. Of few areas each has
 * its column, so that a figure meets no more readers than those that read it. */
static bool is_wide(zw_eval *eval, zw_node_id kid, uint32_t binding, zw_span span,
                    const zw_parts *parts)
{
    return parts->may_be_wide && span.lo == span.hi && binding == 0 && !eval->is_traced &&
           parts->areas.count >= eval->wide_from && zw_swath_fits(eval, kid);
}

zw_status zw_parts_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id kid,
                        uint32_t binding, zw_span span, zw_parts *parts, zw_err *err)
{
    size_t count = parts->areas.count;
    if (is_wide(eval, kid, binding, span, parts)) {
        parts->row = malloc((count > 0 ? count : 1) * sizeof(*parts->row));
        return parts->row != NULL
                   ? zw_swath_read(eval, reader, slot, kid, parts->areas, span.lo, parts->row, err)
                   : zw_err_nomem(err);
    }
    parts->slices = calloc(count > 0 ? count : 1, sizeof(zw_slice));
    zw_status status = parts->slices != NULL ? ZW_OK : zw_err_nomem(err);
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = zw_inside_read(eval, reader, slot, kid, parts->areas.at[i], binding, span,
                                &parts->slices[i], err);
    }
    return status;
}

void zw_parts_fini(zw_parts *parts)
{
    free(parts->slices);
    free(parts->row);
    free(parts->below);
    free(parts->times);
    parts->slices = NULL;
    parts->row = NULL;
    parts->below = NULL;
    parts->times = NULL;
}

zw_status zw_parts_below(const zw_eval *eval, uint32_t area, zw_how how, zw_parts *parts,
                         zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    parts->areas = pack->areas[area].parts;
    parts->of = area;
    if (!pack->areas[area].shares || how != ZW_HOW_SUM) {
        return ZW_OK;
    }
    parts->below = calloc(pack->area_count, sizeof(*parts->below));
    parts->times = calloc(pack->area_count, sizeof(*parts->times));
    if (parts->below == NULL || parts->times == NULL) {
        return zw_err_nomem(err);
    }
    size_t count = 0;
    for (uint32_t in = area + 1; in < pack->area_count; in++) {
        if (zw_pack_is_inside(pack, in, area)) {
            parts->below[count++] = in;
        }
    }
    parts->areas = (zw_list){parts->below, count};
    return ZW_OK;
}

void zw_parts_weigh(const zw_eval *eval, zw_parts *parts, int64_t end_ms)
{
    if (parts->times != NULL) {
        zw_cover_times(eval->world.pack, parts->of, end_ms, parts->times);
    }
}

int32_t zw_parts_times(const zw_parts *parts, size_t i)
{
    return parts->times != NULL ? parts->times[parts->areas.at[i]] : 1;
}

const zw_cell *zw_parts_cell(const zw_parts *parts, size_t i, zw_period p)
{
    return parts->row != NULL ? &parts->row[i] : zw_slice_at(&parts->slices[i], p);
}

static bool is_unexpected(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_NO_FIGURE && cell->of == 0;
}

const zw_cell *zw_parts_at(const zw_eval *eval, const zw_parts *parts, size_t i, zw_period p,
                           int64_t end_ms)
{
    const zw_cell *cell = zw_parts_cell(parts, i, p);
    bool counts = zw_pack_area_lives(eval->world.pack, parts->areas.at[i], end_ms) &&
                  (parts->is_listed || !is_unexpected(cell));
    return counts ? cell : NULL;
}

int64_t zw_parts_end_ms(const zw_eval *eval, const zw_col *reader, const zw_node *node, zw_period p)
{
    return node->has_grid ? zw_period_end_ms(zw_inside_calendar(eval, reader->area), node->grid, p)
                          : eval->as_of_ms;
}

zw_status zw_parts_may_be_partial(zw_eval *eval, zw_node_id node, bool *out, zw_err *err)
{
    const zw_reads *reads = zw_inside_reads(eval, node);
    *out = false;
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    *out = !reads->has_call && reads->count > 0;
    for (size_t i = 0; *out && i < reads->count; i++) {
        *out = eval->world.pack->measures[reads->measures[i]].is_partial;
    }
    return ZW_OK;
}

static bool has_living(const zw_eval *eval, const zw_parts *parts, int64_t end_ms)
{
    for (size_t i = 0; i < parts->areas.count; i++) {
        if (zw_pack_area_lives(eval->world.pack, parts->areas.at[i], end_ms)) {
            return true;
        }
    }
    return false;
}

void zw_parts_take(const zw_eval *eval, zw_parts *parts, zw_period p, int64_t end_ms, zw_fold *fold)
{
    zw_parts_weigh(eval, parts, end_ms);
    for (size_t i = 0; i < parts->areas.count; i++) {
        const zw_cell *part = zw_parts_at(eval, parts, i, p, end_ms);
        int32_t times = zw_parts_times(parts, i);
        if (part != NULL && times != 0) {
            zw_fold_take_times(fold, part, (int64_t)parts->areas.at[i], times);
        } else if (part == NULL) { /* what does not count yet may later */
            zw_fold_wait(fold, zw_parts_cell(parts, i, p));
        }
    }
}

zw_cell zw_parts_folded(const zw_eval *eval, const zw_parts *parts, const zw_fold *fold,
                        int64_t end_ms)
{
    zw_cell out = zw_fold_is_empty(fold)
                      ? zw_cell_missing(has_living(eval, parts, end_ms) ? ZW_REASON_NO_FIGURE
                                                                        : ZW_REASON_NO_PARTS)
                      : zw_fold_cell(fold);
    zw_cell_wait(&out, &fold->cell);
    if (parts->is_timeless) {
        zw_inside_wait_for_lives(eval, parts->areas, &out);
    }
    return out;
}

/* One period over its parts. `start` is a fold that has taken nothing. */
static zw_cell fold_period(const zw_eval *eval, zw_parts *parts, const zw_fold *start, zw_period p,
                           int64_t end_ms)
{
    zw_fold fold = *start;
    zw_parts_take(eval, parts, p, end_ms, &fold);
    return zw_parts_folded(eval, parts, &fold, end_ms);
}

/* True for what is the sum of its parts: what two of them share is in both. */
static bool adds_up(const zw_eval *eval, zw_node_id id)
{
    zw_kind kind = zw_pack_node(eval->world.pack, id)->kind;
    return kind == ZW_KIND_FLOW || kind == ZW_KIND_YTD || kind == ZW_KIND_STOCK;
}

zw_status zw_compute_parts(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    zw_parts parts = {.areas = {node->areas, node->area_count},
                      .is_timeless = !node->has_grid,
                      .is_listed = node->area_count > 0,
                      .may_be_wide = true};
    if (node->how == ZW_HOW_SIMILARITY) {
        return zw_compute_similarity(eval, col, node, span, err);
    }
    bool may_be_partial = false;
    zw_status status = zw_parts_may_be_partial(eval, node->kid[0], &may_be_partial, err);
    if (status == ZW_OK && !parts.is_listed) {
        zw_how how = adds_up(eval, node->kid[0]) ? node->how : ZW_HOW_COUNT;
        status = zw_parts_below(eval, col->area, how, &parts, err);
    }
    if (status == ZW_OK) {
        status = zw_parts_read(eval, col, 0, node->kid[0], col->binding, span, &parts, err);
    }
    zw_fold start;
    zw_fold_init(&start, node->how, zw_pack_node(eval->world.pack, node->kid[0])->type,
                 ZW_REASON_PART_MISSING, may_be_partial);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        int64_t end_ms = zw_parts_end_ms(eval, col, node, p);
        *zw_col_at(col, p) = fold_period(eval, &parts, &start, p, end_ms);
    }
    zw_parts_fini(&parts);
    return status;
}

/* The formula's own value here. */
static zw_status recompute(zw_eval *eval, zw_col *col, zw_span span, zw_err *err)
{
    zw_slice own;
    zw_status status = zw_inside_kid(eval, col, 0, span, &own, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        *zw_col_at(col, p) = *zw_slice_at(&own, p);
    }
    return status;
}

zw_status zw_compute_indicator(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err)
{
    zw_how how = eval->world.pack->indicators[node->ref].rollup;
    zw_parts parts = {.is_timeless = !node->has_grid};
    if (how == ZW_HOW_KIND || eval->world.pack->areas[col->area].parts.count == 0) {
        return recompute(eval, col, span, err);
    }
    bool may_be_partial = false;
    zw_status status = zw_parts_may_be_partial(eval, col->node, &may_be_partial, err);
    if (status == ZW_OK) {
        status = zw_parts_below(eval, col->area, how, &parts, err);
    }
    if (status == ZW_OK) {
        status = zw_parts_read(eval, col, ZW_SLOT_SAME, col->node, col->binding, span, &parts, err);
    }
    zw_kid own = {eval, col, 0, status, err};
    zw_fold start;
    zw_fold_init(&start, how, node->type, ZW_REASON_PART_MISSING, may_be_partial);
    for (zw_period p = span.lo; own.status == ZW_OK && p <= span.hi; p++) {
        int64_t end_ms = zw_parts_end_ms(eval, col, node, p);
        if (!has_living(eval, &parts, end_ms)) { /* an area that is divided later, or no more */
            zw_cell cell = zw_kid_at(&own, p);
            if (parts.is_timeless) {
                zw_inside_wait_for_lives(eval, parts.areas, &cell);
            }
            *zw_col_at(col, p) = cell;
            continue;
        }
        *zw_col_at(col, p) = how == ZW_HOW_COUNT /* it does not go up */
                                 ? zw_cell_missing(ZW_REASON_NO_ROLLUP)
                                 : fold_period(eval, &parts, &start, p, end_ms);
    }
    zw_parts_fini(&parts);
    return own.status;
}
