/*
 * The facts of an alert. What a truth compares is its first comparison's left side; a truth about a
 * target speaks of the goal that comes next (or, a verdict, of its own); a truth about arrival of
 * the reports that lack.
 */
#include "alert/facts_inside.h"

#include "alert/basis.h"
#include "alert/judge.h"
#include "alert/spoken.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 64 * 1024, ARENA_CEILING = 256 * 1024 };

static bool is_target_op(zw_op op)
{
    return op >= ZW_OP_TARGET_VALUE && op <= ZW_OP_TARGET_PROJECTED;
}

/* Looks under a node for the first target it reads, left before right. */
static uint32_t find_target(const zw_pack *pack, zw_node_id id)
{
    const zw_node *node = zw_pack_node(pack, id);
    if (node->op == ZW_OP_VERDICT || is_target_op(node->op)) {
        return node->ref;
    }
    uint32_t found = ZW_NONE;
    for (unsigned slot = 0; found == ZW_NONE && slot < node->kid_count; slot++) {
        found = find_target(pack, node->kid[slot]);
    }
    return found;
}

static bool is_comparison(zw_op op)
{
    return op >= ZW_OP_OVER && op <= ZW_OP_WITHIN;
}

/* Descends through logic to the first truth that compares something. */
static void find_matter(const zw_pack *pack, zw_node_id id, zw_subject_matter *out)
{
    const zw_node *node = zw_pack_node(pack, id);
    while (node->kid_count > 0 && node->type == ZW_TYPE_TRUTH && !is_comparison(node->op)) {
        if (node->op == ZW_OP_VERDICT) {
            out->is_verdict = true;
            out->value = pack->targets[node->ref].expr;
            return;
        }
        out->is_late = node->op == ZW_OP_LATE;
        if (node->op == ZW_OP_GROUPS && out->groups == ZW_NODE_NONE) {
            out->groups = id;
        }
        if (zw_pack_node(pack, node->kid[0])->type != ZW_TYPE_TRUTH) {
            out->value = node->kid[0];
            return;
        }
        id = node->kid[0];
        node = zw_pack_node(pack, id);
    }
    if (is_comparison(node->op)) {
        out->value = node->kid[0];
        out->threshold = node->kid[1];
    }
}

static zw_subject_matter matter_of(const zw_pack *pack, zw_node_id truth)
{
    zw_subject_matter matter = {ZW_NODE_NONE, ZW_NODE_NONE, ZW_NODE_NONE, ZW_NONE, false, false};
    find_matter(pack, truth, &matter);
    matter.target = find_target(pack, truth);
    return matter;
}

void zw_facts_put_text(zw_gathering *in, const char *name, const char *text)
{
    if (in->count < ZW_FACTS_MOST) {
        in->facts[in->count++] = (zw_fact){.name = name, .text = text != NULL ? text : ""};
    }
}

void zw_facts_put_number(zw_gathering *in, const char *name, double value, const zw_unit *show)
{
    if (in->count < ZW_FACTS_MOST) {
        in->facts[in->count++] =
            (zw_fact){.name = name, .is_number = true, .number = value, .show = *show};
    }
}

void zw_facts_put_moment(zw_gathering *in, const char *name, int64_t at_ms)
{
    char text[48];
    zw_moment_text(zw_pack_calendar(in->pack, in->area)->tz, at_ms, text, sizeof(text));
    zw_facts_put_text(in, name,
                      zw_arena_text(in->arena, text, 10)); /* the day is what people name */
}

zw_period zw_facts_period_of(const zw_gathering *in, zw_node_id id)
{
    const zw_node *node = zw_pack_node(in->pack, id);
    if (!node->has_grid || zw_grid_same(node->grid, in->grid)) {
        return in->front;
    }
    return zw_graph_last(zw_pack_calendar(in->pack, in->area), in->grid, in->front, node->grid);
}

