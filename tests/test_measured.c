/* A measure at an area: own figure first, else the sum of its parts, all of them or as many as it
 * says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local bank = area \"bank\" { within = land }\n"
    "area \"north\" { within = bank }\n"
    "area \"south\" { within = bank }\n"
    "area \"east\" { within = land }\n"
    "area \"both\" { within = { land, bank } }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local open_money = measure \"open_money\" { kind = \"flow\", unit = \"CNY\", every = "
    "\"month\", partial = true }\n"
    "local rate = measure \"rate\" { kind = \"rate\", unit = \"%\", every = \"month\" }\n"
    "local queue = measure \"queue\" { kind = \"gauge\", unit = \"min\", every = \"10s\", by = { "
    "\"desk\" } }\n"
    "local level = measure \"level\" { kind = \"gauge\", unit = \"m\", every = \"day\", partial = "
    "false }\n"
    "local peak = measure \"peak\" { kind = \"stock\", unit = \"kW\", every = \"month\", rollup = "
    "\"max\" }\n"
    "local chosen = measure \"chosen\" { kind = \"flow\", unit = \"CNY\", every = \"month\", areas "
    "= { bank } }\n";

static const struct figure_row figures[] = {
    {"money", "north", NULL, "2022-01", 1, NULL, 0, false},
    {"money", "south", NULL, "2022-01", 2, NULL, 'P', true},
    {"money", "east", NULL, "2022-01", 4, NULL, 0, false},
    {"money", "both", NULL, "2022-01", 8, NULL, 0, false},
    {"money", "north", NULL, "2022-02", 1, NULL, 0, false},
    {"money", "east", NULL, "2022-02", 4, NULL, 0, false},
    {"money", "bank", NULL, "2022-02", 40, NULL, 0, false},
    {"money", "both", NULL, "2022-02", 8, NULL, 0, false},
    {"money", "north", NULL, "2022-03", 1, NULL, 0, false},
    {"money", "east", NULL, "2022-03", 4, NULL, 0, false},
    {"money", "both", NULL, "2022-03", 8, NULL, 0, false},
    {"money", "east", NULL, "2022-04", NAN, NULL, 0, false},
    {"open_money", "north", NULL, "2022-01", 1, NULL, 0, false},
    {"open_money", "east", NULL, "2022-01", 4, NULL, 0, false},
    {"rate", "north", NULL, "2022-01", 3, NULL, 0, false},
    {"rate", "land", NULL, "2022-02", 5, NULL, 0, false},
    {"peak", "north", NULL, "2022-01", 3, NULL, 0, false},
    {"peak", "south", NULL, "2022-01", 9, NULL, 0, false},
    {"peak", "both", NULL, "2022-01", 1, NULL, 0, false},
    {"queue", "north", NULL, "2022-03-31T10:15:23+08:00", 4, NULL, 0, false},
    {"queue", "south", "desk=a", "2022-03-31T02:15:20Z", 6, NULL, 0, false},
    {"queue", "south", "desk=b", "2022-03-31T02:15:29Z", 10, NULL, 0, false},
    {"queue", "south", "desk=b", "2022-03-31T02:15:30Z", 12, NULL, 0, false},
    {"level", "north", NULL, "2022-03-31", 4, NULL, 0, false},
    {"chosen", "bank", NULL, "2022-01", 7, NULL, 0, false},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"an area's own figure", "money", "north", "2022-01", "1 CNY"},
        {"the sum of parts, with their marks", "money", "bank", "2022-01",
         "11 CNY (provisional, synthetic)"},
        {"an area within two counts in both, and once where they meet: 1 + 2 + 4 + 8", "money",
         "land", "2022-01", "15 CNY (provisional, synthetic)"},
        {"a reported total wins over its parts", "money", "bank", "2022-02", "40 CNY"},
        {"and goes up the tree: 40 of the bank, both's 8 among them, and 4", "money", "land",
         "2022-02", "44 CNY"},
        {"a part that is missing makes the sum missing", "money", "bank", "2022-03",
         "missing: part missing: south (2 of 3 in)"},
        {"and every sum above it", "money", "land", "2022-03",
         "missing: part missing: south (3 of 4 in)"},
        {"nothing in at all is no figure", "money", "bank", "2022-05",
         "missing: no figure (0 of 3 in)"},
        {"a withdrawn figure says so", "money", "east", "2022-04", "missing: withdrawn"},
        {"a measure that may be partial says how many are in", "open_money", "land", "2022-01",
         "5 CNY (2/4)"},
        {"a rate does not add up", "rate", "bank", "2022-01",
         "missing: a rate does not add up and none is published here (1 of 3 in)"},
        {"but stands where it is published", "rate", "land", "2022-02", "5.0 %"},
        {"a declared roll-up", "peak", "bank", "2022-01", "9 kW"},
        {"a live sample is in the period that holds its moment", "queue", "north",
         "2022-03-31T10:15:20+08:00", "4 min"},
        {"of a gauge's desks the mean: (6 + 10) / 2", "queue", "south", "2022-03-31T02:15:20Z",
         "8 min"},
        {"of one that is in, it", "queue", "south", "2022-03-31T02:15:30Z", "12 min"},
        {"asked for, it is missing", "queue:where { desk = \"a\" }", "south",
         "2022-03-31T02:15:30Z", "missing: late since 2022-03-31"},
        {"a gauge is the mean of the areas that are in: (4 + 8) / 2", "queue", "bank",
         "2022-03-31T02:15:20Z", "6 min (2/3)"},
        {"unless it must be whole", "level", "bank", "2022-03-31",
         "missing: part missing: south (1 of 3 in)"},
        {"who is expected can be said", "chosen", "land", "2022-01", "7 CNY"},
        {"nobody else is", "chosen", "east", "2022-01", "missing: no figure"},
    };
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static const char shared_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local bank = area \"bank\" { within = land }\n"
    "local port = area \"port\" { within = land }\n"
    "area \"west\" { within = bank }\n"
    "area \"mill\" { within = { bank, port } }\n"
    "area \"quay\" { within = port, till = \"2022-06\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\", "
    "partial "
    "= true }\n"
    "local queue = measure \"queue\" { kind = \"gauge\", unit = \"min\", every = \"month\" }\n"
    "indicator \"doubled\" { money * 2, rollup = \"sum\" }\n"
    "indicator \"middle\" { money, rollup = \"mean\" }\n"
    "indicator \"partly\" { firms * 2, rollup = \"sum\" }\n";

static const struct figure_row shared_figures[] = {
    {"money", "west", "industry=ai", "2022-01", 1, NULL, 0, false},
    {"money", "mill", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "mill", "industry=chips", "2022-01", 30, NULL, 0, false},
    {"money", "quay", "industry=ai", "2022-01", 4, NULL, 0, false},
    {"money", "bank", NULL, "2022-02", 100, NULL, 0, false},
    {"money", "mill", NULL, "2022-02", 30, NULL, 0, false},
    {"money", "quay", NULL, "2022-02", 4, NULL, 0, false},
    {"money", "bank", NULL, "2022-03", 100, NULL, 0, false},
    {"money", "port", NULL, "2022-03", 50, NULL, 0, false},
    {"money", "west", NULL, "2022-04", 1, NULL, 0, false},
    {"money", "quay", NULL, "2022-04", 4, NULL, 0, false},
    {"money", "west", NULL, "2022-07", 1, NULL, 0, false},
    {"money", "mill", NULL, "2022-07", 2, NULL, 0, false},
    {"firms", "west", NULL, "2022-01", 5, NULL, 0, false},
    {"firms", "mill", NULL, "2022-01", 7, NULL, 0, false},
    {"firms", "west", NULL, "2022-02", 5, NULL, 0, false},
    {"firms", "quay", NULL, "2022-02", 3, NULL, 0, false},
    {"queue", "west", NULL, "2022-01", 1, NULL, 0, false},
    {"queue", "mill", NULL, "2022-01", 3, NULL, 0, false},
    {"queue", "quay", NULL, "2022-01", 8, NULL, 0, false},
};

static void what_two_parts_share_counts_once_where_they_meet(void **state)
{
    (void)state;
    static const struct answer_row answers[] = {
        {"in the one: 1 + 32", "money", "bank", "2022-01", "33 CNY"},
        {"and in the other: 32 + 4", "money", "port", "2022-01", "36 CNY"},
        {"once in all: 1 + 32 + 4", "money", "land", "2022-01", "37 CNY"},
        {"in each group: ai 1 + 2 + 4, chips 30", "money:where { industry = 'ai' }", "land",
         "2022-01", "7 CNY"},
        {"so that the groups sum to the total", "money:by('industry'):sum()", "land", "2022-01",
         "37 CNY"},
        {"a reported total has it too: 100 + 34 - 30", "money", "land", "2022-02", "104 CNY"},
        {"what two reported totals share must be known", "money", "land", "2022-03",
         "missing: part missing: mill"},
        {"it lacks once", "money", "land", "2022-04", "missing: part missing: mill (2 of 3 in)"},
        {"when the quay is gone the port is the mill: 1 + 2", "money", "land", "2022-07", "3 CNY"},
        {"of a partial measure: 5 + 7", "firms", "land", "2022-01", "12 firms (2/3)"},
        {"where what is shared lacks: 5 + 3", "firms", "land", "2022-02", "8 firms (2/3)"},
        {"a mean is that of the parts as they are: (2 + 5.5) / 2", "queue", "land", "2022-01",
         "3.75 min"},
        {"the sum over all parts is the same", "money:areas():sum()", "land", "2022-01", "37 CNY"},
        {"of a stock, which lacks one", "firms:areas():sum()", "land", "2022-02", "8 firms (2/3)"},
        {"parts that are listed are added as they are: 33 + 36", "money:areas { bank, port }:sum()",
         "land", "2022-01", "69 CNY"},
        {"and so is what does not add up: 37 / 37 + 37 / 37", "(money / money):areas():sum()",
         "land", "2022-01", "2"},
        {"an indicator's own sums go up so too: 2 * 37", "doubled", "land", "2022-01", "74 CNY"},
        {"its mean is the parts': ((1 + 32) / 2 + (32 + 4) / 2) / 2", "middle", "land", "2022-01",
         "17.25 CNY"},
        {"and it may be partial: 2 * 8", "partly", "land", "2022-02", "16 firms (2/3)"},
        {"a share of what has it once: 33 of 37", "money:share_of 'zone'", "bank", "2022-01",
         "89.2 %"},
        {"its parent is the first: 32 of 33", "money:share_of 'parent'", "mill", "2022-01",
         "97.0 %"},
    };
    struct world world;
    world_open(&world, shared_text);
    world_put(&world, ROWS(shared_figures));
    world_answers(&world, ROWS(answers));
    world_bears_no_memory(&world, ROWS(answers));
    zw_period january = 52 * 12;
    assert_int_equal(zw_inside_reporters(world.eval, 0, 0, january), 3);
    assert_int_equal(zw_inside_reporters(world.eval, 0, 0, january + 6), 2);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_two_parts_share_counts_once_where_they_meet),
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
