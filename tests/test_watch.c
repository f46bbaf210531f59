/* The embedding face: what a program may ask, and what it is told when it asks wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zonewatch/zonewatch.h>

#include <string.h>

static int64_t stand_still(void *arg)
{
    return *(int64_t *)arg;
}

static void a_program_is_told_what_it_asked_wrongly(void **state)
{
    static const struct {
        const char *why, *expression, *area, *period, *as_of, *text;
    } cases[] = {
        {"no such name", "visitor", NULL, NULL, NULL, "visitor"},
        {"no such area", "visitors", "eats", NULL, NULL, "no area 'eats'; did you mean 'east'?"},
        {"another grid", "visitors", NULL, "2024", NULL, "'2024' is no month"},
        {"no period at all", "visitors", NULL, "soon", NULL, "soon"},
        {"no as-of", "visitors", NULL, NULL, "then", "as-of"},
    };
    (void)state;
    int64_t now_ms = INT64_C(1706745600000);
    zw_options options = {
        .pack = ZW_SOURCE_DIR "/examples/embed", .now_ms = stand_still, .clock_arg = &now_ms};
    zw_watch *watch = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_open(&options, &watch, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_value value;
        assert_int_equal(zw_read(watch, cases[i].expression, cases[i].area, cases[i].period,
                                 cases[i].as_of, &value, &err),
                         ZW_INVALID);
        if (strstr(err.text, cases[i].text) == NULL) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
    }
    const char *verdict = NULL;
    assert_int_equal(zw_verdict_of(watch, "plan", NULL, "2022", NULL, &verdict, &err), ZW_INVALID);
    zw_close(watch);
}

static void what_is_not_known_says_why(void **state)
{
    (void)state;
    int64_t now_ms = INT64_C(1706745600000);
    zw_options options = {
        .pack = ZW_SOURCE_DIR "/examples/embed", .now_ms = stand_still, .clock_arg = &now_ms};
    zw_watch *watch = NULL;
    zw_value value;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_open(&options, &watch, &err), ZW_OK);
    assert_int_equal(zw_read(watch, "visitors", "east", "2024-01", NULL, &value, &err), ZW_OK);
    assert_true(value.is_missing);
    assert_string_equal(value.why, "no figure");
    zw_close(watch);
}

static void a_pack_or_a_clock_that_is_not_there_is_refused(void **state)
{
    (void)state;
    int64_t now_ms = 0;
    zw_watch *watch = NULL;
    zw_err err = {ZW_OK, ""};
    zw_options nowhere = {.pack = "/nowhere/at/all", .now_ms = stand_still, .clock_arg = &now_ms};
    zw_options no_clock = {.pack = ZW_SOURCE_DIR "/examples/embed"};
    assert_int_equal(zw_open(&nowhere, &watch, &err), ZW_NOT_FOUND);
    assert_null(watch);
    assert_int_equal(zw_open(&no_clock, &watch, &err), ZW_INVALID);
    zw_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_told_what_it_asked_wrongly),
        cmocka_unit_test(what_is_not_known_says_why),
        cmocka_unit_test(a_pack_or_a_clock_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
