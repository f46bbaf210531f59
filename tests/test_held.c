/* What guards hold: kept, given back in order, ended once. */
#include "alert/held.h"

#include "failing_alloc.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

typedef struct fixture {
    zw_db *db;
    zw_held *held;
} fixture;

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    return zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) == ZW_OK &&
                   sqlite3_exec(zw_db_connection(f.db),
                                "INSERT INTO batch(id, source, name, format, digest, arrived_ms,"
                                " synthetic, accepted, unchanged, revised, rejected)"
                                " VALUES(3, 'office', 'n', 'csv', 'd3', 1, 0, 0, 0, 0, 0),"
                                "(4, 'office', 'n', 'csv', 'd4', 1, 0, 0, 0, 0, 0),"
                                "(5, 'office', 'n', 'csv', 'd3', 1, 0, 2, 0, 0, 0)",
                                NULL, NULL, NULL) == SQLITE_OK &&
                   zw_held_create(f.db, &f.held, NULL) == ZW_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_held_destroy(f->held);
    zw_db_rollback(f->db);
    zw_db_close(f->db);
    return 0;
}

static zw_held_row row_of(uint32_t line, const char *period, int64_t known_at_ms)
{
    return (zw_held_row){.line = line,
                         .measure = "money",
                         .area = "north",
                         .dims = "industry=ai",
                         .scope = "2",
                         .source = "yearbook",
                         .note = "初步",
                         .period = period,
                         .value = 0.1,
                         .known_at_ms = known_at_ms,
                         .status = 1};
}

static zw_status add_row(void *arg, const zw_held_row *row, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%u %s %s %s %s %s %s %s %.17g %lld %d%s\n", row->line, row->measure,
                  row->area, row->dims, row->scope, row->source, row->note, row->period, row->value,
                  (long long)row->known_at_ms, row->status, row->is_synthetic ? " synthetic" : "");
    return ZW_OK;
}

static void rows_wait_in_the_order_in_which_they_were_known(void **state)
{
    fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_buf text;
    zw_buf_init(&text, 4096);
    assert_int_equal(zw_db_begin(f->db, &err), ZW_OK);
    assert_int_equal(zw_held_keep(f->held, 3, &err), ZW_OK);
    zw_held_row rows[] = {row_of(2, "2022-02", 30), row_of(3, "2022-01", 10),
                          row_of(4, "2022-03", 30)};
    rows[2].is_synthetic = true;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(zw_held_put(f->held, 3, &rows[i], &err), ZW_OK);
    }
    assert_int_equal(zw_held_rows(f->held, 3, add_row, &text, &err), ZW_OK);
    assert_string_equal(
        zw_buf_view(&text),
        "3 money north industry=ai 2 yearbook 初步 2022-01 0.10000000000000001 10 1\n"
        "2 money north industry=ai 2 yearbook 初步 2022-02 0.10000000000000001 30 1\n"
        "4 money north industry=ai 2 yearbook 初步 2022-03 0.10000000000000001 30 1 synthetic\n");
    zw_buf_fini(&text);
}

static zw_status count_item(void *arg, const zw_item_row *row, zw_err *err)
{
    (void)err;
    assert_string_equal(row->item, "c1");
    assert_string_equal(zw_item_row_says(row, "type"), "lab");
    ++*(size_t *)arg;
    return ZW_OK;
}

