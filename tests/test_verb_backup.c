/* `backup`: a copy of the store's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void a_backup_answers_as_the_store_does(void **state)
{
    (void)state;
    static struct desk desk;
    static char before[SAID_BYTES];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,5000\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "export|@|--db|@/a.db", 0);
    (void)strcpy(before, desk.out);
    desk_expect(&desk, "backup|@/b.db|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "/b.db: "));
    desk_expect(&desk, "export|@|--db|@/b.db", 0);
    assert_string_equal(desk.out, before);
    desk_close(&desk);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "b.db", "dear to somebody");
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,land,2022-01,5000\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "backup|@/b.db|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "overwrites nothing"));
    desk_expect(&desk, "backup|--db|@/a.db", 2);
    desk_expect(&desk, "backup|@/c.db|--db|@/none.db", 1);
    assert_non_null(strstr(desk.err, "there is no store"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_answers_as_the_store_does),
        cmocka_unit_test(nothing_is_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
