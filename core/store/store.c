/* The store: the file and what is in memory, kept in step.
 *
 * 1. In memory is exactly what the file holds, the open transaction included.
 * 2. Every change since begin is either in the undo list or above the marks taken then; going back
 *    to a mark needs no memory.
 * 3. A change is first made in memory, where it can be taken back, then in the file: figures when
 *    their turn commits, when a savepoint begins, or when they fill a row of the journal.
 */
#include "store/store.h"

#include "intake/batch.h"
#include "store/columns.h"
#include "store/deliveries.h"
#include "store/journal.h"
#include "store/remarks.h"
#include "store/series_mark.h"
#include "store/stmts.h"

#include <assert.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_UNDO = 64 };

enum { SAVEPOINT, RELEASE, ROLLBACK_TO, SQL_COUNT };
static const char *const store_sql[SQL_COUNT] = {
    [SAVEPOINT] = "SAVEPOINT batch",
    [RELEASE] = "RELEASE batch",
    [ROLLBACK_TO] = "ROLLBACK TO batch",
};

/* One change to take back: a figure that was put, or the counts a delivery had before. */
typedef struct undo {
    bool is_counts;
    union {
        struct {
            int64_t known_at_ms, batch;
            zw_period period;
            zw_series_id series;
        } put;
        struct {
            int64_t delivery;
            uint32_t accepted, unchanged, revised, rejected;
        } counts;
    } of;
} undo;

typedef struct mark {
    size_t undo_count, delivery_count;
    int64_t row;
    uint32_t remark_count;
    zw_series_mark series;
    zw_items_mark items;
} mark;

struct zw_store {
    zw_db *db;
    zw_stmts stmts;
    zw_series_set *series;
    zw_journal *journal;
    zw_deliveries *deliveries;
    zw_columns *columns;
    zw_remarks *remarks;
    zw_items *items;
    undo *undos;
    size_t undo_count, undo_capacity;
    zw_put *pending; /* put since the last row of the journal */
    size_t pending_count, pending_capacity;
    int64_t row; /* the last of the journal */
    zw_damage *damages;
    size_t damage_count;
    mark begun, saved;
    bool is_in_turn, has_savepoint;
};

static zw_status load_delivery(void *arg, const zw_delivery *delivery, zw_err *err)
{
    zw_store *store = arg;
    size_t count = zw_deliveries_count(store->deliveries);
    if (count > 0 && zw_deliveries_at(store->deliveries, count - 1)->id >= delivery->id) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: batch %lld is out of order",
                          (long long)delivery->id);
    }
    return zw_deliveries_add(store->deliveries, delivery, err);
}

static bool has_texts_of(const zw_store *store, const zw_figure *figure)
{
    uint32_t count = zw_remarks_count(store->remarks);
    return figure->source < count && figure->note < count;
}

static bool can_be(const zw_store *store, const zw_put *put)
{
    return put->series < zw_series_count(store->series) && has_texts_of(store, &put->figure) &&
           zw_deliveries_by_id(store->deliveries, put->figure.batch) != NULL;
}

static zw_status load_figures(void *arg, int64_t row, const zw_put *puts, size_t count, zw_err *err)
{
    zw_store *store = arg;
    store->row = row;
    for (size_t i = 0; i < count; i++) {
        if (!can_be(store, &puts[i])) {
            return zw_err_set(err, ZW_STORE, "a figure of series %u in batch %lld cannot be",
                              puts[i].series, (long long)puts[i].figure.batch);
        }
    }
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        zw_change change = ZW_CHANGE_NEW;
        status = zw_columns_put(store->columns, puts[i].series, puts[i].period, &puts[i].figure,
                                &change, err);
    }
    return status;
}

static zw_status load_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    zw_store *store = arg;
    zw_damage *grown = realloc(store->damages, (store->damage_count + 1) * sizeof(*store->damages));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    store->damages = grown;
    store->damages[store->damage_count++] = *damage;
    store->row = damage->row > store->row ? damage->row : store->row;
    return ZW_OK;
}

