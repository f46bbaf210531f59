/* `export`: what comes out goes in again; what is computed says how it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void observations_go_in_again_unchanged(void **state)
{
    (void)state;
    static struct desk desk;
    static char first[SAID_BYTES];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv",
               "measure,area,period,value,status,known_at,source,note,industry\n"
               "money,north,2022-01,0.1,P,2022-02-10,\"a, b\",said so,ai\n"
               "money,south,2022-01,603.2,A,2022-02-10,,,\n"
               "money,south,2022-01,,M,2022-03-10,,,\n"
               "share,land,2022-01,13.5,E,2022-02-10,,,\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "export|@|--what|revisions|--db|@/a.db|-o|@/out.csv", 0);
    desk_expect(&desk, "export|@|--what|revisions|--db|@/a.db", 0);
    (void)strcpy(first, desk.out);
    assert_non_null(strstr(
        first, "money,north,2022-01,0.1,P,2022-02-10T00:00:00+00:00,\"a, b\",,said so,,ai\n"));
    assert_non_null(strstr(first, "share,land,2022-01,13.5,E,"));
    desk_expect(&desk, "import|@|@/out.csv|--db|@/b.db", 0);
    desk_expect(&desk, "export|@|--what|revisions|--db|@/b.db", 0);
    assert_string_equal(desk.out, first);
    desk_expect(&desk, "export|@|--as-of|2022-02-20|--area|south|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "money,south,2022-01,603.2,A,"));
    assert_null(strstr(desk.out, "north"));
    desk_close(&desk);
}

static void computed_things_carry_their_marks(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,500\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--synthetic|--known-at|2022-02-10", 0);
    desk_expect(&desk, "export|@|--what|indicators|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "indicator,area,period,value,unit,status,synthetic"));
    assert_non_null(strstr(desk.out, "year,land,2022,,CNY,A,synthetic"));
    desk_expect(&desk, "export|@|--what|targets|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "plan,land,2022,over,600000000,due_awaiting_data"));
    desk_expect(&desk, "export|@|--what|alerts|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "poor,land,,warning,2022-02-10T00:00:00+00:00,synthetic"));
    desk_expect(&desk, "export|@|--what|everything|--db|@/a.db", 2);
    desk_expect(&desk, "export|@|--format|xlsx|--db|@/a.db", 1);
    desk_close(&desk);
}

static void nothing_of_a_row_is_lost(void **state)
{
    (void)state;
    static struct desk desk;
    static char first[SAID_BYTES];
    char row[1024];
    char branch[301];
    memset(branch, 'x', sizeof(branch) - 1);
    branch[sizeof(branch) - 1] = '\0';
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    (void)snprintf(row, sizeof(row),
                   "measure,area,period,value,note,industry\nmoney,north,2022-01,5,said so,%s\n",
                   branch);
    desk_write(&desk, "a.csv", row);
    desk_expect(&desk, "import|@|@/a.csv|--synthetic|--db|@/a.db", 0);
    desk_expect(&desk, "export|@|--db|@/a.db|-o|@/out.csv", 0);
    desk_expect(&desk, "export|@|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, ",said so,synthetic,xxx"));
    assert_non_null(strstr(desk.out, branch)); /* cut, it would be taken in as the total */
    (void)strcpy(first, desk.out);
    desk_expect(&desk, "import|@|@/out.csv|--db|@/b.db", 0);
    desk_expect(&desk, "export|@|--db|@/b.db", 0);
    assert_string_equal(desk.out, first);
    desk_close(&desk);
}

