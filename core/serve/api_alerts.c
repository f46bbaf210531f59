/* `/api/v1/alerts` in Prometheus's shape, and `/api/v1/alerts/history`: every move on record. */
#include "serve/api_parts.h"
#include "serve/instances.h"
#include "serve/params.h"
#include "serve/shape.h"

#include <jansson.h>
#include <stdlib.h>

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

/* A walk through the ledger. */
struct walk {
    const zw_ask *ask;
    zw_json *json;
    size_t count;
};

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
    const zw_pack *pack = walk->ask->world->pack;
    uint32_t area = zw_pack_area(pack, zw_text_of(event->key.area), NULL);
    bool is_about = area != ZW_NONE ? zw_ask_is_about(walk->ask, area) : walk->ask->area == ZW_NONE;
    if (!is_about || !zw_ledger_is_move(event)) {
        return ZW_OK;
    }
    if (++walk->count > EVENTS_MOST) {
        return zw_err_set(err, ZW_INVALID,
                          "more than %d moves: narrow them by alert, area, from and to",
                          EVENTS_MOST);
    }
    const zw_tz *tz = area != ZW_NONE ? zw_pack_calendar(pack, area)->tz : zw_ask_tz(walk->ask);
    zw_json_open(walk->json, NULL, '{');
    zw_json_text(walk->json, "alert", event->key.alert);
    zw_json_text(walk->json, "area", event->key.area);
    zw_json_words(walk->json, "period", event->key.period);
    if (event->key.item[0] != '\0') {
        zw_json_text(walk->json, "item", event->key.item);
    }
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
    const char *alert = zw_http_request_query(ask->request, "alert");
    int64_t from_ms = INT64_MIN;
    int64_t to_ms = ask->world->now_ms;
    bool has = false;
    zw_json json = zw_json_of(data);
    struct walk walk = {ask, &json, 0};
    zw_json_open(&json, NULL, '[');
    zw_status status = zw_ask_moment(ask, "from", false, &has, &from_ms, err);
    status = status == ZW_OK ? zw_ask_moment(ask, "to", true, &has, &to_ms, err) : status;
    status = status == ZW_OK ? zw_ledger_history(ask->world->ledger, alert, from_ms, to_ms,
                                                 put_event, &walk, err)
                             : status;
    zw_json_close(&json, ']');
    return status;
}
