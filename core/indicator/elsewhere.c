/* Elsewhere: the same expression at another area of the tree. */
#include "indicator/inside.h"

#include <string.h>

uint32_t zw_inside_parent(const zw_eval *eval, const zw_node *node, uint32_t area, zw_period p)
{
    const zw_pack *pack = eval->world.pack;
    zw_list parents = pack->areas[area].parents;
    int64_t end_ms = node->has_grid
                         ? zw_period_end_ms(zw_inside_calendar(eval, area), node->grid, p)
                         : eval->as_of_ms;
    for (size_t i = 0; i < parents.count; i++) {
        if (zw_pack_area_lives(pack, parents.at[i], end_ms)) {
            return parents.at[i];
        }
    }
    return parents.count > 0 ? parents.at[0] : ZW_NONE;
}

void zw_inside_wait_for_lives(const zw_eval *eval, zw_list areas, zw_cell *cell)
{
    for (size_t i = 0; i < areas.count; i++) {
        const zw_area *area = &eval->world.pack->areas[areas.at[i]];
        /* The first moments at whose end it lives, and does not any more (zw_pack_area_lives). */
        int64_t turns_ms[] = {
            area->has_since ? zw_stamp_start_ms(&area->calendar, &area->since) + 1 : ZW_NEVER_MS,
            area->has_till ? zw_stamp_last_ms(&area->calendar, &area->till) + 2 : ZW_NEVER_MS};
        for (size_t t = 0; t < 2; t++) {
            bool is_sooner = turns_ms[t] > eval->as_of_ms && turns_ms[t] < cell->until_ms;
            cell->until_ms = is_sooner ? turns_ms[t] : cell->until_ms;
        }
    }
}

static uint32_t area_meant(const zw_eval *eval, const zw_node *node, uint32_t area, zw_period p)
{
    if (node->text == NULL) {
        return node->ref;
    }
    return strcmp(node->text, "zone") == 0 ? eval->world.pack->areas[area].zone
                                           : zw_inside_parent(eval, node, area, p);
}

/* Copies what another area says; ZW_NONE: there is none. */
static zw_status copy_run(zw_eval *eval, zw_col *col, const zw_node *node, uint32_t area,
                          zw_span run, zw_err *err)
{
    zw_slice slice;
    zw_status status = ZW_OK;
    if (area != ZW_NONE) {
        status = zw_inside_read(eval, col, 0, node->kid[0], area, col->binding, run, &slice, err);
    }
    for (zw_period p = run.lo; status == ZW_OK && p <= run.hi; p++) {
        zw_cell cell =
            area != ZW_NONE ? *zw_slice_at(&slice, p) : zw_cell_missing(ZW_REASON_NOT_HERE);
        if (!node->has_grid) {
            zw_inside_wait_for_lives(eval, eval->world.pack->areas[col->area].parents, &cell);
        }
        *zw_col_at(col, p) = cell;
    }
    return status;
}

/* Runs of periods that mean the same area are read at once. */
zw_status zw_compute_elsewhere(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err)
{
    zw_status status = ZW_OK;
    zw_span run = {span.lo, span.lo};
    while (status == ZW_OK && run.lo <= span.hi) {
        uint32_t area = area_meant(eval, node, col->area, run.lo);
        while (run.hi < span.hi && area_meant(eval, node, col->area, run.hi + 1) == area) {
            run.hi++;
        }
        status = copy_run(eval, col, node, area, run, err);
        run.lo = run.hi = run.hi + 1;
    }
    return status;
}
