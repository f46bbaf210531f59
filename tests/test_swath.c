/* A swath: what it says of many areas is what their columns say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "eval_world.h"
#include "failing_alloc.h"
#include "indicator/swath.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\", km2 = 9 }\n"
    "local far = zone \"far\" { timezone = \"America/New_York\" }\n"
    "local east = area \"east\" { within = land, km2 = 2 }\n"
    "local e1 = area \"e1\" { within = east, km2 = 1 }\n"
    "local e2 = area \"e2\" { within = east, since = \"2024-03-01\" }\n"
    "local west = area \"west\" { within = land, km2 = 0 }\n"
    "local bay = area \"bay\" { within = far, km2 = 4 }\n"
    "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"20d\", by = { \"trade\" } }\n"
    "measure \"total\" { kind = \"ytd\", unit = \"CNY\", every = \"month\" }\n"
    "local visits = measure \"visits\" { kind = \"flow\", unit = \"visits\", every = \"month\" }\n"
    "local each = indicator \"each\" { sales / visits }\n"
    "indicator \"x1\" { sales:areas { e1, e2, west, bay }:sum() }\n"
    "indicator \"x2\" { (sales / visits):areas { e1, west, bay }:max() }\n"
    "indicator \"x3\" { count(sales:over(40), { e1, west, bay }) }\n"
    "indicator \"x4\" { count(sales:over(40) & visits:at_most(50), { e1, west, bay }) }\n"
    "indicator \"x5\" { when(any(sales:over(40) | visits:at_most(50), { e1, west, bay }), 1, 0) }\n"
    "indicator \"x6\" { when(all(visits:over(1), { e1, west, bay }), 1, 0) }\n"
    "indicator \"x7\" { when(sales:over(99), sales, -sales):areas { e1, bay }:min() }\n"
    "indicator \"x8\" { (visits / attr \"km2\"):areas { e1, west, bay }:sum() }\n"
    "indicator \"x9\" { min(sales, 60):areas { e1, bay }:spread() }\n"
    "indicator \"x10\" { sales:where(sales:over(60)):areas { e1, bay }:count() }\n"
    "indicator \"x11\" { sales:rolling(2):sum():areas { e1, bay }:max() }\n"
    "indicator \"x12\" { count(visits:rolling(2):mean():over(3), { e1, west, bay }) }\n"
    "indicator \"x13\" { (sales:lag(1) + sales):areas { e1, bay }:sum() }\n"
    "indicator \"x14\" { each:areas { e1, west, bay }:sum() }\n"
    "indicator \"x15\" { count(each:over(2), { e1, west, bay }) }\n";

static const struct figure_row figures[] = {
    {"sales", "e1", "", "2024-01", 100, "2024-02-10", 0, false},
    {"sales", "e1", "", "2024-02", 120, "2024-03-10", 'P', true},
    {"sales", "e2", "", "2024-03", 7, "2024-04-10", 0, false},
    {"sales", "west", "trade=tea", "2024-01", 30, "2024-02-10", 0, false},
    {"sales", "west", "trade=silk", "2024-01", 12, "2024-02-11", 'E', false},
    {"sales", "west", "", "2024-02", NAN, "2024-03-11", 0, false},
    {"sales", "bay", "", "2024-01", 55, "2024-02-10", 0, false},
    {"visits", "e1", "", "2024-01", 50, "2024-02-10", 0, false},
    {"visits", "e1", "", "2024-02", 0, "2024-03-10", 0, false},
    {"visits", "west", "", "2024-01", 3, "2024-02-10", 0, false},
    {"visits", "bay", "", "2024-01", 5, "2024-02-10", 0, true},
};

static const char *const expressions[] = {
    "sales",
    "visits",
    "sales:areas():sum()",
    "(sales / visits):areas():mean()",
    "sales:where { trade = \"tea\" }:areas():sum()",
    "x1",
    "x2",
    "x3",
    "x4",
    "x5",
    "x6",
    "x7",
    "x8",
    "x9",
    "x10",
    "x11",
    "x12",
    "x13",
    "x14",
    "x15",
};

/* 2024-02-10 twice: what was asked once is asked again. */
static const char *const days[] = {"2024-02-10", "2024-02-10", "2024-02-11",
                                   "2024-02-15", "2024-03-10", "2024-03-31",
                                   "2024-04-10", "2030-01-01", "2024-02-15"};

static bool is_same(const zw_cell *a, const zw_cell *b)
{
    return a->value == b->value && a->reason == b->reason && a->detail == b->detail &&
           a->until_ms == b->until_ms && a->known_at_ms == b->known_at_ms && a->in == b->in &&
           a->of == b->of && a->span == b->span && a->marks == b->marks;
}

static void compare_at(struct world *wide, struct world *narrow, size_t expression, uint32_t area,
                       zw_period p, const char *day)
{
    zw_cell by_rows;
    zw_cell by_columns;
    zw_err err = {ZW_OK, ""};
    const char *text = expressions[expression];
    assert_int_equal(zw_eval_cell(wide->eval, world_node(wide, text), area, p, &by_rows, &err),
                     ZW_OK);
    assert_int_equal(
        zw_eval_cell(narrow->eval, world_node(narrow, text), area, p, &by_columns, &err), ZW_OK);
    if (!is_same(&by_rows, &by_columns)) {
        fail_msg("%s at %s in %lld as of %s: %g (%s, %u of %u), not %g (%s, %u of %u)", text,
                 wide->pack->areas[area].title.name, (long long)p, day, by_rows.value,
                 zw_reason_text((zw_reason)by_rows.reason), by_rows.in, by_rows.of,
                 by_columns.value, zw_reason_text((zw_reason)by_columns.reason), by_columns.in,
                 by_columns.of);
    }
}

