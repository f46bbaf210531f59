/*
 * The ledger: the table alert_event.
 *
 * 1. A row's texts, moments and id never change; only superseded_ms is set, and taken back again.
 * 2. Of the standing rows of an instance, the one with the greatest (at_ms, id) is its state.
 */
#include "alert/ledger.h"

#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { SNAPSHOT_BYTES_MAX = 512, NAMES_BYTES_MAX = 1 << 20, FROM_COLUMN = 9 };

#define EVENT_COLUMNS "id, alert, area, period, at_ms, recorded_ms, snapshot, evidence, item"

#define LATER                                                                                      \
    "SELECT 1 FROM alert_event AS n WHERE n.alert = e.alert AND n.item = e.item"                   \
    " AND n.period = e.period AND n.at_ms <= ?1 AND (n.at_ms, n.id) > (e.at_ms, e.id)"             \
    " AND n.superseded_ms IS NULL"

/* How the instance of a row stood just before it. Again asked apart for items. */
#define BEFORE                                                                                     \
    "(SELECT p.state FROM alert_event AS p WHERE p.alert = e.alert AND p.item = e.item"            \
    " AND p.period = e.period AND (p.at_ms, p.id) < (e.at_ms, e.id)"                               \
    " AND p.superseded_ms IS NULL"
#define LATEST " ORDER BY p.at_ms DESC, p.id DESC LIMIT 1)"

enum { AGAIN, STAND, INSERT, REWIND, REWIND_ONE, STATES, STANDING, HISTORY, SQL_COUNT };
static const char *const ledger_sql[SQL_COUNT] = {
    /* Nothing of the instance may stand behind the row at its moment: it would be the state instead
     * of what is being said now. */
    [AGAIN] =
        "SELECT id FROM alert_event AS e WHERE alert = ?1 AND area = ?2 AND period = ?3"
        " AND at_ms = ?4 AND superseded_ms = ?5 AND snapshot = ?6 AND item = ?9 AND NOT EXISTS("
        "SELECT 1 FROM alert_event AS n WHERE n.alert = ?1 AND (n.area = ?2 OR ?9 <> '')"
        " AND n.period = ?3 AND n.item = ?9 AND n.at_ms = ?4 AND n.id > e.id"
        " AND n.superseded_ms IS NULL)"
        " ORDER BY id LIMIT 1",
    [STAND] = "UPDATE alert_event SET superseded_ms = NULL WHERE id = ?1",
    [INSERT] = "INSERT INTO alert_event(alert, area, period, at_ms, recorded_ms, state, snapshot,"
               " evidence, item) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [REWIND] = "UPDATE alert_event SET superseded_ms = ?2"
               " WHERE at_ms >= ?1 AND superseded_ms IS NULL"
               " AND alert NOT IN (SELECT value FROM json_each(?3))",
    [REWIND_ONE] = "UPDATE alert_event SET superseded_ms = ?2"
                   " WHERE at_ms >= ?1 AND superseded_ms IS NULL AND alert = ?3",
    /* The instance of an item moves with it from area to area. Asked apart from the others, whose
     * next event the index finds at once: an OR of both would walk an alert's whole history for
     * each of its events. */
    [STATES] = "SELECT " EVENT_COLUMNS " FROM alert_event AS e WHERE superseded_ms IS NULL"
               " AND at_ms <= ?1 AND NOT EXISTS(" LATER " AND n.area = e.area)"
               " AND (item = '' OR NOT EXISTS(" LATER ")) ORDER BY alert, area, period, item",
    [STANDING] = "SELECT " EVENT_COLUMNS " FROM alert_event AS e WHERE superseded_ms IS NULL"
                 " AND alert = ?2 AND at_ms <= ?1 AND NOT EXISTS(" LATER " AND n.area = e.area)"
                 " AND (item = '' OR NOT EXISTS(" LATER ")) ORDER BY area, period, item",
    [HISTORY] = "SELECT " EVENT_COLUMNS ", ifnull(CASE item WHEN '' THEN " BEFORE
                " AND p.area = e.area" LATEST " ELSE " BEFORE LATEST " END, 'ok')"
                " FROM alert_event AS e WHERE superseded_ms IS NULL AND at_ms BETWEEN ?2 AND ?3 "
                "AND (?1 IS NULL OR alert = ?1) ORDER BY at_ms, id",
};

struct zw_ledger {
    zw_stmts stmts;
};

