/* The SQLite file: opening, its settings, transactions, meta. */
#include "store/db.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static zw_db *open_db(const char *path, zw_db_mode mode)
{
    zw_db *db = NULL;
    zw_err err = {0};
    if (zw_db_open(path, mode, &db, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return db;
}

/* What a query of one value answers. */
static void ask(zw_db *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(db), sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    (void)snprintf(out, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static void a_store_is_set_up_to_last(void **state)
{
    static const struct {
        const char *why, *sql, *answer;
    } cases[] = {
        {"small pages, of which a table's first wastes little", "PRAGMA page_size", "4096"},
        {"what is freed can be given back", "PRAGMA auto_vacuum", "2"},
        {"readers go on while a turn commits", "PRAGMA journal_mode", "wal"},
        {"committed means on disk: 2 is FULL", "PRAGMA synchronous", "2"},
        {"a figure has its batch and series", "PRAGMA foreign_keys", "1"},
        {"the schema is this program's", "PRAGMA user_version", "5"},
    };
    const store_folder *f = *state;
    for (int round = 0; round < 2; round++) { /* a new file, then the same again */
        zw_db *db = open_db(f->path, ZW_DB_WRITE);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            char answer[64];
            ask(db, cases[i].sql, answer, sizeof answer);
            if (strcmp(answer, cases[i].answer) != 0) {
                fail_msg("%s: %s says %s", cases[i].why, cases[i].sql, answer);
            }
        }
        zw_db_close(db);
    }
}

static void what_is_no_store_is_refused(void **state)
{
    const store_folder *f = *state;
    char folder_as_file[STORE_PATH_BYTES];
    (void)snprintf(folder_as_file, sizeof folder_as_file, "%s", f->folder);
    FILE *file = fopen(f->path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 4096; i++) {
        assert_int_not_equal(fputs("no database ", file), EOF);
    }
    assert_int_equal(fclose(file), 0);
    const struct {
        const char *why, *path;
        zw_db_mode mode;
        zw_status status;
    } cases[] = {
        {"bytes that are no database", f->path, ZW_DB_WRITE, ZW_STORE},
        {"nor for reading", f->path, ZW_DB_READ, ZW_STORE},
        {"a folder", folder_as_file, ZW_DB_WRITE, ZW_STORE},
        {"a path through nothing", "/no/such/folder/x.db", ZW_DB_WRITE, ZW_STORE},
        {"no file to read", "/no/such/folder/x.db", ZW_DB_READ, ZW_NOT_FOUND},
        {"memory has nothing to read", ":memory:", ZW_DB_READ, ZW_NOT_FOUND},
        {"no name at all", "", ZW_DB_WRITE, ZW_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_db *db = NULL;
        zw_err err = {0};
        zw_status status = zw_db_open(cases[i].path, cases[i].mode, &db, &err);
        if (status != cases[i].status || db != NULL || err.text[0] == '\0') {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
    }
}

static void a_second_writer_is_refused_and_a_reader_is_not(void **state)
{
    const store_folder *f = *state;
    zw_db *writer = open_db(f->path, ZW_DB_WRITE);
    zw_db *second = NULL;
    zw_err err = {0};
    assert_int_equal(zw_db_open(f->path, ZW_DB_WRITE, &second, &err), ZW_CONFLICT);
    assert_null(second);
    assert_non_null(strstr(err.text, "another process writes"));
    zw_db *reader = open_db(f->path, ZW_DB_READ);
    zw_db_close(reader);
    zw_db_close(writer);
    zw_db_close(open_db(f->path, ZW_DB_WRITE));
    zw_db_close(NULL);
}

static void a_symbolic_link_leads_to_the_same_lock(void **state)
{
    const store_folder *f = *state;
    char link_path[STORE_PATH_BYTES];
    (void)snprintf(link_path, sizeof link_path, "%s/other.db", f->folder);
    zw_db *writer = open_db(f->path, ZW_DB_WRITE);
    assert_int_equal(symlink(f->path, link_path), 0);
    zw_db *second = NULL;
    assert_int_equal(zw_db_open(link_path, ZW_DB_WRITE, &second, NULL), ZW_CONFLICT);
    zw_db_close(writer);
}

static void a_reader_sees_one_state_for_a_whole_transaction(void **state)
{
    const store_folder *f = *state;
    zw_db *writer = open_db(f->path, ZW_DB_WRITE);
    assert_int_equal(zw_db_meta_put(writer, "n", 1, NULL), ZW_OK);
    zw_db *reader = open_db(f->path, ZW_DB_READ);
    int64_t n = 0;
    assert_int_equal(zw_db_begin(reader, NULL), ZW_OK);
    assert_int_equal(zw_db_meta_get(reader, "n", &n, NULL), ZW_OK);
    assert_int_equal(n, 1);
    assert_int_equal(zw_db_begin(writer, NULL), ZW_OK);
    assert_int_equal(zw_db_meta_put(writer, "n", 2, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(writer, NULL), ZW_OK);
    assert_int_equal(zw_db_meta_get(reader, "n", &n, NULL), ZW_OK);
    assert_int_equal(n, 1);
    assert_int_equal(zw_db_commit(reader, NULL), ZW_OK);
    assert_int_equal(zw_db_meta_get(reader, "n", &n, NULL), ZW_OK);
    assert_int_equal(n, 2);
    assert_int_equal(zw_db_meta_put(reader, "n", 3, NULL), ZW_STORE);
    zw_db_close(reader);
    zw_db_close(writer);
}

static void meta_keeps_numbers_by_name(void **state)
{
    const store_folder *f = *state;
    zw_db *db = open_db(f->path, ZW_DB_WRITE);
    int64_t n = 7;
    zw_err err = {0};
    assert_int_equal(zw_db_meta_get(db, "evaluated_ms", &n, &err), ZW_NOT_FOUND);
    assert_non_null(strstr(err.text, "evaluated_ms"));
    assert_int_equal(n, 7);
    assert_int_equal(zw_db_meta_put(db, "evaluated_ms", INT64_MIN, &err), ZW_OK);
    assert_int_equal(zw_db_meta_put(db, "evaluated_ms", INT64_MAX, &err), ZW_OK);
    zw_db_close(db);
    db = open_db(f->path, ZW_DB_WRITE);
    assert_int_equal(zw_db_meta_get(db, "evaluated_ms", &n, &err), ZW_OK);
    assert_true(n == INT64_MAX);
    zw_db_close(db);
}

static void a_rollback_takes_back_and_may_come_at_any_time(void **state)
{
    (void)state;
    zw_db *db = open_db(":memory:", ZW_DB_WRITE);
    int64_t n = 0;
    zw_db_rollback(db);
    assert_false(zw_db_in_transaction(db));
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_true(zw_db_in_transaction(db));
    assert_int_equal(zw_db_begin(db, NULL), ZW_STORE);
    assert_int_equal(zw_db_meta_put(db, "n", 1, NULL), ZW_OK);
    zw_db_rollback(db);
    assert_false(zw_db_in_transaction(db));
    assert_int_equal(zw_db_meta_get(db, "n", &n, NULL), ZW_NOT_FOUND);
    assert_int_equal(zw_db_commit(db, NULL), ZW_STORE);
    zw_db_close(db);
}

static int refuse_commit(void *arg)
{
    (void)arg;
    return 1;
}

static void a_commit_that_fails_has_rolled_back(void **state)
{
    (void)state;
    zw_db *db = open_db(":memory:", ZW_DB_WRITE);
    zw_err err = {0};
    int64_t n = 0;
    assert_int_equal(zw_db_begin(db, &err), ZW_OK);
    assert_int_equal(zw_db_meta_put(db, "n", 1, &err), ZW_OK);
    (void)sqlite3_commit_hook(zw_db_connection(db), refuse_commit, NULL);
    assert_int_equal(zw_db_commit(db, &err), ZW_STORE);
    assert_non_null(strstr(err.text, "commit: "));
    assert_false(zw_db_in_transaction(db));
    (void)sqlite3_commit_hook(zw_db_connection(db), NULL, NULL);
    assert_int_equal(zw_db_meta_get(db, "n", &n, &err), ZW_NOT_FOUND);

    /* A deferred foreign key is the other way: SQLite then leaves the transaction open. */
    assert_int_equal(sqlite3_exec(zw_db_connection(db),
                                  "CREATE TABLE parent(id INTEGER PRIMARY KEY);"
                                  "CREATE TABLE child(of INTEGER REFERENCES parent(id)"
                                  " DEFERRABLE INITIALLY DEFERRED)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(zw_db_begin(db, &err), ZW_OK);
    assert_int_equal(
        sqlite3_exec(zw_db_connection(db), "INSERT INTO child VALUES(1)", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(zw_db_commit(db, &err), ZW_STORE);
    assert_false(zw_db_in_transaction(db));
    zw_db_close(db);
}

static void an_open_that_gets_no_memory_leaves_nothing(void **state)
{
    const store_folder *f = *state;
    for (long n = 0;; n++) {
        zw_db *db = NULL;
        failing_alloc_after(n);
        zw_status status = zw_db_open(f->path, ZW_DB_WRITE, &db, NULL);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            zw_db_close(db);
            break;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(db);
    }
}

/* Every allocation of the opening itself, and some of those of the schema's steps, which are ever
 * more and all alike. */
enum { SQLITE_EVERY = 500, SQLITE_STRIDE = 11 };

static void an_open_survives_sqlite_without_memory(void **state)
{
    const store_folder *f = *state;
    for (long n = 0;; n += n < SQLITE_EVERY ? 1 : SQLITE_STRIDE) {
        zw_db *db = NULL;
        zw_err err = {0};
        store_folder_clear(f); /* the whole way each time: schema, WAL, lock */
        failing_sqlite_after(n);
        zw_status status = zw_db_open(f->path, ZW_DB_WRITE, &db, &err);
        bool has_refused = failing_sqlite_stop();
        if (status == ZW_OK) { /* SQLite can do without some of what it asks for */
            zw_db_close(db);
        } else if (status != ZW_NOMEM) {
            fail_msg("allocation %ld: %s", n, err.text);
        }
        if (!has_refused) {
            assert_int_equal(status, ZW_OK);
            break;
        }
    }
    zw_db_close(open_db(f->path, ZW_DB_WRITE));
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_store_is_set_up_to_last, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_store_is_refused, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_second_writer_is_refused_and_a_reader_is_not,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_symbolic_link_leads_to_the_same_lock, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_reader_sees_one_state_for_a_whole_transaction,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(meta_keeps_numbers_by_name, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(a_rollback_takes_back_and_may_come_at_any_time),
        cmocka_unit_test(a_commit_that_fails_has_rolled_back),
        cmocka_unit_test_setup_teardown(an_open_that_gets_no_memory_leaves_nothing,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(an_open_survives_sqlite_without_memory, store_folder_setup,
                                        store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
