/* What is past its keep: gone at once for whoever asks, from the file by and by, and no turn that
 * fails, no restart and no crash changes what is answered. */
#include "store/keeping.h"

#include "failing_alloc.h"
#include "store/check.h"
#include "store/store.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { SPAN = 8, SERIES = 6, PERIODS = 400, ROUNDS = 150 };

/* "live" has the even series, "kept" the odd ones: neighbours in the same tiles. */
static const zw_store_options small = {
    .page_periods = SPAN, .page_series = 4, .unsealed_most = 24, .learned_most = 16};

/* What a store must say. */
struct model {
    double values[SERIES][PERIODS]; /* 0: nothing */
    zw_period now, floor;           /* of the even ones */
};

static zw_store *open_small(const char *path)
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_store_open_with(path, ZW_DB_WRITE, &small, &store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return store;
}

static zw_status put_all(zw_store *store, struct model *model, uint32_t *random)
{
    static const char *const areas[] = {"a", "b", "c"};
    zw_recorded_measure what = {"gauge", "1", {ZW_DAY, 0}};
    zw_delivery delivery = {.source = "s", .name = "n", .format = "f", .digest = ""};
    zw_status status = zw_store_deliver(store, &delivery, NULL);
    for (zw_series_id i = 0; status == ZW_OK && i < SERIES; i++) {
        zw_series key = {i % 2 == 0 ? "live" : "kept", areas[i / 2], "", ""};
        zw_series_id id = 0;
        status = zw_series_record(zw_store_series(store), key.measure, &what, NULL);
        status =
            status == ZW_OK ? zw_series_ensure(zw_store_series(store), &key, &id, NULL) : status;
        for (int k = 0; status == ZW_OK && k < 5; k++) {
            *random = *random * 1664525U + 1013904223U;
            zw_period p = model->now - (zw_period)(*random >> 16) % 12;
            p = p < (i % 2 == 0 ? model->floor : 0) ? model->now : p;
            zw_change change = ZW_CHANGE_NEW;
            zw_figure figure = {.value = 1 + (double)(*random >> 8),
                                .known_at_ms = model->now * 10,
                                .batch = delivery.id};
            status = zw_store_put(store, id, p, &figure, &change, NULL);
            model->values[i][p] = figure.value;
        }
    }
    return status == ZW_OK ? zw_store_deliver_done(store, &delivery, NULL) : status;
}

static void assert_as_model(zw_store *store, const struct model *model)
{
    for (zw_series_id i = 0; i < SERIES && i < zw_series_count(zw_store_series(store)); i++) {
        for (zw_period p = 0; p <= model->now; p++) {
            bool is_gone = i % 2 == 0 && p < model->floor;
            zw_figure room;
            const zw_figure *found = zw_store_at(store, i, p, INT64_MAX, &room);
            double wanted = is_gone ? 0 : model->values[i][p];
            if ((found != NULL ? found->value : 0) != wanted) {
                fail_msg("series %u, period %d of %d, floor %d: %g, not %g", i, (int)p,
                         (int)model->now, (int)model->floor, found != NULL ? found->value : 0,
                         wanted);
            }
        }
    }
}

static void assert_sound(const char *path)
{
    zw_store *store = NULL;
    zw_check found;
    zw_check_watch watch = {.arg = NULL};
    assert_int_equal(zw_store_open(path, ZW_DB_READ, &store, NULL), ZW_OK);
    assert_int_equal(zw_store_check(store, &watch, &found, NULL), ZW_OK);
    assert_int_equal(found.faults, 0);
    zw_store_close(store);
}

