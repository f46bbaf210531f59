/* Metrics, as OpenMetrics has them. */
#include "serve/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static const char *metrics_of(api_world *w)
{
    assert_int_equal(exchange_get(&w->x, "/metrics"), 200);
    return exchange_body(&w->x);
}

static void tells_the_zone_and_the_process(void **state)
{
    static const char *const lines[] = {
        "# TYPE zonewatch_indicator gauge\n",
        "\nzonewatch_indicator{name=\"revenue_year\",zone=\"delta\",area=\"delta\","
        "synthetic=\"false\"} 2340000000\n",
        "\nzonewatch_indicator{name=\"growth\",zone=\"delta\",area=\"north\",synthetic=\"false\"} "
        "-0.9\n",
        "\nzonewatch_alert_state{alertname=\"low\",zone=\"delta\",area=\"north\","
        "state=\"firing\",severity=\"critical\"} 1\n",
        "\nzonewatch_alert_state{alertname=\"returns_late\",zone=\"delta\",area=\"south\","
        "period=\"2023-02\",state=\"firing\",severity=\"warning\"} 1\n",
        "\nzonewatch_verdict{target=\"plan\",zone=\"delta\",area=\"delta\",period=\"2022\","
        "verdict=\"met_then_revised_below\"} 1\n",
        "\n# UNIT zonewatch_start_time_seconds seconds\n",
        "\nzonewatch_start_time_seconds 1681099140\n",
        "\nzonewatch_as_of_seconds 1681099200\n",
        "\n# TYPE zonewatch_turns counter\n",
        "\nzonewatch_turns_total ",
        "\nzonewatch_figures 28\n",
        "\nzonewatch_deliveries 28\n",
        "\nzonewatch_outbox_waiting 0\n",
        "\nzonewatch_turns_failed_total 5\n",
        "\nzonewatch_failing 1\n",
        "\nzonewatch_http_connections 3\n",
        "\n# UNIT zonewatch_http_bodies_bytes bytes\n",
        "\nzonewatch_http_bodies_bytes 4096\n",
        "\nzonewatch_http_laid_by_bytes 5000000000\n",
        "\nzonewatch_long_deliveries 2\n",
        "\nzonewatch_http_refused_total 7\n",
    };
    api_world *w = *state;
    w->world.load = (zw_http_load){
        .connections = 3, .bodies_bytes = 4096, .laid_by_bytes = 5000000000, .refused = 7};
    w->world.long_deliveries = 2;
    w->world.failed_turns = 5;
    w->world.is_failing = true;
    const char *text = metrics_of(w);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("no %s in %s", lines[i], text);
        }
    }
}

/* Every line is a comment or a sample, families stand together, and the end is marked. */
static void is_well_formed(void **state)
{
    char family[64] = "";
    char seen[4096] = " ";
    char *text = strdup(metrics_of(*state));
    char *next = NULL;
    size_t samples = 0;
    for (char *line = strtok_r(text, "\n", &next); line != NULL;
         line = strtok_r(NULL, "\n", &next)) {
        if (strncmp(line, "# TYPE ", 7) == 0) {
            assert_int_equal(sscanf(line + 7, "%63s", family), 1);
            char mark[80];
            (void)snprintf(mark, sizeof mark, " %s ", family);
            assert_null(strstr(seen, mark)); /* each family once */
            strncat(seen, mark + 1, sizeof seen - strlen(seen) - 1);
        } else if (line[0] != '#') {
            assert_int_equal(strncmp(line, family, strlen(family)), 0);
            assert_non_null(strrchr(line, ' '));
            samples++;
        } else if (strcmp(line, "# EOF") == 0) {
            assert_true(next == NULL || *next == '\0');
        } else {
            assert_true(strncmp(line, "# HELP ", 7) == 0 || strncmp(line, "# UNIT ", 7) == 0);
            assert_int_equal(strncmp(line + 7, family, strlen(family)), 0);
        }
    }
    assert_true(samples > 10);
    free(text);
    const char *end = metrics_of(*state);
    assert_string_equal(end + strlen(end) - 6, "# EOF\n");
}

