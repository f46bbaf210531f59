/* Objections: what stands as of a moment, what is spoken of, and what ends it. */
#include "alert/objection.h"

#include "failing_alloc.h"

#include "base/buf.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

typedef struct fixture {
    zw_db *db;
    zw_objections *objections;
} fixture;

static void put(const fixture *f, int64_t batch, const char *area, zw_severity severity,
                int64_t at_ms, const char *say)
{
    zw_err err = {ZW_OK, ""};
    zw_objection objection = {.batch = batch,
                              .guard = "slip",
                              .area = area,
                              .period = "2022-07",
                              .severity = severity,
                              .at_ms = at_ms,
                              .say_en = say,
                              .say_zh = "说",
                              .value = "7",
                              .is_synthetic = batch == 3};
    assert_int_equal(zw_objections_put(f->objections, &objection, &err), ZW_OK);
}

/* Batches 3 and 4 are held by "slip", 5 and 6 were taken with a warning; 3 was released at 50, the
 * warning of 5 ended at 60. */
static int setup(void **state)
{
    static fixture f;
    *state = &f;
    if (zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) != ZW_OK ||
        zw_objections_create(f.db, &f.objections, NULL) != ZW_OK ||
        zw_db_begin(f.db, NULL) != ZW_OK ||
        sqlite3_exec(
            zw_db_connection(f.db),
            "INSERT INTO batch(id, source, name, format, digest, arrived_ms, synthetic,"
            " accepted, unchanged, revised, rejected) VALUES(3, '', '', '', '', 1, 0, 0, 0,"
            " 0, 0), (4, '', '', '', '', 1, 0, 0, 0, 0, 0), (5, '', '', '', '', 1, 0, 0, 0,"
            " 0, 0), (6, '', '', '', '', 1, 0, 0, 0, 0, 0);"
            "INSERT INTO held(batch, ended_ms, outcome) VALUES(3, 50, 'released'),"
            " (4, NULL, NULL)",
            NULL, NULL, NULL) != SQLITE_OK) {
        return -1;
    }
    put(&f, 3, "north", ZW_CRITICAL, 10, "three");
    put(&f, 5, "north", ZW_WARNING, 20, "five");
    put(&f, 4, "north", ZW_CRITICAL, 30, "four");
    put(&f, 4, "south", ZW_WARNING, 30, "four's other");
    assert_int_equal(zw_objections_end(f.objections, 3, 50, NULL), ZW_OK);
    assert_int_equal(zw_objections_calm(f.objections, "slip", "north", 60, NULL), ZW_OK);
    put(&f, 6, "north", ZW_WARNING, 60, "six");
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_objections_destroy(f->objections);
    zw_db_rollback(f->db);
    zw_db_close(f->db);
    return 0;
}

static zw_status add_said(void *arg, const zw_objection *objection, zw_err *err)
{
    (void)err;
    const char *outcome = objection->outcome;
    zw_buf_printf(arg, "%s%s%s", objection->say_en, objection->is_synthetic ? "*" : "",
                  outcome == NULL      ? ""
                  : outcome[0] == '\0' ? " held"
                                       : " ended");
    return ZW_OK;
}

static void what_stands_follows_from_the_moment(void **state)
{
    static const struct {
        const char *why, *area, *spoken;
        int64_t at_ms, next_ms;
        bool warning, critical;
    } cases[] = {
        {"before all of it", "north", "", 9, 10, false, false},
        {"from its moment on", "north", "three* held", 10, 20, false, true},
        {"the worst is spoken of", "north", "three* held", 20, 30, true, true},
        {"of equals the newest", "north", "four held", 30, 50, true, true},
        {"one of two was released", "north", "four held", 50, 60, true, true},
        {"a warning ends, another begins, what is held stays", "north", "four held", 60,
         ZW_NEVER_MS, true, true},
        {"another area", "south", "four's other held", 99, ZW_NEVER_MS, true, false},
        {"nobody ever objected there", "land", "", 99, ZW_NEVER_MS, false, false},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("  %s\n", cases[i].why);
        zw_objected found;
        zw_buf text;
        zw_buf_init(&text, 4096);
        assert_int_equal(
            zw_objections_at(f->objections, "slip", cases[i].area, cases[i].at_ms, &found, NULL),
            ZW_OK);
        assert_int_equal(found.stands[ZW_WARNING], cases[i].warning);
        assert_int_equal(found.stands[ZW_CRITICAL], cases[i].critical);
        assert_int_equal(found.next_ms, cases[i].next_ms);
        assert_int_equal(zw_objections_spoken(f->objections, "slip", cases[i].area, cases[i].at_ms,
                                              add_said, &text, NULL),
                         ZW_OK);
        assert_string_equal(zw_buf_view(&text), cases[i].spoken);
        zw_buf_fini(&text);
    }
}

static void what_ended_is_spoken_of_when_nothing_stands(void **state)
{
    fixture *f = *state;
    zw_buf text;
    zw_buf_init(&text, 4096);
    assert_int_equal(zw_objections_end(f->objections, 4, 70, NULL), ZW_OK);
    assert_int_equal(zw_objections_calm(f->objections, "slip", "north", 80, NULL), ZW_OK);
    assert_int_equal(
        zw_objections_spoken(f->objections, "slip", "north", 90, add_said, &text, NULL), ZW_OK);
    assert_string_equal(zw_buf_view(&text), "six");
    zw_buf_fini(&text);
}

static void all_that_was_said_of_a_batch_stays(void **state)
{
    fixture *f = *state;
    zw_buf text;
    zw_buf_init(&text, 4096);
    assert_int_equal(zw_objections_of(f->objections, 4, add_said, &text, NULL), ZW_OK);
    assert_int_equal(zw_objections_of(f->objections, 3, add_said, &text, NULL), ZW_OK);
    assert_string_equal(zw_buf_view(&text), "four heldfour's other heldthree* ended");
    zw_buf_fini(&text);
}

static void nothing_is_written_outside_a_transaction(void **state)
{
    fixture *f = *state;
    zw_objection objection = {
        .guard = "", .area = "", .period = "", .say_en = "", .say_zh = "", .value = ""};
    zw_db_rollback(f->db);
    assert_int_equal(zw_objections_put(f->objections, &objection, NULL), ZW_STORE);
    assert_int_equal(zw_objections_end(f->objections, 3, 1, NULL), ZW_STORE);
    assert_int_equal(zw_objections_calm(f->objections, "slip", "north", 1, NULL), ZW_STORE);
}

static void without_memory_there_is_an_error(void **state)
{
    fixture *f = *state;
    zw_objections *objections = NULL;
    failing_alloc_after(0);
    zw_status status = zw_objections_create(f->db, &objections, NULL);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    assert_null(objections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_stands_follows_from_the_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(what_ended_is_spoken_of_when_nothing_stands, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(all_that_was_said_of_a_batch_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_written_outside_a_transaction, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory_there_is_an_error, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
