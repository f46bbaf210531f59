/* What there is no more of the columns: their floors, and when what lay below was known first. */
#include "store/columns_inside.h"

#include <stdlib.h>

static zw_gone *gone_ensure(zw_columns *columns, zw_series_id series)
{
    if (series < columns->gone_capacity) {
        return &columns->gone[series];
    }
    size_t capacity = columns->gone_capacity > 0 ? columns->gone_capacity : 64;
    while (capacity <= series) {
        capacity *= 2;
    }
    zw_gone *grown = realloc(columns->gone, capacity * sizeof(*grown));
    if (grown == NULL) {
        return NULL;
    }
    for (size_t i = columns->gone_capacity; i < capacity; i++) {
        grown[i] = (zw_gone){.floor = INT64_MIN, .known_at_ms = ZW_NEVER_MS};
    }
    columns->gone = grown;
    columns->gone_capacity = capacity;
    return &grown[series];
}

zw_period zw_columns_floor(const zw_columns *columns, zw_series_id series)
{
    return series < columns->gone_capacity ? columns->gone[series].floor : INT64_MIN;
}

zw_status zw_columns_set_floor(zw_columns *columns, zw_series_id series, zw_period floor,
                               zw_err *err)
{
    if (floor == zw_columns_floor(columns, series)) {
        return ZW_OK;
    }
    zw_gone *gone = gone_ensure(columns, series);
    if (gone == NULL) {
        return zw_err_nomem(err);
    }
    bool is_up = floor > gone->floor;
    gone->floor = floor;
    columns->is_shedding = columns->is_shedding || is_up;
    columns->shed_next = is_up ? 0 : columns->shed_next;
    columns->is_first_known = false;
    if (series < columns->capacity && (!is_up || columns->heads[series].period < floor)) {
        zw_columns_head_anew(columns, series);
    }
    return ZW_OK;
}

zw_status zw_columns_set_gone(zw_columns *columns, zw_series_id series, const zw_gone *gone,
                              zw_err *err)
{
    zw_gone *here = gone_ensure(columns, series);
    if (here == NULL) {
        return zw_err_nomem(err);
    }
    here->first = gone->first;
    here->known_at_ms = gone->known_at_ms;
    return ZW_OK;
}

void zw_columns_note_gone(zw_columns *columns, zw_series_id series, zw_period first,
                          int64_t known_at_ms)
{
    zw_gone *gone = &columns->gone[series];
    bool is_first = gone->known_at_ms == ZW_NEVER_MS;
    gone->first = is_first || first < gone->first ? first : gone->first;
    gone->known_at_ms = known_at_ms < gone->known_at_ms ? known_at_ms : gone->known_at_ms;
    columns->is_first_known = false;
}

bool zw_columns_is_shedding(const zw_columns *columns)
{
    return columns->is_shedding;
}

bool zw_columns_was_known(const zw_columns *columns, zw_series_id series, int64_t as_of_ms,
                          zw_period *first)
{
    const zw_gone *gone = series < columns->gone_capacity ? &columns->gone[series] : NULL;
    if (gone == NULL || gone->known_at_ms == ZW_NEVER_MS || gone->known_at_ms > as_of_ms) {
        return false;
    }
    *first = gone->first;
    return true;
}
