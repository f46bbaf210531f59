/*
 * `/api/v1/targets`: each target at each of its areas: its goals with their verdicts, and where it
 * stands now on the way to the next.
 */
#include "serve/api_parts.h"
#include "serve/shape.h"

#include <stdio.h>

/* A target at an area. */
struct place {
    const zw_ask *ask;
    const zw_pack *pack;
    const zw_calendar *calendar;
    const zw_target *target;
    uint32_t index, area;
};

static void put_number(zw_json *json, const char *key, const char *shown_key, const zw_node *node,
                       double value)
{
    zw_cell cell = zw_cell_of(value);
    zw_shape_value(json, key, node, &cell);
    zw_shape_shown(json, shown_key, node, &cell);
}

/* A verdict is explained when it stands on nothing yet, or when an earlier vintage said otherwise.
 * Of a period that still runs there is nothing to explain. */
static void put_why(const struct place *place, const zw_judged *judged, zw_json *json)
{
    char shown[160];
    char text[200];
    if (judged->verdict == ZW_VERDICT_DUE_AWAITING_DATA) {
        zw_shape_why(json, "why", place->ask->eval, place->area, &judged->actual);
        return;
    }
    if (judged->has_earlier && judged->actual.reason != ZW_REASON_HIDDEN) {
        const zw_node *node = zw_pack_node(place->pack, place->target->expr);
        (void)snprintf(text, sizeof(text), "reported earlier as %s",
                       zw_unit_show(judged->earlier, &node->show, shown, sizeof(shown)));
    }
    if (judged->actual.reason == ZW_REASON_HIDDEN) {
        zw_shape_why(json, "why", place->ask->eval, place->area, &judged->actual);
    } else {
        zw_json_text(json, "why", judged->has_earlier ? text : NULL);
    }
}

static zw_status put_goal(const struct place *place, size_t dated, zw_json *json, zw_err *err)
{
    const zw_target *target = place->target;
    const zw_dated *goal = &target->dated[dated];
    char when[48];
    zw_judged judged;
    zw_status status =
        zw_eval_verdict(place->ask->eval, place->index, place->area, dated, &judged, err);
    if (status == ZW_OK && target->expr != ZW_NODE_NONE) {
        status = zw_eval_veil(place->ask->eval, target->expr, place->area, goal->at, &judged.actual,
                              err);
    }
    if (status != ZW_OK) {
        return status;
    }
    zw_json_open(json, NULL, '{');
    zw_json_text(
        json, "period",
        zw_period_text(place->calendar, goal->when.grid, goal->when.period, when, sizeof(when)));
    zw_json_text(json, "compare", target->has_compare ? zw_compare_text(target->compare) : NULL);
    zw_json_text(json, "verdict", zw_verdict_text(judged.verdict));
    if (target->expr != ZW_NODE_NONE) {
        const zw_node *node = zw_pack_node(place->pack, target->expr);
        put_number(json, "value", "shown", node, goal->value);
        zw_shape_value(json, "actual", node, &judged.actual);
        zw_shape_shown(json, "actual_shown", node, &judged.actual);
        zw_shape_marks(json, &judged.actual);
        put_why(place, &judged, json);
    } else {
        zw_json_number(json, "value", goal->value);
    }
    zw_json_close(json, '}');
    return ZW_OK;
}

/* One of the target's own nodes in the period that a figure was last known of. */
static zw_status put_at(const struct place *place, const char *key, const char *shown_key,
                        zw_node_id id, zw_period followed, zw_json *json, zw_cell *cell,
                        zw_err *err)
{
    const zw_node *node = zw_pack_node(place->pack, id);
    zw_grid follow = zw_pack_node(place->pack, place->target->follow)->grid;
    zw_period p = node->has_grid && !zw_grid_same(node->grid, follow)
                      ? zw_graph_last(place->calendar, follow, followed, node->grid)
                      : followed;
    zw_status status = zw_eval_cell(place->ask->eval, id, place->area, p, cell, err);
    status =
        status == ZW_OK ? zw_eval_veil(place->ask->eval, id, place->area, p, cell, err) : status;
    node = zw_pack_node(place->pack, id);
    if (status == ZW_OK) {
        zw_shape_value(json, key, node, cell);
        zw_shape_shown(json, shown_key, node, cell);
    }
    return status;
}