/* In one transaction, so that what is read fits together while another process writes. */
static zw_status store_load(zw_store *store, zw_err *err)
{
    zw_status status = zw_db_begin(store->db, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_series_set_create(store->db, &store->series, err);
    if (status == ZW_OK) {
        status = zw_remarks_create(store->db, &store->remarks, err);
    }
    if (status == ZW_OK) {
        status = zw_items_create(store->db, &store->items, err);
    }
    if (status == ZW_OK) {
        zw_journal_reader reader = {store, load_delivery, load_figures, load_damage};
        status = zw_journal_read(store->journal, &reader, err);
    }
    if (status != ZW_OK) {
        zw_db_rollback(store->db);
        return status;
    }
    return zw_db_commit(store->db, err);
}

static zw_status store_build(zw_store *store, const char *path, zw_db_mode mode, zw_err *err)
{
    zw_status status = zw_db_open(path, mode, &store->db, err);
    if (status == ZW_OK) {
        status = zw_stmts_init(&store->stmts, store->db, store_sql, SQL_COUNT, err);
    }
    if (status == ZW_OK) {
        status = zw_journal_create(store->db, &store->journal, err);
    }
    if (status == ZW_OK) {
        status = zw_deliveries_create(&store->deliveries, err);
    }
    if (status == ZW_OK) {
        status = zw_columns_create(&store->columns, err);
    }
    if (status == ZW_OK) {
        status = store_load(store, err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "%s", path);
        }
    }
    return status;
}

zw_status zw_store_open(const char *path, zw_db_mode mode, zw_store **out, zw_err *err)
{
    *out = NULL;
    zw_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = store_build(store, path, mode, err);
    if (status != ZW_OK) {
        zw_store_close(store);
        return zw_err_wrap(err, status, "open store");
    }
    *out = store;
    return ZW_OK;
}

void zw_store_close(zw_store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->db != NULL) {
        zw_db_rollback(store->db);
    }
    free(store->undos);
    free(store->pending);
    free(store->damages);
    zw_columns_destroy(store->columns);
    zw_deliveries_destroy(store->deliveries);
    zw_journal_destroy(store->journal);
    zw_remarks_destroy(store->remarks);
    zw_items_destroy(store->items);
    zw_series_set_destroy(store->series);
    zw_stmts_fini(&store->stmts);
    zw_db_close(store->db);
    free(store);
}

zw_db *zw_store_db(zw_store *store)
{
    return store->db;
}

zw_series_set *zw_store_series(zw_store *store)
{
    return store->series;
}

zw_items *zw_store_items(zw_store *store)
{
    return store->items;
}

static mark mark_of(const zw_store *store)
{
    return (mark){.undo_count = store->undo_count,
                  .delivery_count = zw_deliveries_count(store->deliveries),
                  .row = store->row,
                  .remark_count = zw_remarks_count(store->remarks),
                  .series = zw_series_mark_of(store->series),
                  .items = zw_items_mark_of(store->items)};
}

static void undo_one(zw_store *store, const undo *u)
{
    if (!u->is_counts) {
        zw_columns_unput(store->columns, u->of.put.series, u->of.put.period, u->of.put.known_at_ms,
                         u->of.put.batch);
        return;
    }
    zw_delivery before = {.id = u->of.counts.delivery,
                          .accepted = u->of.counts.accepted,
                          .unchanged = u->of.counts.unchanged,
                          .revised = u->of.counts.revised,
                          .rejected = u->of.counts.rejected};
    zw_deliveries_set_counts(store->deliveries, &before);
}

static void memory_back_to(zw_store *store, const mark *to)
{
    while (store->undo_count > to->undo_count) {
        undo_one(store, &store->undos[--store->undo_count]);
    }
    store->pending_count = 0; /* at a mark nothing is */
    store->row = to->row;
    zw_deliveries_shrink(store->deliveries, to->delivery_count);
    zw_remarks_shrink(store->remarks, to->remark_count);
    zw_items_back_to(store->items, to->items);
    /* The columns of series that go are empty now; whoever gets the number next gets the column. */
    zw_series_back_to(store->series, to->series);
}

static void turn_end(zw_store *store)
{
    store->undo_count = 0;
    store->is_in_turn = false;
    store->has_savepoint = false;
}

zw_status zw_store_begin(zw_store *store, zw_err *err)
{
    if (store->is_in_turn) {
        return zw_err_set(err, ZW_CONFLICT, "begin: a turn is open already");
    }
    zw_status status = zw_db_begin(store->db, err);
    if (status == ZW_OK) {
        store->is_in_turn = true;
        store->begun = mark_of(store);
    }
    return status;
}

/* Writes what was put since the last row into the journal. */
static zw_status write_pending(zw_store *store, zw_err *err)
{
    if (store->pending_count == 0) {
        return ZW_OK;
    }
    zw_status status =
        zw_journal_write(store->journal, store->row + 1, store->pending, store->pending_count, err);
    if (status == ZW_OK) {
        store->row++;
        store->pending_count = 0;
    }
    return status;
}

