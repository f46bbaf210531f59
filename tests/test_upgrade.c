/* Files that earlier versions of the program wrote (tests/stores) say today what they said then. */
#include "store/upgrade.h"

#include "failing_alloc.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store_said.h" /* it asserts, so cmocka comes before it */

static void run(const char *path, const char *sql)
{
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open(path, &conn), SQLITE_OK);
    if (sqlite3_exec(conn, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s", sqlite3_errmsg(conn));
    }
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

/* Makes the file that a version wrote of three small deliveries. */
static void write_version(const store_folder *f, int version)
{
    char path[STORE_PATH_BYTES];
    static char sql[65536];
    (void)snprintf(path, sizeof path, "%s/tests/stores/version_%d.sql", ZW_SOURCE_DIR, version);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(sql, 1, sizeof sql - 1, file);
    sql[len] = '\0';
    assert_int_equal(fclose(file), 0);
    store_folder_clear(f);
    run(f->path, sql);
}

static char *say_as_delivered(void)
{
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    deliver_and_commit(store, "ministry", "d2");
    deliver_and_commit(store, "bureau", "d3");
    char *said = say(store);
    zw_store_close(store);
    return said;
}

static void files_of_earlier_versions_say_what_they_said(void **state)
{
    const store_folder *f = *state;
    char *said = say_as_delivered();
    static const int versions[] = {1, 2, 4};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        write_version(f, versions[i]);
        zw_err err = {0};
        zw_store *store = NULL;
        assert_int_equal(zw_store_open(f->path, ZW_DB_READ, &store, &err), ZW_STORE);
        assert_non_null(strstr(err.text, "open it for writing once"));
        store = open_store(f->path, ZW_DB_WRITE);
        assert_says(store, said);
        deliver_and_commit(store, "third", "d4");
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_READ);
        assert_int_equal(zw_store_delivery_count(store), 4);
        zw_store_close(store);
    }
    free(said);
}

/* The one number a question answers with. */
static int64_t ask(zw_db *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(db), sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(stmt, 0);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return number;
}

static void messages_of_earlier_versions_wait_where_they_waited(void **state)
{
    const store_folder *f = *state;
    zw_db *db = NULL;
    write_version(f, 4);
    assert_int_equal(zw_db_open(f->path, ZW_DB_WRITE, &db, NULL), ZW_OK);
    assert_int_equal(ask(db, "SELECT count(*) FROM outbox WHERE kind = ''"), 3);
    assert_int_equal(ask(db, "SELECT sum(id) FROM outbox WHERE delivered_ms IS NULL"
                             " AND ended_ms IS NULL"),
                     5);
    assert_int_equal(ask(db, "SELECT attempts FROM outbox WHERE id = 2 AND last_error ="
                             " 'answered 503'"),
                     2);
    assert_int_equal(ask(db, "SELECT count(*) FROM delivery"), 0);
    zw_db_close(db);
}

static void a_row_that_cannot_be_is_named_and_nothing_is_changed(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a status nobody knows", "UPDATE observation SET status = 5 WHERE id = 2",
         "observation 2"},
        {"a status that would wrap", "UPDATE observation SET status = 256", "observation 1"},
        {"a negative series", "UPDATE observation SET series = -1", "observation 1"},
        {"a series beyond the numbers", "UPDATE observation SET series = 4294967296",
         "observation 1"},
        {"a line beyond the numbers", "UPDATE observation SET line = -1", "observation 1"},
        {"a source beyond the numbers", "UPDATE observation SET source = 4294967296",
         "observation 1"},
        {"a negative note", "UPDATE observation SET note = -1 WHERE id = 2", "observation 2"},
        {"an infinite value", "UPDATE observation SET value = 9e999", "observation 1"},
        {"a period beyond time", "UPDATE observation SET period = 9223372036854775807",
         "observation 1"},
        {"a table that is gone", "DROP TABLE observation", "no such table"},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_store *store = NULL;
        zw_err err = {0};
        write_version(f, 2);
        run(f->path, cases[i].sql);
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &store, &err);
        if (status != ZW_STORE || store != NULL || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        run(f->path, "CREATE TABLE journal(id)"); /* the step's was taken back */
    }
}

static void an_upgrade_without_memory_changes_nothing(void **state)
{
    const store_folder *f = *state;
    char *said = say_as_delivered();
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_db *db = NULL;
        write_version(f, 2);
        failing_alloc_after(n);
        zw_status status = zw_db_open(f->path, ZW_DB_WRITE, &db, NULL);
        has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        zw_db_close(db);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        assert_says(store, said);
        zw_store_close(store);
    }
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_of_earlier_versions_say_what_they_said,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(messages_of_earlier_versions_wait_where_they_waited,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_row_that_cannot_be_is_named_and_nothing_is_changed,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(an_upgrade_without_memory_changes_nothing,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
