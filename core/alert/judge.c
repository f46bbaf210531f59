/*
 * The judge. A subject is judged again when something under one of its truths went stale, when time
 * alone may have turned one, or when a hold ends; everything else keeps its state untouched.
 */
#include "alert/judge.h"

#include "alert/behind.h"
#include "alert/facts.h"
#include "alert/objection.h"
#include "alert/subject.h"

#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_BYTES = 64 * 1024 };

static size_t count_subjects(const zw_pack *pack)
{
    size_t count = 0;
    for (size_t i = 0; i < pack->alert_count; i++) {
        count += pack->alerts[i].each.count;
    }
    return count;
}

/* The subjects of one alert. */
static zw_status add_subjects(zw_judge *judge, uint32_t alert, zw_err *err)
{
    zw_list each = zw_judge_pack(judge)->alerts[alert].each;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < each.count; i++) {
        uint32_t index = (uint32_t)judge->subject_count++;
        judge->subjects[index] = (struct zw_subject){.alert = alert, .area = each.at[i]};
        status = zw_subject_start(judge, &judge->subjects[index], err);
        status = status == ZW_OK ? zw_subject_watch(judge, index, err) : status;
    }
    return status;
}

zw_status zw_judge_create(zw_eval *eval, zw_ledger *ledger, zw_judge **out, zw_err *err)
{
    *out = NULL;
    zw_judge *judge = calloc(1, sizeof(*judge));
    if (judge == NULL) {
        return zw_err_nomem(err);
    }
    judge->eval = eval;
    judge->ledger = ledger;
    const zw_pack *pack = zw_judge_pack(judge);
    size_t count = count_subjects(pack);
    judge->subject_capacity = count > 0 ? count : 1;
    judge->subjects = calloc(judge->subject_capacity, sizeof(struct zw_subject));
    judge->first_of = calloc(pack->alert_count + 1, sizeof(*judge->first_of));
    judge->fixed_ms = calloc(pack->alert_count + 1, sizeof(*judge->fixed_ms));
    judge->stepped_ms = INT64_MIN;
    if (judge->subjects == NULL || judge->first_of == NULL || judge->fixed_ms == NULL) {
        zw_judge_destroy(judge);
        return zw_err_nomem(err);
    }
    zw_db *db = zw_store_db(zw_eval_world_of(eval)->store);
    zw_status status = zw_objections_create(db, &judge->objections, err);
    for (uint32_t a = 0; status == ZW_OK && a < pack->alert_count; a++) {
        judge->fixed_ms[a] = INT64_MIN;
        judge->first_of[a] = judge->subject_count;
        status = add_subjects(judge, a, err);
    }
    judge->area_count = judge->subject_count;
    if (status != ZW_OK) {
        zw_judge_destroy(judge);
        return status;
    }
    *out = judge;
    return ZW_OK;
}

void zw_judge_destroy(zw_judge *judge)
{
    if (judge == NULL) {
        return;
    }
    for (size_t i = 0; i < judge->subject_count; i++) {
        free(judge->subjects[i].instances);
    }
    free(judge->subjects);
    free(judge->first_of);
    free(judge->fixed_ms);
    zw_objections_destroy(judge->objections);
    free(judge);
}

bool zw_judge_find_item(const zw_eval *eval, uint32_t alert, const zw_alert_key *key, uint32_t *out)
{
    const zw_eval_world *world = zw_eval_world_of(eval);
    const zw_alert *of = &world->pack->alerts[alert];
    bool has_item = key->item != NULL && key->item[0] != '\0';
    *out = 0;
    if (!of->has_items || !has_item) {
        return of->has_items == has_item;
    }
    const zw_items *items = zw_store_items(world->store);
    zw_register_id reg = zw_items_register(items, world->pack->registers[of->items].title.name);
    zw_item_id item = zw_items_find(items, reg, key->item);
    *out = item != ZW_ITEM_NONE ? item + 1 : 0;
    return item != ZW_ITEM_NONE;
}

