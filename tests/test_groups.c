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
};

static const struct answer_row more_answers[] = {
    {"each group's part of the whole: ai 6 / 7, chips 1 / 7",
     "(money:by('industry') / money):max() * 7", "north", "2022-01", "6"},
    {"the other way: 7 / 1", "(money / money:by('industry')):max()", "north", "2022-01", "7"},
    {"the whole of a formula: 1 / (7 + 7)", "(money:by('industry') / (money + money)):min() * 14",
     "north", "2022-01", "1"},
    {"of the parent: 6 of 17", "(money:by('industry') / money:of 'parent'):max() * 17", "north",
     "2022-01", "6"},
    {"of a fold of the groups themselves: 1 - 6",
     "(money:by('industry') - "
     "money:by('industry'):max()):min()",
     "north", "2022-01", "-5 CNY"},
    {"a share: 8 of 17", "money:by('industry'):share():max()", "bank", "2022-01", "47.1 %"},
    {"shares sum to one", "money:by('industry'):share():sum()", "bank", "2022-01", "100.0 %"},
    {"shares of a year's groups: ai 6 + 5 + … lacks", "money:by('industry'):share():year():sum()",
     "north", "2022", "missing: no figure"},
    {"shares of a hole are missing", "money:by('industry'):share():max()", "north", "2022-03",
     "missing: group missing: chips"},
    {"shares of nothing", "(money:by('industry') * 0):share():max()", "north", "2022-01",
     "missing: divide by zero"},
    {"shares by sex within industries: 30 / 50, 5 / 45, 20 / 50, 40 / 45",
     "people:by('sex'):share():max():by('industry'):max()", "east", "2022-Q1", "88.9 %"},
    {"any over 5", "money:by('industry'):over(5):any()", "north", "2022-01", "true"},
    {"not all", "money:by('industry'):over(5):all()", "north", "2022-01", "false"},
    {"all over 0", "money:by('industry'):over(0):all()", "bank", "2022-01", "true"},
    {"two of three over 5: ai 8, steel 8", "money:by('industry'):over(5):count()", "bank",
     "2022-01", "2"},
    {"a hole leaves open whether all are", "money:by('industry'):over(1):all()", "north", "2022-03",
     "unknown: group missing: chips"},
    {"but not that they are not", "money:by('industry'):over(4):all()", "north", "2022-03",
     "false"},
    {"nor that one is", "money:by('industry'):over(4):any()", "north", "2022-03", "true"},
    {"nor how many", "money:by('industry'):over(4):count()", "north", "2022-03",
     "missing: group missing: chips"},
    {"compared with what is not grouped: 6 > 3.5", "money:by('industry'):over(money / 2):count()",
     "north", "2022-01", "1"},
    {"group with group, a month earlier: chips 3 > 1, ai 5 < 6, media 4 > 0",
     "money:by('industry'):over(money:by('industry'):lag(1)):count()", "north", "2022-02", "2"},
    {"which rise: chips, and media from nothing", "money:by('industry'):rises():count()", "north",
     "2022-02", "2"},
    {"which lack", "money:by('industry'):missing():count()", "north", "2022-03", "1"},
    {"both: chips 3 and media 4 are over 2 and under 5",
     "(money:by('industry'):over(2) & money:by('industry'):under(5)):count()", "north", "2022-02",
     "2"},
    {"a branch a group: 5, 0, 4",
     "when(money:by('industry'):over(3), money:by('industry'), 0):sum()", "north", "2022-02",
     "9 CNY"},
    {"only those over 3: 5 + 4", "money:by('industry'):where(money:by('industry'):over(3)):sum()",
     "north", "2022-02", "9 CNY"},
    {"their mean", "money:by('industry'):where(money:by('industry'):over(3)):mean()", "north",
     "2022-02", "4.5 CNY"},
    {"their count", "money:by('industry'):where(money:by('industry'):over(3)):count()", "north",
     "2022-02", "2"},
    {"the others: 3", "money:by('industry'):except(money:by('industry'):over(3)):sum()", "north",
     "2022-02", "3 CNY"},
    {"what is left out is left out of arithmetic",
     "(money:by('industry'):where(money:by('industry')"
     ":over(3)) / money):sum() * 12",
     "north", "2022-02", "9"},
    {"and of truths", "money:by('industry'):where(money:by('industry'):over(3)):under(5):count()",
     "north", "2022-02", "1"},
    {"nothing is said of it",
     "money:by('industry'):where(money:by('industry'):over(3)):missing():any()", "north", "2022-02",
     "false"},
    {"nobody: a sum of 0", "money:by('industry'):where(money:by('industry'):over(9)):sum()",
     "north", "2022-02", "0 CNY"},
    {"and none of them", "money:by('industry'):where(money:by('industry'):over(9)):count()",
     "north", "2022-02", "0"},
    {"which has no mean", "money:by('industry'):where(money:by('industry'):over(9)):mean()",
     "north", "2022-02", "missing: left out"},
    {"all of none", "money:by('industry'):where(money:by('industry'):over(9)):over(1):all()",
     "north", "2022-02", "true"},
    {"any of none", "money:by('industry'):where(money:by('industry'):over(9)):over(1):any()",
     "north", "2022-02", "false"},
    {"whether a hole is left out is not known",
     "money:by('industry'):where(money:by('industry'):over(3)):sum()", "north", "2022-03",
     "missing: group missing: chips"},
    {"those that lack can be left out: 5 + 4",
     "money:by('industry'):except(money:by('industry'):missing()):sum()", "north", "2022-03",
     "9 CNY"},
    {"the shares of some: 5 of 9",
     "money:by('industry'):where(money:by('industry'):over(3)):share()"
     ":max()",
     "north", "2022-02", "55.6 %"},
    {"at several areas, group by group: ai north 6 > 5; steel south 8",
     "any(money:by('industry'):over(5), { north, south }):count()", "bank", "2022-01", "2"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
    world_check(pack_text, ROWS(figures), ROWS(more_answers));
}

/* --- whatever the figures --- */

/* SplitMix64: the same everywhere. */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double number(struct world *world, const char *expression, const char *area)
{
    zw_cell cell = world_cell(world, expression, area, "2023-01");
    if (!zw_cell_stands(&cell)) {
        fail_msg("%s at %s is missing", expression, area);
    }
    return cell.value;
}

static void same(double a, double b, const char *what)
{
    if (fabs(a - b) > 1e-12 * (fabs(a) + fabs(b))) {
        fail_msg("%s: %.17g and %.17g", what, a, b);
    }
}

static void parts_are_of_their_whole(void **state)
{
    (void)state;
    static const char *const areas[] = {"north", "east"}; /* the south does not live any more */
    static const char *const industries[] = {"industry=a", "industry=b", "industry=c"};
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct world world;
        uint64_t state_of = seed;
        struct figure_row rows[6];
        size_t count = 0;
        for (size_t a = 0; a < 2; a++) {
            for (size_t i = 0; i < 3; i++) {
                double value = ldexp((double)(draw(&state_of) >> 11), -(int)(draw(&state_of) % 60));
                rows[count++] = (struct figure_row){
                    "money", areas[a], industries[i], "2023-01", value + 0.01, NULL, 0, false};
            }
        }
        world_open(&world, pack_text);
        world_put(&world, rows, count);
        same(number(&world, "money:areas():sum()", "land"), number(&world, "money", "land"),
             "the sum over the areas is the zone's own");
        same(number(&world, "money:by('industry'):sum()", "land"), number(&world, "money", "land"),
             "the groups sum to the total");
        same(number(&world, "money:by('industry'):share():sum()", "land"), 1, "shares sum to 1");
        same(number(&world, "(money:by('industry') / money):sum()", "land"), 1,
             "so do parts of the whole");
        same(number(&world, "money:share_of('parent'):areas():sum()", "land"), 1,
             "shares of the parent sum to 1");
        same(number(&world, "money:by('industry'):mean() * money:by('industry'):count()", "land"),
             number(&world, "money:by('industry'):sum()", "land"), "mean times count is the sum");
        world_close(&world);
    }
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_bears_no_memory(&world, answers, 16);
    world_bears_no_memory(&world, more_answers, 12);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(parts_are_of_their_whole),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
