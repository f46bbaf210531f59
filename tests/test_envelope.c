/* The envelope, as a client sees it. */
#include "serve/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_exchange.h"

/* What the next request is answered with. */
struct plan {
    zw_status status;
    const char *warning;
    bool has_data, has_header, is_full;
};

static void answer(void *arg, zw_http_request *request)
{
    const struct plan *plan = arg;
    zw_buf data;
    zw_buf_init(&data, plan->is_full ? 4 : 1024);
    zw_buf_puts(&data, "[1,\"a\"]");
    zw_err err = {plan->status, "what \"went\" wrong"};
    zw_envelope_beside beside = {.data = &data, .header = {"Allow", "GET"}};
    if (plan->status == ZW_OK) {
        zw_envelope_answer(request, &data, plan->warning);
    } else if (plan->has_data || plan->has_header) {
        beside.data = plan->has_data ? &data : NULL;
        beside.header.name = plan->has_header ? "Allow" : NULL;
        zw_envelope_refuse(request, 405, zw_envelope_error_type(405), err.text, &beside);
    } else {
        zw_envelope_fail(request, plan->status, &err);
    }
    zw_buf_fini(&data);
}

static void wraps_what_was_built(void **state)
{
    (void)state;
    exchange x = {0};
    struct plan plan = {.status = ZW_OK};
    exchange_open(&x, answer, &plan);
    assert_int_equal(exchange_get(&x, "/"), 200);
    assert_string_equal(exchange_body(&x), "{\"status\":\"success\",\"data\":[1,\"a\"]}\n");
    assert_true(exchange_has_header(&x, "Content-Type: application/json\r\n"));
    assert_true(exchange_has_header(&x, "Cache-Control: no-store\r\n"));
    plan.warning = "read as GB18030";
    assert_int_equal(exchange_get(&x, "/"), 200);
    assert_string_equal(
        exchange_body(&x),
        "{\"status\":\"success\",\"data\":[1,\"a\"],\"warnings\":[\"read as GB18030\"]}\n");
    exchange_close(&x);
}

static void each_failure_has_its_status_and_type(void **state)
{
    static const struct {
        zw_status status;
        int http_status;
        const char *type;
    } rows[] = {
        {ZW_INVALID, 400, "bad_data"},   {ZW_NOT_FOUND, 404, "not_found"},
        {ZW_CONFLICT, 422, "execution"}, {ZW_LIMIT, 413, "too_large"},
        {ZW_NOMEM, 503, "unavailable"},  {ZW_STORE, 503, "unavailable"},
        {ZW_IO, 503, "unavailable"},     {ZW_SCRIPT, 422, "execution"},
        {ZW_NOT_YET, 422, "execution"},
    };
    (void)state;
    exchange x = {0};
    struct plan plan = {.status = ZW_OK};
    exchange_open(&x, answer, &plan);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plan.status = rows[i].status;
        assert_int_equal(exchange_get(&x, "/"), rows[i].http_status);
        json_t *json = exchange_json(&x);
        assert_string_equal(json_at(json, "status"), "error");
        assert_string_equal(json_at(json, "errorType"), rows[i].type);
        assert_string_equal(json_at(json, "error"), "what \"went\" wrong");
        assert_null(json_object_get(json, "data"));
        json_decref(json);
    }
    exchange_close(&x);
}

static void data_and_a_header_may_go_with_an_error(void **state)
{
    (void)state;
    exchange x = {0};
    struct plan plan = {.status = ZW_INVALID, .has_data = true};
    exchange_open(&x, answer, &plan);
    assert_int_equal(exchange_get(&x, "/"), 405);
    json_t *json = exchange_json(&x);
    assert_string_equal(json_at(json, "data"), "[1,\"a\"]");
    assert_false(exchange_has_header(&x, "Allow: "));
    json_decref(json);
    plan = (struct plan){.status = ZW_INVALID, .has_header = true};
    assert_int_equal(exchange_get(&x, "/"), 405);
    assert_true(exchange_has_header(&x, "Allow: GET\r\n"));
    exchange_close(&x);
}

static void half_an_answer_is_never_sent(void **state)
{
    (void)state;
    exchange x = {0};
    struct plan plan = {.status = ZW_OK, .is_full = true};
    exchange_open(&x, answer, &plan);
    assert_int_equal(exchange_get(&x, "/"), 500);
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps_what_was_built),
        cmocka_unit_test(each_failure_has_its_status_and_type),
        cmocka_unit_test(data_and_a_header_may_go_with_an_error),
        cmocka_unit_test(half_an_answer_is_never_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
