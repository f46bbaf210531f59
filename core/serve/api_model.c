/* `/api/v1/model` and `/api/v1/measures`: what the pack declares. */
#include "serve/api_parts.h"
#include "serve/shape.h"

#include <stdio.h>

static const char *kind_text(zw_kind kind)
{
    static const char *const texts[] = {
        [ZW_KIND_FLOW] = "flow", [ZW_KIND_YTD] = "ytd",     [ZW_KIND_STOCK] = "stock",
        [ZW_KIND_RATE] = "rate", [ZW_KIND_GAUGE] = "gauge", [ZW_KIND_COUNTER] = "counter",
        [ZW_KIND_LAST] = "last"};
    return texts[kind];
}

/* How values add up over areas, where the pack says so itself. */
static const char *rollup_text(zw_how how)
{
    static const char *const texts[] = {
        [ZW_HOW_KIND] = NULL, [ZW_HOW_SUM] = "sum",    [ZW_HOW_MEAN] = "mean", [ZW_HOW_MAX] = "max",
        [ZW_HOW_MIN] = "min", [ZW_HOW_COUNT] = "none", [ZW_HOW_LAST] = "last"};
    return texts[how];
}

/* A length as the language writes it: of those a pack can write, only one part is not 0. */
static void put_length(zw_json *json, const char *key, bool has, zw_length length)
{
    char text[48];
    if (length.months != 0) {
        (void)snprintf(text, sizeof(text), "%d months", (int)length.months);
    } else if (length.workdays != 0) {
        (void)snprintf(text, sizeof(text), "%dwd", (int)length.workdays);
    } else if (length.days != 0) {
        (void)snprintf(text, sizeof(text), "%dd", (int)length.days);
    } else {
        (void)snprintf(text, sizeof(text), "%llds", (long long)length.ms / 1000);
    }
    zw_json_text(json, key, has ? text : NULL);
}

static void put_months(zw_json *json, const char *key, uint32_t months)
{
    zw_json_open(json, key, '[');
    for (int month = 1; month <= 12; month++) {
        if ((months >> month & 1U) != 0) {
            zw_json_integer(json, NULL, month);
        }
    }
    zw_json_close(json, ']');
}

/* A first period as the pack wrote it; "" when it did not. */
static void since_text(const zw_pack *pack, bool has, const zw_stamp *since, char *out, size_t size)
{
    if (has && since->is == ZW_STAMP_PERIOD) {
        zw_period_text(zw_pack_calendar(pack, 0), since->grid, since->period, out, size);
    }
}

static void put_measure(zw_json *json, const zw_pack *pack, const zw_measure *measure)
{
    char show[ZW_UNIT_WORD_BYTES + 16];
    char since[48] = "";
    since_text(pack, measure->has_since, &measure->since, since, sizeof(since));
    zw_json_open(json, NULL, '{');
    zw_shape_head(json, &measure->title);
    zw_json_text(json, "kind", kind_text(measure->kind));
    zw_json_text(json, "unit", measure->unit_text);
    zw_json_text(json, "show", zw_unit_text(&measure->show, show, sizeof(show)));
    zw_shape_every(json, "every", zw_pack_node(pack, measure->node));
    zw_shape_texts(json, "by", measure->dims);
    if (measure->accepts_any) {
        zw_json_text(json, "accept", "any");
        zw_json_integer(json, "limit", measure->limit);
    }
    if (measure->has_areas) {
        zw_shape_areas(json, "areas", pack, measure->areas);
    } else {
        zw_json_null(json, "areas");
    }
    zw_json_words(json, "since", since);
    put_length(json, "due", measure->has_due, measure->due);
    put_months(json, "skip_months", measure->skip_months);
    zw_json_bool(json, "partial", measure->is_partial);
    zw_json_text(json, "rollup", rollup_text(measure->rollup));
    zw_shape_texts(json, "aliases", measure->aliases);
    zw_json_close(json, '}');
}

static void put_measures(zw_json *json, const char *key, const zw_pack *pack)
{
    zw_json_open(json, key, '[');
    for (size_t i = 0; i < pack->measure_count; i++) {
        put_measure(json, pack, &pack->measures[i]);
    }
    zw_json_close(json, ']');
}

