/* The rows of registers in the file: they come back as they were written, and damage is named. */
#include "store/item_journal.h"

#include "failing_alloc.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static void run(zw_db *db, const char *sql)
{
    if (sqlite3_exec(zw_db_connection(db), sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(zw_db_connection(db)));
    }
}

static zw_db *open_db(void)
{
    zw_db *db = NULL;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
    run(db, "INSERT INTO batch VALUES(1, 's', 'n', 'csv', 'd', 1, 0, 1, 0, 0, 0)");
    return db;
}

static const zw_item_field some_fields[] = {{"type", "孵化器"}, {"paid", "1=2"}, {"x", "9"}};
static const zw_item_row rows[] = {
    {.register_name = "calls",
     .item = "揭榜-1",
     .area = "pazhou",
     .state = "posted",
     .source = "台账",
     .note = "first",
     .fields = some_fields,
     .field_count = 3,
     .at_ms = -5,
     .known_at_ms = INT64_MAX,
     .batch = 1,
     .line = UINT32_MAX,
     .is_synthetic = true},
    {.register_name = "calls",
     .item = "",
     .area = "",
     .state = "",
     .source = "",
     .note = "",
     .at_ms = 3,
     .known_at_ms = 2,
     .batch = 1,
     .line = 1},
};

static void assert_same_row(const zw_item_row *a, const zw_item_row *b)
{
    assert_string_equal(a->register_name, b->register_name);
    assert_string_equal(a->item, b->item);
    assert_string_equal(a->area, b->area);
    assert_string_equal(a->state, b->state);
    assert_string_equal(a->source, b->source);
    assert_string_equal(a->note, b->note);
    assert_true(a->at_ms == b->at_ms && a->known_at_ms == b->known_at_ms && a->batch == b->batch);
    assert_true(a->line == b->line && a->is_synthetic == b->is_synthetic);
    assert_int_equal(a->field_count, b->field_count);
    for (size_t i = 0; i < a->field_count; i++) {
        assert_string_equal(a->fields[i].name, b->fields[i].name);
        assert_string_equal(a->fields[i].text, b->fields[i].text);
    }
}

static zw_status on_row(void *arg, const zw_item_row *row, zw_err *err)
{
    (void)err;
    size_t *count = arg;
    assert_true(*count < sizeof rows / sizeof rows[0]);
    assert_same_row(row, &rows[(*count)++]);
    return ZW_OK;
}

static zw_status refuse(void *arg, const zw_item_row *row, zw_err *err)
{
    (void)arg;
    return zw_err_set(err, ZW_CONFLICT, "not %s", row->register_name);
}

static void rows_come_back_as_they_were_written(void **state)
{
    (void)state;
    zw_db *db = open_db();
    zw_item_journal *journal = NULL;
    assert_int_equal(zw_item_journal_create(db, &journal, NULL), ZW_OK);
    zw_err err = {0};
    assert_int_equal(zw_item_journal_put(journal, &rows[0], &err), ZW_STORE);
    assert_string_equal(err.text, "no transaction is open");
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_int_equal(zw_item_journal_put(journal, &rows[0], NULL), ZW_OK);
    assert_int_equal(zw_item_journal_put(journal, &rows[1], NULL), ZW_OK);
    zw_item_row stray = rows[1];
    stray.batch = 7;
    assert_int_equal(zw_item_journal_put(journal, &stray, &err), ZW_STORE);
    assert_non_null(strstr(err.text, "FOREIGN KEY"));
    assert_int_equal(zw_db_commit(db, NULL), ZW_OK);
    size_t count = 0;
    assert_int_equal(zw_item_journal_read(journal, on_row, &count, NULL), ZW_OK);
    assert_int_equal(count, 2);
    assert_int_equal(zw_item_journal_read(journal, refuse, NULL, &err), ZW_CONFLICT);
    assert_string_equal(err.text, "not calls");
    zw_item_journal_destroy(journal);
    zw_item_journal_destroy(NULL);
    zw_db_close(db);
}

