/* The words a declaration may not be named by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/reserved.h"

static const struct {
    const char *why, *word;
    bool is_taken;
} rows[] = {
    {"a keyword of Lua", "end", true},
    {"the last keyword", "while", true},
    {"a noun", "measure", true},
    {"a noun that is seldom declared", "guard", true},
    {"a function of the language", "clamp", true},
    {"a receiver", "alertmanager", true},
    {"a value of the language", "unknown", true},
    {"what Lua has and no keyword is nobody's word", "type", false},
    {"a name", "revenue", false},
    {"the beginning of a word", "measur", false},
    {"a word and more", "measures", false},
    {"words are lower case", "Zone", false},
    {"nothing", "", false},
};

static void words_of_the_language_are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (zw_reserved_has(zw_text_of(rows[i].word)) != rows[i].is_taken) {
            fail_msg("%s: '%s'", rows[i].why, rows[i].word);
        }
    }
}

static void a_word_inside_a_longer_text_is_read_to_its_length(void **state)
{
    (void)state;
    const char *text = "areas";
    assert_true(zw_reserved_has((zw_text){text, 4}));
    assert_false(zw_reserved_has((zw_text){text, 5}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_language_are_taken),
        cmocka_unit_test(a_word_inside_a_longer_text_is_read_to_its_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