static void rows_of_registers_wait_with_their_batch(void **state)
{
    static const zw_item_field type = {"type", "lab"};
    static const zw_item_row row = {.register_name = "calls",
                                    .item = "c1",
                                    .area = "north",
                                    .state = "posted",
                                    .source = "",
                                    .note = "",
                                    .fields = &type,
                                    .field_count = 1,
                                    .batch = 3};
    fixture *f = *state;
    size_t count = 0;
    assert_int_equal(zw_held_put_item(f->held, &row, NULL), ZW_STORE); /* no transaction */
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    assert_int_equal(zw_held_keep(f->held, 3, NULL), ZW_OK);
    assert_int_equal(zw_held_put_item(f->held, &row, NULL), ZW_OK);
    assert_int_equal(zw_held_items(f->held, 3, count_item, &count, NULL), ZW_OK);
    assert_int_equal(count, 1);
    assert_int_equal(zw_held_items(f->held, 4, count_item, &count, NULL), ZW_OK);
    assert_int_equal(count, 1);
    assert_int_equal(zw_held_end(f->held, 3, 77, 0, NULL), ZW_OK);
    assert_int_equal(zw_held_items(f->held, 3, count_item, &count, NULL), ZW_OK);
    assert_int_equal(count, 1); /* they are gone */
}

static void a_batch_is_held_until_it_is_ended(void **state)
{
    static const struct {
        const char *why;
        int64_t released_as;
        zw_held_is is;
    } cases[] = {{"released into another batch", 5, ZW_HELD_RELEASED},
                 {"refused", 0, ZW_HELD_REFUSED}};
    fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("  %s\n", cases[i].why);
        zw_held_state found;
        int64_t batch = 0;
        zw_held_row row = row_of(2, "2022-02", 30);
        assert_int_equal(zw_db_begin(f->db, &err), ZW_OK);
        assert_int_equal(zw_held_state_of(f->held, 3, &found, &err), ZW_OK);
        assert_int_equal(found.is, ZW_HELD_NOT);
        assert_int_equal(zw_held_keep(f->held, 3, &err), ZW_OK);
        assert_int_equal(zw_held_put(f->held, 3, &row, &err), ZW_OK);
        assert_int_equal(zw_held_state_of(f->held, 3, &found, &err), ZW_OK);
        assert_int_equal(found.is, ZW_HELD_STILL);
        assert_int_equal(found.ended_ms, ZW_NEVER_MS);
        assert_int_equal(zw_held_find(f->held, "office", "d3", &batch, &err), ZW_OK);
        assert_int_equal(batch, 3); /* 5 has the same digest, and was taken */
        assert_int_equal(zw_held_find(f->held, "other", "d3", &batch, &err), ZW_OK);
        assert_int_equal(batch, 0);
        assert_int_equal(zw_held_end(f->held, 3, 77, cases[i].released_as, &err), ZW_OK);
        assert_int_equal(zw_held_state_of(f->held, 3, &found, &err), ZW_OK);
        assert_int_equal(found.is, cases[i].is);
        assert_int_equal(found.ended_ms, 77);
        assert_int_equal(found.released_as, cases[i].released_as);
        assert_int_equal(zw_held_find(f->held, "office", "d3", &batch, &err), ZW_OK);
        assert_int_equal(batch, 0);
        zw_buf text;
        zw_buf_init(&text, 4096);
        assert_int_equal(zw_held_rows(f->held, 3, add_row, &text, &err), ZW_OK);
        assert_int_equal(text.len, 0); /* its rows are gone */
        zw_buf_fini(&text);
        zw_db_rollback(f->db);
    }
}

static void nothing_is_written_outside_a_transaction(void **state)
{
    fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_held_row row = row_of(2, "2022-02", 30);
    assert_int_equal(zw_held_keep(f->held, 3, &err), ZW_STORE);
    assert_int_equal(zw_held_put(f->held, 3, &row, &err), ZW_STORE);
    assert_int_equal(zw_held_end(f->held, 3, 77, 0, &err), ZW_STORE);
}

static void without_memory_there_is_an_error(void **state)
{
    fixture *f = *state;
    zw_held *held = NULL;
    failing_alloc_after(0);
    zw_status status = zw_held_create(f->db, &held, NULL);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    assert_null(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_wait_in_the_order_in_which_they_were_known, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(rows_of_registers_wait_with_their_batch, setup, teardown),
        cmocka_unit_test_setup_teardown(a_batch_is_held_until_it_is_ended, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_written_outside_a_transaction, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory_there_is_an_error, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
