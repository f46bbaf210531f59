/* The indicators with their newest values. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void tells_the_newest_value_at_each_area(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/indicators", 200);
    static const struct api_row rows[] = {
        {"data.0.name", "revenue_year"},
        {"data.0.formula", "revenue:year()"},
        {"data.0.unit", "CNY"},
        {"data.0.every", "year"},
        {"data.0.values.0.area", "delta"},
        {"data.0.values.0.value", "2340000000"},
        {"data.0.values.2.area", "south"},
        {"data.1.name", "growth"},
        {"data.1.values.1.area", "north"},
        {"data.1.values.1.period", "2023-02"},
        {"data.1.values.1.shown", "-90.0 %"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void one_area_on_one_day(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/indicators?area=south&as_of=2023-02-01", 200);
    static const struct api_row rows[] = {
        {"data.0.values.0.area", "south"}, {"data.0.values.0.value", "1440000000"},
        {"data.0.values.0.status", "P"},   {"data.0.values.0.synthetic", "true"},
        {"data.0.values.1", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_newest_value_at_each_area),
        cmocka_unit_test(one_area_on_one_day),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
