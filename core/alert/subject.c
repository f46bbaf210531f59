/* Subjects: their instances in order of their periods, and those of items, which come and go. */
#include "alert/subject.h"

#include <stdlib.h>
#include <string.h>

size_t zw_subject_place(const zw_subject *subject, zw_period period, bool *is_there)
{
    size_t i = 0;
    size_t end = subject->instance_count;
    while (i < end) {
        size_t middle = i + (end - i) / 2;
        const zw_instance *instance = &subject->instances[middle];
        if (instance->has_period && instance->period < period) {
            i = middle + 1;
        } else {
            end = middle;
        }
    }
    *is_there = i < subject->instance_count &&
                (!subject->instances[i].has_period || subject->instances[i].period == period);
    return i;
}

zw_status zw_subject_add(zw_subject *subject, size_t place, zw_instance instance, zw_err *err)
{
    if (subject->instance_count == subject->instance_capacity) {
        size_t wanted = subject->instance_capacity == 0 ? 1 : subject->instance_capacity * 2;
        zw_instance *grown = realloc(subject->instances, wanted * sizeof(zw_instance));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        subject->instances = grown;
        subject->instance_capacity = wanted;
    }
    memmove(&subject->instances[place + 1], &subject->instances[place],
            (subject->instance_count - place) * sizeof(zw_instance));
    subject->instances[place] = instance;
    subject->instance_count++;
    return ZW_OK;
}

const zw_pack *zw_judge_pack(const zw_judge *judge)
{
    return zw_eval_world_of(judge->eval)->pack;
}

const zw_alert *zw_subject_alert(const zw_judge *judge, const zw_subject *subject)
{
    return &zw_judge_pack(judge)->alerts[subject->alert];
}

zw_status zw_subject_watch(zw_judge *judge, uint32_t index, zw_err *err)
{
    const zw_subject *subject = &judge->subjects[index];
    const zw_alert *alert = zw_subject_alert(judge, subject);
    zw_status status = ZW_OK;
    if (zw_alert_is_guard(alert)) { /* only deliveries move it */
        return ZW_OK;
    }
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] != ZW_NODE_NONE) {
            status = zw_eval_watch(judge->eval, alert->when[s], subject->area, index, err);
        }
    }
    if (status == ZW_OK && alert->clear != ZW_NODE_NONE) {
        status = zw_eval_watch(judge->eval, alert->clear, subject->area, index, err);
    }
    return status;
}

zw_status zw_subject_start(zw_judge *judge, zw_subject *subject, zw_err *err)
{
    zw_instance one = {.state = zw_alert_state_start(zw_eval_as_of_ms(judge->eval))};
    one.state.item = subject->item;
    subject->is_due = true;
    subject->next_ms = ZW_NEVER_MS;
    for (size_t i = 0; i < subject->instance_count; i++) {
        subject->instances[i].state = one.state;
        subject->instances[i].is_gone = subject->instances[i].has_period;
    }
    bool has_all = subject->instance_count > 0 || zw_subject_alert(judge, subject)->is_per_period;
    return has_all ? ZW_OK : zw_subject_add(subject, 0, one, err);
}

zw_status zw_subject_bind(zw_judge *judge, const zw_subject *subject, uint32_t *before, zw_err *err)
{
    *before = zw_eval_bound(judge->eval);
    if (subject->item == 0) {
        return ZW_OK;
    }
    return zw_eval_bind(judge->eval, zw_subject_alert(judge, subject)->items, subject->item - 1,
                        before, err);
}

/* The items of one alert's register, looked at in the order of their subjects: of each alert those
 * lie in order of arrival, but for areas' between them. */
struct looking {
    zw_judge *judge;
    uint32_t alert;
    size_t next; /* where the next item's subject is looked for first */
};

static size_t subject_of_item(const struct looking *looking, uint32_t item)
{
    const zw_judge *judge = looking->judge;
    size_t count = judge->subject_count;
    for (size_t k = 0; k < count; k++) {
        size_t i = (looking->next + k) % count;
        if (judge->subjects[i].alert == looking->alert && judge->subjects[i].item == item) {
            return i;
        }
    }
    return count;
}

static zw_status add_item_subject(zw_judge *judge, uint32_t alert, const zw_item_now *now,
                                  zw_err *err)
{
    if (judge->subject_count == judge->subject_capacity) {
        size_t wanted = judge->subject_capacity * 2 + 1;
        zw_subject *grown = realloc(judge->subjects, wanted * sizeof(*grown));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        judge->subjects = grown;
        judge->subject_capacity = wanted;
    }
    zw_subject *added = &judge->subjects[judge->subject_count++];
    *added = (zw_subject){
        .alert = alert, .area = now->area != ZW_NONE ? now->area : 0, .item = now->item + 1};
    return zw_subject_start(judge, added, err);
}

/* Takes over where an item stands; where that changed it is watched there, and judged. */
static zw_status look_at_item(void *arg, const zw_item_now *now, zw_err *err)
{
    struct looking *looking = arg;
    zw_judge *judge = looking->judge;
    size_t index = subject_of_item(looking, now->item + 1);
    if (index == judge->subject_count) {
        zw_status status = now->lives ? add_item_subject(judge, looking->alert, now, err) : ZW_OK;
        if (status != ZW_OK || !now->lives) {
            return status;
        }
    }
    zw_subject *subject = &judge->subjects[index];
    looking->next = index + 1;
    bool has_moved = now->lives && (!subject->lives || subject->area != now->area);
    subject->is_due = subject->is_due || has_moved || subject->lives != now->lives;
    subject->lives = now->lives;
    subject->is_seen = true;
    subject->area = now->lives ? now->area : subject->area;
    subject->item_until_ms = now->until_ms;
    if (!has_moved) {
        return ZW_OK;
    }
    uint32_t before = 0;
    zw_status status = zw_eval_alert_moved(judge->eval, subject->alert, err); /* to another area */
    status = status == ZW_OK ? zw_subject_bind(judge, subject, &before, err) : status;
    status = status == ZW_OK ? zw_subject_watch(judge, (uint32_t)index, err) : status;
    zw_eval_unbind(judge->eval, before);
    return status;
}

/* Of every alert for each item of a register: who is there now. */
zw_status zw_subjects_look_at_items(zw_judge *judge, zw_err *err)
{
    const zw_pack *pack = zw_judge_pack(judge);
    zw_status status = ZW_OK;
    for (size_t i = 0; i < judge->subject_count; i++) {
        judge->subjects[i].is_seen = false;
    }
    for (uint32_t a = 0; status == ZW_OK && a < pack->alert_count; a++) {
        struct looking looking = {judge, a, 0};
        if (pack->alerts[a].has_items) {
            status = zw_eval_items(judge->eval, pack->alerts[a].items, look_at_item, &looking, err);
        }
    }
    for (size_t i = 0; i < judge->subject_count; i++) { /* an item that is not even known now */
        zw_subject *subject = &judge->subjects[i];
        bool has_gone = subject->item != 0 && !subject->is_seen && subject->lives;
        subject->is_due = subject->is_due || has_gone;
        subject->lives = subject->lives && !has_gone;
    }
    return status;
}
