/* `/api/v1/alerts` in Prometheus's shape, and `/api/v1/alerts/history`: every move on record, and
 * who has seen it. */
#include "serve/api_parts.h"
#include "serve/instances.h"
#include "serve/params.h"
#include "serve/shape.h"
#include "serve/word_list.h"

#include <jansson.h>
#include <string.h>

enum { EVENTS_MOST = 10000 };

zw_status zw_api_alerts(zw_ask *ask, zw_buf *data, zw_err *err)
{
    zw_instances instances;
    zw_json json = zw_json_of(data);
    zw_status status = zw_instances_read(ask, &instances, err);
    zw_json_open(&json, NULL, '{');
    zw_json_open(&json, "alerts", '[');
    for (size_t i = 0; status == ZW_OK && i < instances.count; i++) {
        if (zw_instance_is_open(&instances.at[i].instance)) {
            status = zw_instance_put(ask, &instances.at[i], &json, err);
        }
    }
    zw_json_close(&json, ']');
    zw_json_close(&json, '}');
    zw_instances_fini(&instances);
    return status;
}

/* A walk through the ledger, beside that of the acknowledgements. */
struct walk {
    const zw_ask *ask;
    zw_json *json;
    const char *alert; /* NULL: any */
    int64_t from_ms, to_ms;
    size_t next_ack;
    size_t count;
};

/* What a row of history is written in; NULL when the ask is not about it. */
static const zw_tz *tz_of(const struct walk *walk, const zw_alert_key *key)
{
    const zw_pack *pack = walk->ask->world->pack;
    uint32_t area = zw_pack_area(pack, zw_text_of(key->area), NULL);
    if (area == ZW_NONE) {
        return walk->ask->area == ZW_NONE ? zw_ask_tz(walk->ask) : NULL;
    }
    return zw_ask_is_about(walk->ask, area) ? zw_pack_calendar(pack, area)->tz : NULL;
}

static zw_status count_row(struct walk *walk, zw_err *err)
{
    return ++walk->count <= EVENTS_MOST
               ? ZW_OK
               : zw_err_set(err, ZW_INVALID,
                            "more than %d moves: narrow them by alert, area, from and to",
                            EVENTS_MOST);
}

static void put_place(zw_json *json, const zw_alert_key *key)
{
    zw_json_text(json, "alert", key->alert);
    zw_json_text(json, "area", key->area);
    zw_json_words(json, "period", key->period);
    if (key->item[0] != '\0') {
        zw_json_text(json, "item", key->item);
    }
}

static void put_ack(struct walk *walk, const zw_ack *ack, const zw_tz *tz)
{
    zw_json *json = walk->json;
    zw_json_open(json, NULL, '{');
    put_place(json, &ack->key);
    zw_json_text(json, "state", "acknowledged");
    zw_json_text(json, "severity", zw_severity_text(ack->severity));
    zw_shape_moment(json, "at", tz, ack->at_ms);
    zw_shape_moment(json, "recorded_at", tz, ack->at_ms);
    zw_json_open(json, "evidence", '{');
    zw_json_text(json, "author", ack->author);
    zw_json_text(json, "note", ack->note);
    zw_json_close(json, '}');
    zw_json_close(json, '}');
}

/* Writes the acknowledgements that were given before a moment and are not written yet. */
static zw_status put_acks(struct walk *walk, int64_t before_ms, zw_err *err)
{
    const zw_acks *acks = walk->ask->world->acks;
    zw_status status = ZW_OK;
    for (; status == ZW_OK && walk->next_ack < zw_acks_count(acks); walk->next_ack++) {
        const zw_ack *ack = zw_acks_at(acks, walk->next_ack);
        if (ack->at_ms >= before_ms) {
            return ZW_OK;
        }
        bool is_asked = ack->at_ms >= walk->from_ms && ack->at_ms <= walk->to_ms &&
                        (walk->alert == NULL || strcmp(walk->alert, ack->key.alert) == 0);
        const zw_tz *tz = is_asked ? tz_of(walk, &ack->key) : NULL;
        status = tz != NULL ? count_row(walk, err) : ZW_OK;
        if (tz != NULL && status == ZW_OK) {
            put_ack(walk, ack, tz);
        }
    }
    return status;
}

/* What the ledger keeps is JSON by promise; an answer must be JSON even if the promise was broken.
 */
static void put_evidence(zw_json *json, const char *evidence)
{
    json_t *object = json_loads(evidence, 0, NULL);
    if (object != NULL) {
        zw_json_raw(json, "evidence", evidence);
    } else {
        zw_json_null(json, "evidence");
    }
    json_decref(object);
}

/* From where to where it moved, and what more is to be said of that. */
static void put_move(zw_json *json, const zw_alert_event *event)
{
    const zw_alert_state *state = &event->state;
    bool has_severity = state->is == ZW_ALERT_FIRING || state->is == ZW_ALERT_PENDING;
    zw_json_text(json, "from", event->from);
    zw_json_text(json, "state", zw_alert_state_word(state));
    zw_json_text(json, "severity", has_severity ? zw_severity_text(state->severity) : NULL);
    zw_json_bool(json, "as_revised", state->is_revised);
    zw_json_bool(json, "flapping", state->is_flapping);
}

static zw_status put_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    struct walk *walk = arg;
    const zw_tz *tz = zw_ledger_is_move(event) ? tz_of(walk, &event->key) : NULL;
    zw_status status = put_acks(walk, event->at_ms, err);
    status = status == ZW_OK && tz != NULL ? count_row(walk, err) : status;
    if (status != ZW_OK || tz == NULL) {
        return status;
    }
    zw_json_open(walk->json, NULL, '{');
    put_place(walk->json, &event->key);
    put_move(walk->json, event);
    zw_shape_moment(walk->json, "at", tz, event->at_ms);
    zw_shape_moment(walk->json, "recorded_at", tz, event->recorded_ms);
    put_evidence(walk->json, event->evidence);
    zw_json_close(walk->json, '}');
    return ZW_OK;
}

/* A name that no alert of the pack has may still be that of an earlier pack's: it has a history. */
zw_status zw_api_history(zw_ask *ask, zw_buf *data, zw_err *err)
{
    bool has = false;
    zw_json json = zw_json_of(data);
    struct walk walk = {.ask = ask,
                        .json = &json,
                        .alert = zw_http_request_query(ask->request, "alert"),
                        .from_ms = INT64_MIN,
                        .to_ms = ask->world->now_ms};
    zw_json_open(&json, NULL, '[');
    zw_status status = zw_ask_moment(ask, "from", false, &has, &walk.from_ms, err);
    status = status == ZW_OK ? zw_ask_moment(ask, "to", true, &has, &walk.to_ms, err) : status;
    status = status == ZW_OK ? zw_ledger_history(ask->world->ledger, walk.alert, walk.from_ms,
                                                 walk.to_ms, put_event, &walk, err)
                             : status;
    status = status == ZW_OK ? put_acks(&walk, INT64_MAX, err) : status;
    zw_json_close(&json, ']');
    return status;
}
