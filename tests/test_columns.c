/* All figures: columns, heads and index in step, in memory or in pages. */
#include "store/columns.h"

#include "failing_alloc.h"
#include "store/sealing.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "columns_world.h" /* it asserts, so cmocka comes before it */

static void each_version_is_in_its_column_and_in_the_index(void **state)
{
    static const struct {
        zw_series_id series;
        zw_period period;
        int64_t known_at_ms;
    } puts[] = {{0, 5, 30}, {1000, 5, 20}, {0, 5, 10}, {3, -1, 20}};
    enum { COUNT = sizeof puts / sizeof puts[0] };
    columns_world *w = *state;
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(
            world_put(w, puts[i].series, puts[i].period, puts[i].known_at_ms, (double)i), ZW_OK);
    }
    assert_int_equal(world_versions(w, 0, 5), 2);
    assert_int_equal(world_versions(w, 1000, 5), 1);
    assert_int_equal(world_versions(w, 3, -1), 1);
    assert_int_equal(world_versions(w, 1, 5), 0);
    assert_int_equal(world_versions(w, 100000, 5), 0);
    const zw_learned *learned = NULL;
    assert_int_equal(zw_columns_learned(w->columns, 10, 20, &learned), 2);
    assert_int_equal(learned[0].series, 1000);
    assert_int_equal(learned[1].series, 3);
    assert_int_equal(zw_columns_first_ms(w->columns), 10);
    assert_int_equal(zw_columns_next_ms(w->columns, 20), 30);
    for (size_t i = COUNT; i > 0; i--) {
        assert_int_equal(zw_columns_count(w->columns), i);
        zw_columns_unput(w->columns, puts[i - 1].series, puts[i - 1].period,
                         puts[i - 1].known_at_ms);
    }
    assert_int_equal(zw_columns_count(w->columns), 0);
    assert_int_equal(zw_columns_learned(w->columns, INT64_MIN, INT64_MAX, &learned), 0);
    assert_true(zw_columns_first_ms(w->columns) == ZW_NEVER_MS);
    assert_int_equal(world_versions(w, 0, 5), 0);
}

static void assert_head(columns_world *w, zw_series_id series, zw_period period, double value,
                        int64_t known_at_ms)
{
    size_t count = 0;
    const zw_head *heads = zw_columns_heads(w->columns, &count);
    assert_in_range(series, 0, count - 1);
    assert_true(heads[series].period == period);
    if (period >= ZW_PERIOD_MIN) {
        assert_true(heads[series].value == value);
        assert_true(heads[series].known_at_ms == known_at_ms);
    }
}

static void the_head_is_the_newest_version_of_the_last_period(void **state)
{
    static const struct {
        zw_period period;
        int64_t known_at_ms;
        double value;
        zw_period head;
        double head_value;
        int64_t head_known_at_ms;
    } puts[] = {
        {5, 10, 1, 5, 1, 10}, {4, 20, 2, 5, 1, 10},  {5, 5, 3, 5, 1, 10},    {5, 10, 4, 5, 4, 10},
        {90, 1, 5, 90, 5, 1}, {89, 99, 6, 90, 5, 1}, {90, 50, 7, 90, 7, 50},
    };
    enum { COUNT = sizeof puts / sizeof puts[0], SERIES = 70 };
    columns_world *w = *state;
    size_t count = 0;
    assert_null(zw_columns_heads(w->columns, &count));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(world_put(w, SERIES, puts[i].period, puts[i].known_at_ms, puts[i].value),
                         ZW_OK);
        assert_head(w, SERIES, puts[i].head, puts[i].head_value, puts[i].head_known_at_ms);
    }
    assert_head(w, 0, ZW_PERIOD_NONE, 0, 0);
    for (size_t i = COUNT; i-- > 0;) {
        zw_columns_unput(w->columns, SERIES, puts[i].period, puts[i].known_at_ms);
        if (i > 0) {
            assert_head(w, SERIES, puts[i - 1].head, puts[i - 1].head_value,
                        puts[i - 1].head_known_at_ms);
        }
    }
    assert_head(w, SERIES, ZW_PERIOD_NONE, 0, 0);
}

