/**
 * A tile: pages of neighbouring series over the same periods, as bytes. What they have in common,
 * most often all but the values, is written once. The head says what is where; every stream of the
 * body has a checksum of its own, so that damage is as small as it can be named.
 */
#ifndef ZW_STORE_TILE_H
#define ZW_STORE_TILE_H

#include "store/slab.h"
#include "store/wire.h"

enum { ZW_TILE_SERIES_MOST = 64 };

/** What a page is made of. */
typedef enum zw_stream {
    ZW_STREAM_CELLS,
    ZW_STREAM_VALUES,
    ZW_STREAM_KNOWN_AT,
    ZW_STREAM_BATCH,
    ZW_STREAM_LIKE,
    ZW_STREAM_LINE,
    ZW_STREAM_SOURCE,
    ZW_STREAM_NOTE,
    ZW_STREAM_OLDER,
    ZW_STREAMS
} zw_stream;

enum { ZW_TILE_STREAMS_MOST = ZW_TILE_SERIES_MOST * ZW_STREAMS };

/** A page in a tile. */
typedef struct zw_tile_part {
    uint32_t series; /* from the tile's first */
    zw_slab_about about;
    uint32_t streams[ZW_STREAMS]; /* from 1; 0: none */
} zw_tile_part;

/** The head of a tile. A plain value, but large. */
typedef struct zw_tile_head {
    int64_t sealed_row; /* what rows of the journal say up to this one is in it */
    size_t part_count, stream_count;
    zw_tile_part parts[ZW_TILE_SERIES_MOST];
    struct zw_tile_span {
        uint32_t offset, len, sum;
    } spans[ZW_TILE_STREAMS_MOST];
} zw_tile_head;

/** Adds a page, which must hold something, behind the others: `series` rises. @param before  the
 * page that was added last, which saves looking at what it shares with this one; NULL is allowed.
 * @return false without memory. */
bool zw_tile_add(zw_tile_head *head, zw_buf *body, uint32_t series, zw_slab *page,
                 const zw_slab *before);

/** Appends the head as bytes. */
void zw_tile_write(const zw_tile_head *head, zw_buf *out);

/** Reads a head. @return false when it is damaged. */
bool zw_tile_read(const void *bytes, size_t len, zw_tile_head *out);

/** The part of a series; NULL when the tile has none. */
const zw_tile_part *zw_tile_part_of(const zw_tile_head *head, uint32_t series);

/**
 * Reads a part into an empty page.
 * @return ZW_OK; ZW_STORE when it is damaged; ZW_NOMEM. On failure the page is empty.
 */
zw_status zw_tile_take(const zw_tile_head *head, const void *body, size_t len,
                       const zw_tile_part *part, zw_slab *out, zw_err *err) ZW_MUST_USE;

#endif
