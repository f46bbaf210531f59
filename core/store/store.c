/* The store: the file and what is in memory, kept in step.
 *
 * 1. In memory is exactly what the file holds, the open transaction included.
 * 2. Every change since begin is either in the undo list or above the marks taken then; going back
 *    to a mark needs no memory.
 * 3. A change is first made in memory, where it can be taken back, then in the file: figures when
 *    their turn commits, when a savepoint begins, or when they fill a row of the journal.
 */
#include "store/store_inside.h"

#include "base/civil.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <string.h>

enum { SAVEPOINT, RELEASE, ROLLBACK_TO, SQL_COUNT };
static const char *const store_sql[SQL_COUNT] = {
    [SAVEPOINT] = "SAVEPOINT batch",
    [RELEASE] = "RELEASE batch",
    [ROLLBACK_TO] = "ROLLBACK TO batch",
};

zw_status zw_store_prepare(zw_store *store, zw_err *err)
{
    return zw_stmts_init(&store->stmts, store->db, store_sql, SQL_COUNT, err);
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

static zw_store_mark mark_of(const zw_store *store)
{
    return (zw_store_mark){.undo_count = store->undo_count,
                           .delivery_count = zw_deliveries_count(store->deliveries),
                           .row = store->row,
                           .remark_count = zw_remarks_count(store->remarks),
                           .series = zw_series_mark_of(store->series),
                           .items = zw_items_mark_of(store->items)};
}

static void undo_one(zw_store *store, const zw_undo *u)
{
    if (!u->is_counts) {
        zw_columns_unput(store->columns, u->of.put.series, u->of.put.period, u->of.put.known_at_ms);
        return;
    }
    zw_delivery before = {.id = u->of.counts.delivery,
                          .accepted = u->of.counts.accepted,
                          .unchanged = u->of.counts.unchanged,
                          .revised = u->of.counts.revised,
                          .rejected = u->of.counts.rejected};
    zw_deliveries_set_counts(store->deliveries, &before);
}

static void memory_back_to(zw_store *store, const zw_store_mark *to)
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
    zw_series_id count = zw_series_count(store->series);
    store->floored = store->floored < count ? store->floored : count;
}

static void turn_end(zw_store *store)
{
    store->undo_count = 0;
    store->is_in_turn = false;
    store->has_savepoint = false;
    zw_columns_rest(store->columns);
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
        zw_err ignored; /* of readings before the turn */
        status = zw_columns_trouble(store->columns, &ignored) == ZW_OK ? ZW_OK : status;
    }
    return status;
}

zw_status zw_store_commit(zw_store *store, zw_err *err)
{
    if (!store->is_in_turn) {
        return zw_err_set(err, ZW_STORE, "commit: no turn is open");
    }
    zw_status status = zw_columns_trouble(store->columns, err);
    status = status == ZW_OK ? zw_store_write_pending(store, err) : status;
    status = status == ZW_OK ? zw_store_seal(store, false, err) : status;
    status = status == ZW_OK ? zw_db_commit(store->db, err) : status;
    zw_store_seal_end(store, status == ZW_OK);
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
    zw_keeping_end(store->keeping, false);
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
    status = status == ZW_OK ? zw_store_write_pending(store, err) : status;
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
    zw_status status = zw_store_undo_reserve(store, err);
    if (status == ZW_OK) {
        status = zw_journal_count(store->journal, delivery, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    store->undos[store->undo_count++] = (zw_undo){.is_counts = true,
                                                  .of.counts = {.delivery = before->id,
                                                                .accepted = before->accepted,
                                                                .unchanged = before->unchanged,
                                                                .revised = before->revised,
                                                                .rejected = before->rejected}};
    zw_deliveries_set_counts(store->deliveries, delivery);
    return ZW_OK;
}

bool zw_store_has_sent(const zw_store *store, const char *source)
{
    return zw_deliveries_last_of(store->deliveries, source) != NULL;
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

const zw_figure *zw_store_at(const zw_store *store, zw_series_id series, zw_period period,
                             int64_t as_of_ms, zw_figure *room)
{
    return zw_columns_at(store->columns, series, period, as_of_ms, room);
}

const zw_head *zw_store_heads(const zw_store *store, size_t *count)
{
    return zw_columns_heads(store->columns, count);
}

bool zw_store_run(const zw_store *store, zw_series_id series, zw_period lo, zw_period hi,
                  int64_t as_of_ms, zw_run *out)
{
    return zw_columns_run(store->columns, series, lo, hi, as_of_ms, out);
}

size_t zw_store_versions(const zw_store *store, zw_series_id series, zw_period period,
                         zw_figure *room, const zw_figure **out)
{
    return zw_columns_versions(store->columns, series, period, room, out);
}

bool zw_store_span(const zw_store *store, zw_series_id series, zw_period *first, zw_period *last)
{
    return zw_columns_span(store->columns, series, first, last);
}

bool zw_store_first(const zw_store *store, zw_series_id series, int64_t as_of_ms, zw_period *out)
{
    return zw_columns_first(store->columns, series, as_of_ms, out);
}

size_t zw_store_learned(const zw_store *store, int64_t after_ms, int64_t upto_ms,
                        const zw_learned **out)
{
    return zw_columns_learned(store->columns, after_ms, upto_ms, out);
}

zw_period zw_store_page_start(const zw_store *store, zw_period period)
{
    int64_t span = store->options.page_periods;
    return zw_floor_div(period, span) * span;
}

zw_status zw_store_let_go(zw_store *store, const char *measure, zw_period before, int64_t now_ms,
                          zw_err *err)
{
    if (!store->is_in_turn) {
        return zw_err_set(err, ZW_STORE, "let go: no turn is open");
    }
    return zw_keeping_move(store->keeping, measure, zw_store_page_start(store, before), now_ms,
                           err);
}

bool zw_store_floor(const zw_store *store, const char *measure, zw_period *floor, int64_t *moved_ms)
{
    return zw_keeping_floor(store->keeping, measure, floor, moved_ms);
}

bool zw_store_is_shedding(const zw_store *store)
{
    return zw_columns_is_shedding(store->columns);
}

void zw_store_rest(zw_store *store)
{
    if (!store->is_in_turn) {
        zw_columns_rest(store->columns);
    }
}

zw_status zw_store_trouble(zw_store *store, zw_err *err)
{
    return zw_columns_trouble(store->columns, err);
}

int64_t zw_store_first_known_ms(const zw_store *store)
{
    int64_t figure_ms = zw_columns_first_ms(store->columns);
    int64_t item_ms = zw_items_first_known_ms(store->items);
    return figure_ms < item_ms ? figure_ms : item_ms;
}

size_t zw_store_figure_count(const zw_store *store)
{
    return zw_columns_count(store->columns);
}

int64_t zw_store_next_known_ms(const zw_store *store, int64_t after_ms)
{
    size_t first = 0;
    int64_t figure_ms = zw_columns_next_ms(store->columns, after_ms);
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
