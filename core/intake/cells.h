/**
 * Cells: which row of a batch says which figure. A cell is (measure, area, dims, scope, period,
 * known_at); a batch says each at most once.
 */
#ifndef ZW_INTAKE_CELLS_H
#define ZW_INTAKE_CELLS_H

#include "intake/batch.h"

/** A row's index + 1 (0: an empty slot), and the low half of its cell's hash. */
typedef struct zw_cell_slot {
    uint32_t row, hash;
} zw_cell_slot;

/** Open so that it can lie in a reader; a zeroed one is empty. Changed only by the functions below.
 */
typedef struct zw_cells {
    zw_cell_slot *slots; /* by hash, probed in line */
    size_t capacity;     /* a power of two, at least twice the count */
    size_t count;
} zw_cells;

void zw_cells_fini(zw_cells *cells);

#define ZW_CELL_FREE UINT32_MAX

/**
 * Claims the cell of `row` for the row index `index`.
 * @param rows     the rows that were claimed for so far, by their indexes; they may have moved.
 * @param earlier  gets the index of the row that has the cell already, and nothing is changed;
 *                 ZW_CELL_FREE when nobody had it: from now on rows[index] must be `row`.
 * @return ZW_OK; ZW_LIMIT when the index is too high; ZW_NOMEM.
 */
zw_status zw_cells_claim(zw_cells *cells, const zw_row *rows, const zw_row *row, size_t index,
                         uint32_t *earlier, zw_err *err) ZW_MUST_USE;

#endif