static zw_status put_way(const struct place *place, const zw_front *newest, zw_json *json,
                         zw_err *err)
{
    const zw_target *target = place->target;
    zw_period p = newest->period;
    zw_cell path;
    zw_cell cell;
    zw_status status = put_at(place, "path", "path_shown", target->value, p, json, &path, err);
    status = status == ZW_OK ? put_at(place, "shortfall", "shortfall_shown", target->shortfall, p,
                                      json, &cell, err)
                             : status;
    status = status == ZW_OK ? put_at(place, "required_growth", "required_growth_shown",
                                      target->required_growth, p, json, &cell, err)
                             : status;
    if (status == ZW_OK && path.reason == ZW_REASON_NO_PATH) {
        zw_json_null(json, "why"); /* the last goal's date has passed: nothing is lacking */
    } else if (status == ZW_OK) {
        zw_shape_why(json, "why", place->ask->eval, place->area, &path);
    }
    return status;
}

/* Where the target stands in the newest period for which what it follows is known. */
static zw_status put_now(const struct place *place, zw_json *json, zw_err *err)
{
    const zw_target *target = place->target;
    if (target->expr == ZW_NODE_NONE) {
        zw_json_null(json, "now");
        return ZW_OK;
    }
    zw_front newest;
    zw_status status = zw_eval_newest(place->ask->eval, target->follow, place->area, &newest, err);
    status = status == ZW_OK ? zw_eval_veil(place->ask->eval, target->follow, place->area,
                                            newest.period, &newest.cell, err)
                             : status;
    if (status != ZW_OK) {
        return status;
    }
    const zw_node *node = zw_pack_node(place->pack, target->follow);
    zw_json_open(json, "now", '{');
    if (newest.has_period) {
        zw_shape_period(json, "period", place->calendar, node, newest.period);
    } else {
        zw_json_null(json, "period");
    }
    zw_shape_value(json, "actual", node, &newest.cell);
    zw_shape_shown(json, "actual_shown", node, &newest.cell);
    zw_shape_marks(json, &newest.cell);
    if (newest.has_period) {
        status = put_way(place, &newest, json, err);
    } else {
        zw_shape_why(json, "why", place->ask->eval, place->area, &newest.cell);
    }
    zw_json_close(json, '}');
    return status;
}

static zw_status put_target(const struct place *place, zw_json *json, zw_err *err)
{
    const zw_target *target = place->target;
    const zw_area *area = &place->pack->areas[place->area];
    zw_json_open(json, NULL, '{');
    zw_shape_head(json, &target->title);
    zw_json_text(json, "area", area->title.name);
    zw_shape_title(json, "area_title", &area->title);
    zw_json_text(json, "zone", place->pack->areas[area->zone].title.name);
    zw_shape_formula(json, "formula", place->pack, target->expr);
    if (target->expr != ZW_NODE_NONE) {
        zw_shape_unit(json, "unit", zw_pack_node(place->pack, target->expr));
    } else {
        zw_json_null(json, "unit");
    }
    zw_json_open(json, "goals", '[');
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < target->dated_count; i++) {
        status = put_goal(place, i, json, err);
    }
    zw_json_close(json, ']');
    status = status == ZW_OK ? put_now(place, json, err) : status;
    zw_json_close(json, '}');
    return status;
}

zw_status zw_api_targets(zw_ask *ask, zw_buf *data, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_status status = ZW_OK;
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->target_count; i++) {
        const zw_target *target = &pack->targets[i];
        for (size_t a = 0; status == ZW_OK && a < target->each_count; a++) {
            uint32_t area = target->each[a];
            struct place place = {ask, pack, zw_pack_calendar(pack, area), target, i, area};
            if (zw_ask_is_about(ask, area)) {
                status = put_target(&place, &json, err);
            }
        }
    }
    zw_json_close(&json, ']');
    return status;
}
