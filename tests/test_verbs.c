/* The table of verbs: what is known, what is coming, what is a slip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void verbs_answer_with_the_exit_codes_they_promise(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *out, *err;
    } cases[] = {
        {"help", 0, "check", ""},
        {"--help", 0, "import", ""},
        {"chekc", 2, "", "no verb 'chekc'; did you mean 'check'?"},
        {"backtest", 1, "", "not yet: backtest"},
        {"check", 2, "", "expected one PACK"},
        {"eval|a", 2, "", "expected a PACK and an EXPR"},
        {"run|@|--lisen|x", 2, "", "did you mean 'listen'?"},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        desk_expect(&desk, cases[i].line, cases[i].code);
        if (strstr(desk.out, cases[i].out) == NULL || strstr(desk.err, cases[i].err) == NULL) {
            fail_msg("%s: %s%s", cases[i].line, desk.out, desk.err);
        }
    }
    assert_int_equal(zw_verbs_run(1, (char *[]){"zonewatch", NULL}, &(zw_io){stdout, stderr}), 2);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_answer_with_the_exit_codes_they_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
