/**
 * The SQLite file: one connection, its lock, its schema, transactions, and the statements each room
 * keeps. WAL, synchronous=FULL: committed means on disk. Files that own a table (here, and in
 * alert/) include sqlite3.h; all go through this door.
 */
#ifndef ZW_STORE_DB_H
#define ZW_STORE_DB_H

#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

typedef struct zw_db zw_db;

typedef enum zw_db_mode {
    ZW_DB_WRITE, /* creates the file when absent, takes the writer's lock beside it */
    ZW_DB_READ   /* never writes, sees one committed state per transaction */
} zw_db_mode;

/**
 * Opens a store and brings its schema to this program's version, step by step.
 * @param path  a file, or ":memory:".
 * @return ZW_OK; ZW_CONFLICT when another process writes it; ZW_STORE for what SQLite says or a
 * file from a newer program; ZW_NOT_FOUND when ZW_DB_READ finds no file.
 */
zw_status zw_db_open(const char *path, zw_db_mode mode, zw_db **out, zw_err *err) ZW_MUST_USE;

/** NULL is allowed. Asserts that no statement is left prepared and no transaction is open. */
void zw_db_close(zw_db *db);

struct sqlite3 *zw_db_connection(zw_db *db); /* borrowed */

zw_status zw_db_begin(zw_db *db, zw_err *err) ZW_MUST_USE; /* BEGIN IMMEDIATE when writing */
zw_status zw_db_commit(zw_db *db,
                       zw_err *err) ZW_MUST_USE; /* on failure the transaction is rolled back */
void zw_db_rollback(zw_db *db);                  /* nothing open is allowed */
bool zw_db_in_transaction(const zw_db *db);

/** ZW_STORE (ZW_NOMEM for SQLITE_NOMEM) with SQLite's own words. @param doing  what was tried:
 * "insert batch". */
zw_status zw_db_err(const zw_db *db, zw_err *err, const char *doing);

/** A room's statements: prepared at first use, borrowed, given back. `sql` is static and outlives
 * it. */
typedef struct zw_stmts {
    zw_db *db; /* borrowed; must outlive this */
    const char *const *sql;
    struct sqlite3_stmt **prepared;
    size_t count;
} zw_stmts;

zw_status zw_stmts_init(zw_stmts *stmts, zw_db *db, const char *const *sql, size_t count,
                        zw_err *err) ZW_MUST_USE;
void zw_stmts_fini(zw_stmts *stmts); /* a zeroed one is allowed */
/** Prepares (persistently) when needed; asserts that it is not borrowed already. */
zw_status zw_stmts_borrow(zw_stmts *stmts, size_t which, struct sqlite3_stmt **out,
                          zw_err *err) ZW_MUST_USE;
void zw_stmts_done(struct sqlite3_stmt *stmt); /* resets and unbinds; NULL is allowed */

/** A small named number that must survive ("evaluated_ms"). @return ZW_NOT_FOUND when it was never
 * put. */
zw_status zw_db_meta_get(zw_db *db, const char *name, int64_t *out, zw_err *err) ZW_MUST_USE;
zw_status zw_db_meta_put(zw_db *db, const char *name, int64_t value, zw_err *err) ZW_MUST_USE;

#endif
