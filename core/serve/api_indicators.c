/* `/api/v1/indicators`: each indicator with its newest value at every area it speaks of. */
#include "serve/api_parts.h"
#include "serve/readings.h"
#include "serve/shape.h"

static zw_status put_values(const zw_ask *ask, const zw_readings *readings, uint32_t indicator,
                            zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_status status = ZW_OK;
    zw_json_open(json, "values", '[');
    for (uint32_t area = 0; status == ZW_OK && area < pack->area_count; area++) {
        zw_reading_at reading = {.is_shown = false};
        if (zw_ask_is_about(ask, area)) {
            status = zw_readings_at(readings, indicator, area, &reading, err);
        }
        if (status == ZW_OK && reading.is_shown) {
            zw_json_open(json, NULL, '{');
            zw_json_text(json, "area", pack->areas[area].title.name);
            zw_readings_put(ask->eval, indicator, area, &reading, json);
            zw_json_close(json, '}');
        }
    }
    zw_json_close(json, ']');
    return status;
}

zw_status zw_api_indicators(zw_ask *ask, zw_buf *data, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_readings *readings = NULL;
    zw_json json = zw_json_of(data);
    zw_status status = zw_readings_create(ask->eval, &readings, err);
    zw_json_open(&json, NULL, '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->indicator_count; i++) {
        zw_json_open(&json, NULL, '{');
        zw_shape_head(&json, &pack->indicators[i].title);
        zw_shape_formula(&json, "formula", pack, pack->indicators[i].formula);
        zw_shape_unit(&json, "unit", zw_pack_node(pack, pack->indicators[i].node));
        zw_shape_every(&json, "every", zw_pack_node(pack, pack->indicators[i].node));
        status = put_values(ask, readings, i, &json, err);
        zw_json_close(&json, '}');
    }
    zw_json_close(&json, ']');
    zw_readings_destroy(readings);
    return status;
}
