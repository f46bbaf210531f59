/* The rows of registers in the file. Their texts stand in them as they are: registers are small,
 * and whoever opens the file reads them without a join.
 */
#include "store/item_journal.h"

#include "base/buf.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "batch, line, register, item, area, at_ms, known_at_ms, state, fields, source, note, "         \
    "synthetic"
#define VALUES "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"

enum { PUT, READ, HOLD, READ_HELD, DROP_HELD, SQL_COUNT };
static const char *const item_sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO item_event(" COLUMNS ") " VALUES,
    [READ] = "SELECT id, " COLUMNS " FROM item_event ORDER BY id",
    [HOLD] = "INSERT INTO held_item(" COLUMNS ") " VALUES,
    [READ_HELD] = "SELECT id, " COLUMNS " FROM held_item WHERE batch = ?1 ORDER BY known_at_ms, id",
    [DROP_HELD] = "DELETE FROM held_item WHERE batch = ?1",
};

struct zw_item_journal {
    zw_stmts stmts;
    zw_buf fields;         /* of the row at hand, as the column has them */
    zw_item_field *parsed; /* pointers into it */
    size_t capacity;
};

zw_status zw_item_journal_create(zw_db *db, zw_item_journal **out, zw_err *err)
{
    *out = NULL;
    zw_item_journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        return zw_err_nomem(err);
    }
    zw_buf_init(&journal->fields, SIZE_MAX);
    zw_status status = zw_stmts_init(&journal->stmts, db, item_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_item_journal_destroy(journal);
        return status;
    }
    *out = journal;
    return ZW_OK;
}

void zw_item_journal_destroy(zw_item_journal *journal)
{
    if (journal == NULL) {
        return;
    }
    zw_stmts_fini(&journal->stmts);
    zw_buf_fini(&journal->fields);
    free(journal->parsed);
    free(journal);
}

static bool fields_write(zw_buf *out, const zw_item_row *row)
{
    zw_buf_clear(out);
    for (size_t i = 0; i < row->field_count; i++) {
        if (i > 0) {
            zw_buf_putc(out, ZW_ITEM_FIELD_SEPARATOR);
        }
        zw_buf_puts(out, row->fields[i].name);
        zw_buf_putc(out, ZW_ITEM_FIELD_EQUALS);
        zw_buf_puts(out, row->fields[i].text);
    }
    return !out->has_failed;
}

/* SQLite ends a transaction by itself after some failures. A write after that would be durable at
 * once, so every write asks first. */
static zw_status borrow_to_write(zw_item_journal *journal, size_t which, sqlite3_stmt **out,
                                 zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(journal->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "no transaction is open");
    }
    return zw_stmts_borrow(&journal->stmts, which, out, err);
}

static zw_status row_write(zw_item_journal *journal, size_t which, const zw_item_row *row,
                           zw_err *err)
{
    if (!fields_write(&journal->fields, row)) {
        return zw_err_nomem(err);
    }
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, which, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, row->batch);
    (void)sqlite3_bind_int64(stmt, 2, row->line);
    zw_stmts_bind_text(stmt, 3, row->register_name);
    zw_stmts_bind_text(stmt, 4, row->item);
    zw_stmts_bind_text(stmt, 5, row->area);
    (void)sqlite3_bind_int64(stmt, 6, row->at_ms);
    (void)sqlite3_bind_int64(stmt, 7, row->known_at_ms);
    zw_stmts_bind_text(stmt, 8, row->state);
    zw_stmts_bind_text(stmt, 9, zw_buf_view(&journal->fields));
    zw_stmts_bind_text(stmt, 10, row->source);
    zw_stmts_bind_text(stmt, 11, row->note);
    (void)sqlite3_bind_int(stmt, 12, row->is_synthetic);
    return zw_stmts_run(&journal->stmts, stmt, "insert item row", err);
}

zw_status zw_item_journal_put(zw_item_journal *journal, const zw_item_row *row, zw_err *err)
{
    return row_write(journal, PUT, row, err);
}

