/* The journal: deliveries and their observations in the file. Rows are plain; whoever changes that
 * changes this file and the schema.
 */
#include "store/journal.h"

#include "intake/batch.h"
#include "store/stmts.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

enum { DELIVER, COUNT, PUT, READ_DELIVERIES, READ_FIGURES, SQL_COUNT };
static const char *const journal_sql[SQL_COUNT] = {
    [DELIVER] = "INSERT INTO batch(id, source, name, format, digest, arrived_ms, synthetic,"
                " accepted, unchanged, revised, rejected)"
                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [COUNT] = "UPDATE batch SET accepted = ?2, unchanged = ?3, revised = ?4, rejected = ?5"
              " WHERE id = ?1",
    [PUT] = "INSERT INTO observation(batch, line, series, period, known_at_ms, value, status,"
            " synthetic, source, note) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [READ_DELIVERIES] = "SELECT id, source, name, format, digest, arrived_ms, synthetic, accepted,"
                        " unchanged, revised, rejected FROM batch ORDER BY id",
    [READ_FIGURES] =
        "SELECT id, batch, line, series, period, known_at_ms, value, status, synthetic,"
        " source, note FROM observation ORDER BY id",
};

struct zw_journal {
    zw_stmts stmts;
};

zw_status zw_journal_create(zw_db *db, zw_journal **out, zw_err *err)
{
    *out = NULL;
    zw_journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&journal->stmts, db, journal_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_journal_destroy(journal);
        return status;
    }
    *out = journal;
    return ZW_OK;
}

void zw_journal_destroy(zw_journal *journal)
{
    if (journal == NULL) {
        return;
    }
    zw_stmts_fini(&journal->stmts);
    free(journal);
}

/* SQLite ends a transaction by itself after some failures. A write after that would be durable at
 * once, so every write asks first. */
static zw_status borrow_to_write(zw_journal *journal, size_t which, sqlite3_stmt **out, zw_err *err)
{
    if (!zw_db_in_transaction(journal->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "no transaction is open");
    }
    return zw_stmts_borrow(&journal->stmts, which, out, err);
}

zw_status zw_journal_deliver(zw_journal *journal, const zw_delivery *delivery, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, DELIVER, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, delivery->id);
    zw_stmts_bind_text(stmt, 2, delivery->source);
    zw_stmts_bind_text(stmt, 3, delivery->name);
    zw_stmts_bind_text(stmt, 4, delivery->format);
    zw_stmts_bind_text(stmt, 5, delivery->digest);
    (void)sqlite3_bind_int64(stmt, 6, delivery->arrived_ms);
    (void)sqlite3_bind_int(stmt, 7, delivery->is_synthetic);
    (void)sqlite3_bind_int64(stmt, 8, delivery->accepted);
    (void)sqlite3_bind_int64(stmt, 9, delivery->unchanged);
    (void)sqlite3_bind_int64(stmt, 10, delivery->revised);
    (void)sqlite3_bind_int64(stmt, 11, delivery->rejected);
    return zw_stmts_run(&journal->stmts, stmt, "insert batch", err);
}

zw_status zw_journal_count(zw_journal *journal, const zw_delivery *delivery, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, COUNT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, delivery->id);
    (void)sqlite3_bind_int64(stmt, 2, delivery->accepted);
    (void)sqlite3_bind_int64(stmt, 3, delivery->unchanged);
    (void)sqlite3_bind_int64(stmt, 4, delivery->revised);
    (void)sqlite3_bind_int64(stmt, 5, delivery->rejected);
    return zw_stmts_run(&journal->stmts, stmt, "update batch", err);
}

zw_status zw_journal_put(zw_journal *journal, zw_series_id series, zw_period period,
                         const zw_figure *figure, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, figure->batch);
    (void)sqlite3_bind_int64(stmt, 2, figure->line);
    (void)sqlite3_bind_int64(stmt, 3, series);
    (void)sqlite3_bind_int64(stmt, 4, period);
    (void)sqlite3_bind_int64(stmt, 5, figure->known_at_ms);
    (void)sqlite3_bind_double(stmt, 6, figure->value);
    (void)sqlite3_bind_int(stmt, 7, figure->status);
    (void)sqlite3_bind_int(stmt, 8, figure->is_synthetic);
    (void)sqlite3_bind_int64(stmt, 9, figure->source);
    (void)sqlite3_bind_int64(stmt, 10, figure->note);
    return zw_stmts_run(&journal->stmts, stmt, "insert observation", err);
}

