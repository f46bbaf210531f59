/* A check of the whole file. It goes past what is in memory: pages are read from the file into a
 * page of its own and let go of.
 */
#include "store/check.h"

#include "intake/batch.h"
#include "store/columns_inside.h"
#include "store/delivered.h"
#include "store/store_inside.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 4096 };

struct checking {
    zw_store *store;
    const zw_check_watch *watch;
    zw_check *out;
    zw_calendar utc;
    size_t all_pages;
};

static void fault(struct checking *c, const char *fmt, ...) ZW_PRINTF(2, 3);
static void fault(struct checking *c, const char *fmt, ...)
{
    zw_buf line;
    va_list args;
    zw_buf_init(&line, LINE_BYTES);
    va_start(args, fmt);
    zw_buf_vprintf(&line, fmt, args);
    va_end(args);
    c->out->faults++;
    if (c->watch->on_fault != NULL) {
        c->watch->on_fault(c->watch->arg, zw_buf_view(&line));
    }
    zw_buf_fini(&line);
}

/* "money at north (industry=ai)": a series as people say it. */
static void say_series(const struct checking *c, zw_series_id id, zw_buf *out)
{
    if (id >= zw_series_count(c->store->series)) {
        zw_buf_printf(out, "series %u, which there is not", id);
        return;
    }
    const zw_series *series = zw_series_view(c->store->series, id);
    zw_buf_printf(out, "%s at %s", series->measure, series->area);
    zw_dim dim;
    for (const char *at = series->dims; zw_dims_next(&at, &dim);) {
        zw_buf_printf(out, "%s%.*s=%.*s%s", dim.name.at == series->dims ? " (" : ", ",
                      (int)dim.name.len, dim.name.at, (int)dim.value.len, dim.value.at,
                      *at == '\0' ? ")" : "");
    }
    if (series->scope[0] != '\0') {
        zw_buf_printf(out, " in scope %s", series->scope);
    }
}

static void say_period(const struct checking *c, zw_series_id id, zw_period period, zw_buf *out)
{
    zw_recorded_measure measure;
    zw_err ignored;
    char text[48];
    if (id < zw_series_count(c->store->series) &&
        zw_series_measure(c->store->series, zw_series_view(c->store->series, id)->measure, &measure,
                          &ignored) == ZW_OK) {
        zw_buf_puts(out, zw_period_text(&c->utc, measure.grid, period, text, sizeof(text)));
    } else {
        zw_buf_printf(out, "period %lld", (long long)period);
    }
}

static void say_damage(struct checking *c, const zw_damage *damage)
{
    zw_buf what;
    zw_buf_init(&what, LINE_BYTES);
    if (damage->is_known) {
        zw_buf_printf(&what, ": %zu figures of ", damage->figures);
        say_series(c, damage->first_series, &what);
        if (damage->last_series != damage->first_series) {
            zw_buf_puts(&what, " to ");
            say_series(c, damage->last_series, &what);
        }
        zw_buf_puts(&what, ", ");
        say_period(c, damage->first_series, damage->first_period, &what);
        zw_buf_puts(&what, " to ");
        say_period(c, damage->last_series, damage->last_period, &what);
        zw_buf_puts(&what, ", are lost");
    }
    fault(c, "%s row %lld is damaged%s", damage->table, (long long)damage->row, zw_buf_view(&what));
    zw_buf_fini(&what);
}

static void say_figure(struct checking *c, const char *where, const zw_put *put, const char *wrong)
{
    zw_buf what;
    zw_buf_init(&what, LINE_BYTES);
    say_series(c, put->series, &what);
    zw_buf_puts(&what, ", ");
    say_period(c, put->series, put->period, &what);
    fault(c, "%s: a figure of %s, of batch %lld, %s", where, zw_buf_view(&what),
          (long long)put->figure.batch, wrong);
    zw_buf_fini(&what);
}

/* ---- the file ---- */

/* Tells each row that `sql` answers with but "ok". */
static zw_status check_file(struct checking *c, const char *sql, const char *fmt, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *conn = zw_db_connection(c->store->db);
    int code = sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL);
    code = code == SQLITE_OK ? sqlite3_step(stmt) : code;
    for (; code == SQLITE_ROW; code = sqlite3_step(stmt)) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        if (text == NULL || strcmp(text, "ok") != 0) {
            fault(c, "%s: %s", fmt, text != NULL ? text : "");
        }
    }
    zw_status status = code == SQLITE_DONE ? ZW_OK : zw_db_err(c->store->db, err, sql);
    (void)sqlite3_finalize(stmt);
    return status;
}

/* ---- figures ---- */

static void check_figure(struct checking *c, const char *where, const zw_put *put)
{
    const zw_figure *figure = &put->figure;
    if (zw_deliveries_by_id(c->store->deliveries, figure->batch) == NULL) {
        say_figure(c, where, put, "a delivery that there is not");
    }
    if (!zw_store_has_texts_of(c->store, figure)) {
        say_figure(c, where, put, "has a source or note that there is not");
    }
    if (figure->status > ZW_OBS_MISSING || !isfinite(figure->value)) {
        say_figure(c, where, put, "is none that could have been taken");
    }
}

