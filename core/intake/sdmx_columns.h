/** The columns of an SDMX-CSV: what each is by its name, whatever the structure is. */
#ifndef ZW_INTAKE_SDMX_COLUMNS_H
#define ZW_INTAKE_SDMX_COLUMNS_H

#include "base/text.h"
#include "intake/heading.h"

/** What a column may be to everybody. */
typedef enum zw_sdmx_is {
    ZW_SDMX_OTHER, /* a dimension, or an attribute */
    ZW_SDMX_IGNORED,
    ZW_SDMX_STRUCTURE_ID, /* or DATAFLOW, of 1.0 */
    ZW_SDMX_ACTION,
    ZW_SDMX_TIME_PERIOD,
    ZW_SDMX_OBS_VALUE,
    ZW_SDMX_OBS_STATUS, /* or OBS_FLAG */
    ZW_SDMX_UNIT_MULT,
    ZW_SDMX_COMMENT,
    ZW_SDMX_IS_COUNT
} zw_sdmx_is;

typedef struct zw_sdmx_column {
    zw_text id; /* of the columns' own text */
    zw_sdmx_is is;
    bool has_label; /* its fields are "code: label" */
} zw_sdmx_column;

/** Open for reading; a zeroed one has none. */
typedef struct zw_sdmx_columns {
    zw_sdmx_column at[ZW_HEADING_COLUMNS_MAX]; /* by column - 1 */
    size_t count;
    uint32_t of[ZW_SDMX_IS_COUNT]; /* the first column, from 1, that is this; 0: none */
    zw_buf ids;
} zw_sdmx_columns;

/** The character that sets fields apart, as the first line shows it. */
char zw_sdmx_separator(zw_text text);

/**
 * Reads the first line's fields.
 * @param out  zeroed; to be ended whatever is answered.
 * @return ZW_OK; ZW_INVALID, naming line:column, when it says no structure or period, a name stands
 * twice or there are too many; ZW_NOMEM.
 */
zw_status zw_sdmx_columns_read(const zw_text *fields, size_t count, uint32_t line,
                               zw_sdmx_columns *out, zw_err *err) ZW_MUST_USE;
void zw_sdmx_columns_fini(zw_sdmx_columns *columns);

/** The column of that id, from 1; 0 when there is none. */
uint32_t zw_sdmx_column_of(const zw_sdmx_columns *columns, const char *id);

/** True when it may be a dimension that nobody named: it stands before OBS_VALUE (or there is no
 * such column), has an id, and is not the label of the column before. */
bool zw_sdmx_may_be_dimension(const zw_sdmx_columns *columns, uint32_t column);

/** "DE" of "DE: Germany". */
zw_text zw_sdmx_code(zw_text field);

#endif
