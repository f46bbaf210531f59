/*
 * The ledger of tellings: the tables telling and suppression, and the outbox as it is read.
 *
 * 1. A row never changes, but for the end of a suppression, which is written once.
 * 2. The messages of a letter have numbers in a row, and no two letters share one: of a message the
 *    letter is the last that begins at it or before.
 */
#include "alert/telling.h"

#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define SUPPRESSIONS                                                                               \
    "SELECT id, from_ms, until_ms, ended_ms, message, notify, alert, area, period, item, severity" \
    ", cause, which FROM suppression"
#define LETTER_OF "(SELECT max(first_message) FROM telling WHERE first_message <= "

enum { BEGIN, END, OPEN, SUPPRESSED, PUT, LINES, MESSAGES, SQL_COUNT };
static const char *const telling_sql[SQL_COUNT] = {
    [BEGIN] = "INSERT INTO suppression(notify, alert, area, period, item, severity, cause, which,"
              " from_ms, until_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [END] = "UPDATE suppression SET ended_ms = ?2, message = ?3 WHERE id = ?1",
    [OPEN] = SUPPRESSIONS " WHERE ended_ms IS NULL ORDER BY id",
    [SUPPRESSED] = SUPPRESSIONS " WHERE from_ms <= ?4 AND (ended_ms IS NULL OR ended_ms >= ?3)"
                                " AND (?1 IS NULL OR notify = ?1) AND (?2 IS NULL OR alert = ?2)"
                                " ORDER BY id DESC",
    [PUT] = "INSERT INTO telling(alert, area, period, item, state, severity, first_message,"
            " last_message, starts_ms, ends_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [LINES] = "SELECT starts_ms, ends_ms, alert, area, period, item, state, severity FROM telling"
              " WHERE first_message = " LETTER_OF "?1) AND last_message >= ?1 ORDER BY id",
    /* One that is given up never goes, and its reason is the last word on it. */
    [MESSAGES] = "SELECT id, receiver, attempts, made_ms, iif(ended_ms IS NULL, next_ms, NULL),"
                 " delivered_ms, notify, key, coalesce(ended_why, last_error, '')"
                 " FROM outbox AS o WHERE made_ms BETWEEN ?3 AND ?4"
                 " AND (?1 IS NULL OR notify = ?1) AND (?2 IS NULL OR EXISTS(SELECT 1 FROM telling"
                 " WHERE first_message = " LETTER_OF "o.id) AND last_message >= o.id"
                 " AND alert = ?2)) ORDER BY id DESC",
};

static const char *const quiet_texts[] = {
    [ZW_QUIET_NONE] = "",       [ZW_QUIET_SILENCE] = "silence", [ZW_QUIET_UNLESS] = "unless",
    [ZW_QUIET_HOURS] = "hours", [ZW_QUIET_WAIT] = "wait",       [ZW_QUIET_FLAPS] = "flapping"};
enum { QUIET_COUNT = sizeof(quiet_texts) / sizeof(quiet_texts[0]) };

static const char *const state_texts[] = {"resolved", "firing"};

struct zw_tellings {
    zw_stmts stmts;
};

const char *zw_quiet_text(zw_quiet quiet)
{
    return quiet_texts[quiet];
}

zw_status zw_tellings_create(zw_db *db, zw_tellings **out, zw_err *err)
{
    *out = NULL;
    zw_tellings *tellings = calloc(1, sizeof(*tellings));
    if (tellings == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&tellings->stmts, db, telling_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_tellings_destroy(tellings);
        return status;
    }
    *out = tellings;
    return ZW_OK;
}

void zw_tellings_destroy(zw_tellings *tellings)
{
    if (tellings != NULL) {
        zw_stmts_fini(&tellings->stmts);
        free(tellings);
    }
}

/* SQLite ends a transaction by itself after some failures; a write after that would be durable at
 * once. */
static zw_status borrow_to_write(zw_tellings *tellings, size_t which, sqlite3_stmt **out,
                                 zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(tellings->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "tellings: no transaction is open");
    }
    return zw_stmts_borrow(&tellings->stmts, which, out, err);
}