/* The value of an expression at the alert's front, or why there is none. */
static zw_status put_node(zw_gathering *in, const char *name, zw_node_id id, zw_err *err)
{
    const zw_node *node = zw_pack_node(in->pack, id);
    zw_period p = zw_facts_period_of(in, id);
    zw_unit show = node->show;
    zw_cell cell;
    zw_status status = zw_eval_cell(in->eval, id, in->area, p, &cell, err);
    status = status == ZW_OK ? zw_eval_veil(in->eval, id, in->area, p, &cell, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    in->is_synthetic = in->is_synthetic || (cell.marks & ZW_MARK_SYNTHETIC) != 0;
    if (zw_cell_stands(&cell) && zw_pack_node(in->pack, id)->type == ZW_TYPE_TEXT) {
        const char *text = zw_eval_text(in->eval, &cell);
        zw_facts_put_text(in, name, zw_arena_text(in->arena, text, strlen(text)));
        return ZW_OK;
    }
    if (zw_cell_stands(&cell)) {
        zw_facts_put_number(in, name, cell.value, &show);
        return ZW_OK;
    }
    if (cell.reason == ZW_REASON_HIDDEN) {
        zw_facts_put_text(in, name, in->is_zh ? "不公开" : zw_reason_text(ZW_REASON_HIDDEN));
        return ZW_OK;
    }
    zw_buf why;
    zw_buf_init(&why, TEXT_CEILING);
    zw_buf_puts(&why, in->is_zh ? "缺数: " : "missing: ");
    zw_eval_why(in->eval, in->area, &cell, &why);
    zw_facts_put_text(in, name, zw_arena_text(in->arena, zw_buf_view(&why), why.len));
    zw_buf_fini(&why);
    return ZW_OK;
}

const char *zw_facts_title(const zw_gathering *in, const zw_title *title)
{
    return in->is_zh ? title->zh : title->en;
}

/* The dated value a truth about a target speaks of: its own, or the next one from the front on. */
static const zw_dated *dated_of(const zw_gathering *in, const zw_target *target)
{
    const zw_calendar *calendar = zw_pack_calendar(in->pack, in->area);
    zw_grid follow = zw_pack_node(in->pack, target->follow)->grid;
    zw_grid judged = zw_pack_node(in->pack, target->expr)->grid;
    for (size_t i = 0; i < target->dated_count; i++) {
        const zw_dated *dated = &target->dated[i];
        zw_period at = in->matter.is_verdict
                           ? zw_graph_last(calendar, judged, dated->at, in->grid)
                           : zw_graph_last(calendar, follow, dated->follow_at, in->grid);
        if (in->matter.is_verdict ? at == in->front : at >= in->front) {
            return dated;
        }
    }
    return NULL;
}

static void put_goal(zw_gathering *in)
{
    zw_grid year = {ZW_YEAR, 0};
    const zw_calendar *calendar = zw_pack_calendar(in->pack, in->area);
    zw_period in_year = zw_graph_first(calendar, in->grid, in->front, year);
    const zw_dated *dated = NULL;
    if (in->matter.target != ZW_NONE) {
        const zw_target *target = &in->pack->targets[in->matter.target];
        const zw_node *expr = zw_pack_node(in->pack, target->expr);
        dated = dated_of(in, target);
        if (dated != NULL) {
            zw_unit show = expr->show;
            zw_facts_put_number(in, "goal", dated->value, &show);
            in_year = zw_graph_first(calendar, expr->grid, dated->at, year);
        }
    }
    char text[48];
    zw_period_text(calendar, year, in_year, text, sizeof(text));
    zw_facts_put_text(in, "year", zw_arena_text(in->arena, text, strlen(text)));
}

/* The declared names that a text asks for by {name}. */
static zw_status put_asked(zw_gathering *in, const char *text, zw_err *err)
{
    zw_status status = ZW_OK;
    for (const char *at = strchr(text, '{'); status == ZW_OK && at != NULL;
         at = strchr(at + 1, '{')) {
        size_t len = strcspn(at + 1, ":}");
        uint32_t index = 0;
        zw_noun noun = zw_pack_find(in->pack, (zw_text){at + 1, len}, &index);
        const char *name = zw_arena_text(in->arena, at + 1, len);
        if (name != NULL && noun == ZW_NOUN_INDICATOR) {
            status = put_node(in, name, in->pack->indicators[index].node, err);
        } else if (name != NULL && noun == ZW_NOUN_MEASURE) {
            status = put_node(in, name, in->pack->measures[index].node, err);
        }
    }
    return status;
}

/* What the truth compares, and with what. */
static zw_status put_compared_nodes(zw_gathering *in, zw_err *err)
{
    zw_status status = ZW_OK;
    if (in->matter.value != ZW_NODE_NONE) {
        status = put_node(in, "value", in->matter.value, err);
    }
    if (status == ZW_OK && in->matter.threshold != ZW_NODE_NONE) {
        size_t before = in->count;
        status = put_node(in, "threshold", in->matter.threshold, err);
        if (status == ZW_OK && in->count > before && in->matter.value != ZW_NODE_NONE) {
            in->facts[before].show = zw_pack_node(in->pack, in->matter.value)->show;
        }
    }
    return status;
}

/* The same of the group that decides a truth about groups; all of it where any group is hidden. */
static zw_status put_matter(zw_gathering *in, zw_err *err)
{
    zw_node_id groups = in->matter.groups;
    zw_cell cell;
    if (groups == ZW_NODE_NONE) {
        return put_compared_nodes(in, err);
    }
    bool is_found = false;
    uint32_t binding = 0;
    uint32_t before = zw_eval_bound(in->eval);
    zw_status status = zw_eval_cell(in->eval, groups, in->area, in->front, &cell, err);
    status =
        status == ZW_OK ? zw_eval_veil(in->eval, groups, in->area, in->front, &cell, err) : status;
    if (status == ZW_OK && cell.reason == ZW_REASON_HIDDEN) {
        return put_node(in, "value", groups, err);
    }
    status = status == ZW_OK ? zw_eval_deciding_group(in->eval, groups, in->area, in->front,
                                                      &is_found, &binding, err)
                             : status;
    if (status != ZW_OK) {
        return status;
    }
    zw_eval_unbind(in->eval, is_found ? binding : before);
    status = put_compared_nodes(in, err);
    zw_eval_unbind(in->eval, before);
    return status;
}

static zw_status put_values(zw_gathering *in, zw_err *err)
{
    zw_status status = put_matter(in, err);
    for (size_t i = 0; status == ZW_OK && i < in->alert->with_count; i++) {
        status = put_node(in, in->alert->with[i].name, in->alert->with[i].node, err);
    }
    return status;
}

/* What is told, or fires on, although the newest period is unknown speaks of the last one that is
 * known; what is unknown itself of the one that nobody knows. */
static zw_status choose_front(zw_gathering *in, zw_err *err)
{
    in->front = in->state->front;
    bool is_open = in->state->is == ZW_ALERT_FIRING || in->state->is == ZW_ALERT_PENDING ||
                   (in->is_told && in->state->is != ZW_ALERT_UNKNOWN);
    zw_cell cell;
    zw_status status = zw_eval_cell(in->eval, in->truth, in->area, in->front, &cell, err);
    if (status != ZW_OK || !is_open || zw_cell_stands(&cell)) {
        return status;
    }
    zw_front newest;
    status = zw_eval_newest(in->eval, in->truth, in->area, &newest, err);
    if (status == ZW_OK && newest.has_period) {
        in->front = newest.period;
    }
    return status;
}

/* What is said of the item an alert is about: its name, its state, its fields as they are now. */
static void put_item(zw_gathering *in)
{
    const zw_register *reg = &in->pack->registers[in->alert->items];
    uint32_t item = in->state->item - 1;
    zw_facts_put_text(in, "item",
                      zw_items_name(zw_store_items(zw_eval_world_of(in->eval)->store), item));
    zw_facts_put_text(in, "state", zw_eval_item_says(in->eval, item, "state"));
    for (size_t i = 0; i < reg->field_count; i++) {
        const zw_register_field *field = &reg->fields[i];
        const char *text = zw_eval_item_says(in->eval, item, field->name);
        double number = 0;
        if (field->is == ZW_REGISTER_NUMBER && zw_text_number(zw_text_of(text), &number)) {
            zw_facts_put_number(in, field->name, zw_unit_without_scale(number, &field->unit),
                                &field->unit);
        } else {
            zw_facts_put_text(in, field->name, text);
        }
    }
}

/* Words of a function; the language's own, the item's and those of `with` come first. */
static void put_said(void *arg, const zw_said *said)
{
    zw_gathering *in = arg;
    static const zw_unit any = {0};
    const char *name = zw_arena_text(in->arena, said->name, strlen(said->name));
    if (name == NULL || zw_facts_find(in, name) != NULL) {
        in->has_failed = in->has_failed || name == NULL;
    } else if (said->is == ZW_SAID_NUMBER) {
        zw_facts_put_number(in, name, said->number, &any);
    } else if (said->is == ZW_SAID_AREA) {
        zw_facts_put_text(in, name, zw_facts_title(in, &in->pack->areas[said->area].title));
    } else {
        const char *text = zw_arena_text(in->arena, said->text, strlen(said->text));
        in->has_failed = in->has_failed || text == NULL;
        zw_facts_put_text(in, name, text);
    }
}

/* What the functions under an expression say beside their values. */
static zw_status put_words(zw_gathering *in, zw_node_id id, zw_err *err)
{
    zw_cell seen;
    zw_status status =
        zw_eval_said(in->eval, id, in->area, zw_facts_period_of(in, id), put_said, in, &seen, err);
    in->is_synthetic = in->is_synthetic || (seen.marks & ZW_MARK_SYNTHETIC) != 0;
    return status == ZW_OK && in->has_failed ? zw_err_nomem(err) : status;
}

static zw_status put_all_words(zw_gathering *in, zw_err *err)
{
    zw_status status = put_words(in, in->truth, err);
    for (size_t i = 0; status == ZW_OK && i < in->alert->with_count; i++) {
        status = put_words(in, in->alert->with[i].node, err);
    }
    return status;
}

static void put_place(zw_gathering *in)
{
    const zw_area *area = &in->pack->areas[in->area];
    zw_facts_put_text(in, "zone", zw_facts_title(in, &in->pack->areas[area->zone].title));
    zw_facts_put_text(in, "area", zw_facts_title(in, &area->title));
}

static zw_status gather(zw_gathering *in, zw_err *err)
{
    put_place(in);
    zw_facts_put_moment(in, "as_of", zw_eval_as_of_ms(in->eval));
    if (in->state->item != 0) {
        put_item(in);
    }
    if (!in->state->has_front) {
        return ZW_OK;
    }
    zw_status status = choose_front(in, err);
    if (status != ZW_OK) {
        return status;
    }
    char text[48];
    zw_period_text(zw_pack_calendar(in->pack, in->area), in->grid, in->front, text, sizeof(text));
    zw_facts_put_text(in, "period", zw_arena_text(in->arena, text, strlen(text)));
    put_goal(in);
    status = put_values(in, err);
    status = status == ZW_OK ? zw_facts_put_arrival(in, err) : status;
    status = status == ZW_OK ? put_asked(in, in->alert->say_en, err) : status;
    status = status == ZW_OK ? put_asked(in, in->alert->say_zh, err) : status;
    return status == ZW_OK ? put_all_words(in, err) : status;
}

static zw_status gathering_init(zw_gathering *in, zw_eval *eval, uint32_t alert, uint32_t area,
                                const zw_alert_state *state, bool is_zh, zw_err *err)
{
    memset(in, 0, sizeof(*in));
    in->eval = eval;
    in->pack = zw_eval_world_of(eval)->pack;
    in->alert = &in->pack->alerts[alert];
    in->area = area;
    in->state = state;
    in->is_zh = is_zh;
    in->truth = zw_judge_node(in->alert, state);
    in->grid = zw_pack_node(in->pack, in->truth)->grid;
    in->matter = matter_of(in->pack, in->truth);
    in->due_ms = INT64_MIN;
    in->newest_known_ms = INT64_MIN;
    in->lacks = calloc(in->pack->area_count, sizeof(bool));
    in->unbound = zw_eval_bound(eval);
    if (in->lacks == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_arena_create(ARENA_CEILING, &in->arena, err);
    if (status == ZW_OK && state->item != 0) {
        status = zw_eval_bind(eval, in->alert->items, state->item - 1, &in->unbound, err);
    }
    return status;
}

static void gathering_fini(zw_gathering *in)
{
    zw_eval_unbind(in->eval, in->unbound);
    zw_arena_destroy(in->arena);
    free(in->lacks);
}

const zw_fact *zw_facts_find(const zw_gathering *in, const char *name)
{
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->facts[i].name, name) == 0) {
            return &in->facts[i];
        }
    }
    return NULL;
}

