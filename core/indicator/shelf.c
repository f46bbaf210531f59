/* A shelf: series numbered by value in every dimension, so that a question compares numbers. */
#include "indicator/shelf.h"

#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

/* As strcmp would: by bytes, a text before those it begins. */
static int by_text(const void *a, const void *b)
{
    const zw_text *x = a;
    const zw_text *y = b;
    int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Sorts texts and drops repeats. @return how many are left. */
static uint32_t sort_texts(zw_text *texts, size_t count)
{
    size_t kept = 0;
    qsort(texts, count, sizeof(*texts), by_text);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_text(&texts[kept - 1], &texts[i]) != 0) {
            texts[kept++] = texts[i];
        }
    }
    return (uint32_t)kept;
}

static uint32_t number_of(const zw_text *texts, uint32_t count, zw_text text)
{
    const zw_text *found = count > 0 ? bsearch(&text, texts, count, sizeof(*texts), by_text) : NULL;
    return found != NULL ? (uint32_t)(found - texts) : ZW_NONE;
}

uint32_t zw_shelf_value(const zw_shelf_dim *dim, zw_text value)
{
    return number_of(dim->values, dim->value_count, value);
}

uint32_t zw_shelf_scope(const zw_shelf *shelf, zw_text scope)
{
    return number_of(shelf->scopes, shelf->scope_count, scope);
}

const zw_shelf_dim *zw_shelf_dim_of(const zw_shelf *shelf, const char *name)
{
    for (size_t d = 0; d < shelf->dim_count; d++) {
        if (strcmp(shelf->dims[d].name, name) == 0) {
            return &shelf->dims[d];
        }
    }
    return NULL;
}

static int by_dim_name(const void *a, const void *b)
{
    return strcmp(((const zw_shelf_dim *)a)->name, ((const zw_shelf_dim *)b)->name);
}

/* The names of dimensions that a series has. */
static bool name_dims_of(zw_pool *names, const char *dims)
{
    bool is_ok = true;
    zw_dim dim;
    while (is_ok && zw_dims_next(&dims, &dim)) {
        is_ok = zw_pool_put(names, dim.name) != ZW_POOL_NONE;
    }
    return is_ok;
}

static zw_status name_any(zw_shelf *shelf, const zw_series_set *set, const zw_series_id *series,
                          zw_err *err)
{
    zw_status status = zw_pool_create(&shelf->names, err);
    for (size_t i = 0; status == ZW_OK && i < shelf->series_count; i++) {
        if (!name_dims_of(shelf->names, zw_series_view(set, series[i])->dims)) {
            status = zw_err_nomem(err);
        }
    }
    return status;
}

static zw_status name_dims(zw_shelf *shelf, const zw_measure *measure, const zw_series_set *set,
                           const zw_series_id *series, zw_err *err)
{
    shelf->takes_any = measure->accepts_any;
    zw_status status = shelf->takes_any ? name_any(shelf, set, series, err) : ZW_OK;
    if (status != ZW_OK) {
        return status;
    }
    size_t count = shelf->takes_any ? zw_pool_count(shelf->names) : measure->dims.count;
    shelf->dims = calloc(count > 0 ? count : 1, sizeof(*shelf->dims));
    if (shelf->dims == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t d = 0; d < count; d++) {
        shelf->dims[d].name =
            shelf->takes_any ? zw_pool_text(shelf->names, (uint32_t)d) : measure->dims.at[d];
    }
    qsort(shelf->dims, count, sizeof(*shelf->dims), by_dim_name);
    shelf->dim_count = count;
    return ZW_OK;
}

/* True when every dimension of a series is one of the measure's. */
static bool is_of_measure(const zw_shelf *shelf, const zw_series *series)
{
    size_t parts = series->dims[0] != '\0' ? 1 : 0;
    for (const char *at = series->dims; (at = strchr(at, ZW_DIMS_SEPARATOR)) != NULL; at++) {
        parts++;
    }
    for (size_t d = 0; d < shelf->dim_count; d++) {
        parts -= zw_dims_value(series->dims, shelf->dims[d].name).len > 0 ? 1 : 0;
    }
    return parts == 0;
}

static zw_status take_rows(zw_shelf *shelf, const zw_series_set *set, const zw_series_id *series,
                           zw_err *err)
{
    size_t room = shelf->series_count > 0 ? shelf->series_count : 1;
    shelf->rows = calloc(room, sizeof(*shelf->rows));
    shelf->numbers = calloc(room * (shelf->dim_count + 1), sizeof(uint32_t));
    shelf->scopes = calloc(room, sizeof(zw_text));
    if (shelf->rows == NULL || shelf->numbers == NULL || shelf->scopes == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < shelf->series_count; i++) {
        const zw_series *what = zw_series_view(set, series[i]);
        if (is_of_measure(shelf, what)) {
            shelf->scopes[shelf->count] = zw_text_of(what->scope);
            shelf->rows[shelf->count] = (zw_shelf_row){
                .series = series[i], .values = shelf->numbers + shelf->count * shelf->dim_count};
            shelf->count++;
        }
    }
    shelf->scope_count = sort_texts(shelf->scopes, shelf->count);
    if (shelf->scope_count > 1) {
        shelf->memos = calloc(ZW_SHELF_MEMOS, sizeof(*shelf->memos));
    }
    return shelf->scope_count <= 1 || shelf->memos != NULL ? ZW_OK : zw_err_nomem(err);
}

