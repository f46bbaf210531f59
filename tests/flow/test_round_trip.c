/*
 * The round trip: what comes out of a store in any format, taken into an empty one, comes out of
 * that the same, byte by byte. Nothing that a day knew is lost on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../verb_world.h"

static const char pack[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land, aliases = { \"南区\" } }\n"
    "measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\",\n"
    "  by = { \"industry\", \"size\" } }\n"
    "measure \"share\" { kind = \"rate\", unit = \"%\", every = \"quarter\" }\n"
    "measure \"staff\" { kind = \"stock\", unit = \"12 people\", every = \"week\" }\n"
    "measure \"heat\" { kind = \"gauge\", unit = \"degC\", every = \"1s\" }\n"
    "measure \"plain\" { kind = \"stock\", unit = \"1\", every = \"year\" }\n"
    "register \"calls\" { fields = { \"type\", paid = \"1e4 CNY\" }, states = { \"posted\" } }\n";

/* Two sources of their own, notes with all that CSV and JSON must quote, dimensions, a scope, a
 * revision, a withdrawal that comes back, and moments with milliseconds. */
static const char figures[] =
    "measure,area,period,value,status,known_at,source,scope,note,synthetic,industry,size\n"
    "money,north,2022-01,0.1,P,2022-02-10,yearbook,,\"a, \"\"b\"\" \\ c\",,ai,\n"
    "money,north,2022-01,0.30000000000000004,A,2022-03-10T08:00:00.250+08:00,yearbook,,"
    "\"two\nlines\",true,ai,\n"
    "money,north,2022-01,,M,2022-04-10T08:00:00Z,,,withdrawn,,ai,\n"
    "money,north,2022-01,603.2,E,2022-05-10T23:59:59.999+08:00,,,,,ai,\n"
    "money,north,2022-01,1.2345678901234567,F,2022-02-10,,2,,,ai,big\n"
    "money,南区,2022-02,-0.12345678901234566,,2022-03-10,bureau,,初步,,,\n"
    "money,,2022-02,123456789.12345679,,2022-03-10,,,,,,\n"
    "share,north,2022-Q1,13.5,,2022-04-10,,,,,,\n"
    "share,north,2022-Q2,-0,,2022-07-10,,,,,,\n"
    "share,south,2022-Q1,0.1234567890123456,,2022-04-10,,,,,,\n"
    "staff,south,2022-W05,2.5,,2022-02-10,,,,,,\n"
    "plain,land,2021,1e-320,,2022-02-10,,,,,,\n"
    "plain,north,2021,-0,,2022-02-10,,,,,,\n"
    "plain,south,2021,1.7976931348623157e308,,2022-02-10,,,,,,\n"
    "heat,north,2022-01-31T23:59:59+08:00,21.5,,2022-02-01T00:00:00.001+08:00,,,,,,\n"
    "heat,north,2022-02-01T00:00:01+08:00,21.25,,2022-02-01T00:00:01.500+08:00,,,,,,\n";

/* Another delivery: synthetic as a whole, of a source of its own; a version that nobody saw, since
 * the next one is known since the same moment; and the same value again later. */
static const char late[] = "measure,area,period,value,known_at\n"
                           "money,south,2022-02,5,2022-06-10\nmoney,south,2022-02,6,2022-07-10\n";
static const char later[] = "measure,area,period,value,known_at\n"
                            "money,south,2022-02,7,2022-06-10\nmoney,south,2022-02,6,2022-08-10\n";

static const char items[] =
    "register,item,area,at,state,known_at,source,note,synthetic,type,paid\n"
    "calls,c1,north,2024-01-01,posted,2024-01-05,\"office, n\",,,lab,12.50\n"
    "calls,c1,,2024-02-01T10:00:00.125+08:00,left,2024-02-05,,\"a\nb\",1,,\n"
    "calls,,south,2024-03-01,,2024-03-05,,,,,\n";

