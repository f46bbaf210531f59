/* `new`: what it writes passes its own check and test, under whatever name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void remove_pack(const struct desk *desk, const char *name)
{
    char path[STORE_PATH_BYTES];
    char file[64];
    (void)snprintf(file, sizeof file, "%s/init.lua", name);
    (void)unlink(desk_path(desk, file, path));
    (void)snprintf(file, sizeof file, "%s/firms.csv", name);
    (void)unlink(desk_path(desk, file, path));
    (void)rmdir(desk_path(desk, name, path));
}

static void a_first_pack_stands_by_itself(void **state)
{
    static const struct {
        const char *line, *says;
    } steps[] = {
        {"new|@/port_city", "port_city/init.lua"},
        {"check|@/port_city", "3 areas, 1 measures, 1 indicators, 1 targets, 0 rules, 1 alerts, 1 "
                              "tests: no mistakes"},
        {"test|@/port_city", "1 of 1 tests passed"},
        {"import|@/port_city|@/port_city/firms.csv|--db|@/a.db", ""},
        {"eval|@/port_city|new_in_year|--area|east|--period|2023|--db|@/a.db", "600 firms\n"},
        {"run|@/port_city|--once|--db|@/a.db",
         "Port City is 9.5 % behind the path to 1200 firms in 2024."},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        desk_expect(&desk, steps[i].line, 0);
        if (strstr(desk.out, steps[i].says) == NULL) {
            fail_msg("%s: no '%s' in\n%s", steps[i].line, steps[i].says, desk.out);
        }
    }
    remove_pack(&desk, "port_city");
    desk_close(&desk);
}

static void what_cannot_be_made_is_refused(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } cases[] = {
        {"new", 2, "expected one NAME"},
        {"new|@/Port", 1, "'Port' is no name"},
        {"new|@/", 1, "'' is no name"},
        {"new|@/east", 1, "'east' cannot be a zone's name here"},
        {"new|@/end", 1, "'end' cannot be a zone's name here"},
        {"new|@/none/port", 1, "none/port: No such file"},
        {"new|@/there", 1, "there: File exists"},
        {"new|@/port|--force", 2, "unknown option '--force'"},
    };
    (void)state;
    static struct desk desk;
    char path[STORE_PATH_BYTES];
    desk_open(&desk);
    desk_write(&desk, "there", "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_expect(&desk, cases[i].line, cases[i].code);
        if (strstr(desk.err, cases[i].says) == NULL) {
            fail_msg("%s: no '%s' in\n%s", cases[i].line, cases[i].says, desk.err);
        }
    }
    assert_int_not_equal(access(desk_path(&desk, "east", path), F_OK), 0);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_pack_stands_by_itself),
        cmocka_unit_test(what_cannot_be_made_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
