/* Shapes that several answers share. */
#include "serve/shape.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_CEILING = 1 << 20 };

void zw_shape_title(zw_json *json, const char *key, const zw_title *title)
{
    zw_json_open(json, key, '{');
    zw_json_text(json, "en", title->en);
    zw_json_text(json, "zh", title->zh);
    zw_json_close(json, '}');
}

void zw_shape_head(zw_json *json, const zw_title *title)
{
    zw_json_text(json, "name", title->name);
    zw_shape_title(json, "title", title);
    zw_json_words(json, "note", title->note);
}

void zw_shape_moment(zw_json *json, const char *key, const zw_tz *tz, int64_t at_ms)
{
    char text[48];
    bool is_one = at_ms != ZW_NEVER_MS && at_ms != INT64_MIN;
    zw_json_text(json, key, is_one ? zw_moment_text(tz, at_ms, text, sizeof(text)) : NULL);
}

void zw_shape_unit(zw_json *json, const char *key, const zw_node *node)
{
    char text[ZW_UNIT_WORD_BYTES + 16];
    zw_unit unit = node->unit;
    unit.scale = 1; /* also of "%": 0.5 with it would be read as half a percent */
    zw_json_text(json, key,
                 node->type == ZW_TYPE_NUMBER ? zw_unit_text(&unit, text, sizeof(text)) : NULL);
}

void zw_shape_every(zw_json *json, const char *key, const zw_node *node)
{
    char text[24];
    zw_json_text(json, key, node->has_grid ? zw_grid_name(node->grid, text, sizeof(text)) : NULL);
}

void zw_shape_period(zw_json *json, const char *key, const zw_calendar *calendar,
                     const zw_node *node, zw_period period)
{
    char text[48];
    zw_json_text(json, key,
                 node->has_grid ? zw_period_text(calendar, node->grid, period, text, sizeof(text))
                                : NULL);
}

void zw_shape_value(zw_json *json, const char *key, const zw_node *node, const zw_cell *cell)
{
    if (!zw_cell_stands(cell)) {
        zw_json_null(json, key);
    } else if (node->type == ZW_TYPE_TRUTH) {
        zw_json_bool(json, key, cell->value != 0);
    } else {
        zw_json_number(json, key, cell->value);
    }
}

void zw_shape_shown(zw_json *json, const char *key, const zw_node *node, const zw_cell *cell)
{
    char text[160];
    if (cell->reason == ZW_REASON_HIDDEN) {
        zw_json_text(json, key, zw_reason_text(ZW_REASON_HIDDEN));
    } else if (!zw_cell_stands(cell)) {
        zw_json_null(json, key);
    } else if (node->type == ZW_TYPE_TRUTH) {
        zw_json_text(json, key, cell->value != 0 ? "true" : "false");
    } else {
        zw_json_text(json, key, zw_unit_show(cell->value, &node->show, text, sizeof(text)));
    }
}

void zw_shape_why(zw_json *json, const char *key, const zw_eval *eval, uint32_t area,
                  const zw_cell *cell)
{
    if (zw_cell_stands(cell)) {
        zw_json_null(json, key);
        return;
    }
    zw_buf why;
    zw_buf_init(&why, TEXT_CEILING);
    zw_eval_why(eval, area, cell, &why);
    zw_json_text(json, key, zw_buf_view(&why));
    json->out->has_failed = json->out->has_failed || why.has_failed;
    zw_buf_fini(&why);
}

static const char *status_of(const zw_cell *cell)
{
    if (!zw_cell_stands(cell)) {
        return cell->reason == ZW_REASON_WITHDRAWN ? "M" : NULL;
    }
    return (cell->marks & ZW_MARK_FORECAST) != 0      ? "F"
           : (cell->marks & ZW_MARK_ESTIMATED) != 0   ? "E"
           : (cell->marks & ZW_MARK_PROVISIONAL) != 0 ? "P"
                                                      : "A";
}

void zw_shape_marks(zw_json *json, const zw_cell *cell)
{
    zw_json_text(json, "status", status_of(cell));
    zw_json_bool(json, "synthetic", (cell->marks & ZW_MARK_SYNTHETIC) != 0);
}

static void put_complete(zw_json *json, const zw_cell *cell)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%u/%u", (unsigned)cell->in, (unsigned)cell->of);
    zw_json_text(json, "complete", cell->of > 0 ? text : NULL);
}

void zw_shape_cell(zw_json *json, const zw_eval *eval, const zw_node *node, uint32_t area,
                   const zw_cell *cell)
{
    const zw_tz *tz = zw_pack_calendar(zw_eval_world_of(eval)->pack, area)->tz;
    if (node->type == ZW_TYPE_TEXT && zw_cell_stands(cell)) {
        zw_json_text(json, "value", zw_eval_text(eval, cell));
        zw_json_text(json, "shown", zw_eval_text(eval, cell));
    } else {
        zw_shape_value(json, "value", node, cell);
        zw_shape_shown(json, "shown", node, cell);
    }
    zw_shape_marks(json, cell);
    put_complete(json, cell);
    zw_json_integer(json, "span", cell->span);
    zw_shape_moment(json, "known_at", tz, cell->known_at_ms);
    zw_shape_why(json, "why", eval, area, cell);
}

void zw_shape_areas(zw_json *json, const char *key, const zw_pack *pack, zw_list areas)
{
    zw_json_open(json, key, '[');
    for (size_t i = 0; i < areas.count; i++) {
        zw_json_text(json, NULL, pack->areas[areas.at[i]].title.name);
    }
    zw_json_close(json, ']');
}

void zw_shape_texts(zw_json *json, const char *key, zw_texts texts)
{
    zw_json_open(json, key, '[');
    for (size_t i = 0; i < texts.count; i++) {
        zw_json_text(json, NULL, texts.at[i]);
    }
    zw_json_close(json, ']');
}

void zw_shape_formula(zw_json *json, const char *key, const zw_pack *pack, zw_node_id node)
{
    if (node == ZW_NODE_NONE) {
        zw_json_null(json, key);
        return;
    }
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    zw_formula_text(pack, node, &text);
    zw_json_text(json, key, zw_buf_view(&text));
    zw_buf_fini(&text);
}

const char *zw_shape_pack_name(const zw_pack *pack)
{
    const char *slash = strrchr(pack->folder, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : pack->folder;
}

void zw_shape_rule(zw_json *json, const zw_eval *eval, uint32_t index, uint32_t area,
                   const zw_rule_state *state)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    const zw_rule *rule = &pack->rules[index];
    zw_json_text(json, "name", rule->title.name);
    zw_shape_title(json, "title", &rule->title);
    zw_json_text(json, "state", zw_rule_text(state->is));
    if (state->has_front) {
        zw_shape_period(json, "period", zw_pack_calendar(pack, area),
                        zw_pack_node(pack, state->node), state->front);
    } else {
        zw_json_null(json, "period");
    }
    if (state->is == ZW_RULE_UNKNOWN) {
        zw_shape_why(json, "why", eval, area, &state->cell);
    } else {
        zw_json_words(json, "why", state->is != ZW_RULE_KEPT ? rule->why : NULL);
    }
}
