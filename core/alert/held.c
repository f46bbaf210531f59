/*
 * What guards hold: the tables held and held_row, and through the items' journal held_item.
 *
 * 1. A held delivery is in `held` from the transaction that kept it; ended_ms is set once.
 * 2. It has rows in held_row and held_item only while it is held.
 */
#include "alert/held.h"

#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define ROW_COLUMNS                                                                                \
    "line, measure, area, dims, scope, source, note, period, value, known_at_ms, status,"          \
    " synthetic"

enum { KEEP, PUT, END, CLEAR, STATE, FIND, ROWS, SQL_COUNT };
static const char *const held_sql[SQL_COUNT] = {
    [KEEP] = "INSERT INTO held(batch) VALUES(?1)",
    [PUT] = "INSERT INTO held_row(" ROW_COLUMNS ", batch)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    [END] = "UPDATE held SET ended_ms = ?2, outcome = ?3, released_as = ?4 WHERE batch = ?1",
    [CLEAR] = "DELETE FROM held_row WHERE batch = ?1",
    [STATE] = "SELECT ended_ms, outcome, released_as FROM held WHERE batch = ?1",
    [FIND] = "SELECT b.id FROM held AS h JOIN batch AS b ON b.id = h.batch"
             " WHERE h.ended_ms IS NULL AND b.source = ?1 AND b.digest = ?2",
    [ROWS] = "SELECT " ROW_COLUMNS " FROM held_row WHERE batch = ?1 ORDER BY known_at_ms, id",
};

struct zw_held {
    zw_stmts stmts;
    zw_item_journal *items;
};

const char *zw_held_text(zw_held_is is)
{
    static const char *const texts[] = {[ZW_HELD_NOT] = "",
                                        [ZW_HELD_STILL] = "held",
                                        [ZW_HELD_RELEASED] = "released",
                                        [ZW_HELD_REFUSED] = "refused"};
    return texts[is];
}

zw_status zw_held_create(zw_db *db, zw_held **out, zw_err *err)
{
    *out = NULL;
    zw_held *held = calloc(1, sizeof *held);
    if (held == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&held->stmts, db, held_sql, SQL_COUNT, err);
    status = status == ZW_OK ? zw_item_journal_create(db, &held->items, err) : status;
    if (status != ZW_OK) {
        zw_held_destroy(held);
        return status;
    }
    *out = held;
    return ZW_OK;
}

void zw_held_destroy(zw_held *held)
{
    if (held == NULL) {
        return;
    }
    zw_item_journal_destroy(held->items);
    zw_stmts_fini(&held->stmts);
    free(held);
}

/* SQLite ends a transaction by itself after some failures; a write after that would be durable at
 * once. */
static zw_status borrow_to_write(zw_held *held, size_t which, sqlite3_stmt **out, zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(held->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "held: no transaction is open");
    }
    return zw_stmts_borrow(&held->stmts, which, out, err);
}

