/* Series: what a name says of an area, period by period. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

/* "period=shown|why period=…" of the first series of an answer. */
static void points_as_text(const json_t *json, char *out, size_t size)
{
    json_t *points = json_object_get(json_array_get(json_object_get(json, "data"), 0), "points");
    zw_buf text;
    zw_buf_init(&text, 1 << 16);
    for (size_t i = 0; i < json_array_size(points); i++) {
        const json_t *point = json_array_get(points, i);
        bool is_missing = json_is_null(json_object_get(point, "value"));
        zw_buf_printf(&text, "%s%s=", i > 0 ? "; " : "", json_at(point, "period"));
        zw_buf_puts(&text, json_at(point, is_missing ? "why" : "shown"));
    }
    (void)snprintf(out, size, "%s", zw_buf_view(&text));
    zw_buf_fini(&text);
}

static void a_point_is_a_value_or_says_why_not(void **state)
{
    static const struct {
        const char *why, *target, *points;
    } rows[] = {
        {"late, and not due", "name=revenue&area=south&from=2023",
         "2023-01=0.9 (1e8 CNY); 2023-02=late since 2023-03-21; 2023-03=not due until 2023-04-21; "
         "2023-04=not due until 2023-05-21"},
        {"both ends included", "name=revenue&area=north&from=2022-11&to=2023-01",
         "2022-11=1.0 (1e8 CNY); 2022-12=1.0 (1e8 CNY); 2023-01=0.4 (1e8 CNY)"},
        {"a longer period for an end", "name=revenue&area=north&from=2022-Q4&to=2022",
         "2022-10=1.0 (1e8 CNY); 2022-11=1.0 (1e8 CNY); 2022-12=1.0 (1e8 CNY)"},
        {"moments for ends",
         "name=revenue&area=north&from=2022-12-31T23:00:00%2B08:00&to=2023-01-01T00:00:00%2B08:00",
         "2022-12=1.0 (1e8 CNY); 2023-01=0.4 (1e8 CNY)"},
        {"a day of a month", "name=revenue&area=north&from=2023-02-14&to=2023-02-14",
         "2023-02=0.1 (1e8 CNY)"},
        {"nothing before anything is expected", "name=revenue_year&from=0001&to=2022",
         "2022=23.4 (1e8 CNY)"},
        {"nothing after now", "name=revenue&area=north&from=2023-02&to=9999",
         "2023-02=0.1 (1e8 CNY); 2023-03=not due until 2023-04-21; 2023-04=not due until "
         "2023-05-21"},
        {"a part that lacks", "name=revenue&from=2023-02&to=2023-02",
         "2023-02=part missing: south (1 of 2 in)"},
        {"another name of a measure", "name=%E8%90%A5%E6%94%B6&from=2022-12&to=2022-12",
         "2022-12=-0.8 (1e8 CNY)"},
        {"as it was known", "name=revenue&from=2022-12&to=2022-12&as_of=2023-02-01",
         "2022-12=2.2 (1e8 CNY)"},
        {"what is judged by a target", "name=plan&to=2022", "2022=23.4 (1e8 CNY)"},
        {"a measure that never had a figure", "name=visits", ""},
        {"all of it before the first", "name=revenue&to=2020", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[256];
        char points[1024];
        (void)snprintf(target, sizeof target, "/api/v1/series?%s", rows[i].target);
        json_t *json = api_world_ask(*state, target, 200);
        points_as_text(json, points, sizeof points);
        if (strcmp(points, rows[i].points) != 0) {
            fail_msg("%s: %s", rows[i].why, points);
        }
        json_decref(json);
    }
}

static void a_series_says_what_it_is_and_its_points_their_marks(void **state)
{
    json_t *json =
        api_world_ask(*state, "/api/v1/series?name=revenue&from=2022-12&as_of=2023-01-15", 200);
    static const struct api_row rows[] = {
        {"data.0.name", "revenue"},
        {"data.0.area", "delta"},
        {"data.0.by", "{}"},
        {"data.0.unit", "CNY"},
        {"data.0.every", "month"},
        {"data.0.points.0.value", "220000000"},
        {"data.0.points.0.status", "P"},
        {"data.0.points.0.synthetic", "true"},
        {"data.0.points.0.complete", "2/2"},
        {"data.0.points.0.span", "1"},
        {"data.0.points.0.known_at", "2023-01-10T09:00:00+08:00"},
        {"data.1", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void what_has_no_series_is_refused(void **state)
{
    static const struct {
        const char *target, *error;
    } rows[] = {
        {"", "name: say which measure, indicator or target"},
        {"name=", "name: say which measure, indicator or target"},
        {"name=revenu", "no measure, indicator or target 'revenu'; did you mean 'revenue'?"},
        {"name=steady", "'steady' is a rule: a measure, an indicator or a target has a series"},
        {"name=wish", "target 'wish' is not measurable"},
        {"name=revenue&from=soon", "from: "},
        {"name=revenue&from=2023&to=2022", "from lies after to"},
        {"name=revenue&name=growth", "parameter 'name' is given twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[256];
        (void)snprintf(target, sizeof target, "/api/v1/series?%s", rows[i].target);
        json_t *json = api_world_ask(*state, target, 400);
        const char *error = json_at(json, "error");
        if (strncmp(error, rows[i].error, strlen(rows[i].error)) != 0) {
            fail_msg("%s: %s", rows[i].target, error);
        }
        json_decref(json);
    }
}

/* A gauge of every minute, two zones, and months that nobody reports. */
#define OTHER_PACK                                                                                 \
    "local z = zone 'z' { timezone = 'Asia/Shanghai', floor = 3 }\n"                               \
    "zone 'y' { timezone = 'Asia/Shanghai' }\n"                                                    \
    "local q = measure 'q' { kind = 'stock', unit = 'min', every = '1m', areas = { z } }\n"        \
    "local t = measure 't' { kind = 'ytd', unit = 'CNY', every = 'month', skip = { month = 1 }, "  \
    "areas = { z } }\n"                                                                            \
    "indicator 'floor_of' { attr('floor') * 2 }\n"

static void a_fine_grid_is_answered_in_the_zones_time_and_by_pieces(void **state)
{
    (void)state;
    api_world w = {0};
    char points[1024];
    api_world_load(&w, OTHER_PACK, API_WORLD_NOW);
    api_world_put(&w, "q", "z", "2023-01-01T08:00:00+08:00", 7, "2023-01-01T08:00:30+08:00",
                  ZW_OBS_NORMAL, false);
    api_world_start(&w);
    json_t *json = api_world_ask(&w, "/api/v1/series?name=q&area=z", 400);
    assert_non_null(strstr(json_at(json, "error"), "periods are more than the 100000"));
    json_decref(json);
    json = api_world_ask(
        &w, "/api/v1/series?name=q&area=z&from=2023-01-01T08:00&to=2023-01-01T08:00", 200);
    points_as_text(json, points, sizeof points);
    assert_string_equal(points, "2023-01-01T08:00:00+08:00=7 min");
    json_decref(json);
    api_world_close(&w);
}

static void what_nobody_expects_is_left_out(void **state)
{
    (void)state;
    api_world w = {0};
    char points[1024];
    api_world_load(&w, OTHER_PACK, API_WORLD_NOW);
    const char *known_at = "2023-04-01T00:00:00+08:00";
    api_world_put(&w, "t", "z", "2022-12", 12, known_at, ZW_OBS_NORMAL, false);
    api_world_put(&w, "t", "z", "2023-02", 2, known_at, ZW_OBS_NORMAL, false);
    api_world_start(&w);
    json_t *json = api_world_ask(&w, "/api/v1/series?name=t&to=2023-03", 200);
    points_as_text(json, points, sizeof points);
    assert_string_equal(points, "2022-12=12 CNY; 2023-02=2 CNY; 2023-03=no figure");
    assert_string_equal(json_at(json, "data.0.area"), "z"); /* the other zone has none */
    assert_string_equal(json_at(json, "data.1"), "");
    json_decref(json);
    api_world_close(&w);
}

static void what_has_no_grid_has_one_point(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w, OTHER_PACK, API_WORLD_NOW);
    api_world_start(&w);
    json_t *json = api_world_ask(&w, "/api/v1/series?name=floor_of&area=z", 200);
    static const struct api_row rows[] = {
        {"data.0.every", "null"},
        {"data.0.points.0.period", "null"},
        {"data.0.points.0.value", "6"},
        {"data.0.points.1", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    api_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_is_a_value_or_says_why_not),
        cmocka_unit_test(a_series_says_what_it_is_and_its_points_their_marks),
        cmocka_unit_test(what_has_no_series_is_refused),
        cmocka_unit_test(a_fine_grid_is_answered_in_the_zones_time_and_by_pieces),
        cmocka_unit_test(what_nobody_expects_is_left_out),
        cmocka_unit_test(what_has_no_grid_has_one_point),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
