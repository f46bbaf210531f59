/* The shelf of a measure at an area: order, numbers, and what is left out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "measure \"money\" { kind = \"flow\", unit = \"firms\", every = \"month\", by = { "
    "\"size\", \"industry\" } }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=chips\x1fsize=small", "2022-01", 1, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-01", 1, NULL, 0, false},
    {"money", "north", "", "2022-01", 1, NULL, 0, false},
    {"money", "north", "industry=chips\x1fsize=big", "2022-01", 1, NULL, 0, false},
    {"money", "north", "scope=2", "2022-01", 1, NULL, 0, false},
    {"money", "north", "colour=red", "2022-01", 1, NULL, 0, false}, /* of an earlier pack */
    {"money", "north", "size=big", "2022-01", 1, NULL, 0, false},
};

static void series_lie_in_order_of_their_values(void **state)
{
    (void)state;
    static const struct {
        const char *why, *dims, *scope;
    } expected[] = {
        {"totals first, the empty scope before the other", "", ""},
        {"", "", "2"},
        {"then what has no industry", "size=big", ""},
        {"then industries by name, by size", "industry=ai", ""},
        {"", "industry=chips\x1fsize=big", ""},
        {"", "industry=chips\x1fsize=small", ""},
    };
    struct world world;
    zw_shelf *shelf = NULL;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    const zw_series_set *set = zw_store_series(world.store);
    assert_int_equal(zw_shelf_create(&world.pack->measures[0], set, "north", &shelf, NULL), ZW_OK);
    assert_int_equal(shelf->count, 6);
    for (size_t i = 0; i < shelf->count; i++) {
        const zw_series *series = zw_series_view(set, shelf->rows[i].series);
        if (strcmp(series->dims, expected[i].dims) != 0 ||
            strcmp(series->scope, expected[i].scope) != 0) {
            fail_msg("%zu (%s): %s, scope '%s'", i, expected[i].why, series->dims, series->scope);
        }
    }
    const zw_shelf_dim *size = zw_shelf_dim_of(shelf, "size");
    uint32_t big = zw_shelf_value(size, zw_text_of("big"));
    assert_int_equal(big, 1); /* after the empty one */
    assert_int_equal(size->starts[big + 1] - size->starts[big], 2);
    assert_int_equal(size->rows[size->starts[big]], 2);
    assert_int_equal(size->rows[size->starts[big] + 1], 4);
    assert_int_equal(zw_shelf_value(size, zw_text_of("medium")), ZW_NONE);
    assert_int_equal(zw_shelf_scope(shelf, zw_text_of("2")), 1);
    assert_int_equal(zw_shelf_scope(shelf, zw_text_of("3")), ZW_NONE);
    assert_null(zw_shelf_dim_of(shelf, "colour"));
    zw_shelf_destroy(shelf);
    world_close(&world);
}

static void a_shelf_is_set_up_again_when_a_series_comes(void **state)
{
    (void)state;
    struct world world;
    zw_shelves *shelves = NULL;
    const zw_shelf *shelf = NULL;
    const zw_shelf *again = NULL;
    world_open(&world, pack_text);
    world_put(&world, figures, 2);
    assert_int_equal(zw_shelves_create(world.pack, world.store, &shelves, NULL), ZW_OK);
    assert_int_equal(zw_shelves_at(shelves, 0, 1, &shelf, NULL), ZW_OK);
    assert_int_equal(shelf->count, 2);
    assert_int_equal(zw_shelves_at(shelves, 0, 1, &again, NULL), ZW_OK);
    assert_ptr_equal(shelf, again);
    world_put(&world, figures, 3);
    assert_int_equal(zw_shelves_at(shelves, 0, 1, &shelf, NULL), ZW_OK);
    assert_int_equal(shelf->count, 3);
    assert_int_equal(zw_shelves_at(shelves, 0, 0, &shelf, NULL), ZW_OK);
    assert_int_equal(shelf->count, 0); /* nobody reports the zone itself */
    zw_shelves_destroy(shelves);
    world_close(&world);
}

static void without_memory_there_is_no_shelf(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    const zw_series_set *set = zw_store_series(world.store);
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_shelf *shelf = NULL;
        failing_alloc_after(after);
        zw_status status = zw_shelf_create(&world.pack->measures[0], set, "north", &shelf, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(shelf == NULL, was_refused);
        zw_shelf_destroy(shelf);
    }
    world_close(&world);
}

static const char any_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local node = measure \"node\" { kind = \"gauge\", unit = \"x\", every = \"month\","
    " due = \"90 years\", accept = \"any\" }\n"
    "local wide = measure \"wide\" { kind = \"gauge\", unit = \"x\", every = \"month\","
    " due = \"90 years\", accept = \"any\" }\n";

static const struct figure_row any_figures[] = {
    {"node", "north", "metric=load", "2022-01", 5, NULL, 0, false},
    {"node", "north", "cpu=0\x1fmetric=cpu", "2022-01", 1, NULL, 0, false},
    {"node", "north", "cpu=1\x1fmetric=cpu", "2022-01", 3, NULL, 0, false},
    {"node", "south", "", "2022-01", 9, NULL, 0, false},
    {"wide", "north", "", "2022-01", 7, NULL, 0, false},
};

/* What is asked by a dimension that nothing has at an area is not the area's total. */
static void a_measure_that_takes_any_has_the_dimensions_of_its_series(void **state)
{
    static const struct answer_row answers[] = {
        {"a metric", "node:where { metric = \"load\" }", "north", "2022-01", "5 x"},
        {"folded over another", "node:where { metric = \"cpu\" }:by \"cpu\":max()", "north",
         "2022-01", "3 x"},
        {"no metric at all here", "node:where { metric = \"load\" }", "south", "2022-01",
         "missing: not due until 2112-02-01"},
        {"all but one of what nothing has", "node:except { metric = \"load\" }", "south", "2022-01",
         "missing: not due until 2112-02-01"},
        {"a dimension that is nowhere", "node:where { disk = \"a\" }", "north", "2022-01",
         "missing: not due until 2112-02-01"},
        {"the total", "node", "south", "2022-01", "9 x"},
        {"groups of one in the other, which has none",
         "(node:where { metric = \"cpu\" }:by \"cpu\" + wide:by \"cpu\"):max()", "north", "2022-01",
         "missing: not due until 2112-02-01"},
    };
    (void)state;
    struct world world;
    zw_shelf *shelf = NULL;
    world_open(&world, any_text);
    world_put(&world, ROWS(any_figures));
    const zw_series_set *set = zw_store_series(world.store);
    assert_int_equal(zw_shelf_create(&world.pack->measures[0], set, "north", &shelf, NULL), ZW_OK);
    assert_int_equal(shelf->count, 3);
    assert_int_equal(shelf->dim_count, 2);
    assert_string_equal(shelf->dims[0].name, "cpu");
    assert_string_equal(shelf->dims[1].name, "metric");
    assert_null(zw_shelf_dim_of(shelf, "disk"));
    zw_shelf_destroy(shelf);
    world_as_of(&world, "2030-01-02");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_lie_in_order_of_their_values),
        cmocka_unit_test(a_shelf_is_set_up_again_when_a_series_comes),
        cmocka_unit_test(without_memory_there_is_no_shelf),
        cmocka_unit_test(a_measure_that_takes_any_has_the_dimensions_of_its_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
