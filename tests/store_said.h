/** What a store says of everything it holds, as one text: texts are compared. And small deliveries
 * to fill one with. Include it after cmocka.h. */
#ifndef ZW_TESTS_STORE_SAID_H
#define ZW_TESTS_STORE_SAID_H

#include "store/store.h"

#include <stdlib.h>

enum { SAID_CEILING_BYTES = 1 << 22 };

static inline zw_store *open_store(const char *path, zw_db_mode mode)
{
    zw_store *store = NULL;
    zw_err err = {0};
    if (zw_store_open(path, mode, &store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return store;
}

static inline void say_series(zw_store *store, zw_series_id id, zw_buf *out)
{
    const zw_series *is = zw_series_view(zw_store_series(store), id);
    zw_recorded_measure what = {"?", "?", {.every = ZW_DAY}};
    if (zw_series_measure(zw_store_series(store), is->measure, &what, NULL) != ZW_OK) {
        what.kind = "unrecorded";
    }
    const zw_series_id *ids = NULL;
    zw_period first = 1;
    zw_period last = 0;
    bool has_span = zw_store_span(store, id, &first, &last);
    zw_buf_printf(out, "series %u %s %s %s %s (%s %s %d; %zu) %d %lld %lld\n", id, is->measure,
                  is->area, is->dims, is->scope, what.kind, what.unit, (int)what.grid.every,
                  zw_series_at(zw_store_series(store), is->measure, is->area, &ids), has_span,
                  (long long)first, (long long)last);
    for (zw_period p = first; p <= last; p++) {
        const zw_figure *versions = NULL;
        size_t count = zw_store_versions(store, id, p, &versions);
        for (size_t i = 0; i < count; i++) {
            zw_buf_printf(out, "  %lld: %.17g %lld %lld %u %u %d '%s' '%s'\n", (long long)p,
                          versions[i].value, (long long)versions[i].known_at_ms,
                          (long long)versions[i].batch, versions[i].line, versions[i].status,
                          versions[i].is_synthetic, zw_store_text_view(store, versions[i].source),
                          zw_store_text_view(store, versions[i].note));
        }
    }
}

/* Everything a store answers. The caller frees. */
static inline char *say(zw_store *store)
{
    zw_buf out;
    zw_buf_init(&out, SAID_CEILING_BYTES);
    for (zw_series_id id = 0; id < zw_series_count(zw_store_series(store)); id++) {
        say_series(store, id, &out);
    }
    for (size_t i = 0; i < zw_store_delivery_count(store); i++) {
        const zw_delivery *d = zw_store_delivery(store, i);
        assert_ptr_equal(d, zw_store_delivery_by_id(store, d->id));
        zw_buf_printf(&out, "batch %lld %s %s %s %s %lld %d %u %u %u %u repeat %d\n",
                      (long long)d->id, d->source, d->name, d->format, d->digest,
                      (long long)d->arrived_ms, d->is_synthetic, d->accepted, d->unchanged,
                      d->revised, d->rejected,
                      zw_store_is_repeat(store, d->source, d->digest, NULL));
    }
    const zw_learned *learned = NULL;
    size_t count = zw_store_learned(store, INT64_MIN, INT64_MAX, &learned);
    for (size_t i = 0; i < count; i++) {
        zw_buf_printf(&out, "learned %lld %u %lld\n", (long long)learned[i].known_at_ms,
                      learned[i].series, (long long)learned[i].period);
    }
    zw_buf_printf(&out, "first %lld figures %zu\n", (long long)zw_store_first_known_ms(store),
                  zw_store_figure_count(store));
    assert_false(out.has_failed);
    return zw_buf_take(&out);
}

static inline void assert_says(zw_store *store, const char *expected)
{
    char *said = say(store);
    assert_string_equal(said, expected);
    free(said);
}

/* One figure of a small delivery. */
static inline zw_status put(zw_store *store, const char *area, zw_period period, zw_figure figure,
                            zw_err *err)
{
    zw_series key = {"revenue", area, "", ""};
    zw_recorded_measure what = {"flow", "1e8 CNY", {.every = ZW_MONTH}};
    zw_series_id id = ZW_SERIES_NONE;
    zw_change change = ZW_CHANGE_NEW;
    zw_status status = zw_series_record(zw_store_series(store), "revenue", &what, err);
    if (status == ZW_OK) {
        status = zw_series_ensure(zw_store_series(store), &key, &id, err);
    }
    return status == ZW_OK ? zw_store_put(store, id, period, &figure, &change, err) : status;
}

/* The texts of a figure: a source of its own every second line, a note that names its delivery. */
static inline zw_status remark(zw_store *store, const char *digest, zw_figure *figure, zw_err *err)
{
    const char *source = figure->line % 2 == 0 ? "统计局年鉴" : "";
    zw_status status = zw_store_text(store, zw_text_of(source), &figure->source, err);
    return status == ZW_OK ? zw_store_text(store, zw_text_of(digest), &figure->note, err) : status;
}

/* A delivery of a few figures inside a turn, in and out of the order of known_at. */
static inline zw_status deliver(zw_store *store, const char *source, const char *digest,
                                zw_err *err)
{
    zw_delivery d = {.source = source,
                     .name = "a.csv",
                     .format = "csv",
                     .digest = digest,
                     .arrived_ms = 5,
                     .is_synthetic = true};
    zw_status status = zw_store_deliver(store, &d, err);
    for (uint32_t line = 2; status == ZW_OK && line < 8; line++) {
        zw_figure figure = {.value = 100.5 - line,
                            .known_at_ms = 1000 - 300 * (int64_t)(line % 3),
                            .batch = d.id,
                            .line = line,
                            .is_synthetic = true};
        status = remark(store, digest, &figure, err);
        if (status == ZW_OK) {
            status = put(store, line % 2 == 0 ? source : "tianhe", line / 4, figure, err);
        }
        d.accepted += status == ZW_OK;
    }
    return status == ZW_OK ? zw_store_deliver_done(store, &d, err) : status;
}

static inline void deliver_and_commit(zw_store *store, const char *source, const char *digest)
{
    zw_err err = {0};
    if (zw_store_begin(store, &err) != ZW_OK || deliver(store, source, digest, &err) != ZW_OK ||
        zw_store_commit(store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

#endif