static json_t *json_of(const zw_fact *fact)
{
    if (!fact->is_number) {
        return json_string(fact->text);
    }
    char shown[160];
    return json_pack("{s:f, s:s}", "value", fact->number, "shown",
                     zw_unit_show(fact->number, &fact->show, shown, sizeof(shown)));
}

static bool is_guard(const zw_eval *eval, uint32_t alert)
{
    return zw_alert_is_guard(&zw_eval_world_of(eval)->pack->alerts[alert]);
}

zw_status zw_facts_evidence(zw_eval *eval, uint32_t alert, uint32_t area,
                            const zw_alert_state *state, zw_buf *out, zw_err *err)
{
    if (is_guard(eval, alert)) {
        return zw_spoken_evidence(eval, alert, area, out, err);
    }
    zw_gathering in;
    zw_status status = gathering_init(&in, eval, alert, area, state, false, err);
    status = status == ZW_OK ? gather(&in, err) : status;
    json_t *basis = NULL;
    status = status == ZW_OK ? zw_basis_make(&in, &basis, err) : status;
    json_t *object = status == ZW_OK ? json_object() : NULL;
    for (size_t i = 0; object != NULL && i < in.count; i++) {
        (void)json_object_set_new(object, in.facts[i].name, json_of(&in.facts[i]));
    }
    if (object != NULL && in.is_synthetic) {
        (void)json_object_set_new(object, "synthetic", json_true());
    }
    if (object != NULL && json_object_size(basis) > 0) {
        (void)json_object_set(object, "basis", basis);
    }
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    if (status == ZW_OK && (text == NULL || !zw_buf_puts(out, text))) {
        status = zw_err_nomem(err);
    }
    free(text);
    json_decref(object);
    json_decref(basis);
    gathering_fini(&in);
    return status;
}

