/* The remarks.
 *
 * 1. A text's number is its number in the pool and its row's id in the file; rows lie from 1 on
 *    without gaps.
 * 2. Number 0 is "", put when the pool is made and never forgotten.
 * 3. Texts are taken back newest first, so that the pool undoes by shrinking.
 */
#include "store/remarks.h"

#include "base/pool.h"
#include "store/stmts.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { LOAD, ADD, SQL_COUNT };
static const char *const remarks_sql[SQL_COUNT] = {
    [LOAD] = "SELECT id, text FROM remark ORDER BY id",
    [ADD] = "INSERT INTO remark(id, text) VALUES(?1, ?2)",
};

struct zw_remarks {
    zw_stmts stmts;
    zw_pool *texts;
};

static zw_status load_row(zw_remarks *remarks, sqlite3_stmt *stmt, zw_err *err)
{
    uint32_t next = zw_pool_count(remarks->texts);
    if (sqlite3_column_int64(stmt, 0) != (int64_t)next) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: remark %u is missing", next);
    }
    const char *text = NULL;
    zw_status status = zw_stmts_text(&remarks->stmts, stmt, 1, &text, err);
    if (status != ZW_OK) {
        return status;
    }
    uint32_t number = zw_pool_put(remarks->texts, zw_text_of(text));
    if (number == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    return number == next
               ? ZW_OK
               : zw_err_set(err, ZW_STORE, "the file is damaged: remark %u says what %u says", next,
                            number);
}

static zw_status load_rows(zw_remarks *remarks, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&remarks->stmts, LOAD, &stmt, err);
    bool has_row = status == ZW_OK;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&remarks->stmts, stmt, "read remarks", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = load_row(remarks, stmt, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status remarks_build(zw_remarks *remarks, zw_db *db, zw_err *err)
{
    zw_status status = zw_stmts_init(&remarks->stmts, db, remarks_sql, SQL_COUNT, err);
    if (status == ZW_OK) {
        status = zw_pool_create(&remarks->texts, err);
    }
    if (status == ZW_OK && zw_pool_put(remarks->texts, zw_text_of("")) == ZW_POOL_NONE) {
        status = zw_err_nomem(err);
    }
    return status == ZW_OK ? load_rows(remarks, err) : status;
}

zw_status zw_remarks_create(zw_db *db, zw_remarks **out, zw_err *err)
{
    *out = NULL;
    zw_remarks *remarks = calloc(1, sizeof *remarks);
    if (remarks == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = remarks_build(remarks, db, err);
    if (status != ZW_OK) {
        zw_remarks_destroy(remarks);
        return status;
    }
    *out = remarks;
    return ZW_OK;
}

void zw_remarks_destroy(zw_remarks *remarks)
{
    if (remarks == NULL) {
        return;
    }
    zw_pool_destroy(remarks->texts);
    zw_stmts_fini(&remarks->stmts);
    free(remarks);
}

static zw_status remark_insert(zw_remarks *remarks, uint32_t number, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&remarks->stmts, ADD, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, number);
    zw_stmts_bind_text(stmt, 2, zw_pool_text(remarks->texts, number));
    return zw_stmts_run(&remarks->stmts, stmt, "insert remark", err);
}

zw_status zw_remarks_ensure(zw_remarks *remarks, zw_text text, uint32_t *out, zw_err *err)
{
    *out = 0;
    if (zw_remarks_find(remarks, text, out)) {
        return ZW_OK;
    }
    /* The file would keep what stands before the NUL: another text when it is read again. */
    if (memchr(text.at, '\0', text.len) != NULL) {
        return zw_err_set(err, ZW_INVALID, "a text must not have a NUL in it");
    }
    /* Outside one a row would be durable at once, and no rollback would take it back. */
    if (!zw_db_in_transaction(remarks->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "no transaction is open");
    }
    uint32_t number = zw_pool_put(remarks->texts, text);
    if (number == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    zw_status status = remark_insert(remarks, number, err);
    if (status != ZW_OK) {
        zw_remarks_shrink(remarks, number);
        return status;
    }
    *out = number;
    return ZW_OK;
}

bool zw_remarks_find(const zw_remarks *remarks, zw_text text, uint32_t *out)
{
    uint32_t number = zw_pool_find(remarks->texts, text);
    if (number == ZW_POOL_NONE) {
        return false;
    }
    *out = number;
    return true;
}

const char *zw_remarks_view(const zw_remarks *remarks, uint32_t number)
{
    assert(number < zw_remarks_count(remarks));
    return zw_pool_text(remarks->texts, number);
}

uint32_t zw_remarks_count(const zw_remarks *remarks)
{
    return zw_pool_count(remarks->texts);
}

void zw_remarks_shrink(zw_remarks *remarks, uint32_t count)
{
    assert(count > 0);
    zw_pool_shrink(remarks->texts, count);
}
