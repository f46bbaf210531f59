/* An account: from a name to the values that are explained, and what else there is to say of it. */
#include "alert/account.h"

#include "alert/judge.h"
#include "alert/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 64 * 1024 };

void zw_account_destroy(zw_account *account)
{
    if (account == NULL) {
        return;
    }
    for (size_t i = 0; i < account->count; i++) {
        zw_tree_destroy(account->parts[i].tree);
    }
    for (size_t i = 0; i < account->move_count; i++) {
        free(account->moves[i].evidence);
    }
    free(account->written);
    free(account);
}

/* An account under way. */
struct making {
    zw_account *out;
    zw_eval *eval;
    zw_ledger *ledger;
    const zw_pack *pack;
    const zw_account_ask *ask;
    zw_err *err;
};

static zw_status add_part(const struct making *in, const char *what, zw_node_id node, zw_period p)
{
    zw_account_part *part = &in->out->parts[in->out->count];
    *part = (zw_account_part){what, node, p, NULL};
    zw_status status = zw_tree_create(in->eval, node, in->out->area, p, &part->tree, in->err);
    in->out->count += status == ZW_OK ? 1 : 0;
    return status;
}

/* The period that was asked for, on a node's grid. */
static zw_status asked_period(const struct making *in, zw_node_id id, zw_period *out)
{
    const zw_node *node = zw_pack_node(in->pack, id);
    *out = 0;
    return node->has_grid ? zw_pack_period(zw_pack_calendar(in->pack, in->out->area), node,
                                           in->ask->period, out, in->err)
                          : ZW_OK;
}

/* The period that was asked for, else the newest that is known, else the one that holds now. */
static zw_status value_period(const struct making *in, zw_node_id node, zw_period *out)
{
    if (in->ask->period != NULL) {
        return asked_period(in, node, out);
    }
    zw_front newest;
    zw_status status = zw_eval_newest(in->eval, node, in->out->area, &newest, in->err);
    *out = newest.has_period ? newest.period : zw_eval_now(in->eval, node, in->out->area);
    return status;
}

static zw_status explain_value(const struct making *in, zw_node_id node)
{
    zw_period p = 0;
    zw_status status = value_period(in, node, &p);
    return status == ZW_OK ? add_part(in, "value", node, p) : status;
}

static zw_status explain_rule(const struct making *in, const zw_rule *rule)
{
    zw_rule_state state;
    zw_period p = 0;
    zw_status status = zw_rule_judge(in->eval, in->out->index, in->out->area, &state, in->err);
    if (status == ZW_OK && in->ask->period != NULL) {
        status = asked_period(in, rule->must, &p);
    } else {
        p = state.has_front ? state.front : zw_eval_now(in->eval, rule->must, in->out->area);
    }
    status = status == ZW_OK ? add_part(in, "must", rule->must, p) : status;
    return status == ZW_OK && rule->should != ZW_NODE_NONE ? add_part(in, "should", rule->should, p)
                                                           : status;
}

/* --- targets --- */

/* The dated value that is asked for: of that period, else the last whose period is over, else the
 * first. @return false when another period was asked for. */
static bool find_dated(const struct making *in, const zw_target *target, const zw_period *asked,
                       size_t *out)
{
    const zw_node *expr = zw_pack_node(in->pack, target->expr);
    const zw_calendar *calendar = zw_pack_calendar(in->pack, in->out->area);
    *out = 0;
    for (size_t i = 0; i < target->dated_count; i++) {
        bool is_over =
            zw_period_end_ms(calendar, expr->grid, target->dated[i].at) <= in->out->as_of_ms;
        if (asked != NULL && target->dated[i].at == *asked) {
            *out = i;
            return true;
        }
        *out = is_over ? i : *out;
    }
    return asked == NULL && target->dated_count > 0;
}

static zw_status explain_verdict(const struct making *in, const zw_target *target)
{
    zw_account *out = in->out;
    zw_period at = target->dated[out->dated].at;
    out->has_verdict = true;
    zw_status status =
        zw_eval_verdict(in->eval, out->index, out->area, out->dated, &out->judged, in->err);
    status = status == ZW_OK
                 ? zw_eval_veil(in->eval, target->expr, out->area, at, &out->judged.actual, in->err)
                 : status;
    if (status != ZW_OK) {
        return status;
    }
    bool is_running =
        zw_period_end_ms(zw_pack_calendar(in->pack, out->area),
                         zw_pack_node(in->pack, target->expr)->grid, at) > out->as_of_ms;
    if (!is_running) {
        return add_part(in, "value", target->expr, at);
    }
    zw_front newest; /* before its date the gap to the path decides */
    status = zw_eval_newest(in->eval, target->gap, out->area, &newest, in->err);
    zw_period p = newest.has_period ? newest.period : zw_eval_now(in->eval, target->gap, out->area);
    return status == ZW_OK ? add_part(in, "gap", target->gap, p) : status;
}

