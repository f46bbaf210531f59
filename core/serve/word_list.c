/* Silences and acknowledgements as JSON. */
#include "serve/word_list.h"

#include "serve/shape.h"

void zw_word_put_silence(zw_json *json, const zw_tz *tz, const zw_silence *silence, int64_t now_ms)
{
    zw_json_open(json, NULL, '{');
    zw_json_integer(json, "id", silence->id);
    zw_json_words(json, "alert", silence->alert);
    zw_json_words(json, "area", silence->area);
    zw_json_words(json, "severity", silence->severity);
    zw_json_words(json, "item", silence->item);
    zw_shape_moment(json, "start", tz, silence->starts_ms);
    zw_shape_moment(json, "end", tz, silence->ends_ms);
    zw_json_words(json, "hours", silence->hours);
    zw_json_text(json, "author", silence->author);
    zw_json_text(json, "reason", silence->reason);
    zw_shape_moment(json, "created_at", tz, silence->created_ms);
    zw_shape_moment(json, "ended_at", tz, silence->ended_ms);
    zw_json_words(json, "ended_by", silence->ended_by);
    zw_json_text(json, "state", zw_silence_state(silence, now_ms));
    zw_json_close(json, '}');
}

/* A walk that writes. */
struct writing {
    zw_json *json;
    const zw_tz *tz;
    int64_t now_ms;
};

static zw_status put_silence(void *arg, const zw_silence *silence, zw_err *err)
{
    const struct writing *writing = arg;
    (void)err;
    zw_word_put_silence(writing->json, writing->tz, silence, writing->now_ms);
    return ZW_OK;
}

zw_status zw_word_put_silences(zw_silences *silences, const zw_tz *tz, int64_t now_ms,
                               zw_json *json, zw_err *err)
{
    struct writing writing = {json, tz, now_ms};
    zw_json_open(json, NULL, '[');
    zw_status status = zw_silences_walk(silences, put_silence, &writing, err);
    zw_json_close(json, ']');
    return status;
}

void zw_word_put_seen(zw_json *json, const char *key, const zw_tz *tz, const zw_ack *ack)
{
    zw_json_open(json, key, '{');
    zw_shape_moment(json, "at", tz, ack->at_ms);
    zw_json_text(json, "author", ack->author);
    zw_json_text(json, "note", ack->note);
    zw_json_close(json, '}');
}

void zw_word_put_acks(const zw_acks *acks, int64_t first, size_t count, const zw_tz *tz,
                      zw_json *json)
{
    zw_json_open(json, NULL, '[');
    for (size_t n = 0; n < zw_acks_count(acks); n++) {
        const zw_ack *ack = zw_acks_at(acks, n);
        if (ack->id < first || ack->id >= first + (int64_t)count) {
            continue;
        }
        zw_json_open(json, NULL, '{');
        zw_json_integer(json, "id", ack->id);
        zw_json_text(json, "alert", ack->key.alert);
        zw_json_text(json, "area", ack->key.area);
        zw_json_words(json, "period", ack->key.period);
        zw_json_words(json, "item", ack->key.item);
        zw_json_text(json, "severity", zw_severity_text(ack->severity));
        zw_word_put_seen(json, "acknowledged", tz, ack);
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}
