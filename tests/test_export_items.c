/* `export --what items`: what comes out goes in again and answers the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static const char pack[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "area \"east\" { within = land }\n"
    "area \"west\" { within = land }\n"
    "register \"calls\" { fields = { \"type\", paid = \"1e4 CNY\" }, states = { \"posted\", "
    "\"awarded\" } }\n"
    "register \"firms\" { fields = { \"type\", \"leader\" } }\n";

#define HEADER "register,item,area,at,state,known_at,source,note,synthetic,type,paid,leader\n"

static const char rows[] =
    HEADER "calls,c1,east,2024-01-01,posted,2024-01-05,\"office, east\",,,lab,12.50,\n"
           "firms,f1,west,2024-01-01,,2024-01-05,,said so,,ai,,\"Li \"\"Old\"\" Wei\"\n"
           "calls,c1,,2024-02-01T10:00:00+08:00,awarded,2024-02-05,,,,,,\n"
           "calls,c1,west,2024-02-01T10:00:00+08:00,,2024-03-05,,,,,,\n"
           "calls,,east,2024-03-01,,2024-03-05,,,,,,\n"
           "firms,f1,,2024-04-01,left,2024-04-05,,,,,,\n";

static void rows_go_in_again_and_come_out_the_same(void **state)
{
    (void)state;
    static struct desk desk;
    static char first[SAID_BYTES];
    desk_open(&desk);
    desk_write(&desk, "init.lua", pack);
    desk_write(&desk, "a.csv", rows);
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--synthetic", 0);
    assert_non_null(strstr(desk.err, "6 rows, 0 unchanged, 1 revised"));
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--synthetic", 0);
    assert_non_null(strstr(desk.err, "the same delivery again, nothing changed"));
    desk_expect(&desk, "export|@|--what|items|--db|@/a.db|-o|@/out.csv", 0);
    desk_expect(&desk, "export|@|--what|items|--db|@/a.db", 0);
    (void)strcpy(first, desk.out);
    assert_non_null(strstr(first,
                           HEADER "calls,c1,east,2024-01-01,posted,2024-01-05T00:00:00+08:00,"
                                  "\"office, east\",,synthetic,lab,12.5,\n"));
    assert_non_null(strstr(first, ",a.csv,said so,synthetic,ai,,\"Li \"\"Old\"\" Wei\"\n"));
    assert_non_null(strstr(first, "calls,c1,west,2024-02-01T10:00:00+08:00,,2024-03-05T"));
    assert_non_null(strstr(first, "calls,,east,2024-03-01,,2024-03-05T"));
    desk_expect(&desk, "import|@|@/out.csv|--db|@/b.db", 0);
    assert_non_null(strstr(desk.err, "6 rows, 0 unchanged, 1 revised"));
    desk_expect(&desk, "export|@|--what|items|--db|@/b.db", 0);
    assert_string_equal(desk.out, first);
    desk_close(&desk);
}

static void items_come_as_json_too(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", pack);
    desk_write(&desk, "a.json",
               "[{\"register\":\"calls\",\"item\":\"c1\",\"area\":\"east\",\"at\":\"2024-01-01\","
               "\"paid\":12.50,\"known_at\":\"2024-01-05\"}]");
    desk_write(&desk, "bad.json", "[{\"register\":\"call\",\"item\":\"c1\",\"at\":\"2024\"}]");
    desk_expect(&desk, "import|@|@/a.json|--format|json|--db|@/a.db", 0);
    assert_non_null(strstr(desk.err, "a.json: 1 rows, 0 unchanged, 0 revised"));
    desk_expect(&desk, "import|@|@/bad.json|--format|json|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "bad.json:1:14: no register 'call'; did you mean 'calls'?"));
    desk_expect(&desk, "export|@|--what|items|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out,
                           "calls,c1,east,2024-01-01,,2024-01-05T00:00:00+08:00,a.json,,,,"
                           "12.5,\n"));
    desk_close(&desk);
}

static void rows_are_chosen_by_day_place_and_moment(void **state)
{
    static const struct {
        const char *why, *line, *lines; /* "register,item,area,at" of each */
    } cases[] = {
        {"known by then", "--as-of|2024-01-31",
         "calls,c1,east,2024-01-01 firms,f1,west,2024-01-01 "},
        {"of items that stood there: c1 from February on", "--area|west",
         "firms,f1,west,2024-01-01 calls,c1,,2024-02-01T10:00:00+08:00 "
         "calls,c1,west,2024-02-01T10:00:00+08:00 firms,f1,,2024-04-01 "},
        {"as known then it stood in the east", "--area|east|--as-of|2024-02-10",
         "calls,c1,east,2024-01-01 calls,c1,,2024-02-01T10:00:00+08:00 "},
        {"from and to are days from which rows hold", "--from|2024-02|--to|2024-03",
         "calls,c1,,2024-02-01T10:00:00+08:00 calls,c1,west,2024-02-01T10:00:00+08:00 "
         "calls,,east,2024-03-01 "},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", pack);
    desk_write(&desk, "a.csv", rows);
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[256];
        char lines[1024] = "";
        (void)snprintf(line, sizeof(line), "export|@|--what|items|--db|@/a.db|%s", cases[i].line);
        desk_expect(&desk, line, 0);
        for (char *row = strchr(desk.out, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1) {
            size_t len = 0;
            for (int commas = 0; commas < 4; len++) {
                commas += row[len] == ',' ? 1 : 0;
            }
            (void)strncat(lines, row, len - 1);
            (void)strcat(lines, " ");
        }
        if (strcmp(lines, cases[i].lines) != 0) {
            fail_msg("%s: %s", cases[i].why, lines);
        }
    }
    desk_close(&desk);
}

static void a_register_that_the_pack_has_no_more_is_left_out(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", pack);
    desk_write(&desk, "a.csv", rows);
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_write(&desk, "init.lua",
               "zone \"land\" { timezone = \"UTC\" }\n"
               "register \"firms\" { fields = { \"type\" } }\n");
    desk_expect(&desk, "export|@|--what|items|--db|@/a.db", 0);
    assert_null(strstr(desk.out, "calls"));
    assert_non_null(strstr(desk.out, "firms,f1,west,2023-12-31T16:00:00+00:00,"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_go_in_again_and_come_out_the_same),
        cmocka_unit_test(items_come_as_json_too),
        cmocka_unit_test(rows_are_chosen_by_day_place_and_moment),
        cmocka_unit_test(a_register_that_the_pack_has_no_more_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
