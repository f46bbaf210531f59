/* Cells: which row of a batch says which figure, by a hash of what the figure is about. The hash is
 * kept with each, so that the rows, which lie anywhere, are looked at only when it is theirs. */
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
static zw_cell_slot *slot_of(const zw_cells *cells, const zw_row *rows, const zw_row *row,
                             uint32_t hash)
{
    size_t mask = cells->capacity - 1;
    size_t at = hash & mask;
    while (cells->slots[at].row != 0 &&
           (cells->slots[at].hash != hash || !cell_same(&rows[cells->slots[at].row - 1], row))) {
        at = (at + 1) & mask;
    }
    return &cells->slots[at];
}

/* No two of them are the same, so their rows need not be asked. */
static void move_slots(const zw_cells *from, zw_cells *to)
{
    size_t mask = to->capacity - 1;
    for (size_t i = 0; i < from->capacity; i++) {
        size_t at = from->slots[i].hash & mask;
        while (from->slots[i].row != 0 && to->slots[at].row != 0) {
            at = (at + 1) & mask;
        }
        if (from->slots[i].row != 0) {
            to->slots[at] = from->slots[i];
        }
    }
}

/* Makes room for one more cell. */
static bool cells_reserve(zw_cells *cells)
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
    move_slots(cells, &grown);
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
    if (!cells_reserve(cells)) {
        return zw_err_nomem(err);
    }
    uint32_t hash = (uint32_t)hash_row(row);
    zw_cell_slot *slot = slot_of(cells, rows, row, hash);
    if (slot->row != 0) {
        *earlier = slot->row - 1;
        return ZW_OK;
    }
    *slot = (zw_cell_slot){(uint32_t)index + 1, hash};
    cells->count++;
    return ZW_OK;
}
