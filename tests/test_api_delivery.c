/* Deliveries: read out of a request, and answered. */
#include "serve/api.h"

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
    char source[64], body[64];
    bool may_be_long;
    zw_api_fed fed;
};

static void take(void *arg, zw_http_request *request)
{
    struct desk *desk = arg;
    desk->status = zw_api_delivery_of(&desk->w->world, request, &desk->delivery);
    if (desk->status == ZW_OK) {
        (void)snprintf(desk->source, sizeof desk->source, "%s", desk->delivery.source);
        (void)snprintf(desk->body, sizeof desk->body, "%.*s", (int)desk->delivery.len,
                       (const char *)desk->delivery.bytes);
        zw_api_answer_delivery(request, &desk->fed);
    } else if (desk->status == ZW_NOT_FOUND) {
        zw_api_answer_error(request, 404, "not_found", "no such path");
    }
}

static void ask_length(void *arg, zw_http_request *request)
{
    struct desk *desk = arg;
    desk->may_be_long = zw_api_may_be_long(request);
    zw_http_answer(request, 204, NULL, "", 0, NULL, 0);
}

#define OBSERVATIONS "/api/v1/observations"
#define ITEMS "/api/v1/items"

static void reads_what_a_request_says(void **state)
{
    static const struct {
        const char *query, *source;
        bool is_partial;
        const char *known_at; /* NULL: not said */
    } rows[] = {
        {"", "", false, NULL},
        {"?source=bureau%20of%20statistics&partial=true", "bureau of statistics", true, NULL},
        {"?partial=false&known_at=2023-02-10", "", false, "2023-02-10T00:00:00+08:00"},
        {"?known_at=2023-02-10T09:00:00Z", "", false, "2023-02-10T17:00:00+08:00"},
    };
    exchange x = {0};
    struct desk desk = {.w = *state};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[128];
        (void)snprintf(target, sizeof target, OBSERVATIONS "%s", rows[i].query);
        assert_int_equal(exchange_send(&x, "POST", target, "text/csv; charset=utf-8", "a,b\n"),
                         200);
        assert_string_equal(desk.source, rows[i].source);
        assert_string_equal(desk.body, "a,b\n");
        assert_int_equal(desk.delivery.is_partial, rows[i].is_partial);
        assert_int_equal(desk.delivery.has_known_at, rows[i].known_at != NULL);
        if (rows[i].known_at != NULL) {
            assert_int_equal(desk.delivery.known_at_ms, api_world_ms(rows[i].known_at));
        }
    }
    exchange_close(&x);
}

static void items_have_a_door_of_their_own(void **state)
{
    static const struct {
        const char *path, *type;
        bool is_items;
        zw_api_format format;
    } rows[] = {
        {OBSERVATIONS, "text/csv", false, ZW_API_CSV},
        {OBSERVATIONS, "application/json; charset=utf-8", false, ZW_API_JSON},
        {OBSERVATIONS, "application/x-ndjson", false, ZW_API_NDJSON},
        {OBSERVATIONS, "application/vnd.sdmx.data+csv;version=2.0.0", false, ZW_API_SDMX},
        {ITEMS, "text/csv; charset=utf-8", true, ZW_API_CSV},
        {ITEMS, "application/json", true, ZW_API_JSON},
        {ITEMS, "application/x-ndjson", true, ZW_API_NDJSON},
    };
    exchange x = {0};
    struct desk desk = {.w = *state};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(exchange_send(&x, "POST", rows[i].path, rows[i].type, "[]"), 200);
        assert_int_equal(desk.delivery.is_items, rows[i].is_items);
        assert_int_equal(desk.delivery.format, rows[i].format);
    }
    exchange_close(&x);
}

static void refuses_what_is_none(void **state)
{
    static const struct {
        const char *why, *method, *target, *type;
        int http_status;
        zw_status status;
        const char *error;
    } rows[] = {
        {"another path", "POST", "/api/v1/item", "text/csv", 404, ZW_NOT_FOUND, "no such path"},
        {"reading", "GET", OBSERVATIONS, NULL, 404, ZW_NOT_FOUND, "no such path"},
        {"another body", "POST", OBSERVATIONS, "text/plain", 415, ZW_INVALID,
         "the body is text/plain; accepted: text/csv, application/json, application/x-ndjson, "
         "application/vnd.sdmx.data+csv"},
        {"no type at all", "POST", OBSERVATIONS, NULL, 415, ZW_INVALID,
         "the body is of no type; accepted: text/csv"},
        {"another body of items", "POST", ITEMS, "text/plain", 415, ZW_INVALID,
         "the body is text/plain; accepted: text/csv, application/json"},
        {"a slip in a parameter of items", "POST", ITEMS "?register=a", "text/csv", 400, ZW_INVALID,
         "no parameter 'register'"},
        {"a slip in a parameter", "POST", OBSERVATIONS "?sourse=a", "text/csv", 400, ZW_INVALID,
         "no parameter 'sourse'; did you mean 'source'?"},
        {"no flag", "POST", OBSERVATIONS "?partial=maybe", "text/csv", 400, ZW_INVALID,
         "partial: 'maybe' is neither true nor false"},
        {"no moment", "POST", OBSERVATIONS "?known_at=x", "text/csv", 400, ZW_INVALID,
         "known_at: "},
    };
    exchange x = {0};
    struct desk desk = {.w = *state};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status = exchange_send(&x, rows[i].method, rows[i].target, rows[i].type, "");
        json_t *json = exchange_json(&x);
        const char *error = json_at(json, "error");
        if (status != rows[i].http_status || desk.status != rows[i].status ||
            strncmp(error, rows[i].error, strlen(rows[i].error)) != 0) {
            fail_msg("%s: %d %s", rows[i].why, status, error);
        }
        json_decref(json);
    }
    exchange_close(&x);
}

