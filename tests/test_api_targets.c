/* The targets: verdicts, and where they stand. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void tells_each_goal_and_the_way_to_the_next(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/targets", 200);
    static const struct api_row rows[] = {
        {"data.0.name", "plan"},
        {"data.0.area", "delta"},
        {"data.0.area_title.zh", "三角洲"},
        {"data.0.zone", "delta"},
        {"data.0.unit", "CNY"},
        {"data.0.goals.0.period", "2022"},
        {"data.0.goals.0.compare", "over"},
        {"data.0.goals.0.value", "2400000000"},
        {"data.0.goals.0.shown", "24.0 (1e8 CNY)"},
        {"data.0.goals.0.verdict", "met_then_revised_below"},
        {"data.0.goals.0.actual", "2340000000"},
        {"data.0.goals.0.actual_shown", "23.4 (1e8 CNY)"},
        {"data.0.goals.0.why", "reported earlier as 26.4 (1e8 CNY)"},
        {"data.0.goals.1.verdict", "not_due_at_risk"},
        {"data.0.goals.1.actual", "null"},
        {"data.0.goals.1.why", "null"},
        {"data.0.now.period", "2023-01"},
        {"data.0.now.actual_shown", "22.5 (1e8 CNY)"},
        {"data.0.now.path_shown", "24.4 (1e8 CNY)"},
        {"data.0.now.shortfall_shown", "8.0 %"},
        {"data.0.now.required_growth_shown", "19.6 %"},
        {"data.0.now.why", "null"},
        {"data.1.name", "wish"},
        {"data.1.unit", "null"},
        {"data.1.goals.0.verdict", "not_measurable"},
        {"data.1.goals.0.value", "1"},
        {"data.1.now", "null"},
        {"data.2", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void says_what_a_goal_was_on_a_day(void **state)
{
    static const struct {
        const char *why, *as_of, *verdict, *actual, *said;
    } rows[] = {
        {"in its year", "2022-06-30", "not_due_no_data", "null", "null"},
        {"before the last return", "2023-01-05", "due_awaiting_data", "null",
         "not due until 2023-01-21 (0 of 2 in)"},
        {"met by what is not final", "2023-02-01", "met_provisional", "2640000000", "null"},
        {"revised", "2023-03-31", "met_then_revised_below", "2340000000",
         "reported earlier as 26.4 (1e8 CNY)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[64];
        (void)snprintf(target, sizeof target, "/api/v1/targets?as_of=%s", rows[i].as_of);
        json_t *json = api_world_ask(*state, target, 200);
        const struct api_row expected[] = {
            {"data.0.goals.0.verdict", rows[i].verdict},
            {"data.0.goals.0.actual", rows[i].actual},
            {"data.0.goals.0.why", rows[i].said},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

static void with_nothing_known_there_is_no_now(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/targets?as_of=2021", 200);
    static const struct api_row rows[] = {
        {"data.0.now.period", "null"},
        {"data.0.now.actual", "null"},
        {"data.0.now.why", "no figure"},
        {"data.0.goals.0.verdict", "not_due_no_data"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void other_areas_have_other_targets(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/targets?area=north", 200);
    assert_string_equal(json_at(json, "data"), "[]");
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_each_goal_and_the_way_to_the_next),
        cmocka_unit_test(says_what_a_goal_was_on_a_day),
        cmocka_unit_test(with_nothing_known_there_is_no_now),
        cmocka_unit_test(other_areas_have_other_targets),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
