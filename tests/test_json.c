/* JSON as it is written, held against a library that reads it. */
#include "serve/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

static void writes_every_kind_of_value_with_its_commas(void **state)
{
    (void)state;
    zw_buf out;
    zw_buf_init(&out, 1 << 16);
    zw_json json = zw_json_of(&out);
    zw_json_open(&json, NULL, '{');
    zw_json_text(&json, "text", "a");
    zw_json_text(&json, "none", NULL);
    zw_json_words(&json, "empty", "");
    zw_json_open(&json, "list", '[');
    zw_json_number(&json, NULL, 0.1);
    zw_json_integer(&json, NULL, INT64_MIN);
    zw_json_open(&json, NULL, '{');
    zw_json_close(&json, '}');
    zw_json_bool(&json, NULL, true);
    zw_json_close(&json, ']');
    zw_json_raw(&json, "raw", "[1,2]");
    zw_json_null(&json, "null");
    zw_json_close(&json, '}');
    assert_string_equal(zw_buf_view(&out),
                        "{\"text\":\"a\",\"none\":null,\"empty\":null,\"list\":[0.1,"
                        "-9223372036854775808,{},true],\"raw\":[1,2],\"null\":null}");
    zw_buf_fini(&out);
}

static void a_text_comes_back_as_it_was(void **state)
{
    static const struct {
        const char *why, *text, *back; /* NULL: the same */
    } rows[] = {
        {"quotes and backslashes", "a\"b\\c", NULL},
        {"control characters", "a\n\t\x01\x1f", NULL},
        {"a tag", "</script>", NULL},
        {"four bytes of UTF-8", "\xf0\x9f\x98\x80 \xe5\x8c\xba", NULL},
        {"right to left", "\xd7\xa9\xd7\x9c", NULL},
        {"nothing", "", NULL},
        {"a byte that is no UTF-8",
         "a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"a character cut in two", "a\xe5\x8c", "a\xef\xbf\xbd\xef\xbf\xbd"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        zw_buf_init(&out, 1 << 16);
        zw_json json = zw_json_of(&out);
        zw_json_open(&json, NULL, '[');
        zw_json_text(&json, NULL, rows[i].text);
        zw_json_close(&json, ']');
        json_t *read = json_loads(zw_buf_view(&out), 0, NULL);
        const char *back = json_string_value(json_array_get(read, 0));
        const char *expected = rows[i].back != NULL ? rows[i].back : rows[i].text;
        if (back == NULL || strcmp(back, expected) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&out));
        }
        json_decref(read);
        zw_buf_fini(&out);
    }
}

static void a_number_is_short_and_exact(void **state)
{
    static const struct {
        const char *why;
        double value;
        const char *text;
    } rows[] = {
        {"a tenth", 0.1, "0.1"},
        {"a whole number", 60320000000.0, "60320000000"},
        {"what needs all its digits", 0.1 + 0.2, "0.30000000000000004"},
        {"minus zero", -0.0, "0"},
        {"what is no number", NAN, "null"},
        {"what has no end", INFINITY, "null"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        zw_buf_init(&out, 1 << 16);
        zw_json json = zw_json_of(&out);
        zw_json_number(&json, NULL, rows[i].value);
        if (strcmp(zw_buf_view(&out), rows[i].text) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&out));
        }
        zw_buf_fini(&out);
    }
}

static void a_buffer_that_is_full_says_so(void **state)
{
    (void)state;
    zw_buf out;
    zw_buf_init(&out, 8);
    zw_json json = zw_json_of(&out);
    zw_json_text(&json, NULL, "far too long for it");
    assert_true(out.has_failed);
    zw_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_kind_of_value_with_its_commas),
        cmocka_unit_test(a_text_comes_back_as_it_was),
        cmocka_unit_test(a_number_is_short_and_exact),
        cmocka_unit_test(a_buffer_that_is_full_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
