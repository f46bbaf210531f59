/* The veil: what an expression lets through of what is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "veil_world.h"

/* Firms under 3 hide the pay. In February north has two, so its 10 is hidden, and with it south's
 * 20, the smallest other part of land's 110; east's 80 is shown. In the other months all are. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land, km2 = 2 }\n"
    "local south = area \"south\" { within = land, km2 = 2 }\n"
    "local east = area \"east\" { within = land, km2 = 2 }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\",\n"
    "  hide = firms:under(3) }\n"
    "local other = measure \"other\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "indicator \"dense\" { pay / attr \"km2\" }\n"
    "indicator \"most\" { pay, rollup = \"max\" }\n"
    "indicator \"summed\" { pay, rollup = \"sum\" }\n"
    "indicator \"own\" { other, hide = firms:under(3) }\n"
    "indicator \"called\" { function(at) return at(pay) end, unit = \"CNY\" }\n"
    "indicator \"of_others\" { function(at) return at(other, land) end, unit = \"CNY\" }\n"
    "local fixed = target \"fixed\" { pay, over = { [\"2022-12\"] = 100 }, from = {\n"
    "  [\"2022-01\"] = 0 }, each = land.areas }\n";

static void fill(struct house *house)
{
    char csv[4096];
    int len = snprintf(csv, sizeof(csv), "measure,area,period,value\n");
    for (int month = 1; month <= 4; month++) {
        len += snprintf(csv + len, sizeof(csv) - (size_t)len,
                        "firms,north,2022-%02d,%d\nfirms,south,2022-%02d,5\n"
                        "firms,east,2022-%02d,5\npay,north,2022-%02d,10\npay,south,2022-%02d,20\n"
                        "pay,east,2022-%02d,80\nother,north,2022-%02d,1\nother,south,2022-%02d,2\n"
                        "other,east,2022-%02d,3\n",
                        month, month == 2 ? 2 : 5, month, month, month, month, month, month, month,
                        month);
    }
    house_file(house, "2022-05-05", csv);
}

static void what_is_made_from_it_is_hidden_with_it(void **state)
{
    static const struct {
        const char *why, *expression, *area, *period, *shown;
    } cases[] = {
        {"itself", "pay", "north", "2022-02", "hidden"},
        {"what would betray it", "pay", "south", "2022-02", "hidden"},
        {"the third part", "pay", "east", "2022-02", "80 CNY"},
        {"its total counts it", "pay", "land", "2022-02", "110 CNY"},
        {"in another month", "pay", "north", "2022-03", "10 CNY"},
        {"scaled", "pay * 2", "north", "2022-02", "hidden"},
        {"with another", "pay + other", "south", "2022-02", "hidden"},
        {"in a choice, taken or not", "when(other:over(0), other, pay)", "north", "2022-02",
         "hidden"},
        {"a truth would tell it bit by bit", "pay:over(9)", "north", "2022-02", "hidden"},
        {"that it came is no figure", "pay:missing()", "north", "2022-02", "false"},
        {"by an indicator", "dense", "north", "2022-02", "hidden"},
        {"of the total", "dense * 0 + other", "east", "2022-02", "3 CNY"},
        {"later, of this month", "pay:lag(1)", "north", "2022-03", "hidden"},
        {"later, of another", "pay:lag(1)", "north", "2022-04", "10 CNY"},
        {"a change to it", "pay:delta()", "north", "2022-02", "hidden"},
        {"a change from it", "pay:delta()", "north", "2022-03", "hidden"},
        {"a change past it", "pay:delta(2)", "north", "2022-03", "0 CNY"},
        {"the change of the total", "pay:delta()", "land", "2022-03", "0 CNY"},
        {"a window over it", "pay:rolling(2):sum()", "north", "2022-03", "hidden"},
        {"the quarter's others would betray it", "pay:quarter()", "north", "2022-Q1", "hidden"},
        {"the quarter of all", "pay:quarter()", "land", "2022-Q1", "330 CNY"},
        {"read from elsewhere", "pay:of(north)", "land", "2022-02", "hidden"},
        {"the total read from it", "pay:of \"zone\"", "north", "2022-02", "110 CNY"},
        {"its share of the total", "pay / pay:of \"zone\"", "north", "2022-02", "hidden"},
        {"all parts together are the total", "pay:areas():sum()", "land", "2022-02", "110 CNY"},
        {"and their mean", "pay:areas():mean()", "land", "2022-02", "36.67 CNY"},
        {"the smallest is one of them", "pay:areas():min()", "land", "2022-02", "hidden"},
        {"a choice of parts betrays one", "pay:areas { north, east }:sum()", "land", "2022-02",
         "hidden"},
        {"how many there are", "pay:areas():count()", "land", "2022-02", "3"},
        {"how many are large tells of each", "count(pay:over(9), { north })", "land", "2022-02",
         "hidden"},
        {"its share of the zone", "pay:share_of \"zone\"", "north", "2022-02", "hidden"},
        {"another's share", "pay:share_of \"zone\"", "east", "2022-02", "72.7 %"},
        {"its place among the others", "pay:rank()", "north", "2022-02", "hidden"},
        {"another's place", "pay:rank()", "east", "2022-02", "1"},
        {"from the largest to the smallest", "pay:areas():spread()", "land", "2022-02", "hidden"},
        {"in whatever scope", "pay:any_scope()", "north", "2022-02", "hidden"},
        {"an indicator that takes the largest", "most", "land", "2022-02", "hidden"},
        {"one that sums", "summed", "land", "2022-02", "110 CNY"},
        {"an indicator with its own", "own", "north", "2022-02", "hidden"},
        {"and the smallest other part of it: 2 of 2 and 3", "own", "south", "2022-02", "hidden"},
        {"what it is made from says nothing of hiding", "other", "north", "2022-02", "1 CNY"},
        {"a function that read it", "called", "north", "2022-02", "hidden"},
        {"a function that read the total read it too", "called", "land", "2022-02", "hidden"},
        {"a function that read nothing hidden", "of_others", "north", "2022-02", "6 CNY"},
    };
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-05");
    fill(&house);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *shown = house_shown(&house, cases[i].expression, cases[i].area, cases[i].period);
        if (strcmp(shown, cases[i].shown) != 0) {
            fail_msg("%s: %s of %s in %s is %s, expected %s", cases[i].why, cases[i].expression,
                     cases[i].area, cases[i].period, shown, cases[i].shown);
        }
        free(shown);
    }
    house_close(&house);
}

/* What is hidden is a function of the as-of: one firm more, and February is shown; before the
 * number was known nothing was small. */
