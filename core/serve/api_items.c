/* `GET /api/v1/items`: how the items of registers stand at a moment, as known then. */
#include "serve/api_parts.h"
#include "serve/params.h"
#include "serve/shape.h"

static void put_field(zw_json *json, const zw_register_field *field, const char *text)
{
    double value = 0;
    if (text[0] == '\0') {
        return;
    }
    if (field->is == ZW_REGISTER_NUMBER && zw_text_number(zw_text_of(text), &value)) {
        zw_json_number(json, field->name, value);
    } else {
        zw_json_text(json, field->name, text);
    }
}

/* @param area  where it stands; ZW_NONE when the pack does not have the area (any more). */
static void put_item(zw_json *json, const zw_ask *ask, const zw_register *reg, const char *name,
                     const zw_item_standing *standing, uint32_t area)
{
    const zw_pack *pack = ask->world->pack;
    const zw_tz *tz = area != ZW_NONE ? zw_pack_calendar(pack, area)->tz : zw_ask_tz(ask);
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "register", reg->title.name);
    zw_json_text(json, "item", name);
    zw_json_words(json, "area", area != ZW_NONE ? pack->areas[area].title.name : standing->area);
    zw_json_words(json, "state", standing->state);
    zw_json_open(json, "fields", '{');
    for (size_t i = 0; i < reg->field_count; i++) {
        put_field(json, &reg->fields[i], zw_item_field_of(standing, reg->fields[i].name));
    }
    zw_json_close(json, '}');
    zw_shape_moment(json, "came", tz, standing->came_ms);
    zw_shape_moment(json, "since", tz, standing->since_ms);
    zw_shape_moment(json, "till", tz, standing->left_ms);
    zw_shape_moment(json, "known_at", tz, standing->known_at_ms);
    zw_json_bool(json, "synthetic", standing->is_synthetic);
    zw_json_close(json, '}');
}

/* Where an item stands: of which nobody said where stands in the only zone. */
static uint32_t area_of(const zw_pack *pack, const zw_item_standing *standing)
{
    return standing->area[0] != '\0' ? zw_pack_area(pack, zw_text_of(standing->area), NULL)
                                     : zw_pack_only_zone(pack);
}

static void put_items(zw_json *json, const zw_ask *ask, const zw_register *reg)
{
    const zw_items *items = zw_store_items(ask->world->store);
    const zw_item_id *ids = NULL;
    size_t count = zw_items_of(items, zw_items_register(items, reg->title.name), &ids);
    for (size_t i = 0; i < count; i++) {
        zw_item_standing standing;
        zw_item_at(items, ids[i], ask->as_of_ms, ask->as_of_ms, &standing);
        uint32_t area = area_of(ask->world->pack, &standing);
        bool is_asked = ask->area == ZW_NONE || (area != ZW_NONE && zw_ask_is_about(ask, area));
        if (standing.is_known && is_asked) {
            put_item(json, ask, reg, zw_items_name(items, ids[i]), &standing, area);
        }
    }
}

zw_status zw_api_items(zw_ask *ask, zw_buf *data, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    const char *name = zw_http_request_query(ask->request, "register");
    uint32_t only = ZW_NONE;
    if (name != NULL) {
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(name));
        only = zw_pack_register(pack, zw_text_of(name), &nearest);
        if (only == ZW_NONE) {
            return zw_params_unknown("register", name, &nearest, err);
        }
    }
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '[');
    for (uint32_t r = 0; r < pack->register_count; r++) {
        if (only == ZW_NONE || only == r) {
            put_items(&json, ask, &pack->registers[r]);
        }
    }
    zw_json_close(&json, ']');
    return ZW_OK;
}
