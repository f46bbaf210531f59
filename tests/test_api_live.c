/* The doors of live senders: read out of a request, and answered. */
#include "serve/api_live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

/* What the next request is answered with, and what was read out of it. */
struct desk {
    api_world *w;
    zw_status status;
    zw_api_delivery delivery;
    zw_api_fed fed;
};

static void take(void *arg, zw_http_request *request)
{
    struct desk *desk = arg;
    desk->status = zw_api_delivery_of(&desk->w->world, request, &desk->delivery);
    if (desk->status == ZW_OK) {
        zw_api_answer_delivery(request, &desk->fed);
    } else if (desk->status == ZW_NOT_FOUND) {
        zw_api_answer_error(request, 404, "not_found", "no such path");
    }
}

static void each_door_takes_its_format(void **state)
{
    static const struct {
        const char *target, *type;
        zw_api_live live;
        int64_t unit_ns;
    } rows[] = {
        {"/write", NULL, ZW_API_LINE, 0},
        {"/write?db=telegraf&rp=&u=a&p=b&consistency=all&precision=s", "text/plain", ZW_API_LINE,
         1000000000},
        {"/api/v2/write?org=o&bucket=b&orgID=7&precision=ms", "text/plain; charset=utf-8",
         ZW_API_LINE, 1000000},
        {"/write?precision=h", "application/x-www-form-urlencoded", ZW_API_LINE, 3600000000000},
        {"/api/v1/import/prometheus", NULL, ZW_API_PROMETHEUS, 0},
        {"/api/v1/import/prometheus", "text/plain; version=0.0.4", ZW_API_PROMETHEUS, 0},
        {"/api/v1/import/prometheus", "application/openmetrics-text; version=1.0.0",
         ZW_API_OPENMETRICS, 0},
    };
    exchange x = {0};
    struct desk desk = {.w = *state, .fed = {.is_live = true}};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status = exchange_send(&x, "POST", rows[i].target, rows[i].type, "a 1");
        if (status != 204) {
            fail_msg("%s: %d %s", rows[i].target, status, exchange_body(&x));
        }
        assert_int_equal(desk.delivery.live, rows[i].live);
        assert_true(desk.delivery.unit_ns == rows[i].unit_ns);
        assert_true(desk.delivery.is_partial);
        assert_int_equal(desk.delivery.len, 3);
        assert_string_equal(desk.delivery.source, "");
        assert_string_equal(exchange_body(&x), "");
    }
    exchange_close(&x);
}

static void refuses_what_it_does_not_read(void **state)
{
    static const struct {
        const char *method, *target;
        int http_status;
        const char *error;
    } rows[] = {
        {"POST", "/write?precision=d", 400,
         "precision: 'd' is none: expected ns, us, ms, s, m or h"},
        {"POST", "/write?presicion=s", 400, "no parameter 'presicion'; did you mean 'precision'?"},
        {"POST", "/api/v1/import/prometheus?precision=s", 400, "no parameter 'precision'"},
        {"GET", "/write", 404, "no such path"},
        {"POST", "/writes", 404, "no such path"},
    };
    exchange x = {0};
    struct desk desk = {.w = *state};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status = exchange_send(&x, rows[i].method, rows[i].target, NULL, "");
        json_t *json = exchange_json(&x);
        if (status != rows[i].http_status || strcmp(json_at(json, "error"), rows[i].error) != 0) {
            fail_msg("%s: %d %s", rows[i].target, status, json_at(json, "error"));
        }
        json_decref(json);
    }
    exchange_close(&x);
}

static json_t *answer_at(void **state, const char *path, zw_api_fed fed, int http_status)
{
    exchange x = {0};
    fed.is_live = true;
    struct desk desk = {.w = *state, .fed = fed};
    exchange_open(&x, take, &desk);
    assert_int_equal(exchange_send(&x, "POST", path, NULL, "a"), http_status);
    json_t *json = exchange_json(&x);
    exchange_close(&x);
    return json;
}

static json_t *answer_of(void **state, zw_api_fed fed, int http_status)
{
    return answer_at(state, "/write", fed, http_status);
}

