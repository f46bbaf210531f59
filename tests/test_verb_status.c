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

static void each_alert_is_listed_with_its_last_move(void **state)
{
    static const char pack[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local money = measure \"money\" { kind = \"stock\", unit = \"CNY\", every = \"month\" }\n"
        "alert \"waits\" { hold = \"99 years\", warning = money:under(10) }\n"
        "alert \"runs\" { hold = periods(3), warning = money:under(10) }\n"
        "alert \"nears\" { warning = money:under(3), clear = money:over(7) }\n"
        "alert \"fine\" { warning = money:over(90) }\n"
        "alert \"each\" { per = \"period\", critical = money:under(3) }\n";
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", pack);
    desk_write(&desk, "a.csv",
               "measure,area,period,value,known_at\nmoney,land,2022-01,2,2022-02-05\n"
               "money,land,2022-02,5,2022-03-05\nmoney,land,2022-01,4,2022-04-05\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "status|@|--db|@/a.db|--alerts", 1);
    static const char *const lines[] = {
        "\npending    waits land   since 2022-02-05T00:00:00+00:00, fires "
        "2121-02-05T00:00:00+00:00\n",
        "\npending    runs land   since 2022-02-05T00:00:00+00:00, fires when 3 periods running "
        "are "
        "so\n",
        "\nrecovering nears land   since 2022-03-05T00:00:00+00:00\n",
        "\nok         fine land   since ",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strstr(desk.out, lines[i]) == NULL) {
            fail_msg("no %s in %s", lines[i], desk.out);
        }
    }
    assert_null(strstr(desk.out, "each land")); /* it ended, and is one of many */
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_code_is_the_worst_state),
        cmocka_unit_test(each_alert_is_listed_with_its_last_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
