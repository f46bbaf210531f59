/* All figures.
 *
 * 1. A leaf that is not loaded is whole in its tile's row. One with figures that are not in that
 *    row is loaded, and stays so until they are.
 * 2. A tile with such figures is among the dirty, or lost.
 * 3. The index has every version learned after the horizon; the horizon moves only at a rest.
 */
#include "store/columns_inside.h"

#include "base/civil.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_COLUMNS = 64, CACHE_LINE = 64 };

/* ---- the directory ---- */

/* Makes both arrays reach to a series; what one of them has too much does no harm. */
static bool reach(zw_columns *columns, zw_series_id series)
{
    size_t capacity = columns->capacity > 0 ? columns->capacity : FIRST_COLUMNS;
    while (capacity <= series) {
        capacity *= 2;
    }
    zw_column *larger = realloc(columns->columns, capacity * sizeof(*larger));
    columns->columns = larger != NULL ? larger : columns->columns;
    zw_head *heads = realloc(columns->heads, capacity * sizeof(*heads));
    columns->heads = heads != NULL ? heads : columns->heads;
    if (larger == NULL || heads == NULL) {
        return false;
    }
    for (size_t i = columns->capacity; i < capacity; i++) {
        larger[i] = (zw_column){.count = 0};
        heads[i] = (zw_head){.period = ZW_PERIOD_NONE};
    }
    columns->capacity = capacity;
    return true;
}

static zw_column *column_ensure(zw_columns *columns, zw_series_id series)
{
    return series < columns->capacity || reach(columns, series) ? &columns->columns[series] : NULL;
}

static zw_head head_of(const zw_columns *columns, int64_t index, const zw_slab_about *about)
{
    return (zw_head){.period = index * (int64_t)columns->options.span + about->last,
                     .value = about->value,
                     .known_at_ms = about->known_at_ms,
                     .status = about->like / 2,
                     .is_synthetic = about->like % 2 != 0};
}

/* The newest version of the last period, whatever its head says now. */
void zw_columns_head_anew(zw_columns *columns, zw_series_id series)
{
    const zw_column *column = &columns->columns[series];
    columns->heads[series] = (zw_head){.period = ZW_PERIOD_NONE};
    for (size_t i = column->count; i-- > 0;) {
        zw_slab_about about = zw_leaf_about(column->leaves[i]);
        if (zw_columns_is_below(columns, series, column->leaves[i])) {
            return;
        }
        if (about.used > 0) {
            columns->heads[series] = head_of(columns, column->leaves[i]->index, &about);
            return;
        }
    }
}

/* Of equal moments the one that arrived later wins. */
static void head_see(zw_head *head, const zw_put *put)
{
    if (put->period > head->period ||
        (put->period == head->period && put->figure.known_at_ms >= head->known_at_ms)) {
        *head = (zw_head){.period = put->period,
                          .value = put->figure.value,
                          .known_at_ms = put->figure.known_at_ms,
                          .status = put->figure.status,
                          .is_synthetic = put->figure.is_synthetic};
    }
}

const zw_head *zw_columns_heads(const zw_columns *columns, size_t *count)
{
    *count = columns->capacity;
    return columns->heads;
}

/* Finds a leaf or makes it, with its tile; NULL without memory. */
static zw_leaf *leaf_ensure(zw_columns *columns, zw_series_id series, int64_t index)
{
    zw_column *column = column_ensure(columns, series);
    zw_leaf *leaf = column != NULL ? zw_column_find(column, index) : NULL;
    if (leaf != NULL || column == NULL) {
        return leaf;
    }
    zw_tile *tile = zw_tiles_ensure(columns->tiles, series / columns->options.group_series, index);
    leaf = tile != NULL ? zw_column_ensure(column, index) : NULL;
    if (leaf != NULL) {
        leaf->tile = tile;
    }
    return leaf;
}

