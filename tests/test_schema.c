/* The tables of a store and the steps to them. */
#include "store/schema.h"

#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

/* Changes the file behind the program's back. */
static void change(const char *path, const char *sql)
{
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open(path, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

static void a_new_file_gets_every_table_the_rooms_need(void **state)
{
    static const struct {
        const char *why, *sql;
    } cases[] = {
        {"a number by name", "INSERT INTO meta(name, value) VALUES('evaluated_ms', 1)"},
        {"a delivery", "INSERT INTO batch(id, source, name, format, digest, arrived_ms, synthetic,"
                       " accepted, unchanged, revised, rejected)"
                       " VALUES(1, 's', 'n', 'csv', 'd', 1, 0, 1, 0, 0, 0)"},
        {"a series", "INSERT INTO series(id, measure, area, dims, scope) VALUES(0, 'm', 'a', '',"
                     " '')"},
        {"a measure", "INSERT INTO measure(name, kind, unit, every) VALUES('m', 'flow', '1', "
                      "'month')"},
        {"a text of figures", "INSERT INTO remark(id, text) VALUES(1, 'yearbook')"},
        {"figures", "INSERT INTO journal(id, head, body) VALUES(1, x'00', x'00')"},
        {"pages", "INSERT INTO page(series, start, head, body) VALUES(0, 0, x'00', x'00')"},
        {"what is kept of a measure",
         "INSERT INTO kept(measure, floor, moved_ms) VALUES('m', 8, 1)"},
        {"what is gone of a series",
         "INSERT INTO gone(series, first, known_at_ms, figures) VALUES(0, 1, 2, 3)"},
        {"a register's row",
         "INSERT INTO item_event(batch, line, register, item, area, at_ms, known_at_ms, state,"
         " fields, source, note, synthetic)"
         " VALUES(1, 2, 'calls', 'c1', 'a', 1, 5, 'posted', 'x=y', '', '', 0)"},
        {"an alert's event", "INSERT INTO alert_event(alert, area, period, at_ms, recorded_ms,"
                             " superseded_ms, state, snapshot, evidence)"
                             " VALUES('x', 'a', '', 1, 2, NULL, 'firing', '{}', '{}')"},
        {"what is held", "INSERT INTO held(batch) VALUES(1)"},
        {"a row that waits",
         "INSERT INTO held_row(batch, line, measure, area, dims, scope, source, note, period,"
         " value, known_at_ms, status) VALUES(1, 2, 'm', 'a', '', '', '', '', '2022-07', 1.5, 5, "
         "0)"},
        {"what a guard said",
         "INSERT INTO objection(batch, guard, area, severity, period, at_ms, say_en, say_zh, value,"
         " synthetic) VALUES(1, 'g', 'a', 2, '2022-07', 5, '', '', '', 0)"},
        {"a row of a register that waits",
         "INSERT INTO held_item(batch, line, register, item, area, at_ms, known_at_ms, state,"
         " fields, source, note, synthetic)"
         " VALUES(1, 2, 'calls', 'c1', 'a', 1, 5, 'posted', 'x=y', '', '', 0)"},
        {"what was told", "INSERT INTO told(alert, area, period, notify, level, held_level) "
                          "VALUES('x', 'a', '', 'n', 1, 5)"},
        {"what must be told",
         "INSERT INTO outbox(notify, receiver, key, body, made_ms, attempts, next_ms,"
         " delivered_ms, last_error) VALUES('n', 0, 'k', '{}', 1, 0, 1, NULL, NULL)"},
        {"what came", "INSERT INTO delivered(batch, bytes, sum, packed) VALUES(1, 1, 1, x'00')"},
        {"a pack", "INSERT INTO pack(digest, name, bytes, packed) VALUES('d', 'p', 1, x'00')"},
        {"when it ran", "INSERT INTO pack_run(digest, from_ms) VALUES('d', 5)"},
        {"what must not be told",
         "INSERT INTO silence(alert, area, severity, item, hours, starts_ms, ends_ms, author,"
         " reason, created_ms) VALUES('', 'a', '', '', '', 1, NULL, 'bo', 'works', 1)"},
        {"who has seen it", "INSERT INTO ack(alert, area, period, item, severity, at_ms, author,"
                            " note) VALUES('x', 'a', '', '', 'warning', 1, 'bo', '')"},
        {"what was not told",
         "INSERT INTO suppression(notify, alert, area, period, item, severity, cause, which,"
         " from_ms) VALUES('n', 'x', 'a', '', '', 'warning', 'silence', '1', 1)"},
        {"what was",
         "INSERT INTO telling(first_message, last_message, alert, area, period, item, state,"
         " severity, starts_ms) VALUES(1, 1, 'x', 'a', '', '', 'firing', 'warning', 1)"},
        {"an attempt at it", "INSERT INTO delivery(message, attempt, at_ms, delivered, answer)"
                             " VALUES(1, 1, 5, 0, 'answered 503')"},
    };
    (void)state;
    zw_db *db = NULL;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (sqlite3_exec(zw_db_connection(db), cases[i].sql, NULL, NULL, NULL) != SQLITE_OK) {
            fail_msg("%s: %s", cases[i].why, sqlite3_errmsg(zw_db_connection(db)));
        }
    }
    assert_int_equal(zw_schema_version(), 5);
    assert_int_equal(zw_schema_upgrade(db, NULL), ZW_OK); /* nothing left to do */
    zw_db_close(db);
}

static void what_cannot_be_true_is_refused_by_the_tables(void **state)
{
    static const struct {
        const char *why, *sql;
    } cases[] = {
        {"a register's row of no batch",
         "INSERT INTO item_event(batch, line, register, item, area, at_ms, known_at_ms, state,"
         " fields, source, note, synthetic)"
         " VALUES(9, 2, 'calls', 'c1', 'a', 1, 5, 'posted', '', '', '', 0)"},
        {"the same text twice", "INSERT INTO remark(text) VALUES('yearbook'), ('yearbook')"},
        {"the same message twice",
         "INSERT INTO outbox(notify, receiver, key, body, made_ms, attempts, next_ms)"
         " VALUES('n', 0, 'k', '{}', 1, 0, 1), ('n', 0, 'k', '{}', 1, 0, 1)"},
        {"a delivery without a source",
         "INSERT INTO batch(id, name, format, digest, arrived_ms, synthetic, accepted, unchanged,"
         " revised, rejected) VALUES(1, 'n', 'csv', 'd', 1, 0, 1, 0, 0, 0)"},
    };
    (void)state;
    zw_db *db = NULL;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int code = sqlite3_exec(zw_db_connection(db), cases[i].sql, NULL, NULL, NULL);
        if ((code & 0xFF) != SQLITE_CONSTRAINT) {
            fail_msg("%s was taken", cases[i].why);
        }
    }
    zw_db_close(db);
}

