/* What guards hold: deliveries kept aside, released and refused. A row waits by the names it was
 * bound to, so that it can be read whatever the pack has become. */
#include "app/engine_inside.h"

#include "store/delivered.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_BYTES = 1024 * 1024 * 1024 };

static zw_status write_objection(zw_engine *engine, const zw_delivery *delivery,
                                 const zw_guard_word *word, zw_err *err)
{
    const zw_pack *pack = engine->pack;
    const zw_alert *guard = &pack->alerts[word->alert];
    const zw_node *truth = zw_pack_node(pack, guard->when[word->severity]);
    char period[48] = "";
    if (truth->has_grid) {
        zw_period_text(zw_pack_calendar(pack, word->area), truth->grid, word->period, period,
                       sizeof(period));
    }
    zw_objection objection = {.batch = delivery->id,
                              .guard = guard->title.name,
                              .area = pack->areas[word->area].title.name,
                              .period = period,
                              .severity = word->severity,
                              .at_ms = delivery->arrived_ms,
                              .say_en = zw_buf_view(&word->saying.en),
                              .say_zh = zw_buf_view(&word->saying.zh),
                              .value = zw_buf_view(&word->saying.value),
                              .is_synthetic = word->saying.is_synthetic || delivery->is_synthetic};
    return zw_objections_put(engine->objections, &objection, err);
}

zw_status zw_engine_heed(zw_engine *engine, const zw_delivery *delivery,
                         const zw_guard_words *words, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < words->count; i++) {
        const zw_guard_word *word = &words->at[i];
        status = zw_objections_calm(
            engine->objections, engine->pack->alerts[word->alert].title.name,
            engine->pack->areas[word->area].title.name, delivery->arrived_ms, err);
        if (status == ZW_OK && word->has_objected) {
            status = write_objection(engine, delivery, word, err);
        }
    }
    if (words->count > 0) {
        zw_judge_guard_moved(engine->judge, delivery->arrived_ms);
    }
    return status;
}

static zw_status keep_row(zw_engine *engine, int64_t batch, const zw_bound *bound, zw_err *err)
{
    const zw_pack *pack = engine->pack;
    const zw_measure *measure = &pack->measures[bound->measure];
    char period[48];
    zw_period_text(zw_pack_calendar(pack, bound->area), measure->grid, bound->period, period,
                   sizeof(period));
    zw_held_row row = {.line = bound->line,
                       .measure = measure->title.name,
                       .area = pack->areas[bound->area].title.name,
                       .dims = bound->dims,
                       .scope = bound->scope,
                       .source = bound->source,
                       .note = bound->note,
                       .period = period,
                       .value = bound->status == ZW_OBS_MISSING ? 0 : bound->value,
                       .known_at_ms = bound->known_at_ms,
                       .status = (int)bound->status,
                       .is_synthetic = bound->is_synthetic};
    return zw_held_put(engine->held, batch, &row, err);
}

static zw_status keep_item(zw_engine *engine, const zw_delivery *delivery, const zw_item_row *bound,
                           zw_err *err)
{
    zw_item_row row = *bound;
    row.batch = delivery->id;
    row.is_synthetic = delivery->is_synthetic || bound->is_synthetic;
    return zw_held_put_item(engine->held, &row, err);
}

static zw_status keep_all(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                          const zw_guard_words *words, zw_err *err)
{
    delivery->accepted = delivery->unchanged = delivery->revised = 0;
    zw_status status = zw_store_deliver(engine->store, delivery, err);
    status = status == ZW_OK ? zw_store_deliver_done(engine->store, delivery, err) : status;
    status = status == ZW_OK ? zw_held_keep(engine->held, delivery->id, err) : status;
    status = status == ZW_OK
                 ? zw_delivered_keep(zw_store_db(engine->store), delivery->id, goods->text, err)
                 : status;
    for (size_t i = 0; status == ZW_OK && i < goods->row_count; i++) {
        status = keep_row(engine, delivery->id, &goods->rows[i], err);
    }
    for (size_t i = 0; status == ZW_OK && i < goods->item_count; i++) {
        status = keep_item(engine, delivery, &goods->items[i], err);
    }
    for (size_t i = 0; status == ZW_OK && i < words->count; i++) {
        if (words->at[i].has_objected) {
            status = write_objection(engine, delivery, &words->at[i], err);
        }
    }
    return status;
}

zw_status zw_engine_keep_aside(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                               const zw_guard_words *words, zw_err *err)
{
    zw_status status = zw_store_savepoint(engine->store, err);
    if (status != ZW_OK) {
        return status;
    }
    status = keep_all(engine, goods, delivery, words, err);
    status = status == ZW_OK ? zw_store_release(engine->store, err) : status;
    if (status != ZW_OK) {
        zw_store_rollback_to(engine->store);
        delivery->id = 0;
        return status;
    }
    zw_judge_guard_moved(engine->judge, delivery->arrived_ms);
    return ZW_OK;
}

