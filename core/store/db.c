/* The SQLite file: one connection, its lock, transactions.
 *
 * 1. A connection that writes holds the lock from before its first look at the file to after its
 *    last.
 * 2. What a transaction needs to end is prepared when the file is opened: ending one never waits
 *    for memory of ours.
 */
#include "store/db.h"

#include "store/lock.h"
#include "store/schema.h"
#include "store/stmts.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 5000 };

enum { BEGIN, COMMIT, ROLLBACK, META_GET, META_PUT, SQL_COUNT };
static const char *const write_sql[SQL_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [META_GET] = "SELECT value FROM meta WHERE name = ?1",
    [META_PUT] = "INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)",
};
static const char *const read_sql[SQL_COUNT] = {
    [BEGIN] = "BEGIN",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [META_GET] = "SELECT value FROM meta WHERE name = ?1",
    [META_PUT] = "INSERT OR REPLACE INTO meta(name, value) VALUES(?1, ?2)",
};

struct zw_db {
    sqlite3 *conn;
    zw_lock *lock; /* NULL when reading, and in memory */
    zw_stmts stmts;
};

static bool path_is_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

static zw_status db_connect(zw_db *db, const char *path, zw_db_mode mode, zw_err *err)
{
    if (path[0] == '\0') {
        return zw_err_set(err, ZW_INVALID, "a store needs a path");
    }
    if (mode == ZW_DB_READ &&
        (path_is_memory(path) || (access(path, F_OK) != 0 && errno == ENOENT))) {
        return zw_err_set(err, ZW_NOT_FOUND, "there is no store %s", path);
    }
    int flags =
        mode == ZW_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &db->conn, flags, NULL) != SQLITE_OK) {
        return zw_db_err(db, err, path);
    }
    sqlite3_extended_result_codes(db->conn, 1);
    sqlite3_busy_timeout(db->conn, BUSY_MS);
    if (mode == ZW_DB_READ || path_is_memory(path)) {
        return ZW_OK;
    }
    /* SQLite's name of the file: absolute, symbolic links followed, so that each way to it meets
     * the same lock. */
    return zw_lock_take(sqlite3_db_filename(db->conn, "main"), &db->lock, err);
}

/* The page size and auto_vacuum count for a new file only, and must come before anything is written
 * to it. Figures lie in BLOBs of many pages, whose last is not filled, and every table begins with
 * one: small pages waste less. */
static zw_status db_settle(zw_db *db, const char *path, zw_db_mode mode, zw_err *err)
{
    static const char of_new[] = "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL";
    static const char pragmas[] = "PRAGMA synchronous = FULL;"
                                  "PRAGMA foreign_keys = ON;"
                                  "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cell_size_check = ON;";
    if ((mode == ZW_DB_WRITE && sqlite3_exec(db->conn, of_new, NULL, NULL, NULL) != SQLITE_OK) ||
        sqlite3_exec(db->conn, pragmas, NULL, NULL, NULL) != SQLITE_OK) {
        return zw_db_err(db, err, path);
    }
    return ZW_OK;
}

