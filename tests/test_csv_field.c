/* One field of CSV: quoted when a reader would take it for another. */
#include "app/csv_field.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static void a_field_is_quoted_when_it_must_be(void **state)
{
    static const struct {
        const char *text;
        bool is_last;
        const char *written;
    } cases[] = {
        {"plain", false, "plain,"},
        {"", false, ","},
        {"last", true, "last\n"},
        {"a, b", false, "\"a, b\","},
        {"say \"so\"", true, "\"say \"\"so\"\"\"\n"},
        {"two\nlines", false, "\"two\nlines\","},
        {"a\rb", false, "\"a\rb\","},
        {"  spaces stay ", false, "  spaces stay ,"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char was[64] = "";
        FILE *out = fmemopen(was, sizeof was, "w");
        assert_non_null(out);
        zw_csv_field(out, zw_text_of(cases[i].text), cases[i].is_last);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(was, cases[i].written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_quoted_when_it_must_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
