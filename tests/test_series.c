/* The registry of series. */
#include "store/series.h"

#include "failing_alloc.h"
#include "store/series_mark.h"

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
    zw_series_set *set;
} fixture;

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    f = (fixture){0};
    return zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) == ZW_OK &&
                   zw_series_set_create(f.db, &f.set, NULL) == ZW_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_series_set_destroy(f->set);
    zw_db_rollback(f->db);
    zw_db_close(f->db);
    return 0;
}

static const zw_grid monthly = {.every = ZW_MONTH};

static const zw_series keys[] = {
    {"revenue", "tianhe", "", ""},
    {"revenue", "yuzhu", "", ""},
    {"revenue", "tianhe", "industry=ai", ""},
    {"revenue", "tianhe", "industry=ai", "preliminary"},
    {"revenue", "tianhe", "", "preliminary"},
    {"firms", "tianhe", "", ""},
    {"tianhe", "revenue", "", ""},
    {"", "", "", ""},
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static void add_all(zw_series_set *set)
{
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        zw_series_id id = ZW_SERIES_NONE;
        assert_int_equal(zw_series_ensure(set, &keys[i], &id, NULL), ZW_OK);
        assert_int_equal(id, i);
    }
}

static void assert_all(const zw_series_set *set)
{
    assert_int_equal(zw_series_count(set), KEY_COUNT);
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        assert_int_equal(zw_series_find(set, &keys[i]), i);
        const zw_series *is = zw_series_view(set, i);
        assert_string_equal(is->measure, keys[i].measure);
        assert_string_equal(is->area, keys[i].area);
        assert_string_equal(is->dims, keys[i].dims);
        assert_string_equal(is->scope, keys[i].scope);
    }
}

static void each_combination_of_names_is_a_series_of_its_own(void **state)
{
    fixture *f = *state;
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    add_all(f->set);
    add_all(f->set); /* found now, with the same numbers */
    assert_all(f->set);
    zw_series unknown = {"revenue", "tianhe", "industry=steel", ""};
    assert_int_equal(zw_series_find(f->set, &unknown), ZW_SERIES_NONE);
    zw_series crossed = {"firms", "yuzhu", "", ""}; /* each name is known, not together */
    assert_int_equal(zw_series_find(f->set, &crossed), ZW_SERIES_NONE);
}

static void the_series_of_a_measure_at_an_area_lie_together(void **state)
{
    static const struct {
        const char *why, *measure, *area;
        size_t count;
        zw_series_id ids[4];
    } cases[] = {
        {"all its dimensions and scopes", "revenue", "tianhe", 4, {0, 2, 3, 4}},
        {"another area", "revenue", "yuzhu", 1, {1}},
        {"the order of the names matters", "tianhe", "revenue", 1, {6}},
        {"names known but not together", "firms", "yuzhu", 0, {0}},
        {"an unknown measure", "profit", "tianhe", 0, {0}},
        {"an unknown area", "revenue", "huangpu", 0, {0}},
    };
    fixture *f = *state;
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    add_all(f->set);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const zw_series_id *ids = NULL;
        size_t count = zw_series_at(f->set, cases[i].measure, cases[i].area, &ids);
        if (count != cases[i].count ||
            (count > 0 && memcmp(ids, cases[i].ids, count * sizeof *ids) != 0)) {
            fail_msg("%s: %zu", cases[i].why, count);
        }
    }
}

static void a_view_stays_where_it_is(void **state)
{
    fixture *f = *state;
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    add_all(f->set);
    const zw_series *first = zw_series_view(f->set, 0);
    const char *measure = first->measure;
    for (int i = 0; i < 1000; i++) {
        char area[32];
        (void)snprintf(area, sizeof area, "area %d", i);
        zw_series key = {"many", area, "", ""};
        zw_series_id id = 0;
        assert_int_equal(zw_series_ensure(f->set, &key, &id, NULL), ZW_OK);
        assert_int_equal(id, KEY_COUNT + i);
    }
    assert_ptr_equal(first, zw_series_view(f->set, 0));
    assert_ptr_equal(measure, first->measure);
    assert_string_equal(measure, "revenue");
    assert_string_equal(zw_series_view(f->set, KEY_COUNT + 999)->area, "area 999");
}

