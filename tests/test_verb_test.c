/* `test`: the pack's own tests, and what none of them touches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void tests_pass_or_say_what_failed(void **state)
{
    (void)state;
    static struct desk desk;
    char text[4096];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_expect(&desk, "test|@", 0);
    assert_non_null(strstr(desk.out, "ok      enough is enough"));
    assert_non_null(strstr(desk.out, "no test touches alert 'poor'"));
    assert_non_null(strstr(desk.out, "1 of 1 tests passed"));
    (void)snprintf(text, sizeof(text),
                   "%stest \"wrong\" { given = { [money] = { [\"2022-01\"] = 1 } }, expect = { "
                   "[enough] = { [\"2022-01\"] = true } } }\n",
                   desk_pack);
    desk_write(&desk, "init.lua", text);
    desk_expect(&desk, "test|@", 1);
    assert_non_null(strstr(desk.out, "FAILED  wrong"));
    assert_non_null(strstr(desk.out, "expected true, found false"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_pass_or_say_what_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
