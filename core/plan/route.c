/* Routes: names and labels of live keys become measures, areas and dimensions. */
#include "plan/route.h"

#include "base/arena.h"
#include "base/civil.h"
#include "base/cut.h"
#include "intake/batch.h"
#include "intake/sheet.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_ROUTES = 64,
    SAID_BYTES = 100,
    HINTS_MOST = 1000,
    KEY_BYTES = 1 << 16,
    TEXT_BYTES = 1 << 20
};

static const size_t ceiling_bytes = (size_t)1 << 30;

struct zw_routes {
    const zw_pack *pack;
    const zw_live_keys *keys;
    zw_arena *arena; /* of the routes' texts */
    zw_route *at;    /* by key */
    size_t count, capacity;
    size_t hints; /* how often the nearest name may still be looked for */
};

/* One key that is asked about. */
struct asking {
    zw_routes *routes;
    const zw_live_key *key;
    zw_route route;
    zw_text metric; /* of a measure that takes any: the rest of the name; else empty */
    zw_buf name, why, dims;
};

zw_status zw_routes_create(const zw_pack *pack, const zw_live_keys *keys, zw_routes **out,
                           zw_err *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    (*out)->pack = pack;
    (*out)->keys = keys;
    (*out)->hints = HINTS_MOST;
    zw_status status = zw_arena_create(ceiling_bytes, &(*out)->arena, err);
    if (status != ZW_OK) {
        zw_routes_destroy(*out);
        *out = NULL;
    }
    return status;
}

void zw_routes_destroy(zw_routes *routes)
{
    if (routes == NULL) {
        return;
    }
    zw_arena_destroy(routes->arena);
    free(routes->at);
    free(routes);
}

void zw_routes_hint_again(zw_routes *routes)
{
    routes->hints = HINTS_MOST;
}

/* The nearest name is looked for among all: not for each of a million names that are none. */
static zw_nearest *hint_for(struct asking *in, zw_text name, zw_nearest *nearest)
{
    zw_nearest_init(nearest, name);
    if (in->routes->hints == 0) {
        return NULL;
    }
    in->routes->hints--;
    return nearest;
}

void zw_routes_clear(zw_routes *routes)
{
    zw_arena_reset(routes->arena);
    routes->count = 0;
}

void zw_routes_forget_series(zw_routes *routes)
{
    for (size_t i = 0; i < routes->count; i++) {
        routes->at[i].series = ZW_SERIES_NONE;
    }
}

/* How much of a delivered name a message repeats. */
static int said(zw_text name)
{
    return (int)zw_cut_length(name.at, name.len, SAID_BYTES);
}

/* The name that the measure is looked for by. */
static zw_text name_of(struct asking *in)
{
    const zw_live_key *key = in->key;
    zw_buf_append(&in->name, key->name.at, key->name.len);
    if (key->field.len > 0 && !zw_text_is(key->field, "value")) {
        zw_buf_putc(&in->name, '_');
        zw_buf_append(&in->name, key->field.at, key->field.len);
    }
    return (zw_text){zw_buf_view(&in->name), in->name.len};
}

static void ask_measure(struct asking *in)
{
    const zw_pack *pack = in->routes->pack;
    zw_text name = name_of(in);
    zw_nearest nearest;
    in->route.measure = zw_pack_measure(pack, name, NULL);
    if (in->route.measure == ZW_NONE) {
        in->route.measure = zw_pack_taker(pack, name, &in->metric);
    }
    if (in->route.measure != ZW_NONE) {
        return;
    }
    in->route.measure = zw_pack_measure(pack, name, hint_for(in, name, &nearest));
    zw_buf_printf(&in->why, "no measure '%.*s'", said(name), name.at);
    zw_nearest_say(&nearest, &in->why);
}

