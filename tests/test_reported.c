/* Figures by dimension: totals, parts, narrowing, holes, and what is nothing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
