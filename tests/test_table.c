/* The table of columns: readers and staleness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"
#include "indicator/table.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "indicator \"before\" { money:lag(2) }\n";

static void fill(zw_col *col, zw_span span)
{
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_col_cover(col, span, &err), ZW_OK);
    for (zw_period p = span.lo; p <= span.hi; p++) {
        *zw_col_at(col, p) = zw_cell_of((double)p);
    }
}

static bool is_stale(zw_col *col, zw_period p)
{
    return zw_col_at(col, p)->until_ms == INT64_MIN;
}

static void a_touch_goes_up_by_what_each_reader_reads(void **state)
{
    (void)state;
    struct world world;
    zw_table *table = NULL;
    zw_col *money = NULL;
    zw_col *lagged = NULL;
    zw_col *called = NULL;
    zw_err err = {ZW_OK, ""};
    world_open(&world, pack_text);
    zw_node_id lag = world_node(&world, "money:lag(2)");
    assert_int_equal(zw_table_create(world.pack, &table, &err), ZW_OK);
    assert_int_equal(zw_table_col(table, world.pack->measures[0].node, 0, 0, &money, &err), ZW_OK);
    assert_int_equal(zw_table_col(table, lag, 0, 0, &lagged, &err), ZW_OK);
    assert_int_equal(zw_table_col(table, lag, 0, 1, &called, &err),
                     ZW_OK); /* stands for a function's column */
    fill(money, (zw_span){0, 9});
    fill(lagged, (zw_span){0, 9});
    fill(called, (zw_span){0, 9});
    assert_int_equal(zw_table_read_by(table, money, lagged, 0, &err), ZW_OK);
    assert_int_equal(zw_table_called_by(table, money, called, (zw_read){5, 8}, &err), ZW_OK);
    assert_int_equal(zw_table_called_by(table, money, called, (zw_read){6, 0}, &err), ZW_OK);
    assert_int_equal(zw_table_watch(table, lagged, 3, &err), ZW_OK);
    assert_int_equal(zw_table_touch(table, money, (zw_span){5, 5}, false, &err), ZW_OK);
    for (zw_period p = 0; p <= 9; p++) {
        assert_int_equal(is_stale(money, p), p == 5);
        assert_int_equal(is_stale(lagged, p), p == 7);
        assert_int_equal(is_stale(called, p), p == 8);
    }
    uint32_t watch = 0;
    zw_span span;
    assert_true(zw_table_next_stale(table, &watch, &span));
    assert_int_equal(watch, 3);
    assert_int_equal(span.lo, 7);
    assert_false(zw_table_next_stale(table, &watch, &span));
    /* What is stale already was told already. */
    assert_int_equal(zw_table_touch(table, money, (zw_span){5, 5}, false, &err), ZW_OK);
    assert_false(zw_table_next_stale(table, &watch, &span));
    zw_table_destroy(table);
    world_close(&world);
}

static void without_memory_it_says_so_and_stays_whole(void **state)
{
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    world_open(&world, pack_text);
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_table *table = NULL;
        zw_col *a = NULL;
        zw_col *b = NULL;
        failing_alloc_after(after);
        zw_status status = zw_table_create(world.pack, &table, &err);
        status = status == ZW_OK ? zw_table_col(table, 0, 0, 0, &a, &err) : status;
        status = status == ZW_OK ? zw_table_col(table, 0, 0, 1, &b, &err) : status;
        status = status == ZW_OK ? zw_col_cover(a, (zw_span){0, 3}, &err) : status;
        status = status == ZW_OK ? zw_table_read_by(table, a, b, ZW_SLOT_SAME, &err) : status;
        status = status == ZW_OK ? zw_table_touch(table, a, (zw_span){0, 3}, true, &err) : status;
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_table_destroy(table);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_goes_up_by_what_each_reader_reads),
        cmocka_unit_test(without_memory_it_says_so_and_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
