/* The tables of a store. A step ends with the version it leads to; it is never changed once files
 * were written with it.
 */
#include "store/schema.h"

#include "store/upgrade.h"

#include <sqlite3.h>

static const struct {
    const char *sql;
    zw_status (*convert)(zw_db *db, zw_err *err); /* then this, then the rest; NULL: nothing */
    const char *rest;
} steps[] = {
    /* 0 to 1: a new file. Observations lie in order of arrival and have no index: a key that begins
     * with the series costs a hundred times their size in writes, and they are only ever read
     * whole. Their source and note are remarks; 0, which has no row, is the empty text. */
    {"CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
     "CREATE TABLE batch(id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL,"
     " format TEXT NOT NULL, digest TEXT NOT NULL, arrived_ms INTEGER NOT NULL,"
     " synthetic INTEGER NOT NULL, accepted INTEGER NOT NULL, unchanged INTEGER NOT NULL,"
     " revised INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT;"
     "CREATE TABLE series(id INTEGER PRIMARY KEY, measure TEXT NOT NULL, area TEXT NOT NULL,"
     " dims TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE(measure, area, dims, scope));"
     "CREATE TABLE measure(name TEXT PRIMARY KEY, kind TEXT NOT NULL, unit TEXT NOT NULL,"
     " every TEXT NOT NULL) WITHOUT ROWID;"
     "CREATE TABLE observation(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch(id),"
     " line INTEGER NOT NULL, series INTEGER NOT NULL REFERENCES series(id),"
     " period INTEGER NOT NULL, known_at_ms INTEGER NOT NULL, value REAL NOT NULL,"
     " status INTEGER NOT NULL, synthetic INTEGER NOT NULL, source INTEGER NOT NULL,"
     " note INTEGER NOT NULL) STRICT;"
     "CREATE TABLE item_event(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch(id),"
     " line INTEGER NOT NULL, register TEXT NOT NULL, item TEXT NOT NULL, area TEXT NOT NULL,"
     " at_ms INTEGER NOT NULL, known_at_ms INTEGER NOT NULL, state TEXT NOT NULL,"
     " fields TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL,"
     " synthetic INTEGER NOT NULL) STRICT;"
     "CREATE TABLE remark(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
     "CREATE TABLE alert_event(id INTEGER PRIMARY KEY, alert TEXT NOT NULL, area TEXT NOT NULL,"
     " period TEXT NOT NULL, at_ms INTEGER NOT NULL, recorded_ms INTEGER NOT NULL,"
     " superseded_ms INTEGER, state TEXT NOT NULL, snapshot TEXT NOT NULL,"
     " evidence TEXT NOT NULL, item TEXT NOT NULL DEFAULT '');"
     "CREATE INDEX alert_event_instance ON alert_event(alert, item, period, area, at_ms, id);"
     "CREATE INDEX alert_event_moment ON alert_event(at_ms, id) WHERE superseded_ms IS NULL;"
     "CREATE TABLE told(alert TEXT NOT NULL, area TEXT NOT NULL, period TEXT NOT NULL,"
     " notify TEXT NOT NULL, level INTEGER NOT NULL, active_ms INTEGER, told_ms INTEGER,"
     " held_level INTEGER NOT NULL, held_from_ms INTEGER, held_till_ms INTEGER, due_ms INTEGER,"
     " item TEXT NOT NULL DEFAULT '', PRIMARY KEY(alert, area, period, item, notify))"
     " WITHOUT ROWID;"
     "CREATE TABLE outbox(id INTEGER PRIMARY KEY, notify TEXT NOT NULL, receiver INTEGER NOT NULL,"
     " key TEXT NOT NULL UNIQUE, body TEXT NOT NULL, made_ms INTEGER NOT NULL,"
     " attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL, delivered_ms INTEGER,"
     " last_error TEXT);"
     "CREATE INDEX outbox_due ON outbox(next_ms) WHERE delivered_ms IS NULL;"
     /* A held delivery is a batch without observations; its rows wait here by name, for the pack
      * may change in between. */
     "CREATE TABLE held(batch INTEGER PRIMARY KEY REFERENCES batch(id), ended_ms INTEGER,"
     " outcome TEXT, released_as INTEGER) STRICT;"
     "CREATE TABLE held_row(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES held(batch),"
     " line INTEGER NOT NULL, measure TEXT NOT NULL, area TEXT NOT NULL, dims TEXT NOT NULL,"
     " scope TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, period TEXT NOT NULL,"
     " value REAL NOT NULL, known_at_ms INTEGER NOT NULL, status INTEGER NOT NULL) STRICT;"
     "CREATE INDEX held_row_batch ON held_row(batch);"
     "CREATE TABLE held_item(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES held(batch),"
     " line INTEGER NOT NULL, register TEXT NOT NULL, item TEXT NOT NULL, area TEXT NOT NULL,"
     " at_ms INTEGER NOT NULL, known_at_ms INTEGER NOT NULL, state TEXT NOT NULL,"
     " fields TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL,"
     " synthetic INTEGER NOT NULL) STRICT;"
     "CREATE INDEX held_item_batch ON held_item(batch);"
     "CREATE TABLE objection(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch(id),"
     " guard TEXT NOT NULL, area TEXT NOT NULL, severity INTEGER NOT NULL, period TEXT NOT NULL,"
     " at_ms INTEGER NOT NULL, ended_ms INTEGER, say_en TEXT NOT NULL, say_zh TEXT NOT NULL,"
     " value TEXT NOT NULL, synthetic INTEGER NOT NULL) STRICT;"
     "CREATE INDEX objection_place ON objection(guard, area, at_ms);"
     "CREATE INDEX objection_batch ON objection(batch);"
     "PRAGMA user_version = 1;",
     NULL, ""},
    /* 1 to 2: a held figure keeps a mark of its own, as held items do. */
    {"ALTER TABLE held_row ADD COLUMN synthetic INTEGER NOT NULL DEFAULT 0;"
     "PRAGMA user_version = 2;",
     NULL, ""},
    /* 2 to 3: figures lie in the journal by the thousand, as columns. Series lose the index that
     * the registry, which finds them in memory, never asked. */
    {"CREATE TABLE journal(id INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB NOT NULL) STRICT;",
     zw_upgrade_observations,
     "DROP TABLE observation;"
     "CREATE TABLE series_3(id INTEGER PRIMARY KEY, measure TEXT NOT NULL, area TEXT NOT NULL,"
     " dims TEXT NOT NULL, scope TEXT NOT NULL) STRICT;"
     "INSERT INTO series_3(id, measure, area, dims, scope)"
     " SELECT id, measure, area, dims, scope FROM series ORDER BY id;"
     "DROP TABLE series;"
     "ALTER TABLE series_3 RENAME TO series;"
     "PRAGMA user_version = 3;"},
    /* 3 to 4: figures that the journal lets go of lie in tiles: pages of neighbouring series over
     * the same periods. `head` says what is where in `body`. */
    {"CREATE TABLE page(id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start INTEGER NOT NULL,"
     " head BLOB NOT NULL, body BLOB NOT NULL) STRICT;"
     "PRAGMA user_version = 4;",
     NULL, ""},
    /* 4 to 5: the bytes of deliveries, and the packs that ran, with since when. What is past its
     * keep: of each measure the first period there is, of each series that lost pages from when on
     * it was known. What people and the rules of telling kept from being told, and what was told in
     * which messages (those of a letter have numbers in a row). A message knows what kind of
     * receiver it was written for ('': an earlier program's), and may be given up; every attempt at
     * one is kept with its answer. */
    {"CREATE TABLE delivered(batch INTEGER PRIMARY KEY REFERENCES batch(id),"
     " bytes INTEGER NOT NULL, sum INTEGER NOT NULL, packed BLOB NOT NULL) STRICT;"
     "CREATE TABLE pack(digest TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL,"
     " packed BLOB NOT NULL) STRICT;"
     "CREATE TABLE pack_run(id INTEGER PRIMARY KEY, digest TEXT NOT NULL REFERENCES pack(digest),"
     " from_ms INTEGER NOT NULL) STRICT;"
     "CREATE TABLE kept(measure TEXT PRIMARY KEY, floor INTEGER NOT NULL, moved_ms INTEGER NOT "
     "NULL)"
     " WITHOUT ROWID;"
     "CREATE TABLE gone(series INTEGER PRIMARY KEY, first INTEGER NOT NULL,"
     " known_at_ms INTEGER NOT NULL, figures INTEGER NOT NULL) STRICT;"
     "CREATE TABLE silence(id INTEGER PRIMARY KEY, alert TEXT NOT NULL, area TEXT NOT NULL,"
     " severity TEXT NOT NULL, item TEXT NOT NULL, hours TEXT NOT NULL,"
     " starts_ms INTEGER NOT NULL, ends_ms INTEGER, author TEXT NOT NULL, reason TEXT NOT NULL,"
     " created_ms INTEGER NOT NULL, ended_ms INTEGER, ended_by TEXT NOT NULL DEFAULT '') STRICT;"
     "CREATE TABLE ack(id INTEGER PRIMARY KEY, alert TEXT NOT NULL, area TEXT NOT NULL,"
     " period TEXT NOT NULL, item TEXT NOT NULL, severity TEXT NOT NULL, at_ms INTEGER NOT NULL,"
     " author TEXT NOT NULL, note TEXT NOT NULL) STRICT;"
     "CREATE TABLE suppression(id INTEGER PRIMARY KEY, notify TEXT NOT NULL, alert TEXT NOT NULL,"
     " area TEXT NOT NULL, period TEXT NOT NULL, item TEXT NOT NULL, severity TEXT NOT NULL,"
     " cause TEXT NOT NULL, which TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER,"
     " ended_ms INTEGER, message INTEGER) STRICT;"
     "CREATE INDEX suppression_open ON suppression(id) WHERE ended_ms IS NULL;"
     "CREATE TABLE telling(id INTEGER PRIMARY KEY, first_message INTEGER NOT NULL,"
     " last_message INTEGER NOT NULL, alert TEXT NOT NULL, area TEXT NOT NULL,"
     " period TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL, severity TEXT NOT NULL,"
     " starts_ms INTEGER NOT NULL, ends_ms INTEGER) STRICT;"
     "CREATE INDEX telling_message ON telling(first_message);"
     "ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE outbox ADD COLUMN ended_ms INTEGER;"
     "ALTER TABLE outbox ADD COLUMN ended_why TEXT;"
     "DROP INDEX outbox_due;"
     "CREATE INDEX outbox_due ON outbox(next_ms) WHERE delivered_ms IS NULL AND ended_ms IS NULL;"
     "CREATE INDEX outbox_lane ON outbox(notify, receiver, id)"
     " WHERE delivered_ms IS NULL AND ended_ms IS NULL;"
     "CREATE TABLE delivery(id INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES outbox(id),"
     " attempt INTEGER NOT NULL, at_ms INTEGER NOT NULL, delivered INTEGER NOT NULL,"
     " answer TEXT NOT NULL) STRICT;"
     "CREATE INDEX delivery_message ON delivery(message);"
     "PRAGMA user_version = 5;",
     NULL, ""},
};

