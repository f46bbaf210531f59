/** The tiles of a store: a row of table `page` each, and in memory where each lies and how much of
 * it is not in its row yet. */
#ifndef ZW_STORE_TILES_H
#define ZW_STORE_TILES_H

#include "store/damage.h"
#include "store/db.h"
#include "store/tile.h"

/** A tile: the pages `index` of ZW_TILE_SERIES_MOST series or fewer. A plain value. */
typedef struct zw_tile {
    uint32_t group; /* its first series, divided by how many a tile has */
    int64_t index;
    int64_t row;        /* 0: it was never sealed */
    int64_t sealed_row; /* what rows of the journal say up to this one is in its row */
    int64_t first_row;  /* of the journal that is not; 0: there is none */
    size_t unsealed;    /* figures that are not */
    bool is_damaged;    /* it cannot be written anew without losing more */
} zw_tile;

typedef struct zw_tiles zw_tiles;

/** @param db  borrowed; must outlive the result. */
zw_status zw_tiles_create(zw_db *db, zw_tiles **out, zw_err *err) ZW_MUST_USE;
void zw_tiles_destroy(zw_tiles *tiles); /* NULL is allowed */

/** Finds a tile or makes it; NULL without memory. It stays where it is. */
zw_tile *zw_tiles_ensure(zw_tiles *tiles, uint32_t group, int64_t index);

size_t zw_tiles_count(const zw_tiles *tiles);
zw_tile *zw_tiles_at(const zw_tiles *tiles, size_t number);

/** Forgets a tile that has no row and no leaves; the last one takes its number. */
void zw_tiles_forget(zw_tiles *tiles, size_t number);

/** Who takes what a reading finds. An error ends it. */
typedef struct zw_tiles_reader {
    void *arg;
    zw_status (*on_tile)(void *arg, zw_tile *tile, const zw_tile_head *head, zw_err *err);
    zw_status (*on_damage)(void *arg, const zw_damage *damage, zw_err *err);
    uint32_t group_series; /* of a tile */
    uint32_t span;         /* its periods */
} zw_tiles_reader;

/** Reads the heads of all rows. One that is damaged is named; its tile stays so. */
zw_status zw_tiles_read(zw_tiles *tiles, const zw_tiles_reader *reader, zw_err *err) ZW_MUST_USE;

/** A row in hand. Valid until the next is taken in hand. */
typedef struct zw_tile_held {
    const zw_tile_head *head;
    const void *body;
    size_t len;
} zw_tile_held;

/** @return ZW_STORE when the row is gone or its head is damaged. */
zw_status zw_tiles_hold(zw_tiles *tiles, const zw_tile *tile, zw_tile_held *out,
                        zw_err *err) ZW_MUST_USE;

/** Writes a row for a tile. @param row  gets its number. */
zw_status zw_tiles_write(zw_tiles *tiles, zw_series_id series, zw_period start, const zw_buf *head,
                         const zw_buf *body, int64_t *row, zw_err *err) ZW_MUST_USE;
zw_status zw_tiles_remove(zw_tiles *tiles, int64_t row, zw_err *err) ZW_MUST_USE;

/** Writes down that a series loses pages: their first period, the first known_at, and how many
 * figures. */
zw_status zw_tiles_note_gone(zw_tiles *tiles, zw_series_id series, zw_period first,
                             int64_t known_at_ms, size_t figures, zw_err *err) ZW_MUST_USE;

/** Lets go of the rows in hand, and of their memory. */
void zw_tiles_release(zw_tiles *tiles);

#endif