/* An item is the same wherever it stands. */
static struct zw_subject *find_subject(zw_judge *judge, const zw_alert_key *key)
{
    const zw_pack *pack = zw_judge_pack(judge);
    for (size_t i = 0; i < judge->subject_count; i++) {
        struct zw_subject *subject = &judge->subjects[i];
        uint32_t item = 0;
        bool is_here = strcmp(pack->areas[subject->area].title.name, key->area) == 0;
        if (strcmp(pack->alerts[subject->alert].title.name, key->alert) == 0 &&
            (is_here || subject->item != 0) &&
            zw_judge_find_item(judge->eval, subject->alert, key, &item) && item == subject->item) {
            return subject;
        }
    }
    return NULL;
}

/* Takes one event's state; an alert, area or grid that the pack no longer has is left in the
 * ledger. */
static zw_status restore_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    zw_judge *judge = arg;
    struct zw_subject *subject = find_subject(judge, &event->key);
    bool has_period = event->key.period[0] != '\0';
    if (subject == NULL || zw_subject_alert(judge, subject)->is_per_period != has_period) {
        return ZW_OK;
    }
    if (!has_period) {
        subject->instances[0].state = event->state;
        subject->instances[0].state.item = subject->item;
        return ZW_OK;
    }
    zw_stamp stamp;
    if (zw_stamp_parse(zw_text_of(event->key.period), &stamp, NULL) != ZW_OK) {
        return ZW_OK;
    }
    bool is_there = false;
    size_t place = zw_subject_place(subject, event->state.front, &is_there);
    zw_instance instance = {
        .has_period = true, .period = event->state.front, .state = event->state};
    instance.state.item = subject->item;
    if (is_there) {
        subject->instances[place] = instance;
        return ZW_OK;
    }
    return zw_subject_add(subject, place, instance, err);
}

zw_status zw_judge_restore(zw_judge *judge, int64_t at_ms, zw_err *err)
{
    zw_status status = zw_subjects_look_at_items(judge, err);
    for (size_t i = 0; status == ZW_OK && i < judge->subject_count; i++) {
        status = zw_subject_start(judge, &judge->subjects[i], err);
    }
    if (status == ZW_OK) {
        status = zw_ledger_states(judge->ledger, at_ms, restore_event, judge, err);
    }
    for (uint32_t a = 0; status == ZW_OK && a < zw_judge_pack(judge)->alert_count; a++) {
        judge->fixed_ms[a] = INT64_MIN;
        status = zw_eval_alert_moved(judge->eval, a, err);
    }
    judge->stepped_ms = status == ZW_OK ? at_ms : INT64_MIN;
    return status;
}

zw_status zw_judge_fix(zw_judge *judge, uint32_t alert, int64_t upto_ms, zw_err *err)
{
    const char *name = zw_judge_pack(judge)->alerts[alert].title.name;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < judge->subject_count; i++) {
        struct zw_subject *subject = &judge->subjects[i];
        if (subject->alert == alert) {
            status = zw_subject_start(judge, subject, err);
            subject->next_ms = upto_ms + 1;
        }
    }
    judge->fixed_ms[alert] = upto_ms;
    return status == ZW_OK
               ? zw_ledger_standing(judge->ledger, name, upto_ms, restore_event, judge, err)
               : status;
}

static zw_truth truth_of(const zw_cell *cell)
{
    return !zw_cell_stands(cell) ? ZW_UNKNOWN : cell->value != 0 ? ZW_TRUE : ZW_FALSE;
}

static void sooner(int64_t *next_ms, int64_t at_ms)
{
    if (at_ms < *next_ms) {
        *next_ms = at_ms;
    }
}

