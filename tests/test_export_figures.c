/* Figures out: which versions are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static const char rows[] = "measure,area,period,value,status,known_at\n"
                           "money,north,2022-01,1,P,2022-02-10\n"
                           "money,north,2022-01,2,A,2022-03-10\n"
                           "money,north,2022-02,,M,2022-03-10\n";

static void versions_are_those_that_a_day_knew(void **state)
{
    static const struct {
        const char *why, *line, *rows;
    } cases[] = {
        {"what stands", "--what|observations",
         "money,north,2022-01,2,A,2022-03-10T00:00:00+00:00,desk,,,,\n"
         "money,north,2022-02,,M,2022-03-10T00:00:00+00:00,desk,,,,\n"},
        {"what stood", "--as-of|2022-02-20",
         "money,north,2022-01,1,P,2022-02-10T00:00:00+00:00,desk,,,,\n"},
        {"all of them", "--what|revisions",
         "money,north,2022-01,1,P,2022-02-10T00:00:00+00:00,desk,,,,\n"
         "money,north,2022-01,2,A,2022-03-10T00:00:00+00:00,desk,,,,\n"
         "money,north,2022-02,,M,2022-03-10T00:00:00+00:00,desk,,,,\n"},
        {"all that were known then", "--what|revisions|--as-of|2022-02-20",
         "money,north,2022-01,1,P,2022-02-10T00:00:00+00:00,desk,,,,\n"},
        {"nothing before the first", "--as-of|2022-01-20", ""},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv", rows);
    desk_expect(&desk, "import|@|@/a.csv|--source|desk|--db|@/a.db", 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[256];
        (void)snprintf(line, sizeof line, "export|@|--db|@/a.db|%s", cases[i].line);
        desk_expect(&desk, line, 0);
        if (strcmp(strchr(desk.out, '\n') + 1, cases[i].rows) != 0) {
            fail_msg("%s: %s", cases[i].why, desk.out);
        }
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_those_that_a_day_knew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
