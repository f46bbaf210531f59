/* Dimension values as one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/dims.h"

#include <string.h>

static void pairs_come_in_order(void **state)
{
    static const struct {
        const char *dims, *pairs;
    } cases[] = {
        {"", ""},
        {"industry=ai", "[industry|ai]"},
        {"industry=ai\x1fsize=big", "[industry|ai][size|big]"},
        {"a=\x1f"
         "b=x=y",
         "[a|][b|x=y]"},
        {"alone\x1f"
         "b=1",
         "[alone|][b|1]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_buf found;
        zw_dim dim;
        zw_buf_init(&found, 1024);
        for (const char *at = cases[i].dims; zw_dims_next(&at, &dim);) {
            zw_buf_printf(&found, "[%.*s|%.*s]", (int)dim.name.len, dim.name.at, (int)dim.value.len,
                          dim.value.at);
        }
        assert_string_equal(zw_buf_view(&found), cases[i].pairs);
        zw_buf_fini(&found);
    }
}

static void a_value_is_found_by_its_whole_name(void **state)
{
    static const char dims[] = "industry=ai\x1fsize=big";
    (void)state;
    assert_true(zw_text_is(zw_dims_value(dims, "industry"), "ai"));
    assert_true(zw_text_is(zw_dims_value(dims, "size"), "big"));
    assert_int_equal(zw_dims_value(dims, "indus").len, 0);
    assert_int_equal(zw_dims_value(dims, "sizes").len, 0);
    assert_int_equal(zw_dims_value("", "size").len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_come_in_order),
        cmocka_unit_test(a_value_is_found_by_its_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