/* What Telegraf shows of an answer of the second interface. */
static void the_second_interface_has_influx_s_own_words_too(void **state)
{
    struct zw_api_bad bad[] = {{3, 4, "x"}};
    static const struct {
        zw_status status;
        bool is_over_limit;
        int http_status;
        const char *code, *message;
    } rows[] = {
        {ZW_OK, false, 400, "invalid", "1 bad line, all others are kept: line 3: x"},
        {ZW_OK, true, 429, "too many requests", "1 bad line, all others are kept: line 3: x"},
        {ZW_STORE, false, 503, "unavailable", "disk full"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_api_fed fed = {.status = rows[i].status,
                          .error = "disk full",
                          .bad = bad,
                          .bad_count = 1,
                          .is_over_limit = rows[i].is_over_limit};
        json_t *json = answer_at(state, "/api/v2/write", fed, rows[i].http_status);
        assert_string_equal(json_at(json, "code"), rows[i].code);
        assert_string_equal(json_at(json, "message"), rows[i].message);
        assert_string_equal(json_at(json, "error"), rows[i].message);
        json_decref(json);
        json = answer_at(state, "/write", fed, rows[i].http_status);
        assert_null(json_object_get(json, "code"));
        json_decref(json);
    }
}

static void bad_lines_are_named_the_others_kept(void **state)
{
    struct zw_api_bad bad[] = {{3, 4, "no measure \"x\""}, {7, 1, "b"}, {8, 1, "c"}, {9, 1, "d"}};
    zw_api_fed fed = {.batch = 12, .accepted = 40, .bad = bad, .bad_count = 4};
    json_t *json = answer_of(state, fed, 400);
    static const struct api_row rows[] = {
        {"status", "error"},
        {"errorType", "bad_data"},
        {"error",
         "4 bad lines, all others are kept: line 3: no measure \"x\"; line 7: b; line 8: c;"
         " …"},
        {"data.batch", "12"},
        {"data.accepted", "40"},
        {"data.rejected.0.line", "3"},
        {"data.rejected.0.column", "4"},
        {"data.rejected.3.line", "9"},
        {"data.rejected.3.error", "d"},
        {"data.rejected.4", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    fed.is_over_limit = true;
    json = answer_of(state, fed, 429);
    assert_string_equal(json_at(json, "errorType"), "too_many_requests");
    assert_string_equal(json_at(json, "data.rejected.3.error"), "d");
    json_decref(json);
    fed.is_over_limit = false;
    fed.bad_count = 1;
    json = answer_of(state, fed, 400);
    assert_string_equal(json_at(json, "error"),
                        "1 bad line, all others are kept: line 3: no measure \"x\"");
    json_decref(json);
}

static void very_many_bad_lines_are_listed_in_part(void **state)
{
    static struct zw_api_bad bad[1500];
    for (size_t i = 0; i < 1500; i++) {
        bad[i] = (struct zw_api_bad){(uint32_t)i + 1, 1, "x"};
    }
    zw_api_fed fed = {.bad = bad, .bad_count = 1500};
    json_t *json = answer_of(state, fed, 400);
    json_t *data = json_object_get(json, "data");
    assert_int_equal(json_array_size(json_object_get(data, "rejected")), 1000);
    assert_int_equal(strncmp(json_at(json, "error"), "1500 bad lines, ", 16), 0);
    json_decref(json);
}

static void a_failure_is_told_as_everywhere(void **state)
{
    static const struct {
        zw_status status;
        int http_status;
        const char *error, *said;
    } rows[] = {
        {ZW_INVALID, 400, "nothing was kept: 2:7: x", "nothing was kept: 2:7: x"},
        {ZW_STORE, 503, "disk full", "disk full"},
        {ZW_NOMEM, 503, NULL, "out of memory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_api_fed fed = {.status = rows[i].status, .error = rows[i].error};
        json_t *json = answer_of(state, fed, rows[i].http_status);
        assert_string_equal(json_at(json, "error"), rows[i].said);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_door_takes_its_format),
        cmocka_unit_test(refuses_what_it_does_not_read),
        cmocka_unit_test(bad_lines_are_named_the_others_kept),
        cmocka_unit_test(very_many_bad_lines_are_listed_in_part),
        cmocka_unit_test(a_failure_is_told_as_everywhere),
        cmocka_unit_test(the_second_interface_has_influx_s_own_words_too),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
