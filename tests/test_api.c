/* The interface's table of routes: who answers what, and how everything else is refused. */
#include "serve/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void every_path_answers_with_its_type(void **state)
{
    static const struct {
        const char *target, *type;
    } rows[] = {
        {"/", "text/html; charset=utf-8"},
        {"/-/healthy", "text/plain; charset=utf-8"},
        {"/-/ready", "text/plain; charset=utf-8"},
        {"/metrics", "application/openmetrics-text; version=1.0.0; charset=utf-8"},
        {"/openapi.json", "application/json"},
        {"/api/v1/model", "application/json"},
        {"/api/v1/measures", "application/json"},
        {"/api/v1/areas", "application/json"},
        {"/api/v1/indicators", "application/json"},
        {"/api/v1/targets", "application/json"},
        {"/api/v1/rules", "application/json"},
        {"/api/v1/alerts", "application/json"},
        {"/api/v1/alerts/history", "application/json"},
        {"/api/v1/series?name=revenue", "application/json"},
        {"/api/v1/batches", "application/json"},
    };
    api_world *w = *state;
    char line[128];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (exchange_get(&w->x, rows[i].target) != 200) {
            fail_msg("%s: %s", rows[i].target, exchange_body(&w->x));
        }
        (void)snprintf(line, sizeof line, "Content-Type: %s\r\n", rows[i].type);
        if (!exchange_has_header(&w->x, line)) {
            fail_msg("%s is no %s", rows[i].target, rows[i].type);
        }
        if (strcmp(rows[i].type, "application/json") == 0) {
            json_decref(exchange_json(&w->x));
        }
        assert_false(w->was_passed_on);
    }
}

static void what_it_does_not_take_is_refused(void **state)
{
    static const struct {
        const char *why, *method, *target, *type, *body;
        int status;
        const char *error;
    } rows[] = {
        {"no such path", "GET", "/api/v1/area", NULL, NULL, 404,
         "no path '/api/v1/area'; did you mean '/api/v1/areas'?"},
        {"a slash too many", "GET", "/api/v1/areas/", NULL, NULL, 404,
         "no path '/api/v1/areas/'; did you mean '/api/v1/areas'?"},
        {"another method", "POST", "/api/v1/areas", NULL, "", 405,
         "/api/v1/areas answers GET only"},
        {"reading what is for writing", "GET", "/api/v1/observations", NULL, NULL, 405,
         "/api/v1/observations answers POST only"},
        {"a parameter it does not know", "GET", "/api/v1/areas?asof=2022", NULL, NULL, 400,
         "no parameter 'asof'; did you mean 'as_of'?"},
        {"a parameter twice", "GET", "/api/v1/areas?area=north&area=south", NULL, NULL, 400,
         "parameter 'area' is given twice"},
        {"a parameter where none is taken", "GET", "/-/healthy?x", NULL, NULL, 400,
         "no parameter 'x'"},
        {"an area that is none", "GET", "/api/v1/areas?area=nort", NULL, NULL, 400,
         "no area 'nort'; did you mean 'north'?"},
        {"a moment that is none", "GET", "/api/v1/alerts?as_of=soon", NULL, NULL, 400, "as_of: "},
        {"a body of another type", "POST", "/api/v1/eval", "text/plain", "revenue", 415,
         "the body is text/plain; accepted: application/x-www-form-urlencoded, application/json"},
    };
    api_world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status =
            exchange_send(&w->x, rows[i].method, rows[i].target, rows[i].type, rows[i].body);
        json_t *json = exchange_json(&w->x);
        const char *error = json_at(json, "error");
        if (status != rows[i].status || strncmp(error, rows[i].error, strlen(rows[i].error)) != 0) {
            fail_msg("%s: %d %s", rows[i].why, status, error);
        }
        assert_string_equal(json_at(json, "status"), "error");
        json_decref(json);
    }
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    api_world *w = *state;
    assert_int_equal(exchange_send(&w->x, "DELETE", "/api/v1/model", NULL, NULL), 405);
    assert_true(exchange_has_header(&w->x, "Allow: GET, HEAD\r\n"));
    assert_int_equal(exchange_send(&w->x, "DELETE", "/api/v1/items", NULL, NULL), 405);
    assert_true(exchange_has_header(&w->x, "Allow: GET, HEAD, POST\r\n"));
    assert_int_equal(exchange_get(&w->x, "/api/v1/eval"), 405);
    assert_true(exchange_has_header(&w->x, "Allow: POST\r\n"));
}

static void a_delivery_is_left_to_the_caller(void **state)
{
    api_world *w = *state;
    assert_int_equal(exchange_send(&w->x, "POST", "/api/v1/observations", "text/csv", "a"), 204);
    assert_true(w->was_passed_on);
}

