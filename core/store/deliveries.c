/* The list of deliveries in memory.
 *
 * 1. Entries lie in order of arrival, which is that of their ids.
 * 2. last[n] is the last entry of the source with number n in the pool `sources`; from there
 *    `earlier` leads through the source's others. A source has at least one entry.
 * 3. Entries are forgotten newest first, so that the pools undo by shrinking.
 */
#include "store/deliveries.h"

#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_ENTRIES = 16 };

typedef struct entry {
    zw_delivery delivery;
    struct entry *earlier; /* the source's delivery before this one */
    uint32_t source, texts_before;
} entry;

struct zw_deliveries {
    zw_pool *sources, *texts;
    entry **entries;
    size_t count, capacity;
    entry **last; /* by source */
    size_t last_capacity;
};

zw_status zw_deliveries_create(zw_deliveries **out, zw_err *err)
{
    *out = NULL;
    zw_deliveries *list = calloc(1, sizeof *list);
    if (list == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_pool_create(&list->sources, err);
    if (status == ZW_OK) {
        status = zw_pool_create(&list->texts, err);
    }
    if (status != ZW_OK) {
        zw_deliveries_destroy(list);
        return status;
    }
    *out = list;
    return ZW_OK;
}

void zw_deliveries_destroy(zw_deliveries *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i]);
    }
    free((void *)list->entries);
    free((void *)list->last);
    zw_pool_destroy(list->texts);
    zw_pool_destroy(list->sources);
    free(list);
}

static bool entries_reserve(entry ***entries, size_t *capacity, size_t count)
{
    if (count < *capacity) {
        return true;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_ENTRIES;
    entry **moved = realloc((void *)*entries, larger * sizeof(entry *));
    if (moved == NULL) {
        return false;
    }
    *entries = moved;
    *capacity = larger;
    return true;
}

/* Copies the texts of `e->delivery` into the pools and turns it to the copies. */
static bool entry_own_texts(zw_deliveries *list, entry *e)
{
    const char **texts[] = {&e->delivery.name, &e->delivery.format, &e->delivery.digest};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t number = zw_pool_put(list->texts, zw_text_of(*texts[i]));
        if (number == ZW_POOL_NONE) {
            return false;
        }
        *texts[i] = zw_pool_text(list->texts, number);
    }
    e->source = zw_pool_put(list->sources, zw_text_of(e->delivery.source));
    if (e->source == ZW_POOL_NONE) {
        return false;
    }
    e->delivery.source = zw_pool_text(list->sources, e->source);
    return true;
}

zw_status zw_deliveries_add(zw_deliveries *list, const zw_delivery *delivery, zw_err *err)
{
    assert(list->count == 0 || list->entries[list->count - 1]->delivery.id < delivery->id);
    uint32_t sources_before = zw_pool_count(list->sources);
    if (!entries_reserve(&list->entries, &list->capacity, list->count) ||
        !entries_reserve(&list->last, &list->last_capacity, sources_before)) {
        return zw_err_nomem(err);
    }
    entry *e = malloc(sizeof *e);
    if (e == NULL) {
        return zw_err_nomem(err);
    }
    *e = (entry){.delivery = *delivery, .texts_before = zw_pool_count(list->texts)};
    if (!entry_own_texts(list, e)) { /* the source comes last: it was not put */
        zw_pool_shrink(list->texts, e->texts_before);
        free(e);
        return zw_err_nomem(err);
    }
    e->earlier = e->source < sources_before ? list->last[e->source] : NULL;
    list->last[e->source] = e;
    list->entries[list->count++] = e;
    return ZW_OK;
}

void zw_deliveries_shrink(zw_deliveries *list, size_t count)
{
    while (list->count > count) {
        entry *e = list->entries[--list->count];
        list->last[e->source] = e->earlier;
        if (e->earlier == NULL) {
            zw_pool_shrink(list->sources, e->source);
        }
        zw_pool_shrink(list->texts, e->texts_before);
        free(e);
    }
}

size_t zw_deliveries_count(const zw_deliveries *list)
{
    return list->count;
}

const zw_delivery *zw_deliveries_at(const zw_deliveries *list, size_t number)
{
    return number < list->count ? &list->entries[number]->delivery : NULL;
}

static entry *entry_by_id(const zw_deliveries *list, int64_t id)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->entries[middle]->delivery.id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list->count && list->entries[low]->delivery.id == id ? list->entries[low] : NULL;
}

const zw_delivery *zw_deliveries_by_id(const zw_deliveries *list, int64_t id)
{
    const entry *e = entry_by_id(list, id);
    return e != NULL ? &e->delivery : NULL;
}

const zw_delivery *zw_deliveries_last_of(const zw_deliveries *list, const char *source)
{
    uint32_t number = zw_pool_find(list->sources, zw_text_of(source));
    return number != ZW_POOL_NONE ? &list->last[number]->delivery : NULL;
}

void zw_deliveries_set_counts(zw_deliveries *list, const zw_delivery *counted)
{
    entry *e = entry_by_id(list, counted->id);
    assert(e != NULL);
    e->delivery.accepted = counted->accepted;
    e->delivery.unchanged = counted->unchanged;
    e->delivery.revised = counted->revised;
    e->delivery.rejected = counted->rejected;
}
