/* Groups of a dimension, folded. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local bank = area \"bank\" { within = land, leads = { \"ai\", \"chips\" } }\n"
    "local north = area \"north\" { within = bank, leads = \"ai\" }\n"
    "local south = area \"south\" { within = bank, till = \"2022-04\", leads = \"chips\" }\n"
    "local east = area \"east\" { within = land, leads = \"ai\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local people = measure \"people\" { kind = \"stock\", unit = \"people\", every = \"quarter\", "
    "by "
    "= { \"industry\", \"sex\" } }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-01", 6, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-01", 1, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "south", "industry=steel", "2022-01", 8, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-02", 5, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-02", 3, NULL, 0, false},
    {"money", "north", "industry=media", "2022-02", 4, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-03", 5, NULL, 0, false},
    {"money", "north", "industry=media", "2022-03", 4, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-04", 5, NULL, 0, false},
    {"money", "north", "industry=media", "2022-04", NAN, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-04", 2, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-05", 7, NULL, 0, false},
    {"money", "north", "industry=media", "2022-05", 1, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-05", 2, NULL, 0, false},
    {"people", "east", "industry=ai\x1fsex=f", "2022-Q1", 30, NULL, 0, false},
    {"people", "east", "industry=ai\x1fsex=m", "2022-Q1", 20, NULL, 0, false},
    {"people", "east", "industry=steel\x1fsex=m", "2022-Q1", 40, NULL, 0, false},
    {"people", "east", "industry=steel\x1fsex=f", "2022-Q1", 5, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"the largest group", "money:by(\"industry\"):max()", "north", "2022-01", "6 CNY"},
    {"of a roll-up: ai 6 + 2, chips 1, steel 8", "money:by(\"industry\"):max()", "bank", "2022-01",
     "8 CNY"},
    {"its mean: (8 + 1 + 8) / 3", "money:by(\"industry\"):mean()", "bank", "2022-01", "5.67 CNY"},
    {"its sum is the total", "money:by(\"industry\"):sum()", "bank", "2022-01", "17 CNY"},
    {"a group that comes later changes nothing before: 6 and 1", "money:by(\"industry\"):count()",
     "north", "2022-01", "2"},
    {"nor the least: not 0 of media", "money:by(\"industry\"):min()", "north", "2022-01", "1 CNY"},
    {"nor the mean: (6 + 1) / 2", "money:by(\"industry\"):mean()", "north", "2022-01", "3.5 CNY"},
    {"from then on it is one: (5 + 3 + 4) / 3", "money:by(\"industry\"):mean()", "north", "2022-02",
     "4 CNY"},
    {"a hole in one group is no smaller sum", "money:by(\"industry\"):sum()", "north", "2022-03",
     "missing: group missing: chips"},
    {"nor another largest", "money:by(\"industry\"):max()", "north", "2022-03",
     "missing: group missing: chips"},
    {"nor one fewer", "money:by(\"industry\"):count()", "north", "2022-03",
     "missing: group missing: chips"},
    {"what was taken back says so", "money:by(\"industry\"):sum()", "north", "2022-04",
     "missing: withdrawn"},
    {"before anything is known there is none", "money:by(\"industry\"):sum()", "north", "2021-12",
     "missing: no figure"},
    {"a period that nobody reported", "money:by(\"industry\"):sum()", "north", "2022-06",
     "missing: no figure"},
    {"the groups of an area go with it: ai, chips, media, no steel",
     "money:by(\"industry\"):count()", "bank", "2022-05", "3"},
    {"narrowed, the groups are fewer: ai",
     "money:where { industry = { \"ai\", \"steel\" } }:by("
     "\"industry\"):count()",
     "north", "2022-01", "1"},
    {"all but one: chips", "money:except { industry = \"ai\" }:by(\"industry\"):max()", "north",
     "2022-01", "1 CNY"},
    {"to those of each area: of bank ai 8 and chips 1",
     "money:where { industry = attr \"leads\" }:by(\"industry\"):max()", "north", "2022-01",
     "6 CNY"},
    {"of another area: its groups, not those here", "money:of(north):by(\"industry\"):count()",
     "east", "2022-02", "3"},
    {"of its parts: ai, chips, steel", "money:areas():sum():by(\"industry\"):count()", "bank",
     "2022-01", "3"},
    {"earlier, the groups of then", "money:by(\"industry\"):lag(1):count()", "north", "2022-02",
     "2"},
    {"is the count of then", "money:by(\"industry\"):count():lag(1)", "north", "2022-02", "2"},
    {"the other dimension is summed: ai 50, steel 45", "people:by(\"industry\"):min()", "east",
     "2022-Q1", "45 people"},
    {"f 35, m 60", "people:by(\"sex\"):max()", "east", "2022-Q1", "60 people"},
    {"a fold of groups below groups: of ai (30, 20), of steel (5, 40)",
     "people:by(\"sex\"):max():by(\"industry\"):sum()", "east", "2022-Q1", "70 people"},
    {"grouped anew by the same, the inner one holds: 50 + 45 twice",
     "people:by(\"sex\"):sum():by(\"sex\"):sum()", "east", "2022-Q1", "missing: no figure"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_bears_no_memory(&world, answers, 16);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
