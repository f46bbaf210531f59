/* The open alerts, and their history. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void lists_what_is_open(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/alerts", 200);
    static const struct api_row rows[] = {
        {"data.alerts.0.labels.alertname", "low"},
        {"data.alerts.0.labels.severity", "critical"},
        {"data.alerts.0.state", "firing"},
        {"data.alerts.1.labels.area", "south"},
        {"data.alerts.1.labels.severity", "warning"},
        {"data.alerts.2.labels.period", "2023-02"},
        {"data.alerts.2.activeAt", "2023-03-21T00:00:00+08:00"},
        {"data.alerts.3", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void lists_what_was_open_then(void **state)
{
    static const struct {
        const char *target, *first, *severity, *second;
    } rows[] = {
        {"/api/v1/alerts?as_of=2023-01-31", "", "", ""},
        {"/api/v1/alerts?as_of=2023-02-28", "north", "warning", "south"},
        {"/api/v1/alerts?as_of=2023-03-31&area=north", "north", "critical", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = api_world_ask(*state, rows[i].target, 200);
        const struct api_row expected[] = {
            {"data.alerts.0.labels.area", rows[i].first},
            {"data.alerts.0.labels.severity", rows[i].severity},
            {"data.alerts.1.labels.area", rows[i].second},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

static void history_tells_every_move_with_its_evidence(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/alerts/history?area=north&from=2023", 200);
    static const struct api_row rows[] = {
        {"data.0.alert", "low"},
        {"data.0.area", "north"},
        {"data.0.period", "null"},
        {"data.0.from", "ok"},
        {"data.0.state", "warning"},
        {"data.0.severity", "warning"},
        {"data.0.as_revised", "false"},
        {"data.0.flapping", "false"},
        {"data.0.evidence.basis.deliveries.0.source", "office"},
        {"data.0.at", "2023-02-10T09:00:00+08:00"},
        {"data.0.recorded_at", API_WORLD_NOW},
        {"data.0.evidence.value.shown", "0.4 (1e8 CNY)"},
        {"data.1.from", "warning"},
        {"data.1.state", "critical"},
        {"data.1.at", "2023-03-10T09:00:00+08:00"},
        {"data.2", ""},
    };
    /* A front that only moves on is on record too: what is looked for are the moves of the state.
     */
    json_t *data = json_object_get(json, "data");
    for (size_t i = json_array_size(data); i-- > 0;) {
        const char *said = json_at(json_array_get(data, i), "state");
        if (strcmp(said, "ok") == 0) {
            (void)json_array_remove(data, i);
        }
    }
    API_EXPECT(json, rows);
    json_decref(json);
}

static void history_is_narrowed(void **state)
{
    static const struct {
        const char *target, *alert, *at;
    } rows[] = {
        {"/api/v1/alerts/history?alert=returns_late", "returns_late", "2023-03-21T00:00:00+08:00"},
        {"/api/v1/alerts/history?alert=returns_late&to=2023-03-20", "", ""},
        {"/api/v1/alerts/history?alert=returns_late&from=2023-03-22", "", ""},
        {"/api/v1/alerts/history?alert=returns_late&area=north", "", ""},
        {"/api/v1/alerts/history?alert=of_an_older_pack", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = api_world_ask(*state, rows[i].target, 200);
        const struct api_row expected[] = {
            {"data.0.alert", rows[i].alert},
            {"data.0.at", rows[i].at},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_what_is_open),
        cmocka_unit_test(lists_what_was_open_then),
        cmocka_unit_test(history_tells_every_move_with_its_evidence),
        cmocka_unit_test(history_is_narrowed),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
