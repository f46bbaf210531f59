/*
 * Sealing. The dirty tiles lie in the order in which they got dirty, so that sealing the first of
 * them lets the journal go on. Nothing in memory but the tiles' own numbers changes; what they
 * were is kept until the transaction ends.
 *
 * Shedding. A tile with leaves below their series' floor is written without them; when it is
 * committed they leave the memory too. The tiles are walked a few thousand in each turn.
 */
#include "store/sealing.h"

#include "store/columns_inside.h"

#include <stdlib.h>

enum { FIRST_SEALED = 16, HEAD_BYTES = 1 << 20, BODY_BYTES = 1 << 30, DUE_FIGURES = 4096 };
enum { SHED_TILES = 32, SHED_LOOKED_AT = 4096 }; /* in one turn */

struct zw_sealing {
    zw_columns *columns;
    zw_tile_head head;
    zw_buf head_bytes, body;
    struct sealed {
        zw_tile *tile;
        zw_tile before;
        size_t number; /* of the tile; SIZE_MAX: it was not asked */
        bool is_shed;
    } * sealed; /* in the transaction that is open */
    size_t count, capacity;
    size_t begin, unsealed; /* of the columns, before it */
    int64_t sealed_row, lost_row;
    size_t shed_next;
    bool is_shedding;
};

zw_status zw_sealing_create(zw_columns *columns, zw_sealing **out, zw_err *err)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    (*out)->columns = columns;
    zw_buf_init(&(*out)->head_bytes, HEAD_BYTES);
    zw_buf_init(&(*out)->body, BODY_BYTES);
    return ZW_OK;
}

void zw_sealing_destroy(zw_sealing *sealing)
{
    if (sealing == NULL) {
        return;
    }
    zw_buf_fini(&sealing->head_bytes);
    zw_buf_fini(&sealing->body);
    free(sealing->sealed);
    free(sealing);
}

static zw_status sealed_reserve(zw_sealing *sealing, zw_err *err)
{
    if (sealing->count < sealing->capacity) {
        return ZW_OK;
    }
    size_t capacity = sealing->capacity > 0 ? 2 * sealing->capacity : FIRST_SEALED;
    struct sealed *grown = realloc(sealing->sealed, capacity * sizeof(*grown));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    sealing->sealed = grown;
    sealing->capacity = capacity;
    return ZW_OK;
}

/* Writes a tile's pages as bytes. @return false without memory. */
static bool gather(zw_sealing *sealing, const zw_tile *tile, int64_t row)
{
    uint32_t count = sealing->columns->options.group_series;
    bool is_good = true;
    const zw_slab *before = NULL;
    zw_buf_clear(&sealing->head_bytes);
    zw_buf_clear(&sealing->body);
    sealing->head.sealed_row = row;
    sealing->head.part_count = sealing->head.stream_count = 0;
    for (uint32_t i = 0; is_good && i < count; i++) {
        const zw_column *column = zw_columns_find(sealing->columns, tile->group * count + i);
        zw_leaf *leaf = column != NULL ? zw_column_find(column, tile->index) : NULL;
        if (leaf != NULL && leaf->page.used > 0 &&
            !zw_columns_is_below(sealing->columns, tile->group * count + i, leaf)) {
            is_good = zw_tile_add(&sealing->head, &sealing->body, i, &leaf->page, before);
            before = &leaf->page;
        }
    }
    zw_tile_write(&sealing->head, &sealing->head_bytes);
    return is_good && !sealing->head_bytes.has_failed && !sealing->body.has_failed;
}

static zw_status write_row(zw_sealing *sealing, zw_tile *tile, zw_err *err)
{
    const zw_columns_options *options = &sealing->columns->options;
    int64_t before = tile->row;
    zw_status status = ZW_OK;
    tile->row = 0;
    if (sealing->head.part_count > 0) {
        status = zw_tiles_write(sealing->columns->tiles, tile->group * options->group_series,
                                tile->index * (int64_t)options->span, &sealing->head_bytes,
                                &sealing->body, &tile->row, err);
    }
    if (status == ZW_OK && before != 0) {
        status = zw_tiles_remove(sealing->columns->tiles, before, err);
    }
    return status;
}

/* Visits the leaves of a tile; another status than ZW_OK ends it. */
static zw_status each_leaf(zw_sealing *sealing, const zw_tile *tile,
                           zw_status (*visit)(zw_sealing *, zw_series_id, zw_leaf *, zw_err *),
                           zw_err *err)
{
    zw_columns *columns = sealing->columns;
    zw_status status = ZW_OK;
    for (uint32_t i = 0; status == ZW_OK && i < columns->options.group_series; i++) {
        zw_series_id series = tile->group * columns->options.group_series + i;
        const zw_column *column = zw_columns_find(columns, series);
        zw_leaf *leaf = column != NULL ? zw_column_find(column, tile->index) : NULL;
        status = leaf != NULL ? visit(sealing, series, leaf, err) : ZW_OK;
    }
    return status;
}

