/* Heard: entries in the order of their places. */
#include "alert/heard.h"

#include <stdlib.h>
#include <string.h>

/* What the keys of a place are: the group's first. */
enum {
    BY_NOTIFY,
    BY_ZONE,
    BY_ALERT,
    BY_AREA,
    BY_GRID,
    BY_STEP,
    BY_PERIOD,
    BY_ITEM,
    OF_ALERT = ZW_HEARD_GROUP_KEYS,
    OF_AREA,
    OF_PERIOD,
    OF_ITEM
};

zw_status zw_heards_init(zw_heards *heards, const zw_pack *pack, zw_err *err)
{
    *heards = (zw_heards){.pack = pack};
    heards->open = calloc(pack->alert_count > 0 ? pack->alert_count : 1, sizeof(*heards->open));
    return heards->open != NULL ? ZW_OK : zw_err_nomem(err);
}

void zw_heards_fini(zw_heards *heards)
{
    free(heards->entries);
    free(heards->open);
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

bool zw_heard_is_for(const zw_pack *pack, const zw_notify *notify, uint32_t alert, uint32_t area)
{
    return (!notify->has_alerts || zw_list_has(notify->alerts, alert)) &&
           (!notify->has_areas || is_within(pack, notify->areas, area));
}

static zw_grid grid_of(const zw_pack *pack, uint32_t alert)
{
    zw_alert_state none = zw_alert_state_start(0);
    return zw_pack_node(pack, zw_judge_node(&pack->alerts[alert], &none))->grid;
}

zw_heard_place zw_heard_place_of(const zw_pack *pack, uint32_t notify, uint32_t alert,
                                 uint32_t area, const zw_instance *instance)
{
    unsigned group = pack->notifies[notify].group;
    zw_grid grid = grid_of(pack, alert);
    int64_t period = instance->has_period ? instance->period : ZW_PERIOD_MIN;
    bool has_period = (group & ZW_GROUP_PERIOD) != 0 && instance->has_period;
    zw_heard_place place = {{0}};
    place.key[BY_NOTIFY] = notify;
    place.key[BY_ZONE] = pack->areas[area].zone;
    place.key[BY_ALERT] = (group & ZW_GROUP_ALERT) != 0 ? alert : 0;
    place.key[BY_AREA] = (group & ZW_GROUP_AREA) != 0 ? area : 0;
    place.key[BY_GRID] = has_period ? 1 + (int64_t)grid.every : 0;
    place.key[BY_STEP] = has_period ? grid.step_ms : 0;
    place.key[BY_PERIOD] = has_period ? period : 0;
    place.key[BY_ITEM] = (group & ZW_GROUP_ITEM) != 0 ? instance->state.item : 0;
    place.key[OF_ALERT] = alert;
    place.key[OF_AREA] = area;
    place.key[OF_PERIOD] = period;
    place.key[OF_ITEM] = instance->state.item;
    return place;
}

int zw_heard_compare(const zw_heard_place *a, const zw_heard_place *b, int keys)
{
    for (int k = 0; k < keys; k++) {
        if (a->key[k] != b->key[k]) {
            return a->key[k] < b->key[k] ? -1 : 1;
        }
    }
    return 0;
}

/* The index of the entry at a place, or where it belongs. */
size_t zw_heards_find(const zw_heards *heards, const zw_heard_place *place, bool *is_there)
{
    size_t low = 0;
    size_t high = heards->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zw_heard_compare(&heards->entries[middle].place, place, ZW_HEARD_KEYS) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *is_there = low < heards->count &&
                zw_heard_compare(&heards->entries[low].place, place, ZW_HEARD_KEYS) == 0;
    return low;
}

zw_status zw_heards_insert(zw_heards *heards, size_t at, const zw_heard *entry, zw_err *err)
{
    if (heards->count == heards->capacity) {
        size_t wanted = heards->capacity == 0 ? 16 : heards->capacity * 2;
        zw_heard *grown = realloc(heards->entries, wanted * sizeof(*grown));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        heards->entries = grown;
        heards->capacity = wanted;
    }
    memmove(&heards->entries[at + 1], &heards->entries[at],
            (heards->count - at) * sizeof(*heards->entries));
    heards->entries[at] = *entry;
    heards->count++;
    heards->open[entry->alert]++;
    return ZW_OK;
}

/* The instance a key names; false when the pack has none such any more. */
static bool read_instance(const zw_pack *pack, uint32_t alert, uint32_t area, const char *period,
                          zw_instance *out)
{
    *out = (zw_instance){.has_period = period[0] != '\0', .state = zw_alert_state_start(0)};
    if (out->has_period != pack->alerts[alert].is_per_period) {
        return false;
    }
    zw_stamp stamp;
    if (!out->has_period) {
        return true;
    }
    if (zw_stamp_parse(zw_text_of(period), &stamp, NULL) != ZW_OK) {
        return false;
    }
    const zw_calendar *calendar = zw_pack_calendar(pack, area);
    zw_grid grid = grid_of(pack, alert);
    if (stamp.is != ZW_STAMP_PERIOD) {
        stamp.period = zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, &stamp));
    }
    out->period = stamp.period;
    char again[48];
    return strcmp(zw_period_text(calendar, grid, out->period, again, sizeof(again)), period) == 0;
}