bool zw_ledger_is_move(const zw_alert_event *event)
{
    return event->state.since_ms == event->at_ms;
}

zw_status zw_ledger_create(zw_db *db, zw_ledger **out, zw_err *err)
{
    *out = NULL;
    zw_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&ledger->stmts, db, ledger_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_ledger_destroy(ledger);
        return status;
    }
    *out = ledger;
    return ZW_OK;
}

void zw_ledger_destroy(zw_ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    zw_stmts_fini(&ledger->stmts);
    free(ledger);
}

/* SQLite ends a transaction by itself after some failures. A write after that would be durable at
 * once, so every write asks first. */
static zw_status borrow_to_write(zw_ledger *ledger, size_t which, sqlite3_stmt **out, zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(ledger->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "no transaction is open");
    }
    return zw_stmts_borrow(&ledger->stmts, which, out, err);
}

static void bind_instance(sqlite3_stmt *stmt, const zw_alert_event *event)
{
    zw_stmts_bind_text(stmt, 1, event->key.alert);
    zw_stmts_bind_text(stmt, 2, event->key.area);
    zw_stmts_bind_text(stmt, 3, event->key.period);
    (void)sqlite3_bind_int64(stmt, 4, event->at_ms);
    (void)sqlite3_bind_int64(stmt, 5, event->recorded_ms);
    zw_stmts_bind_text(stmt, 9, event->key.item != NULL ? event->key.item : "");
}

/* Looks for the row that said the same before this turn's rewind; `*id` is 0 when there is none. */
static zw_status find_again(zw_ledger *ledger, const zw_alert_event *event, const char *snapshot,
                            int64_t *id, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *id = 0;
    zw_status status = borrow_to_write(ledger, AGAIN, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    bind_instance(stmt, event);
    zw_stmts_bind_text(stmt, 6, snapshot);
    status = zw_stmts_step(&ledger->stmts, stmt, "find alert event", &has_row, err);
    if (status == ZW_OK && has_row) {
        *id = sqlite3_column_int64(stmt, 0);
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status let_stand(zw_ledger *ledger, int64_t id, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(ledger, STAND, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    return zw_stmts_run(&ledger->stmts, stmt, "let alert event stand", err);
}

static zw_status insert(zw_ledger *ledger, const zw_alert_event *event, const char *snapshot,
                        int64_t *id, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(ledger, INSERT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    bind_instance(stmt, event);
    zw_stmts_bind_text(stmt, 6, zw_alert_state_word(&event->state));
    zw_stmts_bind_text(stmt, 7, snapshot);
    zw_stmts_bind_text(stmt, 8, event->evidence);
    status = zw_stmts_run(&ledger->stmts, stmt, "insert alert event", err);
    if (status == ZW_OK) {
        *id = sqlite3_last_insert_rowid(zw_db_connection(ledger->stmts.db));
    }
    return status;
}

zw_status zw_ledger_append(zw_ledger *ledger, zw_alert_event *event, zw_err *err)
{
    zw_buf snapshot;
    zw_buf_init(&snapshot, SNAPSHOT_BYTES_MAX);
    zw_alert_state_write(&event->state, &snapshot);
    zw_status status = snapshot.has_failed ? zw_err_nomem(err) : ZW_OK;
    int64_t id = 0;
    if (status == ZW_OK) {
        status = find_again(ledger, event, zw_buf_view(&snapshot), &id, err);
    }
    if (status == ZW_OK && id != 0) {
        status = let_stand(ledger, id, err);
    } else if (status == ZW_OK) {
        status = insert(ledger, event, zw_buf_view(&snapshot), &id, err);
    }
    zw_buf_fini(&snapshot);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "ledger: %s of %s", event->key.alert, event->key.area);
    }
    event->id = id;
    return ZW_OK;
}

/* @param alerts  those that the statement is not for, or the one that it is for. */
static zw_status supersede(zw_ledger *ledger, size_t which, int64_t at_ms, int64_t recorded_ms,
                           const char *alerts, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(ledger, which, &stmt, err);
    if (status == ZW_OK) {
        (void)sqlite3_bind_int64(stmt, 1, at_ms);
        (void)sqlite3_bind_int64(stmt, 2, recorded_ms);
        zw_stmts_bind_text(stmt, 3, alerts);
        status = zw_stmts_run(&ledger->stmts, stmt, "supersede alert events", err);
    }
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "ledger");
}

zw_status zw_ledger_rewind(zw_ledger *ledger, int64_t at_ms, int64_t recorded_ms, zw_err *err)
{
    return zw_ledger_rewind_around(ledger, at_ms, recorded_ms, NULL, 0, err);
}

zw_status zw_ledger_rewind_around(zw_ledger *ledger, int64_t at_ms, int64_t recorded_ms,
                                  const zw_ledger_fixed *fixed, size_t count, zw_err *err)
{
    zw_buf names; /* of alerts: words, which JSON takes as they are */
    zw_buf_init(&names, NAMES_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        zw_buf_printf(&names, "%s\"%s\"", i == 0 ? "[" : ",", fixed[i].alert);
    }
    zw_buf_puts(&names, count > 0 ? "]" : "[]");
    zw_status status =
        names.has_failed ? zw_err_nomem(err)
                         : supersede(ledger, REWIND, at_ms, recorded_ms, zw_buf_view(&names), err);
    zw_buf_fini(&names);
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        int64_t from_ms = fixed[i].upto_ms < at_ms ? at_ms : fixed[i].upto_ms + 1;
        status = supersede(ledger, REWIND_ONE, from_ms, recorded_ms, fixed[i].alert, err);
    }
    return status;
}

/* Hands on the row the statement stands on. */
static zw_status read_event(const zw_ledger *ledger, sqlite3_stmt *stmt, zw_ledger_each each,
                            void *arg, zw_err *err)
{
    zw_alert_event event = {.id = sqlite3_column_int64(stmt, 0),
                            .at_ms = sqlite3_column_int64(stmt, 4),
                            .recorded_ms = sqlite3_column_int64(stmt, 5)};
    const char *snapshot = NULL;
    const struct {
        int column;
        const char **text;
    } texts[] = {{1, &event.key.alert}, {2, &event.key.area}, {3, &event.key.period},
                 {6, &snapshot},        {7, &event.evidence}, {8, &event.key.item}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        zw_status status = zw_stmts_text(&ledger->stmts, stmt, texts[i].column, texts[i].text, err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "ledger: event %lld", (long long)event.id);
        }
    }
    if (sqlite3_column_count(stmt) > FROM_COLUMN) {
        zw_status status = zw_stmts_text(&ledger->stmts, stmt, FROM_COLUMN, &event.from, err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "ledger: event %lld", (long long)event.id);
        }
    }
    if (!zw_alert_state_read(zw_text_of(snapshot), &event.state)) {
        return zw_err_set(err, ZW_STORE, "ledger: the file is damaged: event %lld says '%.200s'",
                          (long long)event.id, snapshot);
    }
    return each(arg, &event, err); /* its failure is the caller's: it gets no context of ours */
}