zw_status zw_item_journal_hold(zw_item_journal *journal, const zw_item_row *row, zw_err *err)
{
    return row_write(journal, HOLD, row, err);
}

static zw_status say_damaged(sqlite3_stmt *stmt, zw_err *err)
{
    return zw_err_set(err, ZW_STORE, "the file is damaged: item row %lld",
                      (long long)sqlite3_column_int64(stmt, 0));
}

static bool parsed_reserve(zw_item_journal *journal, size_t wanted)
{
    if (wanted <= journal->capacity) {
        return true;
    }
    zw_item_field *moved = realloc(journal->parsed, wanted * sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    journal->parsed = moved;
    journal->capacity = wanted;
    return true;
}

/* Cuts the column's text in place. */
static zw_status fields_read(zw_item_journal *journal, sqlite3_stmt *stmt, const char *text,
                             zw_item_row *row, zw_err *err)
{
    zw_buf_clear(&journal->fields);
    if (!zw_buf_puts(&journal->fields, text)) {
        return zw_err_nomem(err);
    }
    size_t count = 0;
    char *at = text[0] != '\0' ? journal->fields.data : NULL;
    while (at != NULL) {
        if (!parsed_reserve(journal, count + 1)) {
            return zw_err_nomem(err);
        }
        char *end = strchr(at, ZW_ITEM_FIELD_SEPARATOR);
        if (end != NULL) {
            *end++ = '\0';
        }
        char *equals = strchr(at, ZW_ITEM_FIELD_EQUALS);
        if (equals == NULL) {
            return say_damaged(stmt, err);
        }
        *equals = '\0';
        journal->parsed[count++] = (zw_item_field){at, equals + 1};
        at = end;
    }
    row->fields = journal->parsed;
    row->field_count = count;
    return ZW_OK;
}

static zw_status read_row(zw_item_journal *journal, sqlite3_stmt *stmt, zw_item_journal_cb on_row,
                          void *arg, zw_err *err)
{
    int64_t line = sqlite3_column_int64(stmt, 2);
    if (line < 0 || line > UINT32_MAX) {
        return say_damaged(stmt, err);
    }
    const char *fields = NULL;
    zw_item_row row = {.batch = sqlite3_column_int64(stmt, 1),
                       .line = (uint32_t)line,
                       .at_ms = sqlite3_column_int64(stmt, 6),
                       .known_at_ms = sqlite3_column_int64(stmt, 7),
                       .is_synthetic = sqlite3_column_int(stmt, 12) != 0};
    struct {
        int column;
        const char **out;
    } texts[] = {{3, &row.register_name}, {4, &row.item}, {5, &row.area},
                 {8, &row.state},         {9, &fields},   {10, &row.source},
                 {11, &row.note}};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof texts / sizeof texts[0]; i++) {
        status = zw_stmts_text(&journal->stmts, stmt, texts[i].column, texts[i].out, err);
    }
    if (status == ZW_OK) {
        status = fields_read(journal, stmt, fields, &row, err);
    }
    return status == ZW_OK ? on_row(arg, &row, err) : status;
}

/* Reads the rows of a borrowed statement and gives it back. */
static zw_status read_all(zw_item_journal *journal, sqlite3_stmt *stmt, zw_item_journal_cb on_row,
                          void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    bool has_row = true;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&journal->stmts, stmt, "read item rows", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_row(journal, stmt, on_row, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_item_journal_read(zw_item_journal *journal, zw_item_journal_cb on_row, void *arg,
                               zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&journal->stmts, READ, &stmt, err);
    return status == ZW_OK ? read_all(journal, stmt, on_row, arg, err) : status;
}

zw_status zw_item_journal_held(zw_item_journal *journal, int64_t batch, zw_item_journal_cb on_row,
                               void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&journal->stmts, READ_HELD, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    return read_all(journal, stmt, on_row, arg, err);
}

zw_status zw_item_journal_drop(zw_item_journal *journal, int64_t batch, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(journal, DROP_HELD, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    return zw_stmts_run(&journal->stmts, stmt, "delete held item rows", err);
}
