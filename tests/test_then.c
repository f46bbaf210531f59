/* `@T`: the pack that ran then, wherever a PACK is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/period.h"
#include "base/tz.h"
#include "verb_world.h"

#include <time.h>

static const char old_pack[] =
    "local parts = require \"parts\"\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "indicator \"double\" { money * parts.times }\n"
    "test \"it doubles\" { given = { [money] = { [\"2022-01\"] = 1 } }, expect = { [\"double\"] = "
    "{ "
    "[\"2022-01\"] = 2 } } }\n";
static const char parts[] = "zone \"land\" { timezone = \"UTC\" }\nreturn { times = 2 }\n";
static const char new_parts[] = "zone \"land\" { timezone = \"UTC\" }\nreturn { times = 3 }\n";

/* The moment at hand, in UTC. */
static void says_now(char *out, size_t size)
{
    char text[48];
    zw_tz *utc = NULL;
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    assert_int_equal(zw_tz_create("UTC", &utc, NULL), ZW_OK);
    zw_moment_text(utc, now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000, text, sizeof text);
    (void)snprintf(out, size, "@@%s", text);
    zw_tz_destroy(utc);
}

static void verbs_take_the_pack_of_a_day(void **state)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } cases[] = {
        {"eval|@|double|--period|2022-01|--db|@/a.db", 0, "30 CNY\n"},
        {"eval|%s|double|--period|2022-01|--db|@/a.db", 0, "20 CNY\n"},
        {"explain|%s|double|--period|2022-01|--db|@/a.db", 0, "double = money * 2"},
        {"export|%s|--what|indicators|--db|@/a.db", 0, "double"},
        {"status|%s|--db|@/a.db", 0, "ZONEWATCH OK"},
        {"check|%s|--db|@/a.db", 0, "1 indicators"},
        {"test|%s|--db|@/a.db", 0, "1 of 1 tests passed"},
        {"test|@|--db|@/a.db", 1, "0 of 1"},
        {"eval|@@2001-01-01T00:00:00Z|double|--db|@/a.db", 1, "no pack ran on this store at 2001"},
        {"eval|@@soon|double|--db|@/a.db", 1, "@soon: "},
        {"eval|@@2030-01-01|double|--db|@/none.db", 1, "none.db"},
    };
    (void)state;
    static struct desk desk;
    char moment[64];
    char line[512];
    desk_open(&desk);
    desk_write(&desk, "init.lua", old_pack);
    desk_write(&desk, "parts.lua", parts);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,,2022-01,10\n");
    desk_write(&desk, "b.csv", "measure,area,period,value\nmoney,,2022-01,10\nmoney,,2022-02,1\n");
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    says_now(moment, sizeof moment);
    struct timespec a_while = {0, 20000000}; /* the next pack runs later */
    (void)nanosleep(&a_while, NULL);
    desk_write(&desk, "parts.lua", new_parts);
    desk_expect(&desk, "import|@|@/b.csv|--db|@/a.db", 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *mark = strstr(cases[i].line, "%s");
        size_t before = mark != NULL ? (size_t)(mark - cases[i].line) : strlen(cases[i].line);
        (void)snprintf(line, sizeof line, "%.*s%s%s", (int)before, cases[i].line,
                       mark != NULL ? moment : "", mark != NULL ? mark + 2 : "");
        int code = desk_run(&desk, line);
        if (code != cases[i].code ||
            (strstr(desk.out, cases[i].says) == NULL && strstr(desk.err, cases[i].says) == NULL)) {
            fail_msg("%s: %d\n%s%s", line, code, desk.out, desk.err);
        }
    }
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_take_the_pack_of_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