/* The template in the language asked for, else the other, else the title. */
static const char *template_of(const zw_gathering *in)
{
    const char *own = in->is_zh ? in->alert->say_zh : in->alert->say_en;
    const char *other = in->is_zh ? in->alert->say_en : in->alert->say_zh;
    return own[0] != '\0' ? own : other[0] != '\0' ? other : zw_facts_title(in, &in->alert->title);
}

static void put_compared(const zw_gathering *in, zw_buf *out)
{
    const zw_fact *compared = zw_facts_find(in, "value");
    char shown[160];
    if (compared != NULL && compared->is_number) {
        zw_buf_puts(out, zw_unit_show(compared->number, &compared->show, shown, sizeof(shown)));
    } else if (compared != NULL) {
        zw_buf_puts(out, compared->text);
    }
}

/* What the alert's own words do not say: that it ended only because figures changed, and that it
 * goes on and off. */
static void put_remarks(const zw_gathering *in, zw_buf *out)
{
    if (in->state->is == ZW_ALERT_OK && in->state->is_revised) {
        zw_buf_puts(out, in->is_zh ? "(因数据修订解除)" : " (resolved as revised)");
    }
    if (in->state->is_flapping) {
        zw_buf_puts(out, in->is_zh ? "(频繁反复)" : " (flapping)");
    }
}

