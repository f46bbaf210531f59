/**
 * A slab: the figures of one series in some hundred periods, as arrays. It is a page of the
 * series, in memory. The newest version of a cell lies in the arrays; a cell that has more has a
 * list of all of them beside.
 */
#ifndef ZW_STORE_SLAB_H
#define ZW_STORE_SLAB_H

#include "base/err.h"
#include "store/figure.h"
#include "store/run.h"

#include <stddef.h>

enum { ZW_SLAB_CELLS_MOST = 512 };

/** What a figure did to the cell, as known at the figure's own moment. */
typedef enum zw_change {
    ZW_CHANGE_NEW,       /* nothing was known before it */
    ZW_CHANGE_UNCHANGED, /* says again what was known: same value, same status */
    ZW_CHANGE_REVISED    /* changed, withdrawn or returned */
} zw_change;

/** All versions of a cell, in order of known_at; equal ones in order of arrival. */
typedef struct zw_versions {
    uint32_t count, capacity;
    zw_figure figures[];
} zw_versions;

/** The row's own of a cell's newest version. */
typedef struct zw_slab_said {
    uint32_t line, source, note;
} zw_slab_said;

/** What a page holds, in short. */
typedef struct zw_slab_about {
    uint32_t first, last;      /* cells in use; first is above last when there is none */
    uint32_t used;             /* cells in use */
    size_t count;              /* versions */
    int64_t first_ms, last_ms; /* least and greatest known_at */
    /* The newest version of the last cell. */
    double value;
    int64_t known_at_ms;
    uint8_t like; /* 2 * status + mark */
} zw_slab_about;

/** Owns its arrays; all zero is empty. Cells are numbered from 0; arrays begin with cell `base`. */
typedef struct zw_slab {
    uint32_t base, room, used;
    size_t count, bytes; /* versions; of memory */
    double *values;
    int64_t *known_at_ms, *batches;
    uint8_t *likes;               /* 0: nothing is in; else 1 + 2 * status + mark */
    struct zw_slab_block *blocks; /* what 64 cells have in common */
    zw_slab_said *said;           /* NULL while all is 0 */
    zw_versions **versions;       /* NULL while no cell has more than one; by cell, NULL for one */
    int64_t first_ms, last_ms;
    bool is_stale; /* the two above must be looked for */
} zw_slab;

void zw_slab_fini(zw_slab *page);

/** Takes a version; every one is kept. @param cell  below ZW_SLAB_CELLS_MOST. */
zw_status zw_slab_put(zw_slab *page, uint32_t cell, const zw_figure *figure, zw_change *change,
                      zw_err *err) ZW_MUST_USE;

/** Brings into the processor's cache what a put into a cell will need. */
void zw_slab_expect(const zw_slab *page, uint32_t cell);

/** Takes back the version put last of those with that known_at in the cell. */
void zw_slab_unput(zw_slab *page, uint32_t cell, int64_t known_at_ms);

/** Makes room for cells `first` to `last`. @return false without memory; then nothing changed. */
bool zw_slab_reserve(zw_slab *page, uint32_t first, uint32_t last);

/** Makes room for what rows say beside their figures. @return false without memory. */
bool zw_slab_say(zw_slab *page);

/** Puts older versions, in order, below the one that a cell has. @return false without memory. */
bool zw_slab_put_older(zw_slab *page, uint32_t cell, const zw_figure *older, size_t count);

/** Whether a cell is in use. */
bool zw_slab_has(const zw_slab *page, uint32_t cell);

/** What was known at `as_of_ms`, written to `room`; NULL when nothing was. */
const zw_figure *zw_slab_at(const zw_slab *page, uint32_t cell, int64_t as_of_ms, zw_figure *room);

/** All versions of a cell, oldest first; a single one is written to `room`. Valid until the next
 * put. @return their count. */
size_t zw_slab_versions(const zw_slab *page, uint32_t cell, zw_figure *room, const zw_figure **out);

/** The run that begins with `cell` and ends by `last`. @return false when there is none: nothing is
 * in, or became known only after `as_of_ms`. Valid until the next put. */
bool zw_slab_run(zw_slab *page, uint32_t cell, uint32_t last, int64_t as_of_ms, zw_run *out);

zw_slab_about zw_slab_about_of(zw_slab *page);

#endif