/* Seals everything, and lets go of it. */
static void seal_all(columns_world *w)
{
    zw_sealing *sealing = NULL;
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    assert_int_equal(zw_sealing_step(sealing, w->row, 0, true, NULL), ZW_OK);
    zw_sealing_end(sealing, true);
    zw_sealing_destroy(sealing);
    zw_columns_rest(w->columns);
}

static void what_is_in_pages_is_read_as_what_is_in_memory(void **state)
{
    columns_world *w = *state;
    for (zw_period p = -3; p < 12; p++) {
        assert_int_equal(world_put(w, 0, p, 100 + p, (double)p), ZW_OK);
    }
    assert_int_equal(world_put(w, 1, 2, 500, 7), ZW_OK);
    seal_all(w);
    assert_int_equal(world_ask(w, "SELECT count(*) FROM page"), 4);
    for (int round = 0; round < 2; round++) {
        zw_figure room;
        zw_run run;
        zw_period first = 0;
        zw_period last = 0;
        assert_head(w, 0, 11, 11, 111);
        assert_head(w, 1, 2, 7, 500);
        assert_int_equal(zw_columns_count(w->columns), 16);
        assert_int_equal(zw_columns_first_ms(w->columns), 97);
        assert_true(zw_columns_span(w->columns, 0, &first, &last));
        assert_true(first == -3 && last == 11);
        assert_true(zw_columns_first(w->columns, 0, 111, &first));
        assert_true(first == -3);
        assert_false(zw_columns_first(w->columns, 0, 96, &first));
        assert_true(zw_columns_run(w->columns, 0, 4, 11, 1000, &run));
        assert_true(run.count == 4 && run.values[3] == 7 && run.known_at_ms == 107);
        assert_true(zw_columns_run(w->columns, 0, -3, -2, 1000, &run));
        assert_true(run.count == 2 && run.values[0] == -3);
        assert_non_null(zw_columns_at(w->columns, 1, 2, 500, &room));
        assert_true(room.value == 7 && room.batch == 1);
        assert_null(zw_columns_at(w->columns, 1, 2, 499, &room));
        assert_null(zw_columns_at(w->columns, 1, 3, 500, &room));
        w->options.span = 4;
        world_open(w);
    }
    assert_int_equal(world_put(w, 0, 4, 50, 77), ZW_OK); /* into a page that is not in memory */
    assert_int_equal(world_versions(w, 0, 4), 2);
    assert_int_equal(world_versions(w, 0, 5), 1);
    assert_int_equal(w->damages, 0);
}

static void what_the_journal_says_is_not_taken_twice(void **state)
{
    columns_world *w = *state;
    zw_put put = {0, 1, {.value = 1, .known_at_ms = 1, .batch = 1}};
    w->row = 5;
    assert_int_equal(world_put(w, 0, 0, 1, 1), ZW_OK);
    seal_all(w);
    assert_int_equal(zw_columns_sealed_row(w->columns), 5);
    world_open(w);
    assert_int_equal(zw_columns_replay(w->columns, &put, 5, NULL), ZW_OK);
    assert_int_equal(zw_columns_count(w->columns), 1);
    assert_int_equal(zw_columns_replay(w->columns, &put, 6, NULL), ZW_OK);
    put.series = 2; /* of another tile, which has no row yet */
    assert_int_equal(zw_columns_replay(w->columns, &put, 3, NULL), ZW_OK);
    assert_int_equal(zw_columns_count(w->columns), 3);
}

