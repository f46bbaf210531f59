/* Floors of the columns: what lies below is answered to nobody, and leaves file and memory. */
#include "store/columns_inside.h"
#include "store/sealing.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

#include "columns_world.h" /* it asserts, so cmocka comes before it */

enum { KNOWN_MS = 100 };

/* Two series of one tile and one of another, over three pages each; all of it sealed. */
static void fill(columns_world *w, zw_sealing *sealing)
{
    for (zw_series_id series = 0; series < 3; series++) {
        for (zw_period p = 1; p < 12; p++) {
            assert_int_equal(world_put(w, series, p, KNOWN_MS + p, (double)p), ZW_OK);
        }
    }
    assert_int_equal(zw_sealing_step(sealing, 1, 0, true, NULL), ZW_OK);
    zw_sealing_end(sealing, true);
    assert_int_equal(world_ask(w, "SELECT count(*) FROM page"), 6);
}

static void below_a_floor_is_nothing_at_once(void **state)
{
    columns_world *w = *state;
    zw_sealing *sealing = NULL;
    zw_period first = 0;
    zw_period last = 0;
    zw_run run;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    fill(w, sealing);
    assert_true(zw_columns_floor(w->columns, 0) == INT64_MIN);
    assert_false(zw_columns_is_shedding(w->columns));
    assert_int_equal(zw_columns_set_floor(w->columns, 0, 8, NULL), ZW_OK);
    assert_true(zw_columns_is_shedding(w->columns));
    assert_int_equal(world_versions(w, 0, 7), 0);
    assert_int_equal(world_versions(w, 0, 8), 1);
    assert_int_equal(world_versions(w, 1, 7), 1); /* its neighbour has none */
    assert_false(zw_columns_run(w->columns, 0, 7, 9, INT64_MAX, &run));
    assert_true(zw_columns_span(w->columns, 0, &first, &last));
    assert_int_equal(first, 8);
    assert_int_equal(last, 11);
    assert_true(zw_columns_first(w->columns, 0, INT64_MAX, &first));
    assert_int_equal(first, 1); /* when it was first known stays known */
    assert_int_equal(world_put(w, 0, 7, 900, 1), ZW_INVALID);
    assert_int_equal(zw_columns_set_floor(w->columns, 0, INT64_MIN, NULL), ZW_OK); /* taken back */
    assert_int_equal(world_versions(w, 0, 7), 1);
    zw_sealing_destroy(sealing);
}

static void the_newest_figure_goes_below_a_floor_and_comes_back_with_it(void **state)
{
    columns_world *w = *state;
    zw_sealing *sealing = NULL;
    size_t count = 0;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    fill(w, sealing);
    assert_int_equal(zw_columns_heads(w->columns, &count)[0].period, 11);
    assert_int_equal(zw_columns_set_floor(w->columns, 0, 12, NULL), ZW_OK);
    assert_true(zw_columns_heads(w->columns, &count)[0].period == ZW_PERIOD_NONE);
    assert_int_equal(zw_columns_set_floor(w->columns, 0, 8, NULL), ZW_OK);
    assert_int_equal(zw_columns_heads(w->columns, &count)[0].period, 11);
    zw_sealing_destroy(sealing);
}

static void pages_below_leave_the_file_and_their_neighbours_stay(void **state)
{
    columns_world *w = *state;
    zw_sealing *sealing = NULL;
    zw_period first = 0;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    fill(w, sealing);
    assert_int_equal(zw_columns_set_floor(w->columns, 0, 8, NULL), ZW_OK);
    assert_int_equal(zw_columns_set_floor(w->columns, 2, 8, NULL), ZW_OK);
    assert_int_equal(zw_db_begin(w->db, NULL), ZW_OK);
    assert_int_equal(zw_sealing_step(sealing, 2, 0, false, NULL), ZW_OK);
    zw_db_rollback(w->db);
    zw_sealing_end(sealing, false);
    assert_true(zw_columns_is_shedding(w->columns));
    assert_int_equal(world_ask(w, "SELECT count(*) FROM gone"), 0);
    while (zw_columns_is_shedding(w->columns)) {
        assert_int_equal(zw_sealing_step(sealing, 2, 0, false, NULL), ZW_OK);
        zw_sealing_end(sealing, true);
    }
    /* Two pages of series 2 are gone whole, those of 0 and 1 were written without 0. */
    assert_int_equal(world_ask(w, "SELECT count(*) FROM page"), 4);
    assert_int_equal(zw_tiles_count(w->columns->tiles), 4);
    assert_int_equal(zw_columns_count(w->columns), 33 - 14);
    assert_int_equal(world_ask(w, "SELECT figures FROM gone WHERE series = 0"), 7);
    assert_int_equal(world_ask(w, "SELECT first FROM gone WHERE series = 2"), 1);
    assert_int_equal(world_ask(w, "SELECT known_at_ms FROM gone WHERE series = 2"), KNOWN_MS + 1);
    assert_true(zw_columns_first(w->columns, 2, KNOWN_MS + 1, &first));
    assert_int_equal(first, 1);
    assert_false(zw_columns_first(w->columns, 2, KNOWN_MS, &first));
    for (zw_period p = 1; p < 12; p++) {
        assert_int_equal(world_versions(w, 0, p), p < 8 ? 0 : 1);
        assert_int_equal(world_versions(w, 1, p), 1);
    }
    zw_sealing_destroy(sealing);
    world_open(w);
    assert_int_equal(zw_columns_count(w->columns), 33 - 14);
    assert_int_equal(w->damages, 0);
}

