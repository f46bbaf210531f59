/* An account in JSON. A tree is written from its first value down; what was written before is named
 * by its number, so the text is no longer than the tree is large. */
#include "serve/explained.h"

#include "intake/batch.h"
#include "serve/shape.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 1024 * 1024, DEPTH_MOST = 200 };

/* A tree being written. */
struct writing {
    zw_json *json;
    const zw_tree *tree;
    const zw_pack *pack;
    const zw_store *store;
    bool *is_written; /* by twig */
};

static void put_dims(zw_json *json, const char *key, const char *dims)
{
    zw_buf text;
    zw_dim dim;
    zw_buf_init(&text, TEXT_BYTES);
    zw_json_open(json, key, '{');
    for (const char *at = dims; zw_dims_next(&at, &dim);) {
        zw_buf_clear(&text);
        zw_buf_append(&text, dim.name.at, dim.name.len);
        zw_buf_putc(&text, '\0');
        size_t value = text.len;
        zw_buf_append(&text, dim.value.at, dim.value.len);
        zw_json_text(json, zw_buf_view(&text), text.has_failed ? "" : text.data + value);
    }
    zw_json_close(json, '}');
    json->out->has_failed = json->out->has_failed || text.has_failed;
    zw_buf_fini(&text);
}

static void put_where(const struct writing *to, zw_node_id node)
{
    zw_buf where;
    zw_buf_init(&where, TEXT_BYTES);
    zw_tree_where(to->pack, node, &where);
    zw_json_words(to->json, "where", zw_buf_view(&where));
    zw_buf_fini(&where);
}

static void put_delivery(const struct writing *to, int64_t batch, uint32_t line, const char *text,
                         const zw_tz *tz)
{
    const zw_delivery *delivery = zw_store_delivery_by_id(to->store, batch);
    zw_json_integer(to->json, "batch", batch);
    zw_json_text(to->json, "source", delivery != NULL ? delivery->source : NULL);
    zw_json_text(to->json, "file", delivery != NULL ? delivery->name : NULL);
    if (line > 0) {
        zw_json_integer(to->json, "line", line);
    } else {
        zw_json_null(to->json, "line");
    }
    zw_json_text(to->json, "text", text);
    zw_shape_moment(to->json, "arrived_at", tz,
                    delivery != NULL ? delivery->arrived_ms : ZW_NEVER_MS);
}

static void put_item(const struct writing *to, const zw_twig *twig, const zw_tree_item *item)
{
    const zw_tz *tz = zw_pack_calendar(to->pack, twig->area)->tz;
    bool is_here = item->area != ZW_NONE;
    zw_json_open(to->json, NULL, '{');
    zw_json_text(to->json, "item", item->name);
    zw_json_words(to->json, "state", item->state);
    zw_json_text(to->json, "area", is_here ? to->pack->areas[item->area].title.name : NULL);
    zw_shape_moment(to->json, "at", tz, item->row->at_ms);
    zw_shape_moment(to->json, "known_at", tz, item->row->known_at_ms);
    put_delivery(to, item->row->batch, item->row->line, item->text, tz);
    zw_json_close(to->json, '}');
}

static void put_figure(const struct writing *to, const zw_twig *twig, const zw_tree_figure *taken)
{
    const zw_series *series =
        zw_series_view(zw_store_series(zw_eval_world_of(to->tree->eval)->store), taken->series);
    const zw_figure *figure = &taken->figure;
    const zw_tz *tz = zw_pack_calendar(to->pack, twig->area)->tz;
    char status[2] = {zw_obs_status_letter((zw_obs_status)figure->status), '\0'};
    zw_cell cell = zw_cell_of(figure->value);
    cell.reason = taken->is_hidden                   ? ZW_REASON_HIDDEN
                  : figure->status == ZW_OBS_MISSING ? ZW_REASON_WITHDRAWN
                                                     : ZW_REASON_NONE;
    zw_json_open(to->json, NULL, '{');
    put_dims(to->json, "by", series->dims);
    zw_json_words(to->json, "scope", series->scope);
    zw_shape_value(to->json, "value", zw_pack_node(to->pack, twig->node), &cell);
    zw_shape_shown(to->json, "shown", zw_pack_node(to->pack, twig->node), &cell);
    zw_json_text(to->json, "status", status);
    zw_json_bool(to->json, "synthetic", figure->is_synthetic);
    zw_shape_moment(to->json, "known_at", tz, figure->known_at_ms);
    put_delivery(to, figure->batch, figure->line, taken->text, tz);
    zw_json_words(to->json, "said_source", zw_store_text_view(to->store, figure->source));
    zw_json_words(to->json, "note",
                  taken->is_hidden ? "" : zw_store_text_view(to->store, figure->note));
    zw_json_close(to->json, '}');
}

