/*
 * Objections: the table objection.
 *
 * 1. A row's texts and moments never change, but for ended_ms, which is set once.
 * 2. It stands in [at_ms, ended_ms): what a guard's alert is as of a moment follows from the rows
 *    alone, however history is replayed.
 */
#include "alert/objection.h"

#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>

#define COLUMNS                                                                                    \
    "o.batch, o.guard, o.area, o.period, o.severity, o.at_ms, o.ended_ms, o.say_en, o.say_zh,"     \
    " o.value, o.synthetic, CASE WHEN h.batch IS NULL THEN NULL ELSE"                              \
    " iif(h.ended_ms <= ?9, h.outcome, '') END FROM objection AS o"                                \
    " LEFT JOIN held AS h ON h.batch = o.batch"

enum { PUT, END, CALM, AT, SPOKEN, OF_BATCH, SQL_COUNT };
static const char *const objection_sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO objection(batch, guard, area, period, severity, at_ms, say_en, say_zh,"
            " value, synthetic) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [END] = "UPDATE objection SET ended_ms = ?2 WHERE batch = ?1 AND ended_ms IS NULL",
    [CALM] = "UPDATE objection SET ended_ms = ?3 WHERE guard = ?1 AND area = ?2"
             " AND ended_ms IS NULL AND batch NOT IN (SELECT batch FROM held)",
    [AT] = "SELECT severity, at_ms, ended_ms FROM objection WHERE guard = ?1 AND area = ?2"
           " AND (ended_ms IS NULL OR ended_ms > ?3)",
    [SPOKEN] = "SELECT " COLUMNS " WHERE o.guard = ?1 AND o.area = ?2 AND o.at_ms <= ?9"
               " ORDER BY (o.ended_ms IS NULL OR o.ended_ms > ?9) DESC,"
               " iif(o.ended_ms <= ?9, 0, o.severity) DESC, o.at_ms DESC, o.id DESC LIMIT 1",
    [OF_BATCH] = "SELECT " COLUMNS " WHERE o.batch = ?1 ORDER BY o.id",
};

struct zw_objections {
    zw_stmts stmts;
};

zw_status zw_objections_create(zw_db *db, zw_objections **out, zw_err *err)
{
    *out = NULL;
    zw_objections *objections = calloc(1, sizeof *objections);
    if (objections == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&objections->stmts, db, objection_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_objections_destroy(objections);
        return status;
    }
    *out = objections;
    return ZW_OK;
}

void zw_objections_destroy(zw_objections *objections)
{
    if (objections == NULL) {
        return;
    }
    zw_stmts_fini(&objections->stmts);
    free(objections);
}

/* SQLite ends a transaction by itself after some failures; a write after that would be durable at
 * once. */
static zw_status borrow_to_write(zw_objections *objections, size_t which, sqlite3_stmt **out,
                                 zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(objections->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "objections: no transaction is open");
    }
    return zw_stmts_borrow(&objections->stmts, which, out, err);
}

zw_status zw_objections_put(zw_objections *objections, const zw_objection *objection, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(objections, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, objection->batch);
    zw_stmts_bind_text(stmt, 2, objection->guard);
    zw_stmts_bind_text(stmt, 3, objection->area);
    zw_stmts_bind_text(stmt, 4, objection->period);
    (void)sqlite3_bind_int(stmt, 5, (int)objection->severity);
    (void)sqlite3_bind_int64(stmt, 6, objection->at_ms);
    zw_stmts_bind_text(stmt, 7, objection->say_en);
    zw_stmts_bind_text(stmt, 8, objection->say_zh);
    zw_stmts_bind_text(stmt, 9, objection->value);
    (void)sqlite3_bind_int(stmt, 10, objection->is_synthetic);
    return zw_stmts_run(&objections->stmts, stmt, "insert objection", err);
}

