/*
 * The editor's help, scripts/meta/zonewatch.lua, against what the program has, both ways: every
 * operation of handles, every field of each noun, every global function. What the
 * language has and the program has not yet may stand in it: the loader says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "script/library.h"
#include "script/method.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STUB_BYTES = 200000, LINE_BYTES = 256 };

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, STUB_BYTES);
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, STUB_BYTES - 1, file) < STUB_BYTES - 1);
    (void)fclose(file);
    return text;
}

static char *read_stub(void)
{
    return read_file(ZW_SOURCE_DIR "/scripts/meta/zonewatch.lua");
}

/* What a handle is called in the stub, by the bit of what has a method. */
static const struct {
    unsigned bit;
    const char *table, *sample; /* an expression of that kind over `head` */
} kinds[] = {
    {ZW_ON_NUMBER, "number_expression", "m"},
    {ZW_ON_TRUTH, "truth_expression", "m:over(1)"},
    {ZW_ON_WINDOW, "window_expression", "m:rolling(2)"},
    {ZW_ON_PARTS, "parts_expression", "m:areas()"},
    {ZW_ON_TARGET, "target_handle", "t"},
    {ZW_ON_RULE, "rule_handle", "r"},
    {ZW_ON_ALERT, "alert_handle", "a"},
    {ZW_ON_REGISTER, "register_handle", "g"},
    {ZW_ON_VALUES, "values_expression", "g:values 'f'"},
    {ZW_ON_TEXT, "text_expression", "g:top 'f'"},
};

static void every_operation_has_its_line(void **state)
{
    (void)state;
    static const zw_method *const tables[] = {zw_time_methods, zw_space_methods, zw_truth_methods,
                                              zw_target_methods, zw_register_methods};
    char *stub = read_stub();
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (const zw_method *method = tables[i]; method->name != NULL; method++) {
            bool has_line = false;
            for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
                char line[LINE_BYTES];
                (void)snprintf(line, sizeof(line), "\nfunction %s:%s(", kinds[k].table,
                               method->name);
                has_line = has_line || ((method->on & kinds[k].bit) != 0 && strstr(stub, line));
            }
            if (!has_line) {
                fail_msg("scripts/meta/zonewatch.lua lacks: function …:%s(…) end", method->name);
            }
        }
    }
    for (const luaL_Reg *function = zw_pointwise_functions; function->name != NULL; function++) {
        char line[LINE_BYTES];
        (void)snprintf(line, sizeof(line), "\nfunction %s(", function->name);
        if (strstr(stub, line) == NULL) {
            fail_msg("scripts/meta/zonewatch.lua lacks: function %s(…) end", function->name);
        }
    }
    free(stub);
}

/* The mistakes of a text that begins with a little pack, as one text. */
static void load(const char *text, zw_buf *out)
{
    static const char head[] =
        "local z = zone 'z' { timezone = 'UTC' } local m = measure 'm' { kind = 'flow', unit = "
        "'x', "
        "every = 'month' } local g = register 'g' { fields = { 'f' } } local t = target 't' { m, "
        "over = { [2022] = 1 } } local r = rule 'r' { must = m:over(1) } local a = alert 'a' { "
        "warning = m:over(1) }\n";
    zw_buf all;
    zw_pack *pack;
    zw_script *script;
    zw_err err;
    zw_buf_init(&all, STUB_BYTES);
    zw_buf_clear(out);
    assert_true(zw_buf_printf(&all, "%s%s", head, text));
    assert_int_equal(
        zw_script_load_text("p", (zw_text){zw_buf_view(&all), all.len}, NULL, &pack, &script, &err),
        ZW_OK);
    for (size_t i = 0; i < pack->problem_count; i++) {
        zw_pack_problem_text(pack, &pack->problems[i], out);
    }
    zw_script_destroy(script);
    zw_pack_destroy(pack);
    zw_buf_fini(&all);
}

/* The word behind `start` at the beginning of a line; false when the line begins otherwise. */
static bool word_behind(const char *line, const char *start, char *out, size_t size)
{
    size_t len = strlen(start);
    if (strncmp(line, start, len) != 0) {
        return false;
    }
    size_t word = strspn(line + len, "abcdefghijklmnopqrstuvwxyz_");
    (void)snprintf(out, size, "%.*s", (int)word, line + len);
    return true;
}