static void what_is_stored_is_loaded(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "1e8 CNY", monthly};
    zw_recorded_measure is = {0};
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    add_all(f->set);
    assert_int_equal(zw_series_record(f->set, "revenue", &what, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
    zw_series_set_destroy(f->set);
    f->set = NULL;
    assert_int_equal(zw_series_set_create(f->db, &f->set, NULL), ZW_OK);
    assert_all(f->set);
    const zw_series_id *ids = NULL;
    assert_int_equal(zw_series_at(f->set, "revenue", "tianhe", &ids), 4);
    assert_int_equal(zw_series_measure(f->set, "revenue", &is, NULL), ZW_OK);
    assert_string_equal(is.kind, "flow");
    assert_string_equal(is.unit, "1e8 CNY");
    assert_true(zw_grid_same(is.grid, monthly));
}

static void a_measure_stays_what_it_was(void **state)
{
    static const struct {
        const char *why;
        zw_recorded_measure what;
        zw_status status;
    } cases[] = {
        {"the same again", {"flow", "1e8 CNY", {.every = ZW_MONTH}}, ZW_OK},
        {"another kind", {"stock", "1e8 CNY", {.every = ZW_MONTH}}, ZW_CONFLICT},
        {"another unit", {"flow", "firms", {.every = ZW_MONTH}}, ZW_CONFLICT},
        {"another grid", {"flow", "1e8 CNY", {.every = ZW_QUARTER}}, ZW_CONFLICT},
        {"another step", {"flow", "1e8 CNY", {.every = ZW_SUBDAY, .step_ms = 60000}}, ZW_CONFLICT},
    };
    fixture *f = *state;
    zw_err err = {0};
    zw_recorded_measure is = {0};
    assert_int_equal(zw_series_measure(f->set, "revenue", &is, &err), ZW_NOT_FOUND);
    assert_non_null(strstr(err.text, "revenue"));
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_status status = zw_series_record(f->set, "revenue", &cases[i].what, &err);
        if (status != cases[i].status) {
            fail_msg("%s: %s", cases[i].why, zw_status_text(status));
        }
    }
    assert_string_equal(err.text, "measure revenue is recorded as flow in '1e8 CNY' every month, "
                                  "not as flow in '1e8 CNY' every 1m");
}

static void outside_a_transaction_nothing_is_added(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "firms", monthly};
    zw_series_id id = 0;
    assert_int_equal(zw_series_ensure(f->set, &keys[0], &id, NULL), ZW_STORE);
    assert_int_equal(id, ZW_SERIES_NONE);
    assert_int_equal(zw_series_record(f->set, "revenue", &what, NULL), ZW_STORE);
    assert_int_equal(zw_series_count(f->set), 0);
}

static void undo_goes_back_to_what_was_kept(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "firms", monthly};
    zw_recorded_measure is = {0};
    zw_series_id id = 0;
    const zw_series_id *ids = NULL;
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(zw_series_ensure(f->set, &keys[i], &id, NULL), ZW_OK);
    }
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
    zw_series_keep(f->set);
    zw_series_undo(f->set); /* nothing to undo */
    assert_int_equal(zw_series_count(f->set), 3);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
        add_all(f->set);
        assert_int_equal(zw_series_record(f->set, "firms", &what, NULL), ZW_OK);
        zw_db_rollback(f->db);
        zw_series_undo(f->set);
        assert_int_equal(zw_series_count(f->set), 3);
        assert_int_equal(zw_series_find(f->set, &keys[2]), 2);
        assert_int_equal(zw_series_find(f->set, &keys[3]), ZW_SERIES_NONE);
        assert_int_equal(zw_series_at(f->set, "revenue", "tianhe", &ids), 2);
        assert_int_equal(zw_series_at(f->set, "firms", "tianhe", &ids), 0);
        assert_int_equal(zw_series_measure(f->set, "firms", &is, NULL), ZW_NOT_FOUND);
    }
}

