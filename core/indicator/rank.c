/* Rank: the place of an area among the parts of its parent. */
#include "indicator/parts.h"

/* The place of the area at hand: after those that have more, beside those that have as much. */
static zw_cell place_in(const zw_eval *eval, zw_parts *siblings, uint32_t area,
                        const zw_fold *start, zw_period p, int64_t end_ms)
{
    zw_fold fold = *start;
    zw_cell own = zw_cell_missing(ZW_REASON_OUTSIDE_LIFE);
    zw_parts_take(eval, siblings, p, end_ms, &fold);
    for (size_t i = 0; i < siblings->areas.count; i++) {
        bool is_own = siblings->areas.at[i] == area;
        if (is_own && zw_pack_area_lives(eval->world.pack, area, end_ms)) {
            own = *zw_parts_cell(siblings, i, p);
        }
    }
    zw_cell out = zw_parts_folded(eval, siblings, &fold, end_ms);
    if (!zw_cell_stands(&own)) { /* its own reason, not that a sibling lacks */
        out.reason = own.reason;
        out.detail = own.detail;
    }
    if (!zw_cell_stands(&out)) {
        return out;
    }
    double place = 1;
    for (size_t i = 0; i < siblings->areas.count; i++) {
        const zw_cell *part = zw_parts_at(eval, siblings, i, p, end_ms);
        place += part != NULL && zw_cell_stands(part) && part->value > own.value ? 1 : 0;
    }
    out.value = place;
    return out;
}

/* Runs of periods that have the same parent are read at once. */
static zw_status rank_run(zw_eval *eval, zw_col *col, const zw_node *node, uint32_t parent,
                          const zw_fold *start, zw_span run, zw_err *err)
{
    zw_parts siblings = {.areas = eval->world.pack->areas[parent].parts,
                         .is_timeless = !node->has_grid};
    zw_status status = zw_parts_read(eval, col, 0, node->kid[0], col->binding, run, &siblings, err);
    for (zw_period p = run.lo; status == ZW_OK && p <= run.hi; p++) {
        int64_t end_ms = zw_parts_end_ms(eval, col, node, p);
        zw_cell cell = place_in(eval, &siblings, col->area, start, p, end_ms);
        if (siblings.is_timeless) {
            zw_inside_wait_for_lives(eval, eval->world.pack->areas[col->area].parents, &cell);
        }
        *zw_col_at(col, p) = cell;
    }
    zw_parts_fini(&siblings);
    return status;
}

zw_status zw_compute_rank(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err)
{
    bool may_be_partial = false;
    zw_fold start;
    zw_status status = zw_parts_may_be_partial(eval, node->kid[0], &may_be_partial, err);
    zw_fold_init(&start, ZW_HOW_COUNT, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, may_be_partial);
    zw_period p = span.lo;
    while (status == ZW_OK && p <= span.hi) {
        uint32_t parent = zw_inside_parent(eval, node, col->area, p);
        zw_span run = {p, p};
        while (run.hi < span.hi && zw_inside_parent(eval, node, col->area, run.hi + 1) == parent) {
            run.hi++;
        }
        if (parent != ZW_NONE) {
            status = rank_run(eval, col, node, parent, &start, run, err);
        }
        for (; parent == ZW_NONE && p <= run.hi; p++) {
            *zw_col_at(col, p) = zw_cell_missing(ZW_REASON_NOT_HERE);
        }
        p = run.hi + 1;
    }
    return status;
}