static zw_status explain_target(const struct making *in, const zw_target *target)
{
    zw_period p = 0;
    bool is_here = zw_list_has((zw_list){target->each, target->each_count}, in->out->area);
    if (target->expr == ZW_NODE_NONE) {
        return zw_err_set(in->err, ZW_INVALID, "target '%s' is not measurable", in->out->name);
    }
    if (!is_here) {
        return zw_err_set(in->err, ZW_INVALID, "target '%s' is not set for %s", in->out->name,
                          in->pack->areas[in->out->area].title.name);
    }
    zw_status status = in->ask->period != NULL ? asked_period(in, target->expr, &p) : ZW_OK;
    if (status != ZW_OK) {
        return status;
    }
    return find_dated(in, target, in->ask->period != NULL ? &p : NULL, &in->out->dated)
               ? explain_verdict(in, target)
               : explain_value(in, target->expr);
}

/* --- alerts --- */

/* The instance that is looked for, and the newest event of it. */
struct instance {
    const struct making *in;
    bool is_found, has_period;
    zw_period period;
    uint32_t item;
    char period_text[48];
    int64_t at_ms;
};

static bool is_of(const struct making *in, const zw_alert_event *event)
{
    bool is_item = in->ask->item != NULL ? strcmp(event->key.item, in->ask->item) == 0
                                         : event->key.item[0] == '\0';
    const char *area = in->pack->areas[in->out->area].title.name;
    return is_item && (in->ask->item != NULL || strcmp(event->key.area, area) == 0);
}

/* Of a per-period alert the instance of the period that was asked for, else the one that moved
 * last. */
static zw_status look_at_state(void *arg, const zw_alert_event *event, zw_err *err)
{
    struct instance *of = arg;
    const struct making *in = of->in;
    uint32_t item = 0;
    (void)err;
    bool is_per_period = in->pack->alerts[in->out->index].is_per_period;
    bool is_meant = is_of(in, event) && (event->key.period[0] != '\0') == is_per_period &&
                    zw_judge_find_item(in->eval, in->out->index, &event->key, &item) &&
                    (!of->has_period || event->state.front == of->period);
    if (!is_meant || (of->is_found && event->at_ms < of->at_ms)) {
        return ZW_OK;
    }
    of->is_found = true;
    of->at_ms = event->at_ms;
    of->item = item;
    (void)snprintf(of->period_text, sizeof(of->period_text), "%s", event->key.period);
    in->out->state = event->state;
    in->out->state.item = item;
    return ZW_OK;
}

static void drop_first_move(zw_account *account)
{
    free(account->moves[0].evidence);
    memmove(account->moves, account->moves + 1,
            (ZW_ACCOUNT_MOVES_MOST - 1) * sizeof(account->moves[0]));
    account->move_count--;
}

static zw_status take_move(void *arg, const zw_alert_event *event, zw_err *err)
{
    const struct instance *of = arg;
    zw_account *out = of->in->out;
    if (!is_of(of->in, event) || strcmp(event->key.period, of->period_text) != 0 ||
        !zw_ledger_is_move(event)) {
        return ZW_OK;
    }
    if (out->move_count == ZW_ACCOUNT_MOVES_MOST) {
        drop_first_move(out);
    }
    zw_account_move *move = &out->moves[out->move_count];
    *move = (zw_account_move){.at_ms = event->at_ms,
                              .recorded_ms = event->recorded_ms,
                              .evidence = strdup(event->evidence)};
    if (move->evidence == NULL) {
        return zw_err_nomem(err);
    }
    (void)snprintf(move->state, sizeof(move->state), "%s", zw_alert_state_text(&event->state));
    out->move_count++;
    out->moves_in_all++;
    return ZW_OK;
}

static zw_status find_instance(struct instance *of)
{
    const struct making *in = of->in;
    const char *alert = in->out->name;
    zw_status status =
        zw_ledger_standing(in->ledger, alert, in->out->as_of_ms, look_at_state, of, in->err);
    return status == ZW_OK && of->is_found
               ? zw_ledger_history(in->ledger, alert, INT64_MIN, in->out->as_of_ms, take_move, of,
                                   in->err)
               : status;
}

static zw_status explain_truths(const struct making *in, const zw_alert *alert, zw_period p)
{
    zw_status status = ZW_OK;
    for (int s = ZW_SEVERITY_COUNT - 1; status == ZW_OK && s >= 0; s--) {
        if (alert->when[s] != ZW_NODE_NONE) {
            status = add_part(in, zw_severity_text((zw_severity)s), alert->when[s], p);
        }
    }
    if (status == ZW_OK && alert->clear != ZW_NODE_NONE) {
        status = add_part(in, "clear", alert->clear, p);
    }
    return status;
}

/* Trees are of the item that the alert is about, where it stands. */
static zw_status bind_item(const struct making *in, const zw_alert *alert, uint32_t *before)
{
    const zw_items *items = zw_store_items(zw_eval_world_of(in->eval)->store);
    const char *name = in->pack->registers[alert->items].title.name;
    zw_item_id item = zw_items_find(items, zw_items_register(items, name),
                                    in->ask->item != NULL ? in->ask->item : "");
    if (item == ZW_ITEM_NONE) {
        return zw_err_set(in->err, ZW_INVALID, "%s: say which item of %s", in->out->name, name);
    }
    zw_item_standing standing;
    zw_item_at(items, item, in->out->as_of_ms, in->out->as_of_ms, &standing);
    uint32_t area = standing.area[0] != '\0'
                        ? zw_pack_area(in->pack, zw_text_of(standing.area), NULL)
                        : ZW_NONE;
    in->out->area = area != ZW_NONE ? area : in->out->area;
    return zw_eval_bind(in->eval, alert->items, item, before, in->err);
}

