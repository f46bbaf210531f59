/* Tests of the error. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

#include <string.h>

static void an_error_says_what_failed_with_the_outermost_context_first(void **state)
{
    (void)state;
    zw_err err = {0};
    assert_int_equal(zw_err_set(&err, ZW_IO, "unable to open %s", "a.db"), ZW_IO);
    assert_int_equal(zw_err_wrap(&err, ZW_STORE, "open %d", 7), ZW_STORE);
    assert_int_equal(zw_err_wrap(&err, ZW_STORE, "open store"), ZW_STORE);
    assert_int_equal(err.status, ZW_STORE);
    assert_string_equal(err.text, "open store: open 7: unable to open a.db");
}

static void an_error_may_be_left_out(void **state)
{
    (void)state;
    assert_int_equal(zw_err_set(NULL, ZW_LIMIT, "%d", 1), ZW_LIMIT);
    assert_int_equal(zw_err_wrap(NULL, ZW_LIMIT, "%d", 1), ZW_LIMIT);
    assert_int_equal(zw_err_nomem(NULL), ZW_NOMEM);
}

static void wrapping_an_empty_error_leaves_no_lonely_colon(void **state)
{
    (void)state;
    zw_err err = {0};
    assert_int_equal(zw_err_wrap(&err, ZW_INVALID, "read pack"), ZW_INVALID);
    assert_string_equal(err.text, "read pack");
}

static void an_error_may_be_made_from_its_own_text(void **state)
{
    (void)state;
    zw_err err = {0};
    (void)zw_err_set(&err, ZW_INVALID, "line 3");
    (void)zw_err_set(&err, ZW_INVALID, "a.csv: %s", err.text);
    assert_string_equal(err.text, "a.csv: line 3");
}

static void a_text_that_is_too_long_is_cut_at_a_character(void **state)
{
    (void)state;
    zw_err err = {0};
    char name[3 * 300 + 1];
    for (size_t i = 0; i < 300; i++) {
        memcpy(name + 3 * i, "\xE4\xB8\xAD", 3);
    }
    name[sizeof name - 1] = '\0';
    for (int pad = 0; pad < 4; pad++) { /* every place in a character is cut once */
        (void)zw_err_set(&err, ZW_INVALID, "%.*s%s", pad, "abc", name);
        size_t len = strlen(err.text);
        assert_in_range(len, ZW_ERR_TEXT_BYTES - 3, ZW_ERR_TEXT_BYTES - 1);
        assert_true(zw_text_is_utf8(err.text, len, NULL));
    }
    (void)zw_err_wrap(&err, ZW_INVALID, "read");
    assert_true(zw_text_is_utf8(err.text, strlen(err.text), NULL));
    assert_memory_equal(err.text, "read: abc", 9);
}

static void every_status_has_its_own_words(void **state)
{
    (void)state;
#define ROW(name, words) assert_string_equal(zw_status_text(ZW_##name), words);
    ZW_STATUS_MAP(ROW)
#undef ROW
    assert_string_equal(zw_status_text((zw_status)1000), "unknown status");
    zw_err err = {0};
    assert_int_equal(zw_err_nomem(&err), ZW_NOMEM);
    assert_string_equal(err.text, "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_says_what_failed_with_the_outermost_context_first),
        cmocka_unit_test(an_error_may_be_left_out),
        cmocka_unit_test(wrapping_an_empty_error_leaves_no_lonely_colon),
        cmocka_unit_test(an_error_may_be_made_from_its_own_text),
        cmocka_unit_test(a_text_that_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(every_status_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
