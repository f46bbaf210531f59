/* The door of live samples: keys, their routes, and the arrays that are used again. */
#include "app/live_door.h"

#include "app/engine_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these what senders said before is forgotten, and looked up anew. */
enum { KEYS_MOST = 1 << 18, KEYS_BYTES_MOST = 128 << 20 };

struct zw_live_door {
    const zw_pack *pack;
    zw_store *store;
    zw_live live;
    zw_routes *routes;
    uint64_t generation; /* of the series that the routes have */
    bool *is_guarded;    /* by measure */
    zw_sample *samples;
    size_t sample_capacity;
};

static void note_guards(zw_live_door *door)
{
    for (size_t i = 0; i < door->pack->alert_count; i++) {
        zw_list on = door->pack->alerts[i].on;
        for (size_t m = 0; m < on.count; m++) {
            door->is_guarded[on.at[m]] = true;
        }
    }
}

zw_status zw_live_door_create(const zw_pack *pack, zw_store *store, zw_live_door **out, zw_err *err)
{
    zw_live_door *door = calloc(1, sizeof *door);
    *out = NULL;
    if (door == NULL) {
        return zw_err_nomem(err);
    }
    door->pack = pack;
    door->store = store;
    door->is_guarded = calloc(pack->measure_count + 1, sizeof *door->is_guarded);
    zw_status status = door->is_guarded != NULL ? ZW_OK : zw_err_nomem(err);
    status = status == ZW_OK ? zw_live_keys_create(&door->live.keys, err) : status;
    status = status == ZW_OK ? zw_routes_create(pack, door->live.keys, &door->routes, err) : status;
    if (status != ZW_OK) {
        zw_live_door_destroy(door);
        return status;
    }
    note_guards(door);
    *out = door;
    return ZW_OK;
}

void zw_live_door_destroy(zw_live_door *door)
{
    if (door == NULL) {
        return;
    }
    zw_live_keys *keys = door->live.keys;
    zw_routes_destroy(door->routes);
    zw_live_fini(&door->live);
    zw_live_keys_destroy(keys);
    free(door->is_guarded);
    free(door->samples);
    free(door);
}

zw_live *zw_live_door_open(zw_live_door *door)
{
    zw_live_clear(&door->live);
    return &door->live;
}

/* Looks where one sample goes. @param why  gets why it goes nowhere. */
static zw_status route_row(zw_live_door *door, zw_live_row *row, bool *is_guarded, const char **why,
                           zw_err *err)
{
    zw_route *route = NULL;
    zw_status status = zw_routes_of(door->routes, row->key, &route, err);
    if (status != ZW_OK || route->why != NULL) {
        *why = status == ZW_OK ? route->why : NULL;
        return status;
    }
    *is_guarded = *is_guarded || door->is_guarded[route->measure];
    if (route->has_scale) {
        row->value = zw_unit_without_scale(row->value, &door->pack->measures[route->measure].unit);
        *why = isfinite(row->value) ? NULL : "the value is too large in its measure's unit";
    }
    return ZW_OK;
}

zw_status zw_live_door_route(zw_live_door *door, bool *is_guarded, zw_err *err)
{
    zw_live *live = &door->live;
    zw_status status = ZW_OK;
    size_t kept = 0;
    size_t end = 0;
    *is_guarded = false;
    for (size_t first = 0; status == ZW_OK && first < live->row_count; first = end) {
        const char *why = NULL;
        uint32_t line = live->rows[first].line;
        for (end = first; end < live->row_count && live->rows[end].line == line; end++) {
            if (status == ZW_OK && why == NULL) {
                status = route_row(door, &live->rows[end], is_guarded, &why, err);
            }
        }
        if (why != NULL) {
            status = zw_faults_add(&live->faults, err, line, 1, "%s", why);
        } else {
            memmove(live->rows + kept, live->rows + first, (end - first) * sizeof *live->rows);
            kept += end - first;
        }
    }
    live->row_count = kept;
    return status;
}

static zw_status make_room(zw_live_door *door, zw_err *err)
{
    if (door->live.row_count <= door->sample_capacity) {
        return ZW_OK;
    }
    size_t capacity = door->live.row_capacity;
    zw_sample *samples = realloc(door->samples, capacity * sizeof *samples);
    if (samples == NULL) {
        return zw_err_nomem(err);
    }
    door->samples = samples;
    door->sample_capacity = capacity;
    return ZW_OK;
}

/* Finds the series of a route, or makes it. */
static zw_status find_series(zw_live_door *door, zw_route *route, zw_err *err)
{
    zw_series_set *set = zw_store_series(door->store);
    const zw_measure *measure = &door->pack->measures[route->measure];
    zw_recorded_measure recorded = zw_engine_recorded(measure);
    zw_series key = {measure->title.name, door->pack->areas[route->area].title.name, route->dims,
                     ""};
    zw_status status = zw_series_record(set, measure->title.name, &recorded, err);
    status = status == ZW_OK ? zw_series_ensure(set, &key, &route->series, err) : status;
    door->generation = zw_series_generation(set);
    return status;
}

zw_status zw_live_door_samples(zw_live_door *door, const zw_sample **out, zw_err *err)
{
    zw_status status = make_room(door, err);
    if (zw_series_generation(zw_store_series(door->store)) != door->generation) {
        zw_routes_forget_series(door->routes);
    }
    for (size_t i = 0; status == ZW_OK && i < door->live.row_count; i++) {
        const zw_live_row *row = &door->live.rows[i];
        zw_route *route = NULL;
        status = zw_routes_of(door->routes, row->key, &route, err);
        if (status == ZW_OK && route->series == ZW_SERIES_NONE) {
            status = find_series(door, route, err);
        }
        if (status == ZW_OK) {
            door->samples[i] = (zw_sample){
                route->series, zw_route_period(door->pack, route, row->at_ms), row->value};
        }
    }
    *out = door->samples;
    return status;
}

zw_status zw_live_door_rows(zw_live_door *door, const zw_bound *like, zw_bound **out, zw_err *err)
{
    size_t count = door->live.row_count;
    zw_status status = ZW_OK;
    *out = calloc(count > 0 ? count : 1, sizeof **out);
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        const zw_live_row *row = &door->live.rows[i];
        zw_route *route = NULL;
        status = zw_routes_of(door->routes, row->key, &route, err);
        if (status == ZW_OK) {
            zw_bound *bound = &(*out)[i];
            *bound = *like;
            bound->measure = route->measure;
            bound->area = route->area;
            bound->dims = route->dims;
            bound->period = zw_route_period(door->pack, route, row->at_ms);
            bound->value = row->value;
            bound->line = row->line;
        }
    }
    if (status != ZW_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}

void zw_live_door_close(zw_live_door *door)
{
    zw_live_clear(&door->live);
    if (zw_live_keys_count(door->live.keys) > KEYS_MOST ||
        zw_live_keys_bytes(door->live.keys) > KEYS_BYTES_MOST) {
        zw_live_keys_clear(door->live.keys);
        zw_routes_clear(door->routes);
    }
}