/* Why nobody knows, where nobody does. */
static zw_status put_why(zw_gathering *in, zw_buf *out, zw_err *err)
{
    zw_cell cell;
    if (in->state->is != ZW_ALERT_UNKNOWN) {
        return ZW_OK;
    }
    if (!in->state->has_front) {
        zw_buf_puts(out, "no period to speak of yet");
        return ZW_OK;
    }
    zw_status status = zw_eval_cell(in->eval, in->truth, in->area, in->state->front, &cell, err);
    if (status == ZW_OK) {
        zw_eval_why(in->eval, in->area, &cell, out);
    }
    return status;
}

/* One language's words. */
static zw_status say_in(zw_eval *eval, uint32_t alert, uint32_t area, const zw_alert_state *state,
                        bool is_zh, zw_saying *saying, zw_err *err)
{
    zw_gathering in;
    zw_status status = gathering_init(&in, eval, alert, area, state, is_zh, err);
    in.is_told = true;
    status = status == ZW_OK ? gather(&in, err) : status;
    if (status == ZW_OK) {
        zw_message_say(template_of(&in), (zw_facts){in.facts, in.count},
                       is_zh ? &saying->zh : &saying->en);
        put_remarks(&in, is_zh ? &saying->zh : &saying->en);
        saying->is_synthetic = saying->is_synthetic || in.is_synthetic;
    }
    if (status == ZW_OK && !is_zh) {
        put_compared(&in, &saying->value);
        status = put_why(&in, &saying->why, err);
    }
    gathering_fini(&in);
    return status;
}

