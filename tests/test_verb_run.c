/* `run --once`: one turn, what is due delivered, the state printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void once_prints_the_state_and_delivers(void **state)
{
    (void)state;
    static struct desk desk;
    char text[4096];
    desk_open(&desk);
    (void)snprintf(text, sizeof(text),
                   "%snotify \"office\" { to = { log(), webhook(secret \"NO_SUCH_SECRET\") } }\n",
                   desk_pack);
    desk_write(&desk, "init.lua", text);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,500\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--synthetic|--known-at|2022-02-10", 0);
    desk_expect(&desk, "run|@|--once|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "plan"));
    assert_non_null(strstr(desk.out, "due_awaiting_data"));
    assert_non_null(strstr(desk.out, "broken"));
    assert_non_null(strstr(desk.out, "Open alerts\n  warning  since 2022-02-10  poor land"));
    assert_non_null(strstr(desk.out, "synthetic are made up"));
    assert_non_null(strstr(desk.err, "[warning] poor land"));
    assert_non_null(strstr(desk.err, "secret 'NO_SUCH_SECRET' is not set"));
    desk_expect(&desk, "run|@|--once|--db|@/a.db", 0);
    assert_null(strstr(desk.err, "[warning] poor land")); /* it was said */
    desk_close(&desk);
}

static void secrets_come_from_files_too(void **state)
{
    (void)state;
    static struct desk desk;
    char text[4096];
    desk_open(&desk);
    (void)snprintf(text, sizeof(text),
                   "%snotify \"office\" { to = webhook(secret \"FILE_HOOK\") }\n", desk_pack);
    desk_write(&desk, "init.lua", text);
    desk_write(&desk, "FILE_HOOK", "ftp://127.0.0.1/never\n");
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,500\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "run|@|--once|--db|@/a.db|--secrets|@", 0);
    assert_non_null(strstr(desk.err, "not delivered"));
    assert_null(strstr(desk.err, "ftp://")); /* a secret is never printed */
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_prints_the_state_and_delivers),
        cmocka_unit_test(secrets_come_from_files_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