static void says_which_values_are_synthetic(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w,
                   "local z = zone 'z' { timezone = 'UTC' }\n"
                   "local m = measure 'm' { kind = 'stock', unit = 'CNY', every = 'month' }\n"
                   "indicator 'i' { m }\nindicator 'missing_one' { m:yoy() }\n",
                   API_WORLD_NOW);
    api_world_put(&w, "m", "z", "2023-03", 2.5, API_WORLD_NOW, ZW_OBS_NORMAL, true);
    api_world_start(&w);
    const char *text = metrics_of(&w);
    assert_non_null(strstr(
        text, "zonewatch_indicator{name=\"i\",zone=\"z\",area=\"z\",synthetic=\"true\"} 2.5\n"));
    assert_null(strstr(text, "missing_one")); /* no value, no sample */
    api_world_close(&w);
}

static void a_guard_is_told_only_where_it_objects(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w,
                   "local z = zone 'z' { timezone = 'UTC' }\n"
                   "local m = measure 'm' { kind = 'stock', unit = 'CNY', every = 'month' }\n"
                   "guard 'slip' { on = m, hold = m:over(9) }\nalert 'high' { info = m:over(9) }\n",
                   API_WORLD_NOW);
    api_world_put(&w, "m", "z", "2023-03", 2.5, API_WORLD_NOW, ZW_OBS_NORMAL, false);
    api_world_start(&w);
    const char *text = metrics_of(&w);
    assert_non_null(strstr(text, "alertname=\"high\""));
    assert_null(strstr(text, "slip"));
    json_t *json = api_world_ask(&w, "/api/v1/model", 200);
    const json_t *slip =
        json_with(json_object_get(json_object_get(json, "data"), "alerts"), "name", "slip");
    assert_non_null(slip);
    assert_string_equal(json_at(slip, "on.0"), "m");
    assert_string_equal(json_at(slip, "critical"), "m:over(9)");
    json_decref(json);
    api_world_close(&w);
}

static void what_is_unknown_has_its_reason(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w,
                   "local z = zone 'z' { timezone = 'UTC' }\n"
                   "local m = measure 'm' { kind = 'stock', unit = 'CNY', every = 'month', "
                   "since = '2022-01', due = '20d' }\n"
                   "local n = measure 'n' { kind = 'stock', unit = 'CNY', every = 'month' }\n"
                   "alert 'low' { warning = m:under(9) }\nalert 'none' { warning = n:under(9) }\n",
                   API_WORLD_NOW);
    api_world_put(&w, "m", "z", "2023-01", 10, "2023-02-10T09:00:00+08:00", ZW_OBS_NORMAL, false);
    api_world_start(&w);
    const char *text = metrics_of(&w);
    assert_non_null(strstr(text, "{alertname=\"low\",zone=\"z\",area=\"z\",state=\"unknown\","
                                 "reason=\"late since\"} 1\n"));
    assert_non_null(
        strstr(text, "{alertname=\"none\",zone=\"z\",area=\"z\",state=\"unknown\"} 1\n"));
    json_t *json = api_world_ask(&w, "/api/v1/alerts", 200);
    static const struct api_row rows[] = {
        {"data.alerts.0.annotations.why", "late since 2023-03-21"},
        {"data.alerts.0.value", "missing: late since 2023-03-21"},
        {"data.alerts.1.annotations.why", "no period to speak of yet"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    api_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unknown_has_its_reason),
        cmocka_unit_test(tells_the_zone_and_the_process),
        cmocka_unit_test(is_well_formed),
        cmocka_unit_test(says_which_values_are_synthetic),
        cmocka_unit_test(a_guard_is_told_only_where_it_objects),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
