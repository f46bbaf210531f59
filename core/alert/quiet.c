/*
 * Quiet. Of several causes the first counts: a silence, which covers all that fires or is unsaid;
 * then, of what is unsaid, what mutes the alert, and what makes its group wait; at last that it
 * flaps.
 */
#include "alert/quiet.h"

#include <inttypes.h>
#include <stdio.h>

enum { NUMBER_BYTES = 24, PERIOD_BYTES = 48 };

int64_t zw_quiet_silence(const zw_teller_world *world, const zw_heard *entry, int level,
                         int64_t now_ms)
{
    if (!zw_silences_any(world->silences)) {
        return 0;
    }
    const zw_items *items = zw_store_items(zw_eval_world_of(world->eval)->store);
    uint32_t item = entry->instance.state.item;
    zw_silenced what = {.alert = entry->alert,
                        .area = entry->area,
                        .item = item > 0 ? zw_items_name(items, item - 1) : NULL,
                        .level = level};
    return zw_silences_find(world->silences, &what, now_ms);
}

int zw_quiet_level(const zw_heard *entry)
{
    if (entry->level > 0) {
        return entry->level;
    }
    return entry->told.held_level > 0 ? entry->told.held_level : entry->told.level;
}

static zw_quieted quieted_of(const zw_teller_world *world, const zw_heard *entry, int64_t now_ms)
{
    int level = zw_quiet_level(entry);
    bool is_unsaid = entry->told.held_level > 0 || entry->level != entry->told.level;
    zw_quieted quieted = {.cause = ZW_QUIET_NONE, .until_ms = ZW_NEVER_MS};
    quieted.silence = level > 0 ? zw_quiet_silence(world, entry, level, now_ms) : 0;
    if (quieted.silence != 0) {
        quieted.cause = ZW_QUIET_SILENCE;
    } else if (is_unsaid && entry->level > 0 && entry->mute == ZW_MUTE_ON) {
        quieted.cause = ZW_QUIET_UNLESS;
    } else if (is_unsaid && entry->waits != ZW_QUIET_NONE) {
        quieted.cause = entry->waits;
        quieted.until_ms = entry->waits_until_ms;
    } else if (entry->instance.state.is_flapping && entry->told.level > 0) {
        quieted.cause = ZW_QUIET_FLAPS;
    }
    return quieted;
}

/* What the cause is called: a silence by its number, what mutes by its name if it has one. */
static const char *which_of(const zw_pack *pack, const zw_heard *entry, const zw_quieted *quieted,
                            char number[NUMBER_BYTES])
{
    uint32_t mute = pack->alerts[entry->alert].unless_alert;
    if (quieted->cause == ZW_QUIET_SILENCE) {
        (void)snprintf(number, NUMBER_BYTES, "%" PRId64, quieted->silence);
        return number;
    }
    return quieted->cause == ZW_QUIET_UNLESS && mute != ZW_NONE ? pack->alerts[mute].title.name
                                                                : "";
}

static zw_status begin(const zw_teller_world *world, const zw_heard *entry, zw_quieted *quieted,
                       int64_t now_ms, zw_err *err)
{
    const zw_pack *pack = zw_eval_world_of(world->eval)->pack;
    char number[NUMBER_BYTES];
    char period[PERIOD_BYTES];
    zw_suppression suppression = {
        .notify = pack->notifies[entry->notify].title.name,
        .key = zw_judge_key(world->eval, entry->alert, entry->area, &entry->instance, period),
        .severity = (zw_severity)(zw_quiet_level(entry) - 1),
        .cause = quieted->cause,
        .which = which_of(pack, entry, quieted, number),
        .from_ms = now_ms,
        .until_ms = quieted->until_ms};
    zw_status status = zw_tellings_begin(world->tellings, &suppression, err);
    quieted->id = suppression.id;
    return status;
}

zw_status zw_quiet_note(const zw_teller_world *world, zw_heard *entry, int64_t now_ms, zw_err *err)
{
    zw_quieted quieted = quieted_of(world, entry, now_ms);
    zw_status status = ZW_OK;
    if (quieted.cause == entry->quieted.cause && quieted.silence == entry->quieted.silence) {
        return ZW_OK;
    }
    if (entry->quieted.id != 0) {
        status = zw_tellings_end(world->tellings, entry->quieted.id, now_ms, entry->message, err);
    }
    if (status == ZW_OK && quieted.cause != ZW_QUIET_NONE) {
        status = begin(world, entry, &quieted, now_ms, err);
    }
    entry->quieted = quieted;
    return status;
}
