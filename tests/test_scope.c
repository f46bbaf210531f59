/* Scopes: what a changed definition does to figures, their growth, their sums and their parts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"
#include "indicator/scope.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "local came = measure \"came\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n"
    "local sales = measure \"sales\" { kind = \"ytd\", unit = \"CNY\", every = \"month\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"year\", by = { "
    "\"industry\" } }\n"
    "indicator \"before\" { function(at) return at(firms, at.area, -1) end, every = \"year\", unit "
    "= \"firms\" }\n"
    "indicator \"here\" { function(at) return at(firms) end, every = \"year\", unit = \"firms\" }\n"
    "target \"plan\" { firms, each = land.areas, over = { [2025] = 400 }, from = { [2020] = 100 } "
    "}\n";

/* A census changes the definition in 2023; the office republishes 2022 under it in June 2024, and
 * revises 2022 under the old one in July. The south knows no scopes. */
static const struct figure_row census[] = {
    {"firms", "north", "scope=1", "2021", 100, "2022-02-01", 0, false},
    {"firms", "north", "scope=1", "2022", 110, "2023-02-01", 0, false},
    {"firms", "north", "scope=2", "2023", 240, "2024-02-01", 0, false},
    {"firms", "north", "scope=2", "2022", 200, "2024-06-01", 'P', false},
    {"firms", "north", "scope=1", "2022", 115, "2024-07-01", 0, false},
    {"firms", "south", "", "2022", 50, "2023-02-01", 0, false},
    {"firms", "south", "", "2023", 60, "2024-02-01", 0, false},
};

static void steps_of(const struct figure_row *figures, size_t figure_count,
                     const struct step_row *steps, size_t step_count)
{
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, figures, figure_count);
    world_steps(&world, steps, step_count);
    world_close(&world);
}

static void growth_across_a_census_waits_for_the_old_year_in_the_new_scope(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"before it: 110 / 100 - 1", "2023-03-01", "firms:yoy()", "north", "2022", "10.0 %"},
        {"nobody reported the new year yet: it has no scope to hold to", "2024-01-15",
         "firms:lag(1)", "north", "2023", "110 firms"},
        {"the new year has another definition", "2024-03-01", "firms:yoy()", "north", "2023",
         "missing: scope changed"},
        {"it has a value all the same", "2024-03-01", "firms", "north", "2023", "240 firms"},
        {"across scopes when asked: 240 / 110 - 1", "2024-03-01", "firms:any_scope():yoy()",
         "north", "2023", "118.2 %"},
        {"nor is there a difference", "2024-03-01", "firms:delta()", "north", "2023",
         "missing: scope changed"},
        {"nor a year before", "2024-03-01", "firms:lag(1)", "north", "2023",
         "missing: scope changed"},
        {"the year that nobody reported yet has no scope to hold to", "2024-03-01", "firms:lag(1)",
         "north", "2024", "240 firms"},
        {"nor can it be said to rise: one figure", "2024-03-01", "firms:rises(1)", "north", "2023",
         "unknown: no figure"},
        {"2022 is not there in scope 2", "2024-03-01", "firms:scope '2'", "north", "2022",
         "missing: scope changed"},
        {"a function looks back in the scope of now", "2024-03-01", "before", "north", "2023",
         "missing: scope changed"},
        {"what it reads here and now stands in its own", "2024-03-01", "here", "north", "2022",
         "110 firms"},
        {"a projection carries on last year's change, of which there is none", "2024-03-01",
         "plan:projected()", "north", "2023", "missing: scope changed"},
        {"republished: 240 / 200 - 1", "2024-06-01", "firms:yoy()", "north", "2023",
         "20.0 % (provisional)"},
        {"240 - 200", "2024-06-01", "firms:delta()", "north", "2023", "40 firms (provisional)"},
        {"the year before, as it is now defined", "2024-06-01", "firms:lag(1)", "north", "2023",
         "200 firms (provisional)"},
        {"it rises", "2024-06-01", "firms:rises(1)", "north", "2023", "true (provisional)"},
        {"a function sees it", "2024-06-01", "before", "north", "2023", "200 firms (provisional)"},
        {"240 * (240 / 200) ^ 2 in 2025", "2024-06-01", "plan:projected()", "north", "2023",
         "345.6 firms (provisional)"},
        {"2022 itself stays in the scope it was first reported in", "2024-06-01", "firms", "north",
         "2022", "110 firms"},
        {"and so does its growth", "2024-06-01", "firms:yoy()", "north", "2022", "10.0 %"},
        {"another scope is another figure: nothing was revised", "2024-06-01", "firms:revised()",
         "north", "2022", "false"},
        {"picked", "2024-06-01", "firms:scope '2'", "north", "2022", "200 firms (provisional)"},
        {"a revision under the old scope", "2024-07-01", "firms", "north", "2022", "115 firms"},
        {"is one", "2024-07-01", "firms:revised()", "north", "2022", "true"},
        {"but not of scope 2", "2024-07-01", "firms:scope '2':revised()", "north", "2022",
         "false (provisional)"},
        {"and leaves the growth under the new one", "2024-07-01", "firms:yoy()", "north", "2023",
         "20.0 % (provisional)"},
        {"not that across scopes: 240 / 115 - 1", "2024-07-01", "firms:any_scope():yoy()", "north",
         "2023", "108.7 %"},
    };
    steps_of(ROWS(census), ROWS(steps));
}

