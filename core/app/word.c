/* An operator's word: what is not to be told, and what was seen. It takes effect in the turn that
 * it is given in, and stays in the store. */
#include "app/engine_inside.h"

#include <string.h>

enum { PERIOD_BYTES = 48 };

/* Nothing of a turn in which a word could not be written down, or only in part, is kept. */
static zw_status note_trouble(zw_engine *engine, zw_status status, zw_err *err)
{
    if (status == ZW_NOMEM && engine->trouble.status == ZW_OK) {
        (void)zw_err_set(&engine->trouble, status, "%s", zw_status_text(status));
    }
    return zw_engine_note_trouble(engine, status, err);
}

zw_status zw_engine_silence(zw_engine *engine, const zw_silence_words *words, int64_t *id,
                            zw_err *err)
{
    zw_silence silence;
    int64_t now_ms = zw_engine_now_ms(engine);
    zw_status status =
        zw_silence_read(engine->pack, zw_store_items(engine->store), words, now_ms, &silence, err);
    status = status == ZW_OK ? zw_engine_begin(engine, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    status = note_trouble(engine, zw_silences_put(engine->silences, &silence, err), err);
    *id = silence.id;
    return status;
}

zw_status zw_engine_end_silence(zw_engine *engine, int64_t id, const char *by, zw_err *err)
{
    zw_status status = zw_engine_begin(engine, err);
    if (status != ZW_OK) {
        return status;
    }
    int64_t now_ms = zw_engine_now_ms(engine);
    return note_trouble(
        engine, zw_silences_end(engine->silences, id, now_ms, by != NULL ? by : "", err), err);
}

/* Acknowledging. */

struct acking {
    zw_engine *engine;
    const zw_ack_words *words;
    uint32_t alert, area;
    int64_t now_ms, first;
    size_t count;
};

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static zw_status acknowledge(void *arg, uint32_t alert, uint32_t area, const zw_instance *instance,
                             zw_err *err)
{
    struct acking *in = arg;
    char period[PERIOD_BYTES];
    if (alert != in->alert || area != in->area || instance->state.is != ZW_ALERT_FIRING) {
        return ZW_OK;
    }
    zw_ack ack = {.key = zw_judge_key(in->engine->eval, alert, area, instance, period),
                  .severity = instance->state.severity,
                  .at_ms = in->now_ms,
                  .author = in->words->author,
                  .note = in->words->note != NULL ? in->words->note : ""};
    bool is_other = (is_given(in->words->item) && strcmp(in->words->item, ack.key.item) != 0) ||
                    (is_given(in->words->period) && strcmp(in->words->period, period) != 0);
    if (is_other) {
        return ZW_OK;
    }
    zw_status status = note_trouble(in->engine, zw_acks_put(in->engine->acks, &ack, err), err);
    in->first = in->count == 0 ? ack.id : in->first;
    in->count += status == ZW_OK ? 1 : 0;
    return status;
}

static zw_status read_words(struct acking *in, zw_err *err)
{
    const zw_ack_words *words = in->words;
    if (!is_given(words->alert) || !is_given(words->author)) {
        return zw_err_set(err, ZW_INVALID, "alert and author must be said");
    }
    zw_status status = zw_silence_alert(in->engine->pack, words->alert, &in->alert, err);
    return status == ZW_OK ? zw_engine_area(in->engine, is_given(words->area) ? words->area : NULL,
                                            &in->area, err)
                           : status;
}

zw_status zw_engine_ack(zw_engine *engine, const zw_ack_words *words, int64_t *first, size_t *count,
                        zw_err *err)
{
    struct acking in = {
        .engine = engine, .words = words, .now_ms = zw_engine_now_ms(engine), .first = 0};
    zw_status status = read_words(&in, err);
    status = status == ZW_OK ? zw_engine_begin(engine, err) : status;
    status = status == ZW_OK ? zw_judge_walk(engine->judge, acknowledge, &in, err) : status;
    *first = in.first;
    *count = in.count;
    if (status == ZW_OK && in.count == 0) {
        return zw_err_set(err, ZW_NOT_FOUND, "%s does not fire there", words->alert);
    }
    return status;
}
