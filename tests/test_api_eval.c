/* Any expression, evaluated. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static json_t *post(api_world *w, const char *body, int http_status)
{
    int was =
        exchange_send(&w->x, "POST", "/api/v1/eval", "application/x-www-form-urlencoded", body);
    if (was != http_status) {
        fail_msg("%s: %d %s", body, was, exchange_body(&w->x));
    }
    return exchange_json(&w->x);
}

static void says_what_an_expression_is(void **state)
{
    static const struct {
        const char *why, *body, *period, *value, *shown, *unit;
    } rows[] = {
        {"a period", "expression=revenue%3Ayear()&period=2022", "2022", "2340000000",
         "23.4 (1e8 CNY)", "CNY"},
        {"as it was known", "expression=revenue%3Ayear()&period=2022&as_of=2023-02-01", "2022",
         "2640000000", "26.4 (1e8 CNY)", "CNY"},
        {"the newest", "expression=revenue+*+2&area=north", "2023-02", "20000000", "0.2 (1e8 CNY)",
         "CNY"},
        {"a truth", "expression=revenue%3Aover(0)&area=north&period=2022-12", "2022-12", "true",
         "true", "null"},
        {"a declared name", "expression=growth&area=north", "2023-02", "-0.9", "-90.0 %", ""},
        {"missing", "expression=revenue&period=2023-02", "2023-02", "null", "null", "CNY"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = post(*state, rows[i].body, 200);
        const struct api_row expected[] = {
            {"data.period", rows[i].period},
            {"data.value", rows[i].value},
            {"data.shown", rows[i].shown},
            {"data.unit", rows[i].unit},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

static void json_does_as_well(void **state)
{
    api_world *w = *state;
    assert_int_equal(exchange_send(&w->x, "POST", "/api/v1/eval", "application/json",
                                   "{\"expression\":\"revenue:year()\",\"area\":\"北区\","
                                   "\"period\":\"2022\"}"),
                     200);
    json_t *json = exchange_json(&w->x);
    static const struct api_row rows[] = {
        {"data.expression", "revenue:year()"},
        {"data.area", "north"},
        {"data.value", "1200000000"},
        {"data.complete", "1/1"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void what_cannot_be_evaluated_is_refused(void **state)
{
    static const struct {
        const char *body, *error; /* a part of it */
    } rows[] = {
        {"", "expression: say what to evaluate"},
        {"expression=revenu", "revenu"},
        {"expression=revenue&period=2022", "period: '2022' is no month"},
        {"expression=revenue&area=west", "no area 'west'"},
        {"expression=revenue&as_of=2024", "as_of: '2024' lies after now"},
        {"expresion=revenue", "no field 'expresion'; did you mean 'expression'?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = post(*state, rows[i].body, 400);
        if (strstr(json_at(json, "error"), rows[i].error) == NULL) {
            fail_msg("%s: %s", rows[i].body, json_at(json, "error"));
        }
        json_decref(json);
    }
}

static void of_several_zones_one_must_be_named(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w,
                   "zone 'a' { timezone = 'UTC', size = 2 }\n"
                   "zone 'b' { timezone = 'UTC', size = 3 }\n",
                   API_WORLD_NOW);
    api_world_start(&w);
    json_t *json = post(&w, "expression=attr('size')", 400);
    assert_non_null(strstr(json_at(json, "error"), "several zones"));
    json_decref(json);
    json = post(&w, "expression=attr('size')&area=b", 200);
    assert_string_equal(json_at(json, "data.value"), "3");
    assert_string_equal(json_at(json, "data.period"), "null");
    json_decref(json);
    api_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_an_expression_is),
        cmocka_unit_test(json_does_as_well),
        cmocka_unit_test(what_cannot_be_evaluated_is_refused),
        cmocka_unit_test(of_several_zones_one_must_be_named),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