static void ask_area(struct asking *in)
{
    const zw_pack *pack = in->routes->pack;
    zw_text name = {NULL, 0};
    for (size_t i = 0; i < in->key->label_count; i++) {
        if (zw_text_is(in->key->labels[i].name, "area")) {
            name = in->key->labels[i].value;
        }
    }
    if (name.at == NULL) {
        in->route.area = zw_pack_only_zone(pack);
        if (in->route.area == ZW_NONE) {
            zw_buf_puts(&in->why, "no area is said and the pack has several zones:");
            zw_pack_say_zones(pack, &in->why);
        }
        return;
    }
    zw_nearest nearest;
    in->route.area = zw_pack_area(pack, name, NULL);
    if (in->route.area == ZW_NONE) {
        (void)zw_pack_area(pack, name, hint_for(in, name, &nearest));
        zw_buf_printf(&in->why, "no area '%.*s'", said(name), name.at);
        zw_nearest_say(&nearest, &in->why);
    }
}

/* Appends one label to the dimensions; an empty value is the total and says nothing. */
static void put_dim(struct asking *in, const zw_live_label *label)
{
    const zw_measure *measure = &in->routes->pack->measures[in->route.measure];
    zw_nearest nearest;
    zw_nearest_init(&nearest, label->name);
    if (memchr(label->name.at, ZW_DIMS_EQUALS, label->name.len) != NULL ||
        zw_sheet_has_control(label->name)) {
        zw_buf_printf(&in->why, "'%.*s' is no name of a dimension", said(label->name),
                      label->name.at);
        return;
    }
    if (!zw_measure_has_dim(measure, label->name, &nearest)) {
        zw_buf_printf(&in->why, "measure '%s' has no dimension '%.*s'", measure->title.name,
                      said(label->name), label->name.at);
        zw_nearest_say(&nearest, &in->why);
        return;
    }
    size_t before = in->dims.len;
    zw_buf_puts(&in->dims, before > 0 ? "\x1f" : "");
    zw_buf_append(&in->dims, label->name.at, label->name.len);
    zw_buf_putc(&in->dims, ZW_DIMS_EQUALS);
    size_t from = in->dims.len;
    (void)zw_text_fold(label->value, &in->dims);
    zw_text value = {zw_buf_view(&in->dims) + from, in->dims.len - from};
    if (zw_sheet_has_control(value)) {
        zw_buf_printf(&in->why, "the value of dimension '%.*s' holds a control character",
                      said(label->name), label->name.at);
    }
    if (value.len == 0 && !in->dims.has_failed) {
        in->dims.len = before;
    }
}