/* The first period before `last` at which the node can be spoken of; else `last`. */
static zw_period first_before(const zw_judge *judge, zw_node_id node, uint32_t area, zw_period last)
{
    zw_period first = 0;
    return zw_eval_first_spoken(judge->eval, node, &first, area) && first < last ? first : last;
}

/* Looks whether the truth held in as many published periods running, back from `front`, as `hold`
 * asks. */
static zw_status look_at_run(zw_judge *judge, zw_node_id node, uint32_t area, zw_period front,
                             int32_t wanted, bool *out, int64_t *next_ms, zw_err *err)
{
    zw_period first = first_before(judge, node, area, front);
    *out = false;
    for (zw_period p = front; p >= first; p--) {
        zw_cell cell;
        zw_status status = zw_eval_cell(judge->eval, node, area, p, &cell, err);
        if (status != ZW_OK || zw_cell_is_false(&cell)) {
            return status;
        }
        sooner(next_ms, cell.until_ms);
        if (zw_cell_is_true(&cell) && --wanted <= 0) {
            *out = true;
            return ZW_OK;
        }
    }
    return ZW_OK;
}

/* Notes that a truth was seen once and cannot be any more. What looks back too far for what is kept
 * is no such thing, but missing. */
static void note_gone(const zw_judge *judge, zw_node_id node, uint32_t area, zw_period p,
                      const zw_cell *cell, zw_judgement *seen)
{
    seen->is_gone =
        seen->is_gone || (zw_cell_is_gone(cell) && zw_eval_is_past(judge->eval, node, area, p));
}

/* Reads the truths of an alert at a period. */
static zw_status look(zw_judge *judge, const struct zw_subject *subject, zw_period p,
                      zw_judgement *seen, int64_t *next_ms, zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] == ZW_NODE_NONE) {
            continue;
        }
        zw_cell cell;
        status = zw_eval_cell(judge->eval, alert->when[s], subject->area, p, &cell, err);
        seen->is_declared[s] = true;
        seen->truth[s] = truth_of(&cell);
        note_gone(judge, alert->when[s], subject->area, p, &cell, seen);
        sooner(next_ms, cell.until_ms);
        if (status == ZW_OK && alert->hold_periods > 0 && seen->truth[s] == ZW_TRUE) {
            status = look_at_run(judge, alert->when[s], subject->area, p, alert->hold_periods,
                                 &seen->has_run[s], next_ms, err);
        }
    }
    if (status == ZW_OK && alert->clear != ZW_NODE_NONE) {
        zw_cell cell;
        status = zw_eval_cell(judge->eval, alert->clear, subject->area, p, &cell, err);
        seen->has_clear = true;
        seen->clear = truth_of(&cell);
        note_gone(judge, alert->clear, subject->area, p, &cell, seen);
        sooner(next_ms, cell.until_ms);
    }
    return status;
}

zw_node_id zw_judge_node(const zw_alert *alert, const zw_alert_state *state)
{
    if ((state->is == ZW_ALERT_FIRING || state->is == ZW_ALERT_PENDING) &&
        alert->when[state->severity] != ZW_NODE_NONE) {
        return alert->when[state->severity];
    }
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] != ZW_NODE_NONE) {
            return alert->when[s];
        }
    }
    return ZW_NODE_NONE;
}

zw_alert_key zw_judge_key(const zw_eval *eval, uint32_t alert, uint32_t area,
                          const zw_instance *instance, char *period)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    const zw_node *node = zw_pack_node(pack, zw_judge_node(&pack->alerts[alert], &instance->state));
    period[0] = '\0';
    if (instance->has_period) {
        zw_period_text(zw_pack_calendar(pack, area), node->grid, instance->period, period, 48);
    }
    const zw_items *items = zw_store_items(zw_eval_world_of(eval)->store);
    uint32_t item = instance->state.item;
    return (zw_alert_key){pack->alerts[alert].title.name, pack->areas[area].title.name, period,
                          item > 0 ? zw_items_name(items, item - 1) : ""};
}

