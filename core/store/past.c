/*
 * A window is gathered by going over every page that has something of its time. Items above the
 * window's end are let go as it fills, so that it needs little memory however much there is.
 */
#include "store/past.h"

#include "base/civil.h"
#include "store/columns_inside.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 1024 };

struct gathering {
    zw_columns *columns;
    zw_past *window;
    int64_t least_upto_ms; /* all up to here is wanted */
};

void zw_past_fini(zw_past *window)
{
    free(window->items);
    *window = (zw_past){0};
}

/* Of equal moments by series, then by period: pages do not keep the order of arrival. */
static int by_moment(const void *a, const void *b)
{
    const zw_learned *x = a;
    const zw_learned *y = b;
    if (x->known_at_ms != y->known_at_ms) {
        return x->known_at_ms < y->known_at_ms ? -1 : 1;
    }
    if (x->series != y->series) {
        return x->series < y->series ? -1 : 1;
    }
    return x->period < y->period ? -1 : x->period > y->period ? 1 : 0;
}

static void sort(zw_past *window)
{
    if (window->count > 1) {
        qsort(window->items, window->count, sizeof(*window->items), by_moment);
    }
}

/* Brings the window's end down until `most` items are left, or what is wanted, or one moment. */
static void narrow(struct gathering *in, size_t most)
{
    zw_past *window = in->window;
    sort(window);
    if (window->count <= most) {
        return;
    }
    int64_t upto_ms = window->items[most].known_at_ms - 1;
    int64_t first_ms = window->items[0].known_at_ms;
    upto_ms = upto_ms < first_ms ? first_ms : upto_ms;
    window->upto_ms = upto_ms < in->least_upto_ms ? in->least_upto_ms : upto_ms;
    window->count = zw_learned_known(window->items, window->count, window->upto_ms);
}

static zw_status grow(struct gathering *in, zw_err *err)
{
    zw_past *window = in->window;
    if (window->count < window->capacity) {
        return ZW_OK;
    }
    if (window->capacity >= 2 * in->columns->options.learned_most) {
        narrow(in, in->columns->options.learned_most);
        if (window->count <= window->capacity / 2) {
            return ZW_OK;
        }
    }
    size_t capacity = window->capacity > 0 ? 2 * window->capacity : FIRST_ITEMS;
    zw_learned *items = realloc(window->items, capacity * sizeof(*items));
    if (items == NULL) {
        return zw_err_nomem(err);
    }
    window->items = items;
    window->capacity = capacity;
    return ZW_OK;
}

static zw_status take_version(struct gathering *in, zw_series_id series, zw_period period,
                              int64_t known_at_ms, zw_err *err)
{
    if (known_at_ms <= in->window->after_ms || known_at_ms > in->window->upto_ms) {
        return ZW_OK;
    }
    zw_status status = grow(in, err);
    if (status == ZW_OK && known_at_ms <= in->window->upto_ms) {
        in->window->items[in->window->count++] = (zw_learned){known_at_ms, series, period};
    }
    return status;
}

static zw_status take_page(struct gathering *in, zw_series_id series, zw_period start,
                           const zw_slab *page, zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t cell = page->base; status == ZW_OK && cell < page->base + page->room; cell++) {
        zw_figure room;
        const zw_figure *versions = NULL;
        size_t count = zw_slab_versions(page, cell, &room, &versions);
        for (size_t v = 0; status == ZW_OK && v < count; v++) {
            status = take_version(in, series, start + cell, versions[v].known_at_ms, err);
        }
    }
    return status;
}

static zw_status take_leaf(struct gathering *in, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    zw_slab_about about = zw_leaf_about(leaf);
    zw_period start = leaf->index * (int64_t)in->columns->options.span;
    if (about.used == 0 || about.last_ms <= in->window->after_ms ||
        about.first_ms > in->window->upto_ms) {
        return ZW_OK;
    }
    if (leaf->is_loaded) {
        return take_page(in, series, start, &leaf->page, err);
    }
    zw_slab page;
    zw_err why = {ZW_OK, ""};
    zw_status status = zw_columns_peek(in->columns, series, leaf, &page, &why);
    if (status == ZW_STORE) {
        return zw_columns_lose(in->columns, series, leaf, err);
    }
    if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", why.text);
    }
    status = take_page(in, series, start, &page, err);
    zw_slab_fini(&page);
    return status;
}

/* Tile by tile, so that each is read once. */
static zw_status take_tile(struct gathering *in, const zw_tile *tile, zw_err *err)
{
    uint32_t count = in->columns->options.group_series;
    zw_status status = ZW_OK;
    for (uint32_t i = 0; status == ZW_OK && i < count; i++) {
        zw_series_id series = tile->group * count + i;
        const zw_column *column = zw_columns_find(in->columns, series);
        zw_leaf *leaf = column != NULL ? zw_column_find(column, tile->index) : NULL;
        status = leaf != NULL ? take_leaf(in, series, leaf, err) : ZW_OK;
    }
    return status;
}

zw_status zw_past_gather(zw_columns *columns, int64_t after_ms, int64_t upto_ms, zw_err *err)
{
    zw_past *window = &columns->window;
    if (window->is_set && window->after_ms <= after_ms && upto_ms <= window->upto_ms &&
        (upto_ms > after_ms ||
         (window->count > 0 && window->items[window->count - 1].known_at_ms > after_ms) ||
         window->upto_ms == INT64_MAX)) {
        return ZW_OK;
    }
    struct gathering in = {columns, window, upto_ms};
    window->is_set = false;
    window->count = 0;
    window->after_ms = after_ms;
    window->upto_ms = INT64_MAX;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < zw_tiles_count(columns->tiles); i++) {
        status = take_tile(&in, zw_tiles_at(columns->tiles, i), err);
    }
    if (status != ZW_OK) {
        zw_past_fini(window);
        return status;
    }
    narrow(&in, columns->options.learned_most);
    window->is_set = true;
    return ZW_OK;
}
