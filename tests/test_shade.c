/* Shades: what is hidden, and what would betray it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "indicator/shade.h"
#include "veil_world.h"

/* Each case names its parts and says which values are hidden: firms under 3 hide the pay. */
#define HEAD                                                                                       \
    "local land = zone \"land\" { timezone = \"UTC\" }\n"                                          \
    "local north = area \"north\" { within = land }\n"
#define MEASURES                                                                                   \
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"  \
    "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\", hide = "    \
    "firms:under(3) }\n"

/* "area=shown " for every area, at an expression in a month. */
static void expect_all(struct house *house, const char *why, const char *expression,
                       const char *period, const char *expected)
{
    zw_buf text;
    zw_buf_init(&text, 4096);
    zw_buf_puts(&text, "");
    for (size_t a = 0; a < house->pack->area_count; a++) {
        const char *area = house->pack->areas[a].title.name;
        char *shown = house_shown(house, expression, area, period);
        zw_buf_printf(&text, "%s=%s ", area, shown);
        free(shown);
    }
    char *said = strdup(zw_buf_view(&text));
    zw_buf_fini(&text);
    if (strcmp(said, expected) != 0) {
        fail_msg("%s: %s\nexpected %s", why, said, expected);
    }
    free(said);
}

#define CSV "measure,area,period,value\n"

