/* Tests of the source: words, and where in a file something stands. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script/source.h"

#include <stdio.h>
#include <string.h>

static void a_file_is_read_word_by_word(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *words; /* kind and text of each, with line:column */
    } rows[] = {
        {"names and marks", "a.b(c)", "n:a@1:1 m:.@1:2 n:b@1:3 m:(@1:4 n:c@1:5 m:)@1:6 "},
        {"numbers", "1 0x1F 1e-5 .5", "#:1@1:1 #:0x1F@1:3 #:1e-5@1:8 #:.5@1:13 "},
        {"marks of several characters", "a...b==c//d::e",
         "n:a@1:1 m:...@1:2 n:b@1:5 m:==@1:6 n:c@1:8 m://@1:9 n:d@1:11 m:::@1:12 n:e@1:14 "},
        {"texts with escapes", "'a\\'b' \"c\"", "t:a\\'b@1:1 t:c@1:8 "},
        {"long texts", "[[a\nb]] [==[c]]d]==] e", "t:a\nb@1:1 t:c]]d@2:5 n:e@2:18 "},
        {"comments are passed over", "a -- b\nc --[[ d\n]] e --[==[ ]] ]==] f",
         "n:a@1:1 n:c@2:1 n:e@3:4 n:f@3:21 "},
        {"columns count characters", "'\xE5\xB9\xBF' x", "t:\xE5\xB9\xBF@1:1 n:x@1:5 "},
        {"an index is no long text", "a[b]", "n:a@1:1 m:[@1:2 n:b@1:3 m:]@1:4 "},
        {"a text that never ends", "'abc", "t:abc@1:1 "},
        {"a long text that never ends", "[[abc", "t:abc@1:1 "},
        {"a comment that never ends", "a --[[ b", "n:a@1:1 "},
        {"a backslash at the very end", "'a\\", "t:a\\@1:1 "},
        {"nothing", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[1024] = "";
        zw_source source;
        zw_word word;
        print_message("  %s\n", rows[i].why);
        zw_source_open(&source, zw_text_of(rows[i].text));
        for (zw_source_next(&source, &word); word.is != ZW_WORD_END;
             zw_source_next(&source, &word)) {
            static const char kinds[] = {[ZW_WORD_NAME] = 'n',
                                         [ZW_WORD_TEXT] = 't',
                                         [ZW_WORD_NUMBER] = '#',
                                         [ZW_WORD_MARK] = 'm'};
            size_t len = strlen(words);
            (void)snprintf(words + len, sizeof words - len, "%c:%.*s@%u:%u ", kinds[word.is],
                           (int)word.text.len, word.text.at, word.line, word.column);
        }
        assert_string_equal(words, rows[i].words);
    }
}

static const char file[] = "local m = measure 'm' {\n"
                           "  kind = 'flow', unit = 'kind',\n"
                           "  by = { kind = 1 }, ['every'] = 'month',\n"
                           "}\n"
                           "local n = measure('n')({ unit = 'x' })\n"
                           "local x = m:yoy() / n:yoy() -- m:lag()\n"
                           "x = m\n"
                           "  :lag(3) .. lag\n";

static void names_are_found_where_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        uint32_t line;
        const char *before, *name;
        zw_spot spot;
    } rows[] = {
        {"the first of its line", 1, NULL, "measure", {1, 11}},
        {"on a later line", 2, NULL, "measure", {5, 11}},
        {"twice on a line: nobody knows which", 6, ":", "yoy", {6, 0}},
        {"with its mark", 6, ":", "lag", {8, 4}},
        {"a name inside a comment is none", 6, NULL, "lag", {8, 0}},
        {"not there", 1, NULL, "area", {0, 0}},
        {"only before", 3, NULL, "kind", {3, 10}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        zw_spot spot = zw_source_name(zw_text_of(file), rows[i].line, rows[i].before, rows[i].name);
        assert_int_equal(spot.line, rows[i].spot.line);
        assert_int_equal(spot.column, rows[i].spot.column);
    }
}

static void fields_are_found_inside_their_own_braces(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        uint32_t line;
        const char *name, *field;
        zw_spot spot;
    } rows[] = {
        {"a field", 1, "m", "kind", {2, 3}},
        {"a value of that name is passed over", 1, "m", "unit", {2, 18}},
        {"a field written as a text", 1, "m", "every", {3, 23}},
        {"a field deeper down is another's", 1, "m", "flow", {0, 0}},
        {"braces inside brackets are still deeper", 5, "n", "unit", {0, 0}},
        {"no such declaration", 1, "q", "kind", {0, 0}},
        {"the declaration stands before", 2, "m", "kind", {0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        zw_spot spot = zw_source_field(zw_text_of(file), rows[i].line, rows[i].name, rows[i].field);
        assert_int_equal(spot.line, rows[i].spot.line);
        assert_int_equal(spot.column, rows[i].spot.column);
    }
}

static void texts_are_found_where_they_stand(void **state)
{
    (void)state;
    zw_spot spot = zw_source_text(zw_text_of(file), 1, "month");
    assert_true(spot.line == 3 && spot.column == 34);
    assert_int_equal(zw_source_text(zw_text_of(file), 4, "month").line, 0);
}

static void keywords_are_no_names(void **state)
{
    (void)state;
    assert_true(zw_source_is_keyword(zw_text_of("end")));
    assert_true(zw_source_is_keyword(zw_text_of("goto")));
    assert_false(zw_source_is_keyword(zw_text_of("measure")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_word_by_word),
        cmocka_unit_test(names_are_found_where_they_stand),
        cmocka_unit_test(fields_are_found_inside_their_own_braces),
        cmocka_unit_test(texts_are_found_where_they_stand),
        cmocka_unit_test(keywords_are_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