static void rows_that_cannot_be_are_named(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a field without its name",
         "INSERT INTO item_event VALUES(4, 1, 1, 'r', 'i', '', 1, 1, '', 'lab', '', '', 0)",
         "item row 4"},
        {"a line that cannot be",
         "INSERT INTO item_event VALUES(5, 1, -1, 'r', 'i', '', 1, 1, '', '', '', '', 0)",
         "item row 5"},
        {"no text",
         "DROP TABLE item_event; CREATE TABLE item_event(id, batch, line, register, item, area,"
         " at_ms, known_at_ms, state, fields, source, note, synthetic);"
         "INSERT INTO item_event VALUES(4, 1, 1, 'r', NULL, '', 1, 1, '', '', '', '', 0)",
         "item is missing"},
        {"a table that is gone", "DROP TABLE item_event", "no such table"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_db *db = open_db();
        run(db, cases[i].sql);
        zw_item_journal *journal = NULL;
        assert_int_equal(zw_item_journal_create(db, &journal, NULL), ZW_OK);
        zw_err err = {0};
        size_t count = 0;
        zw_status status = zw_item_journal_read(journal, on_row, &count, &err);
        if (status != ZW_STORE || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        zw_item_journal_destroy(journal);
        zw_db_close(db);
    }
}

static zw_status list_held(void *arg, const zw_item_row *row, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%lld:%u %s/%s %zu,", (long long)row->batch, row->line, row->register_name,
                  row->item, row->field_count);
    return ZW_OK;
}

static void assert_held(zw_item_journal *journal, int64_t batch, const char *expected)
{
    zw_buf listed;
    zw_buf_init(&listed, 1024);
    zw_buf_puts(&listed, "");
    assert_int_equal(zw_item_journal_held(journal, batch, list_held, &listed, NULL), ZW_OK);
    assert_string_equal(zw_buf_view(&listed), expected);
    zw_buf_fini(&listed);
}

static void rows_that_wait_are_no_rows_of_the_register_yet(void **state)
{
    (void)state;
    zw_db *db = open_db();
    zw_item_journal *journal = NULL;
    zw_err err = {0};
    assert_int_equal(zw_item_journal_create(db, &journal, NULL), ZW_OK);
    assert_int_equal(zw_item_journal_hold(journal, &rows[0], &err), ZW_STORE);
    assert_int_equal(zw_item_journal_drop(journal, 1, &err), ZW_STORE);
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_int_equal(zw_item_journal_hold(journal, &rows[0], &err), ZW_STORE);
    assert_non_null(strstr(err.text, "FOREIGN KEY")); /* its batch is not held */
    run(db, "INSERT INTO batch VALUES(2, 's', 'n', 'csv', 'd', 1, 0, 1, 0, 0, 0);"
            "INSERT INTO held(batch) VALUES(1), (2)");
    zw_item_row other = rows[1];
    other.batch = 2;
    assert_int_equal(zw_item_journal_hold(journal, &rows[0], NULL), ZW_OK); /* known last */
    assert_int_equal(zw_item_journal_hold(journal, &rows[1], NULL), ZW_OK);
    assert_int_equal(zw_item_journal_hold(journal, &other, NULL), ZW_OK);
    assert_held(journal, 1, "1:1 calls/ 0,1:4294967295 calls/揭榜-1 3,");
    assert_held(journal, 2, "2:1 calls/ 0,");
    size_t count = 0;
    assert_int_equal(zw_item_journal_read(journal, on_row, &count, NULL), ZW_OK);
    assert_int_equal(count, 0);
    assert_int_equal(zw_item_journal_drop(journal, 1, NULL), ZW_OK);
    assert_held(journal, 1, "");
    assert_held(journal, 2, "2:1 calls/ 0,");
    zw_db_rollback(db);
    zw_item_journal_destroy(journal);
    zw_db_close(db);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    zw_db *db = open_db();
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    bool was_refused = true;
    long n = 0;
    for (; was_refused; n++) {
        run(db, "DELETE FROM item_event");
        zw_item_journal *journal = NULL;
        size_t count = 0;
        failing_alloc_after(n);
        zw_status status = zw_item_journal_create(db, &journal, NULL);
        for (size_t i = 0; status == ZW_OK && i < 2; i++) {
            status = zw_item_journal_put(journal, &rows[i], NULL);
        }
        if (status == ZW_OK) {
            status = zw_item_journal_read(journal, on_row, &count, NULL);
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_item_journal_destroy(journal);
    }
    assert_true(n > 4);
    zw_db_rollback(db);
    zw_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_were_written),
        cmocka_unit_test(rows_that_cannot_be_are_named),
        cmocka_unit_test(rows_that_wait_are_no_rows_of_the_register_yet),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