/* Of a target's path, how it was declared. */
static void put_path(const struct writing *to, const zw_twig *twig)
{
    const zw_node *node = zw_pack_node(to->pack, twig->node);
    zw_buf path;
    if (node->op == ZW_OP_TARGET_VALUE) {
        zw_buf_init(&path, TEXT_BYTES);
        zw_tree_path(to->pack, node->ref, twig->area, &path);
        zw_json_text(to->json, "path", zw_buf_view(&path));
        zw_buf_fini(&path);
    }
}

static void put_head(const struct writing *to, size_t number)
{
    const zw_twig *twig = &to->tree->twigs[number];
    const zw_node *node = zw_pack_node(to->pack, twig->node);
    const zw_calendar *calendar = zw_pack_calendar(to->pack, twig->area);
    const char *binding = zw_twig_binding(twig);
    zw_json_integer(to->json, "id", (int64_t)number);
    zw_shape_formula(to->json, "formula", to->pack, twig->node);
    zw_json_text(to->json, "op", zw_op_text(node->op));
    put_where(to, twig->node);
    put_path(to, twig);
    zw_json_text(to->json, "area", to->pack->areas[twig->area].title.name);
    zw_shape_period(to->json, "period", calendar, node, twig->period);
    put_dims(to->json, "narrowed", binding);
    if (twig->eval != to->tree->eval) {
        zw_shape_moment(to->json, "as_of", calendar->tz, zw_eval_as_of_ms(twig->eval));
    }
    zw_shape_unit(to->json, "unit", node);
    zw_shape_cell(to->json, twig->eval, node, twig->area, &twig->cell);
}

static void put_twig(const struct writing *to, const char *key, size_t number, int depth)
{
    const zw_twig *twig = &to->tree->twigs[number];
    zw_json_open(to->json, key, '{');
    if (to->is_written[number] || depth == DEPTH_MOST) {
        zw_json_integer(to->json, to->is_written[number] ? "see" : "deeper", (int64_t)number);
        zw_json_close(to->json, '}');
        return;
    }
    to->is_written[number] = true;
    put_head(to, number);
    zw_json_open(to->json, "inputs", '[');
    for (size_t i = 0; i < twig->input_count; i++) {
        put_twig(to, NULL, to->tree->inputs[twig->first_input + i], depth + 1);
    }
    zw_json_close(to->json, ']');
    zw_json_integer(to->json, "inputs_in_all", (int64_t)twig->inputs_in_all);
    zw_json_open(to->json, "figures", '[');
    for (size_t i = 0; i < twig->figure_count; i++) {
        put_figure(to, twig, &to->tree->figures[twig->first_figure + i]);
    }
    zw_json_close(to->json, ']');
    if (twig->items_in_all > 0) {
        zw_json_open(to->json, "items", '[');
        for (size_t i = 0; i < twig->item_count; i++) {
            put_item(to, twig, &to->tree->items[twig->first_item + i]);
        }
        zw_json_close(to->json, ']');
        zw_json_integer(to->json, "items_in_all", (int64_t)twig->items_in_all);
    }
    zw_json_close(to->json, '}');
}

static void put_part(zw_json *json, const zw_eval *eval, const zw_account_part *part)
{
    const zw_eval_world *world = zw_eval_world_of(eval);
    struct writing to = {json, part->tree, world->pack, world->store, NULL};
    to.is_written = calloc(part->tree->count, sizeof(*to.is_written));
    if (to.is_written == NULL) {
        json->out->has_failed = true;
        return;
    }
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "what", part->what);
    put_twig(&to, "tree", 0, 0);
    zw_json_close(json, '}');
    free(to.is_written);
}