static void check_page(struct checking *c, zw_series_id series, const zw_leaf *leaf,
                       const zw_slab *page, const char *where)
{
    size_t count = 0;
    zw_put put = {.series = series};
    for (uint32_t cell = 0; cell < c->store->options.page_periods; cell++) {
        zw_figure room;
        const zw_figure *versions = NULL;
        size_t more = zw_slab_versions(page, cell, &room, &versions);
        put.period = leaf->index * (int64_t)c->store->options.page_periods + cell;
        for (size_t i = 0; i < more; i++) {
            put.figure = versions[i];
            check_figure(c, where, &put);
        }
        count += more;
    }
    if (!leaf->is_loaded && count != leaf->about.count) {
        fault(c, "%s: %zu figures, its head says %zu", where, count, leaf->about.count);
    }
    c->out->figures += count;
}

static zw_status check_leaf(struct checking *c, zw_series_id series, zw_leaf *leaf, zw_err *err)
{
    zw_columns *columns = c->store->columns;
    char where[48];
    (void)snprintf(where, sizeof(where), "page row %lld", (long long)leaf->tile->row);
    if (leaf->is_loaded) {
        check_page(c, series, leaf, &leaf->page, leaf->tile->row > 0 ? where : "journal");
        return ZW_OK;
    }
    zw_slab page;
    zw_err why = {ZW_OK, ""};
    zw_status status = zw_columns_peek(columns, series, leaf, &page, &why);
    if (status == ZW_STORE) {
        return zw_columns_lose(columns, series, leaf, err);
    }
    if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", why.text);
    }
    check_page(c, series, leaf, &page, where);
    zw_slab_fini(&page);
    return ZW_OK;
}

static void count_pages(struct checking *c)
{
    for (zw_series_id id = 0; id < zw_series_count(c->store->series); id++) {
        const zw_column *column = zw_columns_find(c->store->columns, id);
        c->all_pages += column != NULL ? column->count : 0;
    }
}

static zw_status check_pages(struct checking *c, zw_err *err)
{
    zw_status status = ZW_OK;
    count_pages(c);
    for (zw_series_id id = 0; id < zw_series_count(c->store->series); id++) {
        const zw_column *column = zw_columns_find(c->store->columns, id);
        for (size_t i = 0; status == ZW_OK && column != NULL && i < column->count; i++) {
            status = check_leaf(c, id, column->leaves[i], err);
            c->out->pages++;
            if (c->watch->on_read != NULL) {
                c->watch->on_read(c->watch->arg, c->out->pages, c->all_pages);
            }
        }
    }
    return status;
}

/* ---- the journal against the pages ---- */

/* The same figure, to the sign of its zero. */
static bool is_same(const zw_figure *a, const zw_figure *b)
{
    return a->batch == b->batch && a->known_at_ms == b->known_at_ms && a->status == b->status &&
           a->value == b->value && signbit(a->value) == signbit(b->value);
}

static bool is_known(const zw_store *store, const zw_put *put)
{
    zw_figure room;
    const zw_figure *versions = NULL;
    size_t count = zw_store_versions(store, put->series, put->period, &room, &versions);
    for (size_t i = 0; i < count; i++) {
        if (is_same(&versions[i], &put->figure)) {
            return true;
        }
    }
    return false;
}

static zw_status check_on_delivery(void *arg, const zw_delivery *delivery, zw_err *err)
{
    (void)delivery;
    (void)err;
    ((struct checking *)arg)->out->deliveries++;
    return ZW_OK;
}

static zw_status check_on_figures(void *arg, int64_t row, const zw_put *puts, size_t count,
                                  zw_err *err)
{
    (void)err;
    struct checking *c = arg;
    char where[48];
    (void)snprintf(where, sizeof(where), "journal row %lld", (long long)row);
    for (size_t i = 0; i < count; i++) {
        if (puts[i].period >= zw_columns_floor(c->store->columns, puts[i].series) &&
            !is_known(c->store, &puts[i])) {
            say_figure(c, where, &puts[i], "is in no page");
        }
    }
    zw_store_rest(c->store);
    return ZW_OK;
}

/* What is damaged was told when the store was opened. */
static zw_status check_on_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    (void)arg;
    (void)damage;
    (void)err;
    return ZW_OK;
}

static void check_on_delivered(void *arg, int64_t batch, const char *why)
{
    struct checking *c = arg;
    fault(c, "delivery %lld: %s", (long long)batch, why);
}

static zw_status check_all(struct checking *c, zw_err *err)
{
    zw_journal_reader reader = {.arg = c,
                                .on_delivery = check_on_delivery,
                                .on_figures = check_on_figures,
                                .on_damage = check_on_damage};
    zw_status status = check_file(c, "PRAGMA integrity_check", "the file", err);
    status = status == ZW_OK ? check_file(c, "PRAGMA foreign_key_check",
                                          "a row names one that there is not, in table", err)
                             : status;
    status = status == ZW_OK ? check_pages(c, err) : status;
    status = status == ZW_OK ? zw_journal_read(c->store->journal, &reader, err) : status;
    status =
        status == ZW_OK ? zw_delivered_check(c->store->db, check_on_delivered, c, err) : status;
    for (size_t i = 0; status == ZW_OK && i < zw_store_damage_count(c->store); i++) {
        say_damage(c, zw_store_damage(c->store, i));
    }
    return status;
}

zw_status zw_store_check(zw_store *store, const zw_check_watch *watch, zw_check *out, zw_err *err)
{
    zw_tz *utc = NULL;
    *out = (zw_check){0};
    zw_status status = zw_tz_create("UTC", &utc, err);
    if (status == ZW_OK) {
        struct checking checking = {
            .store = store, .watch = watch, .out = out, .utc = {.tz = utc, .reporting_month = 1}};
        status = check_all(&checking, err);
    }
    zw_tz_destroy(utc);
    return status;
}
