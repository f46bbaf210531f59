/* The statements a room keeps. */
#include "store/stmts.h"

#include "failing_alloc.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { PUT, GET, WRONG, EMPTY, SQL_COUNT };
static const char *const sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO meta(name, value) VALUES(?1, ?2)",
    [GET] = "SELECT name, value FROM meta ORDER BY name",
    [WRONG] = "SELECT * FROM nowhere",
    [EMPTY] = "SELECT NULL AS hole",
};

typedef struct fixture {
    zw_db *db;
    zw_stmts stmts;
} fixture;

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    f = (fixture){0};
    return zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) == ZW_OK &&
                   zw_stmts_init(&f.stmts, f.db, sql, SQL_COUNT, NULL) == ZW_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_stmts_fini(&f->stmts);
    zw_db_close(f->db); /* asserts that no statement was left */
    return 0;
}

static zw_status put(fixture *f, const char *name, int64_t value, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&f->stmts, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, name);
    (void)sqlite3_bind_int64(stmt, 2, value);
    return zw_stmts_run(&f->stmts, stmt, "put", err);
}

static void a_statement_is_prepared_once(void **state)
{
    fixture *f = *state;
    sqlite3_stmt *first = NULL;
    sqlite3_stmt *again = NULL;
    assert_int_equal(zw_stmts_borrow(&f->stmts, GET, &first, NULL), ZW_OK);
    zw_stmts_done(first);
    assert_int_equal(zw_stmts_borrow(&f->stmts, GET, &again, NULL), ZW_OK);
    assert_ptr_equal(first, again);
    zw_stmts_done(again);
    zw_stmts_done(NULL);
}

static void rows_come_one_by_one_and_end(void **state)
{
    fixture *f = *state;
    assert_int_equal(put(f, "a", 1, NULL), ZW_OK);
    assert_int_equal(put(f, "b", 2, NULL), ZW_OK);
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    const char *name = NULL;
    assert_int_equal(zw_stmts_borrow(&f->stmts, GET, &stmt, NULL), ZW_OK);
    assert_int_equal(zw_stmts_step(&f->stmts, stmt, "get", &has_row, NULL), ZW_OK);
    assert_true(has_row);
    assert_int_equal(zw_stmts_text(&f->stmts, stmt, 0, &name, NULL), ZW_OK);
    assert_string_equal(name, "a");
    assert_int_equal(zw_stmts_step(&f->stmts, stmt, "get", &has_row, NULL), ZW_OK);
    assert_true(has_row);
    assert_int_equal(zw_stmts_step(&f->stmts, stmt, "get", &has_row, NULL), ZW_OK);
    assert_false(has_row);
    zw_stmts_done(stmt);
}

static void a_failed_run_says_why_and_gives_the_statement_back_unbound(void **state)
{
    fixture *f = *state;
    zw_err err = {0};
    assert_int_equal(put(f, "a", 1, &err), ZW_OK);
    assert_int_equal(put(f, "a", 1, &err), ZW_STORE);
    assert_string_equal(err.text, "put: UNIQUE constraint failed: meta.name");
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(zw_stmts_borrow(&f->stmts, PUT, &stmt, &err), ZW_OK);
    /* Nothing of the last use is left: value is NULL now. */
    assert_int_equal(zw_stmts_run(&f->stmts, stmt, "put", &err), ZW_STORE);
    assert_non_null(strstr(err.text, "NOT NULL constraint failed"));
}

static void wrong_sql_is_named(void **state)
{
    fixture *f = *state;
    zw_err err = {0};
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(zw_stmts_borrow(&f->stmts, WRONG, &stmt, &err), ZW_STORE);
    assert_null(stmt);
    assert_string_equal(err.text, "SELECT * FROM nowhere: no such table: nowhere");
}

static void a_text_that_is_not_there_is_damage(void **state)
{
    fixture *f = *state;
    zw_err err = {0};
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    const char *text = NULL;
    assert_int_equal(zw_stmts_borrow(&f->stmts, EMPTY, &stmt, &err), ZW_OK);
    assert_int_equal(zw_stmts_step(&f->stmts, stmt, "get", &has_row, &err), ZW_OK);
    assert_int_equal(zw_stmts_text(&f->stmts, stmt, 0, &text, &err), ZW_STORE);
    assert_string_equal(err.text, "the file is damaged: hole is missing");
    zw_stmts_done(stmt);
}

static void refused_memory_leaves_nothing_to_finish(void **state)
{
    fixture *f = *state;
    zw_stmts stmts;
    failing_alloc_after(0);
    zw_status status = zw_stmts_init(&stmts, f->db, sql, SQL_COUNT, NULL);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    zw_stmts_fini(&stmts);
    zw_stmts zeroed = {0};
    zw_stmts_fini(&zeroed);
    assert_null(zeroed.prepared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_statement_is_prepared_once, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_come_one_by_one_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_run_says_why_and_gives_the_statement_back_unbound,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_sql_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_that_is_not_there_is_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_memory_leaves_nothing_to_finish, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
