/* Operations across areas and groups. */
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
    "area \"south\" { within = bank, till = \"2022-06\" }\n"
    "area \"east\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "indicator \"per_firm\" { money / firms, rollup = \"mean\" }\n"
    "indicator \"lonely\" { money, rollup = \"none\" }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-01", 6, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-01", 1, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "east", NULL, "2022-01", 11, NULL, 0, false},
    {"firms", "north", NULL, "2022-01", 7, NULL, 0, false},
    {"firms", "south", NULL, "2022-01", 1, NULL, 0, false},
    {"firms", "east", NULL, "2022-01", 2, NULL, 0, false},
    {"firms", "north", NULL, "2022-08", 8, NULL, 0, false},
    {"firms", "east", NULL, "2022-08", 3, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"dimension values sum to the area", "money", "north", "2022-01", "7 CNY"},
    {"areas sum up the tree", "money", "land", "2022-01", "20 CNY"},
    {"elsewhere by handle", "money:of(east)", "north", "2022-01", "11 CNY"},
    {"at the parent", "money:of \"parent\"", "north", "2022-01", "9 CNY"},
    {"at the zone", "money:of \"zone\"", "north", "2022-01", "20 CNY"},
    {"a zone has no parent", "money:of \"parent\"", "land", "2022-01",
     "missing: not declared for this area"},
    {"over the direct parts", "firms:areas():max()", "land", "2022-01", "8 firms"},
    {"their least", "firms:areas():min()", "land", "2022-01", "2 firms"},
    {"their mean", "firms:areas():mean()", "land", "2022-01", "5 firms"},
    {"how many", "firms:areas():count()", "land", "2022-01", "2"},
    {"over listed areas", "firms:areas { north, east }:sum()", "land", "2022-01", "9 firms"},
    {"an area without parts", "firms:areas():sum()", "east", "2022-01", "missing: no parts"},
    {"a part whose life has ended counts no more", "firms", "land", "2022-08", "11 firms"},
    {"nor stands by itself", "firms", "south", "2022-08", "missing: outside the area's life"},
    {"groups fold", "money:by(\"industry\"):max()", "north", "2022-01", "6 CNY"},
    {"groups of a roll-up", "money:by(\"industry\"):max()", "bank", "2022-01", "8 CNY"},
    {"an indicator recomputes at its own area", "per_firm", "north", "2022-01", "1 CNY/firms"},
    {"or folds its parts as it says", "per_firm", "bank", "2022-01", "1.5 CNY/firms"},
    {"or does not go up", "lonely", "bank", "2022-01", "missing: does not roll up"},
    {"but stands where it is", "lonely", "north", "2022-01", "7 CNY"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
