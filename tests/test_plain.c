/* Plain series: found where there is one and nothing to choose, and looked up again when that
 * changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"
#include "indicator/plain.h"

static const char pack_text[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                                "area \"east\" { within = land }\n"
                                "area \"west\" { within = land }\n"
                                "measure \"money\" { kind = \"flow\", unit = \"CNY\", every = "
                                "\"month\", by = { \"trade\" } }\n";

static void a_series_is_plain_until_there_is_another(void **state)
{
    (void)state;
    struct world world;
    zw_plain *plain = NULL;
    world_open(&world, pack_text);
    uint32_t east = zw_pack_area(world.pack, zw_text_of("east"), NULL);
    uint32_t west = zw_pack_area(world.pack, zw_text_of("west"), NULL);
    assert_int_equal(zw_plain_create(world.pack, world.store, &plain, NULL), ZW_OK);
    assert_int_equal(zw_plain_series(plain, 0, east), ZW_SERIES_NONE);
    static const struct figure_row total[] = {{"money", "east", "", "2024-01", 5, NULL, 0, false}};
    world_put(&world, ROWS(total));
    assert_int_equal(zw_plain_series(plain, 0, east), 0);
    assert_int_equal(zw_plain_series(plain, 0, west), ZW_SERIES_NONE);
    const uint32_t all[] = {east, west, 0};
    zw_series_id row[3];
    zw_plain_row(plain, 0, all, 3, row);
    assert_int_equal(row[0], 0);
    assert_int_equal(row[1], ZW_PLAIN_EMPTY);
    assert_int_equal(row[2], ZW_SERIES_NONE); /* it has parts */
    static const struct figure_row split[] = {
        {"money", "east", "trade=steel", "2024-01", 2, NULL, 0, false},
        {"money", "west", "trade=steel", "2024-01", 2, NULL, 0, false}};
    world_put(&world, ROWS(split));
    assert_int_equal(zw_plain_series(plain, 0, east), ZW_SERIES_NONE);
    assert_int_equal(zw_plain_series(plain, 0, west), ZW_SERIES_NONE);
    zw_plain_destroy(plain);
    world_close(&world);
}

static void a_series_taken_back_is_found_no_more(void **state)
{
    (void)state;
    struct world world;
    zw_plain *plain = NULL;
    world_open(&world, pack_text);
    uint32_t east = zw_pack_area(world.pack, zw_text_of("east"), NULL);
    assert_int_equal(zw_plain_create(world.pack, world.store, &plain, NULL), ZW_OK);
    zw_series key = {"money", "east", "", ""};
    zw_series_id id = ZW_SERIES_NONE;
    assert_int_equal(zw_store_begin(world.store, NULL), ZW_OK);
    assert_int_equal(zw_series_ensure(zw_store_series(world.store), &key, &id, NULL), ZW_OK);
    assert_int_equal(zw_plain_series(plain, 0, east), id);
    zw_store_rollback(world.store);
    assert_int_equal(zw_plain_series(plain, 0, east), ZW_SERIES_NONE);
    zw_plain_destroy(plain);
    world_close(&world);
}

static size_t count_of(zw_plain *plain, uint32_t measure)
{
    size_t count = 0;
    for (zw_series_id id = ZW_SERIES_NONE; zw_plain_next(plain, measure, &id);) {
        count++;
    }
    return count;
}

static void all_series_of_a_measure_are_gone_along_with_or_without_memory(void **state)
{
    (void)state;
    struct world world;
    zw_plain *plain = NULL;
    world_open(&world, "local land = zone \"land\" { timezone = \"UTC\" }\n"
                       "measure \"a\" { kind = \"flow\", unit = \"x\", every = \"month\" }\n"
                       "measure \"b\" { kind = \"flow\", unit = \"x\", every = \"month\", by = { "
                       "\"d\" } }\n"
                       "measure \"c\" { kind = \"flow\", unit = \"x\", every = \"month\" }\n");
    static const struct figure_row rows[] = {{"a", "land", "", "2024-01", 1, NULL, 0, false},
                                             {"b", "land", "", "2024-01", 1, NULL, 0, false},
                                             {"b", "land", "d=x", "2024-01", 1, NULL, 0, false}};
    world_put(&world, ROWS(rows));
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        assert_int_equal(zw_plain_create(world.pack, world.store, &plain, NULL), ZW_OK);
        failing_alloc_after(after);
        size_t a = count_of(plain, 0);
        size_t b = count_of(plain, 1);
        size_t c = count_of(plain, 2);
        was_refused = failing_alloc_stop();
        assert_int_equal(a, 1);
        assert_int_equal(b, 2);
        assert_int_equal(c, 0);
        zw_plain_destroy(plain);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_is_plain_until_there_is_another),
        cmocka_unit_test(all_series_of_a_measure_are_gone_along_with_or_without_memory),
        cmocka_unit_test(a_series_taken_back_is_found_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
