/** What one does with a borrowed statement of `zw_stmts` (db.h): run it to its end, read its texts.
 */
#ifndef ZW_STORE_STMTS_H
#define ZW_STORE_STMTS_H

#include "base/text.h"
#include "store/db.h"

/** Binds a text without copying it: it must live until the statement is given back. */
void zw_stmts_bind_text(struct sqlite3_stmt *stmt, int parameter, const char *text);

/**
 * Runs a borrowed statement that returns no rows, and gives it back, whatever comes of it.
 * @param doing  as of zw_db_err.
 */
zw_status zw_stmts_run(const zw_stmts *stmts, struct sqlite3_stmt *stmt, const char *doing,
                       zw_err *err) ZW_MUST_USE;

/**
 * Steps a borrowed statement that returns rows. @return ZW_OK with `has_row` said, or what went
 * wrong. The statement stays borrowed.
 */
zw_status zw_stmts_step(const zw_stmts *stmts, struct sqlite3_stmt *stmt, const char *doing,
                        bool *has_row, zw_err *err) ZW_MUST_USE;

/**
 * A text of the row the statement stands on, NUL-terminated, valid until the next step.
 * @return ZW_OK; ZW_NOMEM; ZW_STORE when the file holds no text there.
 */
zw_status zw_stmts_text(const zw_stmts *stmts, struct sqlite3_stmt *stmt, int column,
                        const char **out, zw_err *err) ZW_MUST_USE;

/** Prepares a statement that is used once, to be ended by zw_stmts_once_run or sqlite3_finalize. */
zw_status zw_stmts_once(zw_db *db, const char *sql, struct sqlite3_stmt **out,
                        zw_err *err) ZW_MUST_USE;
/** Runs such a statement, which returns no rows, and finalizes it, whatever comes of it. */
zw_status zw_stmts_once_run(zw_db *db, struct sqlite3_stmt *stmt, const char *doing,
                            zw_err *err) ZW_MUST_USE;

#endif