/* Brings what stays into memory. */
static zw_status load_kept(zw_sealing *sealing, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    return leaf->is_loaded || zw_columns_is_below(sealing->columns, series, leaf)
               ? ZW_OK
               : zw_columns_load(sealing->columns, series, leaf, err);
}

static zw_status note_gone(zw_sealing *sealing, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    zw_slab_about about = zw_leaf_about(leaf);
    if (!zw_columns_is_below(sealing->columns, series, leaf)) {
        return ZW_OK;
    }
    sealing->sealed[sealing->count - 1].is_shed = true;
    zw_period start = leaf->index * (int64_t)sealing->columns->options.span;
    return about.used > 0 ? zw_tiles_note_gone(sealing->columns->tiles, series, start + about.first,
                                               about.first_ms, about.count, err)
                          : ZW_OK;
}

/* Writes a tile anew, without what is below a floor. */
static zw_status write_tile(zw_sealing *sealing, zw_tile *tile, size_t number, int64_t row,
                            zw_err *err)
{
    zw_columns *columns = sealing->columns;
    if (!gather(sealing, tile, row)) {
        return zw_err_nomem(err);
    }
    sealing->sealed[sealing->count++] = (struct sealed){tile, *tile, number, tile->is_damaged};
    zw_status status = each_leaf(sealing, tile, note_gone, err);
    status = status == ZW_OK ? write_row(sealing, tile, err) : status;
    columns->unsealed -= tile->unsealed;
    tile->unsealed = 0;
    tile->sealed_row = row;
    columns->sealed_row = row > columns->sealed_row ? row : columns->sealed_row;
    return status;
}

/* The first of the dirty tiles. It is lost when the file has it damaged: then the journal keeps
 * what it has of it. */
static zw_status seal_first(zw_sealing *sealing, int64_t row, size_t *written, zw_err *err)
{
    zw_columns *columns = sealing->columns;
    zw_tile *tile = columns->dirty.tiles[columns->dirty.begin];
    bool has_news = tile->unsealed > 0;
    zw_status status = sealed_reserve(sealing, err);
    status = status == ZW_OK && has_news && tile->row != 0
                 ? each_leaf(sealing, tile, load_kept, err)
                 : status;
    if (status != ZW_OK) {
        return status;
    }
    if (tile->is_damaged) {
        columns->lost_row =
            tile->first_row < columns->lost_row ? tile->first_row : columns->lost_row;
        columns->unsealed -= tile->unsealed;
        columns->dirty.begin++;
        return ZW_OK;
    }
    if (has_news) {
        status = write_tile(sealing, tile, SIZE_MAX, row, err);
    } else {
        sealing->sealed[sealing->count++] = (struct sealed){tile, *tile, SIZE_MAX, false};
    }
    if (status != ZW_OK) {
        return status;
    }
    columns->dirty.begin++;
    tile->first_row = 0;
    for (size_t i = 0; has_news && i < sealing->head.part_count; i++) {
        *written += sealing->head.parts[i].about.count;
    }
    return ZW_OK;
}

/* Ends the walk at a leaf that is below its floor. */
static zw_status find_below(zw_sealing *sealing, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    (void)err;
    return zw_columns_is_below(sealing->columns, series, leaf) ? ZW_NOT_FOUND : ZW_OK;
}

/* Ends the walk at any leaf. */
static zw_status find_any(zw_sealing *sealing, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    (void)sealing;
    (void)series;
    (void)leaf;
    (void)err;
    return ZW_NOT_FOUND;
}

/* A tile that nothing is in any more. */
static bool is_empty(zw_sealing *sealing, const zw_tile *tile)
{
    return tile->row == 0 && tile->first_row == 0 &&
           each_leaf(sealing, tile, find_any, NULL) == ZW_OK;
}

/* Whether all that a damaged tile may have had is below a floor. */
static bool is_all_below(const zw_columns *columns, const zw_tile *tile)
{
    uint32_t count = columns->options.group_series;
    bool is_below = true;
    for (uint32_t i = 0; is_below && i < count; i++) {
        zw_series_id series = tile->group * count + i;
        is_below =
            series >= columns->options.series_count ||
            (tile->index + 1) * (int64_t)columns->options.span <= zw_columns_floor(columns, series);
    }
    return is_below;
}