/* A part of a series that there is not. */
static zw_status lose_part(zw_columns *columns, zw_tile *tile, zw_series_id series,
                           const zw_slab_about *about, zw_err *err)
{
    zw_period start = tile->index * (int64_t)columns->options.span;
    zw_damage damage = {.table = "page",
                        .row = tile->row,
                        .is_known = true,
                        .first_series = series,
                        .last_series = series,
                        .first_period = start + about->first,
                        .last_period = start + about->last,
                        .figures = about->count};
    tile->is_damaged = true;
    return columns->options.on_damage(columns->options.arg, &damage, err);
}

static zw_status on_tile(void *arg, zw_tile *tile, const zw_tile_head *head, zw_err *err)
{
    zw_columns *columns = arg;
    if (tile->sealed_row > columns->sealed_row) {
        columns->sealed_row = tile->sealed_row;
    }
    for (size_t i = 0; i < head->part_count; i++) {
        const zw_tile_part *part = &head->parts[i];
        zw_series_id series = tile->group * columns->options.group_series + part->series;
        if (series >= columns->options.series_count) {
            zw_status status = lose_part(columns, tile, series, &part->about, err);
            if (status != ZW_OK) {
                return status;
            }
            continue;
        }
        zw_leaf *leaf = leaf_ensure(columns, series, tile->index);
        if (leaf == NULL) {
            return zw_err_nomem(err);
        }
        leaf->is_loaded = false;
        leaf->about = part->about;
        columns->count += part->about.count;
        zw_head newest = head_of(columns, tile->index, &part->about);
        if (newest.period > columns->heads[series].period) {
            columns->heads[series] = newest;
        }
        if (part->about.last_ms > columns->horizon_ms) {
            columns->horizon_ms = part->about.last_ms;
        }
    }
    return ZW_OK;
}

static zw_status on_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    const zw_columns *columns = arg;
    return columns->options.on_damage(columns->options.arg, damage, err);
}

static zw_status read_directory(zw_columns *columns, zw_err *err)
{
    zw_tiles_reader reader = {.arg = columns,
                              .on_tile = on_tile,
                              .on_damage = on_damage,
                              .group_series = columns->options.group_series,
                              .span = columns->options.span};
    return zw_tiles_read(columns->tiles, &reader, err);
}

zw_status zw_columns_create(zw_db *db, const zw_columns_options *options, zw_columns **out,
                            zw_err *err)
{
    *out = NULL;
    zw_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        return zw_err_nomem(err);
    }
    columns->options = *options;
    columns->horizon_ms = INT64_MIN;
    columns->lost_row = INT64_MAX;
    zw_status status = zw_tiles_create(db, &columns->tiles, err);
    status = status == ZW_OK ? zw_learned_create(&columns->learned, err) : status;
    status = status == ZW_OK ? read_directory(columns, err) : status;
    if (status != ZW_OK) {
        zw_columns_destroy(columns);
        return status;
    }
    *out = columns;
    return ZW_OK;
}

void zw_columns_destroy(zw_columns *columns)
{
    if (columns == NULL) {
        return;
    }
    for (size_t i = 0; i < columns->capacity; i++) {
        zw_column_fini(&columns->columns[i]);
    }
    free(columns->columns);
    free(columns->heads);
    free(columns->gone);
    free((void *)columns->dirty.tiles);
    zw_past_fini(&columns->window);
    zw_tiles_destroy(columns->tiles);
    zw_learned_destroy(columns->learned);
    free(columns);
}

int64_t zw_columns_sealed_row(const zw_columns *columns)
{
    return columns->sealed_row;
}

zw_column *zw_columns_find(const zw_columns *columns, zw_series_id series)
{
    return series < columns->capacity ? &columns->columns[series] : NULL;
}

/* ---- loading ---- */

zw_status zw_columns_peek(zw_columns *columns, zw_series_id series, const zw_leaf *leaf,
                          zw_slab *out, zw_err *err)
{
    zw_tile_held held;
    *out = (zw_slab){0};
    zw_status status = zw_tiles_hold(columns->tiles, leaf->tile, &held, err);
    if (status != ZW_OK) {
        return status;
    }
    const zw_tile_part *part = zw_tile_part_of(held.head, series % columns->options.group_series);
    return part != NULL ? zw_tile_take(held.head, held.body, held.len, part, out, err)
                        : zw_err_set(err, ZW_STORE, "a page without the series");
}