static int64_t ask(zw_store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *conn = zw_db_connection(zw_store_db(store));
    assert_int_equal(sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(stmt, 0);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return number;
}

/* A turn: figures, then the floor follows. */
static void turn(zw_store *store, struct model *model, uint32_t *random, bool commits)
{
    struct model before = *model;
    model->now += 3;
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(put_all(store, model, random), ZW_OK);
    if (model->now > 60) {
        assert_int_equal(zw_store_let_go(store, "live", model->now - 40, model->now, NULL), ZW_OK);
        zw_period floor = zw_store_page_start(store, model->now - 40);
        model->floor = floor > model->floor ? floor : model->floor;
    }
    assert_as_model(store, model);
    if (commits) {
        assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    } else {
        zw_store_rollback(store);
        *model = before;
    }
    assert_as_model(store, model);
}

static void a_life_with_a_floor_says_what_a_model_says(void **state)
{
    const store_folder *f = *state;
    static struct model model;
    model = (struct model){.now = 12};
    uint32_t random = 7;
    zw_store *store = open_small(f->path);
    for (int round = 0; model.now + 3 < PERIODS && round < ROUNDS; round++) {
        turn(store, &model, &random, round % 7 != 3);
        if (round % 10 ==
            9) { /* sealed, or as a crash leaves it: nothing is sealed after a commit */
            zw_store_close(store);
            assert_sound(f->path);
            store = open_small(f->path);
            assert_as_model(store, &model);
        }
    }
    zw_period floor = 0;
    int64_t moved_ms = 0;
    assert_true(zw_store_floor(store, "live", &floor, &moved_ms));
    assert_int_equal(floor, model.floor);
    assert_false(zw_store_floor(store, "kept", &floor, &moved_ms));
    while (zw_store_is_shedding(store)) {
        assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
        assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    }
    assert_int_equal(ask(store, "SELECT count(*) FROM gone"), 3);
    zw_store_close(store);
    store = open_small(f->path);
    assert_as_model(store, &model);
    zw_period first = 0;
    assert_true(zw_store_first(store, 0, INT64_MAX, &first));
    assert_true(first < SPAN * 2); /* when it began stays known */
    zw_store_close(store);
}

static void a_floor_never_goes_down_and_refuses_what_lies_below(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_small(f->path);
    static struct model model;
    model = (struct model){.now = 80};
    uint32_t random = 1;
    zw_change change = ZW_CHANGE_NEW;
    zw_figure figure = {.value = 1, .known_at_ms = 1, .batch = 1};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_store_let_go(store, "live", 40, 9, NULL), ZW_STORE); /* outside a turn */
    turn(store, &model, &random, true);
    assert_int_equal(model.floor, 40); /* 83 - 40, at its page's beginning */
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_let_go(store, "live", 3, 9, NULL), ZW_OK);
    assert_int_equal(zw_store_put(store, 0, 39, &figure, &change, &err), ZW_INVALID);
    assert_non_null(strstr(err.text, "past its keep"));
    assert_int_equal(zw_store_put(store, 0, 40, &figure, &change, &err), ZW_OK);
    assert_int_equal(zw_store_put(store, 1, 39, &figure, &change, &err), ZW_OK);
    zw_series late = {"live", "late", "", ""}; /* a series that comes after the floor has it too */
    zw_series_id id = 0;
    assert_int_equal(zw_series_ensure(zw_store_series(store), &late, &id, NULL), ZW_OK);
    assert_int_equal(zw_store_put(store, id, 39, &figure, &change, &err), ZW_INVALID);
    zw_store_rollback(store);
    /* Its number goes to another measure, which has no floor. */
    zw_series other = {"kept", "other", "", ""};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_series_ensure(zw_store_series(store), &other, &id, NULL), ZW_OK);
    assert_int_equal(zw_store_put(store, id, 39, &figure, &change, &err), ZW_OK);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    zw_store_close(store);
    assert_sound(f->path);
}

static void without_memory_a_floor_stays_where_it_was(void **state)
{
    const store_folder *f = *state;
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        static struct model model;
        model = (struct model){.now = 20};
        uint32_t random = 1;
        store_folder_clear(f);
        zw_store *store = open_small(f->path);
        turn(store, &model, &random, true);
        assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_store_let_go(store, "live", 16, 9, NULL);
        status = status == ZW_OK ? zw_store_commit(store, NULL) : status;
        has_refused = failing_alloc_stop();
        zw_store_rollback(store);
        model.floor = status == ZW_OK ? 16 : 0;
        assert_as_model(store, &model);
        zw_store_close(store);
        zw_store *again = NULL;
        failing_alloc_after(n);
        status = zw_store_open_with(f->path, ZW_DB_WRITE, &small, &again, NULL);
        bool was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        has_refused = was_refused || has_refused;
        zw_store_close(again);
        again = open_small(f->path);
        assert_as_model(again, &model);
        zw_store_close(again);
    }
}

static void a_file_that_says_what_cannot_be_is_refused(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_small(f->path);
    assert_int_equal(sqlite3_exec(zw_db_connection(zw_store_db(store)),
                                  "INSERT INTO gone VALUES(4, 1, 1, 1)", NULL, NULL, NULL),
                     SQLITE_OK);
    zw_store_close(store);
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_store_open(f->path, ZW_DB_READ, &store, &err), ZW_STORE);
    assert_non_null(strstr(err.text, "what is gone of series 4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_life_with_a_floor_says_what_a_model_says,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_floor_never_goes_down_and_refuses_what_lies_below,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(without_memory_a_floor_stays_where_it_was,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_says_what_cannot_be_is_refused,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
