/* URLs: what a request line may carry, decoded once, and what is refused. */
#include "serve/url.h"

#include "base/buf.h"
#include "failing_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "path" and then "|name=value" for each parameter: how the rows below write a URL's meaning. */
static void write_down(const zw_url *url, zw_buf *out)
{
    zw_buf_puts(out, url->path);
    for (size_t i = 0; i < url->param_count; i++) {
        zw_buf_printf(out, "|%s=%s", url->params[i].name, url->params[i].value);
    }
}

static void decodes_path_and_query(void **state)
{
    (void)state;
    static const struct {
        const char *why, *raw, *meaning;
    } rows[] = {
        {"the shortest one", "/", "/"},
        {"an empty query is no parameter", "/a?", "/a"},
        {"both decoded", "/a%20b?c%20d=e%2Ff", "/a b|c d=e/f"},
        {"hex in both cases", "/%e5%8C%97", "/\xe5\x8c\x97"},
        {"plus is a space in the query only", "/a+b?c+d=e+f", "/a+b|c d=e f"},
        {"an encoded plus is a plus", "/a?t=08:00%2B08:00", "/a|t=08:00+08:00"},
        {"duplicates stay, in order", "/a?x=1&y=2&x=3", "/a|x=1|y=2|x=3"},
        {"no value is an empty value", "/a?x&y=", "/a|x=|y="},
        {"no name is an empty name", "/a?=1", "/a|=1"},
        {"empty pieces are left out", "/a?&&x=1&", "/a|x=1"},
        {"the first equals sign splits", "/a?x=1=2", "/a|x=1=2"},
        {"encoded separators separate nothing", "/a%3Fb?x%26y=1%3D2%26", "/a?b|x&y=1=2&"},
        {"a second question mark is a character", "/a?x=?", "/a|x=?"},
        {"decoded once only", "/%2541", "/%41"},
        {"UTF-8 as it is", "/\xe5\x8c\x97?\xe5\x8c\xba=1", "/\xe5\x8c\x97|\xe5\x8c\xba=1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_url url;
        zw_err err = {ZW_OK, ""};
        if (zw_url_parse(rows[i].raw, &url, &err) != ZW_OK) {
            fail_msg("%s: %s", rows[i].why, err.text);
        }
        zw_buf meaning;
        zw_buf_init(&meaning, 1024);
        write_down(&url, &meaning);
        if (strcmp(zw_buf_view(&meaning), rows[i].meaning) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&meaning));
        }
        zw_buf_fini(&meaning);
        zw_url_fini(&url);
    }
}

static void refuses_what_is_no_url(void **state)
{
    (void)state;
    static const struct {
        const char *why, *raw, *said;
    } rows[] = {
        {"nothing", "", "slash"},
        {"a whole URL, as to a proxy", "http://a/b", "slash"},
        {"all of the server", "*", "slash"},
        {"a percent sign at the end", "/a%", "percent"},
        {"one digit only", "/a%4", "percent"},
        {"no digits", "/a%zz", "percent"},
        {"a broken one in a name", "/a?%4=1", "percent"},
        {"a broken one in a value", "/a?x=1&y=%", "percent"},
        {"a NUL in the path", "/a%00b", "NUL"},
        {"a NUL in a value", "/a?x=%00", "NUL"},
        {"a bare space", "/a b", "space"},
        {"a bare line end", "/a?x=\n", "space"},
        {"DEL", "/a\x7f", "space"},
        {"bytes that are not UTF-8", "/a?x=%ff", "UTF-8"},
        {"half a character", "/%e5%8c", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_url url;
        zw_err err = {ZW_OK, ""};
        if (zw_url_parse(rows[i].raw, &url, &err) != ZW_INVALID) {
            fail_msg("%s was taken", rows[i].why);
        }
        if (strstr(err.text, rows[i].said) == NULL || url.memory != NULL) {
            fail_msg("%s: %s", rows[i].why, err.text);
        }
        zw_url_fini(&url); /* empty: allowed */
    }
}

static void finds_the_first_value_of_a_parameter(void **state)
{
    (void)state;
    zw_url url;
    assert_int_equal(zw_url_parse("/a?x=1&y&x=2", &url, NULL), ZW_OK);
    assert_string_equal(zw_url_query(&url, "x"), "1");
    assert_string_equal(zw_url_query(&url, "y"), "");
    assert_null(zw_url_query(&url, "X"));
    zw_url_fini(&url);
}

static void says_so_when_there_is_no_memory(void **state)
{
    (void)state;
    zw_url url;
    failing_alloc_after(0);
    zw_status status = zw_url_parse("/a?x=1", &url, NULL);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    assert_null(url.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_path_and_query),
        cmocka_unit_test(refuses_what_is_no_url),
        cmocka_unit_test(finds_the_first_value_of_a_parameter),
        cmocka_unit_test(says_so_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