static void an_error_of_the_callers_own_has_the_envelope(void **state)
{
    api_world *w = *state;
    assert_int_equal(exchange_get(&w->x, "/api/v1/nothing"), 404);
    json_t *json = exchange_json(&w->x);
    assert_string_equal(json_at(json, "errorType"), "not_found");
    json_decref(json);
}

/* North's two firms hide its 77123, and south's 67123, the smallest other part, with it. No answer
 * may hold their digits; east's 88123 and the total of 232369 may. */
static void what_is_hidden_leaves_by_no_door(void **state)
{
    static const char *const targets[] = {"/api/v1/series?name=pay&area=north",
                                          "/api/v1/series?name=pay&area=south",
                                          "/api/v1/series?name=paid&area=north",
                                          "/api/v1/series?name=goal&area=north",
                                          "/api/v1/indicators",
                                          "/api/v1/areas",
                                          "/api/v1/targets",
                                          "/api/v1/rules",
                                          "/api/v1/alerts",
                                          "/api/v1/alerts?as_of=2023-04-10",
                                          "/api/v1/alerts/history",
                                          "/api/v1/batches",
                                          "/metrics"};
    static const char *const areas[] = {"north", "south", "east"};
    (void)state;
    api_world w = {0};
    api_world_load(
        &w,
        "local z = zone 'z' { timezone = 'UTC' }\n"
        "area 'north' { within = z }\narea 'south' { within = z }\narea 'east' { within = z }\n"
        "local firms = measure 'firms' { kind = 'stock', unit = 'firms', every = 'month' }\n"
        "local pay = measure 'pay' { kind = 'flow', unit = 'CNY', every = 'month', hide = "
        "firms:under(3) }\n"
        "local paid = indicator 'paid' { pay }\n"
        "target 'goal' { paid, over = { ['2023-03'] = 99999 }, each = z.areas }\n"
        "rule 'much' { must = pay:over(99999), each = z.areas }\n"
        "alert 'low' { warning = pay:under(99999), each = z.areas, with = { twice = pay * 1 }, say "
        "= "
        "'{area} {value} {twice} {paid}' }\n"
        "notify 'desk' { to = log() }\n",
        API_WORLD_NOW);
    for (size_t i = 0; i < 3; i++) {
        static const double pays[] = {77123, 67123, 88123};
        api_world_put(&w, "firms", areas[i], "2023-03", i == 0 ? 2 : 5, API_WORLD_NOW,
                      ZW_OBS_NORMAL, false);
        api_world_put(&w, "pay", areas[i], "2023-03", pays[i], API_WORLD_NOW, ZW_OBS_NORMAL, false);
    }
    api_world_start(&w);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        assert_int_equal(exchange_get(&w.x, targets[i]), 200);
        const char *body = exchange_body(&w.x);
        if (strstr(body, "77123") != NULL || strstr(body, "67123") != NULL) {
            fail_msg("%s: %s", targets[i], body);
        }
    }
    json_t *json = api_world_ask(&w, "/api/v1/series?name=pay&area=north&from=2023-03", 200);
    static const struct api_row point[] = {{"data.0.points.0.value", "null"},
                                           {"data.0.points.0.shown", "hidden"},
                                           {"data.0.points.0.why", "hidden"}};
    API_EXPECT(json, point);
    json_decref(json);
    json = api_world_ask(&w, "/api/v1/targets?area=north", 200);
    assert_non_null(strstr(exchange_body(&w.x), "\"actual_shown\":\"hidden\""));
    json_decref(json);
    json = api_world_ask(&w, "/api/v1/alerts?area=north", 200);
    static const struct api_row alert[] = {
        {"data.alerts.0.annotations.summary", "north hidden hidden hidden"},
        {"data.alerts.0.annotations.summary_zh", "north 不公开 不公开 不公开"},
        {"data.alerts.0.value", "hidden"},
        {"data.alerts.0.state", "firing"}}; /* it counts all the same */
    API_EXPECT(json, alert);
    json_decref(json);
    json = api_world_ask(&w, "/api/v1/series?name=pay&area=z&from=2023-03", 200);
    assert_string_equal(json_at(json, "data.0.points.0.value"), "232369");
    json_decref(json);
    assert_int_equal(exchange_get(&w.x, "/metrics"), 200);
    assert_non_null(strstr(exchange_body(&w.x), "88123"));
    assert_int_equal(exchange_send(&w.x, "POST", "/api/v1/eval", "application/json",
                                   "{\"expression\":\"pay + 1\",\"area\":\"south\"}"),
                     200);
    json = exchange_json(&w.x);
    assert_string_equal(json_at(json, "data.why"), "hidden");
    json_decref(json);
    api_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hidden_leaves_by_no_door),
        cmocka_unit_test(every_path_answers_with_its_type),
        cmocka_unit_test(what_it_does_not_take_is_refused),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(a_delivery_is_left_to_the_caller),
        cmocka_unit_test(an_error_of_the_callers_own_has_the_envelope),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
