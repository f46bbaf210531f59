/*
 * Telling, in four steps over what each notify heard:
 *   note     the level that each instance has now, at the notify's eyes
 *   settle   what is not as it was told becomes news
 *   deliver  group by group: told when due and within the hours, else held
 *   save     entries that moved, and what keeps them from being told, into the tables
 */
#include "alert/tell.h"

#include "alert/letter.h"
#include "alert/quiet.h"

#include <stdlib.h>
#include <string.h>

struct zw_teller {
    zw_teller_world world;
    zw_heards heard;
    int64_t now_ms, next_ms;
    size_t said;
};

static const zw_pack *pack_of(const zw_teller *teller)
{
    return zw_eval_world_of(teller->world.eval)->pack;
}

static const zw_notify *notify_of(const zw_teller *teller, const zw_heard *entry)
{
    return &pack_of(teller)->notifies[entry->notify];
}

static void sooner(int64_t *next_ms, int64_t at_ms)
{
    *next_ms = at_ms < *next_ms ? at_ms : *next_ms;
}

zw_status zw_teller_create(const zw_teller_world *world, zw_teller **out, zw_err *err)
{
    *out = NULL;
    zw_teller *teller = calloc(1, sizeof(*teller));
    if (teller == NULL) {
        return zw_err_nomem(err);
    }
    *teller = (zw_teller){.world = *world, .next_ms = ZW_NEVER_MS};
    zw_status status = zw_heards_init(&teller->heard, pack_of(teller), err);
    if (status != ZW_OK) {
        zw_teller_destroy(teller);
        return status;
    }
    *out = teller;
    return ZW_OK;
}

void zw_teller_destroy(zw_teller *teller)
{
    if (teller != NULL) {
        zw_heards_fini(&teller->heard);
        free(teller);
    }
}

int64_t zw_teller_next_ms(const zw_teller *teller)
{
    return teller->next_ms;
}

zw_status zw_teller_restore(zw_teller *teller, zw_err *err)
{
    teller->next_ms = ZW_NEVER_MS;
    return zw_heards_restore(&teller->heard, teller->world.eval, teller->world.outbox,
                             teller->world.tellings, err);
}

/* Noting. */

/* The level that counts for a notify: nothing below its `at_least`. */
static int level_for(const zw_notify *notify, const zw_alert_state *state)
{
    int level = zw_alert_level(state);
    return level >= 1 + (int)notify->at_least ? level : 0;
}

/* What flaps counts as it was told, or is about to be, until it has rested: only worse is news. */
static int level_of_flapping(const zw_told *told, const zw_instance *instance, int level)
{
    int said = told->held_level > told->level ? told->held_level : told->level;
    return instance->state.is_flapping && said > level ? said : level;
}

static zw_status note_for(zw_teller *teller, uint32_t notify, uint32_t alert, uint32_t area,
                          const zw_instance *instance, zw_err *err)
{
    const zw_pack *pack = pack_of(teller);
    zw_heard entry = {.place = zw_heard_place_of(pack, notify, alert, area, instance),
                      .notify = notify,
                      .alert = alert,
                      .area = area,
                      .told = zw_told_nothing()};
    int level = level_for(&pack->notifies[notify], &instance->state);
    bool is_there = false;
    size_t at = zw_heards_find(&teller->heard, &entry.place, &is_there);
    if (!is_there && level == 0) {
        return ZW_OK;
    }
    zw_status status = is_there ? ZW_OK : zw_heards_insert(&teller->heard, at, &entry, err);
    if (status == ZW_OK) {
        teller->heard.entries[at].instance = *instance;
        teller->heard.entries[at].level =
            level_of_flapping(&teller->heard.entries[at].told, instance, level);
    }
    return status;
}

static zw_status note_instance(void *arg, uint32_t alert, uint32_t area,
                               const zw_instance *instance, zw_err *err)
{
    zw_teller *teller = arg;
    const zw_pack *pack = pack_of(teller);
    if (teller->heard.open[alert] == 0 && zw_alert_level(&instance->state) == 0) {
        return ZW_OK;
    }
    zw_status status = ZW_OK;
    for (uint32_t n = 0; status == ZW_OK && n < pack->notify_count; n++) {
        if (zw_heard_is_for(pack, &pack->notifies[n], alert, area)) {
            status = note_for(teller, n, alert, area, instance, err);
        }
    }
    return status;
}