/* Notes whether an instance that moved did so because figures of the period that it spoke of before
 * were changed: then it is the same period, and another truth. */
static zw_status note_revision(zw_judge *judge, const struct zw_subject *subject,
                               const zw_alert_state *before, const zw_judgement *seen,
                               zw_instance *instance, zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    bool is_same = instance->has_period || (before->has_front && before->front == seen->front);
    bool has_left = subject->item != 0 && !subject->lives;
    if (zw_alert_is_guard(alert) || has_left || !seen->has_front || !is_same ||
        zw_alert_state_looks_same(before, &instance->state)) {
        return ZW_OK;
    }
    return zw_behind_is_revised(judge->eval, subject->alert, subject->area, seen->front,
                                &instance->state.is_revised, err);
}

/* Moves one instance by what was seen; a move is written down. */
static zw_status move(zw_judge *judge, struct zw_subject *subject, zw_instance *instance,
                      const zw_judgement *seen, int64_t recorded_ms, int64_t *next_ms, zw_err *err)
{
    const zw_pack *pack = zw_judge_pack(judge);
    zw_alert_state before = instance->state;
    if (seen->is_gone) {
        return ZW_OK;
    }
    sooner(next_ms,
           zw_alert_state_step(zw_subject_alert(judge, subject),
                               zw_pack_calendar(pack, subject->area), seen, &instance->state));
    instance->state.item = subject->item;
    if (zw_alert_state_same(&before, &instance->state)) {
        return ZW_OK;
    }
    zw_status status = note_revision(judge, subject, &before, seen, instance, err);
    if (status != ZW_OK) {
        return status;
    }
    char period[48];
    zw_alert_event event = {
        .key = zw_judge_key(judge->eval, subject->alert, subject->area, instance, period),
        .at_ms = seen->at_ms,
        .recorded_ms = recorded_ms,
        .state = instance->state};
    zw_buf evidence;
    zw_buf_init(&evidence, EVIDENCE_BYTES);
    status = zw_facts_evidence(judge->eval, subject->alert, subject->area, &instance->state,
                               &evidence, err);
    if (status == ZW_OK) {
        event.evidence = zw_buf_view(&evidence);
        status = zw_ledger_append(judge->ledger, &event, err);
    }
    zw_buf_fini(&evidence);
    return status == ZW_OK ? zw_eval_alert_moved(judge->eval, subject->alert, err) : status;
}

/* The newest period that any of the alert's truths can speak of. */
static zw_status find_front(zw_judge *judge, const struct zw_subject *subject, zw_judgement *seen,
                            int64_t *next_ms, zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] == ZW_NODE_NONE) {
            continue;
        }
        zw_front front;
        status = zw_eval_front(judge->eval, alert->when[s], subject->area, &front, err);
        sooner(next_ms, front.until_ms);
        seen->is_declared[s] = true;
        seen->truth[s] = ZW_UNKNOWN;
        seen->is_gone = seen->is_gone || (!front.has_period && zw_cell_is_gone(&front.cell));
        if (status == ZW_OK && front.has_period &&
            (!seen->has_front || front.period > seen->front)) {
            seen->has_front = true;
            seen->front = front.period;
        }
    }
    return status;
}

static zw_status judge_front(zw_judge *judge, struct zw_subject *subject, int64_t recorded_ms,
                             zw_err *err)
{
    int64_t next_ms = ZW_NEVER_MS;
    zw_judgement seen = {.at_ms = zw_eval_as_of_ms(judge->eval)};
    zw_status status = find_front(judge, subject, &seen, &next_ms, err);
    if (status == ZW_OK && seen.has_front) {
        seen.is_gone = false;
        status = look(judge, subject, seen.front, &seen, &next_ms, err);
    }
    if (status == ZW_OK) {
        status = move(judge, subject, &subject->instances[0], &seen, recorded_ms, &next_ms, err);
    }
    subject->next_ms = next_ms;
    return status;
}