/* Walks a borrowed statement to its end, and gives it back. */
static zw_status walk(const zw_ledger *ledger, sqlite3_stmt *stmt, zw_ledger_each each, void *arg,
                      zw_err *err)
{
    zw_status status = ZW_OK;
    bool has_row = true;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&ledger->stmts, stmt, "read alert events", &has_row, err);
        if (status != ZW_OK) {
            status = zw_err_wrap(err, status, "ledger");
        } else if (has_row) {
            status = read_event(ledger, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_ledger_states(zw_ledger *ledger, int64_t at_ms, zw_ledger_each each, void *arg,
                           zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&ledger->stmts, STATES, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "ledger");
    }
    (void)sqlite3_bind_int64(stmt, 1, at_ms);
    return walk(ledger, stmt, each, arg, err);
}

zw_status zw_ledger_standing(zw_ledger *ledger, const char *alert, int64_t at_ms,
                             zw_ledger_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&ledger->stmts, STANDING, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "ledger");
    }
    (void)sqlite3_bind_int64(stmt, 1, at_ms);
    zw_stmts_bind_text(stmt, 2, alert);
    return walk(ledger, stmt, each, arg, err);
}

zw_status zw_ledger_history(zw_ledger *ledger, const char *alert, int64_t from_ms, int64_t to_ms,
                            zw_ledger_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&ledger->stmts, HISTORY, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "ledger");
    }
    if (alert != NULL) {
        zw_stmts_bind_text(stmt, 1, alert);
    }
    (void)sqlite3_bind_int64(stmt, 2, from_ms);
    (void)sqlite3_bind_int64(stmt, 3, to_ms);
    return walk(ledger, stmt, each, arg, err);
}