static void put_fields(zw_json *json, const zw_register *reg)
{
    static const char *const kinds[] = {
        [ZW_REGISTER_TEXT] = "text", [ZW_REGISTER_NUMBER] = "number", [ZW_REGISTER_DATE] = "date"};
    zw_json_open(json, "fields", '[');
    for (size_t i = 0; i < reg->field_count; i++) {
        const zw_register_field *field = &reg->fields[i];
        zw_json_open(json, NULL, '{');
        zw_json_text(json, "name", field->name);
        zw_json_text(json, "is", kinds[field->is]);
        zw_json_text(json, "unit", field->is == ZW_REGISTER_NUMBER ? field->unit_text : NULL);
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}

/* The states in their order, or only those that are done. */
static void put_states(zw_json *json, const char *key, const zw_register *reg, uint32_t which)
{
    zw_json_open(json, key, '[');
    for (size_t i = 0; i < reg->state_count; i++) {
        if ((which >> i & 1U) != 0) {
            zw_json_text(json, NULL, reg->states[i]);
        }
    }
    zw_json_close(json, ']');
}

static void put_register(zw_json *json, const zw_pack *pack, const zw_register *reg)
{
    char text[48] = "";
    zw_json_open(json, NULL, '{');
    zw_shape_head(json, &reg->title);
    put_fields(json, reg);
    put_states(json, "states", reg, UINT32_MAX);
    put_states(json, "done", reg, reg->done);
    zw_json_text(json, "deadline", reg->deadline);
    zw_json_text(json, "every", zw_grid_name(reg->grid, text, sizeof(text)));
    if (reg->has_areas) {
        zw_shape_areas(json, "areas", pack, (zw_list){reg->areas, reg->area_count});
    } else {
        zw_json_null(json, "areas");
    }
    text[0] = '\0';
    since_text(pack, reg->has_since, &reg->since, text, sizeof(text));
    zw_json_words(json, "since", text);
    put_length(json, "due", reg->has_due, reg->due);
    zw_json_close(json, '}');
}

static void put_registers(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "registers", '[');
    for (size_t i = 0; i < pack->register_count; i++) {
        put_register(json, pack, &pack->registers[i]);
    }
    zw_json_close(json, ']');
}

static void put_indicators(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "indicators", '[');
    for (size_t i = 0; i < pack->indicator_count; i++) {
        const zw_indicator *indicator = &pack->indicators[i];
        const zw_node *node = zw_pack_node(pack, indicator->node);
        zw_json_open(json, NULL, '{');
        zw_shape_head(json, &indicator->title);
        zw_shape_formula(json, "formula", pack, indicator->formula);
        zw_shape_unit(json, "unit", node);
        zw_shape_every(json, "every", node);
        zw_json_text(json, "rollup", rollup_text(indicator->rollup));
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}

static void put_targets(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "targets", '[');
    for (size_t i = 0; i < pack->target_count; i++) {
        const zw_target *target = &pack->targets[i];
        zw_json_open(json, NULL, '{');
        zw_shape_head(json, &target->title);
        zw_shape_formula(json, "formula", pack, target->expr);
        zw_json_text(json, "compare",
                     target->has_compare ? zw_compare_text(target->compare) : NULL);
        zw_json_text(json, "path", zw_path_text(target->path));
        zw_shape_areas(json, "each", pack, (zw_list){target->each, target->each_count});
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}

/* The areas, or the register of whose items each is meant. */
static void put_each(zw_json *json, const zw_pack *pack, zw_list areas, bool has_items,
                     uint32_t items)
{
    if (has_items) {
        zw_json_text(json, "each", pack->registers[items].title.name);
    } else {
        zw_shape_areas(json, "each", pack, areas);
    }
}