static void the_second_scope_is_noticed_by_what_was_read_before_it(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"with one scope nothing is anchored", "2024-01-15", "firms:lag(1)", "north", "2023",
         "110 firms"},
        {"2023 came in another", "2024-02-01", "firms:lag(1)", "north", "2023",
         "missing: scope changed"},
    };
    steps_of(census, 3, ROWS(steps));
}

static void a_zone_compares_like_with_like_area_by_area(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"each part in its own scope: 110 + 50", "2024-03-01", "firms", "land", "2022",
         "160 firms"},
        {"240 + 60", "2024-03-01", "firms", "land", "2023", "300 firms"},
        {"the north lacks 2022 in the scope it has in 2023", "2024-03-01", "firms:yoy()", "land",
         "2023", "missing: part missing: north (1 of 2 in)"},
        {"the south grew: 60 / 50 - 1", "2024-03-01", "firms:yoy()", "south", "2023", "20.0 %"},
        {"300 / (200 + 50) - 1", "2024-06-01", "firms:yoy()", "land", "2023",
         "20.0 % (provisional)"},
        {"the zone's 2022 is still 110 + 50", "2024-06-01", "firms", "land", "2022", "160 firms"},
        {"parts one by one: 300 - 250", "2024-06-01", "firms:areas():sum():delta()", "land", "2023",
         "50 firms (provisional)"},
        {"the south has no scope 2", "2024-06-01", "firms:scope '2'", "south", "2023",
         "missing: scope changed"},
        {"its figures have the empty one", "2024-06-01", "firms:scope ''", "south", "2023",
         "60 firms"},
    };
    steps_of(ROWS(census), ROWS(steps));
}

static void what_adds_up_earlier_periods_does_so_in_one_scope(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"came", "north", "scope=1", "2023-01", 10, "2023-02-01", 0, false},
        {"came", "north", "scope=1", "2023-02", 10, "2023-03-01", 0, false},
        {"came", "north", "scope=1", "2023-03", 10, "2023-04-01", 0, false},
        {"came", "north", "scope=2", "2023-04", 20, "2023-05-01", 0, false},
        {"came", "north", "scope=2", "2023-05", 21, "2023-06-01", 0, false},
        {"came", "north", "scope=3", "2023-06", 30, "2023-07-01", 0, false},
        {"came", "north", "scope=2", "2023-01", 15, "2023-08-01", 0, false},
        {"came", "north", "scope=2", "2023-02", 15, "2023-08-01", 0, false},
        {"came", "north", "scope=2", "2023-03", 15, "2023-08-01", 0, false},
        {"sales", "north", "scope=1", "2023-01", 100, "2023-02-01", 0, false},
        {"sales", "north", "scope=2", "2023-02", 250, "2023-03-01", 0, false},
        {"sales", "north", "scope=2", "2023-01", 130, "2023-08-01", 0, false},
    };
    static const struct step_row steps[] = {
        {"10 + 10 + 10", "2023-07-01", "came:ytd()", "north", "2023-03", "30 firms"},
        {"April is of another kind", "2023-07-01", "came:ytd()", "north", "2023-04",
         "missing: scope changed"},
        {"so is a window", "2023-07-01", "came:rolling(2):sum()", "north", "2023-04",
         "missing: scope changed"},
        {"20 + 21", "2023-07-01", "came:rolling(2):sum()", "north", "2023-05", "41 firms"},
        {"the first quarter is whole", "2023-07-01", "came:quarter()", "north", "2023-Q1",
         "30 firms"},
        {"the second is read in the scope of June", "2023-07-01", "came:quarter()", "north",
         "2023-Q2", "missing: scope changed"},
        {"unless any will do: 20 + 21 + 30", "2023-07-01", "came:any_scope():quarter()", "north",
         "2023-Q2", "71 firms"},
        {"before June was in, April and May were the quarter so far", "2023-06-30",
         "came:quarter()", "north", "2023-Q2", "missing: no figure"},
        {"the largest of a quarter is in one scope too", "2023-07-01", "came:quarter 'max'",
         "north", "2023-Q2", "missing: scope changed"},
        {"the part of a running total", "2023-07-01", "sales:single()", "north", "2023-02",
         "250 CNY (spans 2 periods)"},
        {"republished: 15 + 15 + 15 + 20", "2023-08-01", "came:ytd()", "north", "2023-04",
         "65 firms"},
        {"March stays 10 + 10 + 10", "2023-08-01", "came:ytd()", "north", "2023-03", "30 firms"},
        {"15 + 20", "2023-08-01", "came:rolling(2):sum()", "north", "2023-04", "35 firms"},
        {"a look back inside a look back is in the outer scope: (15 + 20) - (15 + 15)",
         "2023-08-01", "came:rolling(2):sum():delta()", "north", "2023-04", "5 firms"},
        {"250 - 130", "2023-08-01", "sales:single()", "north", "2023-02", "120 CNY"},
        {"100 alone", "2023-08-01", "sales:single()", "north", "2023-01", "100 CNY"},
        {"first a sum of each, then a ratio: 20 / 15", "2023-08-01",
         "(came / 1):delta() / came:lag(1)", "north", "2023-04", "0.33"},
    };
    steps_of(ROWS(rows), ROWS(steps));
}