static void no_total_is_left_from_which_one_part_follows(void **state)
{
    static const struct {
        const char *why, *areas, *rows, *shown;
    } cases[] = {
        {"nothing is small: nothing is hidden", "area \"south\" { within = land }\n",
         "firms,north,2022-01,5\nfirms,south,2022-01,4\npay,north,2022-01,10\n"
         "pay,south,2022-01,20\n",
         "land=30 CNY north=10 CNY south=20 CNY "},
        {"of two parts one is hidden: 30 - 20 would betray it, so the other is too",
         "area \"south\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,4\npay,north,2022-01,10\n"
         "pay,south,2022-01,20\n",
         "land=30 CNY north=hidden south=hidden "},
        {"both are small: nothing more is needed", "area \"south\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,1\npay,north,2022-01,10\n"
         "pay,south,2022-01,20\n",
         "land=30 CNY north=hidden south=hidden "},
        {"an only part is its total: there is no other, so the total is hidden", "",
         "firms,north,2022-01,2\npay,north,2022-01,10\n", "land=hidden north=hidden "},
        {"of three the smallest other part: 20 of 20 and 30",
         "area \"south\" { within = land }\narea \"east\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,4\nfirms,east,2022-01,4\n"
         "pay,north,2022-01,99\npay,south,2022-01,30\npay,east,2022-01,20\n",
         "land=149 CNY north=hidden south=30 CNY east=hidden "},
        {"of equals the first in the pack",
         "area \"south\" { within = land }\narea \"east\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,4\nfirms,east,2022-01,4\n"
         "pay,north,2022-01,99\npay,south,2022-01,20\npay,east,2022-01,20\n",
         "land=139 CNY north=hidden south=hidden east=20 CNY "},
        {"a part that is not in cannot stand for another: the total is missing anyway",
         "area \"south\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,4\npay,north,2022-01,10\n"
         "pay,south,2021-12,7\n",
         "land=missing: part missing: south (1 of 2 in) north=hidden south=missing: no figure "},
        {"of four, two hidden by themselves",
         "area \"south\" { within = land }\narea \"east\" { within = land }\n"
         "area \"west\" { within = land }\n",
         "firms,north,2022-01,2\nfirms,south,2022-01,1\nfirms,east,2022-01,4\n"
         "firms,west,2022-01,4\npay,north,2022-01,1\npay,south,2022-01,2\npay,east,2022-01,3\n"
         "pay,west,2022-01,4\n",
         "land=10 CNY north=hidden south=hidden east=3 CNY west=4 CNY "},
        {"nested: n1 takes n2 with it, and north, whose parts are both hidden, betrays neither",
         "area \"n1\" { within = north }\narea \"n2\" { within = north }\n"
         "area \"south\" { within = land }\n",
         "firms,n1,2022-01,2\nfirms,n2,2022-01,4\nfirms,south,2022-01,4\npay,n1,2022-01,10\n"
         "pay,n2,2022-01,50\npay,south,2022-01,30\n",
         "land=90 CNY north=60 CNY n1=hidden n2=hidden south=30 CNY "},
        {"nested, an only part: n1 hides north, and north one of land's: south, 30 of 30 and 40",
         "area \"n1\" { within = north }\narea \"south\" { within = land }\n"
         "area \"east\" { within = land }\n",
         "firms,n1,2022-01,2\nfirms,south,2022-01,4\nfirms,east,2022-01,4\npay,n1,2022-01,10\n"
         "pay,south,2022-01,30\npay,east,2022-01,40\n",
         "land=80 CNY north=hidden n1=hidden south=hidden east=40 CNY "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct house house;
        char text[2048];
        char csv[2048];
        (void)snprintf(text, sizeof(text), "%s%s%s", HEAD, cases[i].areas, MEASURES);
        (void)snprintf(csv, sizeof(csv), "%s%s", CSV, cases[i].rows);
        house_open(&house, text, "2022-02-05");
        house_file(&house, "2022-02-05", csv);
        expect_all(&house, cases[i].why, "pay", "2022-01", cases[i].shown);
        house_close(&house);
    }
}

/* north is hidden (one firm); south, 30, is the smallest other part. Of south's own parts then one
 * must go as well, or they would add up to it: s1, 10 of 10 and 20. */
static void a_total_that_is_hidden_for_another_is_not_betrayed_by_its_parts(void **state)
{
    static const char text[] = HEAD "local south = area \"south\" { within = land }\n"
                                    "area \"s1\" { within = south }\n"
                                    "area \"s2\" { within = south }\n"
                                    "area \"east\" { within = land }\n" MEASURES;
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_file(&house, "2022-02-05",
               CSV "firms,north,2022-01,1\nfirms,s1,2022-01,4\nfirms,s2,2022-01,4\n"
                   "firms,east,2022-01,4\npay,north,2022-01,5\npay,s1,2022-01,10\n"
                   "pay,s2,2022-01,20\npay,east,2022-01,70\n");
    expect_all(&house, "down the tree", "pay", "2022-01",
               "land=105 CNY north=hidden south=hidden s1=hidden s2=20 CNY east=70 CNY ");
    house_close(&house);
}

/* Two areas by two branches, all of pay: north ai 10, chips 20; south ai 40, chips 80. North's ai
 * has one firm: its chips would betray it by north's 30, and south's ai by the zone's 50; with
 * those two hidden, south's chips would betray each by south's 120 and the zone's 100. */
static void a_dimension_and_the_areas_are_closed_together(void **state)
{
    static const char text[] =
        HEAD "area \"south\" { within = land }\n"
             "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = "
             "\"month\", by = { \"branch\" } }\n"
             "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by "
             "= { \"branch\" }, hide = firms:under(3) }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_file(&house, "2022-02-05",
               "measure,area,period,value,branch\n"
               "firms,north,2022-01,1,ai\nfirms,north,2022-01,9,chips\nfirms,south,2022-01,9,ai\n"
               "firms,south,2022-01,9,chips\npay,north,2022-01,10,ai\npay,north,2022-01,20,chips\n"
               "pay,south,2022-01,40,ai\npay,south,2022-01,80,chips\n");
    expect_all(&house, "the totals", "pay", "2022-01", "land=150 CNY north=30 CNY south=120 CNY ");
    expect_all(&house, "ai", "pay:where { branch = \"ai\" }", "2022-01",
               "land=50 CNY north=hidden south=hidden ");
    expect_all(&house, "chips", "pay:where { branch = \"chips\" }", "2022-01",
               "land=100 CNY north=hidden south=hidden ");
    expect_all(&house, "what is left of the total would be one of them",
               "pay:except { branch = \"chips\" }", "2022-01",
               "land=50 CNY north=hidden south=hidden ");
    expect_all(&house, "nobody was ever reported under it", "pay:where { branch = \"steel\" }",
               "2022-01",
               "land=missing: no figure (0 of 2 in) north=missing: no figure south=missing: no "
               "figure ");
    house_close(&house);
}

