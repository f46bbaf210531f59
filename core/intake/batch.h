/**
 * A batch: one delivery as columns, checked row by row. Names are still text: what they mean is the
 * pack's business. Bad rows are not in the columns; each is named in `faults`.
 */
#ifndef ZW_INTAKE_BATCH_H
#define ZW_INTAKE_BATCH_H

#include "base/period.h"
#include "base/pool.h"
#include "intake/dims.h"
#include "intake/faults.h"

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

/** Where something stands in the delivered text. */
typedef struct zw_text_place {
    uint32_t line, column; /* from 1; line 0: its row's own; column 0: the whole row */
} zw_text_place;

/** One good row; texts are numbers in the batch's pool, 0 is the empty text. */
typedef struct zw_row {
    uint32_t measure, area;
    uint32_t dims; /* "industry=ai\x1fsize=big": non-empty dimension values by name, sorted; 0 is
                      the total */
    uint32_t scope, source, note;
    uint32_t line;        /* from 1: where the row starts in the delivered text */
    uint32_t first_place; /* see zw_batch_place */
    zw_obs_status status;
    bool has_value; /* false only with ZW_OBS_MISSING */
    bool has_known_at;
    bool is_synthetic;
    double value; /* in the measure's unit, as written */
    zw_stamp period, known_at;
} zw_row;

/** What a row of a register says in one of its fields; nothing is said by "". */
typedef struct zw_said_field {
    uint32_t name, text;
    uint32_t column; /* from 1 */
} zw_said_field;

/** One good row of a register; texts are numbers in the batch's pool, 0 is the empty text. */
typedef struct zw_said_item {
    uint32_t register_name, item, area, state, source, note;
    uint32_t line, first_place; /* as zw_row */
    size_t first_field;         /* in the batch's `item_fields` */
    size_t field_count;
    bool has_known_at;
    bool is_synthetic;
    zw_stamp at, known_at;
} zw_said_item;

/** The columns of a register's delivery, as zw_batch_columns. */
typedef struct zw_item_columns {
    uint32_t register_name, item, area, at, state, known_at;
} zw_item_columns;

/** The columns of a delivery that later checks may have to point at. 0: the delivery has no such
 * column. */
typedef struct zw_batch_columns {
    uint32_t measure, area, period, value, status, known_at, scope,
        dims; /* from 1; dims: the first one */
} zw_batch_columns;

/** Of figures, or of a register's items. Owned by whoever created it; open for reading, changed
 * only through the functions below. */
typedef struct zw_batch {
    zw_pool *texts; /* number 0 is "" */
    zw_row *rows;
    size_t row_count, row_capacity;
    zw_faults faults;
    zw_batch_columns columns;
    zw_said_item *items;
    size_t item_count, item_capacity;
    zw_said_field *item_fields;
    size_t item_field_count, item_field_capacity;
    zw_item_columns item_columns;
    zw_text_place *places;
    size_t place_count, place_capacity;
} zw_batch;

zw_status zw_batch_create(zw_batch **out, zw_err *err) ZW_MUST_USE;
void zw_batch_destroy(zw_batch *batch);

/** The number of a text in the batch's pool; ZW_POOL_NONE when there is no memory. */
uint32_t zw_batch_text(zw_batch *batch, zw_text text);

/** Adds a good row; it is copied. */
zw_status zw_batch_add(zw_batch *batch, const zw_row *row, zw_err *err) ZW_MUST_USE;

/** Adds one field of the item that is added next. */
zw_status zw_batch_add_field(zw_batch *batch, const zw_said_field *field, zw_err *err) ZW_MUST_USE;

/** Adds a good row of a register, with the fields from `first_field` on; it is copied. */
zw_status zw_batch_add_item(zw_batch *batch, const zw_said_item *item, zw_err *err) ZW_MUST_USE;

/**
 * Adds where the columns of a row stand whose delivery has no columns of its own: first the row,
 * then each column.
 * @param first  gets what such a row says in `first_place`; never 0.
 */
zw_status zw_batch_add_places(zw_batch *batch, const zw_text_place *places, size_t count,
                              uint32_t *first, zw_err *err) ZW_MUST_USE;

/** Where a column (0: the row) of a row stands. @param first  its `first_place`; 0: where the
 * delivery's columns are. */
zw_text_place zw_batch_place(const zw_batch *batch, uint32_t line, uint32_t first, uint32_t column);

/** Names a bad row. */
zw_status zw_batch_fault(zw_batch *batch, zw_err *err, uint32_t line, uint32_t column,
                         const char *fmt, ...) ZW_PRINTF(5, 6) ZW_MUST_USE;

/** Removes row `index` and names it as bad: for checks that come after reading. The order of the
 * others is kept. */
zw_status zw_batch_reject(zw_batch *batch, size_t index, uint32_t column, zw_err *err,
                          const char *fmt, ...) ZW_PRINTF(5, 6) ZW_MUST_USE;

/** Moves every line down: what was read is a part of something longer. */
void zw_batch_move_lines(zw_batch *batch, uint32_t offset);

#endif
