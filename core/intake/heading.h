/**
 * A heading: what the columns of a tidy delivery are. Of figures `measure`, `area`, `period` and
 * `value` must be there; `status`, `known_at`, `source`, `scope`, `note` and `synthetic` may be;
 * every other is a dimension. Of a register's items `register`, `item`, `area` and `at` must be
 * there; `state`, `known_at`, `source`, `note` and `synthetic` may be; every other is a field.
 */
#ifndef ZW_INTAKE_HEADING_H
#define ZW_INTAKE_HEADING_H

#include "intake/batch.h"

enum { ZW_HEADING_COLUMNS_MAX = 256 }; /* a wider sheet is not a tidy one */

/** The columns that mean something in every delivery of figures; the first four are required. */
typedef enum zw_role {
    ZW_ROLE_MEASURE,
    ZW_ROLE_AREA,
    ZW_ROLE_PERIOD,
    ZW_ROLE_VALUE,
    ZW_ROLE_STATUS,
    ZW_ROLE_KNOWN_AT,
    ZW_ROLE_SOURCE,
    ZW_ROLE_SCOPE,
    ZW_ROLE_NOTE,
    ZW_ROLE_SYNTHETIC,
    ZW_ROLE_COUNT
} zw_role;

/** The same of items. */
typedef enum zw_item_role {
    ZW_ITEM_ROLE_REGISTER,
    ZW_ITEM_ROLE_ITEM,
    ZW_ITEM_ROLE_AREA,
    ZW_ITEM_ROLE_AT,
    ZW_ITEM_ROLE_STATE,
    ZW_ITEM_ROLE_KNOWN_AT,
    ZW_ITEM_ROLE_SOURCE,
    ZW_ITEM_ROLE_NOTE,
    ZW_ITEM_ROLE_SYNTHETIC,
    ZW_ITEM_ROLE_COUNT
} zw_item_role;

/** The roles that the columns of a delivery may have. */
typedef struct zw_roles {
    const char *const *names;
    size_t count, required_count; /* the first ones are required */
    const char *expected;         /* the required ones, as a header */
} zw_roles;

extern const zw_roles zw_roles_of_figures; /* zw_role */
extern const zw_roles zw_roles_of_items;   /* zw_item_role */

/** "measure", "area", … */
const char *zw_role_name(zw_role role);

typedef struct zw_dimension {
    const char *name; /* owned by the heading */
    uint32_t column;  /* from 1 */
} zw_dimension;

/** Open for reading; a zeroed one has no columns. */
typedef struct zw_heading {
    size_t column_count;
    uint32_t at[ZW_ROLE_COUNT];                /* the column, from 1, of each role; 0: none */
    zw_dimension dims[ZW_HEADING_COLUMNS_MAX]; /* the others, sorted by name */
    size_t dim_count;
    zw_buf names;        /* the folded names, a NUL behind each */
    uint32_t bad_column; /* of a heading that was refused; from 1 */
} zw_heading;

void zw_heading_fini(zw_heading *heading);

/**
 * Reads the heading's fields; names are trimmed and folded.
 * @param line  where it stands, from 1: the error begins with "line:column: ". 0: it does not,
 *              `bad_column` says which one it is about.
 * @param out   zeroed; to be given to zw_heading_fini whatever is answered.
 * @return ZW_OK; ZW_INVALID when a required column is missing, a name is none or stands twice, or
 * there are too many; ZW_NOMEM.
 */
zw_status zw_heading_read(const zw_roles *roles, const zw_text *fields, size_t count, uint32_t line,
                          zw_heading *out, zw_err *err) ZW_MUST_USE;

/** Where later checks of figures find the columns. */
zw_batch_columns zw_heading_columns(const zw_heading *heading);

#endif
