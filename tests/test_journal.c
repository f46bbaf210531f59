/* The journal: deliveries and observations written to the file and read back. */
#include "store/journal.h"

#include "failing_alloc.h"
#include "intake/batch.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

typedef struct fixture {
    zw_db *db;
    zw_journal *journal;
} fixture;

static void run(zw_db *db, const char *sql)
{
    if (sqlite3_exec(zw_db_connection(db), sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(zw_db_connection(db)));
    }
}

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    f = (fixture){0};
    if (zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) != ZW_OK ||
        zw_journal_create(f.db, &f.journal, NULL) != ZW_OK) {
        return -1;
    }
    run(f.db, "INSERT INTO series(id, measure, area, dims, scope) VALUES(0, 'm', 'a', '', ''),"
              " (4000000000, 'm', 'b', '', '')");
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_journal_destroy(f->journal);
    zw_db_rollback(f->db);
    zw_db_close(f->db);
    return 0;
}

/* What a reading found, as text. */
typedef struct found {
    char text[2048];
    size_t len;
    size_t stop_after; /* rows; 0: never */
    size_t rows;
} found;

static zw_status found_row(found *is, zw_err *err)
{
    is->rows++;
    return is->rows == is->stop_after ? zw_err_set(err, ZW_LIMIT, "enough") : ZW_OK;
}

static zw_status on_delivery(void *arg, const zw_delivery *d, zw_err *err)
{
    found *is = arg;
    is->len +=
        (size_t)snprintf(is->text + is->len, sizeof is->text - is->len,
                         "batch %lld %s %s %s %s %lld %d %u %u %u %u\n", (long long)d->id,
                         d->source, d->name, d->format, d->digest, (long long)d->arrived_ms,
                         d->is_synthetic, d->accepted, d->unchanged, d->revised, d->rejected);
    return found_row(is, err);
}

static zw_status on_figure(void *arg, zw_series_id series, zw_period period, const zw_figure *f,
                           zw_err *err)
{
    found *is = arg;
    is->len += (size_t)snprintf(is->text + is->len, sizeof is->text - is->len,
                                "figure %u %lld %.17g %lld %lld %u %u %d %u %u\n", series,
                                (long long)period, f->value, (long long)f->known_at_ms,
                                (long long)f->batch, f->line, f->status, f->is_synthetic, f->source,
                                f->note);
    return found_row(is, err);
}

static zw_status read_all(fixture *f, found *is, zw_err *err)
{
    zw_journal_reader reader = {is, on_delivery, on_figure};
    return zw_journal_read(f->journal, &reader, err);
}

static void fill(fixture *f)
{
    zw_delivery first = {.id = 1,
                         .source = "统计局",
                         .name = "a.csv",
                         .format = "csv",
                         .digest = "d1",
                         .arrived_ms = -5,
                         .is_synthetic = true};
    zw_delivery second = {.id = 9,
                          .source = "",
                          .name = "",
                          .format = "",
                          .digest = "",
                          .accepted = 1,
                          .unchanged = 2,
                          .revised = 3,
                          .rejected = UINT32_MAX};
    zw_figure plain = {.value = 0.1, .known_at_ms = 7, .batch = 1, .line = 2};
    zw_figure edge = {.value = -1.7976931348623157e308,
                      .known_at_ms = INT64_MIN,
                      .batch = 9,
                      .line = UINT32_MAX,
                      .source = 5,
                      .note = UINT32_MAX,
                      .status = ZW_OBS_MISSING,
                      .is_synthetic = true};
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    assert_int_equal(zw_journal_deliver(f->journal, &first, NULL), ZW_OK);
    assert_int_equal(zw_journal_deliver(f->journal, &second, NULL), ZW_OK);
    assert_int_equal(zw_journal_put(f->journal, 4000000000U, ZW_PERIOD_MAX, &plain, NULL), ZW_OK);
    assert_int_equal(zw_journal_put(f->journal, 0, ZW_PERIOD_MIN, &edge, NULL), ZW_OK);
    first.accepted = 2;
    assert_int_equal(zw_journal_count(f->journal, &first, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
}

static void what_was_written_is_read_in_order_of_arrival(void **state)
{
    fixture *f = *state;
    found is = {.len = 0};
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_string_equal(is.text, "");
    fill(f);
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_string_equal(is.text,
                        "batch 1 统计局 a.csv csv d1 -5 1 2 0 0 0\n"
                        "batch 9     0 0 1 2 3 4294967295\n"
                        "figure 4000000000 2305843009213693951 0.10000000000000001 7 1 2 0 0 0 0\n"
                        "figure 0 -2305843009213693952 -1.7976931348623157e+308"
                        " -9223372036854775808 9 4294967295 4 1 5 4294967295\n");
}

static void a_reader_can_stop_at_any_row(void **state)
{
    fixture *f = *state;
    fill(f);
    for (size_t rows = 1; rows <= 4; rows++) {
        found is = {.stop_after = rows};
        zw_err err = {0};
        assert_int_equal(read_all(f, &is, &err), ZW_LIMIT);
        assert_string_equal(err.text, "enough");
        assert_int_equal(is.rows, rows);
    }
}

static void outside_a_transaction_nothing_is_written(void **state)
{
    fixture *f = *state;
    fill(f);
    zw_delivery d = {.id = 20, .source = "s", .name = "n", .format = "f", .digest = "d"};
    zw_figure figure = {.value = 1, .batch = 1};
    zw_err err = {0};
    assert_int_equal(zw_journal_deliver(f->journal, &d, &err), ZW_STORE);
    assert_int_equal(zw_journal_count(f->journal, &d, &err), ZW_STORE);
    assert_int_equal(zw_journal_put(f->journal, 0, 0, &figure, &err), ZW_STORE);
    assert_string_equal(err.text, "no transaction is open");
    found is = {.len = 0};
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_int_equal(is.rows, 4);
}

static void rows_that_cannot_be_are_named(void **state)
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
        {"a count below nothing", "UPDATE batch SET revised = -1 WHERE id = 9", "batch 9"},
        {"a batch number below one", "UPDATE batch SET id = 0 WHERE id = 9", "batch 0"},
        {"a table that is gone", "DROP TABLE observation", "no such table"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture *f = *state;
        fill(f);
        run(f->db, "PRAGMA foreign_keys = OFF");
        run(f->db, cases[i].sql);
        found is = {.len = 0};
        zw_err err = {0};
        zw_status status = read_all(f, &is, &err);
        if (status != ZW_STORE || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        assert_int_equal(teardown(state), 0);
        assert_int_equal(setup(state), 0);
    }
}

static void a_figure_of_no_batch_is_refused(void **state)
{
    fixture *f = *state;
    zw_figure figure = {.value = 1, .batch = 77};
    zw_err err = {0};
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    assert_int_equal(zw_journal_put(f->journal, 0, 0, &figure, &err), ZW_STORE);
    assert_string_equal(err.text, "insert observation: FOREIGN KEY constraint failed");
}

static void refused_memory_makes_no_journal(void **state)
{
    fixture *f = *state;
    for (long n = 0;; n++) {
        zw_journal *journal = NULL;
        failing_alloc_after(n);
        zw_status status = zw_journal_create(f->db, &journal, NULL);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            zw_journal_destroy(journal);
            zw_journal_destroy(NULL);
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(journal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read_in_order_of_arrival, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_reader_can_stop_at_any_row, setup, teardown),
        cmocka_unit_test_setup_teardown(outside_a_transaction_nothing_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_that_cannot_be_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_figure_of_no_batch_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_memory_makes_no_journal, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
