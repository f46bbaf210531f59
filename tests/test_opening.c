/* Opening a store: what does not fit together is an error or is named, and never harms. */
#include "store/store.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "intake/batch.h"
#include "store_folder.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store_model.h" /* it asserts, so cmocka comes before it */

static void an_open_without_memory_leaves_nothing(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    char *said = say(store);
    zw_store_close(store);
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_store *opened = NULL;
        failing_alloc_after(n);
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &opened, NULL);
        has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(opened == NULL, has_refused);
        zw_store_close(opened);
    }
    has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_store *opened = NULL;
        failing_sqlite_after(n);
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &opened, NULL);
        has_refused = failing_sqlite_stop();
        assert_true(status == ZW_OK || (has_refused && status == ZW_NOMEM && opened == NULL));
        zw_store_close(opened);
    }
    store = open_store(f->path, ZW_DB_WRITE);
    assert_says(store, said);
    zw_store_close(store);
    free(said);
}

static void rows_that_do_not_fit_together_are_an_error(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a text that is gone", "DELETE FROM remark WHERE id = 1", "remark 1 is missing"},
        {"a series that is gone", "DELETE FROM series WHERE id = 0", "series 0 is missing"},
        {"a grid nobody knows", "UPDATE measure SET every = 'fortnight'", "fortnight"},
        {"a table that is gone", "DROP TABLE batch", "no such table"},
        {"another program's version", "PRAGMA user_version = 7", "newer program"},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        zw_store_close(store);
        sqlite3 *conn = NULL;
        assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
        assert_int_equal(sqlite3_exec(conn, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(conn), SQLITE_OK);
        zw_err err = {0};
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &store, &err);
        if (status != ZW_STORE || store != NULL || strstr(err.text, cases[i].says) == NULL ||
            strstr(err.text, f->path) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
    }
}

static void a_damaged_row_of_the_journal_is_named_and_the_rest_is_served(void **state)
{
    static const struct {
        const char *why, *sql;
        bool is_known;
    } cases[] = {
        {"a figure of no batch", "UPDATE batch SET id = 9 WHERE id = 2", true},
        {"a note of no text",
         "DELETE FROM remark WHERE id = 3; INSERT INTO batch SELECT 9, source, name, format, 'x',"
         " arrived_ms, synthetic, 0, 0, 0, 0 FROM batch WHERE id = 2",
         true},
        {"another body", "UPDATE journal SET body = zeroblob(40) WHERE id = 2", true},
        {"another head", "UPDATE journal SET head = zeroblob(40) WHERE id = 2", false},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        deliver_and_commit(store, "bureau", "d2");
        zw_store_close(store);
        sqlite3 *conn = NULL;
        assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
        assert_int_equal(sqlite3_exec(conn, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(conn), SQLITE_OK);
        store = open_store(f->path, ZW_DB_WRITE);
        const zw_damage *damage = zw_store_damage(store, 0);
        assert_non_null(damage);
        if (damage->row != 2 || damage->is_known != cases[i].is_known ||
            damage->figures != (cases[i].is_known ? 6 : 0)) {
            fail_msg("%s: row %lld", cases[i].why, (long long)damage->row);
        }
        assert_int_equal(zw_store_damage_count(store), 1);
        assert_null(zw_store_damage(store, 1));
        assert_int_equal(zw_store_figure_count(store), 6);
        deliver_and_commit(store, "third", "d1"); /* its row is another's */
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_READ);
        assert_int_equal(zw_store_figure_count(store), 12);
        assert_int_equal(zw_store_damage_count(store), 1);
        zw_store_close(store);
    }
}

/* Figures may lie anywhere in time now: asked for one by one, not from first to last. */
static void ask_everything(const zw_store *store)
{
    const zw_learned *learned = NULL;
    size_t count = zw_store_learned(store, INT64_MIN, INT64_MAX, &learned);
    assert_true(count <= zw_store_figure_count(store));
    for (size_t i = 0; i < count; i++) {
        assert_non_null(zw_store_at(store, learned[i].series, learned[i].period,
                                    learned[i].known_at_ms, &(zw_figure){0}));
    }
}

static void a_file_with_damaged_bytes_is_an_error_or_opens_but_never_harms(void **state)
{
    enum { PAGE_BYTES = 4096, PAGES = 29, ROUNDS = 150 };
    const store_folder *f = *state;
    uint32_t seed = 7;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        zw_store_close(store);
        /* Page heads and the ends of pages, where the rows lie. */
        long page = (long)next_random(&seed, PAGES);
        long in_page = (long)next_random(&seed, 200);
        damage(f->path, page * PAGE_BYTES + (round % 2 == 0 ? in_page : PAGE_BYTES - 17 - in_page),
               &seed);
        zw_err err = {0};
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &store, &err);
        assert_true(status == ZW_OK || (status == ZW_STORE && store == NULL));
        refused += status != ZW_OK;
        if (status == ZW_OK) {
            ask_everything(store);
        }
        zw_store_close(store);
    }
    assert_true(refused > 0);
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_open_without_memory_leaves_nothing, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(rows_that_do_not_fit_together_are_an_error,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(
            a_damaged_row_of_the_journal_is_named_and_the_rest_is_served, store_folder_setup,
            store_folder_teardown),
        cmocka_unit_test_setup_teardown(
            a_file_with_damaged_bytes_is_an_error_or_opens_but_never_harms, store_folder_setup,
            store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
