/** A table going out row by row, as CSV or as NDJSON: nothing of it is held but the row at hand's
 * place. */
#ifndef ZW_APP_TABULAR_H
#define ZW_APP_TABULAR_H

#include "base/text.h"

#include <stdio.h>

typedef enum zw_tabular_format {
    ZW_TABULAR_CSV,   /* a header, then a line a row */
    ZW_TABULAR_NDJSON /* an object a line; what is empty is left out */
} zw_tabular_format;

/** What the fields of a column are. */
typedef enum zw_tabular_is {
    ZW_TABULAR_TEXT,
    ZW_TABULAR_NUMBER, /* a plain number; in NDJSON without quotes, and null when it is empty */
    ZW_TABULAR_FLAG    /* "synthetic" or nothing; in NDJSON true, or left out */
} zw_tabular_is;

/** Open so that it can lie on the stack; changed only by the functions below. */
typedef struct zw_tabular {
    FILE *out; /* borrowed; what could not be written is told by ferror */
    zw_tabular_format format;
    struct zw_tabular_column *columns;
    size_t count, capacity;
    size_t at;        /* the column of the next field */
    bool has_written; /* of an object: something stands before */
    bool is_out_of_memory;
} zw_tabular;

void zw_tabular_init(zw_tabular *table, zw_tabular_format format, FILE *out);
void zw_tabular_fini(zw_tabular *table);

/** Adds a column; all of them before the head. @param name  borrowed, must outlive the table. */
void zw_tabular_column(zw_tabular *table, const char *name, zw_tabular_is is);

/** Adds columns of texts: "measure,area" are two. @param names  as of zw_tabular_column. */
void zw_tabular_texts(zw_tabular *table, const char *const *names, size_t count);

/** Ends the columns. @return ZW_OK; ZW_NOMEM when one of them found no room. */
zw_status zw_tabular_head(zw_tabular *table, zw_err *err) ZW_MUST_USE;

/** The next field of the row; the last one ends it. */
void zw_tabular_put(zw_tabular *table, zw_text text);
void zw_tabular_puts(zw_tabular *table, const char *text);

/** A number in the shortest form that reads back the same; "-0" is one too. */
void zw_tabular_number(zw_tabular *table, double value);
void zw_tabular_flag(zw_tabular *table, bool is_set);

#endif