static zw_status say_damaged(const char *table, sqlite3_stmt *stmt, zw_err *err)
{
    return zw_err_set(err, ZW_STORE, "the file is damaged: %s %lld", table,
                      (long long)sqlite3_column_int64(stmt, 0));
}

/* A column that must fit 32 bits; `is_good` is cleared when it does not. */
static uint32_t column_u32(sqlite3_stmt *stmt, int column, bool *is_good)
{
    int64_t number = sqlite3_column_int64(stmt, column);
    if (number < 0 || number > UINT32_MAX) {
        *is_good = false;
        return 0;
    }
    return (uint32_t)number;
}

static zw_status read_delivery(zw_journal *journal, sqlite3_stmt *stmt,
                               const zw_journal_reader *reader, zw_err *err)
{
    bool is_good = sqlite3_column_int64(stmt, 0) > 0;
    zw_delivery delivery = {.id = sqlite3_column_int64(stmt, 0),
                            .arrived_ms = sqlite3_column_int64(stmt, 5),
                            .is_synthetic = sqlite3_column_int(stmt, 6) != 0,
                            .accepted = column_u32(stmt, 7, &is_good),
                            .unchanged = column_u32(stmt, 8, &is_good),
                            .revised = column_u32(stmt, 9, &is_good),
                            .rejected = column_u32(stmt, 10, &is_good)};
    if (!is_good) {
        return say_damaged("batch", stmt, err);
    }
    const char **texts[] = {&delivery.source, &delivery.name, &delivery.format, &delivery.digest};
    for (int i = 0; i < 4; i++) {
        zw_status status = zw_stmts_text(&journal->stmts, stmt, i + 1, texts[i], err);
        if (status != ZW_OK) {
            return status;
        }
    }
    return reader->on_delivery(reader->arg, &delivery, err);
}

static zw_status read_figure(zw_journal *journal, sqlite3_stmt *stmt,
                             const zw_journal_reader *reader, zw_err *err)
{
    (void)journal; /* the readers of rows share one shape */
    bool is_good = true;
    uint32_t status = column_u32(stmt, 7, &is_good);
    zw_series_id series = column_u32(stmt, 3, &is_good);
    zw_period period = sqlite3_column_int64(stmt, 4);
    zw_figure figure = {.value = sqlite3_column_double(stmt, 6),
                        .known_at_ms = sqlite3_column_int64(stmt, 5),
                        .batch = sqlite3_column_int64(stmt, 1),
                        .line = column_u32(stmt, 2, &is_good),
                        .source = column_u32(stmt, 9, &is_good),
                        .note = column_u32(stmt, 10, &is_good),
                        .status = (uint8_t)status,
                        .is_synthetic = sqlite3_column_int(stmt, 8) != 0};
    if (!is_good || status > ZW_OBS_MISSING || !isfinite(figure.value) || period < ZW_PERIOD_MIN ||
        period > ZW_PERIOD_MAX) {
        return say_damaged("observation", stmt, err);
    }
    return reader->on_figure(reader->arg, series, period, &figure, err);
}

static zw_status read_rows(zw_journal *journal, size_t which, const zw_journal_reader *reader,
                           zw_status (*read)(zw_journal *, sqlite3_stmt *,
                                             const zw_journal_reader *, zw_err *),
                           zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&journal->stmts, which, &stmt, err);
    bool has_row = status == ZW_OK;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&journal->stmts, stmt, "read journal", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read(journal, stmt, reader, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_journal_read(zw_journal *journal, const zw_journal_reader *reader, zw_err *err)
{
    zw_status status = read_rows(journal, READ_DELIVERIES, reader, read_delivery, err);
    if (status == ZW_OK) {
        status = read_rows(journal, READ_FIGURES, reader, read_figure, err);
    }
    return status;
}
