/* The statements a room keeps: prepared at first use, borrowed, given back. */
#include "store/stmts.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

zw_status zw_stmts_init(zw_stmts *stmts, zw_db *db, const char *const *sql, size_t count,
                        zw_err *err)
{
    *stmts = (zw_stmts){.db = db, .sql = sql, .count = count};
    stmts->prepared = calloc(count, sizeof(sqlite3_stmt *));
    if (stmts->prepared == NULL) {
        *stmts = (zw_stmts){0};
        return zw_err_nomem(err);
    }
    return ZW_OK;
}

void zw_stmts_fini(zw_stmts *stmts)
{
    for (size_t i = 0; i < stmts->count; i++) {
        /* What it says is the last step's failure, which was reported when it happened. */
        (void)sqlite3_finalize(stmts->prepared[i]);
    }
    free((void *)stmts->prepared);
    *stmts = (zw_stmts){0};
}

zw_status zw_stmts_borrow(zw_stmts *stmts, size_t which, sqlite3_stmt **out, zw_err *err)
{
    assert(which < stmts->count);
    *out = NULL;
    sqlite3_stmt **prepared = &stmts->prepared[which];
    if (*prepared == NULL &&
        sqlite3_prepare_v3(zw_db_connection(stmts->db), stmts->sql[which], -1,
                           SQLITE_PREPARE_PERSISTENT, prepared, NULL) != SQLITE_OK) {
        return zw_db_err(stmts->db, err, stmts->sql[which]);
    }
    assert(!sqlite3_stmt_busy(*prepared));
    *out = *prepared;
    return ZW_OK;
}

void zw_stmts_done(sqlite3_stmt *stmt)
{
    if (stmt == NULL) {
        return;
    }
    (void)sqlite3_reset(stmt); /* repeats what the step said */
    (void)sqlite3_clear_bindings(stmt);
}

void zw_stmts_bind_text(sqlite3_stmt *stmt, int parameter, const char *text)
{
    int code = sqlite3_bind_text(stmt, parameter, text, -1, SQLITE_STATIC);
    assert(code == SQLITE_OK || code == SQLITE_TOOBIG);
    (void)code; /* too big leaves NULL, which the step refuses: the columns are NOT NULL */
}

zw_status zw_stmts_run(const zw_stmts *stmts, sqlite3_stmt *stmt, const char *doing, zw_err *err)
{
    zw_status status = ZW_OK;
    if (sqlite3_step(stmt) != SQLITE_DONE) {
        status = zw_db_err(stmts->db, err, doing);
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_stmts_step(const zw_stmts *stmts, sqlite3_stmt *stmt, const char *doing, bool *has_row,
                        zw_err *err)
{
    int code = sqlite3_step(stmt);
    *has_row = code == SQLITE_ROW;
    return *has_row || code == SQLITE_DONE ? ZW_OK : zw_db_err(stmts->db, err, doing);
}

zw_status zw_stmts_text(const zw_stmts *stmts, sqlite3_stmt *stmt, int column, const char **out,
                        zw_err *err)
{
    /* Asked before the text: a conversion changes the answer. */
    bool is_null = sqlite3_column_type(stmt, column) == SQLITE_NULL;
    *out = (const char *)sqlite3_column_text(stmt, column);
    if (*out != NULL) {
        return ZW_OK;
    }
    if (!is_null && sqlite3_errcode(zw_db_connection(stmts->db)) == SQLITE_NOMEM) {
        return zw_err_nomem(err);
    }
    return zw_err_set(err, ZW_STORE, "the file is damaged: %s is missing",
                      sqlite3_column_name(stmt, column));
}

zw_status zw_stmts_once(zw_db *db, const char *sql, sqlite3_stmt **out, zw_err *err)
{
    bool is_done = sqlite3_prepare_v2(zw_db_connection(db), sql, -1, out, NULL) == SQLITE_OK;
    return is_done ? ZW_OK : zw_db_err(db, err, sql);
}

zw_status zw_stmts_once_run(zw_db *db, sqlite3_stmt *stmt, const char *doing, zw_err *err)
{
    zw_status status = sqlite3_step(stmt) == SQLITE_DONE ? ZW_OK : zw_db_err(db, err, doing);
    (void)sqlite3_finalize(stmt);
    return status;
}
