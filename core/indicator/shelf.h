/**
 * The shelf of one measure at one area: its series, their dimension values parsed once, in order of
 * dimensions, values and scopes. What is added up goes by name, never by who arrived first.
 */
#ifndef ZW_INDICATOR_SHELF_H
#define ZW_INDICATOR_SHELF_H

#include "plan/pack.h"
#include "store/store.h"

/** One series. A value is its number in the dimension's list; 0 is none: the total. */
typedef struct zw_shelf_row {
    zw_series_id series;
    uint32_t scope; /* number in the shelf's scopes */
    const uint32_t *values;
} zw_shelf_row;

/** One dimension: its values in order, the empty one first, and the rows by value: those of value v
 * are rows[starts[v]] … rows[starts[v + 1] - 1], in the shelf's order. */
typedef struct zw_shelf_dim {
    const char *name;
    zw_text *values;
    uint32_t value_count;
    uint32_t *starts, *rows;
} zw_shelf_dim;

enum { ZW_SHELF_MEMOS = 128 };

/** The scope that a period was read in at an as-of. */
typedef struct zw_shelf_memo {
    bool is_set;
    int64_t as_of_ms;
    zw_period period;
    uint32_t scope;
} zw_shelf_memo;

typedef struct zw_shelf {
    zw_shelf_row *rows;
    size_t count;
    size_t series_count; /* what the store had of it when it was made */
    zw_shelf_dim *dims;  /* in order of their names */
    size_t dim_count;
    bool takes_any;  /* the measure has any dimension, and `dims` are those that its series have */
    zw_pool *names;  /* of such dimensions; else NULL */
    zw_text *scopes; /* in order */
    uint32_t scope_count;
    uint32_t *numbers;    /* behind the rows' values */
    zw_shelf_memo *memos; /* by period; NULL with one scope: scope.c */
} zw_shelf;

/**
 * Sets the series of a measure at an area in order. A series with a dimension that the measure does
 * not have (an earlier pack's) is left out. Texts are the store's.
 */
zw_status zw_shelf_create(const zw_measure *measure, const zw_series_set *set, const char *area,
                          zw_shelf **out, zw_err *err) ZW_MUST_USE;
void zw_shelf_destroy(zw_shelf *shelf); /* NULL is allowed */

/** The dimension of a name; NULL when the measure has none. */
const zw_shelf_dim *zw_shelf_dim_of(const zw_shelf *shelf, const char *name);

/** The number of a value; ZW_NONE when no series has it. */
uint32_t zw_shelf_value(const zw_shelf_dim *dim, zw_text value);
/** The number of a scope; ZW_NONE when no series has it. */
uint32_t zw_shelf_scope(const zw_shelf *shelf, zw_text scope);

/** The shelves of an evaluation, each made when first asked for and again when series were added.
 */
typedef struct zw_shelves zw_shelves;
zw_status zw_shelves_create(const zw_pack *pack, zw_store *store, zw_shelves **out,
                            zw_err *err) ZW_MUST_USE;
void zw_shelves_destroy(zw_shelves *shelves); /* NULL is allowed */
void zw_shelves_forget(zw_shelves *shelves);
/** Valid until series are added or taken back. */
zw_status zw_shelves_at(zw_shelves *shelves, uint32_t measure, uint32_t area, const zw_shelf **out,
                        zw_err *err) ZW_MUST_USE;

#endif
