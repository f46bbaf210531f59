/* What rows say beside their figure: once each, numbered, durable, undone. */
#include "store/remarks.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store_said.h" /* it asserts, so cmocka comes before it */

static void run(zw_db *db, const char *sql)
{
    if (sqlite3_exec(zw_db_connection(db), sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(zw_db_connection(db)));
    }
}

static zw_db *open_db(const char *path)
{
    zw_db *db = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_db_open(path, ZW_DB_WRITE, &db, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return db;
}

static uint32_t add(zw_remarks *remarks, const char *text)
{
    uint32_t number = 99;
    zw_err err = {ZW_OK, ""};
    if (zw_remarks_ensure(remarks, zw_text_of(text), &number, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return number;
}

static void texts_are_kept_once_and_come_back(void **state)
{
    (void)state;
    zw_db *db = open_db(":memory:");
    zw_remarks *remarks = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_remarks_create(db, &remarks, &err), ZW_OK);
    assert_int_equal(add(remarks, ""), 0); /* needs no transaction: it is always there */
    assert_int_equal(zw_db_begin(db, &err), ZW_OK);
    assert_int_equal(add(remarks, "[25] 统计公报"), 1);
    assert_int_equal(add(remarks, "[26]"), 2);
    assert_int_equal(add(remarks, "[25] 统计公报"), 1);
    assert_int_equal(zw_db_commit(db, &err), ZW_OK);
    zw_remarks_destroy(remarks);
    assert_int_equal(zw_remarks_create(db, &remarks, &err), ZW_OK);
    assert_int_equal(zw_remarks_count(remarks), 3);
    assert_string_equal(zw_remarks_view(remarks, 1), "[25] 统计公报");
    assert_string_equal(zw_remarks_view(remarks, 0), "");
    zw_remarks_destroy(remarks);
    zw_db_close(db);
}

static void outside_a_transaction_nothing_is_added(void **state)
{
    (void)state;
    zw_db *db = open_db(":memory:");
    zw_remarks *remarks = NULL;
    zw_err err = {ZW_OK, ""};
    uint32_t number = 0;
    assert_int_equal(zw_remarks_create(db, &remarks, &err), ZW_OK);
    assert_int_equal(zw_remarks_ensure(remarks, zw_text_of("a"), &number, &err), ZW_STORE);
    assert_int_equal(zw_remarks_count(remarks), 1);
    zw_remarks_destroy(remarks);
    zw_db_close(db);
}

static void shrinking_gives_the_numbers_back(void **state)
{
    (void)state;
    zw_db *db = open_db(":memory:");
    zw_remarks *remarks = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_remarks_create(db, &remarks, &err), ZW_OK);
    assert_int_equal(zw_db_begin(db, &err), ZW_OK);
    assert_int_equal(add(remarks, "a"), 1);
    zw_db_rollback(db);
    zw_remarks_shrink(remarks, 1);
    assert_int_equal(zw_db_begin(db, &err), ZW_OK);
    assert_int_equal(add(remarks, "b"), 1);
    assert_int_equal(zw_db_commit(db, &err), ZW_OK);
    zw_remarks_destroy(remarks);
    zw_db_close(db);
}

static void what_cannot_be_kept_is_refused_and_adds_nothing(void **state)
{
    static const struct {
        const char *why, *sql;
        zw_text text;
        zw_status status;
        const char *says;
    } cases[] = {
        {"a NUL would cut it in the file", "SELECT 1", {"a\0b", 3}, ZW_INVALID, "NUL"},
        {"a NUL alone would be the empty text", "SELECT 1", {"", 1}, ZW_INVALID, "NUL"},
        {"SQLite refuses the row",
         "CREATE TEMP TRIGGER no BEFORE INSERT ON remark BEGIN SELECT RAISE(ABORT, 'no'); END",
         {"b", 1},
         ZW_STORE,
         "insert remark: no"},
        {"the table is gone", "DROP TABLE remark", {"b", 1}, ZW_STORE, "no such table"},
    };
    (void)state;
    zw_db *db = open_db(":memory:");
    zw_remarks *remarks = NULL;
    assert_int_equal(zw_remarks_create(db, &remarks, NULL), ZW_OK);
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_int_equal(add(remarks, "a"), 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run(db, cases[i].sql);
        uint32_t number = 77;
        zw_err err = {0};
        zw_status status = zw_remarks_ensure(remarks, cases[i].text, &number, &err);
        if (status != cases[i].status || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        assert_int_equal(number, 0);
        assert_int_equal(zw_remarks_count(remarks), 2);
        assert_false(zw_remarks_find(remarks, cases[i].text, &number));
    }
    assert_int_equal(add(remarks, "a"), 1);
    zw_remarks_destroy(remarks);
    zw_remarks_destroy(NULL);
    zw_db_rollback(db);
    zw_db_close(db);
}

static void rows_that_cannot_be_are_named(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a row that is gone", "INSERT INTO remark VALUES(1, 'a'), (3, 'c')",
         "remark 2 is missing"},
        {"a row for the empty text's number", "INSERT INTO remark VALUES(0, 'a')",
         "remark 1 is missing"},
        {"a number below nothing", "INSERT INTO remark VALUES(-1, 'a')", "remark 1 is missing"},
        {"a number that would wrap", "INSERT INTO remark VALUES(4294967297, 'a')",
         "remark 1 is missing"},
        {"the empty text once more", "INSERT INTO remark VALUES(1, '')",
         "remark 1 says what 0 says"},
        {"the same text twice",
         "DROP TABLE remark; CREATE TABLE remark(id INTEGER PRIMARY KEY, text TEXT);"
         "INSERT INTO remark VALUES(1, 'a'), (2, 'b'), (3, 'a')",
         "remark 3 says what 1 says"},
        {"no text",
         "DROP TABLE remark; CREATE TABLE remark(id INTEGER PRIMARY KEY, text TEXT);"
         "INSERT INTO remark VALUES(1, NULL)",
         "text is missing"},
        {"a table that is gone", "DROP TABLE remark", "no such table"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_db *db = open_db(":memory:");
        run(db, cases[i].sql);
        zw_remarks *remarks = NULL;
        zw_err err = {0};
        zw_status status = zw_remarks_create(db, &remarks, &err);
        if (status != ZW_STORE || remarks != NULL || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        zw_db_close(db);
    }
}

/* Adds more texts than the first arrays hold, on a file that holds some already. @return whether
 * memory was refused. */
static bool add_without_memory(void (*after)(long), bool (*stop)(void), long n)
{
    zw_db *db = open_db(":memory:");
    run(db, "INSERT INTO remark VALUES(1, 'a'), (2, 'b')");
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    zw_remarks *remarks = NULL;
    uint32_t number = 2;
    char text[] = "text 00";
    after(n);
    zw_status status = zw_remarks_create(db, &remarks, NULL);
    for (uint32_t i = 0; status == ZW_OK && i < 40; i++) {
        text[5] = (char)('0' + i / 10);
        text[6] = (char)('0' + i % 10);
        status = zw_remarks_ensure(remarks, zw_text_of(text), &number, NULL);
    }
    bool was_refused = stop();
    /* SQLite itself can do without some of what it asks for. */
    assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
    assert_true(remarks != NULL || status == ZW_NOMEM);
    if (remarks != NULL) {
        assert_int_equal(number == 0, status != ZW_OK);
        if (!zw_db_in_transaction(db)) { /* SQLite gave the transaction up: so does memory */
            zw_remarks_shrink(remarks, 3);
            assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
        }
        uint32_t count = zw_remarks_count(remarks);
        assert_int_equal(add(remarks, text), count - (status == ZW_OK)); /* still of use */
        assert_int_equal(add(remarks, "b"), 2);
        count = zw_remarks_count(remarks);
        assert_int_equal(zw_db_commit(db, NULL), ZW_OK);
        zw_remarks_destroy(remarks);
        assert_int_equal(zw_remarks_create(db, &remarks, NULL), ZW_OK);
        assert_int_equal(zw_remarks_count(remarks), count); /* the file has the same */
    }
    zw_remarks_destroy(remarks);
    zw_db_rollback(db);
    zw_db_close(db);
    return was_refused;
}

static void without_memory_nothing_was_added(void **state)
{
    (void)state;
    long n = 0;
    while (add_without_memory(failing_alloc_after, failing_alloc_stop, n)) {
        n++;
    }
    assert_true(n > 5); /* the loop did refuse something */
    n = 0;
    while (add_without_memory(failing_sqlite_after, failing_sqlite_stop, n)) {
        n++;
    }
    assert_true(n > 5);
}

static uint32_t text_in(zw_store *store, const char *text)
{
    uint32_t number = 77;
    zw_err err = {0};
    if (zw_store_text(store, zw_text_of(text), &number, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return number;
}

static void a_store_takes_new_texts_inside_a_turn_and_takes_them_back(void **state)
{
    (void)state;
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    uint32_t number = 77;
    zw_err err = {0};
    assert_int_equal(text_in(store, ""), 0);
    assert_int_equal(zw_store_text(store, zw_text_of("a"), &number, &err), ZW_STORE);
    assert_string_equal(err.text, "text: no turn is open");
    assert_int_equal(number, 0);
    assert_int_equal(zw_db_begin(zw_store_db(store), NULL), ZW_OK); /* no turn of the store's */
    assert_int_equal(zw_store_text(store, zw_text_of("a"), &number, NULL), ZW_STORE);
    zw_db_rollback(zw_store_db(store));
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(text_in(store, "a"), 1);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    assert_int_equal(text_in(store, "b"), 2);
    zw_store_rollback_to(store);
    assert_string_equal(zw_store_text_view(store, 2), "");
    assert_int_equal(text_in(store, "c"), 2);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    assert_int_equal(text_in(store, "c"), 2); /* finding needs no turn */
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(text_in(store, "d"), 3);
    zw_store_rollback(store);
    assert_int_equal(zw_store_text(store, zw_text_of("d"), &number, NULL), ZW_STORE);
    assert_string_equal(zw_store_text_view(store, 1), "a");
    assert_string_equal(zw_store_text_view(store, 2), "c");
    assert_string_equal(zw_store_text_view(store, 3), "");
    zw_store_close(store);
}

/* Another source for what is known is no news, yet its version keeps it: as of each moment the
 * source is the one said by then. */
static void sources_and_notes_are_kept_as_of_but_are_no_revision(void **state)
{
    const store_folder *f = *state;
    static const struct {
        const char *why;
        int64_t known_at_ms;
        double value;
        zw_change change;
        const char *source, *note;
    } steps[] = {
        {"the first is news", 10, 5, ZW_CHANGE_NEW, "公报", ""},
        {"another source is no revision", 20, 5, ZW_CHANGE_UNCHANGED, "年鉴", ""},
        {"another note is none", 30, 5, ZW_CHANGE_UNCHANGED, "年鉴", "第二次核算"},
        {"nothing said is none", 40, 5, ZW_CHANGE_UNCHANGED, "", ""},
        {"another value is one", 50, 6, ZW_CHANGE_REVISED, "", "更正"},
    };
    enum { STEPS = sizeof steps / sizeof steps[0] };
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    for (size_t i = 0; i < STEPS; i++) {
        zw_figure figure = {.value = steps[i].value,
                            .known_at_ms = steps[i].known_at_ms,
                            .batch = 1,
                            .source = text_in(store, steps[i].source),
                            .note = text_in(store, steps[i].note)};
        zw_change change = ZW_CHANGE_NEW;
        assert_int_equal(zw_store_put(store, 0, 99, &figure, &change, NULL), ZW_OK);
        if (change != steps[i].change) {
            fail_msg("%s: %d", steps[i].why, (int)change);
        }
    }
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    for (int round = 0; round < 2; round++) { /* as put, and as the file gives it back */
        for (size_t i = 0; i < STEPS; i++) {
            const zw_figure *at =
                zw_store_at(store, 0, 99, steps[i].known_at_ms + 5, &(zw_figure){0});
            assert_non_null(at);
            assert_string_equal(zw_store_text_view(store, at->source), steps[i].source);
            assert_string_equal(zw_store_text_view(store, at->note), steps[i].note);
        }
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_READ);
    }
    zw_store_close(store);
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_kept_once_and_come_back),
        cmocka_unit_test(outside_a_transaction_nothing_is_added),
        cmocka_unit_test(shrinking_gives_the_numbers_back),
        cmocka_unit_test(what_cannot_be_kept_is_refused_and_adds_nothing),
        cmocka_unit_test(rows_that_cannot_be_are_named),
        cmocka_unit_test(without_memory_nothing_was_added),
        cmocka_unit_test(a_store_takes_new_texts_inside_a_turn_and_takes_them_back),
        cmocka_unit_test_setup_teardown(sources_and_notes_are_kept_as_of_but_are_no_revision,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
