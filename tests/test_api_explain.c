/* The tree behind a value, over HTTP. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void a_value_is_answered_with_its_tree(void **state)
{
    static const struct api_row rows[] = {
        {"data.name", "revenue_year"},
        {"data.is", "indicator"},
        {"data.title.zh", "年营收"},
        {"data.area", "delta"},
        {"data.period", "2022"},
        {"data.value", "2640000000"},
        {"data.unit", "CNY"},
        {"data.shown", "26.4 (1e8 CNY)"},
        {"data.as_of", "2023-02-01T23:59:59.999+08:00"},
        {"data.parts.0.what", "value"},
        {"data.parts.0.tree.formula", "revenue_year"},
        {"data.parts.0.tree.where", "test.lua:6"},
        {"data.parts.0.tree.inputs.0.formula", "revenue:year()"},
        {"data.parts.0.tree.inputs.0.inputs_in_all", "12"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.area", "south"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.period", "2022-12"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.value", "120000000"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.status", "P"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.synthetic", "true"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.file", "a.csv"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.line", "2"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.batch", "24"},
        {"data.parts.0.tree.inputs.0.inputs.11.inputs.1.figures.0.arrived_at",
         "2023-01-10T09:00:00+08:00"},
    };
    json_t *json = api_world_ask(
        *state, "/api/v1/explain?name=revenue_year&period=2022&as_of=2023-02-01", 200);
    API_EXPECT(json, rows);
    json_decref(json);
}

static void verdicts_and_alerts_are_explained_too(void **state)
{
    static const struct api_row verdict[] = {
        {"data.verdict.verdict", "met_then_revised_below"},
        {"data.verdict.period", "2022"},
        {"data.verdict.goal_shown", "24.0 (1e8 CNY)"},
        {"data.verdict.earlier_shown", "26.4 (1e8 CNY)"},
        {"data.value", "2340000000"},
    };
    static const struct api_row alert[] = {
        {"data.state", "critical"},          {"data.moves_in_all", "2"},
        {"data.moves.1.state", "critical"},  {"data.parts.0.what", "critical"},
        {"data.parts.0.tree.value", "true"},
    };
    json_t *json = api_world_ask(*state, "/api/v1/explain?name=plan&period=2022", 200);
    API_EXPECT(json, verdict);
    json_decref(json);
    json = api_world_ask(*state, "/api/v1/explain?name=low&area=north", 200);
    API_EXPECT(json, alert);
    json_decref(json);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    static const struct {
        const char *target, *error;
    } rows[] = {
        {"/api/v1/explain", "name: say what is to be explained"},
        {"/api/v1/explain?name=revenu", "revenu"},
        {"/api/v1/explain?name=duty", "'duty' is a notify"},
        {"/api/v1/explain?name=revenue&nam=1", "nam"},
        {"/api/v1/explain?name=revenue&period=2022", "period: '2022' is no month"},
        {"/api/v1/explain?name=revenue&as_of=2024", "as_of: '2024' lies after now"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = api_world_ask(*state, rows[i].target, 400);
        if (strstr(json_at(json, "error"), rows[i].error) == NULL) {
            fail_msg("%s: %s", rows[i].target, json_at(json, "error"));
        }
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_answered_with_its_tree),
        cmocka_unit_test(verdicts_and_alerts_are_explained_too),
        cmocka_unit_test(what_cannot_be_explained_is_refused),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
