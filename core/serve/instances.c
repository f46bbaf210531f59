/* The instances of alerts, from the judge or the ledger into one list. */
#include "serve/instances.h"

#include "alert/facts.h"
#include "serve/shape.h"
#include "serve/word_list.h"

#include <stdlib.h>

/* A list being filled. */
struct filling {
    const zw_ask *ask;
    zw_instances *out;
};

static zw_status add(const struct filling *filling, zw_standing standing, zw_err *err)
{
    zw_instances *out = filling->out;
    if (!zw_ask_is_about(filling->ask, standing.area)) {
        return ZW_OK;
    }
    if (out->count == out->capacity) {
        size_t wanted = out->capacity == 0 ? 64 : out->capacity * 2;
        zw_standing *grown = realloc(out->at, wanted * sizeof(zw_standing));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        out->at = grown;
        out->capacity = wanted;
    }
    out->at[out->count++] = standing;
    return ZW_OK;
}

static zw_status add_judged(void *arg, uint32_t alert, uint32_t area, const zw_instance *instance,
                            zw_err *err)
{
    return instance->is_gone ? ZW_OK : add(arg, (zw_standing){alert, area, *instance}, err);
}

static zw_status add_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    const struct filling *filling = arg;
    const zw_pack *pack = filling->ask->world->pack;
    zw_standing standing = {.area = zw_pack_area(pack, zw_text_of(event->key.area), NULL),
                            .instance = {.has_period = event->key.period[0] != '\0',
                                         .period = event->state.front,
                                         .state = event->state}};
    if (zw_pack_find(pack, zw_text_of(event->key.alert), &standing.alert) != ZW_NOUN_ALERT ||
        standing.area == ZW_NONE ||
        pack->alerts[standing.alert].is_per_period != standing.instance.has_period ||
        !zw_judge_find_item(filling->ask->eval, standing.alert, &event->key,
                            &standing.instance.state.item)) {
        return ZW_OK;
    }
    return add(arg, standing, err);
}

static int by_place(const void *a, const void *b)
{
    const zw_standing *x = a;
    const zw_standing *y = b;
    if (x->alert != y->alert) {
        return x->alert < y->alert ? -1 : 1;
    }
    if (x->area != y->area) {
        return x->area < y->area ? -1 : 1;
    }
    if (x->instance.period != y->instance.period) {
        return x->instance.period < y->instance.period ? -1 : 1;
    }
    uint32_t a_item = x->instance.state.item;
    uint32_t b_item = y->instance.state.item;
    return (a_item > b_item) - (a_item < b_item);
}

zw_status zw_instances_read(const zw_ask *ask, zw_instances *out, zw_err *err)
{
    *out = (zw_instances){0};
    struct filling filling = {ask, out};
    zw_status status = ask->has_as_of ? zw_ledger_states(ask->world->ledger, ask->as_of_ms,
                                                         add_event, &filling, err)
                                      : zw_judge_walk(ask->world->judge, add_judged, &filling, err);
    if (status != ZW_OK) {
        zw_instances_fini(out);
        return status;
    }
    if (out->count > 1) {
        qsort(out->at, out->count, sizeof(zw_standing), by_place);
    }
    return ZW_OK;
}

void zw_instances_fini(zw_instances *instances)
{
    free(instances->at);
    *instances = (zw_instances){0};
}

bool zw_instance_is_open(const zw_instance *instance)
{
    return instance->state.is != ZW_ALERT_OK;
}

const char *zw_instance_text(const zw_instance *instance)
{
    static const char *const texts[] = {[ZW_ALERT_OK] = "ok",
                                        [ZW_ALERT_PENDING] = "pending",
                                        [ZW_ALERT_FIRING] = "firing",
                                        [ZW_ALERT_UNKNOWN] = "unknown"};
    return texts[instance->state.is];
}