/* What no instance is noted for has ended: of a period that a mended history made none of. */
static void expect_ends(zw_teller *teller)
{
    for (size_t i = 0; i < teller->heard.count; i++) {
        zw_heard *entry = &teller->heard.entries[i];
        uint32_t item = entry->instance.state.item;
        entry->instance.state = zw_alert_state_start(teller->now_ms);
        entry->instance.state.item = item;
        entry->instance.is_gone = true;
        entry->level = 0;
        entry->mute = ZW_MUTE_NOT_ASKED;
        entry->waits = ZW_QUIET_NONE;
        entry->message = 0;
    }
}

/* Settling. */

/* Asks for what fires whether something keeps it from being told: a silence, or its `unless`. */
static zw_status ask_mute(zw_teller *teller, zw_heard *entry, bool *is_muted, zw_err *err)
{
    zw_status status = ZW_OK;
    bool is_silenced = zw_quiet_silence(&teller->world, entry, entry->level, teller->now_ms) != 0;
    *is_muted = is_silenced || entry->mute == ZW_MUTE_ON;
    if (!is_silenced && entry->mute == ZW_MUTE_NOT_ASKED) {
        int64_t until_ms = ZW_NEVER_MS;
        status = zw_judge_is_muted(teller->world.judge, entry->alert, entry->area, is_muted,
                                   &until_ms, err);
        entry->mute = *is_muted ? ZW_MUTE_ON : ZW_MUTE_OFF;
        sooner(&teller->next_ms, until_ms);
    }
    return status;
}

static void hold(zw_told *told, int level, int64_t from_ms, int64_t till_ms)
{
    told->held_level = level;
    told->held_from_ms = from_ms;
    told->held_till_ms = till_ms;
}

static void let_go(zw_told *told)
{
    hold(told, 0, ZW_NEVER_MS, ZW_NEVER_MS);
    told->due_ms = ZW_NEVER_MS;
}

static void settle_held(zw_heard *entry)
{
    zw_told *told = &entry->told;
    const zw_alert_state *state = &entry->instance.state;
    if (entry->level > 0) {
        bool has_begun = state->active_ms != ZW_NEVER_MS; /* not of what flaps, and is ok now */
        hold(told, entry->level, has_begun ? state->active_ms : told->held_from_ms, ZW_NEVER_MS);
    } else if (told->held_till_ms == ZW_NEVER_MS) {
        told->held_till_ms = state->since_ms;
    }
    bool was_never =
        entry->level == 0 && (told->held_till_ms <= told->held_from_ms || entry->instance.is_gone);
    if (was_never && told->level == 0) {
        let_go(told);
    }
}

/* Makes news of what is not as it was told; news without a `due_ms` is new. */
static zw_status settle(zw_teller *teller, zw_heard *entry, zw_err *err)
{
    zw_told before = entry->told;
    zw_told *told = &entry->told;
    const zw_alert_state *state = &entry->instance.state;
    bool is_muted = false;
    zw_status status = ZW_OK;
    if (told->held_level > 0) {
        settle_held(entry);
    } else if (entry->level == 0 && told->level > 0) { /* told to whoever heard the beginning */
        hold(told, told->level, told->active_ms, state->since_ms);
    } else if (entry->level != told->level) {
        status = ask_mute(teller, entry, &is_muted, err);
        if (!is_muted) {
            hold(told, entry->level, state->active_ms, ZW_NEVER_MS);
        }
    }
    entry->is_changed = entry->is_changed || !zw_told_same(&before, told);
    return status;
}

/* Delivering. */

struct group {
    zw_heard *entries;
    size_t count;
    const zw_notify *notify;
    const zw_calendar *calendar;
};

/* When the group's news may be told, but for the hours: what joins goes with what waits, and where
 * something was told and still fires nothing waits. */
