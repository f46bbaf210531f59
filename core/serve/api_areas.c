/* `/api/v1/areas`: the tree of areas, each with its indicators and rules. */
#include "serve/api_parts.h"
#include "serve/readings.h"
#include "serve/shape.h"

static void put_attributes(zw_json *json, const zw_area *area)
{
    zw_json_open(json, "attributes", '{');
    for (size_t i = 0; i < area->attr_count; i++) {
        const zw_attr *attr = &area->attrs[i];
        if (attr->is_number) {
            zw_json_number(json, attr->name, attr->number);
        } else if (attr->texts.count == 1) {
            zw_json_text(json, attr->name, attr->texts.at[0]);
        } else {
            zw_shape_texts(json, attr->name, attr->texts);
        }
    }
    zw_json_close(json, '}');
}

static void put_place(zw_json *json, const zw_pack *pack, uint32_t index)
{
    const zw_area *area = &pack->areas[index];
    zw_shape_head(json, &area->title);
    zw_json_text(json, "zone", pack->areas[area->zone].title.name);
    zw_json_text(json, "parent",
                 area->parents.count > 0 ? pack->areas[area->parents.at[0]].title.name : NULL);
    zw_shape_areas(json, "parts", pack, area->parts);
    put_attributes(json, area);
}

static zw_status put_indicators(const zw_ask *ask, const zw_readings *readings, uint32_t area,
                                zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_status status = ZW_OK;
    zw_json_open(json, "indicators", '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->indicator_count; i++) {
        zw_reading_at reading;
        status = zw_readings_at(readings, i, area, &reading, err);
        if (status == ZW_OK && reading.is_shown) {
            zw_json_open(json, NULL, '{');
            zw_json_text(json, "name", pack->indicators[i].title.name);
            zw_shape_title(json, "title", &pack->indicators[i].title);
            zw_readings_put(ask->eval, i, area, &reading, json);
            zw_json_close(json, '}');
        }
    }
    zw_json_close(json, ']');
    return status;
}

static zw_status put_rules(const zw_ask *ask, uint32_t area, zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_status status = ZW_OK;
    zw_json_open(json, "rules", '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->rule_count; i++) {
        if (zw_list_has(pack->rules[i].each, area)) {
            zw_rule_state state;
            status = zw_rule_judge(ask->eval, i, area, &state, err);
            zw_json_open(json, NULL, '{');
            zw_shape_rule(json, ask->eval, i, area, &state);
            zw_json_close(json, '}');
        }
    }
    zw_json_close(json, ']');
    return status;
}

zw_status zw_api_areas(zw_ask *ask, zw_buf *data, zw_err *err)
{
    zw_readings *readings = NULL;
    zw_json json = zw_json_of(data);
    zw_status status = zw_readings_create(ask->eval, &readings, err);
    zw_json_open(&json, NULL, '[');
    for (uint32_t i = 0; status == ZW_OK && i < ask->world->pack->area_count; i++) {
        if (zw_ask_is_about(ask, i)) {
            zw_json_open(&json, NULL, '{');
            put_place(&json, ask->world->pack, i);
            status = put_indicators(ask, readings, i, &json, err);
            status = status == ZW_OK ? put_rules(ask, i, &json, err) : status;
            zw_json_close(&json, '}');
        }
    }
    zw_json_close(&json, ']');
    zw_readings_destroy(readings);
    return status;
}