/* Rows on their way back from the store. */
struct waking {
    const zw_pack *pack;
    int64_t batch, now_ms;
    zw_arena *texts;
    zw_bound *rows;
    size_t count, capacity;
    zw_item_row *items;
    size_t item_count, item_capacity;
};

/* Grows an array so that one more element of `size` bytes fits. */
static bool make_room(void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 64 : *capacity * 2;
    void *grown = realloc(*array, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *capacity = wanted;
    return true;
}

/* Turns texts to copies of theirs. */
static zw_status own_texts(struct waking *waking, const char **const texts[], size_t count,
                           zw_err *err)
{
    for (size_t i = 0; i < count; i++) {
        *texts[i] = zw_arena_text(waking->texts, *texts[i], strlen(*texts[i]));
        if (*texts[i] == NULL) {
            return zw_err_nomem(err);
        }
    }
    return ZW_OK;
}

static zw_status put_texts(struct waking *waking, const zw_held_row *row, zw_bound *out,
                           zw_err *err)
{
    const char **const texts[] = {&out->dims, &out->scope, &out->source, &out->note};
    out->dims = row->dims;
    out->scope = row->scope;
    out->source = row->source;
    out->note = row->note;
    return own_texts(waking, texts, sizeof(texts) / sizeof(texts[0]), err);
}

/* The measure and area that a row names, and its period, in the pack as it is now. */
static zw_status bind_names(const struct waking *waking, const zw_held_row *row, zw_bound *out,
                            zw_err *err)
{
    const zw_pack *pack = waking->pack;
    zw_stamp stamp;
    out->measure = zw_pack_measure(pack, zw_text_of(row->measure), NULL);
    out->area = zw_pack_area(pack, zw_text_of(row->area), NULL);
    if (out->measure == ZW_NONE || out->area == ZW_NONE) {
        return zw_err_set(err, ZW_INVALID, "batch %" PRId64 ", line %u: the pack has no %s '%s'",
                          waking->batch, row->line, out->measure == ZW_NONE ? "measure" : "area",
                          out->measure == ZW_NONE ? row->measure : row->area);
    }
    zw_grid grid = pack->measures[out->measure].grid;
    zw_status status = zw_stamp_parse(zw_text_of(row->period), &stamp, err);
    if (status == ZW_OK && stamp.is == ZW_STAMP_PERIOD && zw_grid_same(stamp.grid, grid)) {
        out->period = stamp.period;
    } else if (status == ZW_OK && stamp.is != ZW_STAMP_PERIOD && grid.every == ZW_SUBDAY) {
        const zw_calendar *calendar = zw_pack_calendar(pack, out->area);
        out->period = zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, &stamp));
    } else if (status == ZW_OK) {
        status = zw_err_set(err, ZW_INVALID,
                            "batch %" PRId64 ", line %u: '%s' is no period of '%s' any more",
                            waking->batch, row->line, row->period, row->measure);
    }
    return status;
}

static zw_status wake_row(void *arg, const zw_held_row *row, zw_err *err)
{
    struct waking *waking = arg;
    if (!make_room((void **)&waking->rows, waking->count, &waking->capacity, sizeof(zw_bound))) {
        return zw_err_nomem(err);
    }
    zw_bound *bound = &waking->rows[waking->count];
    *bound = (zw_bound){.value = row->value,
                        .known_at_ms = waking->now_ms,
                        .status = (zw_obs_status)row->status,
                        .is_synthetic = row->is_synthetic,
                        .line = row->line};
    zw_status status = bind_names(waking, row, bound, err);
    status = status == ZW_OK ? put_texts(waking, row, bound, err) : status;
    waking->count += status == ZW_OK ? 1 : 0;
    return status;
}

/* The fields of an item's row, copied. */
static zw_status own_fields(struct waking *waking, const zw_item_row *row, zw_item_row *out,
                            zw_err *err)
{
    zw_item_field *fields =
        zw_arena_alloc(waking->texts, (row->field_count + 1) * sizeof(zw_item_field));
    if (fields == NULL) {
        return zw_err_nomem(err);
    }
    out->fields = fields;
    for (size_t i = 0; i < row->field_count; i++) {
        fields[i] = row->fields[i];
        const char **const texts[] = {&fields[i].name, &fields[i].text};
        zw_status status = own_texts(waking, texts, 2, err);
        if (status != ZW_OK) {
            return status;
        }
    }
    return ZW_OK;
}

static zw_status wake_item(void *arg, const zw_item_row *row, zw_err *err)
{
    struct waking *waking = arg;
    bool has_register =
        zw_pack_register(waking->pack, zw_text_of(row->register_name), NULL) != ZW_NONE;
    bool has_area =
        row->area[0] == '\0' || zw_pack_area(waking->pack, zw_text_of(row->area), NULL) != ZW_NONE;
    if (!has_register || !has_area) {
        return zw_err_set(err, ZW_INVALID, "batch %" PRId64 ", line %u: the pack has no %s '%s'",
                          waking->batch, row->line, has_register ? "area" : "register",
                          has_register ? row->area : row->register_name);
    }
    if (!make_room((void **)&waking->items, waking->item_count, &waking->item_capacity,
                   sizeof(zw_item_row))) {
        return zw_err_nomem(err);
    }
    zw_item_row *item = &waking->items[waking->item_count];
    *item = *row;
    item->known_at_ms = waking->now_ms;
    const char **const texts[] = {&item->register_name, &item->item,   &item->area,
                                  &item->state,         &item->source, &item->note};
    zw_status status = own_texts(waking, texts, sizeof(texts) / sizeof(texts[0]), err);
    status = status == ZW_OK ? own_fields(waking, row, item, err) : status;
    waking->item_count += status == ZW_OK ? 1 : 0;
    return status;
}

