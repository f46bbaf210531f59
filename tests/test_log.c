/* Tests of the log. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct heard {
    int count;
    zw_log_level level;
    char line[4096];
};

static void heard_on_line(void *arg, zw_log_level level, const char *line)
{
    struct heard *heard = arg;
    heard->count++;
    heard->level = level;
    (void)snprintf(heard->line, sizeof heard->line, "%s", line);
}

static void a_line_reaches_whoever_listens(void **state)
{
    (void)state;
    struct heard heard = {0};
    zw_log log = {.write = heard_on_line, .arg = &heard};
    zw_log_say(&log, ZW_LOG_ERROR, "batch %d: %s", 7, "refused");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.level, ZW_LOG_ERROR);
    assert_string_equal(heard.line, "batch 7: refused");
}

static void what_lies_below_the_least_level_is_dropped(void **state)
{
    (void)state;
    struct heard heard = {0};
    zw_log log = {.write = heard_on_line, .arg = &heard, .least = ZW_LOG_WARNING};
    zw_log_say(&log, ZW_LOG_DEBUG, "a");
    zw_log_say(&log, ZW_LOG_INFO, "b");
    assert_int_equal(heard.count, 0);
    zw_log_say(&log, ZW_LOG_WARNING, "c");
    zw_log_say(&log, ZW_LOG_ERROR, "d");
    assert_int_equal(heard.count, 2);
}

static void a_log_without_a_listener_swallows_everything(void **state)
{
    (void)state;
    struct heard heard = {0};
    zw_log log = {.arg = &heard};
    zw_log_say(&log, ZW_LOG_ERROR, "a");
    zw_log_say(NULL, ZW_LOG_ERROR, "a");
    assert_int_equal(heard.count, 0);
}

static void one_call_is_one_line(void **state)
{
    (void)state;
    struct heard heard = {0};
    zw_log log = {.write = heard_on_line, .arg = &heard};
    zw_log_say(&log, ZW_LOG_INFO, "%s", "a\r\nerror: forged\n");
    assert_string_equal(heard.line, "a  error: forged");
}

static void a_line_that_is_too_long_is_cut_at_a_character(void **state)
{
    (void)state;
    struct heard heard = {0};
    zw_log log = {.write = heard_on_line, .arg = &heard};
    char name[6001] = "";
    for (size_t i = 0; i + 3 < sizeof name; i += 3) {
        (void)snprintf(name + i, 4, "\xE4\xB8\xAD");
    }
    for (int pad = 0; pad < 3; pad++) {
        zw_log_say(&log, ZW_LOG_INFO, "%.*s%s", pad, "ab", name);
        assert_in_range(strlen(heard.line), 1000, 3000);
        assert_true(zw_text_is_utf8(heard.line, strlen(heard.line), NULL));
    }
}

static void every_level_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(zw_log_level_name(ZW_LOG_DEBUG), "debug");
    assert_string_equal(zw_log_level_name(ZW_LOG_INFO), "info");
    assert_string_equal(zw_log_level_name(ZW_LOG_WARNING), "warning");
    assert_string_equal(zw_log_level_name(ZW_LOG_ERROR), "error");
    assert_string_equal(zw_log_level_name((zw_log_level)9), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_reaches_whoever_listens),
        cmocka_unit_test(what_lies_below_the_least_level_is_dropped),
        cmocka_unit_test(a_log_without_a_listener_swallows_everything),
        cmocka_unit_test(one_call_is_one_line),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(every_level_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
