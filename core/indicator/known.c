/* What is known by now: the first period of each series, counted when first asked for, and the
 * dimension values of a measure, in each scope, as texts in a pool; the scopes with an empty value.
 */
#include "indicator/known.h"

#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

enum { PART_BYTES = 64 * 1024 };

/* The first known period of one series. */
typedef struct first {
    bool is_counted, has_any;
    zw_period period;
} first;

/* What one measure was reported under. */
typedef struct under {
    zw_pool *parts; /* NULL: not counted */
    uint32_t scopes;
} under;

struct zw_known {
    const zw_pack *pack; /* borrowed */
    zw_store *store;     /* borrowed */
    first *firsts;       /* by series */
    size_t first_count;
    under *unders; /* by measure */
};

zw_status zw_known_create(const zw_pack *pack, zw_store *store, zw_known **out, zw_err *err)
{
    zw_known *known = calloc(1, sizeof(*known));
    size_t measures = pack->measure_count > 0 ? pack->measure_count : 1;
    *out = NULL;
    if (known == NULL) {
        return zw_err_nomem(err);
    }
    known->pack = pack;
    known->store = store;
    known->unders = calloc(measures, sizeof(under));
    if (known->unders == NULL) {
        free(known);
        return zw_err_nomem(err);
    }
    *out = known;
    return ZW_OK;
}

void zw_known_forget(zw_known *known)
{
    for (size_t m = 0; m < known->pack->measure_count; m++) {
        zw_pool_destroy(known->unders[m].parts);
        known->unders[m] = (under){NULL, 0};
    }
    free(known->firsts);
    known->firsts = NULL;
    known->first_count = 0;
}

void zw_known_destroy(zw_known *known)
{
    if (known != NULL) {
        zw_known_forget(known);
        free(known->unders);
        free(known);
    }
}

static first count_first(const zw_store *store, zw_series_id series, int64_t as_of_ms)
{
    zw_period p = 0;
    bool has_any = zw_store_first(store, series, as_of_ms, &p);
    return (first){true, has_any, p};
}