static int64_t due_of(const struct group *group, int64_t now_ms)
{
    int64_t due_ms = ZW_NEVER_MS;
    bool is_told = false;
    for (size_t i = 0; i < group->count; i++) {
        sooner(&due_ms, group->entries[i].told.due_ms);
        is_told = is_told || group->entries[i].told.level > 0;
    }
    if (due_ms != ZW_NEVER_MS || is_told) {
        return is_told ? now_ms : due_ms;
    }
    return zw_length_after(group->calendar, now_ms, group->notify->wait);
}

/* True of news, or of what fires as was told, when that can be spoken of. What ended is not muted,
 * for whoever heard the beginning waits for it; but a silence is for all that would be said. */
static zw_status can_speak(zw_teller *teller, zw_heard *entry, bool is_news, bool *out, zw_err *err)
{
    const zw_told *told = &entry->told;
    bool is_muted = false;
    zw_status status = ZW_OK;
    *out = is_news ? told->held_level > 0 : told->held_level == 0 && told->level > 0;
    if (*out && entry->level > 0) {
        status = ask_mute(teller, entry, &is_muted, err);
        *out = !is_muted;
    } else if (*out) {
        *out = zw_quiet_silence(&teller->world, entry, zw_quiet_level(entry), teller->now_ms) == 0;
    }
    return status;
}

/* True of what somebody has seen: it need not be told again. */
static bool is_acknowledged(const zw_teller *teller, const zw_heard *entry)
{
    char period[48];
    if (zw_acks_count(teller->world.acks) == 0) {
        return false;
    }
    zw_alert_key key =
        zw_judge_key(teller->world.eval, entry->alert, entry->area, &entry->instance, period);
    return zw_acks_of(teller->world.acks, &key, &entry->instance.state, teller->now_ms) != NULL;
}

/* What one entry asks for. */
struct wish {
    bool has_news;
    int64_t told_ms; /* when what fires on was last told; ZW_NEVER_MS when nothing does */
};

static zw_status wish_of(zw_teller *teller, zw_heard *entry, bool has_again, struct wish *out,
                         zw_err *err)
{
    bool is_firing = false;
    out->told_ms = ZW_NEVER_MS;
    zw_status status = can_speak(teller, entry, true, &out->has_news, err);
    if (status == ZW_OK && has_again) {
        status = can_speak(teller, entry, false, &is_firing, err);
    }
    is_firing = is_firing && !is_acknowledged(teller, entry);
    out->told_ms = is_firing ? entry->told.told_ms : ZW_NEVER_MS;
    return status;
}

/* When the group asks to be told, but for the hours; ZW_NEVER_MS. */
static zw_status find_due(zw_teller *teller, const struct group *group, int64_t *out, zw_err *err)
{
    int64_t due_ms = due_of(group, teller->now_ms);
    int64_t last_ms = INT64_MIN;
    zw_status status = ZW_OK;
    *out = ZW_NEVER_MS;
    for (size_t i = 0; status == ZW_OK && i < group->count; i++) {
        zw_heard *entry = &group->entries[i];
        struct wish wish;
        if (entry->told.held_level > 0 && entry->told.due_ms == ZW_NEVER_MS) { /* it is new */
            entry->told.due_ms = due_ms;
        }
        status = wish_of(teller, entry, group->notify->has_again, &wish, err);
        *out = status == ZW_OK && wish.has_news ? due_ms : *out;
        last_ms = wish.told_ms != ZW_NEVER_MS && wish.told_ms > last_ms ? wish.told_ms : last_ms;
    }
    if (last_ms != INT64_MIN) {
        sooner(out, zw_length_after(group->calendar, last_ms, group->notify->again));
    }
    return status;
}

static zw_letter_line line_of(const zw_heard *entry)
{
    const zw_told *told = &entry->told;
    bool is_news = told->held_level > 0;
    return (zw_letter_line){.alert = entry->alert,
                            .area = entry->area,
                            .instance = entry->instance,
                            .level = is_news ? told->held_level : told->level,
                            .is_firing = !is_news || told->held_till_ms == ZW_NEVER_MS,
                            .starts_ms = is_news ? told->held_from_ms : told->active_ms,
                            .ends_ms = is_news ? told->held_till_ms : ZW_NEVER_MS};
}

