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
        zw_figure room;
        const zw_figure *versions = NULL;
        size_t count = zw_store_versions(store, id, p, &room, &versions);
        for (size_t i = 0; i < count; i++) {
            zw_buf_printf(out, "  %lld: %.17g %lld %lld %u %u %d '%s' '%s'\n", (long long)p,
                          versions[i].value, (long long)versions[i].known_at_ms,
                          (long long)versions[i].batch, versions[i].line, versions[i].status,
                          versions[i].is_synthetic, zw_store_text_view(store, versions[i].source),
                          zw_store_text_view(store, versions[i].note));
        }
    }
}

static inline void say_row(const char *word, const zw_item_row *row, zw_buf *out)
{
    zw_buf_printf(out, "%s %s '%s' %u %u @%lld %lld %lld %u '%s' '%s' %d '%s' '%s'", word,
                  row->register_name, row->item, row->register_id, row->item_id,
                  (long long)row->at_ms, (long long)row->known_at_ms, (long long)row->batch,
                  row->line, row->area, row->state, row->is_synthetic, row->source, row->note);
    for (size_t i = 0; i < row->field_count; i++) {
        zw_buf_printf(out, " %s=%s", row->fields[i].name, row->fields[i].text);
    }
    zw_buf_printf(out, "\n");
}

/* The registers' rows in each of their orders. */
static inline void say_items(const zw_items *items, zw_buf *out)
{
    for (zw_register_id r = 0; r < zw_items_register_count(items); r++) {
        const zw_item_id *ids = NULL;
        zw_buf_printf(out, "register %u %s has %zu items\n",
                      zw_items_register(items, zw_items_register_name(items, r)),
                      zw_items_register_name(items, r), zw_items_of(items, r, &ids));
        size_t first = 0;
        size_t count = zw_items_reports(items, r, -1000, 1000000, &first);
        for (size_t i = 0; i < count; i++) {
            say_row("report", zw_items_report(items, r, first + i), out);
        }
    }
    for (zw_item_id id = 0; id < zw_items_item_count(items); id++) {
        const zw_item_row *const *rows = NULL;
        size_t count = zw_items_rows(items, id, &rows);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(zw_items_find(items, rows[i]->register_id, rows[i]->item), id);
            say_row("row", rows[i], out);
        }
    }
    size_t first = 0;
    size_t count = zw_items_learned(items, INT64_MIN, INT64_MAX, &first);
    assert_int_equal(count, zw_items_count(items));
    for (size_t i = 0; i < count; i++) {
        say_row("news", zw_items_news(items, first + i), out);
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
    say_items(zw_store_items(store), &out);
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

/* Rows of two registers, an item's correction, its end and a "no change" among them. */
static inline zw_status put_items(zw_store *store, const char *area, const zw_delivery *d,
                                  zw_err *err)
{
    static const zw_item_field fields[] = {{"type", "lab"}, {"due_on", "2023-06-30"}};
    const zw_item_row rows[] = {
        {.register_name = "calls",
         .item = "c1",
         .at_ms = 500,
         .known_at_ms = 600,
         .state = "posted"},
        {.register_name = "platforms", .item = area, .at_ms = 100, .known_at_ms = 900, .state = ""},
        {.register_name = "calls",
         .item = "c1",
         .at_ms = 500,
         .known_at_ms = 400,
         .state = "awarded"},
        {.register_name = "calls", .item = "", .at_ms = 300, .known_at_ms = 300, .state = ""},
        {.register_name = "calls", .item = area, .at_ms = 800, .known_at_ms = 700, .state = "left"},
    };
    zw_status status = ZW_OK;
    for (uint32_t i = 0; status == ZW_OK && i < sizeof rows / sizeof rows[0]; i++) {
        zw_item_row row = rows[i];
        row.area = area;
        row.source = i % 2 == 0 ? "台账" : "";
        row.note = d->digest;
        row.batch = d->id;
        row.line = 10 + i;
        row.is_synthetic = true;
        row.fields = fields;
        row.field_count = row.item[0] != '\0' ? i % 3 : 0;
        zw_change change = ZW_CHANGE_NEW;
        status = zw_items_put(zw_store_items(store), &row, &change, err);
    }
    return status;
}

/* A delivery of a few figures and item rows inside a turn, in and out of the order of known_at. */
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
    if (status == ZW_OK) {
        status = put_items(store, source, &d, err);
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