static void fill(struct desk *desk)
{
    desk_write(desk, "init.lua", pack);
    desk_write(desk, "a.csv", figures);
    desk_write(desk, "b.csv", late);
    desk_write(desk, "c.csv", later);
    desk_write(desk, "i.csv", items);
    desk_expect(desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(desk, "import|@|@/b.csv|--db|@/a.db|--source|south desk|--synthetic", 0);
    desk_expect(desk, "import|@|@/c.csv|--db|@/a.db|--source|south desk", 0);
    desk_expect(desk, "import|@|@/i.csv|--db|@/a.db", 0);
}

static void what_comes_out_goes_in_and_comes_out_the_same(void **state)
{
    static const struct {
        const char *what, *format;
    } trips[] = {
        {"observations", "csv"},      {"revisions", "csv"},      {"items", "csv"},
        {"observations", "ndjson"},   {"revisions", "ndjson"},   {"items", "ndjson"},
        {"observations", "sdmx-csv"}, {"revisions", "sdmx-csv"},
    };
    (void)state;
    static struct desk desk;
    static char first[SAID_BYTES];
    desk_open(&desk);
    fill(&desk);
    for (size_t i = 0; i < sizeof trips / sizeof trips[0]; i++) {
        char out[128];
        char in[128];
        char again[128];
        (void)snprintf(out, sizeof out, "export|@|--what|%s|--format|%s|--db|@/a.db", trips[i].what,
                       trips[i].format);
        (void)snprintf(in, sizeof in, "import|@|@/out|--format|%s|--db|@/%zu.db", trips[i].format,
                       i);
        (void)snprintf(again, sizeof again, "export|@|--what|%s|--format|%s|--db|@/%zu.db",
                       trips[i].what, trips[i].format, i);
        desk_expect(&desk, out, 0);
        (void)strcpy(first, desk.out);
        desk_write(&desk, "out", first);
        desk_expect(&desk, in, 0);
        desk_expect(&desk, again, 0);
        if (strcmp(first, desk.out) != 0) {
            fail_msg("%s as %s:\n%s\n%s", trips[i].what, trips[i].format, first, desk.out);
        }
    }
    desk_close(&desk);
}

static void every_part_of_a_figure_is_in_it(void **state)
{
    static const struct {
        const char *line;
    } parts[] = {
        {"money,north,2022-01,0.1,P,2022-02-10T00:00:00+08:00,yearbook,,\"a, \"\"b\"\" \\ "
         "c\",,ai,\n"},
        {"money,north,2022-01,0.30000000000000004,A,2022-03-10T08:00:00.250+08:00,yearbook,,"
         "\"two\nlines\",synthetic,ai,\n"},
        {"money,north,2022-01,,M,2022-04-10T16:00:00+08:00,a.csv,,withdrawn,,ai,\n"},
        {"money,north,2022-01,603.2,E,2022-05-10T23:59:59.999+08:00,a.csv,,,,ai,\n"},
        {"money,north,2022-01,1.2345678901234567,F,2022-02-10T00:00:00+08:00,a.csv,2,,,ai,big\n"},
        {"money,south,2022-02,-0.12345678901234566,A,2022-03-10T00:00:00+08:00,bureau,,初步,,,\n"},
        {"money,land,2022-02,123456789.12345679,A,"},
        {"share,south,2022-Q1,0.1234567890123456,A,"},
        {"staff,south,2022-W05,2.5,A,"},
        {"plain,land,2021,9.99988867182683e-321,A,"}, /* which is how 1e-320 is kept */
        {"plain,south,2021,1.7976931348623157e+308,A,"},
        {"heat,north,2022-01-31T23:59:59+08:00,21.5,A,2022-02-01T00:00:00.001+08:00,a.csv,,,,,\n"},
        {"money,south,2022-02,7,A,2022-06-10T00:00:00+08:00,south desk,,,,,\n"},
        {"money,south,2022-02,6,A,2022-07-10T00:00:00+08:00,south desk,,,synthetic,,\n"},
        {"money,south,2022-02,6,A,2022-08-10T00:00:00+08:00,south desk,,,,,\n"},
    };
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    fill(&desk);
    desk_expect(&desk, "export|@|--what|revisions|--db|@/a.db", 0);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(desk.out, parts[i].line) == NULL) {
            fail_msg("%s is not in what came out", parts[i].line);
        }
    }
    assert_null(strstr(desk.out, "money,south,2022-02,5,")); /* no day knew it */
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_a_figure_is_in_it),
        cmocka_unit_test(what_comes_out_goes_in_and_comes_out_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