static bool is_any_true(const zw_judgement *seen)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (seen->is_declared[s] && seen->truth[s] == ZW_TRUE) {
            return true;
        }
    }
    return false;
}

static zw_status judge_period(zw_judge *judge, struct zw_subject *subject, zw_period p,
                              int64_t recorded_ms, int64_t *next_ms, zw_err *err)
{
    zw_judgement seen = {.at_ms = zw_eval_as_of_ms(judge->eval), .has_front = true, .front = p};
    zw_status status = look(judge, subject, p, &seen, next_ms, err);
    bool is_there = false;
    size_t place = zw_subject_place(subject, p, &is_there);
    bool has_begun = is_there && !subject->instances[place].is_gone;
    if (status != ZW_OK || (!has_begun && !is_any_true(&seen))) {
        return status;
    }
    zw_instance begun = {
        .has_period = true, .period = p, .state = zw_alert_state_start(seen.at_ms)};
    begun.state.item = subject->item;
    if (!is_there) {
        status = zw_subject_add(subject, place, begun, err);
    } else if (!has_begun) {
        subject->instances[place] = begun;
    }
    return status == ZW_OK
               ? move(judge, subject, &subject->instances[place], &seen, recorded_ms, next_ms, err)
               : status;
}

static zw_status judge_periods(zw_judge *judge, struct zw_subject *subject, int64_t recorded_ms,
                               zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    zw_alert_state none = zw_alert_state_start(0);
    zw_node_id node = zw_judge_node(alert, &none);
    const zw_pack *pack = zw_judge_pack(judge);
    zw_period now = zw_eval_now(judge->eval, node, subject->area);
    int64_t next_ms = zw_period_end_ms(zw_pack_calendar(pack, subject->area),
                                       zw_pack_node(pack, node)->grid, now);
    zw_period first = now; /* the present one is always read: what is read is watched */
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] != ZW_NODE_NONE) {
            first = first_before(judge, alert->when[s], subject->area, first);
        }
    }
    zw_status status = ZW_OK;
    for (zw_period p = first; status == ZW_OK && p <= now; p++) {
        status = judge_period(judge, subject, p, recorded_ms, &next_ms, err);
    }
    subject->next_ms = next_ms;
    return status;
}

/* What a guard's objections say at this moment. */
static zw_status judge_guard(zw_judge *judge, struct zw_subject *subject, int64_t recorded_ms,
                             zw_err *err)
{
    const zw_alert *guard = zw_subject_alert(judge, subject);
    zw_judgement seen = {.at_ms = zw_eval_as_of_ms(judge->eval), .has_front = true};
    zw_objected objected;
    zw_status status = zw_objections_at(judge->objections, guard->title.name,
                                        zw_judge_pack(judge)->areas[subject->area].title.name,
                                        seen.at_ms, &objected, err);
    if (status != ZW_OK) {
        return status;
    }
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        seen.is_declared[s] = guard->when[s] != ZW_NODE_NONE;
        seen.truth[s] = objected.stands[s] ? ZW_TRUE : ZW_FALSE;
    }
    subject->next_ms = objected.next_ms;
    return move(judge, subject, &subject->instances[0], &seen, recorded_ms, &subject->next_ms, err);
}

/* Of an item that has left nothing is true. */
static zw_status judge_gone(zw_judge *judge, struct zw_subject *subject, int64_t recorded_ms,
                            zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    zw_status status = ZW_OK;
    subject->next_ms = subject->item_until_ms;
    for (size_t i = 0; status == ZW_OK && i < subject->instance_count; i++) {
        zw_instance *instance = &subject->instances[i];
        zw_judgement seen = {.at_ms = zw_eval_as_of_ms(judge->eval),
                             .has_front = instance->state.has_front,
                             .front = instance->state.front};
        for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
            seen.is_declared[s] = alert->when[s] != ZW_NODE_NONE;
            seen.truth[s] = ZW_FALSE;
        }
        if (!instance->is_gone) {
            status = move(judge, subject, instance, &seen, recorded_ms, &subject->next_ms, err);
        }
    }
    return status;
}