static zw_status explain_alert_bound(const struct making *in, const zw_alert *alert)
{
    struct instance of = {.in = in, .has_period = alert->is_per_period && in->ask->period != NULL};
    zw_node_id first = ZW_NODE_NONE;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        first = alert->when[s] != ZW_NODE_NONE ? alert->when[s] : first;
    }
    zw_period p = 0;
    zw_status status = in->ask->period != NULL ? asked_period(in, first, &p) : ZW_OK;
    of.period = p;
    in->out->state = zw_alert_state_start(in->out->as_of_ms);
    status = status == ZW_OK ? find_instance(&of) : status;
    if (status == ZW_OK && in->ask->period == NULL && of.is_found && in->out->state.has_front) {
        p = in->out->state.front;
    } else if (status == ZW_OK && in->ask->period == NULL) {
        status = value_period(in, first, &p);
    }
    return status == ZW_OK ? explain_truths(in, alert, p) : status;
}

static zw_status explain_alert(const struct making *in, const zw_alert *alert)
{
    uint32_t before = zw_eval_bound(in->eval);
    bool is_for_areas = !alert->has_items;
    if (is_for_areas && !zw_alert_is_guard(alert) && !zw_list_has(alert->each, in->out->area)) {
        return zw_err_set(in->err, ZW_INVALID, "alert '%s' is not about %s", in->out->name,
                          in->pack->areas[in->out->area].title.name);
    }
    zw_status status = alert->has_items ? bind_item(in, alert, &before) : ZW_OK;
    status = status == ZW_OK ? explain_alert_bound(in, alert) : status;
    zw_eval_unbind(in->eval, before);
    return status;
}

/* --- names --- */

static zw_status explain_expression(const struct making *in)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_buf text;
    zw_status status = in->ask->expression(in->ask->arg, zw_text_of(in->ask->name), &node, in->err);
    if (status != ZW_OK) {
        return status;
    }
    zw_buf_init(&text, TEXT_BYTES);
    zw_formula_text(in->pack, node, &text);
    in->out->written = zw_buf_take(&text);
    in->out->name = in->out->written;
    return in->out->written != NULL ? explain_value(in, node) : zw_err_nomem(in->err);
}

static zw_status explain_measure(const struct making *in, uint32_t index)
{
    const zw_measure *measure = &in->pack->measures[index];
    in->out->noun = ZW_NOUN_MEASURE;
    in->out->index = index;
    in->out->name = measure->title.name;
    in->out->title = &measure->title;
    return explain_value(in, measure->node);
}

static zw_status explain_name(const struct making *in)
{
    zw_account *out = in->out;
    const zw_pack *pack = in->pack;
    out->noun = zw_pack_find(pack, zw_text_of(in->ask->name), &out->index);
    out->name = in->ask->name;
    switch (out->noun) {
    case ZW_NOUN_MEASURE:
        return explain_measure(in, out->index);
    case ZW_NOUN_INDICATOR:
        out->title = &pack->indicators[out->index].title;
        return explain_value(in, pack->indicators[out->index].node);
    case ZW_NOUN_TARGET:
        out->title = &pack->targets[out->index].title;
        return explain_target(in, &pack->targets[out->index]);
    case ZW_NOUN_RULE:
        out->title = &pack->rules[out->index].title;
        return explain_rule(in, &pack->rules[out->index]);
    case ZW_NOUN_ALERT:
        out->title = &pack->alerts[out->index].title;
        return explain_alert(in, &pack->alerts[out->index]);
    case ZW_NOUN_NONE: {
        uint32_t measure = zw_pack_measure(pack, zw_text_of(in->ask->name), NULL);
        return measure != ZW_NONE ? explain_measure(in, measure) : explain_expression(in);
    }
    default:
        return zw_err_set(in->err, ZW_INVALID,
                          "'%s' is a %s: a measure, an indicator, a target, a rule, an alert or an "
                          "expression can be explained",
                          in->ask->name, zw_noun_text(out->noun));
    }
}

zw_status zw_account_create(zw_eval *eval, zw_ledger *ledger, const zw_account_ask *ask,
                            zw_account **out, zw_err *err)
{
    zw_account *account = calloc(1, sizeof(*account));
    *out = NULL;
    if (account == NULL) {
        return zw_err_nomem(err);
    }
    account->area = ask->area;
    account->as_of_ms = zw_eval_as_of_ms(eval);
    struct making in = {account, eval, ledger, zw_eval_world_of(eval)->pack, ask, err};
    zw_status status = explain_name(&in);
    if (status != ZW_OK) {
        zw_account_destroy(account);
        return status;
    }
    if (account->title != NULL) {
        account->name = account->title->name;
    }
    *out = account;
    return ZW_OK;
}