zw_status zw_columns_lose(zw_columns *columns, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    leaf->is_loaded = leaf->is_lost = true;
    zw_columns_head_anew(columns, series);
    columns->count -= leaf->about.count;
    columns->is_first_known = false;
    return lose_part(columns, leaf->tile, series, &leaf->about, err);
}

zw_status zw_columns_load(zw_columns *columns, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    zw_err why = {ZW_OK, ""};
    zw_slab page;
    zw_status status = zw_columns_peek(columns, series, leaf, &page, &why);
    if (status == ZW_STORE) {
        return zw_columns_lose(columns, series, leaf, err);
    }
    if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", why.text);
    }
    leaf->page = page;
    leaf->is_loaded = true;
    leaf->tick = columns->tick;
    columns->bytes += page.bytes;
    return ZW_OK;
}

zw_status zw_columns_load_tile(zw_columns *columns, const zw_tile *tile, zw_err *err)
{
    zw_status status = ZW_OK;
    zw_series_id first = tile->group * columns->options.group_series;
    for (uint32_t i = 0; status == ZW_OK && i < columns->options.group_series; i++) {
        zw_column *column = zw_columns_find(columns, first + i);
        zw_leaf *leaf = column != NULL ? zw_column_find(column, tile->index) : NULL;
        if (leaf != NULL && !leaf->is_loaded) {
            status = zw_columns_load(columns, first + i, leaf, err);
        }
    }
    return status;
}

/* Where a period is. */
struct place {
    zw_leaf *leaf;
    uint32_t cell;
};

/* Below the floor there is none. */
static struct place place_of(const zw_columns *columns, zw_series_id series, zw_period period)
{
    int64_t index = zw_floor_div(period, columns->options.span);
    bool is_below = columns->gone != NULL && period < zw_columns_floor(columns, series);
    const zw_column *column = is_below ? NULL : zw_columns_find(columns, series);
    return (struct place){column != NULL ? zw_column_find(column, index) : NULL,
                          (uint32_t)(period - index * (int64_t)columns->options.span)};
}

/* Makes a leaf ready to be read. @return false when it cannot be, or there is none. */
static bool is_ready(zw_columns *columns, zw_series_id series, zw_leaf *leaf)
{
    if (leaf == NULL) {
        return false;
    }
    if (!leaf->is_loaded && zw_columns_load(columns, series, leaf, &columns->trouble) != ZW_OK) {
        return false;
    }
    leaf->tick = columns->tick;
    return true;
}

/* ---- changing ---- */

static zw_status dirty_reserve(zw_dirty *dirty, zw_err *err)
{
    if (dirty->end < dirty->capacity) {
        return ZW_OK;
    }
    size_t capacity = dirty->capacity > 0 ? 2 * dirty->capacity : FIRST_COLUMNS;
    zw_tile **tiles = realloc((void *)dirty->tiles, capacity * sizeof(zw_tile *));
    if (tiles == NULL) {
        return zw_err_nomem(err);
    }
    dirty->tiles = tiles;
    dirty->capacity = capacity;
    return ZW_OK;
}

/* A figure that is not in the tile's row. */
static void mark_dirty(zw_columns *columns, zw_tile *tile, int64_t row)
{
    if (tile->first_row == 0) {
        tile->first_row = row;
        columns->dirty.tiles[columns->dirty.end++] = tile;
    }
    tile->unsealed++;
    columns->unsealed++;
}

/* Makes the leaf of a figure ready to take it. A tile that gets dirty is loaded whole, for whole
 * it will be written. */
static zw_status leaf_open(zw_columns *columns, zw_series_id series, int64_t index, zw_leaf **out,
                           zw_err *err)
{
    zw_leaf *leaf = leaf_ensure(columns, series, index);
    *out = leaf;
    if (leaf == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = leaf->is_loaded ? ZW_OK : zw_columns_load_tile(columns, leaf->tile, err);
    return status == ZW_OK ? dirty_reserve(&columns->dirty, err) : status;
}

static void expect_lines(const void *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += CACHE_LINE) {
        __builtin_prefetch((const char *)at + i, 1);
    }
}

