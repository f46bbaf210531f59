/* Figures by dimension: totals, parts, narrowing, holes, and what is nothing. */
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
    "area \"north\" { within = land, leads = { \"ai\", \"chips\" } }\n"
    "area \"south\" { within = land, leads = \"trade\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\", \"size\" } }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-01", 1, NULL, 0, false},
    {"money", "north", "industry=chips\x1fsize=big", "2022-01", 2, NULL, 0, false},
    {"money", "north", "industry=chips\x1fsize=small", "2022-01", 4, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-01", 8, NULL, 0, false},
    {"money", "south", "industry=trade", "2022-01", 16, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-02", 1, NULL, 0, false},
    {"money", "south", "", "2022-02", 99, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-02", 8, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-03", 8, NULL, 0, true},
    {"money", "south", "industry=trade", "2022-03", NAN, NULL, 0, false},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"a total adds up its parts, and theirs", "money", "north", "2022-01", "7 CNY"},
        {"one value", "money:where { industry = 'ai' }", "north", "2022-01", "1 CNY"},
        {"one value, split further", "money:where { industry = 'chips' }", "north", "2022-01",
         "6 CNY"},
        {"two dimensions", "money:where { industry = 'chips', size = 'small' }", "north", "2022-01",
         "4 CNY"},
        {"a list", "money:where { industry = { 'ai', 'trade' } }", "south", "2022-01", "24 CNY"},
        {"all but", "money:except { industry = 'ai' }", "south", "2022-01", "16 CNY"},
        {"by the area's own attribute", "money:where { industry = attr 'leads' }", "north",
         "2022-01", "7 CNY"},
        {"which goes up the tree with each area's own", "money:where { industry = attr 'leads' }",
         "land", "2022-01", "23 CNY"},
        {"narrowed figures go up the tree", "money:where { industry = 'ai' }", "land", "2022-01",
         "9 CNY"},
        {"a known industry that an area has none of is nothing",
         "money:where { industry = 'trade' }", "north", "2022-01", "0 CNY"},
        {"so that the sum stands", "money:where { industry = 'trade' }", "land", "2022-01",
         "16 CNY"},
        {"an industry nobody ever had is no figure", "money:where { industry = 'tarde' }", "north",
         "2022-01", "missing: no figure"},
        {"a value reported before is expected", "money", "north", "2022-02", "missing: no figure"},
        {"a reported total wins over a hole", "money", "south", "2022-02", "99 CNY"},
        {"a hole in a narrowed figure is missing", "money:where { industry = 'trade' }", "south",
         "2022-02", "missing: no figure"},
        {"a withdrawn part is missing", "money", "south", "2022-03", "missing: withdrawn"},
        {"a synthetic part marks what is read from it", "money:where { industry = 'ai' }", "south",
         "2022-03", "8 CNY (synthetic)"},
    };
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void a_hole_is_never_filled_by_another_dimension(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"money", "north", "industry=ai", "2022-01", 1, NULL, 0, false},
        {"money", "north", "industry=chips\x1fsize=big", "2022-01", 2, NULL, 0, false},
        {"money", "north", "industry=chips\x1fsize=small", "2022-01", 4, NULL, 0, false},
        {"money", "north", "industry=chips\x1fsize=big", "2022-02", 2, NULL, 0, false},
        {"money", "north", "industry=chips\x1fsize=small", "2022-02", 4, NULL, 0, false},
        {"money", "north", "size=big", "2022-03", 50, NULL, 0, false},
        {"money", "north", "size=small", "2022-03", 60, NULL, 0, false},
    };
    static const struct answer_row answers[] = {
        {"without ai, chips by size (2 + 4) are no total", "money", "north", "2022-02",
         "missing: no figure"},
        {"sizes that are not split by industry are: 50 + 60", "money", "north", "2022-03",
         "110 CNY"},
        {"two filters must both hold",
         "money:where { industry = 'ai' }:where { industry = 'chips' }", "north", "2022-01",
         "missing: no figure"},
        {"a list and what is left out of it: chips, 2 + 4",
         "money:where { industry = { 'ai', 'chips' } }:except { industry = 'ai' }", "north",
         "2022-01", "6 CNY"},
        {"left out twice: nothing is left",
         "money:except { industry = 'chips' }:except { industry = 'ai' }", "north", "2022-01",
         "missing: no figure"},
        {"groups keep to the filter: of ai and chips ai alone, 1",
         "money:where { industry = 'ai' }:by('industry'):count()", "north", "2022-01", "1"},
    };
    world_check(pack_text, ROWS(rows), ROWS(answers));
}

static void a_value_is_known_from_the_moment_somebody_reports_it(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"money", "north", "industry=ai", "2022-01", 1, "2022-02-05", 0, false},
        {"money", "south", "industry=ai", "2022-01", 8, "2022-02-05", 0, false},
        {"money", "south", "industry=trade", "2022-06", 16, "2022-07-05", 0, false},
    };
    static const struct step_row steps[] = {
        {"in March nobody ever had trade: it may be misspelt", "2022-03-01",
         "money:where { industry = 'trade' }", "north", "2022-01", "missing: no figure"},
        {"of two groups only ai is there", "2022-03-01", "money:by('industry'):count()", "north",
         "2022-01", "1"},
        {"no sum over the zone", "2022-03-01", "money:where { industry = 'trade' }", "land",
         "2022-01", "missing: no figure (0 of 2 in)"},
        {"once the south has reported it in June, the north had none of it in January",
         "2022-07-05", "money:where { industry = 'trade' }", "north", "2022-01", "0 CNY"},
        {"nor had the south: 0 + 0", "2022-07-05", "money:where { industry = 'trade' }", "land",
         "2022-01", "0 CNY"},
        {"but in January trade is no group yet", "2022-07-05", "money:by('industry'):count()",
         "land", "2022-01", "1"},
    };
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(rows));
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void without_memory_a_question_is_refused_and_works_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "money:where { industry = attr 'leads' }:year()");
    uint32_t area = zw_pack_area(world.pack, zw_text_of("land"), NULL);
    zw_cell cell;
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval_forget(world.eval);
        failing_alloc_after(after);
        zw_status status = zw_eval_cell(world.eval, node, area, 52, &cell, &err);
        was_refused = failing_alloc_stop();
        if (status != ZW_OK) {
            assert_true(was_refused);
            assert_int_equal(status, ZW_NOMEM);
        }
    }
    assert_int_equal(cell.reason, ZW_REASON_NO_FIGURE); /* February has none at all */
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_never_filled_by_another_dimension),
        cmocka_unit_test(a_value_is_known_from_the_moment_somebody_reports_it),
        cmocka_unit_test(without_memory_a_question_is_refused_and_works_again),
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
