/* Forms, urlencoded and as JSON. */
#include "serve/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_exchange.h"

static const char *const known[] = {"expression", "area", NULL};

struct found {
    zw_status status;
    zw_err err;
    char expression[64], area[64];
};

static void copy(char *to, const char *text)
{
    (void)snprintf(to, 64, "%s", text != NULL ? text : "-");
}

static void look(void *arg, zw_http_request *request)
{
    struct found *found = arg;
    zw_form *form = NULL;
    *found = (struct found){.err = {ZW_OK, ""}};
    found->status = zw_form_read(request, known, &form, &found->err);
    if (found->status == ZW_OK) {
        copy(found->expression, zw_form_field(form, "expression"));
        copy(found->area, zw_form_field(form, "area"));
    }
    zw_form_destroy(form);
    zw_http_answer(request, 204, NULL, NULL, 0, NULL, 0);
}

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

static void reads_both_ways_of_sending_one(void **state)
{
    static const struct {
        const char *type, *body, *expression, *area;
    } rows[] = {
        {FORM, "expression=a%2Bb%3Ayoy%28%29&area=%E5%8C%BA+2", "a+b:yoy()", "\xe5\x8c\xba 2"},
        {FORM, "", "-", "-"},
        {FORM, "expression=", "", "-"},
        {JSON, "{\"expression\":\"a + \\\"b\\\"\",\"area\":\"\\u533a\"}", "a + \"b\"",
         "\xe5\x8c\xba"},
        {JSON "; charset=utf-8", "{\"expression\":\"a\",\"area\":null}", "a", "-"},
    };
    (void)state;
    exchange x = {0};
    struct found found;
    exchange_open(&x, look, &found);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(exchange_send(&x, "POST", "/", rows[i].type, rows[i].body), 204);
        assert_int_equal(found.status, ZW_OK);
        assert_string_equal(found.expression, rows[i].expression);
        assert_string_equal(found.area, rows[i].area);
    }
    exchange_close(&x);
}

static void says_what_is_wrong_with_one(void **state)
{
    static const struct {
        const char *type, *body, *error;
    } rows[] = {
        {FORM, "expresion=a", "no field 'expresion'; did you mean 'expression'?"},
        {FORM, "area=a&area=b", "field 'area' is given twice"},
        {FORM, "area=%4", "malformed percent-encoding"},
        {JSON, "{\"aria\":\"a\"}", "no field 'aria'; did you mean 'area'?"},
        {JSON, "{\"area\":\"a\",\"area\":\"b\"}", "duplicate object key"},
        {JSON, "{\"area\":1}", "field 'area' is no text"},
        {JSON, "[\"area\"]", "the body is no JSON object"},
        {JSON, "{\"area\":", "the body is no JSON: 1:"},
    };
    (void)state;
    exchange x = {0};
    struct found found;
    exchange_open(&x, look, &found);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(exchange_send(&x, "POST", "/", rows[i].type, rows[i].body), 204);
        assert_int_equal(found.status, ZW_INVALID);
        if (strstr(found.err.text, rows[i].error) == NULL) {
            fail_msg("%s: %s", rows[i].body, found.err.text);
        }
    }
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_ways_of_sending_one),
        cmocka_unit_test(says_what_is_wrong_with_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
