/* How an answer begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "serve/excerpt.h"

#include <string.h>

static void an_answer_is_fit_to_be_said(void **state)
{
    (void)state;
    static const struct {
        const char *why, *answer;
        bool is_line;
        const char *said;
    } rows[] = {
        {"plain", "ok", false, "ok"},
        {"nothing", "", false, ""},
        {"line ends are blanks", "no\r\nsuch\thook", false, "no  such hook"},
        {"only the first line", "told\nand more", true, "told"},
        {"an empty first line", "\nx", true, ""},
        {"what moves a terminal", "a\x1B[2Jb\x7F", false, "a?[2Jb?"},
        {"Chinese", "{\"msg\":\"参数错误\"}", false, "{\"msg\":\"参数错误\"}"},
        {"no UTF-8", "a\xB2\xCE", false, "a??"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_excerpt excerpt = {0};
        print_message("  %s\n", rows[i].why);
        for (const char *at = rows[i].answer; *at != '\0'; at++) { /* as it may come */
            zw_excerpt_add(&excerpt, at, 1);
        }
        assert_string_equal(zw_excerpt_say(&excerpt, rows[i].is_line), rows[i].said);
    }
}

static void a_long_answer_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        zw_excerpt excerpt = {0};
        zw_excerpt_add(&excerpt, "abc", shift);
        for (size_t i = 0; i < 100; i++) {
            zw_excerpt_add(&excerpt, "错", strlen("错"));
        }
        const char *said = zw_excerpt_say(&excerpt, false);
        assert_true(zw_text_is_utf8(said, strlen(said), NULL));
        assert_null(strchr(said, '?'));
        assert_in_range(strlen(said), ZW_EXCERPT_BYTES - 2, ZW_EXCERPT_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_fit_to_be_said),
        cmocka_unit_test(a_long_answer_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
