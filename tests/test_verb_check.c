/* `check`: every mistake on a line of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void each_mistake_is_one_line(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_expect(&desk, "check|@", 0);
    assert_non_null(strstr(desk.out, "no mistakes"));
    desk_write(&desk, "init.lua",
               "local land = zone \"land\" { timezone = \"UTC\" }\n"
               "local money = measure \"money\" { knd = \"flow\", kind = \"flow\", unit = \"CNY\", "
               "every = \"month\" }\n"
               "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = "
               "\"month\" }\n"
               "indicator \"both\" { firms + firms:yoyo() }\n");
    desk_expect(&desk, "check|@", 1);
    assert_non_null(strstr(desk.err, "init.lua:2:"));
    assert_non_null(strstr(desk.err, "did you mean 'kind'?"));
    assert_non_null(strstr(desk.err, "init.lua:4:"));
    assert_non_null(strstr(desk.err, "2 mistakes"));
    desk_expect(&desk, "check|@|--json", 1);
    assert_non_null(strstr(desk.out, "\"line\": 2"));
    desk_expect(&desk, "check|@/nowhere", 1);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