/* After the schema: a file that is refused there keeps its journal mode. */
static zw_status db_go_wal(zw_db *db, const char *path, zw_err *err)
{
    const char *wanted = path_is_memory(path) ? "memory" : "wal";
    sqlite3_stmt *stmt = NULL;
    bool is_wal = false;
    int code = sqlite3_prepare_v2(db->conn, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    if (code == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(stmt, 0);
        is_wal = mode != NULL && strcmp(mode, wanted) == 0;
    }
    zw_status status = ZW_OK;
    if (code != SQLITE_ROW) {
        status = zw_db_err(db, err, path);
    } else if (!is_wal) {
        status =
            zw_err_set(err, ZW_STORE, "%s: this file system cannot keep a write-ahead log", path);
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

/* Promise 2. Anew, because pragmas and new tables expire what was prepared before them, and running
 * an expired statement prepares it again. */
static zw_status db_prepare(zw_db *db, zw_db_mode mode, zw_err *err)
{
    zw_stmts_fini(&db->stmts);
    zw_status status =
        zw_stmts_init(&db->stmts, db, mode == ZW_DB_READ ? read_sql : write_sql, SQL_COUNT, err);
    for (size_t i = BEGIN; status == ZW_OK && i <= ROLLBACK; i++) {
        sqlite3_stmt *stmt = NULL;
        status = zw_stmts_borrow(&db->stmts, i, &stmt, err);
        zw_stmts_done(stmt);
    }
    return status;
}

static zw_status db_build(zw_db *db, const char *path, zw_db_mode mode, zw_err *err)
{
    zw_status status = db_connect(db, path, mode, err);
    if (status == ZW_OK) {
        status = db_settle(db, path, mode, err);
    }
    if (status == ZW_OK) {
        status = db_prepare(db, mode, err);
    }
    if (status == ZW_OK) {
        status = zw_schema_upgrade(db, err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "%s", path);
        }
    }
    if (status == ZW_OK && mode == ZW_DB_WRITE) {
        status = db_go_wal(db, path, err);
    }
    if (status == ZW_OK) {
        status = db_prepare(db, mode, err);
    }
    return status;
}

static void db_destroy(zw_db *db)
{
    zw_stmts_fini(&db->stmts);
    if (db->conn != NULL) { /* a failed open leaves one too, unless memory ran out */
        assert(sqlite3_next_stmt(db->conn, NULL) == NULL);
        (void)sqlite3_close(db->conn);
    }
    zw_lock_release(db->lock);
    free(db);
}

zw_status zw_db_open(const char *path, zw_db_mode mode, zw_db **out, zw_err *err)
{
    *out = NULL;
    zw_db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = db_build(db, path, mode, err);
    if (status != ZW_OK) {
        db_destroy(db); /* rolls back what a failed upgrade could not */
        return status;
    }
    *out = db;
    return ZW_OK;
}

void zw_db_close(zw_db *db)
{
    if (db == NULL) {
        return;
    }
    assert(!zw_db_in_transaction(db));
    db_destroy(db);
}

sqlite3 *zw_db_connection(zw_db *db)
{
    return db->conn;
}

static zw_status db_run(zw_db *db, size_t which, const char *doing, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&db->stmts, which, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    return zw_stmts_run(&db->stmts, stmt, doing, err);
}

zw_status zw_db_begin(zw_db *db, zw_err *err)
{
    if (zw_db_in_transaction(db)) {
        return zw_err_set(err, ZW_STORE, "begin: a transaction is open already");
    }
    zw_status status = db_run(db, BEGIN, "begin", err);
    if (status != ZW_OK) {
        zw_db_rollback(db); /* without memory SQLite may have begun and say that it failed */
    }
    return status;
}

zw_status zw_db_commit(zw_db *db, zw_err *err)
{
    zw_status status = db_run(db, COMMIT, "commit", err);
    if (status != ZW_OK) {
        zw_db_rollback(db); /* SQLite leaves it open after some failures, not after others */
    }
    return status;
}

void zw_db_rollback(zw_db *db)
{
    if (zw_db_in_transaction(db)) {
        /* However it ends, SQLite has closed the transaction: there is nothing to tell. */
        (void)db_run(db, ROLLBACK, "roll back", NULL);
    }
}

bool zw_db_in_transaction(const zw_db *db)
{
    return !sqlite3_get_autocommit(db->conn);
}

zw_status zw_db_err(const zw_db *db, zw_err *err, const char *doing)
{
    int code = sqlite3_extended_errcode(db->conn);
    if ((code & 0xFF) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
        return zw_err_nomem(err);
    }
    return zw_err_set(err, ZW_STORE, "%s: %s", doing, sqlite3_errmsg(db->conn));
}

zw_status zw_db_meta_get(zw_db *db, const char *name, int64_t *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&db->stmts, META_GET, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, name);
    bool has_row = false;
    status = zw_stmts_step(&db->stmts, stmt, "read meta", &has_row, err);
    if (status == ZW_OK && has_row) {
        *out = sqlite3_column_int64(stmt, 0);
    } else if (status == ZW_OK) {
        status = zw_err_set(err, ZW_NOT_FOUND, "%s was never put", name);
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_db_meta_put(zw_db *db, const char *name, int64_t value, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&db->stmts, META_PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, name);
    (void)sqlite3_bind_int64(stmt, 2, value);
    return zw_stmts_run(&db->stmts, stmt, "write meta", err);
}