static void it_follows_the_as_of(void **state)
{
    static const char csv[] = "measure,area,period,value\nfirms,north,2022-02,2\n"
                              "firms,south,2022-02,5\nfirms,east,2022-02,5\npay,north,2022-02,10\n"
                              "pay,south,2022-02,20\npay,east,2022-02,80\n";
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-05");
    house_day(&house, "2022-03-05", "pay,north,2022-02,10\n");
    char *shown = house_shown(&house, "pay", "north", "2022-02");
    assert_string_equal(shown, "10 CNY");
    free(shown);
    house_file(&house, "2022-03-06", csv);
    shown = house_shown(&house, "pay", "north", "2022-02");
    assert_string_equal(shown, "hidden");
    free(shown);
    house_day(&house, "2022-03-07", "firms,north,2022-02,3\n");
    shown = house_shown(&house, "pay", "north", "2022-02");
    assert_string_equal(shown, "10 CNY");
    free(shown);
    house_close(&house);
}

static void figures_are_hidden_by_their_dimensions(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "area \"north\" { within = land }\n"
        "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\", "
        "by = { \"branch\" } }\n"
        "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
        "\"branch\", \"size\" }, hide = firms:under(3) }\n";
    static const struct {
        const char *why, *dims;
        bool is_hidden;
    } cases[] = {
        {"the total", "", false},
        {"one firm", "branch=ai", true},
        {"the smallest other: 20 of 20 and 30", "branch=chips", true},
        {"the third", "branch=steel", false},
        {"several at once, where anything is hidden", "branch=steel\x1fsize=big", true},
        {"never reported", "branch=tin", false},
    };
    (void)state;
    struct house house;
    house_open(&house, text, "2022-01-05");
    house_file(&house, "2022-03-06",
               "measure,area,period,value,branch\nfirms,north,2022-02,1,ai\n"
               "firms,north,2022-02,5,chips\nfirms,north,2022-02,5,steel\npay,north,2022-02,10,ai\n"
               "pay,north,2022-02,20,chips\npay,north,2022-02,30,steel\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool is_hidden = !cases[i].is_hidden;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_eval_hides_figure(zw_engine_eval(house.engine), 1, 1, cases[i].dims,
                                              52 * 12 + 1, &is_hidden, &err),
                         ZW_OK);
        if (is_hidden != cases[i].is_hidden) {
            fail_msg("%s", cases[i].why);
        }
    }
    house_close(&house);
}

