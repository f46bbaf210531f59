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
        first, "money,north,2022-01,0.1,P,2022-02-10T00:00:00+00:00,\"a, b\",,said so,ai\n"));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observations_go_in_again_unchanged),
        cmocka_unit_test(computed_things_carry_their_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
