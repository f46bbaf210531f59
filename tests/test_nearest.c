/* Tests of the nearest word. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/text.h"

#include <string.h>

static void the_nearest_word_is_found_when_it_is_near_enough(void **state)
{
    (void)state;
    static const struct {
        const char *why, *word, *best;
    } rows[] = {
        {"the word itself", "measure", "measure"},
        {"a letter is missing", "mesure", "measure"},
        {"a letter too many", "targget", "target"},
        {"two neighbours changed places", "taregt", "target"},
        {"a wrong letter in a short word", "zome", "zone"},
        {"two mistakes in a longer word", "indicatrs", "indicators"},
        {"the nearer of two", "indicator", "indicator"},
        {"nothing is near", "household", NULL},
        {"three mistakes in six letters are too many", "tzzzet", NULL},
        {"one letter hints at nothing", "x", NULL},
        {"an empty word is no misspelling", "", NULL},
        {"a Chinese character is one step", "\xE7\x90\xB6\xE5\xB7\x9E\xE5\x8C\xBA",
         "\xE7\x90\xB6\xE6\xB4\xB2\xE5\x8C\xBA"},
    };
    static const char *const known[] = {
        "zone",
        "area",
        "measure",
        "indicator",
        "indicators",
        "target",
        "\xE7\x90\xB6\xE6\xB4\xB2\xE5\x8C\xBA",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_nearest nearest;
        print_message("  %s\n", rows[i].why);
        zw_nearest_init(&nearest, zw_text_of(rows[i].word));
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++) {
            zw_nearest_try(&nearest, known[j]);
        }
        if (rows[i].best == NULL) {
            assert_null(nearest.best);
        } else {
            assert_string_equal(nearest.best, rows[i].best);
        }
    }
}

static void the_distance_counts_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *word, *candidate;
        size_t distance;
    } rows[] = {
        {"abcdefgh", "abcdefgh", 0}, {"abcdefgh", "abcdefg", 1},   {"abcdefgh", "abdcefgh", 1},
        {"abcdefgh", "badcefgh", 2}, {"abcdefgh", "xabcdefgh", 1}, {"abcdefgh", "xbcdefgy", 2},
        {"abcdefgh", "cdefgh", 2},   {"abcdefgh", "cabdefgh", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(rows[i].word));
        zw_nearest_try(&nearest, rows[i].candidate);
        assert_non_null(nearest.best);
        assert_int_equal(nearest.distance, rows[i].distance);
    }
}

static void a_very_long_word_gets_no_suggestion(void **state)
{
    (void)state;
    char word[200];
    zw_nearest nearest;
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    zw_nearest_init(&nearest, zw_text_of(word));
    zw_nearest_try(&nearest, word);
    assert_null(nearest.best);
    word[64] = '\0'; /* the longest that is compared */
    zw_nearest_init(&nearest, zw_text_of(word));
    zw_nearest_try(&nearest, word);
    assert_ptr_equal(nearest.best, word);
}

static void the_suggestion_is_said_only_when_there_is_one(void **state)
{
    (void)state;
    zw_nearest nearest;
    zw_buf buf;
    zw_buf_init(&buf, 100);
    zw_nearest_init(&nearest, zw_text_of("zome"));
    zw_nearest_say(&nearest, &buf);
    assert_string_equal(zw_buf_view(&buf), "");
    zw_nearest_try(&nearest, "zone");
    zw_nearest_say(&nearest, &buf);
    assert_string_equal(zw_buf_view(&buf), "; did you mean 'zone'?");
    zw_buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_word_is_found_when_it_is_near_enough),
        cmocka_unit_test(the_distance_counts_mistakes),
        cmocka_unit_test(a_very_long_word_gets_no_suggestion),
        cmocka_unit_test(the_suggestion_is_said_only_when_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