static void expect_cell(const zw_columns *columns, const zw_leaf *leaf, zw_period period)
{
    int64_t cell = period - leaf->index * (int64_t)columns->options.span;
    if (leaf->is_loaded && cell >= 0 && cell < (int64_t)columns->options.span) {
        zw_slab_expect(&leaf->page, (uint32_t)cell);
    }
    __builtin_prefetch(leaf->tile, 1);
}

void zw_columns_expect(const zw_columns *columns, zw_series_id series, zw_period period,
                       zw_columns_step step)
{
    const zw_column *column = zw_columns_find(columns, series);
    if (column == NULL || (step != ZW_COLUMNS_COLUMN && column->count == 0)) {
        return;
    }
    switch (step) {
    case ZW_COLUMNS_COLUMN:
        __builtin_prefetch(column);
        __builtin_prefetch(&columns->heads[series], 1);
        return;
    case ZW_COLUMNS_LIST:
        __builtin_prefetch((const void *)&column->leaves[column->count - 1]);
        return;
    case ZW_COLUMNS_LEAF:
        expect_lines(column->leaves[column->count - 1], sizeof(zw_leaf));
        return;
    default: /* ZW_COLUMNS_CELL */
        expect_cell(columns, column->leaves[column->count - 1], period);
        return;
    }
}

zw_status zw_columns_put(zw_columns *columns, const zw_put *put, int64_t row, zw_change *change,
                         zw_err *err)
{
    int64_t known_at_ms = put->figure.known_at_ms;
    int64_t index = zw_floor_div(put->period, columns->options.span);
    uint32_t cell = (uint32_t)(put->period - index * (int64_t)columns->options.span);
    zw_leaf *leaf = NULL;
    if (columns->gone != NULL && put->period < zw_columns_floor(columns, put->series)) {
        return zw_err_set(err, ZW_INVALID, "put: the period is past its keep");
    }
    zw_status status = leaf_open(columns, put->series, index, &leaf, err);
    if (status != ZW_OK) {
        return status;
    }
    size_t bytes = leaf->page.bytes;
    status = zw_slab_put(&leaf->page, cell, &put->figure, change, err);
    columns->bytes += leaf->page.bytes - bytes;
    if (status != ZW_OK) {
        return status;
    }
    if (known_at_ms > columns->horizon_ms) {
        zw_learned what = {known_at_ms, put->series, put->period};
        status = zw_learned_put(columns->learned, &what, err);
    }
    if (status != ZW_OK) {
        bytes = leaf->page.bytes;
        zw_slab_unput(&leaf->page, cell, known_at_ms);
        columns->bytes -= bytes - leaf->page.bytes;
        return status;
    }
    leaf->tick = columns->tick;
    head_see(&columns->heads[put->series], put);
    mark_dirty(columns, leaf->tile, row);
    columns->window.is_set = columns->window.is_set && known_at_ms > columns->window.upto_ms;
    columns->first_ms =
        columns->count == 0 || known_at_ms < columns->first_ms ? known_at_ms : columns->first_ms;
    columns->is_first_known = columns->is_first_known || columns->count == 0;
    columns->count++;
    return ZW_OK;
}

zw_status zw_columns_replay(zw_columns *columns, const zw_put *put, int64_t row, zw_err *err)
{
    if (columns->gone != NULL && put->period < zw_columns_floor(columns, put->series)) {
        return ZW_OK;
    }
    int64_t index = zw_floor_div(put->period, columns->options.span);
    const zw_tile *tile =
        zw_tiles_ensure(columns->tiles, put->series / columns->options.group_series, index);
    if (tile == NULL) {
        return zw_err_nomem(err);
    }
    zw_change change = ZW_CHANGE_NEW;
    return row > tile->sealed_row ? zw_columns_put(columns, put, row, &change, err) : ZW_OK;
}

