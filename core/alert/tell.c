/* Telling: the difference between what is true and what was told becomes messages, one for each
 * receiver. */
#include "alert/tell.h"

#include "alert/facts.h"
#include "base/digest.h"

#include <stdio.h>
#include <string.h>

enum { BODY_CEILING = 1024 * 1024 };

struct telling {
    zw_judge *judge;
    zw_eval *eval;
    zw_outbox *outbox;
    int64_t now_ms;
    size_t said;
};

/* One instance, about to be told to one notify. */
struct news {
    uint32_t alert, area;
    const zw_instance *instance;
    zw_alert_key key;
    zw_told before;
    int level;
};

static const zw_pack *pack_of(const struct telling *telling)
{
    return zw_eval_world_of(telling->eval)->pack;
}

static bool is_within(const zw_pack *pack, zw_list areas, uint32_t area)
{
    for (size_t i = 0; i < areas.count; i++) {
        if (zw_pack_is_inside(pack, area, areas.at[i])) {
            return true;
        }
    }
    return false;
}

static bool is_for(const zw_pack *pack, const zw_notify *notify, uint32_t alert, uint32_t area)
{
    return (!notify->has_alerts || zw_list_has(notify->alerts, alert)) &&
           (!notify->has_areas || is_within(pack, notify->areas, area));
}

/* The level that counts for a notify: nothing below its `at_least`. */
static int level_for(const zw_notify *notify, const zw_alert_state *state)
{
    int level = zw_alert_level(state);
    return level >= 1 + (int)notify->at_least ? level : 0;
}

/* A key of its own for each telling: an alert may begin anew at the moment at which it began
 * before, when history is mended twice. The last message before this one tells them apart. */
static zw_status message_key(const struct telling *telling, const struct news *news,
                             const zw_notify *notify, uint32_t receiver,
                             char out[ZW_DIGEST_TEXT_BYTES], zw_err *err)
{
    int64_t last = 0;
    zw_status status = zw_outbox_last(telling->outbox, &last, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_buf text;
    zw_buf_init(&text, BODY_CEILING);
    zw_buf_printf(&text, "%s\x1f%s\x1f%s\x1f%s\x1f%u\x1f%d\x1f%lld\x1f%lld", news->key.alert,
                  news->key.area, news->key.period, notify->title.name, receiver, news->level,
                  (long long)news->instance->state.since_ms, (long long)last);
    if (text.has_failed) {
        status = zw_err_nomem(err);
    } else {
        zw_digest_of(zw_buf_view(&text), text.len, out);
    }
    zw_buf_fini(&text);
    return status;
}

static zw_alert_note note_of(const struct telling *telling, const struct news *news,
                             const zw_saying *saying)
{
    const zw_pack *pack = pack_of(telling);
    const zw_alert_state *state = &news->instance->state;
    bool is_firing = news->level > 0;
    int shown_level = is_firing ? news->level : news->before.level;
    return (zw_alert_note){.key = news->key,
                           .zone = pack->areas[pack->areas[news->area].zone].title.name,
                           .pack = pack->folder,
                           .state = is_firing ? "firing" : "resolved",
                           .severity = zw_severity_text((zw_severity)(shown_level - 1)),
                           .summary_en = zw_buf_view(&saying->en),
                           .summary_zh = zw_buf_view(&saying->zh),
                           .value_shown = zw_buf_view(&saying->value),
                           .is_synthetic = saying->is_synthetic,
                           .starts_ms = is_firing ? state->active_ms : news->before.active_ms,
                           .ends_ms = is_firing ? ZW_NEVER_MS : state->since_ms,
                           .tz = zw_pack_calendar(pack, news->area)->tz};
}

static zw_status put_message(struct telling *telling, const struct news *news,
                             const zw_notify *notify, uint32_t receiver, const zw_alert_note *note,
                             zw_err *err)
{
    zw_buf body;
    zw_buf_init(&body, BODY_CEILING);
    zw_status status = ZW_OK;
    if (notify->to[receiver].kind == ZW_RECEIVER_WEBHOOK) {
        status = zw_message_webhook(notify->title.name, note, 1, &body, err);
    } else {
        zw_message_line(note, notify->lang, &body);
        status = body.has_failed ? zw_err_nomem(err) : ZW_OK;
    }
    char key[ZW_DIGEST_TEXT_BYTES];
    status = status == ZW_OK ? message_key(telling, news, notify, receiver, key, err) : status;
    if (status == ZW_OK) {
        zw_message message = {.notify = notify->title.name,
                              .receiver = receiver,
                              .key = key,
                              .body = zw_buf_view(&body),
                              .made_ms = telling->now_ms,
                              .next_ms = telling->now_ms};
        status = zw_outbox_put(telling->outbox, &message, err);
        telling->said += status == ZW_OK ? 1 : 0;
    }
    zw_buf_fini(&body);
    return status;
}

static zw_status tell_news(struct telling *telling, const struct news *news,
                           const zw_notify *notify, zw_err *err)
{
    zw_saying saying;
    zw_status status =
        zw_facts_say(telling->eval, news->alert, news->area, &news->instance->state, &saying, err);
    if (status == ZW_OK) {
        zw_alert_note note = note_of(telling, news, &saying);
        for (uint32_t r = 0; status == ZW_OK && r < notify->to_count; r++) {
            status = put_message(telling, news, notify, r, &note, err);
        }
    }
    zw_saying_fini(&saying);
    return status == ZW_OK
               ? zw_told_put(telling->outbox, &news->key, notify->title.name,
                             (zw_told){news->level, news->instance->state.active_ms}, err)
               : status;
}

static zw_status tell_notify(struct telling *telling, struct news *news, const zw_notify *notify,
                             zw_err *err)
{
    zw_status status =
        zw_told_get(telling->outbox, &news->key, notify->title.name, &news->before, err);
    news->level = level_for(notify, &news->instance->state);
    if (status != ZW_OK || news->before.level == news->level) {
        return status;
    }
    bool is_muted = false;
    if (news->level > 0) { /* an end is told to whoever heard the beginning */
        status = zw_judge_is_muted(telling->judge, news->alert, news->area, &is_muted, err);
    }
    return status == ZW_OK && !is_muted ? tell_news(telling, news, notify, err) : status;
}

static zw_status tell_instance(void *arg, uint32_t alert, uint32_t area,
                               const zw_instance *instance, zw_err *err)
{
    struct telling *telling = arg;
    const zw_pack *pack = pack_of(telling);
    char period[48];
    struct news news = {.alert = alert, .area = area, .instance = instance};
    news.key = zw_judge_key(telling->eval, alert, area, instance, period);
    zw_status status = ZW_OK;
    for (size_t n = 0; status == ZW_OK && n < pack->notify_count; n++) {
        if (is_for(pack, &pack->notifies[n], alert, area)) {
            status = tell_notify(telling, &news, &pack->notifies[n], err);
        }
    }
    return status;
}

zw_status zw_tell(zw_judge *judge, zw_eval *eval, zw_outbox *outbox, int64_t now_ms, size_t *said,
                  zw_err *err)
{
    struct telling telling = {judge, eval, outbox, now_ms, 0};
    zw_status status = zw_judge_walk(judge, tell_instance, &telling, err);
    if (said != NULL) {
        *said = telling.said;
    }
    return status;
}
