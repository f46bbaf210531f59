/* The scorecard as it is asked for. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void a_scorecard_has_a_line_for_each_alert(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/alerts/scorecard?area=north", 200);
    static const struct api_row rows[] = {
        {"data.0.alert", "low"},
        {"data.0.firings", "1"},
        {"data.0.ended", "0"},
        {"data.0.seconds_to_fire", "0"},
        {"data.0.seconds_to_clear", "null"},
        {"data.0.flaps", "0"},
        {"data.0.overturned", "0"},
        {"data.0.share_overturned", "null"},
        {"data.1.alert", "returns_late"},
        {"data.1.firings", "0"},
        {"data.1.seconds_to_fire", "null"},
        {"data.2", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    json = api_world_ask(*state, "/api/v1/alerts/scorecard?alert=returns_late&to=2023-03-20", 200);
    static const struct api_row narrowed[] = {
        {"data.0.alert", "returns_late"}, {"data.0.firings", "0"}, {"data.1", ""}};
    API_EXPECT(json, narrowed);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scorecard_has_a_line_for_each_alert),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
