/* Batches: what arrived. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void the_newest_comes_first(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/batches", 200);
    static const struct api_row rows[] = {
        {"data.0.id", "28"},
        {"data.0.source", "office"},
        {"data.0.name", "a.csv"},
        {"data.0.format", "csv"},
        {"data.0.arrived_at", "2023-03-10T09:00:00+08:00"},
        {"data.0.accepted", "1"},
        {"data.0.rejected", "0"},
        {"data.0.synthetic", "false"},
        {"data.27.id", "1"},
        {"data.28", ""},
    };
    API_EXPECT(json, rows);
    assert_string_equal(json_at(json, "data.4.synthetic"), "true");
    json_decref(json);
}

static void as_many_as_asked_for(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/batches?limit=2", 200);
    assert_int_equal(json_array_size(json_object_get(json, "data")), 2);
    json_decref(json);
    json = api_world_ask(*state, "/api/v1/batches?limit=0", 400);
    assert_string_equal(json_at(json, "error"), "limit: '0' is no whole number from 1 to 10000");
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_comes_first),
        cmocka_unit_test(as_many_as_asked_for),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
