/* `/api/v1/notifications`: what was told to whom, how it went, and what was kept from being told.
 */
#include "serve/api_parts.h"
#include "serve/params.h"
#include "serve/shape.h"

#include <stdio.h>

enum { LIMIT_MOST = 10000, LIMIT_USUAL = 100 };

/* A walk through the ledger of tellings. */
struct walk {
    const zw_ask *ask;
    zw_json *json;
    zw_buf lines;  /* of the message at hand, as JSON */
    bool is_about; /* one of them is in the area asked for */
    size_t left;   /* how many more are wanted */
};

/* True when a name is of what the ask is about; one that the pack no longer has is when all are. */
static bool is_about(const zw_ask *ask, const char *area)
{
    uint32_t index = zw_pack_area(ask->world->pack, zw_text_of(area), NULL);
    return index != ZW_NONE ? zw_ask_is_about(ask, index) : ask->area == ZW_NONE;
}

static void put_key(zw_json *json, const zw_alert_key *key)
{
    zw_json_text(json, "alert", key->alert);
    zw_json_text(json, "area", key->area);
    zw_json_words(json, "period", key->period);
    zw_json_words(json, "item", key->item);
}

static zw_status put_line(void *arg, const zw_told_line *line, zw_err *err)
{
    struct walk *walk = arg;
    const zw_tz *tz = zw_ask_tz(walk->ask);
    zw_json json = {&walk->lines, walk->lines.len > 1};
    (void)err;
    walk->is_about = walk->is_about || is_about(walk->ask, line->key.area);
    zw_json_open(&json, NULL, '{');
    put_key(&json, &line->key);
    zw_json_text(&json, "state", line->is_firing ? "firing" : "resolved");
    zw_json_text(&json, "severity", zw_severity_text(line->severity));
    zw_shape_moment(&json, "starts_at", tz, line->starts_ms);
    zw_shape_moment(&json, "ends_at", tz, line->ends_ms);
    zw_json_close(&json, '}');
    return ZW_OK;
}

/* What kind of receiver it goes to; NULL when the pack no longer has it. */
static const char *kind_of(const zw_pack *pack, const zw_sent *sent)
{
    uint32_t index = 0;
    if (zw_pack_find(pack, zw_text_of(sent->notify), &index) != ZW_NOUN_NOTIFY ||
        sent->receiver >= pack->notifies[index].to_count) {
        return NULL;
    }
    return pack->notifies[index].to[sent->receiver].kind == ZW_RECEIVER_WEBHOOK ? "webhook" : "log";
}

static void put_sent(const struct walk *walk, const zw_sent *sent)
{
    zw_json *json = walk->json;
    const zw_tz *tz = zw_ask_tz(walk->ask);
    bool is_delivered = sent->delivered_ms != ZW_NEVER_MS;
    zw_json_open(json, NULL, '{');
    zw_json_integer(json, "id", sent->id);
    zw_json_text(json, "notify", sent->notify);
    zw_json_integer(json, "receiver", sent->receiver + 1);
    zw_json_text(json, "kind", kind_of(walk->ask->world->pack, sent));
    zw_json_text(json, "key", sent->key);
    zw_shape_moment(json, "made_at", tz, sent->made_ms);
    zw_shape_moment(json, "delivered_at", tz, sent->delivered_ms);
    zw_json_integer(json, "failures", sent->attempts);
    zw_shape_moment(json, "next_at", tz, is_delivered ? ZW_NEVER_MS : sent->next_ms);
    zw_json_words(json, "last_error", sent->last_error);
    zw_json_raw(json, "alerts", zw_buf_view(&walk->lines));
    zw_json_close(json, '}');
}

/* ZW_LIMIT ends the walk: there are enough. */
static zw_status put_message(void *arg, const zw_sent *sent, zw_err *err)
{
    struct walk *walk = arg;
    zw_buf_clear(&walk->lines);
    zw_buf_puts(&walk->lines, "[");
    walk->is_about = walk->ask->area == ZW_NONE;
    zw_status status = zw_tellings_lines(walk->ask->world->tellings, sent->id, put_line, walk, err);
    zw_buf_puts(&walk->lines, "]");
    if (status == ZW_OK && walk->is_about) {
        put_sent(walk, sent);
        walk->left--;
    }
    return status == ZW_OK && walk->left == 0 ? ZW_LIMIT : status;
}