/* Where an instance stands, as text and as labels. */
static void put_labels(const zw_ask *ask, const zw_standing *standing, zw_json *json)
{
    const zw_pack *pack = ask->world->pack;
    const zw_alert_state *state = &standing->instance.state;
    bool has_severity = state->is == ZW_ALERT_FIRING || state->is == ZW_ALERT_PENDING;
    char period[48];
    zw_alert_key key =
        zw_judge_key(ask->eval, standing->alert, standing->area, &standing->instance, period);
    zw_json_open(json, "labels", '{');
    zw_json_text(json, "alertname", key.alert);
    zw_json_text(json, "zone", pack->areas[pack->areas[standing->area].zone].title.name);
    zw_json_text(json, "area", key.area);
    if (key.item[0] != '\0') {
        zw_json_text(json, "item", key.item);
    }
    if (has_severity) {
        zw_json_text(json, "severity", zw_severity_text(state->severity));
    }
    if (key.period[0] != '\0') {
        zw_json_text(json, "period", key.period);
    }
    zw_json_close(json, '}');
}

/* An annotation is a text, as its readers expect. */
static void put_flag(zw_json *json, const char *name, bool is_so)
{
    if (is_so) {
        zw_json_text(json, name, "true");
    }
}

static void put_annotations(const zw_saying *saying, const zw_alert_state *state, zw_json *json)
{
    zw_json_open(json, "annotations", '{');
    zw_json_text(json, "summary", zw_buf_view(&saying->en));
    zw_json_text(json, "summary_zh", zw_buf_view(&saying->zh));
    if (saying->value.len > 0) {
        zw_json_text(json, "value", zw_buf_view(&saying->value));
    }
    if (saying->why.len > 0) {
        zw_json_text(json, "why", zw_buf_view(&saying->why));
    }
    put_flag(json, "synthetic", saying->is_synthetic);
    put_flag(json, "recovering", state->is_recovering);
    put_flag(json, "flapping", state->is_flapping);
    zw_json_close(json, '}');
}

/* Who has seen it, and the silence that keeps it from being told now. */
static void put_words(const zw_ask *ask, const zw_standing *standing, const zw_tz *tz,
                      zw_json *json)
{
    const zw_api_world *world = ask->world;
    const zw_alert_state *state = &standing->instance.state;
    char period[48];
    zw_alert_key key =
        zw_judge_key(ask->eval, standing->alert, standing->area, &standing->instance, period);
    int64_t as_of_ms = ask->has_as_of ? ask->as_of_ms : world->now_ms;
    const zw_ack *ack = zw_acks_of(world->acks, &key, state, as_of_ms);
    if (ack != NULL) {
        zw_word_put_seen(json, "acknowledged", tz, ack);
    }
    zw_silenced what = {standing->alert, standing->area, key.item, zw_alert_level(state)};
    int64_t silence = what.level > 0 && !ask->has_as_of
                          ? zw_silences_find(world->silences, &what, world->now_ms)
                          : 0;
    if (silence != 0) {
        zw_json_integer(json, "silence", silence);
    }
}

zw_status zw_instance_put(const zw_ask *ask, const zw_standing *standing, zw_json *json,
                          zw_err *err)
{
    const zw_alert_state *state = &standing->instance.state;
    const zw_tz *tz = zw_pack_calendar(ask->world->pack, standing->area)->tz;
    zw_saying saying;
    zw_status status =
        zw_facts_say(ask->eval, standing->alert, standing->area, state, &saying, err);
    if (status == ZW_OK) {
        zw_json_open(json, NULL, '{');
        put_labels(ask, standing, json);
        put_annotations(&saying, state, json);
        zw_json_text(json, "state", zw_instance_text(&standing->instance));
        zw_shape_moment(json, "activeAt", tz,
                        state->active_ms != ZW_NEVER_MS ? state->active_ms : state->since_ms);
        zw_json_text(json, "value", zw_buf_view(&saying.value));
        put_words(ask, standing, tz, json);
        zw_json_close(json, '}');
    }
    zw_saying_fini(&saying);
    return status;
}
