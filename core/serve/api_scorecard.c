/* `/api/v1/alerts/scorecard`: what the moves of each alert come to. */
#include "alert/scorecard.h"
#include "serve/api_parts.h"
#include "serve/json.h"
#include "serve/params.h"

#include <string.h>

/* Whether an event is of an area that is asked about; one of an area that the pack has no more is
 * when nobody asks about any. */
static bool is_about(const zw_ask *ask, const zw_alert_event *event)
{
    uint32_t area = zw_pack_area(ask->world->pack, zw_text_of(event->key.area), NULL);
    return area != ZW_NONE ? zw_ask_is_about(ask, area) : ask->area == ZW_NONE;
}

/* Walks the history that is asked for: of an alert, in a span. A name that no alert of the pack has
 * may still be that of an earlier pack's: it has a history. */
static zw_status walk_history(const zw_ask *ask, zw_ledger_each each, void *arg, zw_err *err)
{
    int64_t from_ms = INT64_MIN;
    int64_t to_ms = ask->world->now_ms;
    bool has = false;
    zw_status status = zw_ask_moment(ask, "from", false, &has, &from_ms, err);
    status = status == ZW_OK ? zw_ask_moment(ask, "to", true, &has, &to_ms, err) : status;
    return status == ZW_OK
               ? zw_ledger_history(ask->world->ledger, zw_http_request_query(ask->request, "alert"),
                                   from_ms, to_ms, each, arg, err)
               : status;
}

/* A card being filled. */
struct scoring {
    const zw_ask *ask;
    zw_scorecard *card;
};

static zw_status take_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    const struct scoring *scoring = arg;
    return is_about(scoring->ask, event) ? zw_scorecard_take(scoring->card, event, err) : ZW_OK;
}

/* Every alert of the pack has a line, or the one that is asked for. */
static zw_status name_alerts(const zw_ask *ask, zw_scorecard *card, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    const char *asked = zw_http_request_query(ask->request, "alert");
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < pack->alert_count; i++) {
        const char *name = pack->alerts[i].title.name;
        if (asked == NULL || strcmp(asked, name) == 0) {
            status = zw_scorecard_name(card, name, err);
        }
    }
    return status;
}

static void put_seconds(zw_json *json, const char *name, int64_t ms)
{
    if (ms == ZW_NEVER_MS) {
        zw_json_null(json, name);
    } else {
        zw_json_number(json, name, (double)ms / 1000);
    }
}

static void put_score(zw_json *json, const zw_score *score)
{
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "alert", score->alert);
    zw_json_integer(json, "firings", (int64_t)score->firings);
    zw_json_integer(json, "ended", (int64_t)score->ended);
    put_seconds(json, "seconds_to_fire", score->to_fire_ms);
    put_seconds(json, "seconds_to_clear", score->to_clear_ms);
    zw_json_integer(json, "flaps", (int64_t)score->flaps);
    zw_json_integer(json, "overturned", (int64_t)score->overturned);
    if (score->ended > 0) {
        zw_json_number(json, "share_overturned", (double)score->overturned / (double)score->ended);
    } else {
        zw_json_null(json, "share_overturned");
    }
    zw_json_close(json, '}');
}

zw_status zw_api_scorecard(zw_ask *ask, zw_buf *data, zw_err *err)
{
    struct scoring scoring = {ask, NULL};
    zw_json json = zw_json_of(data);
    zw_status status = zw_scorecard_create(&scoring.card, err);
    status = status == ZW_OK ? name_alerts(ask, scoring.card, err) : status;
    status = status == ZW_OK ? walk_history(ask, take_event, &scoring, err) : status;
    zw_json_open(&json, NULL, '[');
    for (size_t i = 0; status == ZW_OK && i < zw_scorecard_count(scoring.card); i++) {
        zw_score score;
        zw_scorecard_at(scoring.card, i, &score);
        put_score(&json, &score);
    }
    zw_json_close(&json, ']');
    zw_scorecard_destroy(scoring.card);
    return status;
}
