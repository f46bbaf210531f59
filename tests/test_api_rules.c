/* The rules, in Prometheus's shape and in ours. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void an_alert_is_an_alerting_rule(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/rules", 200);
    static const struct api_row rows[] = {
        {"data.groups.0.name", "test.lua"},
        {"data.groups.0.rules.0.type", "alerting"},
        {"data.groups.0.rules.0.name", "low"},
        {"data.groups.0.rules.0.query", "revenue:under(20000000)"},
        {"data.groups.0.rules.0.duration", "0"},
        {"data.groups.0.rules.0.labels.severity", "critical"},
        {"data.groups.0.rules.0.annotations.summary", "{area} had {value:1e8 CNY} in {period}"},
        {"data.groups.0.rules.0.state", "firing"},
        {"data.groups.0.rules.0.health", "ok"},
        {"data.groups.0.rules.0.lastEvaluation", API_WORLD_NOW},
        {"data.groups.0.rules.0.alerts.0.labels.area", "north"},
        {"data.groups.0.rules.0.alerts.1.labels.area", "south"},
        {"data.groups.0.rules.0.alerts.2", ""},
        {"data.groups.0.rules.1.name", "returns_late"},
        {"data.groups.0.rules.1.alerts.0.labels.period", "2023-02"},
        {"data.groups.0.rules.2", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void our_own_rules_stand_beside_them(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/rules", 200);
    static const struct api_row rows[] = {
        {"data.rules.0.name", "steady"},
        {"data.rules.0.area", "north"},
        {"data.rules.0.zone", "delta"},
        {"data.rules.0.state", "broken"},
        {"data.rules.1.area", "south"},
        {"data.rules.1.state", "unknown"},
        {"data.rules.0.period", "2023-02"},
        {"data.rules.2", ""},
        {"data.rules.0.must", "revenue:at_least(50000000)"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void on_a_quiet_day_nothing_fires(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/rules?as_of=2023-01-31&area=north", 200);
    static const struct api_row rows[] = {
        {"data.groups.0.rules.0.state", "inactive"},
        {"data.groups.0.rules.0.alerts", "[]"},
        {"data.rules.0.state", "kept"},
        {"data.rules.0.why", "null"},
        {"data.rules.1", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void a_hold_is_told_in_seconds(void **state)
{
    static const struct {
        const char *hold, *duration;
    } rows[] = {
        {"'10m'", "600"}, {"'30d'", "2592000"}, {"periods(2)", "0"}, {"'1 month'", "2592000"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char pack[512];
        api_world w = {0};
        (void)snprintf(pack, sizeof pack,
                       "zone 'z' { timezone = 'UTC' }\n"
                       "local m = measure 'm' { kind = 'stock', unit = 'CNY', every = 'month' }\n"
                       "alert 'a' { info = m:over(1), hold = %s }\n",
                       rows[i].hold);
        api_world_load(&w, pack, API_WORLD_NOW);
        api_world_put(&w, "m", "z", "2023-03", 5, "2023-04-10T11:55:00+08:00", ZW_OBS_NORMAL,
                      false);
        api_world_start(&w);
        json_t *json = api_world_ask(&w, "/api/v1/rules", 200);
        const struct api_row expected[] = {
            {"data.groups.0.rules.0.duration", rows[i].duration},
            {"data.groups.0.rules.0.state", "pending"},
            {"data.groups.0.rules.0.labels.severity", "info"},
        };
        API_EXPECT(json, expected);
        json_decref(json);
        api_world_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_is_an_alerting_rule),
        cmocka_unit_test(our_own_rules_stand_beside_them),
        cmocka_unit_test(on_a_quiet_day_nothing_fires),
        cmocka_unit_test(a_hold_is_told_in_seconds),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
