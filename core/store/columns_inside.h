/** What the files that make up the columns share. */
#ifndef ZW_STORE_COLUMNS_INSIDE_H
#define ZW_STORE_COLUMNS_INSIDE_H

#include "store/column.h"
#include "store/columns.h"
#include "store/past.h"
#include "store/tiles.h"

/** Tiles that have figures which are not in their row: those whose first came first lie first. */
typedef struct zw_dirty {
    zw_tile **tiles;
    size_t begin, end, capacity; /* those from begin on are dirty */
} zw_dirty;

struct zw_columns {
    zw_columns_options options;
    zw_column *columns; /* by series */
    zw_head *heads;     /* beside them */
    size_t capacity;
    zw_gone *gone; /* by series; NULL while nothing has a floor */
    size_t gone_capacity;
    bool is_shedding; /* pages below a floor may be in the file */
    size_t shed_next; /* the tile that is looked at next */
    zw_tiles *tiles;
    zw_dirty dirty;
    size_t unsealed;    /* figures that are not in a row of table page */
    int64_t sealed_row; /* the greatest of any tile */
    int64_t lost_row;   /* the first that a damaged tile waits for; INT64_MAX: none */
    size_t count, bytes;
    int64_t first_ms;
    bool is_first_known;
    uint32_t tick;
    int64_t horizon_ms; /* the index has all that was learned later */
    zw_learned_index *learned;
    zw_past window;
    zw_err trouble;
};

/** The column of a series; NULL when nothing was ever put there. */
zw_column *zw_columns_find(const zw_columns *columns, zw_series_id series);

/** Whether all of a leaf lies below its series' floor. */
static inline bool zw_columns_is_below(const zw_columns *columns, zw_series_id series,
                                       const zw_leaf *leaf)
{
    return columns->gone != NULL &&
           (leaf->index + 1) * (int64_t)columns->options.span <= zw_columns_floor(columns, series);
}

/** Notes that figures of a series, which has a floor, are let go: the first period among them, and
 * the first known_at. */
void zw_columns_note_gone(zw_columns *columns, zw_series_id series, zw_period first,
                          int64_t known_at_ms);

/** Whether something that was let go of a series was known at a moment. @param first  gets its
 * first period. */
bool zw_columns_was_known(const zw_columns *columns, zw_series_id series, int64_t as_of_ms,
                          zw_period *first);

/** Looks anew for the newest figure of a series. */
void zw_columns_head_anew(zw_columns *columns, zw_series_id series);

/** Brings a leaf into memory. Damage is told and leaves it empty and lost. @return ZW_NOMEM or what
 * the file said. */
zw_status zw_columns_load(zw_columns *columns, zw_series_id series, zw_leaf *leaf,
                          zw_err *err) ZW_MUST_USE;

/** Tells that what the file has of a leaf is damaged, and leaves it empty and lost. */
zw_status zw_columns_lose(zw_columns *columns, zw_series_id series, zw_leaf *leaf,
                          zw_err *err) ZW_MUST_USE;

/** Brings all leaves of a tile into memory. */
zw_status zw_columns_load_tile(zw_columns *columns, const zw_tile *tile, zw_err *err) ZW_MUST_USE;

/** Reads a leaf that is not loaded into a page of the caller's. ZW_STORE: it is damaged. */
zw_status zw_columns_peek(zw_columns *columns, zw_series_id series, const zw_leaf *leaf,
                          zw_slab *out, zw_err *err) ZW_MUST_USE;

#endif