/* The place of a series; NULL without memory for it, where it is counted each time. */
static first *place_of(zw_known *known, zw_series_id series)
{
    if (series >= known->first_count) {
        size_t wanted = zw_series_count(zw_store_series(known->store));
        first *grown = realloc(known->firsts, wanted * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        memset(grown + known->first_count, 0, (wanted - known->first_count) * sizeof(*grown));
        known->firsts = grown;
        known->first_count = wanted;
    }
    return &known->firsts[series];
}

bool zw_known_first(zw_known *known, zw_series_id series, int64_t as_of_ms, zw_period *out)
{
    first *place = place_of(known, series);
    first now =
        place != NULL && place->is_counted ? *place : count_first(known->store, series, as_of_ms);
    if (place != NULL) {
        *place = now;
    }
    *out = now.period;
    return now.has_any;
}

/* The text that stands for a value in a scope: "industry=ai", a separator, the scope; in any scope
 * without these two. */
static bool write_key(zw_buf *out, zw_text part, const zw_text *scope)
{
    zw_buf_init(out, PART_BYTES);
    zw_buf_append(out, part.at, part.len);
    if (scope != NULL) {
        zw_buf_putc(out, ZW_DIMS_SEPARATOR);
        zw_buf_append(out, scope->at, scope->len);
    }
    return !out->has_failed;
}

/* Adds one text to a measure's pool. @param is_new  set when it was not there. */
static zw_status add_part(zw_pool *parts, zw_text part, const zw_text *scope, bool *is_new,
                          zw_err *err)
{
    uint32_t before = zw_pool_count(parts);
    zw_buf key;
    bool is_added = write_key(&key, part, scope) &&
                    zw_pool_put(parts, zw_text_of(zw_buf_view(&key))) != ZW_POOL_NONE;
    zw_buf_fini(&key);
    *is_new = *is_new || zw_pool_count(parts) > before;
    return is_added ? ZW_OK : zw_err_nomem(err);
}

/* Adds what a series is reported under. */
static zw_status add_series(under *to, const zw_series *series, zw_news *news, zw_err *err)
{
    bool is_new_scope = false;
    const char *at = series->dims;
    zw_text scope = zw_text_of(series->scope);
    zw_status status = add_part(to->parts, zw_text_of(""), &scope, &is_new_scope, err);
    if (is_new_scope) {
        to->scopes++;
        news->has_scopes = to->scopes == 2;
    }
    while (status == ZW_OK && *at != '\0') {
        const char *end = strchr(at, ZW_DIMS_SEPARATOR);
        size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
        status = add_part(to->parts, (zw_text){at, len}, NULL, &news->has_value, err);
        status = status == ZW_OK
                     ? add_part(to->parts, (zw_text){at, len}, &scope, &news->has_value, err)
                     : status;
        at += len + (end != NULL ? 1 : 0);
    }
    return status;
}

/* Counts what a measure was reported under, unless that was done. */
static zw_status count_under(zw_known *known, uint32_t measure, int64_t as_of_ms, zw_err *err)
{
    under *here = &known->unders[measure];
    const char *name = known->pack->measures[measure].title.name;
    const zw_series_set *set = zw_store_series(known->store);
    if (here->parts != NULL) {
        return ZW_OK;
    }
    under counted = {NULL, 0};
    zw_news ignored = {.is_first = false};
    zw_period first_period = 0;
    zw_status status = zw_pool_create(&counted.parts, err);
    for (zw_series_id id = 0; status == ZW_OK && id < zw_series_count(set); id++) {
        const zw_series *series = zw_series_view(set, id);
        if (strcmp(series->measure, name) == 0 &&
            zw_known_first(known, id, as_of_ms, &first_period)) {
            status = add_series(&counted, series, &ignored, err);
        }
    }
    if (status != ZW_OK) {
        zw_pool_destroy(counted.parts);
        return status;
    }
    *here = counted;
    return ZW_OK;
}

zw_status zw_known_value(zw_known *known, uint32_t measure, int64_t as_of_ms,
                         const zw_known_key *key, bool *out, zw_err *err)
{
    zw_status status = count_under(known, measure, as_of_ms, err);
    zw_buf part;
    zw_buf text = {0};
    *out = false;
    if (status != ZW_OK) {
        return status;
    }
    zw_buf_init(&part, PART_BYTES);
    zw_buf_printf(&part, "%s%c%s", key->dim, ZW_DIMS_EQUALS, key->value);
    if (part.has_failed || !write_key(&text, zw_text_of(zw_buf_view(&part)), key->scope)) {
        status = zw_err_nomem(err);
    } else {
        *out = zw_pool_find(known->unders[measure].parts, zw_text_of(zw_buf_view(&text))) !=
               ZW_POOL_NONE;
    }
    zw_buf_fini(&part);
    zw_buf_fini(&text);
    return status;
}

zw_status zw_known_is_scoped(zw_known *known, uint32_t measure, int64_t as_of_ms, bool *out,
                             zw_err *err)
{
    zw_status status = count_under(known, measure, as_of_ms, err);
    *out = status == ZW_OK && known->unders[measure].scopes > 1;
    return status;
}

zw_status zw_known_take(zw_known *known, uint32_t measure, const zw_learned *learned,
                        int64_t before_ms, zw_news *out, zw_err *err)
{
    first *place = place_of(known, learned->series);
    *out = (zw_news){.is_first = false};
    if (place == NULL) {
        return zw_err_nomem(err); /* what was known before it could not be kept */
    }
    if (!place->is_counted) {
        *place = count_first(known->store, learned->series, before_ms);
    }
    bool is_new_series = !place->has_any;
    out->is_first = is_new_series || learned->period < place->period;
    if (out->is_first) {
        *place = (first){true, true, learned->period};
    }
    if (!is_new_series || known->unders[measure].parts == NULL) {
        return ZW_OK; /* nobody asked what the measure is reported under: nothing stands on it */
    }
    const zw_series *series = zw_series_view(zw_store_series(known->store), learned->series);
    return add_series(&known->unders[measure], series, out, err);
}