zw_status zw_held_keep(zw_held *held, int64_t batch, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(held, KEEP, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    return zw_stmts_run(&held->stmts, stmt, "insert held", err);
}

zw_status zw_held_put(zw_held *held, int64_t batch, const zw_held_row *row, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(held, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *const texts[] = {row->measure, row->area, row->dims,  row->scope,
                                 row->source,  row->note, row->period};
    (void)sqlite3_bind_int64(stmt, 1, row->line);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        zw_stmts_bind_text(stmt, (int)i + 2, texts[i]);
    }
    (void)sqlite3_bind_double(stmt, 9, row->value);
    (void)sqlite3_bind_int64(stmt, 10, row->known_at_ms);
    (void)sqlite3_bind_int(stmt, 11, row->status);
    (void)sqlite3_bind_int(stmt, 12, row->is_synthetic);
    (void)sqlite3_bind_int64(stmt, 13, batch);
    return zw_stmts_run(&held->stmts, stmt, "insert held row", err);
}

zw_status zw_held_put_item(zw_held *held, const zw_item_row *row, zw_err *err)
{
    return zw_item_journal_hold(held->items, row, err);
}

static zw_status clear(zw_held *held, int64_t batch, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(held, CLEAR, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    status = zw_stmts_run(&held->stmts, stmt, "delete held rows", err);
    return status == ZW_OK ? zw_item_journal_drop(held->items, batch, err) : status;
}

zw_status zw_held_end(zw_held *held, int64_t batch, int64_t at_ms, int64_t released_as, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(held, END, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    (void)sqlite3_bind_int64(stmt, 2, at_ms);
    zw_stmts_bind_text(stmt, 3,
                       zw_held_text(released_as != 0 ? ZW_HELD_RELEASED : ZW_HELD_REFUSED));
    if (released_as != 0) {
        (void)sqlite3_bind_int64(stmt, 4, released_as);
    }
    status = zw_stmts_run(&held->stmts, stmt, "end held", err);
    return status == ZW_OK ? clear(held, batch, err) : status;
}

/* The state that a row of `held` says. */
static zw_status read_state(zw_held *held, sqlite3_stmt *stmt, zw_held_state *out, zw_err *err)
{
    const char *outcome = NULL;
    if (sqlite3_column_type(stmt, 0) == SQLITE_NULL) {
        out->is = ZW_HELD_STILL;
        return ZW_OK;
    }
    zw_status status = zw_stmts_text(&held->stmts, stmt, 1, &outcome, err);
    if (status == ZW_OK) {
        bool is_released = strcmp(outcome, zw_held_text(ZW_HELD_RELEASED)) == 0;
        out->is = is_released ? ZW_HELD_RELEASED : ZW_HELD_REFUSED;
        out->ended_ms = sqlite3_column_int64(stmt, 0);
        out->released_as = sqlite3_column_int64(stmt, 2);
    }
    return status;
}

zw_status zw_held_state_of(zw_held *held, int64_t batch, zw_held_state *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *out = (zw_held_state){.is = ZW_HELD_NOT, .ended_ms = ZW_NEVER_MS};
    zw_status status = zw_stmts_borrow(&held->stmts, STATE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    status = zw_stmts_step(&held->stmts, stmt, "read held", &has_row, err);
    if (status == ZW_OK && has_row) {
        status = read_state(held, stmt, out, err);
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_held_find(zw_held *held, const char *source, const char *digest, int64_t *batch,
                       zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *batch = 0;
    zw_status status = zw_stmts_borrow(&held->stmts, FIND, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, source);
    zw_stmts_bind_text(stmt, 2, digest);
    status = zw_stmts_step(&held->stmts, stmt, "find held", &has_row, err);
    if (status == ZW_OK && has_row) {
        *batch = sqlite3_column_int64(stmt, 0);
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status pass_row(const zw_held *held, sqlite3_stmt *stmt, zw_held_each each, void *arg,
                          zw_err *err)
{
    zw_held_row row = {.line = (uint32_t)sqlite3_column_int64(stmt, 0),
                       .value = sqlite3_column_double(stmt, 8),
                       .known_at_ms = sqlite3_column_int64(stmt, 9),
                       .status = sqlite3_column_int(stmt, 10),
                       .is_synthetic = sqlite3_column_int(stmt, 11) != 0};
    const char **const texts[] = {&row.measure, &row.area, &row.dims,  &row.scope,
                                  &row.source,  &row.note, &row.period};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof texts / sizeof texts[0]; i++) {
        status = zw_stmts_text(&held->stmts, stmt, (int)i + 1, texts[i], err);
    }
    return status == ZW_OK ? each(arg, &row, err) : status;
}

zw_status zw_held_rows(zw_held *held, int64_t batch, zw_held_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    zw_status status = zw_stmts_borrow(&held->stmts, ROWS, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    do {
        status = zw_stmts_step(&held->stmts, stmt, "read held rows", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = pass_row(held, stmt, each, arg, err);
        }
    } while (status == ZW_OK && has_row);
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_held_items(zw_held *held, int64_t batch, zw_item_journal_cb each, void *arg,
                        zw_err *err)
{
    return zw_item_journal_held(held->items, batch, each, arg, err);
}