static void a_mark_is_a_place_to_go_back_to_inside_a_turn(void **state)
{
    fixture *f = *state;
    zw_series_id id = 0;
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    assert_int_equal(zw_series_ensure(f->set, &keys[0], &id, NULL), ZW_OK);
    zw_series_mark mark = zw_series_mark_of(f->set);
    assert_int_equal(zw_series_ensure(f->set, &keys[1], &id, NULL), ZW_OK);
    zw_series_back_to(f->set, mark);
    assert_int_equal(zw_series_count(f->set), 1);
    assert_int_equal(zw_series_find(f->set, &keys[1]), ZW_SERIES_NONE);
    zw_series_undo(f->set);
    assert_int_equal(zw_series_count(f->set), 0);
}

static void a_row_that_sqlite_refuses_is_not_in_memory_either(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "firms", monthly};
    zw_recorded_measure is = {0};
    zw_series_id id = 0;
    assert_int_equal(sqlite3_exec(zw_db_connection(f->db),
                                  "CREATE TEMP TRIGGER no1 BEFORE INSERT ON series BEGIN"
                                  " SELECT RAISE(ABORT, 'no series today'); END;"
                                  "CREATE TEMP TRIGGER no2 BEFORE INSERT ON measure BEGIN"
                                  " SELECT RAISE(ABORT, 'no measure today'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    zw_err err = {0};
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    assert_int_equal(zw_series_ensure(f->set, &keys[0], &id, &err), ZW_STORE);
    assert_string_equal(err.text, "insert series: no series today");
    assert_int_equal(zw_series_count(f->set), 0);
    assert_int_equal(zw_series_find(f->set, &keys[0]), ZW_SERIES_NONE);
    assert_int_equal(zw_series_record(f->set, "firms", &what, &err), ZW_STORE);
    assert_string_equal(err.text, "insert measure: no measure today");
    assert_int_equal(zw_series_measure(f->set, "firms", &is, NULL), ZW_NOT_FOUND);
}

static void refused_memory_leaves_the_set_as_it_was(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "firms", monthly};
    zw_recorded_measure is = {0};
    for (long n = 0;; n++) {
        zw_status status = ZW_OK;
        uint32_t added = 0;
        assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
        failing_alloc_after(n);
        for (; status == ZW_OK && added < KEY_COUNT; added += status == ZW_OK) {
            zw_series_id id = 0;
            status = zw_series_ensure(f->set, &keys[added], &id, NULL);
        }
        if (status == ZW_OK) {
            status = zw_series_record(f->set, "firms", &what, NULL);
        }
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(zw_series_count(f->set), added);
        add_all(f->set); /* still of use */
        assert_all(f->set);
        zw_db_rollback(f->db);
        zw_series_undo(f->set);
        assert_int_equal(zw_series_measure(f->set, "firms", &is, NULL), ZW_NOT_FOUND);
        if (!has_refused) {
            return;
        }
        /* From the beginning, or what has grown already needs no memory any more. */
        zw_series_set_destroy(f->set);
        f->set = NULL;
        assert_int_equal(zw_series_set_create(f->db, &f->set, NULL), ZW_OK);
    }
}

static void refused_memory_makes_no_set(void **state)
{
    fixture *f = *state;
    zw_recorded_measure what = {"flow", "firms", monthly};
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
    add_all(f->set);
    assert_int_equal(zw_series_record(f->set, "firms", &what, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
    for (long n = 0;; n++) {
        zw_series_set *set = NULL;
        failing_alloc_after(n);
        zw_status status = zw_series_set_create(f->db, &set, NULL);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            assert_all(set);
            zw_series_set_destroy(set);
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_combination_of_names_is_a_series_of_its_own, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_series_of_a_measure_at_an_area_lie_together, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_view_stays_where_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_stored_is_loaded, setup, teardown),
        cmocka_unit_test_setup_teardown(a_measure_stays_what_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(outside_a_transaction_nothing_is_added, setup, teardown),
        cmocka_unit_test_setup_teardown(undo_goes_back_to_what_was_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mark_is_a_place_to_go_back_to_inside_a_turn, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_row_that_sqlite_refuses_is_not_in_memory_either, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(refused_memory_leaves_the_set_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(refused_memory_makes_no_set, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
