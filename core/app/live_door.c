/* The door of live samples: keys, their routes, and the arrays that are used again. */
#include "app/live_door.h"

#include "app/engine_inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these what senders said before is forgotten, and looked up anew. */
enum { KEYS_MOST = 1 << 18, KEYS_BYTES_MOST = 64 << 20, FRESH_BYTES = 1 << 20 };
enum { FULL_BYTES = 160, PAST_BYTES = 256 };

/* How many series a measure that takes any has, and those that the delivery at hand would add. */
struct family {
    bool is_counted;
    uint32_t series;
    zw_pool *fresh;        /* as "area, unit separator, dimensions"; NULL until there is one */
    char full[FULL_BYTES]; /* what is said when it has its limit */
};

struct zw_live_door {
    const zw_pack *pack;
    zw_store *store;
    zw_live live;
    zw_routes *routes;
    uint64_t generation;     /* of the series that the routes have */
    bool *is_guarded;        /* by measure */
    struct family *families; /* by measure */
    zw_sample *samples;
    size_t sample_capacity;
    char past[PAST_BYTES]; /* what is said of a sample that is too old */
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
    door->families = calloc(pack->measure_count + 1, sizeof *door->families);
    zw_status status =
        door->is_guarded != NULL && door->families != NULL ? ZW_OK : zw_err_nomem(err);
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

/* For another delivery, or for series that came or went by another way. */
static void forget_families(zw_live_door *door)
{
    for (size_t m = 0; door->families != NULL && m < door->pack->measure_count; m++) {
        zw_pool_destroy(door->families[m].fresh);
        door->families[m] = (struct family){.fresh = NULL};
    }
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
    forget_families(door);
    free(door->families);
    free(door->is_guarded);
    free(door->samples);
    free(door);
}

zw_live *zw_live_door_open(zw_live_door *door)
{
    zw_live_clear(&door->live);
    return &door->live;
}

static zw_series series_of(const zw_live_door *door, const zw_route *route)
{
    return (zw_series){door->pack->measures[route->measure].title.name,
                       door->pack->areas[route->area].title.name, route->dims, ""};
}

static uint32_t count_series(const zw_live_door *door, uint32_t measure)
{
    const zw_series_set *set = zw_store_series(door->store);
    const char *name = door->pack->measures[measure].title.name;
    uint32_t count = 0;
    for (size_t a = 0; a < door->pack->area_count; a++) {
        const zw_series_id *ids = NULL;
        count += (uint32_t)zw_series_at(set, name, door->pack->areas[a].title.name, &ids);
    }
    return count;
}

/* Counts a series that would be new, unless there is no room for it. */
static zw_status add_fresh(struct family *family, const zw_series *series, uint32_t limit,
                           bool *is_over, zw_err *err)
{
    zw_buf key;
    zw_status status = family->fresh != NULL ? ZW_OK : zw_pool_create(&family->fresh, err);
    if (status != ZW_OK) {
        return status;
    }
    uint32_t before = zw_pool_count(family->fresh);
    zw_buf_init(&key, FRESH_BYTES);
    zw_buf_printf(&key, "%s\x1f%s", series->area, series->dims);
    uint32_t number = key.has_failed
                          ? ZW_POOL_NONE
                          : zw_pool_put(family->fresh, (zw_text){zw_buf_view(&key), key.len});
    zw_buf_fini(&key);
    *is_over = number == before && family->series + before >= limit;
    if (*is_over) {
        zw_pool_shrink(family->fresh, before);
    }
    return number != ZW_POOL_NONE ? ZW_OK : zw_err_nomem(err);
}

/* Finds the series of a measure that takes any, or counts it among those that would be new.
 * @param why  gets why it cannot be. */
static zw_status admit(zw_live_door *door, zw_route *route, const char **why, zw_err *err)
{
    const zw_measure *measure = &door->pack->measures[route->measure];
    zw_series series = series_of(door, route);
    struct family *family = &door->families[route->measure];
    bool is_over = false;
    route->series = zw_series_find(zw_store_series(door->store), &series);
    if (route->series != ZW_SERIES_NONE) {
        return ZW_OK;
    }
    if (!family->is_counted) {
        family->series = count_series(door, route->measure);
        family->is_counted = true;
    }
    zw_status status = add_fresh(family, &series, measure->limit, &is_over, err);
    if (is_over) {
        (void)snprintf(family->full, sizeof family->full,
                       "measure '%.60s' has its limit of %u series, and this would be a new one",
                       measure->title.name, measure->limit);
        *why = family->full;
    }
    return status;
}

/* Why a sample of a route is too old; NULL when it is not. */
static const char *why_past(zw_live_door *door, const zw_route *route, const zw_live_row *row,
                            const zw_period *floors)
{
    if (floors == NULL ||
        zw_route_period(door->pack, route, row->at_ms) >= floors[route->measure]) {
        return NULL;
    }
    zw_buf why;
    zw_buf_init(&why, PAST_BYTES);
    zw_bind_say_past(door->pack, route->measure, route->area, floors[route->measure], &why);
    (void)snprintf(door->past, sizeof door->past, "%s", zw_buf_view(&why));
    zw_buf_fini(&why);
    return door->past;
}

/* Looks where one sample goes. @param why  gets why it goes nowhere. */
static zw_status route_row(zw_live_door *door, const zw_period *floors, zw_live_row *row,
                           zw_live_routed *routed, const char **why, zw_err *err)
{
    zw_route *route = NULL;
    zw_status status = zw_routes_of(door->routes, row->key, &route, err);
    if (status != ZW_OK || route->why != NULL) {
        *why = status == ZW_OK ? route->why : NULL;
        return status;
    }
    const zw_measure *measure = &door->pack->measures[route->measure];
    *why = why_past(door, route, row, floors);
    routed->is_guarded = routed->is_guarded || door->is_guarded[route->measure];
    if (route->has_scale && *why == NULL) {
        row->value = zw_unit_without_scale(row->value, &measure->unit);
        *why = isfinite(row->value) ? NULL : "the value is too large in its measure's unit";
    }
    if (measure->accepts_any && route->series == ZW_SERIES_NONE && *why == NULL) {
        status = admit(door, route, why, err);
        routed->is_over_limit = routed->is_over_limit || *why != NULL;
    }
    return status;
}

zw_status zw_live_door_route(zw_live_door *door, const zw_period *floors, zw_live_routed *out,
                             zw_err *err)
{
    zw_live *live = &door->live;
    zw_status status = ZW_OK;
    size_t kept = 0;
    size_t end = 0;
    *out = (zw_live_routed){.is_guarded = false};
    forget_families(door);
    zw_routes_hint_again(door->routes);
    if (zw_series_generation(zw_store_series(door->store)) != door->generation) {
        zw_routes_forget_series(door->routes);
    }
    for (size_t first = 0; status == ZW_OK && first < live->row_count; first = end) {
        const char *why = NULL;
        uint32_t line = live->rows[first].line;
        for (end = first; end < live->row_count && live->rows[end].line == line; end++) {
            if (status == ZW_OK && why == NULL) {
                status = route_row(door, floors, &live->rows[end], out, &why, err);
            }
        }
        if (why != NULL) {
            status = zw_faults_add(&live->faults, err, line, 1, "%s", why);
            continue;
        }
        if (kept < first) {
            memmove(live->rows + kept, live->rows + first, (end - first) * sizeof *live->rows);
        }
        kept += end - first;
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
    zw_series key = series_of(door, route);
    zw_status status = zw_series_record(set, measure->title.name, &recorded, err);
    status = status == ZW_OK ? zw_series_ensure(set, &key, &route->series, err) : status;
    door->generation = zw_series_generation(set);
    return status;
}

/* The last period that was looked for: many samples in a row are of one moment and one grid. */
struct last {
    int64_t at_ms;
    int32_t step_ms; /* 0: there is none */
    zw_period period;
};

static zw_period period_of(const zw_live_door *door, const zw_route *route, int64_t at_ms,
                           struct last *last)
{
    if (route->step_ms == 0 || route->step_ms != last->step_ms || at_ms != last->at_ms) {
        *last = (struct last){at_ms, route->step_ms, zw_route_period(door->pack, route, at_ms)};
    }
    return last->period;
}

zw_status zw_live_door_samples(zw_live_door *door, const zw_sample **out, zw_err *err)
{
    zw_status status = make_room(door, err);
    struct last last = {0, 0, 0};
    for (size_t i = 0; status == ZW_OK && i < door->live.row_count; i++) {
        const zw_live_row *row = &door->live.rows[i];
        zw_route *route = NULL;
        status = zw_routes_of(door->routes, row->key, &route, err);
        if (status == ZW_OK && route->series == ZW_SERIES_NONE) {
            status = find_series(door, route, err);
        }
        if (status == ZW_OK) {
            door->samples[i] =
                (zw_sample){route->series, period_of(door, route, row->at_ms, &last), row->value};
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
    if (door->live.row_capacity == 0) { /* it was very much, and so are the samples */
        free(door->samples);
        door->samples = NULL;
        door->sample_capacity = 0;
    }
    if (zw_live_keys_count(door->live.keys) > KEYS_MOST ||
        zw_live_keys_bytes(door->live.keys) > KEYS_BYTES_MOST) {
        zw_live_keys_clear(door->live.keys);
        zw_routes_clear(door->routes);
    }
}