static void a_damaged_page_is_named_and_the_others_are_read(void **state)
{
    columns_world *w = *state;
    for (zw_period p = 0; p < 8; p++) {
        assert_int_equal(world_put(w, 0, p, 10 + p, 1.25), ZW_OK);
        assert_int_equal(world_put(w, 1, p, 10 + p, (double)p / 7), ZW_OK);
    }
    seal_all(w);
    /* The last bytes of a body are the second series' values, which it shares with nobody. */
    world_run(w, "UPDATE page SET body = CAST(substr(body, 1, length(body) - 1) || x'99' AS BLOB)"
                 " WHERE start = 4");
    world_open(w);
    zw_figure room;
    assert_int_equal(w->damages, 0);
    assert_non_null(zw_columns_at(w->columns, 0, 5, 1000, &room));
    assert_null(zw_columns_at(w->columns, 1, 5, 1000, &room));
    assert_non_null(zw_columns_at(w->columns, 1, 3, 1000, &room));
    assert_int_equal(w->damages, 1);
    assert_true(w->damage.is_known && w->damage.first_series == 1 && w->damage.last_series == 1);
    assert_true(w->damage.first_period == 4 && w->damage.last_period == 7);
    assert_int_equal(w->damage.figures, 4);
    assert_head(w, 1, 3, 3.0 / 7, 13);
    assert_int_equal(zw_columns_count(w->columns), 12);
    assert_int_equal(zw_columns_trouble(w->columns, NULL), ZW_OK);
    world_run(w, "UPDATE page SET head = zeroblob(50) WHERE start = 0");
    world_open(w);
    assert_int_equal(w->damages, 2);
    assert_true(w->damage.first_series == 0 && w->damage.last_series == 1);
    assert_true(w->damage.first_period == 0 && w->damage.last_period == 3);
}

static void a_reading_without_memory_says_so_afterwards(void **state)
{
    columns_world *w = *state;
    zw_figure room;
    assert_int_equal(world_put(w, 0, 0, 1, 1), ZW_OK);
    seal_all(w);
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        world_open(w);
        failing_alloc_after(n);
        const zw_figure *at = zw_columns_at(w->columns, 0, 0, 1, &room);
        was_refused = failing_alloc_stop();
        assert_int_equal(at == NULL, was_refused);
        assert_int_equal(zw_columns_trouble(w->columns, NULL), was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(zw_columns_trouble(w->columns, NULL), ZW_OK); /* said once */
        assert_non_null(zw_columns_at(w->columns, 0, 0, 1, &room));
    }
}

static void refused_memory_puts_into_neither(void **state)
{
    columns_world *w = *state;
    w->options.learned_most = 1000;
    for (long n = 0;; n++) {
        zw_columns *columns = NULL;
        failing_alloc_after(n);
        zw_status status = zw_columns_create(w->db, &w->options, &columns, NULL);
        zw_columns *before = w->columns;
        w->columns = columns != NULL ? columns : before;
        size_t taken = 0;
        while (status == ZW_OK && taken < 200) {
            status = world_put(w, (zw_series_id)(taken % 100), 0, (int64_t)(taken * 7 % 11), 1);
            taken += status == ZW_OK;
        }
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        size_t held = 0;
        for (zw_series_id s = 0; columns != NULL && s < 100; s++) {
            held += world_versions(w, s, 0);
        }
        const zw_learned *learned = NULL;
        assert_int_equal(held, taken);
        assert_true(columns == NULL ||
                    zw_columns_learned(columns, INT64_MIN, INT64_MAX, &learned) == taken);
        w->columns = before;
        zw_columns_destroy(columns);
        if (!has_refused) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_version_is_in_its_column_and_in_the_index, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(the_head_is_the_newest_version_of_the_last_period,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(what_is_in_pages_is_read_as_what_is_in_memory, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(what_the_journal_says_is_not_taken_twice, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_damaged_page_is_named_and_the_others_are_read,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_reading_without_memory_says_so_afterwards, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(refused_memory_puts_into_neither, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
