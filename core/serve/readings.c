/* The newest readings of indicators. */
#include "serve/readings.h"

#include "serve/shape.h"

#include <stdlib.h>

struct zw_readings {
    zw_eval *eval;
    size_t area_count;
    zw_reach_is *reach; /* by indicator, then area */
};

static const zw_pack *pack_of(const zw_eval *eval)
{
    return zw_eval_world_of(eval)->pack;
}

static zw_status fill_reach(zw_readings *readings, zw_err *err)
{
    const zw_pack *pack = pack_of(readings->eval);
    zw_reach *reach = NULL;
    zw_status status = zw_reach_create(pack, zw_eval_world_of(readings->eval)->store, &reach, err);
    for (size_t i = 0; status == ZW_OK && i < pack->indicator_count; i++) {
        status = zw_reach_of(reach, pack->indicators[i].node,
                             &readings->reach[i * readings->area_count], err);
    }
    zw_reach_destroy(reach);
    return status;
}

zw_status zw_readings_create(zw_eval *eval, zw_readings **out, zw_err *err)
{
    *out = NULL;
    zw_readings *readings = calloc(1, sizeof(*readings));
    if (readings == NULL) {
        return zw_err_nomem(err);
    }
    readings->eval = eval;
    readings->area_count = pack_of(eval)->area_count;
    size_t cells = pack_of(eval)->indicator_count * readings->area_count;
    readings->reach = calloc(cells > 0 ? cells : 1, sizeof(zw_reach_is));
    zw_status status = readings->reach != NULL ? fill_reach(readings, err) : zw_err_nomem(err);
    if (status != ZW_OK) {
        zw_readings_destroy(readings);
        return status;
    }
    *out = readings;
    return ZW_OK;
}

void zw_readings_destroy(zw_readings *readings)
{
    if (readings == NULL) {
        return;
    }
    free(readings->reach);
    free(readings);
}

static void take(zw_reading_at *out, const zw_front *front, bool has_grid)
{
    out->has_period = has_grid && front->has_period;
    out->period = front->period;
    out->cell = front->cell;
}

zw_status zw_readings_at(const zw_readings *readings, uint32_t indicator, uint32_t area,
                         zw_reading_at *out, zw_err *err)
{
    zw_reach_is reach = readings->reach[indicator * readings->area_count + area];
    *out = (zw_reading_at){.cell = zw_cell_missing(ZW_REASON_NO_FIGURE)};
    if (reach == ZW_REACH_NO) {
        return ZW_OK;
    }
    zw_node_id id = pack_of(readings->eval)->indicators[indicator].node;
    bool has_grid = zw_pack_node(pack_of(readings->eval), id)->has_grid;
    zw_front front;
    zw_status status = zw_eval_newest(readings->eval, id, area, &front, err);
    bool is_known = status == ZW_OK && zw_cell_stands(&front.cell);
    if (status == ZW_OK && !is_known && reach == ZW_REACH_YES) {
        status = zw_eval_front(readings->eval, id, area, &front, err);
    }
    if (status == ZW_OK) {
        bool is_broken =
            front.cell.reason == ZW_REASON_SCRIPT || front.cell.reason == ZW_REASON_LIMIT;
        out->is_shown = is_known || is_broken ||
                        (reach == ZW_REACH_YES && front.cell.reason != ZW_REASON_NOT_HERE);
        take(out, &front, has_grid);
        status = zw_eval_veil(readings->eval, id, area, front.period, &out->cell, err);
    }
    return status;
}

void zw_readings_put(const zw_eval *eval, uint32_t indicator, uint32_t area,
                     const zw_reading_at *reading, zw_json *json)
{
    const zw_pack *pack = pack_of(eval);
    const zw_node *node = zw_pack_node(pack, pack->indicators[indicator].node);
    if (reading->has_period) {
        zw_shape_period(json, "period", zw_pack_calendar(pack, area), node, reading->period);
    } else {
        zw_json_null(json, "period");
    }
    zw_shape_cell(json, eval, node, area, &reading->cell);
}
