/* Tests of the text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/text.h"
#include "failing_alloc.h"

#include <string.h>

static void texts_compare_byte_for_byte(void **state)
{
    (void)state;
    assert_true(zw_text_is(zw_text_of("ab"), "ab"));
    assert_false(zw_text_is(zw_text_of("ab"), "abc"));
    assert_false(zw_text_is(zw_text_of("ab"), "aB"));
    assert_true(zw_text_is(zw_text_of(NULL), ""));
    assert_true(zw_text_is((zw_text){"abc", 2}, "ab"));
    assert_true(zw_text_same((zw_text){"a\0b", 3}, (zw_text){"a\0b", 3}));
    assert_false(zw_text_same((zw_text){"a\0b", 3}, (zw_text){"a\0c", 3}));
}

static void only_utf8_is_taken_for_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *why, *bytes;
        int bad_at; /* -1: it is UTF-8 */
    } rows[] = {
        {"nothing", "", -1},
        {"ASCII", "abc\x7F", -1},
        {"two, three and four bytes", "\xC2\x80\xE4\xB8\xAD\xF0\x9F\x98\x80", -1},
        {"the first and last of each length",
         "\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", -1},
        {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", -1},
        {"a surrogate", "a\xED\xA0\x80", 1},
        {"the last surrogate", "\xED\xBF\xBF", 0},
        {"overlong of two bytes", "\xC0\x80", 0},
        {"overlong of two bytes, the last", "ab\xC1\xBF", 2},
        {"overlong of three bytes", "\xE0\x9F\xBF", 0},
        {"overlong of four bytes", "\xF0\x8F\xBF\xBF", 0},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", 0},
        {"a byte that never occurs", "x\xFF", 1},
        {"a lonely continuation", "\x80", 0},
        {"cut after two of three", "a\xE4\xB8", 1},
        {"cut after one of two", "\xC3", 0},
        {"a letter inside a character", "\xE4\xB8z", 0},
        {"a letter inside four bytes", "\xF0\x9F\x98z", 0},
        {"GBK", "\xB9\xE3\xD6\xDD", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t bad_at = 99;
        size_t len = strlen(rows[i].bytes);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_text_is_utf8(rows[i].bytes, len, &bad_at), rows[i].bad_at < 0);
        assert_int_equal(zw_text_is_utf8(rows[i].bytes, len, NULL), rows[i].bad_at < 0);
        assert_int_equal(bad_at, rows[i].bad_at < 0 ? 99 : rows[i].bad_at);
    }
}

static void names_are_folded(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *folded;
    } rows[] = {
        {"nothing", "", ""},
        {"case stays", "Yuzhu", "Yuzhu"},
        {"white space inside stays", " a b\t", "a b"},
        {"white space of every kind goes at the ends",
         "\xEF\xBB\xBF\xC2\xA0\xE3\x80\x80\r\n\v\f a\xE3\x80\x80\xC2\xA0\xEF\xBB\xBF", "a"},
        {"only white space leaves nothing", " \xE3\x80\x80\xC2\xA0", ""},
        {"the first and last full-width form", "\xEF\xBC\x81\xEF\xBD\x9E", "!~"},
        {"both sides of the seam", "\xEF\xBC\xBF\xEF\xBD\x80", "_`"},
        {"full-width letters and digits", "\xEF\xBC\xA1\xEF\xBD\x82\xEF\xBC\x91", "Ab1"},
        {"the wide space inside becomes narrow", "a\xE3\x80\x80z", "a z"},
        {"beyond the forms nothing changes", "\xEF\xBD\x9F\xEF\xBC\x80",
         "\xEF\xBD\x9F\xEF\xBC\x80"},
        {"Chinese stays", "\xE7\x90\xB6\xE6\xB4\xB2", "\xE7\x90\xB6\xE6\xB4\xB2"},
        {"a cut form stays", "\xEF\xBC", "\xEF\xBC"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[64];
        zw_buf buf;
        size_t len = strlen(rows[i].folded);
        print_message("  %s\n", rows[i].why);
        zw_buf_init(&buf, sizeof out);
        assert_true(zw_text_fold(zw_text_of(rows[i].text), &buf));
        assert_string_equal(zw_buf_view(&buf), rows[i].folded);
        zw_buf_fini(&buf);
        assert_true(zw_text_fold_into(zw_text_of(rows[i].text), out, len + 1));
        assert_string_equal(out, rows[i].folded);
        assert_false(len > 0 && zw_text_fold_into(zw_text_of(rows[i].text), out, len));
        assert_false(zw_text_fold_into(zw_text_of(rows[i].text), out, 0));
    }
    char out[8]; /* what stands before a NUL is another text, and perhaps not trimmed */
    assert_false(zw_text_fold_into((zw_text){"ab \0", 4}, out, sizeof(out)));
}

static void folding_says_when_the_buffer_failed(void **state)
{
    (void)state;
    zw_buf buf;
    zw_buf_init(&buf, 3);
    assert_false(zw_text_fold(zw_text_of("abcd"), &buf));
    assert_false(zw_text_fold(zw_text_of(""), &buf));
    zw_buf_clear(&buf);
    assert_true(zw_text_fold(zw_text_of("abc"), &buf));
    zw_buf_fini(&buf);
    failing_alloc_after(0);
    bool is_done = zw_text_fold(zw_text_of("abc"), &buf);
    assert_true(failing_alloc_stop());
    assert_false(is_done);
    zw_buf_fini(&buf);
}

static void a_name_is_small_letters_digits_and_underscores(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "z9", "software_revenue", "a_", "x1y2"};
    static const char *const others[] = {"",    "A",   "aB",  "1a",  "_a",          "a-b",
                                         "a b", "a.b", "a\n", "{a}", "\xE5\xAE\xB6"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(zw_text_is_name(zw_text_of(names[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(zw_text_is_name(zw_text_of(others[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_compare_byte_for_byte),
        cmocka_unit_test(only_utf8_is_taken_for_utf8),
        cmocka_unit_test(names_are_folded),
        cmocka_unit_test(folding_says_when_the_buffer_failed),
        cmocka_unit_test(a_name_is_small_letters_digits_and_underscores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