static void put_verdict(zw_json *json, const zw_eval *eval, const zw_account *account)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    const zw_target *target = &pack->targets[account->index];
    const zw_dated *dated = &target->dated[account->dated];
    const zw_node *node = zw_pack_node(pack, target->expr);
    const zw_judged *judged = &account->judged;
    zw_cell goal = zw_cell_of(dated->value);
    zw_cell earlier = zw_cell_of(judged->earlier);
    bool is_told = judged->has_earlier && judged->actual.reason != ZW_REASON_HIDDEN;
    char when[48];
    zw_json_open(json, "verdict", '{');
    zw_json_text(json, "period",
                 zw_period_text(zw_pack_calendar(pack, account->area), dated->when.grid,
                                dated->when.period, when, sizeof(when)));
    zw_json_text(json, "verdict", zw_verdict_text(judged->verdict));
    zw_json_text(json, "compare", zw_compare_text(target->compare));
    zw_shape_value(json, "goal", node, &goal);
    zw_shape_shown(json, "goal_shown", node, &goal);
    earlier.reason = is_told ? ZW_REASON_NONE : ZW_REASON_NO_FIGURE;
    zw_shape_value(json, "earlier", node, &earlier);
    zw_shape_shown(json, "earlier_shown", node, &earlier);
    zw_json_close(json, '}');
}

static void put_state(zw_json *json, const zw_eval *eval, const zw_account *account)
{
    const zw_tz *tz = zw_pack_calendar(zw_eval_world_of(eval)->pack, account->area)->tz;
    bool has_moved = account->move_count > 0;
    zw_json_text(json, "state", zw_alert_state_text(&account->state));
    zw_shape_moment(json, "since", tz, has_moved ? account->state.since_ms : ZW_NEVER_MS);
    zw_json_open(json, "moves", '[');
    for (size_t i = 0; i < account->move_count; i++) {
        const zw_account_move *move = &account->moves[i];
        zw_json_open(json, NULL, '{');
        zw_json_text(json, "state", move->state);
        zw_shape_moment(json, "at", tz, move->at_ms);
        zw_shape_moment(json, "recorded_at", tz, move->recorded_ms);
        zw_json_raw(json, "evidence", move->evidence);
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
    zw_json_integer(json, "moves_in_all", (int64_t)account->moves_in_all);
}

/* What is asked first: the value itself. */
static void put_answer(zw_json *json, const zw_account *account, const zw_pack *pack)
{
    const zw_twig *top = &account->parts[0].tree->twigs[0];
    const zw_node *node = zw_pack_node(pack, top->node);
    zw_shape_period(json, "period", zw_pack_calendar(pack, account->area), node, top->period);
    zw_shape_unit(json, "unit", node);
    zw_shape_cell(json, top->eval, node, top->area, &top->cell);
}

void zw_explained_put(zw_json *json, const char *key, const zw_eval *eval,
                      const zw_account *account)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    zw_json_open(json, key, '{');
    zw_json_text(json, "name", account->name);
    zw_json_text(json, "is",
                 account->noun != ZW_NOUN_NONE ? zw_noun_text(account->noun) : "expression");
    if (account->title != NULL) {
        zw_shape_title(json, "title", account->title);
    }
    zw_json_text(json, "area", pack->areas[account->area].title.name);
    zw_shape_moment(json, "as_of", zw_pack_calendar(pack, account->area)->tz, account->as_of_ms);
    zw_json_open(json, "pack", '{');
    zw_json_text(json, "name", zw_shape_pack_name(pack));
    zw_json_text(json, "digest", pack->digest);
    zw_json_close(json, '}');
    if (account->count > 0) {
        put_answer(json, account, pack);
    }
    if (account->has_verdict) {
        put_verdict(json, eval, account);
    }
    if (account->noun == ZW_NOUN_ALERT) {
        put_state(json, eval, account);
    }
    zw_json_open(json, "parts", '[');
    for (size_t i = 0; i < account->count; i++) {
        put_part(json, eval, &account->parts[i]);
    }
    zw_json_close(json, ']');
    zw_json_close(json, '}');
}
