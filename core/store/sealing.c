/*
 * Sealing. The dirty tiles lie in the order in which they got dirty, so that sealing the first of
 * them lets the journal go on. Nothing in memory but the tiles' own numbers changes; what they
 * were is kept until the transaction ends.
 */
#include "store/sealing.h"

#include "store/columns_inside.h"

#include <stdlib.h>

enum { FIRST_SEALED = 16, HEAD_BYTES = 1 << 20, BODY_BYTES = 1 << 30, DUE_FIGURES = 4096 };

struct zw_sealing {
    zw_columns *columns;
    zw_tile_head head;
    zw_buf head_bytes, body;
    struct sealed {
        zw_tile *tile;
        zw_tile before;
    } * sealed; /* in the transaction that is open */
    size_t count, capacity;
    size_t begin, unsealed; /* of the columns, before it */
    int64_t sealed_row, lost_row;
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
        if (leaf != NULL && leaf->page.used > 0) {
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

/* The first of the dirty tiles. It is lost when the file has it damaged: then the journal keeps
 * what it has of it. */
static zw_status seal_first(zw_sealing *sealing, int64_t row, size_t *written, zw_err *err)
{
    zw_columns *columns = sealing->columns;
    zw_tile *tile = columns->dirty.tiles[columns->dirty.begin];
    zw_status status = sealed_reserve(sealing, err);
    status = status == ZW_OK && tile->unsealed > 0 && tile->row != 0
                 ? zw_columns_load_tile(columns, tile, err)
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
    if (tile->unsealed > 0 && !gather(sealing, tile, row)) {
        return zw_err_nomem(err);
    }
    sealing->sealed[sealing->count++] = (struct sealed){tile, *tile};
    columns->dirty.begin++;
    columns->unsealed -= tile->unsealed;
    status = tile->unsealed > 0 ? write_row(sealing, tile, err) : ZW_OK;
    for (size_t i = 0; i < sealing->head.part_count && tile->unsealed > 0; i++) {
        *written += sealing->head.parts[i].about.count;
    }
    if (tile->unsealed > 0) {
        tile->sealed_row = row;
        columns->sealed_row = row > columns->sealed_row ? row : columns->sealed_row;
    }
    tile->unsealed = 0;
    tile->first_row = 0;
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
    sealing->count = 0;
    zw_status status = ZW_OK;
    while (
        status == ZW_OK && columns->dirty.begin < columns->dirty.end &&
        (is_all || (columns->unsealed > columns->options.unsealed_most && written <= 2 * taken))) {
        status = seal_first(sealing, row, &written, err);
    }
    return status;
}

int64_t zw_sealing_kept_row(const zw_sealing *sealing, int64_t row)
{
    const zw_columns *columns = sealing->columns;
    int64_t first = columns->dirty.begin < columns->dirty.end
                        ? columns->dirty.tiles[columns->dirty.begin]->first_row
                        : row + 1;
    return first < columns->lost_row ? first : columns->lost_row;
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
        return;
    }
    sealing->count = 0;
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
