/* A window on what was learned has all of its time, whatever it had to let go of. */
#include "store/past.h"

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

enum { FIGURES = 400, MOMENTS = 37 };

static int64_t moment_of(size_t i)
{
    return (int64_t)(i * 17 % MOMENTS) * 10;
}

/* All in pages, none in the index. */
static void fill(columns_world *w)
{
    zw_sealing *sealing = NULL;
    for (size_t i = 0; i < FIGURES; i++) {
        assert_int_equal(world_put(w, (zw_series_id)(i % 5), (zw_period)(i % 23), moment_of(i), 1),
                         ZW_OK);
    }
    assert_int_equal(zw_sealing_create(w->columns, &sealing, NULL), ZW_OK);
    assert_int_equal(zw_sealing_step(sealing, w->row, 0, true, NULL), ZW_OK);
    zw_sealing_end(sealing, true);
    zw_sealing_destroy(sealing);
    world_open(w);
}

static size_t count_between(int64_t after_ms, int64_t upto_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < FIGURES; i++) {
        count += moment_of(i) > after_ms && moment_of(i) <= upto_ms ? 1 : 0;
    }
    return count;
}

static void every_range_is_whole_and_in_order(void **state)
{
    columns_world *w = *state;
    fill(w);
    for (size_t most = 1; most < 2 * FIGURES; most = most * 3 + 1) {
        w->options.learned_most = most;
        world_open(w);
        for (int64_t after_ms = -5; after_ms < 370; after_ms += 5) {
            for (int64_t upto_ms = after_ms - 5; upto_ms < 400; upto_ms += 65) {
                const zw_learned *items = NULL;
                size_t count = zw_columns_learned(w->columns, after_ms, upto_ms, &items);
                assert_int_equal(count, count_between(after_ms, upto_ms));
                for (size_t i = 0; i < count; i++) {
                    assert_true(items[i].known_at_ms > after_ms && items[i].known_at_ms <= upto_ms);
                    assert_true(i == 0 || items[i - 1].known_at_ms <= items[i].known_at_ms);
                }
            }
            int64_t next_ms = after_ms < 0 ? 0 : after_ms - after_ms % 10 + 10;
            assert_true(zw_columns_next_ms(w->columns, after_ms) ==
                        (next_ms < 370 ? next_ms : ZW_NEVER_MS));
        }
    }
}

static void it_sees_what_comes_late(void **state)
{
    columns_world *w = *state;
    fill(w);
    const zw_learned *items = NULL;
    size_t before = zw_columns_learned(w->columns, 100, 200, &items);
    assert_int_equal(world_put(w, 3, 3, 155, 1), ZW_OK);
    assert_int_equal(zw_columns_learned(w->columns, 100, 200, &items), before + 1);
    assert_true(zw_columns_next_ms(w->columns, 150) == 155);
    zw_columns_unput(w->columns, 3, 3, 155);
    assert_int_equal(zw_columns_learned(w->columns, 100, 200, &items), before);
    assert_true(zw_columns_next_ms(w->columns, 150) == 160);
}

static void refused_memory_is_told_and_leaves_no_window(void **state)
{
    columns_world *w = *state;
    fill(w);
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        const zw_learned *items = NULL;
        world_open(w);
        failing_alloc_after(n);
        size_t count = zw_columns_learned(w->columns, 100, 200, &items);
        was_refused = failing_alloc_stop();
        assert_int_equal(count, was_refused ? 0 : count_between(100, 200));
        assert_int_equal(zw_columns_trouble(w->columns, NULL), was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(zw_columns_learned(w->columns, 100, 200, &items), count_between(100, 200));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_range_is_whole_and_in_order, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(it_sees_what_comes_late, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(refused_memory_is_told_and_leaves_no_window, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