zw_status zw_store_commit(zw_store *store, zw_err *err)
{
    if (!store->is_in_turn) {
        return zw_err_set(err, ZW_STORE, "commit: no turn is open");
    }
    zw_status status = write_pending(store, err);
    status = status == ZW_OK ? zw_db_commit(store->db, err) : status;
    if (status != ZW_OK) {
        zw_store_rollback(store);
        return status;
    }
    zw_series_keep(store->series);
    turn_end(store);
    return ZW_OK;
}

void zw_store_rollback(zw_store *store)
{
    if (!store->is_in_turn) {
        return;
    }
    zw_db_rollback(store->db);
    memory_back_to(store, &store->begun);
    turn_end(store);
}

static zw_status store_run(zw_store *store, size_t which, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&store->stmts, which, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    return zw_stmts_run(&store->stmts, stmt, store_sql[which], err);
}

/* What a savepoint ends with is prepared before there is one: going back needs no memory of ours.
 */
static zw_status savepoint_prepare(zw_store *store, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = RELEASE; status == ZW_OK && i <= ROLLBACK_TO; i++) {
        sqlite3_stmt *stmt = NULL;
        status = zw_stmts_borrow(&store->stmts, i, &stmt, err);
        zw_stmts_done(stmt);
    }
    return status;
}

zw_status zw_store_savepoint(zw_store *store, zw_err *err)
{
    /* SQLite would open a transaction of its own for a savepoint outside one. */
    if (!store->is_in_turn || !zw_db_in_transaction(store->db)) {
        return zw_err_set(err, ZW_STORE, "savepoint: no turn is open");
    }
    if (store->has_savepoint) {
        return zw_err_set(err, ZW_CONFLICT, "savepoint: there is one already");
    }
    zw_status status = savepoint_prepare(store, err);
    status = status == ZW_OK ? write_pending(store, err) : status;
    if (status == ZW_OK) {
        status = store_run(store, SAVEPOINT, err);
    }
    if (status == ZW_OK) {
        store->has_savepoint = true;
        store->saved = mark_of(store);
    }
    return status;
}

zw_status zw_store_release(zw_store *store, zw_err *err)
{
    if (!store->has_savepoint) {
        return zw_err_set(err, ZW_STORE, "release: there is no savepoint");
    }
    zw_status status = store_run(store, RELEASE, err);
    if (status == ZW_OK) {
        store->has_savepoint = false;
    }
    return status;
}

void zw_store_rollback_to(zw_store *store)
{
    if (!store->has_savepoint) {
        return;
    }
    store->has_savepoint = false;
    memory_back_to(store, &store->saved);
    /* The savepoint outlives going back to it. When the file cannot follow, the transaction goes:
     * then nothing more is taken in this turn, and its commit fails and takes back the rest. */
    if (store_run(store, ROLLBACK_TO, NULL) != ZW_OK || store_run(store, RELEASE, NULL) != ZW_OK) {
        zw_db_rollback(store->db);
    }
}

static zw_status undo_reserve(zw_store *store, zw_err *err)
{
    if (store->undo_count < store->undo_capacity) {
        return ZW_OK;
    }
    size_t capacity = store->undo_capacity > 0 ? 2 * store->undo_capacity : FIRST_UNDO;
    undo *undos = realloc(store->undos, capacity * sizeof *undos);
    if (undos == NULL) {
        return zw_err_nomem(err);
    }
    store->undos = undos;
    store->undo_capacity = capacity;
    return ZW_OK;
}

/* Room for one figure more that is not in the journal yet. */
static zw_status pending_reserve(zw_store *store, zw_err *err)
{
    if (store->pending_count == ZW_JOURNAL_ROW_MOST) {
        return write_pending(store, err);
    }
    if (store->pending_count < store->pending_capacity) {
        return ZW_OK;
    }
    size_t capacity = store->pending_capacity > 0 ? 2 * store->pending_capacity : FIRST_UNDO;
    zw_put *pending = realloc(store->pending, capacity * sizeof(*pending));
    if (pending == NULL) {
        return zw_err_nomem(err);
    }
    store->pending = pending;
    store->pending_capacity = capacity;
    return ZW_OK;
}