/* "silence 12", "unless returns_late", "outside its hours", "waits for its group", "flapping". */
static void put_cause(zw_json *json, const zw_suppression *suppression)
{
    char text[128];
    const char *word = suppression->cause == ZW_QUIET_HOURS  ? "outside its hours"
                       : suppression->cause == ZW_QUIET_WAIT ? "waits for its group"
                                                             : zw_quiet_text(suppression->cause);
    (void)snprintf(text, sizeof(text), "%s%s%s", word, suppression->which[0] != '\0' ? " " : "",
                   suppression->which);
    zw_json_text(json, "cause", text);
}

static zw_status put_suppression(void *arg, const zw_suppression *suppression, zw_err *err)
{
    struct walk *walk = arg;
    zw_json *json = walk->json;
    const zw_tz *tz = zw_ask_tz(walk->ask);
    (void)err;
    if (!is_about(walk->ask, suppression->key.area)) {
        return ZW_OK;
    }
    zw_json_open(json, NULL, '{');
    zw_json_integer(json, "id", suppression->id);
    zw_json_text(json, "notify", suppression->notify);
    put_key(json, &suppression->key);
    zw_json_text(json, "severity", zw_severity_text(suppression->severity));
    put_cause(json, suppression);
    zw_shape_moment(json, "from", tz, suppression->from_ms);
    zw_shape_moment(json, "until", tz, suppression->until_ms);
    zw_shape_moment(json, "ended_at", tz, suppression->ended_ms);
    if (suppression->message != 0) {
        zw_json_integer(json, "message", suppression->message);
    } else {
        zw_json_null(json, "message");
    }
    zw_json_close(json, '}');
    return --walk->left == 0 ? ZW_LIMIT : ZW_OK;
}

static zw_status put_all(struct walk *walk, const zw_tellings_of *of, size_t limit, zw_err *err)
{
    zw_tellings *tellings = walk->ask->world->tellings;
    walk->left = limit;
    zw_json_open(walk->json, "messages", '[');
    zw_status status = zw_tellings_messages(tellings, of, put_message, walk, err);
    zw_json_close(walk->json, ']');
    if (status != ZW_OK && status != ZW_LIMIT) {
        return status;
    }
    walk->left = limit;
    zw_json_open(walk->json, "suppressions", '[');
    status = zw_tellings_suppressions(tellings, of, put_suppression, walk, err);
    zw_json_close(walk->json, ']');
    return status == ZW_LIMIT ? ZW_OK : status;
}

/* A name that the pack does not have may still be that of an earlier pack's. */
zw_status zw_api_notifications(zw_ask *ask, zw_buf *data, zw_err *err)
{
    long long limit = 0;
    bool has = false;
    zw_json json = zw_json_of(data);
    zw_tellings_of of = {.notify = zw_http_request_query(ask->request, "notify"),
                         .alert = zw_http_request_query(ask->request, "alert"),
                         .from_ms = INT64_MIN,
                         .to_ms = INT64_MAX};
    zw_status status =
        zw_params_count(ask->request, "limit", 1, LIMIT_MOST, LIMIT_USUAL, &limit, err);
    status = status == ZW_OK ? zw_ask_moment(ask, "from", false, &has, &of.from_ms, err) : status;
    status = status == ZW_OK ? zw_ask_moment(ask, "to", true, &has, &of.to_ms, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    struct walk walk = {.ask = ask, .json = &json};
    zw_buf_init(&walk.lines, data->ceiling_bytes);
    zw_json_open(&json, NULL, '{');
    status = put_all(&walk, &of, (size_t)limit, err);
    zw_json_close(&json, '}');
    data->has_failed = data->has_failed || walk.lines.has_failed;
    zw_buf_fini(&walk.lines);
    return status;
}