void zw_columns_unput(zw_columns *columns, zw_series_id series, zw_period period,
                      int64_t known_at_ms)
{
    int64_t index = zw_floor_div(period, columns->options.span);
    zw_leaf *leaf = zw_column_find(&columns->columns[series], index); /* below a floor too */
    assert(leaf != NULL && leaf->is_loaded);
    if (known_at_ms > columns->horizon_ms) {
        zw_learned_unput(columns->learned, known_at_ms);
    }
    size_t bytes = leaf->page.bytes;
    zw_slab_unput(&leaf->page, (uint32_t)(period - index * (int64_t)columns->options.span),
                  known_at_ms);
    columns->bytes -= bytes - leaf->page.bytes;
    if (period == columns->heads[series].period) {
        zw_columns_head_anew(columns, series);
    }
    leaf->tile->unsealed--;
    columns->unsealed--;
    columns->count--;
    columns->is_first_known = false;
    columns->window.is_set = columns->window.is_set && known_at_ms > columns->window.upto_ms;
}

/* ---- reading ---- */

const zw_figure *zw_columns_at(zw_columns *columns, zw_series_id series, zw_period period,
                               int64_t as_of_ms, zw_figure *room)
{
    struct place place = place_of(columns, series, period);
    return is_ready(columns, series, place.leaf)
               ? zw_slab_at(&place.leaf->page, place.cell, as_of_ms, room)
               : NULL;
}

size_t zw_columns_versions(zw_columns *columns, zw_series_id series, zw_period period,
                           zw_figure *room, const zw_figure **out)
{
    struct place place = place_of(columns, series, period);
    *out = NULL;
    return is_ready(columns, series, place.leaf)
               ? zw_slab_versions(&place.leaf->page, place.cell, room, out)
               : 0;
}

bool zw_columns_run(zw_columns *columns, zw_series_id series, zw_period lo, zw_period hi,
                    int64_t as_of_ms, zw_run *out)
{
    struct place place = place_of(columns, series, lo);
    uint32_t last = columns->options.span - 1;
    if ((uint64_t)(hi - lo) < last - place.cell) {
        last = place.cell + (uint32_t)(hi - lo);
    }
    return is_ready(columns, series, place.leaf) &&
           zw_slab_run(&place.leaf->page, place.cell, last, as_of_ms, out);
}

bool zw_columns_span(zw_columns *columns, zw_series_id series, zw_period *first, zw_period *last)
{
    const zw_column *column = zw_columns_find(columns, series);
    bool has_any = false;
    for (size_t i = 0; column != NULL && i < column->count; i++) {
        zw_slab_about about = zw_leaf_about(column->leaves[i]);
        zw_period start = column->leaves[i]->index * (int64_t)columns->options.span;
        if (about.used > 0 && !zw_columns_is_below(columns, series, column->leaves[i])) {
            *first = has_any ? *first : start + about.first;
            *last = start + about.last;
            has_any = true;
        }
    }
    return has_any;
}

bool zw_columns_first(zw_columns *columns, zw_series_id series, int64_t as_of_ms, zw_period *out)
{
    const zw_column *column = zw_columns_find(columns, series);
    zw_figure room;
    if (zw_columns_was_known(columns, series, as_of_ms, out)) {
        return true;
    }
    for (size_t i = 0; column != NULL && i < column->count; i++) {
        zw_leaf *leaf = column->leaves[i];
        zw_slab_about about = zw_leaf_about(leaf);
        zw_period start = leaf->index * (int64_t)columns->options.span;
        if (about.used > 0 && about.last_ms <= as_of_ms) {
            *out = start + about.first;
            return true;
        }
        bool may_be = about.used > 0 && about.first_ms <= as_of_ms;
        for (uint32_t cell = about.first; may_be && cell <= about.last; cell++) {
            if (is_ready(columns, series, leaf) &&
                zw_slab_at(&leaf->page, cell, as_of_ms, &room) != NULL) {
                *out = start + cell;
                return true;
            }
        }
    }
    return false;
}

