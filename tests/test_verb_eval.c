/* `eval`: any expression, at one period, over several, the newest, as of a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void answers_are_as_people_read_them(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *out;
    } cases[] = {
        {"eval|@|money|--area|north|--period|2022-01|--db|@/a.db", 0, "2.0 (1e8 CNY, synthetic)\n"},
        {"eval|@|money|--period|2022-01|--db|@/a.db|--as-of|2022-02-05", 0, "missing: no figure\n"},
        {"eval|@|money|--period|2022-01|--db|@/a.db|--as-of|2022-02-10", 0,
         "3.0 (1e8 CNY, synthetic)\n"},
        {"eval|@|money|--db|@/a.db|--area|north", 0, "2022-02  1.0 (1e8 CNY, synthetic)\n"},
        {"eval|@|money|--area|north|--from|2022-01|--to|2022-03|--db|@/a.db", 0,
         "2022-01  2.0 (1e8 CNY, synthetic)\n2022-02  1.0 (1e8 CNY, synthetic)\n2022-03  missing: "
         "no figure\n"},
        {"eval|@|enough:broken()|--period|2022-01|--db|@/a.db", 0, "false (synthetic)\n"},
        {"eval|@|money + share|--db|@/a.db", 1, ""},
        {"eval|@|mony|--db|@/a.db", 1, ""},
        {"eval|@|money|--period|2022|--db|@/a.db", 1, ""},
        {"eval|@|money|--area|nroth|--db|@/a.db", 1, ""},
        {"eval|@|money|--db|@/none.db", 1, ""},
        {"eval|@|money|--period|2022-01|--to|2022-03|--db|@/a.db", 2, ""},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv",
               "measure,area,period,value\nmoney,north,2022-01,20000\nmoney,south,2022-01,"
               "10000\nmoney,north,2022-02,10000\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--synthetic|--known-at|2022-02-10", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        desk_expect(&desk, cases[i].line, cases[i].code);
        assert_string_equal(desk.out, cases[i].out);
    }
    desk_expect(&desk, "eval|@|money|--area|north|--period|2022-01|--json|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "\"value\":200000000.0"));
    assert_non_null(strstr(desk.out, "\"synthetic\":true"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_as_people_read_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