/* firms are counted by the quarter: the quarter around a month decides. */
static void the_truth_may_be_of_another_grid(void **state)
{
    static const char text[] =
        HEAD "area \"south\" { within = land }\narea \"east\" { within = land }\n"
             "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = "
             "\"quarter\" }\n"
             "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\", "
             "hide = firms:under(3) }\n"
             "local yearly = measure \"yearly\" { kind = \"flow\", unit = \"CNY\", every = "
             "\"year\", hide = firms:under(3) }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_file(&house, "2023-02-05",
               CSV "firms,north,2022-Q1,2\nfirms,south,2022-Q1,1\nfirms,east,2022-Q1,4\n"
                   "firms,north,2022-Q2,9\nfirms,south,2022-Q2,9\nfirms,east,2022-Q2,9\n"
                   "pay,north,2022-03,1\npay,south,2022-03,2\npay,east,2022-03,3\n"
                   "pay,north,2022-04,1\npay,south,2022-04,2\npay,east,2022-04,3\n"
                   "yearly,north,2022,1\nyearly,south,2022,2\nyearly,east,2022,3\n");
    expect_all(&house, "March", "pay", "2022-03",
               "land=6 CNY north=hidden south=hidden east=3 CNY ");
    expect_all(&house, "April", "pay", "2022-04", "land=6 CNY north=1 CNY south=2 CNY east=3 CNY ");
    expect_all(&house, "a quarter of the year", "yearly", "2022",
               "land=6 CNY north=hidden south=hidden east=3 CNY ");
    house_close(&house);
}

/* A published rate is formed from no parts: another area's says nothing of it. */
static void what_does_not_roll_up_betrays_nothing(void **state)
{
    static const char text[] =
        HEAD "area \"south\" { within = land }\n"
             "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = "
             "\"month\" }\n"
             "local share = measure \"share\" { kind = \"rate\", unit = \"%\", every = \"month\", "
             "hide = firms:under(3) }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_file(&house, "2022-02-05",
               CSV "firms,north,2022-01,2\nfirms,south,2022-01,4\nshare,north,2022-01,10\n"
                   "share,south,2022-01,20\nshare,land,2022-01,15\n");
    expect_all(&house, "a rate", "share", "2022-01", "land=15.0 % north=hidden south=20.0 % ");
    house_close(&house);
}

static void without_memory_there_is_an_error(void **state)
{
    static const char text[] = HEAD "area \"south\" { within = land }\n" MEASURES;
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_file(&house, "2022-02-05",
               CSV "firms,north,2022-01,2\nfirms,south,2022-01,4\npay,north,2022-01,10\n"
                   "pay,south,2022-01,20\n");
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_shade shade;
        zw_err err = {ZW_OK, ""};
        zw_eval *eval = NULL;
        assert_int_equal(zw_engine_eval_at(house.engine, house.now_ms, &eval, &err), ZW_OK);
        failing_alloc_after(after);
        zw_status status = zw_shade_fill(eval, (zw_hider){false, 1}, 52 * 12, &shade, &err);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_true(was_refused ? shade.faces == NULL : zw_shade_hides(&shade, 0, 2));
        zw_shade_fini(&shade);
        zw_eval_destroy(eval);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_total_is_left_from_which_one_part_follows),
        cmocka_unit_test(a_total_that_is_hidden_for_another_is_not_betrayed_by_its_parts),
        cmocka_unit_test(a_dimension_and_the_areas_are_closed_together),
        cmocka_unit_test(the_truth_may_be_of_another_grid),
        cmocka_unit_test(what_does_not_roll_up_betrays_nothing),
        cmocka_unit_test(without_memory_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