static void dimension_values_belong_to_their_scope(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"money", "north", "industry=ai\x1fscope=1", "2022", 1, "2023-02-01", 0, false},
        {"money", "north", "industry=trade\x1fscope=1", "2022", 2, "2023-02-01", 0, false},
        {"money", "north", "industry=retail\x1fscope=2", "2023", 7, "2024-02-01", 0, false},
        {"money", "north", "industry=software\x1fscope=2", "2023", 5, "2024-02-01", 0, false},
        {"money", "south", "industry=ai\x1fscope=1", "2023", 3, "2024-02-01", 0, false},
        {"money", "north", "industry=retail\x1fscope=2", "2022", 6, "2024-06-01", 0, false},
        {"money", "north", "industry=software\x1fscope=2", "2022", 4, "2024-06-01", 0, false},
    };
    static const struct step_row steps[] = {
        {"1 + 2", "2024-03-01", "money", "north", "2022", "3 CNY"},
        {"7 + 5: ai and trade are not expected in the new list", "2024-03-01", "money", "north",
         "2023", "12 CNY"},
        {"two groups", "2024-03-01", "money:by('industry'):count()", "north", "2023", "2"},
        {"one that the new list lacks", "2024-03-01", "money:where { industry = 'ai' }", "north",
         "2023", "missing: not in the list of this scope"},
        {"while the south has it", "2024-03-01", "money:where { industry = 'ai' }", "land", "2023",
         "3 CNY"},
        {"which is then a group of the zone, and so is trade: of scope 1, in which the south has "
         "none",
         "2024-03-01", "money:by('industry'):count()", "land", "2023", "4"},
        {"7 + 5 + 3 + 0 over four", "2024-03-01", "money:by('industry'):mean()", "land", "2023",
         "3.75 CNY"},
        {"12 + 3", "2024-03-01", "money", "land", "2023", "15 CNY"},
        {"what nobody ever had may be misspelt", "2024-03-01",
         "money:where { industry = 'sofware' }", "north", "2023", "missing: no figure"},
        {"growth of the whole", "2024-03-01", "money:delta()", "north", "2023",
         "missing: scope changed"},
        {"and of groups: the old ones are no base", "2024-03-01",
         "money:by('industry'):sum():delta()", "north", "2023", "missing: scope changed"},
        {"and of one", "2024-03-01", "money:where { industry = 'software' }:delta()", "north",
         "2023", "missing: scope changed"},
        {"12 - 10", "2024-06-01", "money:delta()", "north", "2023", "2 CNY"},
        {"(7 + 5) - (6 + 4)", "2024-06-01", "money:by('industry'):sum():delta()", "north", "2023",
         "2 CNY"},
        {"7 - 6", "2024-06-01", "money:by('industry'):max():delta()", "north", "2023", "1 CNY"},
        {"5 - 4", "2024-06-01", "money:where { industry = 'software' }:delta()", "north", "2023",
         "1 CNY"},
        {"5 / 12 of now against 4 / 10 of then: 1 / 60", "2024-06-01",
         "(money:where { industry = 'software' } / money):delta()", "north", "2023", "0.02"},
        {"2022 keeps its own list", "2024-06-01", "money", "north", "2022", "3 CNY"},
    };
    steps_of(ROWS(rows), ROWS(steps));
}

