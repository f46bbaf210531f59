/* `silence` and `ack`, in the store itself; how a running process is asked: test_through.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static const char pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "alert \"poor\" { each = north, warning = money:under(10) }\n";

static void open_poor(struct desk *desk)
{
    desk_open(desk);
    desk_write(desk, "init.lua", pack);
    desk_write(desk, "jan.csv", "measure,area,period,value\nmoney,north,2022-01,3\n");
    desk_expect(desk, "import|@|@/jan.csv|--db|@/a.db", 0);
}

static void a_silence_is_made_listed_and_ended(void **state)
{
    (void)state;
    static struct desk desk;
    open_poor(&desk);
    desk_expect(&desk, "silence|@|--db|@/a.db", 0);
    assert_string_equal(desk.out, "");
    desk_expect(&desk, "silence|@|--db|@/a.db|--area|north|--for|2h|--author|bo|--reason|the move",
                0);
    assert_non_null(strstr(desk.out, "silence 1 active: area=north, "));
    assert_non_null(strstr(desk.out, ", by bo: the move\n"));
    desk_expect(&desk, "silence|@|--db|@/a.db|--json", 0);
    assert_non_null(strstr(desk.out, "[{\"id\":1,\"alert\":null,\"area\":\"north\""));
    desk_expect(&desk, "silence|@|--db|@/a.db|--delete|1|--author|al", 0);
    assert_non_null(strstr(desk.out, "silence 1 over: area=north"));
    desk_expect(&desk, "silence|@|--db|@/a.db|--delete|1", 1);
    assert_non_null(strstr(desk.err, "silence 1 is over"));
    desk_close(&desk);
}

static void what_fires_is_acknowledged(void **state)
{
    (void)state;
    static struct desk desk;
    open_poor(&desk);
    desk_expect(&desk, "ack|@|--db|@/a.db|--alert|poor|--area|north|--author|bo|--note|seen", 0);
    assert_string_equal(desk.out, "acknowledged: warning poor north\n");
    desk_expect(&desk, "ack|@|--db|@/a.db|--alert|poor|--area|land|--author|bo", 1);
    assert_non_null(strstr(desk.err, "poor does not fire there"));
    desk_close(&desk);
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } rows[] = {
        {"silence|@|@|--area|north", 2, "expected at most one PACK"},
        {"silence|@|--delete|one", 2, "'one' is no number of a silence"},
        {"silence|@|--are|north", 2, "did you mean 'area'?"},
        {"silence|@|--db|@/a.db|--area|nort|--for|2h|--author|bo|--reason|x", 1,
         "no area 'nort'; did you mean 'north'?"},
        {"silence|@|--db|@/a.db|--area|north|--author|bo|--reason|x", 1, "say when it ends"},
        {"ack|@|--db|@/a.db", 2, "say which alert: --alert NAME"},
        {"ack|@|--db|@/a.db|--alert|por|--author|bo", 1, "no alert 'por'; did you mean 'poor'?"},
        {"silence|--url|http://127.0.0.1:1", 1, "http://127.0.0.1:1: "},
    };
    (void)state;
    static struct desk desk;
    open_poor(&desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        desk_expect(&desk, rows[i].line, rows[i].code);
        if (strstr(desk.err, rows[i].says) == NULL) {
            fail_msg("%s: %s", rows[i].line, desk.err);
        }
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silence_is_made_listed_and_ended),
        cmocka_unit_test(what_fires_is_acknowledged),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