/* Numbers the rows' values in dimension `d`. */
static zw_status number_values(zw_shelf *shelf, const zw_series_set *set, size_t d, zw_err *err)
{
    zw_shelf_dim *dim = &shelf->dims[d];
    dim->values = calloc(shelf->count + 1, sizeof(zw_text));
    if (dim->values == NULL) {
        return zw_err_nomem(err);
    }
    dim->values[0] = zw_text_of("");
    for (size_t i = 0; i < shelf->count; i++) {
        const char *dims = zw_series_view(set, shelf->rows[i].series)->dims;
        dim->values[i + 1] = zw_dims_value(dims, dim->name);
    }
    dim->value_count = sort_texts(dim->values, shelf->count + 1);
    for (size_t i = 0; i < shelf->count; i++) {
        const char *dims = zw_series_view(set, shelf->rows[i].series)->dims;
        shelf->numbers[i * shelf->dim_count + d] =
            zw_shelf_value(dim, zw_dims_value(dims, dim->name));
    }
    return ZW_OK;
}

/* What a sort of rows compares: qsort hands nothing else to it. */
struct sorted {
    zw_shelf_row row;
    size_t dims;
};

static int by_values(const void *a, const void *b)
{
    const struct sorted *x = a;
    const struct sorted *y = b;
    for (size_t d = 0; d < x->dims; d++) {
        if (x->row.values[d] != y->row.values[d]) {
            return x->row.values[d] > y->row.values[d] ? 1 : -1;
        }
    }
    return (x->row.scope > y->row.scope) - (x->row.scope < y->row.scope);
}

static zw_status sort_rows(zw_shelf *shelf, const zw_series_set *set, zw_err *err)
{
    struct sorted *rows = calloc(shelf->count > 0 ? shelf->count : 1, sizeof(*rows));
    if (rows == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < shelf->count; i++) {
        const char *scope = zw_series_view(set, shelf->rows[i].series)->scope;
        rows[i] = (struct sorted){shelf->rows[i], shelf->dim_count};
        rows[i].row.scope = zw_shelf_scope(shelf, zw_text_of(scope));
    }
    qsort(rows, shelf->count, sizeof(*rows), by_values);
    for (size_t i = 0; i < shelf->count; i++) {
        shelf->rows[i] = rows[i].row;
    }
    free(rows);
    return ZW_OK;
}

/* Lists the rows by their value in dimension `d`: counted, then laid down in order. */
static zw_status list_by_value(zw_shelf *shelf, size_t d, zw_err *err)
{
    zw_shelf_dim *dim = &shelf->dims[d];
    dim->starts = calloc((size_t)dim->value_count + 2, sizeof(uint32_t));
    dim->rows = calloc(shelf->count > 0 ? shelf->count : 1, sizeof(uint32_t));
    if (dim->starts == NULL || dim->rows == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < shelf->count; i++) {
        dim->starts[shelf->rows[i].values[d] + 2]++;
    }
    for (uint32_t v = 2; v < dim->value_count + 2; v++) {
        dim->starts[v] += dim->starts[v - 1];
    }
    for (size_t i = 0; i < shelf->count; i++) { /* each start moves on to the next value's */
        dim->rows[dim->starts[shelf->rows[i].values[d] + 1]++] = (uint32_t)i;
    }
    return ZW_OK;
}

zw_status zw_shelf_create(const zw_measure *measure, const zw_series_set *set, const char *area,
                          zw_shelf **out, zw_err *err)
{
    const zw_series_id *series = NULL;
    zw_shelf *shelf = calloc(1, sizeof(*shelf));
    *out = NULL;
    if (shelf == NULL) {
        return zw_err_nomem(err);
    }
    shelf->series_count = zw_series_at(set, measure->title.name, area, &series);
    zw_status status = name_dims(shelf, measure, set, series, err);
    status = status == ZW_OK ? take_rows(shelf, set, series, err) : status;
    for (size_t d = 0; status == ZW_OK && d < shelf->dim_count; d++) {
        status = number_values(shelf, set, d, err);
    }
    status = status == ZW_OK ? sort_rows(shelf, set, err) : status;
    for (size_t d = 0; status == ZW_OK && d < shelf->dim_count; d++) {
        status = list_by_value(shelf, d, err);
    }
    if (status != ZW_OK) {
        zw_shelf_destroy(shelf);
        return status;
    }
    *out = shelf;
    return ZW_OK;
}

void zw_shelf_destroy(zw_shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    for (size_t d = 0; d < shelf->dim_count; d++) {
        free(shelf->dims[d].values);
        free(shelf->dims[d].starts);
        free(shelf->dims[d].rows);
    }
    free(shelf->dims);
    zw_pool_destroy(shelf->names);
    free(shelf->rows);
    free(shelf->numbers);
    free(shelf->scopes);
    free(shelf->memos);
    free(shelf);
}