/* Notes that an entry was told as its line says. */
static void tick_off(zw_heard *entry, const zw_letter_line *line, int64_t now_ms)
{
    zw_told *told = &entry->told;
    *told = zw_told_nothing();
    if (line->is_firing) {
        told->level = line->level;
        told->active_ms = line->starts_ms;
        told->told_ms = now_ms;
    }
    entry->is_changed = true;
}

static unsigned bits_of(const zw_pack *pack, const zw_notify *notify)
{
    bool is_plain = (notify->group & ZW_GROUP_AREA) != 0 || zw_pack_only_zone(pack) != ZW_NONE;
    return is_plain ? notify->group : notify->group | ZW_GROUP_ZONE;
}

/* Writes down which messages spoke of a line. */
static zw_status note_line(const zw_teller *teller, zw_heard *entry, const zw_letter_line *line,
                           int64_t first, int64_t last, zw_err *err)
{
    char period[48];
    zw_told_line told = {
        .key = zw_judge_key(teller->world.eval, line->alert, line->area, &line->instance, period),
        .is_firing = line->is_firing,
        .severity = (zw_severity)(line->level - 1),
        .starts_ms = line->starts_ms,
        .ends_ms = line->ends_ms};
    entry->message = first;
    return zw_tellings_put(teller->world.tellings, first, last, &told, err);
}

/* Puts a letter into the outbox; `entries` are those its lines are of. */
static zw_status put_letter(zw_teller *teller, const zw_letter *letter, zw_heard *const *entries,
                            zw_err *err)
{
    int64_t before = 0;
    int64_t last = 0;
    zw_outbox *outbox = teller->world.outbox;
    zw_status status = zw_outbox_last(outbox, &before, err);
    status = status == ZW_OK ? zw_letter_put(teller->world.eval, outbox, letter, teller->now_ms,
                                             &teller->said, err)
                             : status;
    status = status == ZW_OK ? zw_outbox_last(outbox, &last, err) : status;
    for (size_t i = 0; status == ZW_OK && last > before && i < letter->count; i++) {
        status = note_line(teller, entries[i], &letter->lines[i], before + 1, last, err);
    }
    return status;
}

/* What of a group is told, line by line. */
struct telling {
    zw_letter_line *lines;
    zw_heard **entries;
    size_t count;
};

static zw_status gather(zw_teller *teller, const struct group *group, struct telling *out,
                        zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < group->count; i++) {
        zw_heard *entry = &group->entries[i];
        bool can = false;
        status = can_speak(teller, entry, entry->told.held_level > 0, &can, err);
        if (status == ZW_OK && can) {
            out->lines[out->count] = line_of(entry);
            tick_off(entry, &out->lines[out->count], teller->now_ms);
            out->entries[out->count++] = entry;
        }
    }
    return status;
}

/* Tells the group: its news, and with it everything of it that fires. Cut here, so that it is known
 * which message speaks of what. */
static zw_status tell_group(zw_teller *teller, const struct group *group, zw_err *err)
{
    struct telling telling = {.lines = calloc(group->count, sizeof(zw_letter_line)),
                              .entries = calloc(group->count, sizeof(zw_heard *))};
    bool has_memory = telling.lines != NULL && telling.entries != NULL;
    zw_status status = has_memory ? gather(teller, group, &telling, err) : zw_err_nomem(err);
    for (size_t from = 0; status == ZW_OK && from < telling.count; from += ZW_LETTER_LINES_MOST) {
        size_t rest = telling.count - from;
        zw_letter letter = {.notify = group->entries[0].notify,
                            .group = bits_of(pack_of(teller), group->notify),
                            .lines = telling.lines + from,
                            .count = rest < ZW_LETTER_LINES_MOST ? rest : ZW_LETTER_LINES_MOST};
        status = put_letter(teller, &letter, telling.entries + from, err);
    }
    free(telling.lines);
    free(telling.entries);
    return status;
}

