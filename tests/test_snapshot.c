/* The snapshot of a state: written as a line and read back. */
#include "alert/ledger.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#define NEVER ZW_NEVER_MS
#define NO_TURNS .began_ms = {NEVER, NEVER, NEVER, NEVER}

static const struct {
    const char *why, *line;
    zw_alert_state is;
} lines[] = {
    {"the start",
     "ok 1 - - - - - 0 -",
     {.is = ZW_ALERT_OK, .active_ms = NEVER, .true_since_ms = {NEVER, NEVER, NEVER}, NO_TURNS}},
    {"ok at a front, long ago",
     "ok 1 - - - - - -86400000 -13",
     {.is = ZW_ALERT_OK,
      .since_ms = -86400000,
      .active_ms = NEVER,
      .true_since_ms = {NEVER, NEVER, NEVER},
      NO_TURNS,
      .has_front = true,
      .front = -13}},
    {"unknown",
     "unknown 1 - - - - - 12 0",
     {.is = ZW_ALERT_UNKNOWN,
      .since_ms = 12,
      .active_ms = NEVER,
      .true_since_ms = {NEVER, NEVER, NEVER},
      NO_TURNS,
      .has_front = true}},
    {"pending",
     "pending 1 warning 1709251200000 - 1709251200000 - 1709251200000 649",
     {.is = ZW_ALERT_PENDING,
      .severity = ZW_WARNING,
      .since_ms = INT64_C(1709251200000),
      .active_ms = INT64_C(1709251200000),
      .true_since_ms = {NEVER, INT64_C(1709251200000), NEVER},
      NO_TURNS,
      .has_front = true,
      .front = 649}},
    {"firing, every clock running",
     "firing 1 critical 1 2 3 4 5 6",
     {.is = ZW_ALERT_FIRING,
      .severity = ZW_CRITICAL,
      .since_ms = 5,
      .active_ms = 1,
      .true_since_ms = {2, 3, 4},
      NO_TURNS,
      .has_front = true,
      .front = 6}},
    {"recovering: firing, held by clear alone",
     "recovering 1 info 1 - - - 5 -",
     {.is = ZW_ALERT_FIRING,
      .severity = ZW_INFO,
      .is_recovering = true,
      .since_ms = 5,
      .active_ms = 1,
      .true_since_ms = {NEVER, NEVER, NEVER},
      NO_TURNS}},
    {"ok, as revised, after it began once",
     "ok 2 - - - - - 7 3 revised - 5 - - -",
     {.is = ZW_ALERT_OK,
      .is_revised = true,
      .since_ms = 7,
      .active_ms = NEVER,
      .true_since_ms = {NEVER, NEVER, NEVER},
      .began_ms = {5, NEVER, NEVER, NEVER},
      .has_front = true,
      .front = 3}},
    {"flapping",
     "firing 2 info 8 8 - - 8 - - 8 8 6 4 2",
     {.is = ZW_ALERT_FIRING,
      .severity = ZW_INFO,
      .since_ms = 8,
      .active_ms = 8,
      .true_since_ms = {8, NEVER, NEVER},
      .began_ms = {8, 6, 4, 2},
      .is_flapping = true,
      .turned_ms = 8}},
};

static void a_line_says_everything_of_a_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        zw_buf line;
        zw_alert_state read;
        print_message("  %s\n", lines[i].why);
        zw_buf_init(&line, 512);
        zw_alert_state_write(&lines[i].is, &line);
        assert_string_equal(zw_buf_view(&line), lines[i].line);
        zw_buf_fini(&line);
        assert_true(zw_alert_state_read(zw_text_of(lines[i].line), &read));
        assert_true(zw_alert_state_same(&read, &lines[i].is));
        assert_int_equal(read.has_front, lines[i].is.has_front);
        assert_int_equal(read.front, lines[i].is.front);
        assert_int_equal(read.is_revised, lines[i].is.is_revised);
        assert_memory_equal(read.began_ms, lines[i].is.began_ms, sizeof read.began_ms);
    }
}

static void a_damaged_line_is_not_read(void **state)
{
    (void)state;
    static const struct {
        const char *why, *line;
    } rows[] = {
        {"empty", ""},
        {"one word", "ok"},
        {"a word too few", "ok 1 - - - - - 0"},
        {"a word too many", "ok 1 - - - - - 0 - -"},
        {"a blank too many", "ok 1 - - - - - 0 - "},
        {"a blank in front", " ok 1 - - - - - 0 -"},
        {"two blanks", "ok 1  - - - - - 0 -"},
        {"another version", "ok 3 - - - - - 0 -"},
        {"version 2 with the words of 1", "ok 2 - - - - - 0 -"},
        {"version 1 with the words of 2", "ok 1 - - - - - 0 - - - - - - -"},
        {"version 2 a word too few", "ok 2 - - - - - 0 - - - - - -"},
        {"version 2 a word too many", "ok 2 - - - - - 0 - - - - - - - -"},
        {"a word that is not revised", "ok 2 - - - - - 0 - once - 5 - - -"},
        {"a state nobody knows", "muted 1 - - - - - 0 -"},
        {"recovering without severity", "recovering 1 - - - - - 0 -"},
        {"a severity nobody knows", "firing 1 fatal 1 2 3 4 5 6"},
        {"firing without severity", "firing 1 - 1 2 3 4 5 6"},
        {"ok with severity", "ok 1 info - - - - 0 -"},
        {"a moment with letters", "firing 1 critical 1 2 3 4x 5 6"},
        {"a moment with a fraction", "firing 1 critical 1 2 3 4.5 5 6"},
        {"a moment too large", "firing 1 critical 1 2 3 9223372036854775808 5 6"},
        {"never, as a number", "firing 1 critical 1 2 3 9223372036854775807 5 6"},
        {"no last move", "ok 1 - - - - - - -"},
        {"ok with a beginning", "ok 1 - 1 - - - 2 -"},
        {"unknown with a clock", "unknown 1 - - - 1 - 2 -"},
        {"firing without a beginning", "firing 1 info - 2 3 4 5 6"},
        {"it began after it last moved", "pending 1 info 6 2 3 4 5 6"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_state read;
        if (zw_alert_state_read(zw_text_of(rows[i].line), &read)) {
            fail_msg("%s: %s was read", rows[i].why, rows[i].line);
        }
        zw_alert_state start = zw_alert_state_start(0);
        assert_true(zw_alert_state_same(&read, &start));
    }
    char endless[4096];
    zw_alert_state read;
    memset(endless, ' ', sizeof endless);
    assert_false(zw_alert_state_read((zw_text){endless, sizeof endless}, &read));
    assert_false(zw_alert_state_read((zw_text){"ok 1 - - - - - 0 -", 17}, &read));
}

static void refused_memory_shows_in_the_buffer(void **state)
{
    (void)state;
    zw_alert_state s = zw_alert_state_start(0);
    zw_buf line;
    zw_buf_init(&line, 512);
    failing_alloc_after(0);
    zw_alert_state_write(&s, &line);
    assert_true(failing_alloc_stop());
    assert_true(line.has_failed);
    zw_buf_fini(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_everything_of_a_state),
        cmocka_unit_test(a_damaged_line_is_not_read),
        cmocka_unit_test(refused_memory_shows_in_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
