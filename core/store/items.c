/* The registers' rows in memory, in step with the file.
 *
 * 1. A row's number is its place in `rows`: the order of arrival. Rows, items and registers are
 *    forgotten newest first, so that the pools undo by shrinking.
 * 2. An item's number is its key's in `keys`, a register's its name's in `names`.
 * 3. An item's rows lie in order of (at, known_at, arrival).
 * 4. `news` and each register's `reports` are indexes by moment of row numbers (learned.h has their
 *    order): by known_at, and by at.
 */
#include "store/items.h"

#include "base/pool.h"
#include "store/item_journal.h"
#include "store/learned.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

typedef struct stored_row {
    zw_item_row row;
    zw_item_field fields[];
} stored_row;

typedef struct stored_item {
    const char *name;
    zw_register_id register_id;
    const zw_item_row **rows;
    size_t count, capacity;
} stored_item;

typedef struct stored_register {
    zw_learned_index *reports;
    zw_item_id *items;
    size_t count, capacity;
} stored_register;

struct zw_items {
    zw_item_journal *journal;
    zw_pool *texts, *names, *keys;
    zw_learned_index *news;
    stored_row **rows;
    stored_item *items;
    stored_register *registers;
    size_t row_count, item_count, register_count;
    size_t row_capacity, item_capacity, register_capacity;
};

