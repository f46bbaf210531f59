/* The journal: deliveries and their figures in the file.
 *
 * A row of figures has a head (the checksum; then count, and the least and greatest series and
 * period) and a body (the checksum; then the figures, see rows.h). The head is by itself, so that
 * a row whose body is damaged can still say what is lost.
 */
#include "store/journal.h"

#include "store/rows.h"
#include "store/stmts.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

enum { SUM_BYTES = 4, HEAD_BYTES = 64, BODY_BYTES = 64 * 1024 * 1024 };
enum { DELIVER, COUNT, WRITE, DROP, READ_DELIVERIES, READ_FIGURES, SQL_COUNT };
static const char *const journal_sql[SQL_COUNT] = {
    [DELIVER] = "INSERT INTO batch(id, source, name, format, digest, arrived_ms, synthetic,"
                " accepted, unchanged, revised, rejected)"
                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [COUNT] = "UPDATE batch SET accepted = ?2, unchanged = ?3, revised = ?4, rejected = ?5"
              " WHERE id = ?1",
    [WRITE] = "INSERT INTO journal(id, head, body) VALUES(?1, ?2, ?3)",
    [DROP] = "DELETE FROM journal WHERE id >= ?1 AND id < ?2",
    [READ_DELIVERIES] = "SELECT id, source, name, format, digest, arrived_ms, synthetic, accepted,"
                        " unchanged, revised, rejected FROM batch ORDER BY id",
    [READ_FIGURES] = "SELECT id, head, body FROM journal ORDER BY id",
};

struct zw_journal {
    zw_stmts stmts;
    zw_buf body;  /* of the row that is written */
    zw_put *puts; /* of the row that is read; room for ZW_JOURNAL_ROW_MOST while reading */
};

/* What figures are about. */
struct head {
    size_t count;
    zw_series_id first_series, last_series;
    zw_period first_period, last_period;
};

zw_status zw_journal_create(zw_db *db, zw_journal **out, zw_err *err)
{
    *out = NULL;
    zw_journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        return zw_err_nomem(err);
    }
    zw_buf_init(&journal->body, BODY_BYTES);
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
    zw_buf_fini(&journal->body);
    free(journal->puts);
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

static struct head head_of(const zw_put *puts, size_t count)
{
    struct head head = {count, puts[0].series, puts[0].series, puts[0].period, puts[0].period};
    for (size_t i = 1; i < count; i++) {
        zw_series_id series = puts[i].series;
        zw_period period = puts[i].period;
        head.first_series = series < head.first_series ? series : head.first_series;
        head.last_series = series > head.last_series ? series : head.last_series;
        head.first_period = period < head.first_period ? period : head.first_period;
        head.last_period = period > head.last_period ? period : head.last_period;
    }
    return head;
}

/* Writes the checksum of what follows it into the room left for it. */
static void seal(zw_buf *buf)
{
    if (!buf->has_failed) {
        uint32_t sum = zw_wire_sum(buf->data + SUM_BYTES, buf->len - SUM_BYTES);
        for (size_t i = 0; i < SUM_BYTES; i++) {
            buf->data[i] = (char)(sum >> (8 * i) & 0xFF);
        }
    }
}

static void write_head(zw_buf *out, const struct head *head)
{
    zw_wire_put_fixed(out, 0, SUM_BYTES);
    zw_wire_put(out, head->count);
    zw_wire_put(out, head->first_series);
    zw_wire_put(out, head->last_series);
    zw_wire_put_signed(out, head->first_period);
    zw_wire_put_signed(out, head->last_period);
    seal(out);
}

static zw_status bind_and_run(zw_journal *journal, int64_t row, const zw_buf *head, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, WRITE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, row);
    (void)sqlite3_bind_blob(stmt, 2, head->data, (int)head->len, SQLITE_STATIC);
    (void)sqlite3_bind_blob(stmt, 3, journal->body.data, (int)journal->body.len, SQLITE_STATIC);
    return zw_stmts_run(&journal->stmts, stmt, "insert journal", err);
}