static void the_scope_of_a_period_is_the_first_that_stands(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"firms", "north", "scope=1", "2023", 120, "2024-01-10", 0, false},
        {"firms", "north", "scope=1", "2023", NAN, "2024-01-20", 0, false},
        {"firms", "north", "scope=2", "2023", 240, "2024-02-01", 0, false},
        {"firms", "north", "scope=1", "2023", 121, "2024-03-01", 0, false},
    };
    static const struct step_row steps[] = {
        {"reported", "2024-01-15", "firms", "north", "2023", "120 firms"},
        {"withdrawn", "2024-01-25", "firms", "north", "2023", "missing: withdrawn"},
        {"published anew under another definition", "2024-02-01", "firms", "north", "2023",
         "240 firms"},
        {"back: the first again", "2024-03-01", "firms", "north", "2023", "121 firms"},
    };
    steps_of(ROWS(rows), ROWS(steps));
}

static void of_one_moment_the_first_delivery_decides(void **state)
{
    (void)state;
    static const struct figure_row first = {"firms", "north",      "scope=2", "2023",
                                            240,     "2024-02-01", 0,         false};
    static const struct figure_row second = {"firms", "north",      "scope=1", "2023",
                                             120,     "2024-02-01", 0,         false};
    static const struct answer_row answers[] = {
        {"scope 2 came first", "firms", "north", "2023", "240 firms"}};
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, &first, 1);
    world_put(&world, &second, 1);
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void a_pack_without_scopes_makes_no_anchors(void **state)
{
    (void)state;
    struct world world;
    uint32_t binding = 7;
    world_open(&world, pack_text);
    world_put(&world, &census[5], 2);
    zw_node_id node = world_node(&world, "firms");
    zw_grid year = {ZW_YEAR, 0};
    assert_int_equal(zw_scope_anchor(world.eval, 0, node, year, 53, &binding, NULL), ZW_OK);
    assert_int_equal(binding, 0);
    world_put(&world, census, 3);
    assert_int_equal(zw_scope_anchor(world.eval, 0, node, year, 53, &binding, NULL), ZW_OK);
    assert_int_not_equal(binding, 0);
    zw_span span;
    const zw_calendar *calendar = zw_inside_calendar(world.eval, 0);
    const char *text = zw_pool_text(world.eval->bindings, binding);
    assert_true(zw_scope_anchored(text, calendar, (zw_grid){ZW_MONTH, 0}, &span));
    assert_int_equal(span.lo, 53 * 12);
    assert_int_equal(span.hi, 53 * 12 + 11);
    assert_false(zw_scope_anchored("industry=ai", calendar, year, &span));
    uint32_t again = 0; /* below an anchor the outer one stays */
    assert_int_equal(zw_scope_anchor(world.eval, binding, node, year, 52, &again, NULL), ZW_OK);
    assert_int_equal(again, binding);
    world_close(&world);
}

static void without_memory_a_look_back_is_refused_and_works_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(census));
    zw_node_id node = world_node(&world, "firms:yoy()");
    bool was_refused = true;
    zw_cell cell = zw_cell_of(0);
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval_forget(world.eval);
        failing_alloc_after(after);
        zw_status status = zw_eval_cell(world.eval, node, 0, 53, &cell, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
    }
    assert_true(zw_cell_stands(&cell) && fabs(cell.value - 0.2) < 1e-12);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_across_a_census_waits_for_the_old_year_in_the_new_scope),
        cmocka_unit_test(the_second_scope_is_noticed_by_what_was_read_before_it),
        cmocka_unit_test(a_zone_compares_like_with_like_area_by_area),
        cmocka_unit_test(what_adds_up_earlier_periods_does_so_in_one_scope),
        cmocka_unit_test(dimension_values_belong_to_their_scope),
        cmocka_unit_test(the_scope_of_a_period_is_the_first_that_stands),
        cmocka_unit_test(of_one_moment_the_first_delivery_decides),
        cmocka_unit_test(a_pack_without_scopes_makes_no_anchors),
        cmocka_unit_test(without_memory_a_look_back_is_refused_and_works_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
