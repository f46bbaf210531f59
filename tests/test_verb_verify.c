/* `verify`: reads the whole of a store's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

#include <sqlite3.h>

static void a_file_is_good_or_its_damage_is_said(void **state)
{
    (void)state;
    static struct desk desk;
    char path[STORE_PATH_BYTES];
    sqlite3 *conn = NULL;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,5000\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "verify|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "1 figures in 1 pages, 1 deliveries: nothing is damaged\n"));
    assert_int_equal(sqlite3_open(desk_path(&desk, "a.db", path), &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn,
                                  "UPDATE journal SET body = x'00'; UPDATE page SET body = x'00'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
    desk_expect(&desk, "verify|--db|@/a.db", 1);
    assert_non_null(strstr(desk.out, "1 figures of money at land, 2022-01 to 2022-01, are lost\n"));
    assert_non_null(strstr(desk.out, "1 faults\n"));
    desk_expect(&desk, "verify|--db|@/none.db", 1);
    assert_non_null(strstr(desk.err, "there is no store"));
    desk_expect(&desk, "verify|@", 2);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_good_or_its_damage_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