static void files_of_others_are_refused_untouched(void **state)
{
    static const struct {
        const char *why, *sql, *says;
        zw_db_mode mode;
    } cases[] = {
        {"a newer program's", "PRAGMA user_version = 6", "newer program", ZW_DB_WRITE},
        {"a newer program's, to read", "PRAGMA user_version = 6", "newer program", ZW_DB_READ},
        {"a version that cannot be", "PRAGMA user_version = -1", "schema version -1", ZW_DB_WRITE},
        {"another program's", "CREATE TABLE cookies(name TEXT)", "not a store", ZW_DB_WRITE},
        {"an empty one, to read", "PRAGMA page_size = 4096; VACUUM", "open it for writing",
         ZW_DB_READ},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store_folder_clear(f);
        change(f->path, cases[i].sql);
        zw_db *db = NULL;
        zw_err err = {0};
        zw_status status = zw_db_open(f->path, cases[i].mode, &db, &err);
        if (status != ZW_STORE || db != NULL || strstr(err.text, cases[i].says) == NULL ||
            strstr(err.text, f->path) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        /* Still without our tables, and not turned to WAL, which would stay in the file. */
        change(f->path, "CREATE TABLE series(x); PRAGMA main.locking_mode = EXCLUSIVE");
        char wal[STORE_PATH_BYTES + 8];
        (void)snprintf(wal, sizeof wal, "%s-wal", f->path);
        assert_int_not_equal(access(wal, F_OK), 0);
    }
}

static void a_failing_step_leaves_the_version_it_found(void **state)
{
    const store_folder *f = *state;
    zw_db *db = NULL;
    zw_err err = {0};
    assert_int_equal(zw_db_open(f->path, ZW_DB_WRITE, &db, &err), ZW_OK);
    sqlite3 *conn = zw_db_connection(db);
    /* Back to an empty file of version 0; then a limit that lets the step begin, not end. */
    assert_int_equal(
        sqlite3_exec(conn,
                     "DROP TABLE delivered; DROP TABLE pack_run; DROP TABLE pack;"
                     "DROP TABLE kept; DROP TABLE gone;"
                     "DROP TABLE silence; DROP TABLE ack; DROP TABLE suppression;"
                     "DROP TABLE telling;"
                     "DROP TABLE objection; DROP TABLE held_row;"
                     "DROP TABLE held_item; DROP TABLE held;"
                     "DROP TABLE delivery; DROP TABLE outbox; DROP TABLE "
                     "told; DROP TABLE alert_event;"
                     "DROP TABLE item_event; DROP TABLE journal; DROP TABLE page; DROP TABLE "
                     "remark; DROP TABLE measure; DROP TABLE series;"
                     "DROP TABLE batch; DROP TABLE meta; PRAGMA user_version = 0;"
                     "PRAGMA max_page_count = 3",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, "VACUUM; PRAGMA max_page_count = 3", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(zw_schema_upgrade(db, &err), ZW_STORE);
    assert_non_null(strstr(err.text, "upgrade schema: "));
    assert_false(zw_db_in_transaction(db));
    assert_int_equal(sqlite3_exec(conn, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(zw_schema_upgrade(db, &err), ZW_OK);
    assert_int_equal(zw_db_meta_put(db, "n", 1, &err), ZW_OK);
    zw_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_gets_every_table_the_rooms_need),
        cmocka_unit_test(what_cannot_be_true_is_refused_by_the_tables),
        cmocka_unit_test_setup_teardown(files_of_others_are_refused_untouched, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_failing_step_leaves_the_version_it_found,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
