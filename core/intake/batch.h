/**
 * A batch: one delivery as columns, checked row by row. Names are still text: what they mean is the
 * pack's business. Bad rows are not in the columns; each is named in `faults`.
 */
#ifndef ZW_INTAKE_BATCH_H
#define ZW_INTAKE_BATCH_H

#include "base/period.h"
#include "base/pool.h"

#include <stdint.h>

/** SDMX observation status. ZW_OBS_MISSING withdraws a figure. */
typedef enum zw_obs_status {
    ZW_OBS_NORMAL,      /* A, or nothing said */
    ZW_OBS_PROVISIONAL, /* P */
    ZW_OBS_ESTIMATED,   /* E */
    ZW_OBS_FORECAST,    /* F */
    ZW_OBS_MISSING      /* M */
} zw_obs_status;

/** 'A' 'P' 'E' 'F' 'M'. */
char zw_obs_status_letter(zw_obs_status status);
bool zw_obs_status_parse(zw_text text, zw_obs_status *out); /* one letter; an empty text is A */

/** One bad row: where it stands and what was expected. */
typedef struct zw_fault {
    uint32_t line, column; /* from 1, of the delivered text; column 0: the whole row */
    char *text;            /* owned by the batch */
} zw_fault;

/** One good row; texts are numbers in the batch's pool, 0 is the empty text. */
typedef struct zw_row {
    uint32_t measure, area;
    uint32_t dims; /* "industry=ai\x1fsize=big": non-empty dimension values by name, sorted; 0 is
                      the total */
    uint32_t scope, source, note;
    uint32_t line; /* from 1: where the row starts in the delivered text */
    zw_obs_status status;
    bool has_value; /* false only with ZW_OBS_MISSING */
    bool has_known_at;
    double value; /* in the measure's unit, as written */
    zw_stamp period, known_at;
} zw_row;

/** The columns of a delivery that later checks may have to point at. 0: the delivery has no such
 * column. */
typedef struct zw_batch_columns {
    uint32_t measure, area, period, value, status, known_at, scope,
        dims; /* from 1; dims: the first one */
} zw_batch_columns;

/** Owned by whoever created it; open for reading, changed only through the functions below. */
typedef struct zw_batch {
    zw_pool *texts; /* number 0 is "" */
    zw_row *rows;
    size_t row_count, row_capacity;
    zw_fault *faults;
    size_t fault_count, fault_capacity;
    zw_batch_columns columns;
} zw_batch;

/** The separator between dimensions inside `dims`, and between a dimension's name and its value. */
#define ZW_DIMS_SEPARATOR '\x1f'
#define ZW_DIMS_EQUALS '='

zw_status zw_batch_create(zw_batch **out, zw_err *err) ZW_MUST_USE;
void zw_batch_destroy(zw_batch *batch);

/** The number of a text in the batch's pool; ZW_POOL_NONE when there is no memory. */
uint32_t zw_batch_text(zw_batch *batch, zw_text text);

/** Adds a good row; it is copied. */
zw_status zw_batch_add(zw_batch *batch, const zw_row *row, zw_err *err) ZW_MUST_USE;

/** Names a bad row. */
zw_status zw_batch_fault(zw_batch *batch, zw_err *err, uint32_t line, uint32_t column,
                         const char *fmt, ...) ZW_PRINTF(5, 6) ZW_MUST_USE;

/** Removes row `index` and names it as bad: for checks that come after reading. The order of the
 * others is kept. */
zw_status zw_batch_reject(zw_batch *batch, size_t index, uint32_t column, zw_err *err,
                          const char *fmt, ...) ZW_PRINTF(5, 6) ZW_MUST_USE;

/** Sorts the faults by line and column. */
void zw_batch_sort_faults(zw_batch *batch);

#endif
