/* Tests of the cut. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/cut.h"

#include <string.h>

static void a_text_is_cut_only_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        size_t len, most, cut;
    } rows[] = {
        {"what fits stays whole", "abc", 3, 3, 3},
        {"plain letters are cut anywhere", "abcdef", 6, 4, 4},
        {"a character that ends at the limit stays",
         "a\xE4\xB8\xAD"
         "b",
         5, 4, 4},
        {"its first byte alone does not", "a\xE4\xB8\xAD", 4, 2, 1},
        {"nor do two of its three", "a\xE4\xB8\xAD", 4, 3, 1},
        {"nor three of four", "\xF0\x9F\x98\x80", 4, 3, 0},
        {"bytes that are no UTF-8 are cut where it is", "\x80\x80\x80\x80\x80\x80", 6, 5, 5},
        {"nothing may be asked for", "\xC3\xA9", 2, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_cut_length(rows[i].text, rows[i].len, rows[i].most), rows[i].cut);
    }
}

static size_t format(char *out, size_t size, const char *fmt, ...) ZW_PRINTF(3, 4);

static size_t format(char *out, size_t size, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    size_t len = zw_cut_vformat(out, size, fmt, args);
    va_end(args);
    return len;
}

static void a_formatted_text_ends_at_a_whole_character(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        size_t size;
        const char *cut;
    } rows[] = {
        {"what fits stays whole", "a\xE4\xB8\xAD", 5, "a\xE4\xB8\xAD"},
        {"a last character that fits exactly stays", "a\xE4\xB8\xADz", 5, "a\xE4\xB8\xAD"},
        {"two of three bytes go", "a\xE4\xB8\xAD", 4, "a"},
        {"one of three goes", "a\xE4\xB8\xAD", 3, "a"},
        {"three of four go", "a\xF0\x9F\x98\x80", 5, "a"},
        {"a first character that does not fit leaves nothing", "\xE4\xB8\xAD", 3, ""},
        {"one byte holds only the end", "abc", 1, ""},
        {"bytes that are no UTF-8 stay", "\x80\x80\x80\x80\x80", 4, "\x80\x80\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[16];
        print_message("  %s\n", rows[i].why);
        assert_int_equal(format(out, rows[i].size, "%s", rows[i].text), strlen(rows[i].cut));
        assert_string_equal(out, rows[i].cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cut_only_between_characters),
        cmocka_unit_test(a_formatted_text_ends_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