/* Moves two evaluations through the days; one reads parts in rows, however few they are. */
static void rows_say_what_columns_say(void **state)
{
    (void)state;
    struct world wide;
    struct world narrow;
    world_open(&wide, pack_text);
    world_open(&narrow, pack_text);
    world_put(&wide, ROWS(figures));
    world_put(&narrow, ROWS(figures));
    zw_eval_read_wide(wide.eval, 1);
    zw_eval_read_wide(narrow.eval, SIZE_MAX);
    world_as_of(&wide, "2024-01-01");
    world_as_of(&narrow, "2024-01-01");
    for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
        world_as_of(&wide, days[d]);
        world_as_of(&narrow, days[d]);
        for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
            for (zw_period p = 54 * 12; p < 54 * 12 + 5; p++) { /* 2024-01 to 2024-05 */
                for (uint32_t a = 0; a < wide.pack->area_count; a++) {
                    compare_at(&wide, &narrow, i, a, p, days[d]);
                }
            }
        }
    }
    world_close(&wide);
    world_close(&narrow);
}

static void no_column_is_made(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_eval_read_wide(world.eval, 1);
    zw_cell cell = world_cell(&world, "(visits + 1):areas():sum()", "far", "2024-01");
    assert_float_equal(cell.value, 6, 0);
    cell = world_cell(&world, "(visits + 1):areas():sum()", "far", "2024-02");
    assert_int_equal(cell.reason, ZW_REASON_PART_MISSING);
    assert_null(zw_table_cols_of(world.eval->table, world_node(&world, "visits + 1")));
    assert_null(zw_table_cols_of(world.eval->table, world_node(&world, "visits")));
    world_close(&world);
}

static void a_figure_that_comes_is_seen_through_the_rows(void **state)
{
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    static const struct figure_row first[] = {
        {"visits", "bay", "", "2024-01", 5, "2024-02-10", 0, false},
        {"visits", "bay", "", "2024-02", 9, "2024-02-20", 0, false}};
    world_open(&world, pack_text);
    zw_eval_read_wide(world.eval, 1);
    world_put(&world, ROWS(first)); /* not forgotten below: it is learned */
    world_as_of(&world, "2024-02-15");
    zw_node_id node = world_node(&world, "(visits + 1):areas():sum()");
    uint32_t far = zw_pack_area(world.pack, zw_text_of("far"), NULL);
    zw_cell cell;
    assert_int_equal(zw_eval_cell(world.eval, node, far, 54 * 12 + 1, &cell, &err), ZW_OK);
    assert_int_equal(cell.reason, ZW_REASON_PART_MISSING);
    assert_int_equal(zw_eval_watch(world.eval, node, far, 9, &err), ZW_OK);
    world_as_of(&world, "2024-02-25");
    uint32_t watch = 0;
    zw_span span;
    assert_true(zw_eval_next_stale(world.eval, &watch, &span));
    assert_int_equal(watch, 9);
    assert_int_equal(zw_eval_cell(world.eval, node, far, 54 * 12 + 1, &cell, &err), ZW_OK);
    assert_float_equal(cell.value, 10, 0);
    world_close(&world);
}

static void only_rows_of_one_grid_fit(void **state)
{
    static const struct {
        const char *expression;
        bool fits;
    } rows[] = {
        {"sales", true},
        {"sales / visits + 1", true},
        {"sales / attr \"km2\"", true},
        {"visits:rolling(2):mean():over(3)", true},
        {"visits:rolling(2):median():over(3)", false},
        {"visits:lag(1) + visits", false},
        {"sales:where { trade = \"tea\" }", false},
        {"sales:by \"trade\":sum()", false},
        {"visits:quarter()", false},
        {"each:over(2)", false},
        {"attr \"km2\"", false},
        {"total", true},
        {"total:rolling(2):sum()", false}, /* from totals alone */
    };
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (zw_swath_fits(world.eval, world_node(&world, rows[i].expression)) != rows[i].fits) {
            fail_msg("%s", rows[i].expression);
        }
    }
    world_close(&world);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "((sales + 1) / visits):areas():sum()");
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval *eval = NULL;
        zw_cell cell;
        zw_eval_world on = {world.pack, world.script, world.store, NULL};
        failing_alloc_after(after);
        zw_status status = zw_eval_create(&on, WORLD_NOW_MS, &eval, &err);
        if (status == ZW_OK) {
            zw_eval_read_wide(eval, 1);
            status = zw_eval_cell(eval, node, 0, 54 * 12, &cell, &err);
        }
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
        zw_eval_destroy(eval);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_columns_say),
        cmocka_unit_test(no_column_is_made),
        cmocka_unit_test(a_figure_that_comes_is_seen_through_the_rows),
        cmocka_unit_test(only_rows_of_one_grid_fit),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