static zw_status judge_subject(zw_judge *judge, struct zw_subject *subject, int64_t recorded_ms,
                               zw_err *err)
{
    const zw_alert *alert = zw_subject_alert(judge, subject);
    if (zw_alert_is_guard(alert)) {
        return judge_guard(judge, subject, recorded_ms, err);
    }
    if (subject->item != 0 && !subject->lives) {
        return judge_gone(judge, subject, recorded_ms, err);
    }
    uint32_t before = 0;
    zw_status status = zw_subject_bind(judge, subject, &before, err);
    if (status == ZW_OK) {
        status = alert->is_per_period ? judge_periods(judge, subject, recorded_ms, err)
                                      : judge_front(judge, subject, recorded_ms, err);
    }
    zw_eval_unbind(judge->eval, before);
    if (subject->item != 0) {
        sooner(&subject->next_ms, subject->item_until_ms);
    }
    return status;
}

void zw_judge_guard_moved(zw_judge *judge, int64_t at_ms)
{
    for (size_t i = 0; i < judge->subject_count; i++) {
        if (zw_alert_is_guard(zw_subject_alert(judge, &judge->subjects[i]))) {
            sooner(&judge->subjects[i].next_ms, at_ms);
        }
    }
}

/* Judges what is due of the alerts of one rank. Those that they ask are judged already. */
static zw_status step_rank(zw_judge *judge, int64_t recorded_ms, zw_err *err)
{
    uint32_t watch = 0;
    zw_span span;
    zw_status status = ZW_OK;
    int64_t as_of_ms = zw_eval_as_of_ms(judge->eval);
    while (zw_eval_next_stale(judge->eval, &watch, &span)) {
        judge->subjects[watch].is_due = true;
    }
    for (size_t i = 0; status == ZW_OK && i < judge->subject_count; i++) {
        struct zw_subject *subject = &judge->subjects[i];
        bool is_due = (subject->is_due || subject->next_ms <= as_of_ms) &&
                      judge->fixed_ms[subject->alert] < as_of_ms;
        if (is_due && zw_subject_alert(judge, subject)->rank == judge->rank) {
            subject->is_due = false;
            status = judge_subject(judge, subject, recorded_ms, err);
        }
    }
    return status;
}

static uint32_t last_rank(const zw_pack *pack)
{
    uint32_t last = 0;
    for (size_t a = 0; a < pack->alert_count; a++) {
        last = pack->alerts[a].rank > last ? pack->alerts[a].rank : last;
    }
    return last;
}

zw_status zw_judge_step(zw_judge *judge, int64_t recorded_ms, zw_err *err)
{
    uint32_t last = last_rank(zw_judge_pack(judge));
    judge->stepped_ms = zw_eval_as_of_ms(judge->eval);
    zw_status status = zw_subjects_look_at_items(judge, err);
    for (judge->rank = 0; status == ZW_OK && judge->rank <= last; judge->rank++) {
        status = step_rank(judge, recorded_ms, err);
    }
    return status;
}

int64_t zw_judge_next_ms(const zw_judge *judge)
{
    int64_t next_ms = ZW_NEVER_MS;
    for (size_t i = 0; i < judge->subject_count; i++) {
        sooner(&next_ms, judge->subjects[i].next_ms);
    }
    return next_ms;
}

zw_status zw_judge_walk(const zw_judge *judge, zw_judge_each each, void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < judge->subject_count; i++) {
        const struct zw_subject *subject = &judge->subjects[i];
        for (size_t k = 0; status == ZW_OK && k < subject->instance_count; k++) {
            status = each(arg, subject->alert, subject->area, &subject->instances[k], err);
        }
    }
    return status;
}
