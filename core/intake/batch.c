/* A batch: the good rows of a delivery, and what is wrong with the bad ones. */
#include "intake/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

static const char status_letters[] = {
    [ZW_OBS_NORMAL] = 'A',   [ZW_OBS_PROVISIONAL] = 'P', [ZW_OBS_ESTIMATED] = 'E',
    [ZW_OBS_FORECAST] = 'F', [ZW_OBS_MISSING] = 'M',
};

char zw_obs_status_letter(zw_obs_status status)
{
    return status_letters[status];
}

bool zw_obs_status_parse(zw_text text, zw_obs_status *out)
{
    if (text.len == 0) {
        *out = ZW_OBS_NORMAL;
        return true;
    }
    for (size_t i = 0; text.len == 1 && i < sizeof status_letters; i++) {
        if (text.at[0] == status_letters[i]) {
            *out = (zw_obs_status)i;
            return true;
        }
    }
    return false;
}

zw_status zw_batch_create(zw_batch **out, zw_err *err)
{
    *out = NULL;
    zw_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_pool_create(&batch->texts, err);
    if (status == ZW_OK && zw_pool_put(batch->texts, zw_text_of("")) != 0) {
        status = zw_err_nomem(err);
    }
    if (status != ZW_OK) {
        zw_batch_destroy(batch);
        return status;
    }
    *out = batch;
    return ZW_OK;
}

void zw_batch_destroy(zw_batch *batch)
{
    if (batch == NULL) {
        return;
    }
    zw_faults_fini(&batch->faults);
    free(batch->rows);
    free(batch->items);
    free(batch->item_fields);
    free(batch->places);
    zw_pool_destroy(batch->texts);
    free(batch);
}

uint32_t zw_batch_text(zw_batch *batch, zw_text text)
{
    return zw_pool_put(batch->texts, text);
}

/* Room for one more element of `size` bytes; the elements may move. NULL when there is none, and
 * then everything is as it was. */
static void *array_grow(void *elements, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return elements;
    }
    size_t more = *capacity > 0 ? 2 * *capacity : FIRST_CAPACITY;
    if (more > SIZE_MAX / 2 / size) {
        return NULL;
    }
    void *grown = realloc(elements, more * size);
    if (grown != NULL) {
        *capacity = more;
    }
    return grown;
}

zw_status zw_batch_add(zw_batch *batch, const zw_row *row, zw_err *err)
{
    zw_row *rows = array_grow(batch->rows, batch->row_count, &batch->row_capacity, sizeof *rows);
    if (rows == NULL) {
        return zw_err_nomem(err);
    }
    batch->rows = rows;
    rows[batch->row_count++] = *row;
    return ZW_OK;
}

zw_status zw_batch_add_field(zw_batch *batch, const zw_said_field *field, zw_err *err)
{
    zw_said_field *fields = array_grow(batch->item_fields, batch->item_field_count,
                                       &batch->item_field_capacity, sizeof *fields);
    if (fields == NULL) {
        return zw_err_nomem(err);
    }
    batch->item_fields = fields;
    fields[batch->item_field_count++] = *field;
    return ZW_OK;
}

zw_status zw_batch_add_item(zw_batch *batch, const zw_said_item *item, zw_err *err)
{
    zw_said_item *items =
        array_grow(batch->items, batch->item_count, &batch->item_capacity, sizeof *items);
    if (items == NULL) {
        return zw_err_nomem(err);
    }
    batch->items = items;
    items[batch->item_count] = *item;
    items[batch->item_count++].field_count = batch->item_field_count - item->first_field;
    return ZW_OK;
}

zw_status zw_batch_add_places(zw_batch *batch, const zw_text_place *places, size_t count,
                              uint32_t *first, zw_err *err)
{
    *first = 0;
    if (batch->place_count > UINT32_MAX - 1 - count) {
        return zw_err_set(err, ZW_LIMIT, "too many rows in one delivery");
    }
    *first = (uint32_t)batch->place_count + 1;
    for (size_t i = 0; i < count; i++) {
        zw_text_place *grown =
            array_grow(batch->places, batch->place_count, &batch->place_capacity, sizeof *grown);
        if (grown == NULL) {
            batch->place_count = *first - 1;
            return zw_err_nomem(err);
        }
        batch->places = grown;
        grown[batch->place_count++] = places[i];
    }
    return ZW_OK;
}

zw_text_place zw_batch_place(const zw_batch *batch, uint32_t line, uint32_t first, uint32_t column)
{
    if (first == 0) {
        return (zw_text_place){line, column};
    }
    zw_text_place place = batch->places[first - 1 + column];
    return (zw_text_place){place.line != 0 ? place.line : line, place.column};
}

zw_status zw_batch_fault(zw_batch *batch, zw_err *err, uint32_t line, uint32_t column,
                         const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    zw_status status = zw_faults_vadd(&batch->faults, err, line, column, fmt, args);
    va_end(args);
    return status;
}

zw_status zw_batch_reject(zw_batch *batch, size_t index, uint32_t column, zw_err *err,
                          const char *fmt, ...)
{
    assert(index < batch->row_count);
    va_list args;
    va_start(args, fmt);
    const zw_row *bad = &batch->rows[index];
    zw_text_place place = zw_batch_place(batch, bad->line, bad->first_place, column);
    zw_status status = zw_faults_vadd(&batch->faults, err, place.line, place.column, fmt, args);
    va_end(args);
    if (status != ZW_OK) { /* a row that cannot be named stays: nothing vanishes unsaid */
        return status;
    }
    zw_row *row = batch->rows + index;
    batch->row_count--;
    memmove(row, row + 1, (batch->row_count - index) * sizeof *row);
    return ZW_OK;
}

void zw_batch_move_lines(zw_batch *batch, uint32_t offset)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        batch->rows[i].line += offset;
    }
    for (size_t i = 0; i < batch->item_count; i++) {
        batch->items[i].line += offset;
    }
    for (size_t i = 0; i < batch->faults.count; i++) {
        batch->faults.at[i].line += offset;
    }
    for (size_t i = 0; i < batch->place_count; i++) {
        batch->places[i].line += batch->places[i].line > 0 ? offset : 0; /* 0: its row's own */
    }
}
