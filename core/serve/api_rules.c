/*
 * `/api/v1/rules` in Prometheus's shape: one group, the pack, whose alerting rules are its alerts;
 * and beside it the pack's own rules with what they say of each of their areas.
 */
#include "serve/api_parts.h"
#include "serve/instances.h"
#include "serve/shape.h"

/* Prometheus's states of an alerting rule, from the least. */
static const char *const rule_states[] = {"inactive", "unknown", "pending", "firing"};

static int rank_of(const zw_instance *instance)
{
    static const int ranks[] = {
        [ZW_ALERT_OK] = 0, [ZW_ALERT_UNKNOWN] = 1, [ZW_ALERT_PENDING] = 2, [ZW_ALERT_FIRING] = 3};
    return ranks[instance->state.is];
}

/* The expression of the gravest severity stands for the alert: Prometheus knows one a rule. */
static int gravest(const zw_alert *alert)
{
    int s = ZW_SEVERITY_COUNT - 1;
    while (s > 0 && alert->when[s] == ZW_NODE_NONE) {
        s--;
    }
    return s;
}

static double hold_seconds(const zw_alert *alert)
{
    /* Months and working days differ; as a number of seconds they are only nearly right. */
    const double day_s = 24.0 * 3600;
    return (double)alert->hold.ms / 1000 + (double)alert->hold.days * day_s +
           (double)alert->hold.workdays * day_s * 7 / 5 + (double)alert->hold.months * day_s * 30;
}

/* One alert as a rule, with its open instances from `*next` on. */
static zw_status put_alert(const zw_ask *ask, uint32_t index, const zw_instances *instances,
                           size_t *next, zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    const zw_alert *alert = &pack->alerts[index];
    int severity = gravest(alert);
    int rank = 0;
    zw_status status = ZW_OK;
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "type", "alerting");
    zw_shape_head(json, &alert->title);
    zw_shape_formula(json, "query", pack, alert->when[severity]);
    zw_json_number(json, "duration", hold_seconds(alert));
    zw_json_open(json, "labels", '{');
    zw_json_text(json, "severity", zw_severity_text((zw_severity)severity));
    zw_json_close(json, '}');
    zw_json_open(json, "annotations", '{');
    zw_json_text(json, "summary", alert->say_en);
    zw_json_text(json, "summary_zh", alert->say_zh);
    zw_json_close(json, '}');
    zw_json_open(json, "alerts", '[');
    for (; status == ZW_OK && *next < instances->count && instances->at[*next].alert == index;
         (*next)++) {
        const zw_standing *standing = &instances->at[*next];
        int own = rank_of(&standing->instance);
        rank = own > rank ? own : rank;
        if (zw_instance_is_open(&standing->instance)) {
            status = zw_instance_put(ask, standing, json, err);
        }
    }
    zw_json_close(json, ']');
    zw_json_text(json, "state", rule_states[rank]);
    zw_json_text(json, "health", "ok");
    zw_json_number(json, "evaluationTime", 0);
    zw_shape_moment(json, "lastEvaluation", zw_ask_tz(ask), ask->as_of_ms);
    zw_json_close(json, '}');
    return status;
}

static zw_status put_group(const zw_ask *ask, zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_instances instances;
    size_t next = 0;
    zw_status status = zw_instances_read(ask, &instances, err);
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "name", zw_shape_pack_name(pack));
    zw_json_text(json, "file", zw_shape_pack_name(pack));
    zw_json_number(json, "interval", 0); /* nothing polls */
    zw_json_number(json, "limit", 0);
    zw_json_open(json, "rules", '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->alert_count; i++) {
        status = put_alert(ask, i, &instances, &next, json, err);
    }
    zw_json_close(json, ']');
    zw_json_close(json, '}');
    zw_instances_fini(&instances);
    return status;
}

/* What a rule says of an area, or (`item` not NULL) of an item that stands there. */
static zw_status put_own(const zw_ask *ask, uint32_t rule, uint32_t area, const char *item,
                         zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_rule_state state;
    zw_status status = zw_rule_judge(ask->eval, rule, area, &state, err);
    if (status == ZW_OK) {
        zw_json_open(json, NULL, '{');
        zw_json_text(json, "zone", pack->areas[pack->areas[area].zone].title.name);
        zw_json_text(json, "area", pack->areas[area].title.name);
        if (item != NULL) {
            zw_json_text(json, "item", item);
        }
        zw_shape_rule(json, ask->eval, rule, area, &state);
        zw_shape_formula(json, "must", pack, pack->rules[rule].must);
        zw_shape_formula(json, "should", pack, pack->rules[rule].should);
        zw_json_close(json, '}');
    }
    return status;
}

/* A rule for each item of a register. */
struct own_items {
    const zw_ask *ask;
    uint32_t rule;
    zw_json *json;
};

static zw_status put_own_item(void *arg, const zw_item_now *now, zw_err *err)
{
    const struct own_items *in = arg;
    uint32_t before = 0;
    if (!now->lives || !zw_ask_is_about(in->ask, now->area)) {
        return ZW_OK;
    }
    uint32_t reg = in->ask->world->pack->rules[in->rule].items;
    zw_status status = zw_eval_bind(in->ask->eval, reg, now->item, &before, err);
    if (status == ZW_OK) {
        status = put_own(in->ask, in->rule, now->area, now->name, in->json, err);
    }
    zw_eval_unbind(in->ask->eval, before);
    return status;
}

static zw_status put_owns(const zw_ask *ask, uint32_t index, zw_json *json, zw_err *err)
{
    const zw_rule *rule = &ask->world->pack->rules[index];
    struct own_items items = {ask, index, json};
    if (rule->has_items) {
        return zw_eval_items(ask->eval, rule->items, put_own_item, &items, err);
    }
    zw_status status = ZW_OK;
    for (size_t a = 0; status == ZW_OK && a < rule->each.count; a++) {
        if (zw_ask_is_about(ask, rule->each.at[a])) {
            status = put_own(ask, index, rule->each.at[a], NULL, json, err);
        }
    }
    return status;
}

zw_status zw_api_rules(zw_ask *ask, zw_buf *data, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '{');
    zw_json_open(&json, "groups", '[');
    zw_status status = put_group(ask, &json, err);
    zw_json_close(&json, ']');
    zw_json_open(&json, "rules", '[');
    for (uint32_t i = 0; status == ZW_OK && i < pack->rule_count; i++) {
        status = put_owns(ask, i, &json, err);
    }
    zw_json_close(&json, ']');
    zw_json_close(&json, '}');
    return status;
}
