/* All figures in memory. Each version is in one column and once in the index. */
#include "store/columns.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_COLUMNS = 64 };

struct zw_columns {
    zw_column **columns; /* by series; NULL where none was put */
    zw_head *heads;      /* beside them */
    size_t capacity;
    zw_learned_index *learned;
};

zw_status zw_columns_create(zw_columns **out, zw_err *err)
{
    *out = NULL;
    zw_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_learned_create(&columns->learned, err);
    if (status != ZW_OK) {
        zw_columns_destroy(columns);
        return status;
    }
    *out = columns;
    return ZW_OK;
}

void zw_columns_destroy(zw_columns *columns)
{
    if (columns == NULL) {
        return;
    }
    for (size_t i = 0; i < columns->capacity; i++) {
        zw_column_destroy(columns->columns[i]);
    }
    free((void *)columns->columns);
    free(columns->heads);
    zw_learned_destroy(columns->learned);
    free(columns);
}

/* Makes both arrays reach to a series; what one of them has too much does no harm. */
static bool reach(zw_columns *columns, zw_series_id series)
{
    size_t capacity = columns->capacity > 0 ? columns->capacity : FIRST_COLUMNS;
    while (capacity <= series) {
        capacity *= 2;
    }
    zw_column **larger = realloc((void *)columns->columns, capacity * sizeof(zw_column *));
    columns->columns = larger != NULL ? larger : columns->columns;
    zw_head *heads = realloc(columns->heads, capacity * sizeof(zw_head));
    columns->heads = heads != NULL ? heads : columns->heads;
    if (larger == NULL || heads == NULL) {
        return false;
    }
    for (size_t i = columns->capacity; i < capacity; i++) {
        larger[i] = NULL;
        heads[i] = (zw_head){.period = ZW_PERIOD_NONE};
    }
    columns->capacity = capacity;
    return true;
}

static zw_status column_ensure(zw_columns *columns, zw_series_id series, zw_column **out,
                               zw_err *err)
{
    if (series >= columns->capacity && !reach(columns, series)) {
        return zw_err_nomem(err);
    }
    zw_column **column = &columns->columns[series];
    zw_status status = *column != NULL ? ZW_OK : zw_column_create(column, err);
    *out = *column;
    return status;
}

static zw_head head_of(zw_period period, const zw_figure *figure)
{
    return (zw_head){.period = period,
                     .value = figure->value,
                     .known_at_ms = figure->known_at_ms,
                     .status = figure->status,
                     .is_synthetic = figure->is_synthetic};
}

/* The newest version of the last period, whatever its head says now. */
static zw_head head_anew(const zw_column *column)
{
    zw_period first = 0;
    zw_period last = 0;
    return zw_column_span(column, &first, &last)
               ? head_of(last, zw_column_at(column, last, INT64_MAX))
               : (zw_head){.period = ZW_PERIOD_NONE};
}

zw_status zw_columns_put(zw_columns *columns, zw_series_id series, zw_period period,
                         const zw_figure *figure, zw_change *change, zw_err *err)
{
    zw_column *column = NULL;
    zw_status status = column_ensure(columns, series, &column, err);
    if (status == ZW_OK) {
        status = zw_column_put(column, period, figure, change, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    zw_learned what = {.known_at_ms = figure->known_at_ms, .series = series, .period = period};
    status = zw_learned_put(columns->learned, &what, err);
    if (status != ZW_OK) {
        zw_column_unput(column, period, figure->batch);
        return status;
    }
    zw_head *head = &columns->heads[series];
    /* Of equal moments the one that arrived later wins. */
    if (period > head->period ||
        (period == head->period && figure->known_at_ms >= head->known_at_ms)) {
        *head = head_of(period, figure);
    }
    return ZW_OK;
}

void zw_columns_unput(zw_columns *columns, zw_series_id series, zw_period period,
                      int64_t known_at_ms, int64_t batch)
{
    assert(series < columns->capacity && columns->columns[series] != NULL);
    zw_learned_unput(columns->learned, known_at_ms);
    zw_column_unput(columns->columns[series], period, batch);
    if (period == columns->heads[series].period) {
        columns->heads[series] = head_anew(columns->columns[series]);
    }
}

const zw_head *zw_columns_heads(const zw_columns *columns, size_t *count)
{
    *count = columns->capacity;
    return columns->heads;
}

const zw_column *zw_columns_find(const zw_columns *columns, zw_series_id series)
{
    return series < columns->capacity ? columns->columns[series] : NULL;
}

zw_learned_index *zw_columns_learned(const zw_columns *columns)
{
    return columns->learned;
}
