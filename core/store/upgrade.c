/* What an upgrade of the schema does that SQL alone cannot. */
#include "store/upgrade.h"

#include "intake/batch.h"
#include "store/journal.h"
#include "store/stmts.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

static const char *const upgrade_sql[] = {
    "SELECT id, batch, line, series, period, known_at_ms, value, status, synthetic, source, note"
    " FROM observation ORDER BY id"};

/* Rows on their way from one table to the other. */
struct move {
    zw_journal *journal;
    int64_t row;
    size_t count;
    zw_put puts[ZW_JOURNAL_ROW_MOST];
};

static zw_status flush(struct move *move, zw_err *err)
{
    size_t count = move->count;
    move->count = 0;
    return count > 0 ? zw_journal_write(move->journal, ++move->row, move->puts, count, err) : ZW_OK;
}

/* A column that must fit 32 bits; `is_good` is cleared when it does not. */
static uint32_t column_u32(sqlite3_stmt *stmt, int column, bool *is_good)
{
    int64_t number = sqlite3_column_int64(stmt, column);
    *is_good = *is_good && number >= 0 && number <= UINT32_MAX;
    return (uint32_t)number;
}

static zw_status take(struct move *move, sqlite3_stmt *stmt, zw_err *err)
{
    bool is_good = true;
    uint32_t status = column_u32(stmt, 7, &is_good);
    zw_put put = {.series = column_u32(stmt, 3, &is_good),
                  .period = sqlite3_column_int64(stmt, 4),
                  .figure = {.value = sqlite3_column_double(stmt, 6),
                             .known_at_ms = sqlite3_column_int64(stmt, 5),
                             .batch = sqlite3_column_int64(stmt, 1),
                             .line = column_u32(stmt, 2, &is_good),
                             .source = column_u32(stmt, 9, &is_good),
                             .note = column_u32(stmt, 10, &is_good),
                             .status = (uint8_t)status,
                             .is_synthetic = sqlite3_column_int(stmt, 8) != 0}};
    if (!is_good || status > ZW_OBS_MISSING || !isfinite(put.figure.value) ||
        put.period < ZW_PERIOD_MIN || put.period > ZW_PERIOD_MAX) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: observation %lld",
                          (long long)sqlite3_column_int64(stmt, 0));
    }
    move->puts[move->count++] = put;
    return move->count == ZW_JOURNAL_ROW_MOST ? flush(move, err) : ZW_OK;
}

static zw_status move_rows(struct move *move, zw_stmts *stmts, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(stmts, 0, &stmt, err);
    bool has_row = status == ZW_OK;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(stmts, stmt, "read observations", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = take(move, stmt, err);
        }
    }
    zw_stmts_done(stmt);
    return status == ZW_OK ? flush(move, err) : status;
}

zw_status zw_upgrade_observations(zw_db *db, zw_err *err)
{
    zw_stmts stmts = {0};
    struct move *move = calloc(1, sizeof(*move));
    if (move == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_journal_create(db, &move->journal, err);
    status = status == ZW_OK ? zw_stmts_init(&stmts, db, upgrade_sql, 1, err) : status;
    status = status == ZW_OK ? move_rows(move, &stmts, err) : status;
    zw_stmts_fini(&stmts);
    zw_journal_destroy(move->journal);
    free(move);
    return status;
}