/* Finds the batch and that it is held. */
static zw_status find_held(zw_engine *engine, int64_t batch, const zw_delivery **out, zw_err *err)
{
    zw_held_state state;
    *out = zw_store_delivery_by_id(engine->store, batch);
    if (*out == NULL) {
        return zw_err_set(err, ZW_NOT_FOUND, "there is no batch %" PRId64, batch);
    }
    zw_status status = zw_held_state_of(engine->held, batch, &state, err);
    if (status == ZW_OK && state.is != ZW_HELD_STILL) {
        status =
            zw_err_set(err, ZW_CONFLICT, "batch %" PRId64 " is not held: it was %s", batch,
                       state.is == ZW_HELD_NOT ? "taken when it came" : zw_held_text(state.is));
    }
    return status;
}

/* Ends a batch's being held, and what was said against it. */
static zw_status end_held(zw_engine *engine, int64_t batch, int64_t released_as, int64_t now_ms,
                          zw_err *err)
{
    zw_status status = zw_held_end(engine->held, batch, now_ms, released_as, err);
    return status == ZW_OK ? zw_objections_end(engine->objections, batch, now_ms, err) : status;
}

/* Reads the rows of a held batch as they would be bound today, learned now. */
static zw_status wake(zw_engine *engine, int64_t batch, struct waking *out, zw_err *err)
{
    *out =
        (struct waking){.pack = engine->pack, .batch = batch, .now_ms = zw_engine_now_ms(engine)};
    zw_status status = zw_arena_create(TEXTS_BYTES, &out->texts, err);
    status = status == ZW_OK ? zw_held_rows(engine->held, batch, wake_row, out, err) : status;
    return status == ZW_OK ? zw_held_items(engine->held, batch, wake_item, out, err) : status;
}

static zw_status take_awake(zw_engine *engine, const zw_delivery *held, const struct waking *rows,
                            zw_delivery *delivery, zw_err *err)
{
    int64_t oldest_ms = engine->oldest_ms;
    *delivery = *held;
    zw_status status = zw_store_savepoint(engine->store, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_goods goods = {rows->rows, rows->count, rows->items, rows->item_count, {NULL, 0}};
    status = zw_engine_put_goods(engine, &goods, delivery, err);
    status = status == ZW_OK
                 ? zw_delivered_move(zw_store_db(engine->store), rows->batch, delivery->id, err)
                 : status;
    status =
        status == ZW_OK ? end_held(engine, rows->batch, delivery->id, rows->now_ms, err) : status;
    status = status == ZW_OK ? zw_store_release(engine->store, err) : status;
    if (status != ZW_OK) {
        zw_store_rollback_to(engine->store);
        engine->oldest_ms = oldest_ms;
        return status;
    }
    zw_judge_guard_moved(engine->judge, rows->now_ms);
    return ZW_OK;
}

zw_status zw_engine_release(zw_engine *engine, int64_t batch, const zw_fed **fed, zw_err *err)
{
    const zw_delivery *held = NULL;
    zw_delivery delivery;
    struct waking rows = {.texts = NULL};
    engine->fed = (zw_fed){.encoding = ""};
    *fed = &engine->fed;
    zw_status status = find_held(engine, batch, &held, err);
    status = status == ZW_OK ? wake(engine, batch, &rows, err) : status;
    status = status == ZW_OK ? zw_engine_begin(engine, err) : status;
    status = status == ZW_OK ? take_awake(engine, held, &rows, &delivery, err) : status;
    if (status == ZW_OK) {
        zw_engine_note_taken(engine, &delivery);
    }
    zw_arena_destroy(rows.texts);
    free(rows.rows);
    free(rows.items);
    return status;
}

zw_status zw_engine_refuse(zw_engine *engine, int64_t batch, zw_err *err)
{
    const zw_delivery *held = NULL;
    int64_t now_ms = zw_engine_now_ms(engine);
    zw_status status = find_held(engine, batch, &held, err);
    status = status == ZW_OK ? zw_engine_begin(engine, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    status = zw_store_savepoint(engine->store, err);
    if (status != ZW_OK) {
        return status;
    }
    status = end_held(engine, batch, 0, now_ms, err);
    status = status == ZW_OK ? zw_store_release(engine->store, err) : status;
    if (status != ZW_OK) {
        zw_store_rollback_to(engine->store);
        return status;
    }
    zw_judge_guard_moved(engine->judge, now_ms);
    return ZW_OK;
}