/* One line of the stub, as a text that only loads when the program knows it too. */
static void check_line(const char *line, char *noun, zw_buf *lines)
{
    char word[LINE_BYTES];
    char text[2 * LINE_BYTES];
    char refusal[2 * LINE_BYTES];
    if (word_behind(line, "---@class zonewatch.fields.", noun, LINE_BYTES)) {
        return;
    }
    if (noun[0] != '\0' && word_behind(line, "---@field ", word, sizeof(word))) {
        (void)snprintf(text, sizeof(text), "%s 'x' { %s = {} }", noun, word);
        (void)snprintf(refusal, sizeof(refusal), "has no field '%s'", word);
    } else if (word_behind(line, "function ", word, sizeof(word))) {
        noun[0] = '\0';
        const char *colon = line + strlen("function ") + strlen(word);
        char operation[LINE_BYTES] = "";
        (void)word_behind(colon, ":", operation, sizeof(operation));
        const char *sample = "";
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
            sample = strcmp(kinds[k].table, word) == 0 ? kinds[k].sample : sample;
        }
        (void)snprintf(text, sizeof(text), "local x = %s", word);
        (void)snprintf(refusal, sizeof(refusal), "'%s' is not declared", word);
        if (operation[0] != '\0') {
            assert_true(sample[0] != '\0');
            (void)snprintf(text, sizeof(text), "local h = %s local x = h.%s", sample, operation);
            (void)snprintf(refusal, sizeof(refusal), "has no operation '%s'", operation);
        }
    } else {
        return;
    }
    load(text, lines);
    if (strstr(zw_buf_view(lines), refusal) != NULL) {
        fail_msg("scripts/meta/zonewatch.lua has too much: %s: %s", text, zw_buf_view(lines));
    }
}

static void every_line_has_its_operation_field_or_function(void **state)
{
    (void)state;
    char *stub = read_stub();
    char noun[LINE_BYTES] = "";
    char *next = NULL;
    size_t count = 0;
    zw_buf lines;
    zw_buf_init(&lines, STUB_BYTES);
    for (char *line = strtok_r(stub, "\n", &next); line != NULL;
         line = strtok_r(NULL, "\n", &next)) {
        check_line(line, noun, &lines);
        count++;
    }
    assert_true(count > 100);
    zw_buf_fini(&lines);
    free(stub);
}

/* The fields that a noun's file names, looked for in the noun's class (in one of several). */
static void check_fields(const char *path, const char *stub)
{
    char *source = read_file(path);
    for (char *at = strstr(source, ", ZW_FIELD_"); at != NULL; at = strstr(at + 1, ", ZW_FIELD_")) {
        char line[LINE_BYTES];
        char *open = at - 1;
        while (open > source && open[-1] != '"') {
            open--;
        }
        if (at[-1] != '"') { /* the end of a schema, or some other use */
            continue;
        }
        (void)snprintf(line, sizeof(line), "\n---@field %.*s? ", (int)(at - 1 - open), open);
        if (strstr(stub, line) == NULL) {
            fail_msg("scripts/meta/zonewatch.lua lacks: %s (%s)", line + 1, path);
        }
    }
    free(source);
}

static void every_field_has_its_line(void **state)
{
    (void)state;
    static const char *const nouns[] = {"zone", "measure", "register", "indicator", "target",
                                        "rule", "alert",   "guard",    "notify",    "test"};
    char *stub = read_stub();
    for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
        char path[512];
        char class[LINE_BYTES];
        (void)snprintf(path, sizeof(path), ZW_SOURCE_DIR "/core/script/noun_%s.c", nouns[i]);
        (void)snprintf(class, sizeof(class), "\n---@class zonewatch.fields.%s\n", nouns[i]);
        char *start = strstr(stub, class);
        assert_non_null(start);
        /* noun_zone.c holds those of zone and area, which follow each other. */
        char *end = strstr(start, i == 0 ? "\nfunction area(" : "\nfunction ");
        assert_non_null(end);
        char kept = *end;
        *end = '\0';
        check_fields(path, start);
        *end = kept;
    }
    free(stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_its_line),
        cmocka_unit_test(every_line_has_its_operation_field_or_function),
        cmocka_unit_test(every_field_has_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