/* Looks at the next tile, and writes it anew when something in it is below a floor. */
static zw_status shed_next(zw_sealing *sealing, int64_t row, size_t *shed, zw_err *err)
{
    zw_columns *columns = sealing->columns;
    size_t number = columns->shed_next++;
    zw_tile *tile = zw_tiles_at(columns->tiles, number);
    bool is_damaged = tile->is_damaged;
    bool was_empty = is_empty(sealing, tile);
    bool has_below = is_damaged ? is_all_below(columns, tile)
                                : each_leaf(sealing, tile, find_below, NULL) != ZW_OK;
    if (!has_below && !was_empty) {
        return ZW_OK;
    }
    ++*shed;
    zw_status status = sealed_reserve(sealing, err);
    if (status == ZW_OK && was_empty) {
        sealing->sealed[sealing->count++] = (struct sealed){tile, *tile, number, true};
        return ZW_OK;
    }
    status = status == ZW_OK ? each_leaf(sealing, tile, load_kept, err) : status;
    return status == ZW_OK && tile->is_damaged == is_damaged
               ? write_tile(sealing, tile, number, row, err)
               : status;
}

static zw_status shed_some(zw_sealing *sealing, int64_t row, zw_err *err)
{
    zw_columns *columns = sealing->columns;
    size_t shed = 0;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && columns->is_shedding && i < SHED_LOOKED_AT; i++) {
        if (columns->shed_next >= zw_tiles_count(columns->tiles)) {
            columns->is_shedding = false;
        } else if (shed < SHED_TILES) {
            status = shed_next(sealing, row, &shed, err);
        }
    }
    return status;
}

zw_status zw_sealing_step(zw_sealing *sealing, int64_t row, size_t taken, bool is_all, zw_err *err)
{
    zw_columns *columns = sealing->columns;
    size_t written = 0;
    sealing->begin = columns->dirty.begin;
    sealing->unsealed = columns->unsealed;
    sealing->sealed_row = columns->sealed_row;
    sealing->lost_row = columns->lost_row;
    sealing->shed_next = columns->shed_next;
    sealing->is_shedding = columns->is_shedding;
    sealing->count = 0;
    zw_status status = ZW_OK;
    while (
        status == ZW_OK && columns->dirty.begin < columns->dirty.end &&
        (is_all || (columns->unsealed > columns->options.unsealed_most && written <= 2 * taken))) {
        status = seal_first(sealing, row, &written, err);
    }
    return status == ZW_OK ? shed_some(sealing, row, err) : status;
}

int64_t zw_sealing_kept_row(const zw_sealing *sealing, int64_t row)
{
    const zw_columns *columns = sealing->columns;
    int64_t first = columns->dirty.begin < columns->dirty.end
                        ? columns->dirty.tiles[columns->dirty.begin]->first_row
                        : row + 1;
    return first < columns->lost_row ? first : columns->lost_row;
}

/* Lets go of a leaf below its floor. */
static zw_status drop_leaf(zw_sealing *sealing, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    (void)err;
    zw_columns *columns = sealing->columns;
    if (!zw_columns_is_below(columns, series, leaf)) {
        return ZW_OK;
    }
    zw_slab_about about = zw_leaf_about(leaf);
    if (about.used > 0) {
        zw_columns_note_gone(columns, series,
                             leaf->index * (int64_t)columns->options.span + about.first,
                             about.first_ms);
        columns->count -= about.count;
    }
    columns->bytes -= leaf->is_loaded ? leaf->page.bytes : 0;
    zw_column_remove(zw_columns_find(columns, series), leaf->index);
    return ZW_OK;
}

/* Drops what the committed transaction wrote tiles without. The last first, so that the numbers of
 * those before it stay. */
static void drop_shed(zw_sealing *sealing)
{
    zw_columns *columns = sealing->columns;
    while (sealing->count > 0) {
        const struct sealed *last = &sealing->sealed[--sealing->count];
        if (!last->is_shed) {
            continue;
        }
        (void)each_leaf(sealing, last->tile, drop_leaf, NULL);
        if (last->number != SIZE_MAX && is_empty(sealing, last->tile)) {
            zw_tiles_forget(columns->tiles, last->number);
            columns->shed_next =
                last->number < columns->shed_next ? last->number : columns->shed_next;
        }
    }
}

void zw_sealing_end(zw_sealing *sealing, bool is_committed)
{
    zw_columns *columns = sealing->columns;
    zw_dirty *dirty = &columns->dirty;
    if (!is_committed) {
        while (sealing->count > 0) {
            const struct sealed *last = &sealing->sealed[--sealing->count];
            *last->tile = last->before;
        }
        dirty->begin = sealing->begin;
        columns->unsealed = sealing->unsealed;
        columns->sealed_row = sealing->sealed_row;
        columns->lost_row = sealing->lost_row;
        columns->shed_next = sealing->shed_next;
        columns->is_shedding = sealing->is_shedding;
        return;
    }
    drop_shed(sealing);
    if (dirty->begin == dirty->end || dirty->begin > dirty->capacity / 2) {
        for (size_t i = dirty->begin; i < dirty->end; i++) {
            dirty->tiles[i - dirty->begin] = dirty->tiles[i];
        }
        dirty->end -= dirty->begin;
        dirty->begin = 0;
    }
}

bool zw_sealing_is_due(const zw_sealing *sealing)
{
    return sealing->columns->unsealed >= DUE_FIGURES;
}
