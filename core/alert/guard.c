/*
 * Guards. What the rows touch is written out as a list of (moment, guard, area, truth, period), so
 * that the evaluation goes through the moments once and nothing is judged twice; then what was true
 * is put into words, each as of its own moment.
 */
#include "alert/guard.h"

#include <stdlib.h>

/* One truth to be judged. */
struct touch {
    int64_t known_at_ms;
    uint32_t alert, area;
    zw_severity severity;
    zw_period period;
};

struct touches {
    struct touch *at;
    size_t count, capacity;
};

/* Grows an array so that one more item of `size` bytes fits. */
static bool make_room(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

bool zw_guard_is_asked(const zw_pack *pack, const zw_bound *rows, size_t count)
{
    for (size_t i = 0; i < pack->alert_count; i++) {
        for (size_t r = 0; pack->alerts[i].on.count > 0 && r < count; r++) {
            if (zw_list_has(pack->alerts[i].on, rows[r].measure)) {
                return true;
            }
        }
    }
    return false;
}

/* The periods of a truth that a row touches. A truth without a grid has one cell. */
static zw_span span_of(const zw_pack *pack, const zw_node *truth, const zw_bound *row)
{
    if (!truth->has_grid) {
        return (zw_span){0, 0};
    }
    const zw_calendar *calendar = zw_pack_calendar(pack, row->area);
    zw_grid grid = pack->measures[row->measure].grid;
    return (zw_span){zw_graph_first(calendar, grid, row->period, truth->grid),
                     zw_graph_last(calendar, grid, row->period, truth->grid)};
}

static zw_status touch_truth(struct touches *touches, struct touch touch, zw_span span, zw_err *err)
{
    for (touch.period = span.lo; touch.period <= span.hi; touch.period++) {
        if (!make_room((void **)&touches->at, touches->count, &touches->capacity,
                       sizeof(struct touch))) {
            return zw_err_nomem(err);
        }
        touches->at[touches->count++] = touch;
    }
    return ZW_OK;
}

static zw_status touch_guard(struct touches *touches, const zw_pack *pack, uint32_t index,
                             const zw_bound *row, zw_err *err)
{
    const zw_alert *guard = &pack->alerts[index];
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        if (guard->when[s] != ZW_NODE_NONE) {
            struct touch touch = {row->known_at_ms, index, row->area, (zw_severity)s, 0};
            zw_span span = span_of(pack, zw_pack_node(pack, guard->when[s]), row);
            status = touch_truth(touches, touch, span, err);
        }
    }
    return status;
}

static int by_moment(const void *a, const void *b)
{
    const struct touch *x = a;
    const struct touch *y = b;
    if (x->known_at_ms != y->known_at_ms) {
        return x->known_at_ms < y->known_at_ms ? -1 : 1;
    }
    if (x->alert != y->alert) {
        return x->alert < y->alert ? -1 : 1;
    }
    if (x->area != y->area) {
        return x->area < y->area ? -1 : 1;
    }
    if (x->severity != y->severity) {
        return x->severity < y->severity ? -1 : 1;
    }
    return (x->period > y->period) - (x->period < y->period);
}

static zw_status find_touches(const zw_pack *pack, const zw_bound *rows, size_t count,
                              struct touches *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t r = 0; status == ZW_OK && r < count; r++) {
        for (uint32_t i = 0; status == ZW_OK && i < pack->alert_count; i++) {
            if (zw_list_has(pack->alerts[i].on, rows[r].measure)) {
                status = touch_guard(out, pack, i, &rows[r], err);
            }
        }
    }
    if (out->count > 1) {
        qsort(out->at, out->count, sizeof(struct touch), by_moment);
    }
    return status;
}

/* The word of a guard about an area, added when there is none yet; NULL without memory. */
static zw_guard_word *word_of(zw_guard_words *words, const struct touch *touch)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->at[i].alert == touch->alert && words->at[i].area == touch->area) {
            return &words->at[i];
        }
    }
    if (!make_room((void **)&words->at, words->count, &words->capacity, sizeof(zw_guard_word))) {
        return NULL;
    }
    words->at[words->count] = (zw_guard_word){.alert = touch->alert, .area = touch->area};
    return &words->at[words->count++];
}

/* Of several truths the worst is told, of equals the newest period. */
static void object(zw_guard_words *words, zw_guard_word *word, const struct touch *touch)
{
    bool is_worse = !word->has_objected || touch->severity > word->severity ||
                    (touch->severity == word->severity && touch->period >= word->period);
    if (is_worse) {
        word->has_objected = true;
        word->severity = touch->severity;
        word->period = touch->period;
        word->as_of_ms = touch->known_at_ms;
    }
    words->is_held = words->is_held || touch->severity == ZW_CRITICAL;
}

static zw_status judge_touches(zw_eval *eval, const struct touches *touches, zw_guard_words *out,
                               zw_err *err)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < touches->count; i++) {
        const struct touch *touch = &touches->at[i];
        if (i > 0 && by_moment(touch, &touches->at[i - 1]) == 0) {
            continue;
        }
        zw_guard_word *word = word_of(out, touch);
        zw_cell cell;
        if (word == NULL) {
            return zw_err_nomem(err);
        }
        status = zw_eval_move(eval, touch->known_at_ms, err);
        status = status == ZW_OK
                     ? zw_eval_cell(eval, pack->alerts[touch->alert].when[touch->severity],
                                    touch->area, touch->period, &cell, err)
                     : status;
        if (status == ZW_OK && zw_cell_is_true(&cell)) {
            object(out, word, touch);
        }
    }
    return status;
}

/* Puts an objection into words as of its moment. */
static zw_status say_word(zw_eval *eval, zw_guard_word *word, zw_err *err)
{
    zw_status status = zw_eval_move(eval, word->as_of_ms, err);
    zw_alert_state state = {.is = ZW_ALERT_FIRING,
                            .severity = word->severity,
                            .has_front = true,
                            .front = word->period};
    return status == ZW_OK
               ? zw_facts_say_live(eval, word->alert, word->area, &state, &word->saying, err)
               : status;
}

zw_status zw_guard_judge(const zw_eval_world *world, const zw_bound *rows, size_t count,
                         zw_guard_words *out, zw_err *err)
{
    struct touches touches = {NULL, 0, 0};
    zw_eval *eval = NULL;
    *out = (zw_guard_words){NULL, 0, 0, false};
    zw_status status = find_touches(world->pack, rows, count, &touches, err);
    if (status == ZW_OK && touches.count > 0) {
        status = zw_eval_create(world, touches.at[0].known_at_ms, &eval, err);
        status = status == ZW_OK ? judge_touches(eval, &touches, out, err) : status;
    }
    for (size_t i = 0; status == ZW_OK && i < out->count; i++) {
        if (out->at[i].has_objected) {
            status = say_word(eval, &out->at[i], err);
        }
    }
    zw_eval_destroy(eval);
    free(touches.at);
    return status;
}

void zw_guard_words_fini(zw_guard_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        zw_saying_fini(&words->at[i].saying);
    }
    free(words->at);
    *words = (zw_guard_words){NULL, 0, 0, false};
}
