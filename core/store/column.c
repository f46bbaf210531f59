/* The column of a series: its leaves in order of their index. */
#include "store/column.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_LEAVES = 4 };

void zw_column_fini(zw_column *column)
{
    for (size_t i = 0; i < column->count; i++) {
        zw_slab_fini(&column->leaves[i]->page);
        free(column->leaves[i]);
    }
    free((void *)column->leaves);
    *column = (zw_column){0};
}

/* The first place whose index is not below `index`. Most questions are about the last. */
static size_t place_of(const zw_column *column, int64_t index)
{
    size_t low = 0;
    size_t high = column->count;
    if (high > 0 && column->leaves[high - 1]->index <= index) {
        return column->leaves[high - 1]->index == index ? high - 1 : high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (column->leaves[middle]->index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

zw_leaf *zw_column_find(const zw_column *column, int64_t index)
{
    size_t place = place_of(column, index);
    bool is_there = place < column->count && column->leaves[place]->index == index;
    return is_there ? column->leaves[place] : NULL;
}

zw_leaf *zw_column_ensure(zw_column *column, int64_t index)
{
    size_t place = place_of(column, index);
    if (place < column->count && column->leaves[place]->index == index) {
        return column->leaves[place];
    }
    if (column->count == column->capacity) {
        size_t capacity = column->capacity > 0 ? 2 * column->capacity : FIRST_LEAVES;
        zw_leaf **leaves = realloc((void *)column->leaves, capacity * sizeof(zw_leaf *));
        if (leaves == NULL) {
            return NULL;
        }
        column->leaves = leaves;
        column->capacity = capacity;
    }
    zw_leaf *leaf = calloc(1, sizeof(*leaf));
    if (leaf == NULL) {
        return NULL;
    }
    leaf->index = index;
    leaf->is_loaded = true;
    memmove((void *)&column->leaves[place + 1], (const void *)&column->leaves[place],
            (column->count - place) * sizeof(zw_leaf *));
    column->leaves[place] = leaf;
    column->count++;
    return leaf;
}

void zw_column_remove(zw_column *column, int64_t index)
{
    size_t place = place_of(column, index);
    if (place >= column->count || column->leaves[place]->index != index) {
        return;
    }
    zw_slab_fini(&column->leaves[place]->page);
    free(column->leaves[place]);
    column->count--;
    memmove((void *)&column->leaves[place], (const void *)&column->leaves[place + 1],
            (column->count - place) * sizeof(zw_leaf *));
}

zw_slab_about zw_leaf_about(zw_leaf *leaf)
{
    return leaf->is_loaded ? zw_slab_about_of(&leaf->page) : leaf->about;
}