static void bind_texts(sqlite3_stmt *stmt, int first, const char *const *texts, int count)
{
    for (int i = 0; i < count; i++) {
        if (texts[i] != NULL) {
            zw_stmts_bind_text(stmt, first + i, texts[i]);
        }
    }
}

/* A moment that is not there is NULL in the table. */
static void bind_moment(sqlite3_stmt *stmt, int place, int64_t at_ms)
{
    if (at_ms != ZW_NEVER_MS) {
        (void)sqlite3_bind_int64(stmt, place, at_ms);
    }
}

static int64_t moment_at(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) != SQLITE_NULL ? sqlite3_column_int64(stmt, column)
                                                            : ZW_NEVER_MS;
}

static zw_status read_texts(zw_tellings *tellings, sqlite3_stmt *stmt, int first,
                            const char **const *texts, int count, zw_err *err)
{
    zw_status status = ZW_OK;
    for (int i = 0; status == ZW_OK && i < count; i++) {
        status = zw_stmts_text(&tellings->stmts, stmt, first + i, texts[i], err);
    }
    return status;
}

static zw_status say_damaged(const char *table, int64_t id, const char *text, zw_err *err)
{
    return zw_err_set(err, ZW_STORE, "the file is damaged: %s %lld says '%.40s'", table,
                      (long long)id, text);
}

static bool read_severity(const char *text, zw_severity *out)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        *out = (zw_severity)s;
        if (strcmp(zw_severity_text(*out), text) == 0) {
            return true;
        }
    }
    return false;
}

/* Suppressions. */