static json_t *answer_of(void **state, zw_api_fed fed, int http_status)
{
    exchange x = {0};
    struct desk desk = {.w = *state, .fed = fed};
    exchange_open(&x, take, &desk);
    assert_int_equal(exchange_send(&x, "POST", OBSERVATIONS, "text/csv", "a"), http_status);
    json_t *json = exchange_json(&x);
    exchange_close(&x);
    return json;
}

static void tells_what_was_taken(void **state)
{
    struct zw_api_bad bad[] = {{3, 4, "no measure 'revenu'"}, {7, 0, "too few \"fields\""}};
    zw_api_fed fed = {.status = ZW_OK,
                      .batch = 12,
                      .accepted = 40,
                      .unchanged = 30,
                      .revised = 2,
                      .encoding = "GB18030",
                      .bad = bad,
                      .bad_count = 2};
    json_t *json = answer_of(state, fed, 200);
    static const struct api_row rows[] = {
        {"status", "success"},
        {"data.batch", "12"},
        {"data.accepted", "40"},
        {"data.unchanged", "30"},
        {"data.revised", "2"},
        {"data.rejected.0.line", "3"},
        {"data.rejected.0.column", "4"},
        {"data.rejected.0.error", "no measure 'revenu'"},
        {"data.rejected.1.error", "too few \"fields\""},
        {"data.rejected.2", ""},
        {"warnings.0", "read as GB18030"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    static const char *const plain[] = {"UTF-8", "", NULL};
    for (size_t i = 0; i < 3; i++) { /* what needs no saying */
        fed.encoding = plain[i];
        json = answer_of(state, fed, 200);
        assert_null(json_object_get(json, "warnings"));
        json_decref(json);
    }
}

/* 202: accepted, and not in. */
static void tells_what_a_guard_holds_and_why(void **state)
{
    zw_api_fed fed = {.status = ZW_OK, .batch = 8, .is_held = true};
    zw_buf_init(&fed.why, 4096);
    zw_buf_puts(&fed.why, "[{\"guard\":\"slip\",\"area\":\"north\"}]");
    json_t *json = answer_of(state, fed, 202);
    static const struct api_row rows[] = {
        {"status", "success"},         {"data.batch", "8"}, {"data.accepted", "0"},
        {"data.held.0.guard", "slip"}, {"data.held.1", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    zw_buf_fini(&fed.why);
}

static void tells_why_nothing_was(void **state)
{
    static const struct {
        zw_status status;
        int http_status;
        size_t bad_count;
        const char *error, *type, *said;
    } rows[] = {
        {ZW_INVALID, 400, 1, "1 bad row: nothing was kept", "bad_data",
         "1 bad row: nothing was kept"},
        {ZW_INVALID, 400, 0, "1:1: no column 'measure'", "bad_data", "1:1: no column 'measure'"},
        {ZW_STORE, 503, 0, "disk full", "unavailable", "disk full"},
        {ZW_NOMEM, 503, 0, NULL, "unavailable", "out of memory"},
        {ZW_LIMIT, 413, 0, "too long", "too_large", "too long"},
    };
    struct zw_api_bad bad[] = {{3, 4, "no measure 'revenu'"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_api_fed fed = {.status = rows[i].status,
                          .error = rows[i].error,
                          .bad = bad,
                          .bad_count = rows[i].bad_count};
        json_t *json = answer_of(state, fed, rows[i].http_status);
        const struct api_row expected[] = {
            {"status", "error"},
            {"errorType", rows[i].type},
            {"error", rows[i].said},
            {"data.rejected.0.line", rows[i].bad_count > 0 ? "3" : ""},
        };
        API_EXPECT(json, expected);
        json_decref(json);
    }
}

/* Which bodies may be long: the door is asked with each request's head. */
static void what_may_be_taken_in_part_may_be_long(void **state)
{
    static const struct {
        const char *method, *target, *type;
        bool may_be_long;
    } rows[] = {
        {"POST", "/write?precision=s", "text/plain", true},
        {"POST", "/api/v2/write?bucket=a", "text/plain", true},
        {"GET", "/write", NULL, false},
        {"POST", OBSERVATIONS "?partial=true", "text/csv; charset=utf-8", true},
        {"POST", ITEMS "?partial", "text/csv", true},
        {"POST", OBSERVATIONS, "text/csv", false},                  /* all or nothing */
        {"POST", OBSERVATIONS "?partial=false", "text/csv", false}, /* the same */
        {"POST", ITEMS "?partial=true", "application/json", false}, /* one document */
        {"POST", "/api/v1/import/prometheus", "text/plain", false}, /* refused whole */
        {"POST", "/api/v1/eval", "application/json", false},
    };
    exchange x = {0};
    struct desk desk = {.w = *state};
    exchange_open(&x, ask_length, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)exchange_send(&x, rows[i].method, rows[i].target, rows[i].type, "a");
        if (desk.may_be_long != rows[i].may_be_long) {
            fail_msg("%s %s", rows[i].method, rows[i].target);
        }
    }
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_be_taken_in_part_may_be_long),
        cmocka_unit_test(reads_what_a_request_says),
        cmocka_unit_test(items_have_a_door_of_their_own),
        cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(tells_what_was_taken),
        cmocka_unit_test(tells_what_a_guard_holds_and_why),
        cmocka_unit_test(tells_why_nothing_was),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
