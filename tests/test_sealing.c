/* Sealing: a few tiles in each turn, the oldest first, and nothing when the turn does not commit.
 */
#include "store/sealing.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "columns_world.h" /* it asserts, so cmocka comes before it */

typedef struct fixture {
    columns_world *w;
    zw_sealing *sealing;
} fixture;

static int setup(void **state)
{
    static fixture f;
    void *world = NULL;
    if (world_setup(&world) != 0) {
        return -1;
    }
    f = (fixture){.w = world};
    *state = &f;
    return zw_sealing_create(f.w->columns, &f.sealing, NULL) == ZW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    void *world = f->w;
    zw_sealing_destroy(f->sealing);
    zw_sealing_destroy(NULL);
    return world_teardown(&world);
}

/* A row of the journal with figures of one tile. */
static void put_row(fixture *f, int64_t row, zw_series_id series, size_t figures)
{
    f->w->row = row;
    for (size_t i = 0; i < figures; i++) {
        assert_int_equal(world_put(f->w, series, (zw_period)i % 4, row * 10 + (int64_t)i, 1),
                         ZW_OK);
    }
}

static void the_oldest_are_sealed_as_far_as_the_journal_is_too_long(void **state)
{
    fixture *f = *state;
    put_row(f, 1, 0, 4);
    put_row(f, 2, 2, 4);
    put_row(f, 3, 4, 1);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 3), 1);
    assert_int_equal(zw_sealing_step(f->sealing, 3, 1, false, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(world_ask(f->w, "SELECT count(*) FROM page"), 1); /* 4 written for 1 taken */
    assert_int_equal(world_ask(f->w, "SELECT series FROM page"), 0);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 3), 2);
    assert_int_equal(zw_sealing_step(f->sealing, 3, 10, false, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(world_ask(f->w, "SELECT count(*) FROM page"), 2);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 3), 3); /* one figure may wait */
    put_row(f, 4, 0, 1);                                     /* its tile is behind the others now */
    assert_int_equal(zw_sealing_step(f->sealing, 4, 10, false, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 4), 4);
    assert_int_equal(zw_sealing_step(f->sealing, 4, 10, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 4), 5);
    assert_int_equal(world_ask(f->w, "SELECT count(*) FROM page"), 3); /* written anew, not twice */
    assert_int_equal(zw_columns_count(f->w->columns), 10);
}

static void without_a_commit_all_is_as_before(void **state)
{
    fixture *f = *state;
    put_row(f, 1, 0, 4);
    put_row(f, 2, 2, 4);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(zw_db_begin(f->w->db, NULL), ZW_OK);
        assert_int_equal(zw_sealing_step(f->sealing, 2, 0, true, NULL), ZW_OK);
        assert_int_equal(zw_sealing_kept_row(f->sealing, 2), 3);
        zw_db_rollback(f->w->db);
        zw_sealing_end(f->sealing, false);
        assert_int_equal(zw_sealing_kept_row(f->sealing, 2), 1);
        assert_int_equal(zw_columns_sealed_row(f->w->columns), 0);
        zw_columns_rest(f->w->columns); /* must let go of nothing */
        assert_int_equal(world_versions(f->w, 0, 3), 1);
        assert_int_equal(world_versions(f->w, 2, 3), 1);
    }
    zw_columns_unput(f->w->columns, 2, 3, 23); /* still can be */
    assert_int_equal(zw_sealing_step(f->sealing, 2, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    world_open(f->w);
    assert_int_equal(zw_columns_count(f->w->columns), 7);
    zw_sealing_destroy(f->sealing);
    assert_int_equal(zw_sealing_create(f->w->columns, &f->sealing, NULL), ZW_OK);
}

static void a_damaged_sheet_is_never_written_over(void **state)
{
    fixture *f = *state;
    put_row(f, 1, 0, 4);
    put_row(f, 2, 1, 4);
    put_row(f, 3, 2, 4);
    assert_int_equal(zw_sealing_step(f->sealing, 3, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    world_run(f->w, "UPDATE page SET body = zeroblob(length(body)) WHERE series = 0");
    world_open(f->w);
    zw_sealing_destroy(f->sealing);
    assert_int_equal(zw_sealing_create(f->w->columns, &f->sealing, NULL), ZW_OK);
    put_row(f, 4, 0, 1);
    put_row(f, 5, 2, 1);
    assert_int_equal(f->w->damages, 2);
    assert_int_equal(zw_sealing_step(f->sealing, 5, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(world_ask(f->w, "SELECT sum(body) FROM page WHERE series = 0"), 0);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 5), 4); /* the journal keeps what came since */
    put_row(f, 6, 0, 1);
    put_row(f, 6, 2, 1);
    assert_int_equal(zw_sealing_step(f->sealing, 6, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    assert_int_equal(zw_sealing_kept_row(f->sealing, 6), 4);
    assert_int_equal(world_versions(f->w, 0, 0), 2);
    assert_int_equal(world_versions(f->w, 2, 0), 3);
}

static void a_step_that_fails_can_be_taken_back(void **state)
{
    fixture *f = *state;
    put_row(f, 1, 0, 4);
    put_row(f, 2, 2, 4);
    assert_int_equal(zw_sealing_step(f->sealing, 2, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    zw_columns_rest(f->w->columns);
    put_row(f, 3, 1, 4);
    put_row(f, 3, 2, 1);
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        assert_int_equal(zw_db_begin(f->w->db, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_sealing_step(f->sealing, 3, 0, true, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_db_rollback(f->w->db);
        zw_sealing_end(f->sealing, false);
        assert_int_equal(zw_sealing_kept_row(f->sealing, 3), 3);
        assert_int_equal(world_versions(f->w, 0, 0), 1);
        assert_int_equal(world_versions(f->w, 1, 0), 1);
    }
    world_run(f->w, "CREATE TEMP TRIGGER no BEFORE INSERT ON page"
                    " BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_int_equal(zw_sealing_step(f->sealing, 3, 0, true, NULL), ZW_STORE);
    zw_sealing_end(f->sealing, false);
    world_run(f->w, "DROP TRIGGER no");
    assert_int_equal(zw_sealing_step(f->sealing, 3, 0, true, NULL), ZW_OK);
    zw_sealing_end(f->sealing, true);
    world_open(f->w);
    assert_int_equal(zw_columns_count(f->w->columns), 13);
    zw_sealing_destroy(f->sealing);
    assert_int_equal(zw_sealing_create(f->w->columns, &f->sealing, NULL), ZW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_oldest_are_sealed_as_far_as_the_journal_is_too_long,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_commit_all_is_as_before, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_sheet_is_never_written_over, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_that_fails_can_be_taken_back, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
