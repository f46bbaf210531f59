/* Media types of bodies. */
#include "serve/media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_exchange.h"

static void knows_a_type_whatever_follows_it(void **state)
{
    static const struct {
        const char *sent;
        bool is_csv;
    } rows[] = {
        {"text/csv", true},
        {"text/csv; charset=gb18030", true},
        {"TEXT/CSV", true},
        {"text/csv ; header=present", true},
        {"text/csvx", false},
        {"text/cs", false},
        {"application/csv", false},
        {"", false},
        {NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(zw_media_is(rows[i].sent, "text/csv"), rows[i].is_csv);
    }
}

static void answer(void *arg, zw_http_request *request)
{
    static const char *const types[] = {"text/csv", "application/json", NULL};
    (void)arg;
    if (zw_media_accept(request, types)) {
        zw_http_answer(request, 204, NULL, NULL, 0, NULL, 0);
    }
}

static void says_what_is_accepted_instead(void **state)
{
    (void)state;
    exchange x = {0};
    exchange_open(&x, answer, NULL);
    assert_int_equal(exchange_send(&x, "POST", "/", "text/csv", "a"), 204);
    assert_int_equal(exchange_send(&x, "POST", "/", "application/json;x=y", "a"), 204);
    assert_int_equal(exchange_send(&x, "POST", "/", "text/plain", "a"), 415);
    assert_true(exchange_has_header(&x, "Accept-Post: text/csv, application/json\r\n"));
    json_t *json = exchange_json(&x);
    assert_string_equal(json_at(json, "errorType"), "unsupported_media_type");
    assert_string_equal(json_at(json, "error"),
                        "the body is text/plain; accepted: text/csv, application/json");
    json_decref(json);
    assert_int_equal(exchange_send(&x, "POST", "/", NULL, "a"), 415);
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_type_whatever_follows_it),
        cmocka_unit_test(says_what_is_accepted_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