zw_status zw_store_deliver(zw_store *store, zw_delivery *delivery, zw_err *err)
{
    if (!store->is_in_turn) {
        return zw_err_set(err, ZW_STORE, "deliver: no turn is open");
    }
    size_t count = zw_deliveries_count(store->deliveries);
    zw_delivery copy = *delivery;
    copy.id = count > 0 ? zw_deliveries_at(store->deliveries, count - 1)->id + 1 : 1;
    zw_status status = zw_deliveries_add(store->deliveries, &copy, err);
    if (status != ZW_OK) {
        return status;
    }
    /* What lies in the list has every text, an absent one as "". */
    status = zw_journal_deliver(store->journal, zw_deliveries_at(store->deliveries, count), err);
    if (status != ZW_OK) {
        zw_deliveries_shrink(store->deliveries, count);
        return status;
    }
    delivery->id = copy.id;
    return ZW_OK;
}

zw_status zw_store_deliver_done(zw_store *store, const zw_delivery *delivery, zw_err *err)
{
    if (!store->is_in_turn) {
        return zw_err_set(err, ZW_STORE, "deliver: no turn is open");
    }
    const zw_delivery *before = zw_deliveries_by_id(store->deliveries, delivery->id);
    if (before == NULL) {
        return zw_err_set(err, ZW_NOT_FOUND, "there is no batch %lld", (long long)delivery->id);
    }
    zw_status status = undo_reserve(store, err);
    if (status == ZW_OK) {
        status = zw_journal_count(store->journal, delivery, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    store->undos[store->undo_count++] = (undo){.is_counts = true,
                                               .of.counts = {.delivery = before->id,
                                                             .accepted = before->accepted,
                                                             .unchanged = before->unchanged,
                                                             .revised = before->revised,
                                                             .rejected = before->rejected}};
    zw_deliveries_set_counts(store->deliveries, delivery);
    return ZW_OK;
}

bool zw_store_is_repeat(const zw_store *store, const char *source, const char *digest, int64_t *id)
{
    const zw_delivery *last = zw_deliveries_last_of(store->deliveries, source);
    if (last == NULL || strcmp(last->digest, digest) != 0) {
        return false;
    }
    if (id != NULL) {
        *id = last->id;
    }
    return true;
}

size_t zw_store_delivery_count(const zw_store *store)
{
    return zw_deliveries_count(store->deliveries);
}

const zw_delivery *zw_store_delivery(const zw_store *store, size_t index)
{
    return zw_deliveries_at(store->deliveries, index);
}

const zw_delivery *zw_store_delivery_by_id(const zw_store *store, int64_t id)
{
    return zw_deliveries_by_id(store->deliveries, id);
}

zw_status zw_store_text(zw_store *store, zw_text text, uint32_t *out, zw_err *err)
{
    *out = 0;
    if (!store->is_in_turn && !zw_remarks_find(store->remarks, text, out)) {
        return zw_err_set(err, ZW_STORE, "text: no turn is open");
    }
    return zw_remarks_ensure(store->remarks, text, out, err);
}

const char *zw_store_text_view(const zw_store *store, uint32_t number)
{
    bool is_known = number < zw_remarks_count(store->remarks);
    return is_known ? zw_remarks_view(store->remarks, number) : "";
}

static zw_status put_check(const zw_store *store, zw_series_id series, zw_period period,
                           const zw_figure *figure, zw_err *err)
{
    /* SQLite ends a transaction by itself after some failures: then nothing more is taken. */
    if (!store->is_in_turn || !zw_db_in_transaction(store->db)) {
        return zw_err_set(err, ZW_STORE, "put: no turn is open");
    }
    if (series >= zw_series_count(store->series)) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no series %u", series);
    }
    if (zw_deliveries_by_id(store->deliveries, figure->batch) == NULL) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no batch %lld",
                          (long long)figure->batch);
    }
    if (figure->status > ZW_OBS_MISSING) {
        return zw_err_set(err, ZW_INVALID, "put: there is no status %u", figure->status);
    }
    if (figure->status != ZW_OBS_MISSING && !isfinite(figure->value)) {
        return zw_err_set(err, ZW_INVALID, "put: a value must be finite");
    }
    if (!has_texts_of(store, figure)) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no source %u or no note %u",
                          figure->source, figure->note);
    }
    if (period < ZW_PERIOD_MIN || period > ZW_PERIOD_MAX) {
        return zw_err_set(err, ZW_INVALID, "put: there is no period %lld", (long long)period);
    }
    return ZW_OK;
}

/* A withdrawal has no value, and zero no sign: a figure says how much, not how it was written. */
static zw_figure figure_as_stored(const zw_figure *figure)
{
    zw_figure stored = *figure;
    if (stored.status == ZW_OBS_MISSING || stored.value == 0.0) {
        stored.value = 0.0;
    }
    return stored;
}