size_t zw_columns_count(const zw_columns *columns)
{
    return columns->count;
}

int64_t zw_columns_first_ms(zw_columns *columns)
{
    if (columns->is_first_known || columns->count == 0) {
        return columns->count > 0 ? columns->first_ms : ZW_NEVER_MS;
    }
    columns->first_ms = ZW_NEVER_MS;
    for (size_t s = 0; s < columns->capacity; s++) {
        for (size_t i = 0; i < columns->columns[s].count; i++) {
            zw_slab_about about = zw_leaf_about(columns->columns[s].leaves[i]);
            if (about.used > 0 && about.first_ms < columns->first_ms) {
                columns->first_ms = about.first_ms;
            }
        }
    }
    columns->is_first_known = true;
    return columns->first_ms;
}

zw_status zw_columns_trouble(zw_columns *columns, zw_err *err)
{
    zw_status status = columns->trouble.status;
    if (status != ZW_OK) {
        (void)zw_err_set(err, status, "%s", columns->trouble.text);
        columns->trouble = (zw_err){ZW_OK, ""};
    }
    return status;
}

/* ---- what was learned ---- */

size_t zw_columns_learned(zw_columns *columns, int64_t after_ms, int64_t upto_ms,
                          const zw_learned **out)
{
    *out = NULL;
    if (after_ms >= columns->horizon_ms || after_ms >= upto_ms) {
        return after_ms < upto_ms ? zw_learned_between(columns->learned, after_ms, upto_ms, out)
                                  : 0;
    }
    if (zw_past_gather(columns, after_ms, upto_ms, &columns->trouble) != ZW_OK) {
        return 0;
    }
    const zw_past *window = &columns->window;
    size_t begin = zw_learned_known(window->items, window->count, after_ms);
    size_t end = zw_learned_known(window->items, window->count, upto_ms);
    *out = begin < end ? &window->items[begin] : NULL;
    return end - begin;
}

int64_t zw_columns_next_ms(zw_columns *columns, int64_t after_ms)
{
    const zw_learned *items = NULL;
    if (after_ms >= columns->horizon_ms) {
        size_t count = zw_learned_between(columns->learned, after_ms, INT64_MAX, &items);
        return count > 0 ? items[0].known_at_ms : ZW_NEVER_MS;
    }
    if (zw_past_gather(columns, after_ms, after_ms, &columns->trouble) != ZW_OK) {
        return ZW_NEVER_MS;
    }
    const zw_past *window = &columns->window;
    size_t begin = zw_learned_known(window->items, window->count, after_ms);
    return begin < window->count ? window->items[begin].known_at_ms : ZW_NEVER_MS;
}

/* ---- resting ---- */

/* Lets go of clean leaves that were not asked for so many rests. */
static void let_go(zw_columns *columns, uint32_t age)
{
    for (size_t s = 0; s < columns->capacity; s++) {
        for (size_t i = 0; i < columns->columns[s].count; i++) {
            zw_leaf *leaf = columns->columns[s].leaves[i];
            bool is_whole = leaf->tile->row != 0 && leaf->tile->first_row == 0 && !leaf->is_lost;
            if (leaf->is_loaded && is_whole && columns->tick - leaf->tick >= age &&
                leaf->page.used > 0) {
                leaf->about = zw_slab_about_of(&leaf->page);
                columns->bytes -= leaf->page.bytes;
                zw_slab_fini(&leaf->page);
                leaf->is_loaded = false;
            }
        }
    }
}

void zw_columns_rest(zw_columns *columns)
{
    static const uint32_t ages[] = {1024, 64, 8, 1, 0};
    for (size_t i = 0;
         i < sizeof(ages) / sizeof(ages[0]) && columns->bytes > columns->options.ceiling_bytes;
         i++) {
        let_go(columns, ages[i]);
    }
    if (zw_learned_count(columns->learned) > 2 * columns->options.learned_most) {
        columns->horizon_ms = zw_learned_trim(columns->learned, columns->options.learned_most);
    }
    columns->tick++;
}
