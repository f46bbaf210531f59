/* A scan of JSON: tokens with their places, and what is none named where it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/json_scan.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_BYTES = 4096, DEEP = ZW_JSON_DEPTH_MAX + 1 };

/* "line:column what[=text]" of every token, up to the end or the first wrong one. */
static void scan_list(zw_text text, zw_buf *out)
{
    zw_json_scan scan;
    zw_buf_init(out, LISTED_BYTES);
    zw_json_scan_init(&scan, text, 1);
    do {
        assert_true(zw_json_scan_next(&scan));
        bool is_said = scan.is == ZW_JSON_TEXT || scan.is == ZW_JSON_NUMBER;
        zw_buf_printf(out, "%u:%u %s", scan.place.line, scan.place.column,
                      scan.is == ZW_JSON_WRONG ? scan.wrong : zw_json_is_text(scan.is));
        zw_buf_printf(out, "%s%.*s ", is_said ? "=" : "", is_said ? (int)scan.text.len : 0,
                      is_said ? scan.text.at : "");
    } while (scan.is != ZW_JSON_END && scan.is != ZW_JSON_WRONG);
    zw_json_scan_fini(&scan);
}

static void tokens_come_with_their_places(void **state)
{
    static const struct {
        const char *why, *text, *listed;
    } cases[] = {
        {"nothing", "", "1:1 nothing "},
        {"marks and words", "{ \"a\":[true,false,null] }",
         "1:1 an object 1:3 a text=a 1:6 ':' 1:7 an array 1:8 true 1:12 ',' 1:13 false 1:18 ',' "
         "1:19 null 1:23 ']' 1:25 '}' 1:26 nothing "},
        {"lines and characters are counted", "\r\n \"京\" ,\n1",
         "2:2 a text=京 2:6 ',' 3:1 a "
         "number=1 3:2 nothing "},
        {"numbers are their text", "-0 0.10 1E+5 12e-3 1.7976931348623157e309",
         "1:1 a number=-0 1:4 a number=0.10 1:9 a number=1E+5 1:14 a number=12e-3 1:20 a "
         "number=1.7976931348623157e309 1:42 nothing "},
        {"escapes", "\"\\\"\\\\\\/\\u0041\\u00e9\\u4eAC\\ud83d\\ude00.\"",
         "1:1 a text=\"\\/Aé京😀. 1:40 nothing "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_buf listed;
        scan_list(zw_text_of(cases[i].text), &listed);
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s: %s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
    }
}

static void what_is_no_json_is_named_where_it_stands(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"tru", "1:1 expected a JSON value"},
        {"  'a'", "1:3 expected a JSON value"},
        {"NaN", "1:1 expected a JSON value"},
        {"01", "1:1 expected a number without zeros before it"},
        {"-", "1:2 expected a number without zeros before it"},
        {"1.", "1:3 expected digits behind the point"},
        {"1.5e+", "1:6 expected the digits of an exponent"},
        {"\"ab", "1:1 the text is never closed"},
        {"\"a\tb\"", "1:3 a control character in a text must be written as \\u or \\n"},
        {"\"a\\x\"", "1:4 expected one of \" \\ / b f n r t u behind a backslash"},
        {"\"\\u12G4\"", "1:3 expected four digits of 0-9 and a-f behind \\u"},
        {"\"\\u12", "1:3 expected four digits of 0-9 and a-f behind \\u"},
        {"\"\\ud83d\"", "1:3 half of a surrogate pair is no character"},
        {"\"\\ude00\"", "1:3 half of a surrogate pair is no character"},
        {"\"\\ud83d\\u0041\"", "1:3 half of a surrogate pair is no character"},
        {"\"\\", "1:3 expected one of \" \\ / b f n r t u behind a backslash"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_buf listed;
        scan_list(zw_text_of(cases[i].text), &listed);
        if (strncmp(zw_buf_view(&listed), cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].text, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
    }
}

static void a_nul_is_told(void **state)
{
    (void)state;
    zw_json_scan scan;
    zw_json_scan_init(&scan, zw_text_of("\"a\\u0000b\" \"c\""), 1);
    assert_true(zw_json_scan_next(&scan));
    assert_true(scan.has_nul);
    assert_int_equal(scan.text.len, 3);
    assert_true(zw_json_scan_next(&scan));
    assert_false(scan.has_nul);
    zw_json_scan_fini(&scan);
}

static void a_value_is_passed_over_whole(void **state)
{
    static const struct {
        const char *text, *says; /* of what comes behind it */
    } cases[] = {
        {"1 7", "1:3 a number"},
        {"[] 7", "1:4 a number"},
        {"{} 7", "1:4 a number"},
        {"{\"a\":[1,{\"b\":[[]]}],\"c\":null} 7", "1:31 a number"},
        {"[1,]", "1:4 expected a JSON value"},
        {"[,1]", "1:2 expected a JSON value"},
        {"[1 2]", "1:4 expected ',' or the end of what was begun"},
        {"[1}", "1:3 expected ',' or the end of what was begun"},
        {"{\"a\":1,}", "1:8 expected a key"},
        {"{1:1}", "1:2 expected a key"},
        {"{\"a\" 1}", "1:6 expected ':' behind a key"},
        {"{\"a\":}", "1:6 expected a JSON value"},
        {"[1,", "1:4 expected a JSON value"},
        {"[{\"a\":[1", "1:9 expected ',' or the end of what was begun"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[128];
        zw_json_scan scan;
        zw_json_scan_init(&scan, zw_text_of(cases[i].text), 1);
        assert_true(zw_json_scan_next(&scan) && zw_json_scan_skip(&scan));
        assert_true(zw_json_scan_next(&scan));
        (void)snprintf(said, sizeof said, "%u:%u %s", scan.place.line, scan.place.column,
                       scan.is == ZW_JSON_WRONG ? scan.wrong : zw_json_is_text(scan.is));
        if (strcmp(said, cases[i].says) != 0) {
            fail_msg("%s: %s", cases[i].text, said);
        }
        zw_json_scan_fini(&scan);
    }
}

static void what_is_nested_too_deep_is_refused(void **state)
{
    char deep[2 * DEEP + 1];
    (void)state;
    for (int over = 0; over <= 1; over++) {
        size_t depth = (size_t)ZW_JSON_DEPTH_MAX + (size_t)over;
        zw_json_scan scan;
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        zw_json_scan_init(&scan, (zw_text){deep, 2 * depth}, 1);
        assert_true(zw_json_scan_next(&scan) && zw_json_scan_skip(&scan));
        assert_int_equal(scan.is, over ? ZW_JSON_WRONG : ZW_JSON_ARRAY_END);
        zw_json_scan_fini(&scan);
    }
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    zw_json_scan scan;
    zw_json_scan_init(&scan, zw_text_of("\"a\\nb\""), 1);
    failing_alloc_after(0);
    assert_false(zw_json_scan_next(&scan));
    assert_true(failing_alloc_stop());
    assert_int_equal(scan.is, ZW_JSON_WRONG);
    zw_json_scan_fini(&scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_come_with_their_places),
        cmocka_unit_test(what_is_no_json_is_named_where_it_stands),
        cmocka_unit_test(a_nul_is_told),
        cmocka_unit_test(a_value_is_passed_over_whole),
        cmocka_unit_test(what_is_nested_too_deep_is_refused),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