zw_status zw_tellings_begin(zw_tellings *tellings, zw_suppression *suppression, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(tellings, BEGIN, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *texts[] = {suppression->notify,
                           suppression->key.alert,
                           suppression->key.area,
                           suppression->key.period,
                           suppression->key.item,
                           zw_severity_text(suppression->severity),
                           zw_quiet_text(suppression->cause),
                           suppression->which};
    bind_texts(stmt, 1, texts, 8);
    (void)sqlite3_bind_int64(stmt, 9, suppression->from_ms);
    bind_moment(stmt, 10, suppression->until_ms);
    status = zw_stmts_run(&tellings->stmts, stmt, "begin suppression", err);
    if (status == ZW_OK) {
        suppression->id = sqlite3_last_insert_rowid(zw_db_connection(tellings->stmts.db));
    }
    return status;
}

zw_status zw_tellings_end(zw_tellings *tellings, int64_t id, int64_t at_ms, int64_t message,
                          zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(tellings, END, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    (void)sqlite3_bind_int64(stmt, 2, at_ms);
    if (message != 0) {
        (void)sqlite3_bind_int64(stmt, 3, message);
    }
    return zw_stmts_run(&tellings->stmts, stmt, "end suppression", err);
}

static zw_status read_suppression(zw_tellings *tellings, sqlite3_stmt *stmt,
                                  zw_suppression_each each, void *arg, zw_err *err)
{
    const char *severity = NULL;
    const char *cause = NULL;
    zw_suppression row = {.id = sqlite3_column_int64(stmt, 0),
                          .from_ms = sqlite3_column_int64(stmt, 1),
                          .until_ms = moment_at(stmt, 2),
                          .ended_ms = moment_at(stmt, 3),
                          .message = sqlite3_column_int64(stmt, 4)};
    const char **texts[] = {&row.notify,   &row.key.alert, &row.key.area, &row.key.period,
                            &row.key.item, &severity,      &cause,        &row.which};
    zw_status status = read_texts(tellings, stmt, 5, texts, 8, err);
    if (status != ZW_OK) {
        return status;
    }
    for (int h = ZW_QUIET_NONE + 1; h < QUIET_COUNT; h++) {
        row.cause = strcmp(quiet_texts[h], cause) == 0 ? (zw_quiet)h : row.cause;
    }
    if (!read_severity(severity, &row.severity)) {
        return say_damaged("suppression", row.id, severity, err);
    }
    return row.cause != ZW_QUIET_NONE ? each(arg, &row, err)
                                      : say_damaged("suppression", row.id, cause, err);
}

static zw_status walk_suppressions(zw_tellings *tellings, sqlite3_stmt *stmt,
                                   zw_suppression_each each, void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    bool has_row = true;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&tellings->stmts, stmt, "read suppressions", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_suppression(tellings, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_tellings_open(zw_tellings *tellings, zw_suppression_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tellings->stmts, OPEN, &stmt, err);
    return status == ZW_OK ? walk_suppressions(tellings, stmt, each, arg, err) : status;
}

static void bind_of(sqlite3_stmt *stmt, const zw_tellings_of *of)
{
    const char *texts[] = {of->notify, of->alert};
    bind_texts(stmt, 1, texts, 2);
    (void)sqlite3_bind_int64(stmt, 3, of->from_ms);
    (void)sqlite3_bind_int64(stmt, 4, of->to_ms);
}

zw_status zw_tellings_suppressions(zw_tellings *tellings, const zw_tellings_of *of,
                                   zw_suppression_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tellings->stmts, SUPPRESSED, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    bind_of(stmt, of);
    return walk_suppressions(tellings, stmt, each, arg, err);
}

/* What was told. */

zw_status zw_tellings_put(zw_tellings *tellings, int64_t first, int64_t last,
                          const zw_told_line *line, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(tellings, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *texts[] = {line->key.alert,
                           line->key.area,
                           line->key.period,
                           line->key.item,
                           state_texts[line->is_firing ? 1 : 0],
                           zw_severity_text(line->severity)};
    bind_texts(stmt, 1, texts, 6);
    (void)sqlite3_bind_int64(stmt, 7, first);
    (void)sqlite3_bind_int64(stmt, 8, last);
    (void)sqlite3_bind_int64(stmt, 9, line->starts_ms);
    bind_moment(stmt, 10, line->ends_ms);
    return zw_stmts_run(&tellings->stmts, stmt, "insert telling", err);
}

static zw_status read_line(zw_tellings *tellings, sqlite3_stmt *stmt, int64_t message,
                           zw_told_line_each each, void *arg, zw_err *err)
{
    const char *severity = NULL;
    const char *state = NULL;
    zw_told_line line = {.starts_ms = sqlite3_column_int64(stmt, 0), .ends_ms = moment_at(stmt, 1)};
    const char **texts[] = {&line.key.alert, &line.key.area, &line.key.period,
                            &line.key.item,  &state,         &severity};
    zw_status status = read_texts(tellings, stmt, 2, texts, 6, err);
    if (status != ZW_OK) {
        return status;
    }
    line.is_firing = strcmp(state, state_texts[1]) == 0;
    return read_severity(severity, &line.severity)
               ? each(arg, &line, err)
               : say_damaged("telling of message", message, severity, err);
}

zw_status zw_tellings_lines(zw_tellings *tellings, int64_t message, zw_told_line_each each,
                            void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&tellings->stmts, LINES, &stmt, err);
    if (status == ZW_OK) {
        (void)sqlite3_bind_int64(stmt, 1, message);
    }
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&tellings->stmts, stmt, "read what was told", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_line(tellings, stmt, message, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status read_message(zw_tellings *tellings, sqlite3_stmt *stmt, zw_sent_each each,
                              void *arg, zw_err *err)
{
    zw_sent sent = {.id = sqlite3_column_int64(stmt, 0),
                    .receiver = (uint32_t)sqlite3_column_int64(stmt, 1),
                    .attempts = (uint32_t)sqlite3_column_int64(stmt, 2),
                    .made_ms = sqlite3_column_int64(stmt, 3),
                    .next_ms = moment_at(stmt, 4),
                    .delivered_ms = moment_at(stmt, 5)};
    const char **texts[] = {&sent.notify, &sent.key, &sent.last_error};
    zw_status status = read_texts(tellings, stmt, 6, texts, 3, err);
    return status == ZW_OK ? each(arg, &sent, err) : status;
}

zw_status zw_tellings_messages(zw_tellings *tellings, const zw_tellings_of *of, zw_sent_each each,
                               void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&tellings->stmts, MESSAGES, &stmt, err);
    if (status == ZW_OK) {
        bind_of(stmt, of);
    }
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&tellings->stmts, stmt, "read messages", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_message(tellings, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}
