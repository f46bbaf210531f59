/* Operations over the parts of an area, and how indicators go up the tree. */
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
    "local north = area \"north\" { within = bank }\n"
    "area \"south\" { within = bank, till = \"2022-06\" }\n"
    "local east = area \"east\" { within = land }\n"
    "local young = area \"young\" { within = land, since = \"2022-08\" }\n"
    "area \"half\" { within = young, since = \"2022-09\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", areas = "
    "{ north, "
    "bank.areas[2], east } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local queue = measure \"queue\" { kind = \"flow\", unit = \"min\", every = \"month\", partial "
    "= true }\n"
    "indicator \"per_firm\" { money / firms, rollup = \"mean\" }\n"
    "indicator \"queues\" { queue * 2, rollup = \"sum\" }\n"
    "indicator \"lonely\" { money, rollup = \"none\" }\n"
    "indicator \"firms_most\" { firms, rollup = \"max\" }\n";

static const struct figure_row figures[] = {
    {"money", "north", NULL, "2022-01", 7, NULL, 0, false},
    {"money", "south", NULL, "2022-01", 2, NULL, 0, false},
    {"money", "east", NULL, "2022-01", 11, NULL, 0, false},
    {"money", "north", NULL, "2022-08", 7, NULL, 0, false},
    {"money", "east", NULL, "2022-08", 1, NULL, 0, false},
    {"firms", "north", NULL, "2022-01", 7, NULL, 0, false},
    {"firms", "south", NULL, "2022-01", 1, NULL, 0, false},
    {"firms", "east", NULL, "2022-01", 2, NULL, 0, false},
    {"firms", "north", NULL, "2022-02", 9, NULL, 0, false},
    {"firms", "east", NULL, "2022-02", 4, NULL, 0, false},
    {"firms", "north", NULL, "2022-08", 8, NULL, 0, false},
    {"firms", "east", NULL, "2022-08", 3, NULL, 0, false},
    {"firms", "young", NULL, "2022-08", 5, NULL, 0, false},
    {"queue", "north", NULL, "2022-01", 4, NULL, 0, false},
    {"queue", "east", NULL, "2022-01", 6, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"over the direct parts: bank 7 + 1, east 2", "firms:areas():max()", "land", "2022-01",
     "8 firms"},
    {"their least", "firms:areas():min()", "land", "2022-01", "2 firms"},
    {"their mean: (8 + 2) / 2", "firms:areas():mean()", "land", "2022-01", "5 firms"},
    {"how many: the young one does not live yet", "firms:areas():count()", "land", "2022-01", "2"},
    {"one more when it does", "firms:areas():count()", "land", "2022-08", "3"},
    {"over listed areas", "firms:areas { north, east }:sum()", "land", "2022-01", "9 firms"},
    {"listed ones count while they live", "firms:areas { north, young }:sum()", "land", "2022-01",
     "7 firms"},
    {"all of the parts are needed", "firms:areas():sum()", "bank", "2022-02",
     "missing: part missing: south (1 of 2 in)"},
    {"the part that lacks further down is named", "firms:areas():sum()", "land", "2022-02",
     "missing: part missing: south (2 of 3 in)"},
    {"an area without parts", "firms:areas():sum()", "east", "2022-01", "missing: no parts"},
    {"an area whose parts do not live yet", "firms:areas():sum()", "young", "2022-08",
     "missing: no parts"},
    {"a part whose life has ended counts no more: 8 + 3 + 5", "firms", "land", "2022-08",
     "16 firms"},
    {"nor in the parts", "firms:areas():sum()", "bank", "2022-08", "8 firms"},
    {"nor stands by itself", "firms", "south", "2022-08", "missing: outside the area's life"},
    {"a part that nobody expects is not waited for: 7 + 1", "money:areas():sum()", "land",
     "2022-08", "8 CNY"},
    {"unless it is asked by name", "money:areas { north, young }:sum()", "land", "2022-08",
     "missing: part missing: young"},
    {"of a partial measure the parts may lack: 4 of bank, 6", "queue:areas():sum()", "land",
     "2022-01", "10 min (2/3)"},
    {"in each part too", "queue:areas():mean()", "bank", "2022-01", "4 min (1/2)"},
    {"as in the roll-up", "queue", "land", "2022-01", "10 min (2/3)"},
    {"one measure that is not partial needs all", "(queue + queue * (firms / firms)):areas():sum()",
     "bank", "2022-01", "missing: part missing: south (1 of 2 in)"},
    {"nobody in", "queue:areas():sum()", "bank", "2022-02",
     "missing: part missing: north (0 of 2 in)"},
    {"how far apart: 8 - 2", "firms:areas():spread()", "land", "2022-01", "6 firms"},
    {"one alone is not apart", "firms:areas():spread()", "bank", "2022-08", "0 firms"},
    {"nor is anybody where one lacks", "firms:areas():spread()", "bank", "2022-02",
     "missing: part missing: south (1 of 2 in)"},
    {"only some parts: 8", "firms:where(firms:over(5)):areas():sum()", "land", "2022-01",
     "8 firms"},
    {"how many are over 5", "firms:where(firms:over(5)):areas():count()", "land", "2022-01", "1"},
    {"none", "firms:where(firms:over(50)):areas():count()", "land", "2022-01", "0"},
    {"the largest of none", "firms:where(firms:over(50)):areas():max()", "land", "2022-01",
     "missing: left out"},
    {"at all of them", "all(firms:over(1), { north, east })", "land", "2022-01", "true"},
    {"not at all", "all(firms:over(2), { north, east })", "land", "2022-01", "false"},
    {"at one of them", "any(firms:over(2), { north, east })", "land", "2022-01", "true"},
    {"unknown where one lacks", "all(firms:over(1), { north, bank })", "land", "2022-02",
     "unknown: part missing: south (1 of 2 in)"},
    {"not where one decides", "any(firms:over(1), { bank, north })", "land", "2022-02",
     "true (1/2)"},
    {"at how many", "count(firms:over(1), { bank, north, east })", "land", "2022-01", "3"},
    {"missing where one lacks", "count(firms:over(1), { bank, north })", "land", "2022-02",
     "missing: part missing: south (1 of 2 in)"},
    {"areas that do not live are not asked", "count(firms:over(1), { north, young })", "land",
     "2022-01", "1"},
    {"nor do they hinder all", "all(firms:over(1), { north, young })", "land", "2022-01", "true"},
    {"when they do live they are", "count(firms:over(1), { north, young })", "land", "2022-08",
     "2"},
    {"nobody lives", "any(firms:over(1), { young })", "land", "2022-01", "unknown: no parts"},
    {"an indicator recomputes at its own area: 7 / 7", "per_firm", "north", "2022-01",
     "1 CNY/firms"},
    {"or folds its parts as it says: (1 + 2) / 2", "per_firm", "bank", "2022-01", "1.5 CNY/firms"},
    {"the ratio of the sums is another: 9 / 8", "money / firms", "bank", "2022-01",
     "1.13 CNY/firms"},
    {"and again one up: (1.5 + 5.5) / 2", "per_firm", "land", "2022-01", "3.5 CNY/firms"},
    {"a rolled-up indicator of partial measures may lack parts: 8 + 12", "queues", "land",
     "2022-01", "20 min (2/3)"},
    {"or does not go up", "lonely", "bank", "2022-01", "missing: does not roll up"},
    {"but stands where it is", "lonely", "north", "2022-01", "7 CNY"},
    {"an area not divided yet has its own value", "firms_most", "young", "2022-08", "5 firms"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

static const char attr_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local old = area \"old\" { within = land, km2 = 3, till = \"2022-06-30\" }\n"
    "local new = area \"new\" { within = land, km2 = 5, since = \"2022-09-01\" }\n"
    "local kept = area \"kept\" { within = land, km2 = 4 }\n"
    "local moved = area \"moved\" { within = { old, new }, km2 = 2 }\n"
    "indicator \"size\" { attr \"km2\", rollup = \"sum\" }\n";

/* What has no periods is asked as of now, and must notice when an area's life turns. */
static void what_has_no_periods_follows_the_lives_of_areas(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"the old one and the one that is kept", "2022-06-30", "attr('km2'):areas():sum()", "land",
         "2022", "7"},
        {"of an indicator the old one is what lies in it", "2022-06-30", "size", "land", "2022",
         "6"},
        {"the kept one is the first", "2022-06-30", "attr('km2'):rank()", "kept", "2022", "1"},
        {"at the old one", "2022-06-30", "attr('km2'):of 'parent'", "moved", "2022", "3"},
        {"the old one is gone", "2022-07-02", "attr('km2'):areas():sum()", "land", "2022", "4"},
        {"and what lay in it", "2022-07-02", "size", "land", "2022", "4"},
        {"the new one is there", "2022-09-02", "attr('km2'):areas():sum()", "land", "2022", "9"},
        {"with what lies in it", "2022-09-02", "size", "land", "2022", "6"},
        {"and has more", "2022-09-02", "attr('km2'):rank()", "kept", "2022", "2"},
        {"it is the parent now", "2022-09-02", "attr('km2'):of 'parent'", "moved", "2022", "5"},
    };
    struct world world;
    world_open(&world, attr_text);
    world_as_of(&world, "2022-06-01");
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_bears_no_memory(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(what_has_no_periods_follows_the_lives_of_areas),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