static void put_rules(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "rules", '[');
    for (size_t i = 0; i < pack->rule_count; i++) {
        const zw_rule *rule = &pack->rules[i];
        zw_json_open(json, NULL, '{');
        zw_shape_head(json, &rule->title);
        zw_shape_formula(json, "must", pack, rule->must);
        zw_shape_formula(json, "should", pack, rule->should);
        put_each(json, pack, rule->each, rule->has_items, rule->items);
        zw_json_words(json, "why", rule->why);
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}

/* Of a guard, whose critical truth is `hold` and whose warning one `warn`: what it judges. */
static void put_guarded(zw_json *json, const zw_pack *pack, const zw_alert *alert)
{
    zw_json_open(json, "on", '[');
    for (size_t i = 0; i < alert->on.count; i++) {
        zw_json_text(json, NULL, pack->measures[alert->on.at[i]].title.name);
    }
    for (size_t i = 0; i < alert->on_registers.count; i++) {
        zw_json_text(json, NULL, pack->registers[alert->on_registers.at[i]].title.name);
    }
    zw_json_close(json, ']');
}

static void put_alert(zw_json *json, const zw_pack *pack, const zw_alert *alert)
{
    static const char *const policies[] = {
        [ZW_MISSING_KEEP] = "keep", [ZW_MISSING_FIRE] = "fire", [ZW_MISSING_CLEAR] = "clear"};
    zw_json_open(json, NULL, '{');
    zw_shape_head(json, &alert->title);
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        zw_shape_formula(json, zw_severity_text((zw_severity)s), pack, alert->when[s]);
    }
    zw_shape_formula(json, "clear", pack, alert->clear);
    put_guarded(json, pack, alert);
    put_each(json, pack, alert->each, alert->has_items, alert->items);
    zw_json_text(json, "per", alert->is_per_period ? "period" : NULL);
    if (alert->hold_periods > 0) {
        zw_json_integer(json, "hold_periods", alert->hold_periods);
    } else {
        put_length(json, "hold", alert->has_hold, alert->hold);
    }
    zw_json_text(json, "missing", policies[alert->missing]);
    zw_json_close(json, '}');
}

static void put_alerts(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "alerts", '[');
    for (size_t i = 0; i < pack->alert_count; i++) {
        put_alert(json, pack, &pack->alerts[i]);
    }
    zw_json_close(json, ']');
}

static void put_zones(zw_json *json, const zw_pack *pack)
{
    zw_json_open(json, "zones", '[');
    for (size_t i = 0; i < pack->area_count; i++) {
        const zw_area *area = &pack->areas[i];
        if (area->is_zone) {
            zw_json_open(json, NULL, '{');
            zw_shape_head(json, &area->title);
            zw_json_text(json, "timezone", zw_tz_name(area->calendar.tz));
            zw_json_words(json, "currency", area->currency);
            zw_json_close(json, '}');
        }
    }
    zw_json_close(json, ']');
}

static bool has_synthetic(const zw_store *store)
{
    for (size_t i = 0; i < zw_store_delivery_count(store); i++) {
        if (zw_store_delivery(store, i)->is_synthetic) {
            return true;
        }
    }
    return false;
}

zw_status zw_api_model(zw_ask *ask, zw_buf *data, zw_err *err)
{
    (void)err;
    const zw_pack *pack = ask->world->pack;
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '{');
    zw_json_open(&json, "pack", '{');
    zw_json_text(&json, "name", zw_shape_pack_name(pack));
    zw_json_text(&json, "hash", pack->digest);
    zw_json_close(&json, '}');
    zw_shape_moment(&json, "as_of", zw_ask_tz(ask), ask->as_of_ms);
    zw_json_bool(&json, "synthetic", has_synthetic(ask->world->store));
    put_zones(&json, pack);
    put_measures(&json, "measures", pack);
    put_registers(&json, pack);
    put_indicators(&json, pack);
    put_targets(&json, pack);
    put_rules(&json, pack);
    put_alerts(&json, pack);
    zw_json_close(&json, '}');
    return ZW_OK;
}

zw_status zw_api_measures(zw_ask *ask, zw_buf *data, zw_err *err)
{
    (void)err;
    zw_json json = zw_json_of(data);
    put_measures(&json, NULL, ask->world->pack);
    return ZW_OK;
}