/* Room for one more than `count`: the array, moved or not; NULL when there is no memory. */
static void *array_reserve(void *array, size_t *capacity, size_t count, size_t element_bytes)
{
    if (count < *capacity) {
        return array;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_CAPACITY;
    void *moved = realloc(array, larger * element_bytes);
    if (moved != NULL) {
        *capacity = larger;
    }
    return moved;
}

/* How many rows of the item lie before one that arrives now. */
static size_t item_place(const stored_item *item, const zw_item_row *row)
{
    size_t low = 0;
    size_t high = item->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const zw_item_row *other = item->rows[middle];
        bool is_before = other->at_ms < row->at_ms ||
                         (other->at_ms == row->at_ms && other->known_at_ms <= row->known_at_ms);
        if (is_before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void item_remove(stored_item *item, const zw_item_row *row)
{
    size_t place = item_place(item, row); /* of equal moments the last to arrive lies last */
    assert(place > 0 && item->rows[place - 1] == row);
    memmove((void *)&item->rows[place - 1], (void *)&item->rows[place],
            (item->count - place) * sizeof(const zw_item_row *));
    item->count--;
}

static void last_row_forget(zw_items *items)
{
    stored_row *last = items->rows[--items->row_count];
    zw_learned_unput(items->news, last->row.known_at_ms);
    zw_learned_unput(items->registers[last->row.register_id].reports, last->row.at_ms);
    if (last->row.item_id != ZW_ITEM_NONE) {
        item_remove(&items->items[last->row.item_id], &last->row);
    }
    free(last);
}

static void last_item_forget(zw_items *items)
{
    stored_item *last = &items->items[--items->item_count];
    assert(last->count == 0);
    items->registers[last->register_id].count--;
    free((void *)last->rows);
}

static void last_register_forget(zw_items *items)
{
    stored_register *last = &items->registers[--items->register_count];
    assert(last->count == 0);
    zw_learned_destroy(last->reports);
    free(last->items);
}

zw_items_mark zw_items_mark_of(const zw_items *items)
{
    return (zw_items_mark){.rows = items->row_count,
                           .registers = (uint32_t)items->register_count,
                           .items = (uint32_t)items->item_count,
                           .texts = zw_pool_count(items->texts)};
}

void zw_items_back_to(zw_items *items, zw_items_mark mark)
{
    while (items->row_count > mark.rows) {
        last_row_forget(items);
    }
    while (items->item_count > mark.items) {
        last_item_forget(items);
    }
    while (items->register_count > mark.registers) {
        last_register_forget(items);
    }
    zw_pool_shrink(items->keys, mark.items);
    zw_pool_shrink(items->names, mark.registers);
    zw_pool_shrink(items->texts, mark.texts);
}

static bool register_ensure(zw_items *items, const char *name, zw_register_id *out)
{
    *out = zw_pool_put(items->names, zw_text_of(name));
    if (*out == ZW_POOL_NONE || *out < items->register_count) {
        return *out != ZW_POOL_NONE;
    }
    stored_register *moved = array_reserve(items->registers, &items->register_capacity,
                                           items->register_count, sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    items->registers = moved;
    stored_register added = {0};
    if (zw_learned_create(&added.reports, NULL) != ZW_OK) {
        return false;
    }
    items->registers[items->register_count++] = added;
    return true;
}

/* An item's key in `keys`: the numbers of its register and its name. */
typedef struct item_key {
    char text[24];
} item_key;

static zw_text key_write(item_key *key, zw_register_id id, uint32_t name)
{
    (void)snprintf(key->text, sizeof key->text, "%" PRIu32 ":%" PRIu32, id, name);
    return zw_text_of(key->text);
}

static bool item_ensure(zw_items *items, zw_register_id id, const char *item, zw_item_id *out)
{
    uint32_t name = zw_pool_put(items->texts, zw_text_of(item));
    if (name == ZW_POOL_NONE) {
        return false;
    }
    item_key key;
    *out = zw_pool_put(items->keys, key_write(&key, id, name));
    if (*out == ZW_ITEM_NONE || *out < items->item_count) {
        return *out != ZW_ITEM_NONE;
    }
    stored_register *owner = &items->registers[id];
    stored_item *moved =
        array_reserve(items->items, &items->item_capacity, items->item_count, sizeof *moved);
    if (moved != NULL) {
        items->items = moved;
    }
    zw_item_id *ids = array_reserve(owner->items, &owner->capacity, owner->count, sizeof *ids);
    if (ids != NULL) {
        owner->items = ids;
    }
    if (moved == NULL || ids == NULL) {
        return false;
    }
    items->items[items->item_count++] =
        (stored_item){.name = zw_pool_text(items->texts, name), .register_id = id};
    owner->items[owner->count++] = *out;
    return true;
}

/* The pool's copy of a text; NULL when there is no memory. */
static const char *text_own(zw_items *items, const char *text)
{
    uint32_t number = zw_pool_put(items->texts, zw_text_of(text));
    return number != ZW_POOL_NONE ? zw_pool_text(items->texts, number) : NULL;
}

static bool row_own_texts(zw_items *items, stored_row *copy, const zw_item_row *row)
{
    const char **texts[] = {&copy->row.area, &copy->row.state, &copy->row.source, &copy->row.note};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = text_own(items, *texts[i]);
        if (*texts[i] == NULL) {
            return false;
        }
    }
    copy->row.fields = copy->fields;
    copy->row.field_count = 0;
    for (size_t i = 0; i < row->field_count; i++) {
        if (row->fields[i].text[0] == '\0') {
            continue;
        }
        zw_item_field field = {text_own(items, row->fields[i].name),
                               text_own(items, row->fields[i].text)};
        if (field.name == NULL || field.text == NULL) {
            return false;
        }
        copy->fields[copy->row.field_count++] = field;
    }
    return true;
}

static stored_row *row_copy(zw_items *items, const zw_item_row *row)
{
    stored_row *copy = malloc(sizeof *copy + row->field_count * sizeof copy->fields[0]);
    if (copy == NULL) {
        return NULL;
    }
    copy->row = *row;
    copy->row.item_id = ZW_ITEM_NONE;
    bool is_done = row_own_texts(items, copy, row) &&
                   register_ensure(items, row->register_name, &copy->row.register_id) &&
                   (row->item[0] == '\0' ||
                    item_ensure(items, copy->row.register_id, row->item, &copy->row.item_id));
    if (!is_done) {
        free(copy);
        return NULL;
    }
    copy->row.register_name = zw_pool_text(items->names, copy->row.register_id);
    copy->row.item = copy->row.item_id != ZW_ITEM_NONE ? items->items[copy->row.item_id].name : "";
    return copy;
}

/* Both indexes or none. */
static bool row_index(zw_items *items, const zw_item_row *row)
{
    zw_learned what = {.known_at_ms = row->known_at_ms, .period = (zw_period)items->row_count};
    if (zw_learned_put(items->news, &what, NULL) != ZW_OK) {
        return false;
    }
    what.known_at_ms = row->at_ms;
    if (zw_learned_put(items->registers[row->register_id].reports, &what, NULL) != ZW_OK) {
        zw_learned_unput(items->news, row->known_at_ms);
        return false;
    }
    return true;
}

static bool row_insert(zw_items *items, stored_row *copy)
{
    stored_row **rows = array_reserve((void *)items->rows, &items->row_capacity, items->row_count,
                                      sizeof(stored_row *));
    if (rows == NULL) {
        return false;
    }
    items->rows = rows;
    stored_item *item = copy->row.item_id != ZW_ITEM_NONE ? &items->items[copy->row.item_id] : NULL;
    if (item != NULL) {
        const zw_item_row **of_item = array_reserve((void *)item->rows, &item->capacity,
                                                    item->count, sizeof(const zw_item_row *));
        if (of_item == NULL) {
            return false;
        }
        item->rows = of_item;
    }
    if (!row_index(items, &copy->row)) {
        return false;
    }
    items->rows[items->row_count++] = copy;
    if (item != NULL) {
        size_t place = item_place(item, &copy->row);
        memmove((void *)&item->rows[place + 1], (void *)&item->rows[place],
                (item->count - place) * sizeof(const zw_item_row *));
        item->rows[place] = &copy->row;
        item->count++;
    }
    return true;
}

/* Takes a row into memory, or nothing of it. */
static zw_status row_take(zw_items *items, const zw_item_row *row, zw_err *err)
{
    zw_items_mark before = zw_items_mark_of(items);
    stored_row *copy = row_copy(items, row);
    if (copy == NULL || !row_insert(items, copy)) {
        free(copy);
        zw_items_back_to(items, before);
        return zw_err_nomem(err);
    }
    return ZW_OK;
}

/* Of a row without item. */
static zw_change report_change(const zw_items *items, const zw_item_row *row)
{
    zw_register_id id = zw_items_register(items, row->register_name);
    size_t first = 0;
    size_t count = row->at_ms < INT64_MAX
                       ? zw_items_reports(items, id, row->at_ms, row->at_ms + 1, &first)
                       : 0;
    for (size_t i = 0; i < count; i++) {
        const zw_item_row *other = zw_items_report(items, id, first + i);
        if (other->item_id == ZW_ITEM_NONE && other->known_at_ms <= row->known_at_ms &&
            strcmp(other->area, row->area) == 0) {
            return ZW_CHANGE_UNCHANGED;
        }
    }
    return ZW_CHANGE_NEW;
}

static zw_change row_change(const zw_items *items, const zw_item_row *row)
{
    if (row->item[0] == '\0') {
        return report_change(items, row);
    }
    zw_item_id id = zw_items_find(items, zw_items_register(items, row->register_name), row->item);
    const zw_item_row *const *rows = NULL;
    size_t count = zw_items_rows(items, id, &rows);
    return zw_item_change(rows, count, row);
}

zw_status zw_items_put(zw_items *items, const zw_item_row *row, zw_change *change, zw_err *err)
{
    zw_status status = zw_item_row_check(row, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_items_mark before = zw_items_mark_of(items);
    zw_change what = row_change(items, row);
    status = row_take(items, row, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_item_journal_put(items->journal, &items->rows[items->row_count - 1]->row, err);
    if (status != ZW_OK) {
        zw_items_back_to(items, before);
        return status;
    }
    *change = what;
    return ZW_OK;
}

static zw_status load_row(void *arg, const zw_item_row *row, zw_err *err)
{
    zw_status status = zw_item_row_check(row, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, ZW_STORE, "the file is damaged: line %u of batch %lld", row->line,
                           (long long)row->batch);
    }
    return row_take(arg, row, err);
}

static zw_status items_build(zw_items *items, zw_db *db, zw_err *err)
{
    zw_pool **pools[] = {&items->texts, &items->names, &items->keys};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof pools / sizeof pools[0]; i++) {
        status = zw_pool_create(pools[i], err);
    }
    if (status == ZW_OK) {
        status = zw_learned_create(&items->news, err);
    }
    if (status == ZW_OK) {
        status = zw_item_journal_create(db, &items->journal, err);
    }
    return status == ZW_OK ? zw_item_journal_read(items->journal, load_row, items, err) : status;
}

zw_status zw_items_create(zw_db *db, zw_items **out, zw_err *err)
{
    *out = NULL;
    zw_items *items = calloc(1, sizeof *items);
    if (items == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = items_build(items, db, err);
    if (status != ZW_OK) {
        zw_items_destroy(items);
        return status;
    }
    *out = items;
    return ZW_OK;
}

void zw_items_destroy(zw_items *items)
{
    if (items == NULL) {
        return;
    }
    for (size_t i = 0; i < items->row_count; i++) {
        free(items->rows[i]);
    }
    for (size_t i = 0; i < items->item_count; i++) {
        free((void *)items->items[i].rows);
    }
    for (size_t i = 0; i < items->register_count; i++) {
        zw_learned_destroy(items->registers[i].reports);
        free(items->registers[i].items);
    }
    free((void *)items->rows);
    free(items->items);
    free(items->registers);
    zw_learned_destroy(items->news);
    zw_pool_destroy(items->keys);
    zw_pool_destroy(items->names);
    zw_pool_destroy(items->texts);
    zw_item_journal_destroy(items->journal);
    free(items);
}

size_t zw_items_count(const zw_items *items)
{
    return items->row_count;
}

uint32_t zw_items_register_count(const zw_items *items)
{
    return (uint32_t)items->register_count;
}

uint32_t zw_items_item_count(const zw_items *items)
{
    return (uint32_t)items->item_count;
}

const zw_item_row *zw_items_row(const zw_items *items, size_t number)
{
    return number < items->row_count ? &items->rows[number]->row : NULL;
}

zw_register_id zw_items_register(const zw_items *items, const char *name)
{
    return zw_pool_find(items->names, zw_text_of(name));
}

const char *zw_items_register_name(const zw_items *items, zw_register_id id)
{
    return id < items->register_count ? zw_pool_text(items->names, id) : "";
}

zw_item_id zw_items_find(const zw_items *items, zw_register_id id, const char *item)
{
    uint32_t name = zw_pool_find(items->texts, zw_text_of(item));
    if (id == ZW_REGISTER_NONE || name == ZW_POOL_NONE) {
        return ZW_ITEM_NONE;
    }
    item_key key;
    return zw_pool_find(items->keys, key_write(&key, id, name));
}

const char *zw_items_name(const zw_items *items, zw_item_id id)
{
    return id < items->item_count ? items->items[id].name : "";
}

size_t zw_items_of(const zw_items *items, zw_register_id id, const zw_item_id **out)
{
    bool is_known = id < items->register_count;
    *out = is_known ? items->registers[id].items : NULL;
    return is_known ? items->registers[id].count : 0;
}

size_t zw_items_rows(const zw_items *items, zw_item_id id, const zw_item_row *const **out)
{
    bool is_known = id < items->item_count;
    *out = is_known ? items->items[id].rows : NULL;
    return is_known ? items->items[id].count : 0;
}

void zw_item_at(const zw_items *items, zw_item_id id, int64_t t_ms, int64_t as_of_ms,
                zw_item_standing *out)
{
    const zw_item_row *const *rows = NULL;
    size_t count = zw_items_rows(items, id, &rows);
    zw_item_fold(rows, count, t_ms, as_of_ms, out);
}

/* The moments in (after, upto], and where the first of them lies in the whole index. */
static size_t index_between(zw_learned_index *index, int64_t after_ms, int64_t upto_ms,
                            size_t *first)
{
    const zw_learned *all = NULL;
    const zw_learned *found = NULL;
    (void)zw_learned_between(index, INT64_MIN, INT64_MAX, &all);
    size_t count = zw_learned_between(index, after_ms, upto_ms, &found);
    *first = count > 0 ? (size_t)(found - all) : 0;
    return count;
}

static const zw_item_row *index_row(const zw_items *items, zw_learned_index *index, size_t number)
{
    const zw_learned *all = NULL;
    size_t count = zw_learned_between(index, INT64_MIN, INT64_MAX, &all);
    return number < count ? &items->rows[all[number].period]->row : NULL;
}

size_t zw_items_reports(const zw_items *items, zw_register_id id, int64_t from_ms, int64_t till_ms,
                        size_t *first)
{
    *first = 0;
    bool is_some = id < items->register_count && from_ms < till_ms;
    return is_some ? index_between(items->registers[id].reports, from_ms - 1, till_ms - 1, first)
                   : 0;
}

const zw_item_row *zw_items_report(const zw_items *items, zw_register_id id, size_t number)
{
    return id < items->register_count ? index_row(items, items->registers[id].reports, number)
                                      : NULL;
}

size_t zw_items_learned(const zw_items *items, int64_t after_ms, int64_t upto_ms, size_t *first)
{
    return index_between(items->news, after_ms, upto_ms, first);
}

const zw_item_row *zw_items_news(const zw_items *items, size_t number)
{
    return index_row(items, items->news, number);
}

int64_t zw_items_first_known_ms(const zw_items *items)
{
    return zw_learned_first_ms(items->news);
}

int64_t zw_item_next_ms(const zw_items *items, zw_register_id id, int64_t t_ms, int64_t as_of_ms)
{
    if (id >= items->register_count) {
        return ZW_NEVER_MS;
    }
    const zw_learned *after = NULL;
    size_t count = zw_learned_between(items->registers[id].reports, t_ms, INT64_MAX, &after);
    for (size_t i = 0; i < count; i++) {
        const zw_item_row *row = &items->rows[after[i].period]->row;
        if (row->known_at_ms <= as_of_ms) {
            return row->at_ms;
        }
    }
    return ZW_NEVER_MS;
}