static int by_name(const void *a, const void *b)
{
    const zw_live_label *x = a;
    const zw_live_label *y = b;
    size_t least = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = memcmp(x->name.at, y->name.at, least);
    return order != 0 ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

/* The name of a label as a dimension of a measure that takes any: not one that means something else
 * in a delivery. @return NULL without memory. */
static const char *free_name(const struct asking *in, zw_text name)
{
    static const char *const taken[] = {"known_at", "measure", "metric", "note",  "period",
                                        "scope",    "source",  "status", "value", "synthetic"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (zw_text_is(name, taken[i])) {
            return zw_arena_textf(in->routes->arena, "exported_%s", taken[i]);
        }
    }
    return zw_arena_text(in->routes->arena, name.at, name.len);
}

/* The labels that are dimensions, by name. `labels` has room for one more than the key has.
 * @return false without memory. */
static bool list_dims(const struct asking *in, zw_live_label *labels, size_t *count)
{
    bool takes_any = in->routes->pack->measures[in->route.measure].accepts_any;
    for (size_t i = 0; i < in->key->label_count; i++) {
        zw_live_label label = in->key->labels[i];
        if (zw_text_is(label.name, "area")) {
            continue;
        }
        const char *name = takes_any ? free_name(in, label.name) : "";
        if (name == NULL) {
            return false;
        }
        label.name = takes_any ? zw_text_of(name) : label.name;
        labels[(*count)++] = label;
    }
    if (in->metric.len > 0) {
        labels[(*count)++] = (zw_live_label){zw_text_of("metric"), in->metric};
    }
    qsort(labels, *count, sizeof *labels, by_name);
    return true;
}

static zw_status ask_dims(struct asking *in, zw_err *err)
{
    size_t count = 0;
    zw_live_label *labels = calloc(in->key->label_count + 1, sizeof *labels);
    if (labels == NULL || !list_dims(in, labels, &count)) {
        free(labels);
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < count && in->why.len == 0; i++) {
        if (i > 0 && by_name(&labels[i - 1], &labels[i]) == 0) {
            zw_buf_printf(&in->why, "two labels are dimension '%.*s'", said(labels[i].name),
                          labels[i].name.at);
        }
        put_dim(in, &labels[i]);
    }
    free(labels);
    return ZW_OK;
}

static size_t bytes_of(const zw_live_key *key)
{
    size_t bytes = key->name.len + key->field.len;
    for (size_t i = 0; i < key->label_count; i++) {
        bytes += key->labels[i].name.len + key->labels[i].value.len;
    }
    return bytes;
}

/* Finds out what a key means. */
static zw_status ask(struct asking *in, zw_err *err)
{
    zw_arena *arena = in->routes->arena;
    in->route = (zw_route){.series = ZW_SERIES_NONE};
    zw_status status = ZW_OK;
    if (bytes_of(in->key) > KEY_BYTES) {
        zw_buf_printf(&in->why, "expected names and labels of at most %d bytes", KEY_BYTES);
    } else {
        ask_measure(in);
    }
    if (in->why.len == 0) {
        ask_area(in);
    }
    if (in->why.len == 0) {
        status = ask_dims(in, err);
    }
    if (status != ZW_OK || in->name.has_failed || in->why.has_failed || in->dims.has_failed) {
        return zw_err_nomem(err);
    }
    if (in->why.len > 0) {
        in->route.why = zw_arena_text(arena, zw_buf_view(&in->why), in->why.len);
        return in->route.why != NULL ? ZW_OK : zw_err_nomem(err);
    }
    const zw_measure *measure = &in->routes->pack->measures[in->route.measure];
    in->route.step_ms = measure->grid.every == ZW_SUBDAY ? measure->grid.step_ms : 0;
    in->route.has_scale = measure->unit.scale != 1 && measure->unit.scale != 0;
    in->route.dims = zw_arena_text(arena, zw_buf_view(&in->dims), in->dims.len);
    return in->route.dims != NULL ? ZW_OK : zw_err_nomem(err);
}

static zw_status make_room(zw_routes *routes, zw_err *err)
{
    if (routes->count < routes->capacity) {
        return ZW_OK;
    }
    size_t capacity = routes->capacity > 0 ? 2 * routes->capacity : FIRST_ROUTES;
    zw_route *grown = realloc(routes->at, capacity * sizeof *grown);
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    routes->at = grown;
    routes->capacity = capacity;
    return ZW_OK;
}

/* Keys are numbered as they come, so the next one that is not known is mostly the next number. */
static zw_status ask_next(zw_routes *routes, zw_err *err)
{
    struct asking in = {.routes = routes,
                        .key = zw_live_keys_at(routes->keys, (uint32_t)routes->count)};
    zw_buf_init(&in.name, TEXT_BYTES);
    zw_buf_init(&in.why, TEXT_BYTES);
    zw_buf_init(&in.dims, TEXT_BYTES);
    zw_status status = make_room(routes, err);
    status = status == ZW_OK ? ask(&in, err) : status;
    if (status == ZW_OK) {
        routes->at[routes->count++] = in.route;
    }
    zw_buf_fini(&in.name);
    zw_buf_fini(&in.why);
    zw_buf_fini(&in.dims);
    return status;
}

static zw_status ask_upto(zw_routes *routes, uint32_t key, zw_err *err)
{
    zw_status status = ZW_OK;
    while (status == ZW_OK && routes->count <= key) {
        status = ask_next(routes, err);
    }
    return status;
}

zw_status zw_routes_of(zw_routes *routes, uint32_t key, zw_route **out, zw_err *err)
{
    zw_status status = key < routes->count ? ZW_OK : ask_upto(routes, key, err);
    *out = status == ZW_OK ? &routes->at[key] : NULL;
    return status;
}

zw_period zw_route_period(const zw_pack *pack, const zw_route *route, int64_t at_ms)
{
    if (route->step_ms > 0) {
        return zw_floor_div(at_ms, route->step_ms);
    }
    return zw_period_at(zw_pack_calendar(pack, route->area), pack->measures[route->measure].grid,
                        at_ms);
}
