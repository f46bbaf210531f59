/* Places: where in a pack the series of a store belong. */
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
    "measure \"money\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n"
    "measure \"load\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n";

static zw_series_id add(zw_store *store, const char *measure, const char *area)
{
    zw_series_id id = 0;
    zw_series key = {measure, area, "", ""};
    assert_int_equal(zw_series_ensure(zw_store_series(store), &key, &id, NULL), ZW_OK);
    return id;
}

/* Four series, of which two have no place in the pack. */
static void fill(struct world *world, const char *text)
{
    world_open(world, text);
    assert_int_equal(zw_store_begin(world->store, NULL), ZW_OK);
    assert_int_equal(add(world->store, "load", "north"), 0);
    assert_int_equal(add(world->store, "money", "land"), 1);
    assert_int_equal(add(world->store, "gone", "north"), 2);
    assert_int_equal(add(world->store, "money", "west"), 3);
    assert_int_equal(zw_store_commit(world->store, NULL), ZW_OK);
}

static void expect(zw_places *places, zw_series_id series, uint32_t measure, uint32_t area)
{
    for (int round = 0; round < 2; round++) { /* the second time it is remembered */
        uint32_t found_measure = 99;
        uint32_t found_area = 99;
        bool is_there = measure != ZW_NONE && area != ZW_NONE;
        assert_int_equal(zw_places_of(places, series, &found_measure, &found_area), is_there);
        assert_int_equal(found_measure, measure);
        assert_int_equal(found_area, area);
    }
}

static void each_series_is_looked_up_by_name_once(void **state)
{
    (void)state;
    struct world world;
    zw_places *places = NULL;
    fill(&world, pack_text);
    assert_int_equal(zw_places_create(world.pack, world.store, &places, NULL), ZW_OK);
    expect(places, 0, 1, 1);
    expect(places, 1, 0, 0);
    expect(places, 2, ZW_NONE, 1);
    expect(places, 3, 0, ZW_NONE);
    zw_places_destroy(places);
    world_close(&world);
}

static void a_number_that_went_to_another_series_is_looked_up_anew(void **state)
{
    (void)state;
    struct world world;
    zw_places *places = NULL;
    fill(&world, pack_text);
    assert_int_equal(zw_places_create(world.pack, world.store, &places, NULL), ZW_OK);
    expect(places, 0, 1, 1);
    assert_int_equal(zw_store_begin(world.store, NULL), ZW_OK);
    assert_int_equal(add(world.store, "money", "north"), 4);
    expect(places, 4, 0, 1);
    expect(places, 0, 1, 1);
    zw_store_rollback(world.store);
    assert_int_equal(zw_store_begin(world.store, NULL), ZW_OK);
    assert_int_equal(add(world.store, "load", "land"), 4);
    expect(places, 4, 1, 0);
    zw_store_rollback(world.store);
    zw_places_destroy(places);
    world_close(&world);
}

static void without_memory_they_are_found_all_the_same(void **state)
{
    (void)state;
    struct world world;
    zw_places *places = NULL;
    fill(&world, pack_text);
    failing_alloc_after(0);
    assert_int_equal(zw_places_create(world.pack, world.store, &places, NULL), ZW_NOMEM);
    assert_true(failing_alloc_stop());
    assert_int_equal(zw_places_create(world.pack, world.store, &places, NULL), ZW_OK);
    failing_alloc_after(0);
    expect(places, 0, 1, 1);
    assert_true(failing_alloc_stop());
    expect(places, 1, 0, 0);
    zw_places_destroy(places);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_series_is_looked_up_by_name_once),
        cmocka_unit_test(a_number_that_went_to_another_series_is_looked_up_anew),
        cmocka_unit_test(without_memory_they_are_found_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
