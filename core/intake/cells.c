/* Cells: which row of a batch says which figure, by a hash of what the figure is about. */
#include "intake/cells.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

void zw_cells_fini(zw_cells *cells)
{
    free(cells->slots);
    *cells = (zw_cells){0};
}

static uint64_t hash_mix(uint64_t hash, uint64_t part)
{
    hash = (hash ^ part) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 32);
}

static uint64_t hash_stamp(uint64_t hash, const zw_stamp *stamp)
{
    if (stamp->is != ZW_STAMP_PERIOD) {
        return hash_mix(hash_mix(hash, stamp->is), (uint64_t)stamp->at_ms);
    }
    hash = hash_mix(hash, (uint64_t)stamp->grid.every << 32 | (uint32_t)stamp->grid.step_ms);
    return hash_mix(hash, (uint64_t)stamp->period);
}

static uint64_t hash_row(const zw_row *row)
{
    uint64_t hash = hash_mix(row->measure, row->area);
    hash = hash_mix(hash_mix(hash, row->dims), row->scope);
    hash = hash_stamp(hash, &row->period);
    return row->has_known_at ? hash_stamp(hash, &row->known_at) : hash;
}

static bool stamp_same(const zw_stamp *a, const zw_stamp *b)
{
    if (a->is != b->is) {
        return false;
    }
    if (a->is == ZW_STAMP_PERIOD) {
        return zw_grid_same(a->grid, b->grid) && a->period == b->period;
    }
    return a->at_ms == b->at_ms;
}

static bool cell_same(const zw_row *a, const zw_row *b)
{
    return a->measure == b->measure && a->area == b->area && a->dims == b->dims &&
           a->scope == b->scope && stamp_same(&a->period, &b->period) &&
           a->has_known_at == b->has_known_at &&
           (!a->has_known_at || stamp_same(&a->known_at, &b->known_at));
}

/* The slot that holds the row's cell, or the empty one where it belongs. */
static uint32_t *slot_of(const zw_cells *cells, const zw_row *rows, const zw_row *row)
{
    size_t mask = cells->capacity - 1;
    size_t at = (size_t)hash_row(row) & mask;
    while (cells->slots[at] != 0 && !cell_same(&rows[cells->slots[at] - 1], row)) {
        at = (at + 1) & mask;
    }
    return &cells->slots[at];
}

/* Makes room for one more cell. */
static bool cells_reserve(zw_cells *cells, const zw_row *rows)
{
    if (2 * (cells->count + 1) <= cells->capacity) {
        return true;
    }
    zw_cells grown = {.capacity = cells->capacity > 0 ? 2 * cells->capacity : FIRST_CAPACITY,
                      .count = cells->count};
    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < cells->capacity; i++) {
        if (cells->slots[i] != 0) {
            *slot_of(&grown, rows, &rows[cells->slots[i] - 1]) = cells->slots[i];
        }
    }
    free(cells->slots);
    *cells = grown;
    return true;
}

zw_status zw_cells_claim(zw_cells *cells, const zw_row *rows, const zw_row *row, size_t index,
                         uint32_t *earlier, zw_err *err)
{
    *earlier = ZW_CELL_FREE;
    if (index >= ZW_CELL_FREE) {
        return zw_err_set(err, ZW_LIMIT, "more than %u rows in one delivery", ZW_CELL_FREE);
    }
    if (!cells_reserve(cells, rows)) {
        return zw_err_nomem(err);
    }
    uint32_t *slot = slot_of(cells, rows, row);
    if (*slot != 0) {
        *earlier = *slot - 1;
        return ZW_OK;
    }
    *slot = (uint32_t)index + 1;
    cells->count++;
    return ZW_OK;
}