enum { VERSION = sizeof steps / sizeof steps[0] };

int zw_schema_version(void)
{
    return VERSION;
}

/* The one number that `sql` answers with. */
static zw_status schema_ask(zw_db *db, const char *sql, int *out, zw_err *err)
{
    sqlite3 *conn = zw_db_connection(db);
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
    }
    zw_status status = ZW_OK;
    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int(stmt, 0);
    } else {
        status = zw_db_err(db, err, "read schema");
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

/* Refuses what must not be touched: the files of others, of later programs, and of earlier ones
 * when only reading. */
static zw_status schema_check(zw_db *db, int version, zw_err *err)
{
    if (version < 0 || version > VERSION) {
        return zw_err_set(err, ZW_STORE,
                          "written by a newer program: schema version %d, this one knows %d",
                          version, VERSION);
    }
    if (version == 0) {
        int objects = 0;
        zw_status status = schema_ask(db, "SELECT count(*) FROM sqlite_schema", &objects, err);
        if (status != ZW_OK) {
            return status;
        }
        if (objects > 0) {
            return zw_err_set(err, ZW_STORE, "a database, but not a store of this program");
        }
    }
    if (version < VERSION && sqlite3_db_readonly(zw_db_connection(db), "main") == 1) {
        return zw_err_set(err, ZW_STORE,
                          "schema version %d, this program reads %d: open it for writing once",
                          version, VERSION);
    }
    return ZW_OK;
}

static zw_status schema_run(zw_db *db, const char *sql, zw_err *err)
{
    bool is_done = sqlite3_exec(zw_db_connection(db), sql, NULL, NULL, NULL) == SQLITE_OK;
    return is_done ? ZW_OK : zw_db_err(db, err, "upgrade schema");
}

zw_status zw_schema_upgrade(zw_db *db, zw_err *err)
{
    int version = 0;
    zw_status status = schema_ask(db, "PRAGMA user_version", &version, err);
    if (status == ZW_OK) {
        status = schema_check(db, version, err);
    }
    if (status != ZW_OK || version == VERSION) {
        return status;
    }
    status = zw_db_begin(db, err);
    if (status != ZW_OK) {
        return status;
    }
    for (int i = version; status == ZW_OK && i < VERSION; i++) {
        status = schema_run(db, steps[i].sql, err);
        status = status == ZW_OK && steps[i].convert != NULL ? steps[i].convert(db, err) : status;
        status = status == ZW_OK ? schema_run(db, steps[i].rest, err) : status;
    }
    if (status != ZW_OK) {
        zw_db_rollback(db);
        return status;
    }
    return zw_db_commit(db, err);
}
