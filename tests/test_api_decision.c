/* Decisions about held batches: read out of a request, and answered. */
#include "serve/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

struct desk {
    zw_status status;
    zw_api_decision decision;
};

static void take(void *arg, zw_http_request *request)
{
    struct desk *desk = arg;
    desk->status = zw_api_decision_of(request, &desk->decision);
    if (desk->status == ZW_OK) {
        zw_api_answer_refusal(request, desk->decision.batch);
    } else if (desk->status == ZW_NOT_FOUND) {
        zw_api_answer_error(request, 404, "not_found", "no such path");
    }
}

static void a_path_names_the_batch_and_what_is_decided(void **state)
{
    static const struct {
        const char *why, *method, *target;
        int http_status;
        zw_status status;
        long long batch;
        bool is_release;
    } rows[] = {
        {"release", "POST", "/api/v1/batches/12/release", 200, ZW_OK, 12, true},
        {"refuse", "POST", "/api/v1/batches/1/refuse", 200, ZW_OK, 1, false},
        {"only posted", "GET", "/api/v1/batches/1/refuse", 404, ZW_NOT_FOUND, 0, false},
        {"another word", "POST", "/api/v1/batches/1/release/now", 404, ZW_NOT_FOUND, 0, false},
        {"no number", "POST", "/api/v1/batches//release", 404, ZW_NOT_FOUND, 0, false},
        {"no batch is 0", "POST", "/api/v1/batches/0/release", 404, ZW_NOT_FOUND, 0, false},
        {"more digits than there are batches", "POST",
         "/api/v1/batches/99999999999999999999999999/release", 404, ZW_NOT_FOUND, 0, false},
        {"it takes no parameter", "POST", "/api/v1/batches/1/release?why=x", 400, ZW_INVALID, 0,
         false},
    };
    (void)state;
    exchange x = {0};
    struct desk desk = {.status = ZW_OK};
    exchange_open(&x, take, &desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(exchange_send(&x, rows[i].method, rows[i].target, NULL, ""),
                         rows[i].http_status);
        assert_int_equal(desk.status, rows[i].status);
        if (rows[i].status == ZW_OK) {
            json_t *json = exchange_json(&x);
            char number[32];
            (void)snprintf(number, sizeof number, "%lld", rows[i].batch);
            assert_int_equal(desk.decision.is_release, rows[i].is_release);
            assert_string_equal(json_at(json, "data.batch"), number);
            assert_string_equal(json_at(json, "data.refused"), "true");
            json_decref(json);
        }
    }
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_names_the_batch_and_what_is_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