/* Notes that the group's news is held until a moment, and why. */
static void note_waiting(const struct group *group, zw_quiet why, int64_t until_ms)
{
    for (size_t i = 0; i < group->count; i++) {
        group->entries[i].waits = why;
        group->entries[i].waits_until_ms = until_ms;
    }
}

static zw_status deliver(zw_teller *teller, const struct group *group, zw_err *err)
{
    const zw_notify *notify = group->notify;
    int64_t due_ms = ZW_NEVER_MS;
    zw_status status = find_due(teller, group, &due_ms, err);
    if (status != ZW_OK || due_ms == ZW_NEVER_MS) {
        return status;
    }
    due_ms = due_ms > teller->now_ms ? due_ms : teller->now_ms;
    int64_t open_ms = zw_hours_next_ms(notify->hours, notify->hours_count, group->calendar, due_ms);
    if (open_ms > teller->now_ms) {
        sooner(&teller->next_ms, open_ms);
        note_waiting(group, open_ms > due_ms ? ZW_QUIET_HOURS : ZW_QUIET_WAIT, open_ms);
        return ZW_OK;
    }
    status = tell_group(teller, group, err);
    status = status == ZW_OK ? find_due(teller, group, &due_ms, err) : status;
    if (status == ZW_OK && due_ms != ZW_NEVER_MS) {
        sooner(&teller->next_ms,
               zw_hours_next_ms(notify->hours, notify->hours_count, group->calendar, due_ms));
    }
    return status;
}

static zw_status deliver_all(zw_teller *teller, zw_err *err)
{
    const zw_pack *pack = pack_of(teller);
    zw_status status = ZW_OK;
    for (size_t from = 0; status == ZW_OK && from < teller->heard.count;) {
        struct group group = {.entries = &teller->heard.entries[from], .count = 1};
        group.notify = notify_of(teller, group.entries);
        group.calendar = zw_pack_calendar(pack, group.entries->area);
        while (from + group.count < teller->heard.count &&
               zw_heard_compare(&group.entries->place, &group.entries[group.count].place,
                                ZW_HEARD_GROUP_KEYS) == 0) {
            group.count++;
        }
        status = deliver(teller, &group, err);
        from += group.count;
    }
    return status;
}

/* Saving. */

static zw_status save(zw_teller *teller, zw_heard *entry, zw_err *err)
{
    char period[48];
    zw_alert_key key =
        zw_judge_key(teller->world.eval, entry->alert, entry->area, &entry->instance, period);
    entry->is_changed = false;
    return zw_told_put(teller->world.outbox, &key, notify_of(teller, entry)->title.name,
                       &entry->told, err);
}

/* Writes down what moved, and lets go of entries that say nothing. */
static zw_status save_all(zw_teller *teller, zw_err *err)
{
    zw_status status = ZW_OK;
    size_t kept = 0;
    for (size_t i = 0; i < teller->heard.count; i++) {
        zw_heard *entry = &teller->heard.entries[i];
        if (status == ZW_OK && entry->is_changed) {
            status = save(teller, entry, err);
        }
        status =
            status == ZW_OK ? zw_quiet_note(&teller->world, entry, teller->now_ms, err) : status;
        if (entry->told.level > 0 || entry->told.held_level > 0 || entry->quieted.id != 0) {
            teller->heard.entries[kept++] = *entry;
        } else {
            teller->heard.open[entry->alert]--;
        }
    }
    teller->heard.count = kept;
    return status;
}

zw_status zw_teller_tell(zw_teller *teller, int64_t now_ms, size_t *said, zw_err *err)
{
    teller->now_ms = now_ms;
    teller->next_ms = ZW_NEVER_MS;
    teller->said = 0;
    expect_ends(teller);
    zw_status status = zw_judge_walk(teller->world.judge, note_instance, teller, err);
    for (size_t i = 0; status == ZW_OK && i < teller->heard.count; i++) {
        status = settle(teller, &teller->heard.entries[i], err);
    }
    status = status == ZW_OK ? deliver_all(teller, err) : status;
    sooner(&teller->next_ms, zw_silences_next_ms(teller->world.silences, now_ms));
    status = status == ZW_OK ? save_all(teller, err) : status;
    if (said != NULL) {
        *said = teller->said;
    }
    return status;
}