zw_status zw_facts_with(zw_eval *eval, uint32_t alert, uint32_t area, const zw_alert_state *state,
                        bool is_zh, const char *asked, zw_facts_use use, void *arg, zw_err *err)
{
    zw_gathering in;
    zw_status status = gathering_init(&in, eval, alert, area, state, is_zh, err);
    in.is_told = true;
    if (status == ZW_OK && is_guard(eval, alert)) {
        put_place(&in);
    } else {
        status = status == ZW_OK ? gather(&in, err) : status;
        status = status == ZW_OK && state->has_front ? put_asked(&in, asked, err) : status;
    }
    status =
        status == ZW_OK ? use(arg, (zw_facts){in.facts, in.count}, in.is_synthetic, err) : status;
    gathering_fini(&in);
    return status;
}

static void saying_init(zw_saying *saying)
{
    zw_buf_init(&saying->en, TEXT_CEILING);
    zw_buf_init(&saying->zh, TEXT_CEILING);
    zw_buf_init(&saying->value, TEXT_CEILING);
    zw_buf_init(&saying->why, TEXT_CEILING);
    saying->is_synthetic = false;
}

zw_status zw_facts_say(zw_eval *eval, uint32_t alert, uint32_t area, const zw_alert_state *state,
                       zw_saying *saying, zw_err *err)
{
    if (!is_guard(eval, alert)) {
        return zw_facts_say_live(eval, alert, area, state, saying, err);
    }
    saying_init(saying);
    return zw_spoken_say(eval, alert, area, &saying->en, &saying->zh, &saying->value,
                         &saying->is_synthetic, err);
}

zw_status zw_facts_say_live(zw_eval *eval, uint32_t alert, uint32_t area,
                            const zw_alert_state *state, zw_saying *saying, zw_err *err)
{
    saying_init(saying);
    zw_status status = say_in(eval, alert, area, state, false, saying, err);
    return status == ZW_OK ? say_in(eval, alert, area, state, true, saying, err) : status;
}

void zw_saying_fini(zw_saying *saying)
{
    zw_buf_fini(&saying->en);
    zw_buf_fini(&saying->zh);
    zw_buf_fini(&saying->value);
    zw_buf_fini(&saying->why);
}
