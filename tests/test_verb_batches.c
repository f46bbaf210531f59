/* `batches`, `release` and `refuse`: what a guard holds, and what is decided about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static const char pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\" }\n"
    "guard \"slip\" { on = money, hold = (money / money:lag(1)):over(1000),\n"
    "  say = \"{period}: {value} times the month before\" }\n";

static void open_with_held(struct desk *desk)
{
    desk_open(desk);
    desk_write(desk, "init.lua", pack);
    desk_write(desk, "jan.csv", "measure,area,period,value\nmoney,land,2022-01,1200\n");
    desk_write(desk, "feb.csv", "measure,area,period,value\nmoney,land,2022-02,12000000\n");
    desk_expect(desk, "import|@|@/jan.csv|--db|@/a.db", 0);
    desk_expect(desk, "import|@|@/feb.csv|--db|@/a.db", 1); /* not in: as a refused one */
    assert_non_null(strstr(desk->err, "feb.csv: held by a guard as batch 2: nothing of it is in"));
}

static void what_is_held_is_listed_and_released(void **state)
{
    (void)state;
    static struct desk desk;
    open_with_held(&desk);
    desk_expect(&desk, "status|@|--db|@/a.db", 2);
    desk_expect(&desk, "batches|@|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "feb.csv feb.csv: 0 rows, 0 unchanged, 0 revised, held\n"
                                     "      critical slip land 2022-02: 2022-02: 10000 times the "
                                     "month before\n"));
    assert_non_null(strstr(desk.out, "jan.csv jan.csv: 1 rows, 0 unchanged, 0 revised, taken\n"));
    desk_expect(&desk, "eval|@|money|--period|2022-02|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "missing"));
    desk_expect(&desk, "release|@|2|--db|@/a.db", 0);
    assert_string_equal(desk.out, "batch 2 released as 3: 1 rows, 0 unchanged, 0 revised\n");
    desk_expect(&desk, "eval|@|money|--period|2022-02|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "12000000"));
    desk_expect(&desk, "status|@|--db|@/a.db", 0);
    desk_expect(&desk, "batches|@|--json|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "\"state\":\"released\""));
    assert_non_null(strstr(desk.out, "\"released_as\":3"));
    desk_close(&desk);
}

static void what_is_refused_stays_out(void **state)
{
    (void)state;
    static struct desk desk;
    open_with_held(&desk);
    desk_expect(&desk, "refuse|@|2|--db|@/a.db", 0);
    assert_string_equal(desk.out, "batch 2 refused\n");
    desk_expect(&desk, "status|@|--db|@/a.db", 0);
    desk_expect(&desk, "eval|@|money|--period|2022-02|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "missing"));
    desk_expect(&desk, "refuse|@|2|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "batch 2 is not held: it was refused"));
    desk_expect(&desk, "release|@|7|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "there is no batch 7"));
    desk_expect(&desk, "release|@|two|--db|@/a.db", 2);
    assert_non_null(strstr(desk.err, "'two' is no number of a batch"));
    desk_expect(&desk, "release|@|--db|@/a.db", 2);
    desk_expect(&desk, "batches|--db|@/a.db", 2);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_listed_and_released),
        cmocka_unit_test(what_is_refused_stays_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