static void without_memory_there_is_an_error(void **state)
{
    (void)state;
    struct house house;
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-01-05");
    fill(&house);
    assert_int_equal(
        zw_script_expression(house.script, zw_text_of("pay:rolling(2):sum()"), &node, &err), ZW_OK);
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_eval *eval = NULL;
        zw_cell cell = zw_cell_of(20);
        assert_int_equal(zw_engine_eval_at(house.engine, house.now_ms, &eval, &err), ZW_OK);
        failing_alloc_after(after);
        zw_status status = zw_eval_veil(eval, node, 1, 52 * 12 + 2, &cell, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_NOMEM ||
                    status == ZW_OK); /* what is only kept may be done without */
        assert_true(status == ZW_NOMEM || cell.reason == ZW_REASON_HIDDEN);
        zw_eval_destroy(eval);
    }
    house_close(&house);
}

/* Of north's 60 by branch, ai's 10 (one firm) and chips' 20 are hidden, steel's 30 is not. */
static void totals_over_some_of_a_dimensions_values_are_hidden(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\", "
        "by = { \"branch\" } }\n"
        "local pay = measure \"pay\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
        "\"branch\" }, hide = firms:under(3) }\n";
    static const struct {
        const char *why, *expression, *shown;
    } cases[] = {
        {"the total", "pay", "60 CNY"},
        {"over all of them", "pay:by \"branch\":sum()", "60 CNY"},
        {"their mean", "pay:by \"branch\":mean()", "20 CNY"},
        {"how many", "pay:by \"branch\":count()", "3"},
        {"the smallest is one of them", "pay:by \"branch\":min()", "hidden"},
        {"the largest may be", "pay:by \"branch\":max()", "hidden"},
        {"two of them", "pay:where { branch = { \"ai\", \"steel\" } }", "hidden"},
        {"all but one", "pay:except { branch = \"steel\" }", "hidden"},
        {"those of which something else holds",
         "pay:by \"branch\":where(firms:by \"branch\":under(3)):sum()", "hidden"},
        {"the one that is shown", "pay:where { branch = \"steel\" }", "30 CNY"},
    };
    (void)state;
    struct house house;
    house_open(&house, text, "2022-01-05");
    house_file(&house, "2022-03-06",
               "measure,area,period,value,branch\nfirms,land,2022-02,1,ai\n"
               "firms,land,2022-02,5,chips\nfirms,land,2022-02,5,steel\npay,land,2022-02,10,ai\n"
               "pay,land,2022-02,20,chips\npay,land,2022-02,30,steel\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *shown = house_shown(&house, cases[i].expression, "land", "2022-02");
        if (strcmp(shown, cases[i].shown) != 0) {
            fail_msg("%s: %s is %s, expected %s", cases[i].why, cases[i].expression, shown,
                     cases[i].shown);
        }
        free(shown);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_from_it_is_hidden_with_it),
        cmocka_unit_test(it_follows_the_as_of),
        cmocka_unit_test(figures_are_hidden_by_their_dimensions),
        cmocka_unit_test(totals_over_some_of_a_dimensions_values_are_hidden),
        cmocka_unit_test(without_memory_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
