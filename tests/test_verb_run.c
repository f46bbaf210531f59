/* `run --once`: one turn, what is due delivered, the state printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

#include <signal.h>
#include <sys/resource.h>

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

/* No file grows beyond so many bytes; a write that would says that the disk is full. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void what_cannot_be_written_down_is_not_said_again_and_again(void **state)
{
    enum { AREAS = 60, ROW_BYTES = 32, FULL_BYTES = 65536 };
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "for i = 1, 60 do area(\"a\" .. i) { within = land } end\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
        "alert \"poor\" { each = land.areas, warning = money:under(10), say = \"{area} is poor\" "
        "}\n"
        "notify \"office\" { to = log() }\n";
    (void)state;
    static struct desk desk;
    char rows[ROW_BYTES * (AREAS + 1)] = "measure,area,period,value\n";
    for (int i = 1; i <= AREAS; i++) {
        (void)snprintf(rows + strlen(rows), ROW_BYTES, "money,a%d,2022-01,5\n", i);
    }
    desk_open(&desk);
    desk_write(&desk, "init.lua", text);
    desk_write(&desk, "a.csv", rows);
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(FULL_BYTES);
    desk_expect(&desk, "run|@|--once|--db|@/a.db", 0);
    limit_files(RLIM_INFINITY);
    (void)signal(SIGXFSZ, SIG_DFL);
    const char *refused = strstr(desk.err, "error: message ");
    assert_non_null(refused);
    assert_null(strstr(refused + 1, "error: message ")); /* then it rests */
    desk_expect(&desk, "run|@|--once|--db|@/a.db", 0);
    assert_null(strstr(desk.err, "error: message "));
    assert_non_null(strstr(desk.err, "a60 is poor")); /* nothing is lost */
    desk_expect(&desk, "run|@|--once|--db|@/a.db", 0);
    assert_null(strstr(desk.err, "is poor"));
    desk_close(&desk);
}

static void a_limit_that_is_none_is_refused(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_expect(&desk, "run|@|--db|@/a.db|--max-bodies|none", 2);
    assert_non_null(strstr(desk.err, "--max-bodies: 'none' is no whole number"));
    desk_expect(&desk, "run|@|--db|@/a.db|--max-connections=0", 2);
    assert_non_null(strstr(desk.err, "--max-connections: '0' is no whole number"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_that_is_none_is_refused),
        cmocka_unit_test(once_prints_the_state_and_delivers),
        cmocka_unit_test(secrets_come_from_files_too),
        cmocka_unit_test(what_cannot_be_written_down_is_not_said_again_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
