/* `status`: what fires, with the exit codes a monitoring system reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void the_exit_code_is_the_worst_state(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "good.csv", "measure,area,period,value\nmoney,land,2022-01,5000\n");
    desk_write(&desk, "poor.csv", "measure,area,period,value\nmoney,land,2022-02,5\n");
    desk_expect(&desk, "status|@|--db|@/a.db", 3);
    desk_expect(&desk, "import|@|@/good.csv|--db|@/a.db", 0);
    desk_expect(&desk, "status|@|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "ZONEWATCH OK - 0 critical, 0 warning"));
    desk_expect(&desk, "import|@|@/poor.csv|--db|@/a.db", 0);
    desk_expect(&desk, "status|@|--db|@/a.db", 1);
    assert_non_null(strstr(desk.out, "warning  poor land"));
    desk_expect(&desk, "status|@|--url|http://127.0.0.1:8420", 3);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_code_is_the_worst_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