zw_status zw_journal_write(zw_journal *journal, int64_t row, const zw_put *puts, size_t count,
                           zw_err *err)
{
    assert(count > 0 && count <= ZW_JOURNAL_ROW_MOST);
    struct head about = head_of(puts, count);
    zw_buf head;
    zw_buf_init(&head, HEAD_BYTES);
    write_head(&head, &about);
    zw_buf_clear(&journal->body);
    zw_wire_put_fixed(&journal->body, 0, SUM_BYTES);
    zw_rows_put(&journal->body, puts, count);
    seal(&journal->body);
    zw_status status = head.has_failed || journal->body.has_failed
                           ? zw_err_nomem(err)
                           : bind_and_run(journal, row, &head, err);
    zw_buf_fini(&head);
    return status;
}

zw_status zw_journal_drop(zw_journal *journal, int64_t first, int64_t end, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, DROP, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, first);
    (void)sqlite3_bind_int64(stmt, 2, end);
    return zw_stmts_run(&journal->stmts, stmt, "delete journal", err);
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

/* A BLOB of the row the statement stands on, behind its checksum; bad when that is another. */
static zw_wire open_blob(sqlite3_stmt *stmt, int column)
{
    const uint8_t *at = sqlite3_column_blob(stmt, column);
    int len = sqlite3_column_bytes(stmt, column);
    if (at == NULL || len < SUM_BYTES) {
        return (zw_wire){NULL, NULL, true};
    }
    zw_wire whole = {at, at + len, false};
    uint64_t sum = zw_wire_take_fixed(&whole, SUM_BYTES);
    whole.is_bad = sum != zw_wire_sum(whole.at, zw_wire_left(&whole));
    return whole;
}

static bool read_head(sqlite3_stmt *stmt, struct head *out)
{
    zw_wire from = open_blob(stmt, 1);
    out->count = zw_wire_take_upto(&from, ZW_JOURNAL_ROW_MOST);
    out->first_series = (zw_series_id)zw_wire_take_upto(&from, UINT32_MAX);
    out->last_series = (zw_series_id)zw_wire_take_upto(&from, UINT32_MAX);
    out->first_period = zw_wire_take_signed(&from);
    out->last_period = zw_wire_take_signed(&from);
    return !from.is_bad && out->count > 0;
}

static zw_status read_figures(zw_journal *journal, sqlite3_stmt *stmt,
                              const zw_journal_reader *reader, zw_err *err)
{
    int64_t row = sqlite3_column_int64(stmt, 0);
    struct head head = {0};
    zw_err why = {ZW_OK, ""};
    bool has_head = read_head(stmt, &head);
    zw_wire from = open_blob(stmt, 2);
    if (has_head) {
        zw_rows_take(&from, journal->puts, head.count);
    }
    if (has_head && !from.is_bad && zw_wire_left(&from) == 0) {
        zw_status status = reader->on_figures(reader->arg, row, journal->puts, head.count, &why);
        if (status != ZW_STORE) {
            return status == ZW_OK ? ZW_OK : zw_err_set(err, status, "%s", why.text);
        }
    }
    zw_damage damage = {.table = "journal",
                        .row = row,
                        .is_known = has_head,
                        .first_series = head.first_series,
                        .last_series = head.last_series,
                        .first_period = head.first_period,
                        .last_period = head.last_period,
                        .figures = head.count};
    return reader->on_damage(reader->arg, &damage, err);
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
        journal->puts = calloc(ZW_JOURNAL_ROW_MOST, sizeof(zw_put));
        status = journal->puts != NULL ? read_rows(journal, READ_FIGURES, reader, read_figures, err)
                                       : zw_err_nomem(err);
        free(journal->puts);
        journal->puts = NULL;
    }
    return status;
}