zw_status zw_objections_end(zw_objections *objections, int64_t batch, int64_t at_ms, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(objections, END, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    (void)sqlite3_bind_int64(stmt, 2, at_ms);
    return zw_stmts_run(&objections->stmts, stmt, "end objections", err);
}

zw_status zw_objections_calm(zw_objections *objections, const char *guard, const char *area,
                             int64_t at_ms, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(objections, CALM, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, guard);
    zw_stmts_bind_text(stmt, 2, area);
    (void)sqlite3_bind_int64(stmt, 3, at_ms);
    return zw_stmts_run(&objections->stmts, stmt, "end warnings", err);
}

static int64_t moment_of(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? ZW_NEVER_MS
                                                            : sqlite3_column_int64(stmt, column);
}

/* A number that a severity is stored as; what is none is taken as the worst. */
static zw_severity severity_of(sqlite3_stmt *stmt, int column)
{
    int number = sqlite3_column_int(stmt, column);
    return number >= 0 && number < ZW_SEVERITY_COUNT ? (zw_severity)number : ZW_CRITICAL;
}

static void take_standing(sqlite3_stmt *stmt, int64_t at_ms, zw_objected *out)
{
    int64_t begins_ms = sqlite3_column_int64(stmt, 1);
    int64_t changes_ms = begins_ms > at_ms ? begins_ms : moment_of(stmt, 2);
    if (begins_ms <= at_ms) {
        out->stands[severity_of(stmt, 0)] = true;
    }
    out->next_ms = changes_ms < out->next_ms ? changes_ms : out->next_ms;
}

zw_status zw_objections_at(zw_objections *objections, const char *guard, const char *area,
                           int64_t at_ms, zw_objected *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *out = (zw_objected){.next_ms = ZW_NEVER_MS};
    zw_status status = zw_stmts_borrow(&objections->stmts, AT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, guard);
    zw_stmts_bind_text(stmt, 2, area);
    (void)sqlite3_bind_int64(stmt, 3, at_ms);
    do {
        status = zw_stmts_step(&objections->stmts, stmt, "read objections", &has_row, err);
        if (status == ZW_OK && has_row) {
            take_standing(stmt, at_ms, out);
        }
    } while (status == ZW_OK && has_row);
    zw_stmts_done(stmt);
    return status;
}

/* Hands on the row the statement stands on. */
static zw_status pass_row(const zw_objections *objections, sqlite3_stmt *stmt,
                          zw_objection_each each, void *arg, zw_err *err)
{
    zw_objection objection = {.batch = sqlite3_column_int64(stmt, 0),
                              .severity = severity_of(stmt, 4),
                              .at_ms = sqlite3_column_int64(stmt, 5),
                              .ended_ms = moment_of(stmt, 6),
                              .is_synthetic = sqlite3_column_int(stmt, 10) != 0};
    const struct {
        int column;
        const char **text;
    } texts[] = {{1, &objection.guard},  {2, &objection.area},   {3, &objection.period},
                 {7, &objection.say_en}, {8, &objection.say_zh}, {9, &objection.value}};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof texts / sizeof texts[0]; i++) {
        status = zw_stmts_text(&objections->stmts, stmt, texts[i].column, texts[i].text, err);
    }
    if (status == ZW_OK && sqlite3_column_type(stmt, 11) != SQLITE_NULL) {
        status = zw_stmts_text(&objections->stmts, stmt, 11, &objection.outcome, err);
    }
    return status == ZW_OK ? each(arg, &objection, err) : status;
}

static zw_status walk(zw_objections *objections, sqlite3_stmt *stmt, zw_objection_each each,
                      void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    bool has_row = false;
    do {
        status = zw_stmts_step(&objections->stmts, stmt, "read objections", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = pass_row(objections, stmt, each, arg, err);
        }
    } while (status == ZW_OK && has_row);
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_objections_spoken(zw_objections *objections, const char *guard, const char *area,
                               int64_t at_ms, zw_objection_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&objections->stmts, SPOKEN, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, guard);
    zw_stmts_bind_text(stmt, 2, area);
    (void)sqlite3_bind_int64(stmt, 9, at_ms);
    return walk(objections, stmt, each, arg, err);
}

zw_status zw_objections_of(zw_objections *objections, int64_t batch, zw_objection_each each,
                           void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&objections->stmts, OF_BATCH, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, batch);
    (void)sqlite3_bind_int64(stmt, 9, ZW_NEVER_MS);
    return walk(objections, stmt, each, arg, err);
}
