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

static bool is_guarded(const zw_pack *pack, const zw_alert *guard, const zw_goods *goods)
{
    for (size_t r = 0; guard->on.count > 0 && r < goods->row_count; r++) {
        if (zw_list_has(guard->on, goods->rows[r].measure)) {
            return true;
        }
    }
    for (size_t i = 0; guard->on_registers.count > 0 && i < goods->item_count; i++) {
        zw_text name = zw_text_of(goods->items[i].register_name);
        if (zw_list_has(guard->on_registers, zw_pack_register(pack, name, NULL))) {
            return true;
        }
    }
    return false;
}

bool zw_guard_is_asked(const zw_pack *pack, const zw_goods *goods)
{
    for (size_t i = 0; i < pack->alert_count; i++) {
        if (is_guarded(pack, &pack->alerts[i], goods)) {
            return true;
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

/* The areas that a register's row touches: where its item stands from then on, where it stood just
 * before, and where it was believed to stand before the row was known. @return how many. */
static size_t areas_of(const zw_pack *pack, const zw_items *items, const zw_item_row *row,
                       uint32_t out[3])
{
    zw_item_id id = zw_items_find(items, zw_items_register(items, row->register_name), row->item);
    zw_item_standing stands[3] = {{.is_known = true, .area = row->area}};
    size_t count = 0;
    if (row->item[0] != '\0') {
        zw_item_at(items, id, row->at_ms, row->known_at_ms, &stands[0]);
        zw_item_at(items, id, row->at_ms - 1, row->known_at_ms, &stands[1]);
        zw_item_at(items, id, row->at_ms, row->known_at_ms - 1, &stands[2]);
    }
    for (size_t i = 0; i < 3; i++) {
        const char *name = stands[i].area;
        uint32_t area = !stands[i].is_known ? ZW_NONE
                        : name[0] != '\0'   ? zw_pack_area(pack, zw_text_of(name), NULL)
                                            : zw_pack_only_zone(pack);
        if (area != ZW_NONE && !zw_list_has((zw_list){out, count}, area)) {
            out[count++] = area;
        }
    }
    return count;
}

/* A truth of a guard at an area, in the period that holds the row's `at` and in the newest one when
 * it is known: what holds from a day on holds until now. */
static zw_status touch_item(struct touches *touches, const zw_pack *pack, struct touch touch,
                            const zw_item_row *row, zw_err *err)
{
    const zw_node *truth = zw_pack_node(pack, pack->alerts[touch.alert].when[touch.severity]);
    if (!truth->has_grid) {
        return touch_truth(touches, touch, (zw_span){0, 0}, err);
    }
    const zw_calendar *calendar = zw_pack_calendar(pack, touch.area);
    zw_period now = zw_period_at(calendar, truth->grid, row->known_at_ms);
    zw_period at = zw_period_at(calendar, truth->grid, row->at_ms);
    zw_status status = touch_truth(touches, touch, (zw_span){now, now}, err);
    return status == ZW_OK && at < now ? touch_truth(touches, touch, (zw_span){at, at}, err)
                                       : status;
}

static zw_status touch_guard_by_item(struct touches *touches, const zw_pack *pack,
                                     const zw_items *items, uint32_t index, const zw_item_row *row,
                                     zw_err *err)
{
    const zw_alert *guard = &pack->alerts[index];
    uint32_t areas[3];
    size_t count = areas_of(pack, items, row, areas);
    zw_status status = ZW_OK;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        for (size_t a = 0; guard->when[s] != ZW_NODE_NONE && status == ZW_OK && a < count; a++) {
            struct touch touch = {row->known_at_ms, index, areas[a], (zw_severity)s, 0};
            status = touch_item(touches, pack, touch, row, err);
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

static zw_status touch_by_rows(struct touches *touches, const zw_pack *pack, const zw_goods *goods,
                               zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t r = 0; status == ZW_OK && r < goods->row_count; r++) {
        for (uint32_t i = 0; status == ZW_OK && i < pack->alert_count; i++) {
            if (zw_list_has(pack->alerts[i].on, goods->rows[r].measure)) {
                status = touch_guard(touches, pack, i, &goods->rows[r], err);
            }
        }
    }
    return status;
}

static zw_status touch_by_items(struct touches *touches, const zw_pack *pack, const zw_items *items,
                                const zw_goods *goods, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t r = 0; status == ZW_OK && r < goods->item_count; r++) {
        const zw_item_row *row = &goods->items[r];
        uint32_t reg = zw_pack_register(pack, zw_text_of(row->register_name), NULL);
        for (uint32_t i = 0; status == ZW_OK && i < pack->alert_count; i++) {
            if (zw_list_has(pack->alerts[i].on_registers, reg)) {
                status = touch_guard_by_item(touches, pack, items, i, row, err);
            }
        }
    }
    return status;
}

static zw_status find_touches(const zw_eval_world *world, const zw_goods *goods,
                              struct touches *out, zw_err *err)
{
    zw_status status = touch_by_rows(out, world->pack, goods, err);
    status = status == ZW_OK
                 ? touch_by_items(out, world->pack, zw_store_items(world->store), goods, err)
                 : status;
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

zw_status zw_guard_judge(const zw_eval_world *world, const zw_goods *goods, zw_guard_words *out,
                         zw_err *err)
{
    struct touches touches = {NULL, 0, 0};
    zw_eval *eval = NULL;
    *out = (zw_guard_words){NULL, 0, 0, false};
    zw_status status = find_touches(world, goods, &touches, err);
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