zw_status zw_store_put(zw_store *store, zw_series_id series, zw_period period,
                       const zw_figure *figure, zw_change *change, zw_err *err)
{
    zw_status status = put_check(store, series, period, figure, err);
    if (status == ZW_OK) {
        status = undo_reserve(store, err);
    }
    if (status == ZW_OK) {
        status = pending_reserve(store, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    zw_figure stored = figure_as_stored(figure);
    status = zw_columns_put(store->columns, series, period, &stored, change, err);
    if (status != ZW_OK) {
        return status;
    }
    store->pending[store->pending_count++] = (zw_put){series, period, stored};
    store->undos[store->undo_count++] = (undo){.of.put = {.known_at_ms = stored.known_at_ms,
                                                          .batch = stored.batch,
                                                          .period = period,
                                                          .series = series}};
    return ZW_OK;
}

zw_status zw_store_put_samples(zw_store *store, const zw_sample *samples, size_t count,
                               const zw_figure *like, zw_change_counts *counts, zw_err *err)
{
    zw_figure figure = *like;
    figure.line = figure.source = figure.note = 0;
    *counts = (zw_change_counts){0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        zw_change change = ZW_CHANGE_NEW;
        figure.value = samples[i].value;
        zw_status status =
            zw_store_put(store, samples[i].series, samples[i].period, &figure, &change, err);
        if (status != ZW_OK) {
            return status;
        }
        counts->fresh += change == ZW_CHANGE_NEW ? 1 : 0;
        counts->unchanged += change == ZW_CHANGE_UNCHANGED ? 1 : 0;
        counts->revised += change == ZW_CHANGE_REVISED ? 1 : 0;
    }
    return ZW_OK;
}

const zw_figure *zw_store_at(const zw_store *store, zw_series_id series, zw_period period,
                             int64_t as_of_ms)
{
    const zw_column *column = zw_columns_find(store->columns, series);
    return column != NULL ? zw_column_at(column, period, as_of_ms) : NULL;
}

const zw_head *zw_store_heads(const zw_store *store, size_t *count)
{
    return zw_columns_heads(store->columns, count);
}

bool zw_store_run(const zw_store *store, zw_series_id series, zw_period lo, zw_period hi,
                  int64_t as_of_ms, zw_run *out)
{
    const zw_column *column = zw_columns_find(store->columns, series);
    return column != NULL && zw_column_run(column, lo, hi, as_of_ms, out);
}

size_t zw_store_versions(const zw_store *store, zw_series_id series, zw_period period,
                         const zw_figure **out)
{
    const zw_column *column = zw_columns_find(store->columns, series);
    if (column == NULL) {
        *out = NULL;
        return 0;
    }
    return zw_column_versions(column, period, out);
}

bool zw_store_span(const zw_store *store, zw_series_id series, zw_period *first, zw_period *last)
{
    const zw_column *column = zw_columns_find(store->columns, series);
    return column != NULL && zw_column_span(column, first, last);
}

size_t zw_store_learned(const zw_store *store, int64_t after_ms, int64_t upto_ms,
                        const zw_learned **out)
{
    return zw_learned_between(zw_columns_learned(store->columns), after_ms, upto_ms, out);
}

int64_t zw_store_first_known_ms(const zw_store *store)
{
    int64_t figure_ms = zw_learned_first_ms(zw_columns_learned(store->columns));
    int64_t item_ms = zw_items_first_known_ms(store->items);
    return figure_ms < item_ms ? figure_ms : item_ms;
}

size_t zw_store_figure_count(const zw_store *store)
{
    return zw_learned_count(zw_columns_learned(store->columns));
}

int64_t zw_store_next_known_ms(const zw_store *store, int64_t after_ms)
{
    const zw_learned *figures = NULL;
    size_t first = 0;
    int64_t figure_ms = zw_store_learned(store, after_ms, INT64_MAX, &figures) > 0
                            ? figures[0].known_at_ms
                            : ZW_NEVER_MS;
    int64_t item_ms = zw_items_learned(store->items, after_ms, INT64_MAX, &first) > 0
                          ? zw_items_news(store->items, first)->known_at_ms
                          : ZW_NEVER_MS;
    return figure_ms < item_ms ? figure_ms : item_ms;
}

size_t zw_store_damage_count(const zw_store *store)
{
    return store->damage_count;
}

const zw_damage *zw_store_damage(const zw_store *store, size_t number)
{
    return number < store->damage_count ? &store->damages[number] : NULL;
}
