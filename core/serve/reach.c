/*
 * Reach. A measure speaks of an area when figures of it were reported there or inside it, or are
 * expected there: where the pack says so, else in the parts of every zone in which a part reports.
 * Of a measure that never had a figure nothing is known: unless the pack says where it is expected,
 * it speaks of every area.
 */
#include "serve/reach.h"

#include <stdlib.h>

struct zw_reach {
    const zw_pack *pack;
    bool *speaks; /* by measure, then area */
};

static bool *speaks_of(const zw_reach *reach, uint32_t measure)
{
    return &reach->speaks[(size_t)measure * reach->pack->area_count];
}

static bool is_part(const zw_area *area)
{
    return !area->is_zone && area->parts.count == 0;
}

static bool has_figures(zw_store *store, const zw_measure *measure, const zw_area *area)
{
    const zw_series_id *series = NULL;
    return zw_series_at(zw_store_series(store), measure->title.name, area->title.name, &series) > 0;
}

/* Marks the parts of a zone: all of them are expected as soon as one reports. */
static void mark_parts(const zw_pack *pack, bool *speaks, uint32_t zone)
{
    for (uint32_t i = 0; i < pack->area_count; i++) {
        speaks[i] = speaks[i] || (pack->areas[i].zone == zone && is_part(&pack->areas[i]));
    }
}

/* Marks what lies around what is marked: an area is declared after all that it is within. */
static void mark_around(const zw_pack *pack, bool *speaks)
{
    for (size_t i = pack->area_count; i-- > 0;) {
        for (size_t p = 0; speaks[i] && p < pack->areas[i].parents.count; p++) {
            speaks[pack->areas[i].parents.at[p]] = true;
        }
    }
}

static void look_at_measure(zw_reach *reach, zw_store *store, uint32_t index)
{
    const zw_pack *pack = reach->pack;
    const zw_measure *measure = &pack->measures[index];
    bool *speaks = speaks_of(reach, index);
    bool has_any = measure->has_areas;
    for (size_t i = 0; i < measure->areas.count; i++) {
        speaks[measure->areas.at[i]] = true;
    }
    for (uint32_t i = 0; i < pack->area_count; i++) {
        if (!has_figures(store, measure, &pack->areas[i])) {
            continue;
        }
        has_any = true;
        if (!speaks[i] && is_part(&pack->areas[i]) && !measure->has_areas) {
            mark_parts(pack, speaks, pack->areas[i].zone);
        }
        speaks[i] = true;
    }
    for (uint32_t i = 0; !has_any && i < pack->area_count; i++) {
        speaks[i] = true;
    }
    mark_around(pack, speaks);
}

zw_status zw_reach_create(const zw_pack *pack, zw_store *store, zw_reach **out, zw_err *err)
{
    *out = NULL;
    zw_reach *reach = calloc(1, sizeof(*reach));
    if (reach == NULL) {
        return zw_err_nomem(err);
    }
    size_t cells = pack->measure_count * pack->area_count;
    reach->pack = pack;
    reach->speaks = calloc(cells > 0 ? cells : 1, sizeof(bool));
    if (reach->speaks == NULL) {
        zw_reach_destroy(reach);
        return zw_err_nomem(err);
    }
    for (uint32_t i = 0; i < pack->measure_count; i++) {
        look_at_measure(reach, store, i);
    }
    *out = reach;
    return ZW_OK;
}

void zw_reach_destroy(zw_reach *reach)
{
    if (reach == NULL) {
        return;
    }
    free(reach->speaks);
    free(reach);
}

static bool looks_elsewhere(const zw_node *node)
{
    return node->op == ZW_OP_CALL || node->op == ZW_OP_OF ||
           (node->op == ZW_OP_PARTS && node->area_count > 0);
}

static void add_measure(const zw_reach *reach, uint32_t measure, zw_reach_is *out)
{
    const bool *speaks = speaks_of(reach, measure);
    for (size_t i = 0; i < reach->pack->area_count; i++) {
        out[i] = speaks[i] ? ZW_REACH_YES : out[i];
    }
}

zw_status zw_reach_of(const zw_reach *reach, zw_node_id id, zw_reach_is *out, zw_err *err)
{
    bool *is_under = calloc((size_t)id + 1, sizeof(bool));
    if (is_under == NULL) {
        return zw_err_nomem(err);
    }
    bool is_elsewhere = false;
    bool has_measure = false;
    for (size_t i = 0; i < reach->pack->area_count; i++) {
        out[i] = ZW_REACH_NO;
    }
    is_under[id] = true;
    for (zw_node_id i = id + 1; i-- > 0;) { /* kids come before parents: each is met once */
        const zw_node *node = zw_pack_node(reach->pack, i);
        for (unsigned slot = 0; is_under[i] && slot < node->kid_count; slot++) {
            is_under[node->kid[slot]] = true;
        }
        is_elsewhere = is_elsewhere || (is_under[i] && looks_elsewhere(node));
        if (is_under[i] && node->op == ZW_OP_MEASURE) {
            has_measure = true;
            add_measure(reach, node->ref, out);
        }
    }
    for (size_t i = 0; (is_elsewhere || !has_measure) && i < reach->pack->area_count; i++) {
        out[i] = ZW_REACH_PERHAPS;
    }
    free(is_under);
    return ZW_OK;
}
