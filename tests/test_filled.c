/* What stands for a missing value: a number, another expression, the last known one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local north = area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "area \"young\" { within = land, since = \"2023-01-01\" }\n"
    "local came = measure \"came\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n"
    "local other = measure \"other\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n"
    "local some = measure \"some\" { kind = \"stock\", unit = \"firms\", every = \"month\", areas "
    "= "
    "{ north } }\n"
    "local sales = measure \"sales\" { kind = \"ytd\", unit = \"CNY\", every = \"month\", skip = { "
    "month = 1 } }\n"
    "local share = measure \"share\" { kind = \"rate\", unit = \"%\", every = \"month\" }\n"
    "local split = measure \"split\" { kind = \"flow\", unit = \"firms\", every = \"month\", by = "
    "{ "
    "\"industry\" } }\n";

static const struct figure_row figures[] = {
    {"came", "north", NULL, "2022-01", 5, "2022-02-05", 'P', false},
    {"came", "south", NULL, "2022-01", 7, "2022-02-05", 'P', false},
    {"came", "north", NULL, "2022-02", 6, "2022-03-05", 0, false},
    {"came", "south", NULL, "2022-04", 8, "2022-05-05", 0, false},
    {"came", "south", NULL, "2022-02", 9, "2022-08-05", 0, false},
    {"other", "south", NULL, "2022-02", 4, "2022-03-05", 'E', false},
    {"some", "north", NULL, "2022-01", 2, "2022-02-05", 0, false},
    {"sales", "north", NULL, "2021-12", 100, "2022-01-20", 0, false},
    {"sales", "north", NULL, "2022-02", 20, "2022-03-20", 0, false},
    {"sales", "north", NULL, "2022-04", 50, "2022-05-20", 0, false},
    {"share", "north", NULL, "2022-01", 10, "2022-02-05", 0, false},
    {"split", "north", "industry=ai", "2022-01", 1, "2022-02-05", 0, false},
    {"split", "north", "industry=chips", "2022-01", 3, "2022-02-05", 0, false},
    {"split", "north", "industry=ai", "2022-02", 2, "2022-03-05", 0, false},
};

static void what_is_missing_is_filled(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"what is in stands", "2022-07-01", "came:fill(0)", "south", "2022-01",
         "7 firms (provisional)"},
        {"what is not is the number", "2022-07-01", "came:fill(3)", "south", "2022-02", "3 firms"},
        {"so it is not missing", "2022-07-01", "came:fill(3):missing()", "south", "2022-02",
         "false"},
        {"but partial", "2022-07-01", "came:fill(3):partial()", "south", "2022-02", "true"},
        {"the last known value", "2022-07-01", "came:fill 'last'", "south", "2022-02",
         "7 firms (provisional)"},
        {"of any distance", "2022-07-01", "came:fill 'last'", "south", "2022-03",
         "7 firms (provisional)"},
        {"it covers no longer: 7 - 7", "2022-07-01", "came:fill('last'):delta()", "south",
         "2022-02", "0 firms (provisional)"},
        {"nothing was known before January", "2022-07-01", "came:fill 'last'", "south", "2021-12",
         "missing: no figure"},
        {"another expression, with its marks", "2022-07-01", "came:or_else(other)", "south",
         "2022-02", "4 firms (estimated)"},
        {"or none, for its own reason", "2022-07-01", "came:or_else(other)", "south", "2022-03",
         "missing: no figure"},
        {"and then a number", "2022-07-01", "came:or_else(other):fill(1)", "south", "2022-03",
         "1 firms"},
        {"a period that has not begun stays so", "2022-07-01", "came:fill(0)", "south", "2022-08",
         "missing: period not begun"},
        {"and an area that does not live yet", "2022-07-01", "came:fill(0)", "young", "2022-02",
         "missing: outside the area's life"},
        {"a group that has no figure: 2 + 0", "2022-07-01", "split:by('industry'):fill(0):sum()",
         "north", "2022-02", "2 firms"},
        {"the least of 2 and 3", "2022-07-01", "split:by('industry'):fill('last'):min()", "north",
         "2022-02", "2 firms"},
        {"when it comes it stands for itself", "2022-08-05", "came:fill 'last'", "south", "2022-02",
         "9 firms"},
        {"and for what follows", "2022-08-05", "came:fill 'last'", "south", "2022-03", "9 firms"},
        {"until the next", "2022-08-05", "came:fill 'last'", "south", "2022-04", "8 firms"},
    };
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void what_adds_up_is_filled_part_by_part(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"6 + 3", "2022-07-01", "came:fill(3)", "land", "2022-02", "9 firms (1/2)"},
        {"6 + 7", "2022-07-01", "came:fill 'last'", "land", "2022-02",
         "13 firms (provisional, 1/2)"},
        {"6 + 4", "2022-07-01", "came:or_else(other)", "land", "2022-02",
         "10 firms (estimated, 1/2)"},
        {"nothing lacks: 5 + 7", "2022-07-01", "came:fill(3)", "land", "2022-01",
         "12 firms (provisional)"},
        {"a flow stays one: 12 + 6 + 0 and nobody in March", "2022-07-01", "came:fill(0):quarter()",
         "land", "2022-Q1", "18 firms (provisional, 0/2)"},
        {"so do its windows: 12 + (6 + 3)", "2022-07-01", "came:fill(3):rolling(2):sum()", "land",
         "2022-02", "21 firms (provisional, 1/2)"},
        {"a part is missing where its stand-in is", "2022-07-01", "came:or_else(other)", "land",
         "2022-03", "missing: part missing: north (0 of 2 in)"},
        {"a formula is filled as it is: 6 + nothing is missing, so 9", "2022-07-01",
         "(came / 1):fill(9)", "land", "2022-02", "9 firms (1/2)"},
        {"only who is expected to report is filled", "2022-07-01", "some:fill(1)", "land",
         "2022-02", "1 firms"},
        {"what nobody reports yet is filled once", "2022-07-01", "came:fill(2)", "land", "2021-05",
         "2 firms"},
        {"a rate is never added up", "2022-07-01", "share:fill(0.5)", "land", "2022-01",
         "50.0 % (1/2)"},
        {"once it is in: 6 + 9", "2022-08-05", "came:fill(3)", "land", "2022-02", "15 firms"},
    };
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void a_running_total_is_filled_within_its_year(void **state)
{
    (void)state;
    static const struct answer_row answers[] = {
        {"March stands at February's total", "sales:fill 'last'", "north", "2022-03", "20 CNY"},
        {"so its own part is nothing", "sales:fill('last'):single()", "north", "2022-03", "0 CNY"},
        {"and April's is one month: 50 - 20", "sales:fill('last'):single()", "north", "2022-04",
         "30 CNY"},
        {"nobody reports January: it is not missing", "sales:fill 'last'", "north", "2022-01",
         "missing: no report in this period"},
        {"last year's total does not stand for this year's", "sales:fill 'last'", "north",
         "2023-02", "missing: no figure"},
        {"to the year's end it does", "sales:fill 'last'", "north", "2022-12", "50 CNY"},
        {"of a year: 50 in all", "sales:fill('last'):year()", "north", "2022", "50 CNY"},
    };
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

static void a_span_is_filled_as_its_periods_are(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "sales:fill 'last'");
    zw_span span = {51 * 12 + 10, 53 * 12 + 2}; /* from November 2021 to March 2023 */
    zw_cell cells[17];
    zw_err err = {ZW_OK, ""};
    uint32_t north = zw_pack_area(world.pack, zw_text_of("north"), NULL);
    assert_int_equal(zw_eval_cells(world.eval, node, north, span, cells, &err), ZW_OK);
    for (size_t i = 0; i < 17; i++) {
        zw_cell alone;
        zw_eval_forget(world.eval);
        assert_int_equal(
            zw_eval_cell(world.eval, node, north, span.lo + (zw_period)i, &alone, &err), ZW_OK);
        assert_int_equal(alone.reason, cells[i].reason);
        assert_true(alone.value == cells[i].value || !zw_cell_stands(&alone));
        assert_int_equal(alone.until_ms, cells[i].until_ms);
    }
    world_close(&world);
}

static void without_memory_it_is_refused_and_works_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "came:fill 'last'");
    bool was_refused = true;
    zw_cell cell = zw_cell_of(0);
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval_forget(world.eval);
        failing_alloc_after(after);
        zw_status status = zw_eval_cell(world.eval, node, 0, 52 * 12 + 2, &cell, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
    }
    assert_true(zw_cell_stands(&cell) && cell.value == 6 + 9); /* February's, in March */
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_filled),
        cmocka_unit_test(what_adds_up_is_filled_part_by_part),
        cmocka_unit_test(a_running_total_is_filled_within_its_year),
        cmocka_unit_test(a_span_is_filled_as_its_periods_are),
        cmocka_unit_test(without_memory_it_is_refused_and_works_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
