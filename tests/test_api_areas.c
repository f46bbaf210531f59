/* The areas: the tree, with what is known of each. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void tells_the_tree_with_indicators_and_rules(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/areas", 200);
    static const struct api_row rows[] = {
        {"data.0.name", "delta"},
        {"data.0.zone", "delta"},
        {"data.0.parent", "null"},
        {"data.0.parts", "[\"north\",\"south\"]"},
        {"data.0.attributes.founded", "2019"},
        {"data.0.rules", "[]"},
        {"data.0.indicators.0.name", "revenue_year"},
        {"data.0.indicators.0.title.zh", "年营收"},
        {"data.0.indicators.0.period", "2022"},
        {"data.0.indicators.0.value", "2340000000"},
        {"data.0.indicators.0.shown", "23.4 (1e8 CNY)"},
        {"data.0.indicators.0.complete", "2/2"},
        {"data.1.name", "north"},
        {"data.1.parent", "delta"},
        {"data.1.attributes.leads", "[\"ai\",\"ic\"]"},
        {"data.1.rules.0.name", "steady"},
        {"data.1.rules.0.state", "broken"},
        {"data.1.rules.0.period", "2023-02"},
        {"data.1.rules.0.why", "half a yi a month"},
        {"data.2.attributes.head", "O\"Brien \\ 李"},
        {"data.2.rules.0.state", "unknown"},
        {"data.2.rules.0.why", "late since 2023-03-21"},
        {"data.3", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void says_what_was_known_on_a_day(void **state)
{
    static const struct {
        const char *why, *target, *state, *period, *rule_why, *value;
    } rows[] = {
        {"a good year, provisional", "/api/v1/areas?area=south&as_of=2023-01-31", "kept", "2022-12",
         "null", "1440000000"},
        {"a bad January", "/api/v1/areas?area=south&as_of=2023-02-28", "amber", "2023-01",
         "half a yi a month", "1440000000"},
        {"December revised, February late", "/api/v1/areas?area=south&as_of=2023-03-31", "unknown",
         "2023-02", "late since 2023-03-21", "1140000000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = api_world_ask(*state, rows[i].target, 200);
        const struct api_row expected[] = {
            {"data.0.name", "south"},
            {"data.0.rules.0.state", rows[i].state},
            {"data.0.rules.0.period", rows[i].period},
            {"data.0.rules.0.why", rows[i].rule_why},
            {"data.0.indicators.0.value", rows[i].value},
            {"data.1", ""},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_tree_with_indicators_and_rules),
        cmocka_unit_test(says_what_was_known_on_a_day),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
