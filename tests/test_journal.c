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
    int64_t refuses; /* the row whose figures cannot be; 0: none */
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

static zw_status on_figures(void *arg, int64_t row, const zw_put *puts, size_t count, zw_err *err)
{
    found *is = arg;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        const zw_figure *f = &puts[i].figure;
        is->len += (size_t)snprintf(is->text + is->len, sizeof is->text - is->len,
                                    "row %lld figure %u %lld %.17g %lld %lld %u %u %d %u %u\n",
                                    (long long)row, puts[i].series, (long long)puts[i].period,
                                    f->value, (long long)f->known_at_ms, (long long)f->batch,
                                    f->line, f->status, f->is_synthetic, f->source, f->note);
        status = found_row(is, err);
    }
    return status == ZW_OK && is->refuses == row ? zw_err_set(err, ZW_STORE, "no") : status;
}

static zw_status on_damage(void *arg, const zw_damage *d, zw_err *err)
{
    found *is = arg;
    is->len += (size_t)snprintf(is->text + is->len, sizeof is->text - is->len,
                                "damaged %s %lld: %d %u %u %lld %lld %zu\n", d->table,
                                (long long)d->row, d->is_known, d->first_series, d->last_series,
                                (long long)d->first_period, (long long)d->last_period, d->figures);
    return found_row(is, err);
}

static zw_status read_all(fixture *f, found *is, zw_err *err)
{
    zw_journal_reader reader = {is, on_delivery, on_figures, on_damage};
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
    const zw_put puts[] = {{4000000000U, ZW_PERIOD_MAX, plain}, {0, ZW_PERIOD_MIN, edge}};
    assert_int_equal(zw_journal_write(f->journal, 1, puts, 2, NULL), ZW_OK);
    assert_int_equal(zw_journal_write(f->journal, 7, &puts[1], 1, NULL), ZW_OK);
    first.accepted = 2;
    assert_int_equal(zw_journal_count(f->journal, &first, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
}

#define EDGE                                                                                       \
    " figure 0 -2305843009213693952 -1.7976931348623157e+308 -9223372036854775808 9"               \
    " 4294967295 4 1 5 4294967295\n"

static void what_was_written_is_read_in_order_of_arrival(void **state)
{
    fixture *f = *state;
    found is = {.len = 0};
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_string_equal(is.text, "");
    fill(f);
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_string_equal(
        is.text, "batch 1 统计局 a.csv csv d1 -5 1 2 0 0 0\n"
                 "batch 9     0 0 1 2 3 4294967295\n"
                 "row 1 figure 4000000000 2305843009213693951 0.10000000000000001 7 1 2 0 0 0 0\n"
                 "row 1" EDGE "row 7" EDGE);
}

static void a_reader_can_stop_at_any_row(void **state)
{
    fixture *f = *state;
    fill(f);
    for (size_t rows = 1; rows <= 5; rows++) {
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
    zw_put put = {0, 0, {.value = 1, .batch = 1}};
    zw_err err = {0};
    assert_int_equal(zw_journal_deliver(f->journal, &d, &err), ZW_STORE);
    assert_int_equal(zw_journal_count(f->journal, &d, &err), ZW_STORE);
    assert_int_equal(zw_journal_write(f->journal, 8, &put, 1, &err), ZW_STORE);
    assert_string_equal(err.text, "no transaction is open");
    found is = {.len = 0};
    assert_int_equal(read_all(f, &is, NULL), ZW_OK);
    assert_int_equal(is.rows, 5);
}

static void rows_that_cannot_be_are_named(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a count below nothing", "UPDATE batch SET revised = -1 WHERE id = 9", "batch 9"},
        {"a batch number below one", "UPDATE batch SET id = 0 WHERE id = 9", "batch 0"},
        {"a table that is gone", "DROP TABLE journal", "no such table"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture *f = *state;
        fill(f);
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

static void a_damaged_row_is_named_and_the_others_are_read(void **state)
{
    static const struct {
        const char *why, *sql, *says;
        int64_t refuses;
    } cases[] = {
        {"a changed byte of the body",
         "UPDATE journal SET body = CAST(substr(body, 1, 20) || x'55' || substr(body, 22) AS BLOB)"
         " WHERE id = 1",
         "damaged journal 1: 1 0 4000000000 -2305843009213693952 2305843009213693951 2\nrow 7", 0},
        {"a body cut short", "UPDATE journal SET body = substr(body, 1, 30) WHERE id = 1",
         "damaged journal 1: 1 0 4000000000", 0},
        {"an empty body", "UPDATE journal SET body = x'' WHERE id = 1",
         "damaged journal 1: 1 0 4000000000", 0},
        {"a changed byte of the head",
         "UPDATE journal SET head = CAST(substr(head, 1, 4) || x'03' || substr(head, 6) AS BLOB)"
         " WHERE id = 1",
         "damaged journal 1: 0 0 0 0 0 0\nrow 7", 0},
        {"the body of another row",
         "UPDATE journal SET body = (SELECT body FROM journal WHERE id = 7) WHERE id = 1",
         "damaged journal 1: 1", 0},
        {"figures that cannot be", "SELECT 1", "damaged journal 1: 1 0 4000000000", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture *f = *state;
        fill(f);
        run(f->db, cases[i].sql);
        found is = {.refuses = cases[i].refuses};
        zw_err err = {0};
        zw_status status = read_all(f, &is, &err);
        if (status != ZW_OK || strstr(is.text, cases[i].says) == NULL ||
            strstr(is.text, "row 7" EDGE) == NULL) {
            fail_msg("%s: %s (%s)\n%s", cases[i].why, zw_status_text(status), err.text, is.text);
        }
        assert_int_equal(teardown(state), 0);
        assert_int_equal(setup(state), 0);
    }
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
        cmocka_unit_test_setup_teardown(a_damaged_row_is_named_and_the_others_are_read, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(refused_memory_makes_no_journal, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
