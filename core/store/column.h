/** The column of a series: its pages, by index. Each is in memory, in the file, or in both. */
#ifndef ZW_STORE_COLUMN_H
#define ZW_STORE_COLUMN_H

#include "base/period.h"
#include "store/slab.h"

struct zw_tile;

/** A page of a column. */
typedef struct zw_leaf {
    int64_t index; /* its first period divided by those of a page */
    struct zw_tile *tile;
    zw_slab page;        /* when it is loaded */
    zw_slab_about about; /* when it is not */
    uint32_t tick;       /* when it was last asked */
    bool is_loaded;
    bool is_lost; /* what the file has of it is damaged */
} zw_leaf;

/** A plain value that owns its leaves; all zero is empty. */
typedef struct zw_column {
    zw_leaf **leaves;
    size_t count, capacity;
} zw_column;

void zw_column_fini(zw_column *column);

/** The leaf of an index; NULL when there is none. */
zw_leaf *zw_column_find(const zw_column *column, int64_t index);

/** Finds a leaf or makes it, loaded and empty; NULL without memory. It stays where it is. */
zw_leaf *zw_column_ensure(zw_column *column, int64_t index);

/** Removes the leaf of an index with what it has in memory; nothing when there is none. */
void zw_column_remove(zw_column *column, int64_t index);

/** What a leaf holds, wherever it is. */
zw_slab_about zw_leaf_about(zw_leaf *leaf);

#endif
