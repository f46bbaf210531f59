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

static uint32_t area_meant(const zw_eval *eval, const zw_node *node, uint32_t area, zw_period p)
{
    if (node->text == NULL) {
        return node->ref;
    }
    return strcmp(node->text, "zone") == 0 ? eval->world.pack->areas[area].zone
                                           : zw_inside_parent(eval, node, area, p);
}

/* Runs of periods that mean the same area are read at once. */
zw_status zw_compute_elsewhere(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err)
{
    zw_status status = ZW_OK;
    zw_period p = span.lo;
    while (status == ZW_OK && p <= span.hi) {
        uint32_t area = area_meant(eval, node, col->area, p);
        zw_span run = {p, p};
        while (run.hi < span.hi && area_meant(eval, node, col->area, run.hi + 1) == area) {
            run.hi++;
        }
        zw_slice slice;
        if (area != ZW_NONE) {
            status =
                zw_inside_read(eval, col, 0, node->kid[0], area, col->binding, run, &slice, err);
        }
        for (; status == ZW_OK && p <= run.hi; p++) {
            *zw_col_at(col, p) =
                area != ZW_NONE ? *zw_slice_at(&slice, p) : zw_cell_missing(ZW_REASON_NOT_HERE);
        }
    }
    return status;
}