static void from_and_to_bound_what_comes_out(void **state)
{
    static const struct {
        const char *why, *line, *has, *has_not;
    } cases[] = {
        {"figures, both ends included", "export|@|--from|2022-02|--to|2022-03|--db|@/a.db",
         "money,land,2022-03,", "money,land,2022-01,"},
        {"and nothing after", "export|@|--from|2022-02|--to|2022-03|--db|@/a.db",
         "money,land,2022-02,", "money,land,2022-04,"},
        {"a year counts that any of it lies in",
         "export|@|--what|indicators|--from|2022-06|--db|@/a.db", "year,land,2022,",
         "year,land,2021,"},
        {"goals by their date", "export|@|--what|targets|--to|2021-12|--db|@/a.db", "target,area,",
         "plan,land,2022"},
        {"moves of alerts by their moment", "export|@|--what|alerts|--from|2022-03|--db|@/a.db",
         "alert,area,", "poor,land,,warning,2022-02-10"},
        {"and with it they are there", "export|@|--what|alerts|--from|2022-02-10|--db|@/a.db",
         "poor,land,,warning,2022-02-10", "poor,land,,pending"},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv",
               "measure,area,period,value\nmoney,land,2021-12,5\nmoney,land,2022-01,5\n"
               "money,land,2022-02,5\nmoney,land,2022-03,5\nmoney,land,2022-04,5\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db|--known-at|2022-02-10", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        desk_expect(&desk, cases[i].line, 0);
        if (strstr(desk.out, cases[i].has) == NULL || strstr(desk.out, cases[i].has_not) != NULL) {
            fail_msg("%s:\n%s", cases[i].why, desk.out);
        }
    }
    desk_expect(&desk, "export|@|--from|soon|--db|@/a.db", 2);
    desk_expect(&desk, "export|@|-o", 2);
    desk_close(&desk);
}

/* As of test_api.c: neither 77123 nor what would betray it, 67123, is in any file or on the screen.
 */
static void what_is_hidden_is_in_no_file(void **state)
{
    static const char *const lines[] = {
        "export|@|--db|@/a.db",
        "export|@|--db|@/a.db|--what|revisions",
        "export|@|--db|@/a.db|--what|indicators",
        "export|@|--db|@/a.db|--what|targets",
        "export|@|--db|@/a.db|--what|alerts",
        "eval|@|pay|--area|north|--db|@/a.db",
        "eval|@|pay|--area|north|--period|2022-01|--json|--db|@/a.db",
        "eval|@|pay + 0|--area|south|--from|2022-01|--to|2022-03|--db|@/a.db",
        "run|@|--once|--db|@/a.db",
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(
        &desk, "init.lua",
        "local z = zone 'z' { timezone = 'UTC' }\n"
        "area 'north' { within = z }\narea 'south' { within = z }\n"
        "area 'east' { within = z }\n"
        "local firms = measure 'firms' { kind = 'stock', unit = 'firms', every = 'month' }\n"
        "local pay = measure 'pay' { kind = 'flow', unit = 'CNY', every = 'month', hide = "
        "firms:under(3) }\n"
        "local paid = indicator 'paid' { pay }\n"
        "target 'goal' { paid, over = { ['2022-01'] = 99999 }, each = z.areas }\n"
        "alert 'low' { warning = pay:under(99999), each = z.areas, say = '{area} {value}' }\n"
        "notify 'desk' { to = log() }\n");
    desk_write(&desk, "a.csv",
               "measure,area,period,value\nfirms,north,2022-01,2\nfirms,south,2022-01,5\n"
               "firms,east,2022-01,5\npay,north,2022-01,77123\npay,south,2022-01,67123\n"
               "pay,east,2022-01,88123\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    assert_null(strstr(desk.err, "77123"));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        desk_expect(&desk, lines[i], 0);
        bool has = strstr(desk.out, "77123") != NULL || strstr(desk.out, "67123") != NULL ||
                   strstr(desk.err, "77123") != NULL || strstr(desk.err, "67123") != NULL;
        if (has || strstr(desk.out, "hidden") == NULL) {
            fail_msg("%s: %s %s", lines[i], desk.out, desk.err);
        }
    }
    desk_expect(&desk, "export|@|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "pay,north,2022-01,hidden,A,"));
    assert_non_null(strstr(desk.out, "pay,east,2022-01,88123,A,"));
    desk_expect(&desk, "export|@|--db|@/a.db|--what|indicators", 0);
    assert_non_null(strstr(desk.out, "paid,z,2022-01,232369,CNY,"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hidden_is_in_no_file),
        cmocka_unit_test(observations_go_in_again_unchanged),
        cmocka_unit_test(computed_things_carry_their_marks),
        cmocka_unit_test(nothing_of_a_row_is_lost),
        cmocka_unit_test(from_and_to_bound_what_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