static bool is_each(const zw_pack *pack, uint32_t alert, uint32_t area)
{
    return pack->alerts[alert].has_items || zw_list_has(pack->alerts[alert].each, area);
}

struct restoring {
    zw_heards *heards;
    const zw_eval *eval;
};

/* Finds what a row is of; false when the pack no longer has it. */
static bool find_names(const struct restoring *in, const zw_alert_key *key, const char *notify,
                       zw_heard *entry)
{
    const zw_pack *pack = in->heards->pack;
    zw_noun place = zw_pack_find(pack, zw_text_of(key->area), &entry->area);
    return zw_pack_find(pack, zw_text_of(key->alert), &entry->alert) == ZW_NOUN_ALERT &&
           zw_pack_find(pack, zw_text_of(notify), &entry->notify) == ZW_NOUN_NOTIFY &&
           (place == ZW_NOUN_AREA || place == ZW_NOUN_ZONE) &&
           is_each(pack, entry->alert, entry->area) &&
           zw_heard_is_for(pack, &pack->notifies[entry->notify], entry->alert, entry->area) &&
           read_instance(pack, entry->alert, entry->area, key->period, &entry->instance) &&
           zw_judge_find_item(in->eval, entry->alert, key, &entry->instance.state.item);
}

/* Makes the entry of a row, unless it is there; `*out` is NULL for what the pack no longer has,
 * which is left in the table. */
static zw_status restore_entry(const struct restoring *in, const zw_alert_key *key,
                               const char *notify, zw_heard **out, zw_err *err)
{
    zw_heard entry = {.told = zw_told_nothing()};
    *out = NULL;
    if (!find_names(in, key, notify, &entry)) {
        return ZW_OK;
    }
    bool is_there = false;
    entry.place =
        zw_heard_place_of(in->heards->pack, entry.notify, entry.alert, entry.area, &entry.instance);
    size_t at = zw_heards_find(in->heards, &entry.place, &is_there);
    zw_status status = is_there ? ZW_OK : zw_heards_insert(in->heards, at, &entry, err);
    *out = status == ZW_OK ? &in->heards->entries[at] : NULL;
    return status;
}

static zw_status restore_told(void *arg, const zw_alert_key *key, const char *name,
                              const zw_told *told, zw_err *err)
{
    zw_heard *entry = NULL;
    zw_status status = restore_entry(arg, key, name, &entry, err);
    if (entry != NULL) {
        entry->told = *told;
    }
    return status;
}

static zw_status restore_quieted(void *arg, const zw_suppression *suppression, zw_err *err)
{
    zw_heard *entry = NULL;
    zw_status status = restore_entry(arg, &suppression->key, suppression->notify, &entry, err);
    if (entry != NULL) {
        entry->quieted = (zw_quieted){
            .cause = suppression->cause, .until_ms = suppression->until_ms, .id = suppression->id};
        if (suppression->cause == ZW_QUIET_SILENCE) {
            entry->quieted.silence = strtoll(suppression->which, NULL, 10);
        }
    }
    return status;
}

zw_status zw_heards_restore(zw_heards *heards, const zw_eval *eval, zw_outbox *outbox,
                            zw_tellings *tellings, zw_err *err)
{
    struct restoring in = {heards, eval};
    heards->count = 0;
    memset(heards->open, 0, heards->pack->alert_count * sizeof(*heards->open));
    zw_status status = zw_told_walk(outbox, restore_told, &in, err);
    return status == ZW_OK ? zw_tellings_open(tellings, restore_quieted, &in, err) : status;
}