static void what_waits_in_the_journal_below_a_floor_is_let_go_too(void **state)
{
    columns_world *w = *state;
    zw_sealing *sealing = NULL;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    w->options.unsealed_most = 100;
    world_open(w);
    zw_sealing_destroy(sealing);
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    assert_int_equal(world_put(w, 0, 1, KNOWN_MS, 1), ZW_OK);
    w->row = 2;
    assert_int_equal(world_put(w, 1, 2, KNOWN_MS, 2), ZW_OK);
    assert_int_equal(zw_columns_set_floor(w->columns, 0, 4, NULL), ZW_OK);
    assert_int_equal(zw_sealing_step(sealing, 2, 2, false, NULL), ZW_OK);
    zw_sealing_end(sealing, true);
    assert_int_equal(world_ask(w, "SELECT count(*) FROM page"), 1); /* of its neighbour */
    assert_int_equal(zw_columns_count(w->columns), 1);
    assert_int_equal(world_versions(w, 1, 2), 1);
    assert_int_equal(world_put(w, 1, 3, KNOWN_MS, 3),
                     ZW_OK); /* it is dirty still, and takes more */
    assert_int_equal(zw_sealing_step(sealing, 3, 1, true, NULL), ZW_OK);
    zw_sealing_end(sealing, true);
    assert_int_equal(zw_sealing_kept_row(sealing, 3), 4);
    zw_sealing_destroy(sealing);
    world_open(w);
    assert_int_equal(world_versions(w, 1, 3), 1);
    assert_int_equal(world_versions(w, 0, 1), 0);
}

static void a_damaged_page_goes_when_all_it_may_have_had_is_below(void **state)
{
    columns_world *w = *state;
    zw_sealing *sealing = NULL;
    w->options.series_count = 3;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    fill(w, sealing);
    zw_sealing_destroy(sealing);
    world_run(w, "UPDATE page SET head = zeroblob(9) WHERE series = 0 AND start = 0");
    world_open(w);
    assert_int_equal(w->damages, 1);
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    for (zw_series_id series = 0; series < 2; series++) {
        assert_int_equal(zw_columns_set_floor(w->columns, series, 4, NULL), ZW_OK);
        assert_int_equal(zw_sealing_step(sealing, 2, 0, false, NULL), ZW_OK);
        zw_sealing_end(sealing, true);
        assert_int_equal(world_ask(w, "SELECT count(*) FROM page"), series == 0 ? 6 : 5);
    }
    zw_sealing_destroy(sealing);
}

static void a_floor_without_memory_is_refused_and_nothing_is_changed(void **state)
{
    columns_world *w = *state;
    assert_int_equal(world_put(w, 0, 1, KNOWN_MS, 1), ZW_OK);
    failing_alloc_after(0);
    zw_status status = zw_columns_set_floor(w->columns, 0, 4, NULL);
    failing_alloc_stop();
    assert_int_equal(status, ZW_NOMEM);
    assert_int_equal(world_versions(w, 0, 1), 1);
    zw_gone gone = {.first = 0, .known_at_ms = 7};
    failing_alloc_after(0);
    status = zw_columns_set_gone(w->columns, 100, &gone, NULL);
    failing_alloc_stop();
    assert_int_equal(status, ZW_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(below_a_floor_is_nothing_at_once, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(the_newest_figure_goes_below_a_floor_and_comes_back_with_it,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(pages_below_leave_the_file_and_their_neighbours_stay,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(what_waits_in_the_journal_below_a_floor_is_let_go_too,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_damaged_page_goes_when_all_it_may_have_had_is_below,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_floor_without_memory_is_refused_and_nothing_is_changed,
                                        world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
