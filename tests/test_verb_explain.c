/* `explain`: for people and as JSON, of values, truths, verdicts and alerts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

#include <jansson.h>

static void a_name_is_explained(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says[4];
    } cases[] = {
        {"explain|@|year|--period|2022|--db|@/a.db",
         0,
         {"year at land, as known ", "\nyear = money:year() land 2022", "├ money land 2022-01",
          "a.csv:2 of delivery 1, known 2022-02-10, arrived "}},
        {"explain|@|year|--period|2022|--json|--db|@/a.db",
         0,
         {"\"line\":3,", "\"text\":\"money,south,2022-01,10000\"", "", ""}},
        {"explain|@|money|--area|north|--period|2022-01|--as-of|2022-02-05|--db|@/a.db",
         0,
         {"as known 2022-02-05T23:59\n", "missing: no figure", "", ""}},
        {"explain|@|enough|--area|land|--db|@/a.db",
         0,
         {"\nmust\nmoney:over(10000000) land", "init.lua:8", "", ""}},
        {"explain|@|plan|--db|@/a.db",
         0,
         {"over 6.0 (1e8 CNY) in 2022: ", "due_awaiting_data", "", ""}},
        {"explain|@|poor|--db|@/a.db",
         0,
         {"\nok: it never moved\n", "\nwarning\nenough:broken()", "", ""}},
        {"explain|@|money * 2|--area|south|--db|@/a.db", 0, {"money * 2 at south", "", "", ""}},
        {"explain|@|mony|--db|@/a.db", 1, {"mony", "", "", ""}},
        {"explain|@|money|--db|@/none.db", 1, {"none.db", "", "", ""}},
        {"explain|@|money|--area|nroth|--db|@/a.db", 1, {"did you mean 'north'?", "", "", ""}},
        {"explain|@|--db|@/a.db", 2, {"expected a PACK and a NAME", "", "", ""}},
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
        const char *said = cases[i].code == 0 ? desk.out : desk.err;
        for (size_t s = 0; s < 4; s++) {
            if (strstr(said, cases[i].says[s]) == NULL) {
                fail_msg("%s: no '%s' in\n%s", cases[i].line, cases[i].says[s], said);
            }
        }
    }
    desk_expect(&desk, "explain|@|year|--period|2022|--json|--db|@/a.db", 0);
    json_t *json = json_loads(desk.out, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(json, "name")), "year");
    json_decref(json);
    desk_write(&desk, "b.csv",
               "measure,area,period,value\nmoney,north,2022-03,100\nmoney,south,2022-03,100\n");
    desk_expect(&desk, "import|@|@/b.csv|--db|@/a.db|--known-at|2022-04-10", 0);
    desk_expect(&desk, "explain|@|poor|--db|@/a.db", 0);
    assert_non_null(
        strstr(desk.out, "\nwarning since 2022-04-10\n  2022-04-10  warning   2022-03"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
