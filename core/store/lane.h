/**
 * A lane: the newest values of a column as an array by period, for kernels that go over many of
 * them. It repeats what the column holds and may be missing: where values lie too far apart, or
 * memory is short, it is off, and the cells are asked one by one.
 */
#ifndef ZW_STORE_LANE_H
#define ZW_STORE_LANE_H

#include "base/period.h"
#include "store/figure.h"

#include <stddef.h>

/** A plain value that owns its arrays; all zero is empty. */
typedef struct zw_lane {
    int64_t first;          /* number of the first block: its first period ÷ those of a block */
    size_t count, capacity; /* in blocks */
    size_t used;            /* blocks with any value */
    struct zw_lane_block *blocks;
    double *values; /* by period, as the two below */
    int64_t *known_at_ms;
    uint8_t *likes; /* the status and mark, as one number; 0: no value */
    bool is_off;
} zw_lane;

void zw_lane_fini(zw_lane *lane);

/** Sets the newest version of a period's cell; NULL: it has none any more. */
void zw_lane_set(zw_lane *lane, zw_period period, const zw_figure *newest);

/** Values of periods one after another that are alike: in, and of one status. */
typedef struct zw_run {
    const double *values;
    size_t count;
    int64_t known_at_ms; /* the newest of theirs */
    uint8_t status;      /* zw_obs_status, never ZW_OBS_MISSING */
    bool is_synthetic;
} zw_run;

/**
 * The run that begins with period `lo` and ends by `hi`, as far as it lies together: ask again
 * behind it.
 * @return false when there is none: nothing is in, or what is in became known only after
 * `as_of_ms`, or the lane is off; then the cell is asked by itself. Valid until the next set.
 */
bool zw_lane_run(const zw_lane *lane, zw_period lo, zw_period hi, int64_t as_of_ms, zw_run *out);

#endif
