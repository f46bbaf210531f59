/* Places among siblings. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"a\" { within = land, km2 = 4 }\n"
    "area \"b\" { within = land, km2 = 9 }\n"
    "area \"c\" { within = land, till = \"2022-02\", km2 = 2 }\n"
    "local d = area \"d\" { within = land, since = \"2022-02\", km2 = 3 }\n"
    "local e = area \"e\" { within = d }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local queue = measure \"queue\" { kind = \"flow\", unit = \"min\", every = \"month\", partial "
    "= "
    "true }\n";

static const struct figure_row figures[] = {
    {"firms", "a", NULL, "2022-01", 7, NULL, 0, false},
    {"firms", "b", NULL, "2022-01", 9, NULL, 0, false},
    {"firms", "c", NULL, "2022-01", 7, NULL, 0, false},
    {"firms", "a", NULL, "2022-02", 7, NULL, 0, false},
    {"firms", "b", NULL, "2022-02", 9, NULL, 0, false},
    {"firms", "c", NULL, "2022-02", 8, NULL, 'P', false},
    {"firms", "e", NULL, "2022-02", 10, NULL, 0, false},
    {"firms", "a", NULL, "2022-03", 7, NULL, 0, false},
    {"firms", "b", NULL, "2022-03", 9, NULL, 0, false},
    {"firms", "c", NULL, "2022-03", 99, NULL, 0, false},
    {"firms", "e", NULL, "2022-03", 10, NULL, 0, false},
    {"firms", "a", NULL, "2022-04", 7, NULL, 0, false},
    {"firms", "b", NULL, "2022-04", 6, NULL, 0, false},
    {"money", "a", "industry=ai", "2022-01", 1, NULL, 0, false},
    {"money", "a", "industry=chips", "2022-01", 5, NULL, 0, false},
    {"money", "b", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "b", "industry=chips", "2022-01", 4, NULL, 0, false},
    {"money", "c", "industry=ai", "2022-01", 3, NULL, 0, false},
    {"money", "c", "industry=chips", "2022-01", 3, NULL, 0, false},
    {"queue", "a", NULL, "2022-01", 4, NULL, 0, false},
    {"queue", "b", NULL, "2022-01", 6, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"the largest of 7, 9, 7 is the first", "firms:rank()", "b", "2022-01", "1"},
    {"ties share the better place", "firms:rank()", "a", "2022-01", "2"},
    {"both of them", "firms:rank()", "c", "2022-01", "2"},
    {"one more since February: 10, 9, 8, 7; marks are everybody's", "firms:rank()", "a", "2022-02",
     "4 (provisional)"},
    {"with its parts", "firms:rank()", "d", "2022-02", "1 (provisional)"},
    {"one fewer since March: 10, 9, 7", "firms:rank()", "a", "2022-03", "3"},
    {"who does not live has no place", "firms:rank()", "c", "2022-03",
     "missing: outside the area's life"},
    {"nor who does not live yet", "firms:rank()", "d", "2022-01",
     "missing: outside the area's life"},
    {"a sibling lacks", "firms:rank()", "a", "2022-04", "missing: part missing: d (2 of 3 in)"},
    {"oneself lacks", "firms:rank()", "d", "2022-04", "missing: no figure (2 of 3 in)"},
    {"alone", "firms:rank()", "e", "2022-03", "1"},
    {"a zone has no siblings", "firms:rank()", "land", "2022-01",
     "missing: not declared for this area"},
    {"of a partial measure siblings may lack", "queue:rank()", "a", "2022-01", "2 (2/3)"},
    {"oneself may not", "queue:rank()", "c", "2022-01", "missing: no figure (2 of 3 in)"},
    {"of a formula: the least first", "(-firms):rank()", "a", "2022-01", "1"},
    {"of groups: in ai third, in chips first", "money:by('industry'):rank():sum()", "a", "2022-01",
     "4"},
    {"of an attribute: 9, 4, 3, 2 less that of the one that is gone", "attr('km2'):rank()", "d",
     "2022-01", "3"},
    {"elsewhere", "firms:rank():of(e)", "a", "2022-03", "1"},
    {"the first of those over 8 is left alone", "firms:where(firms:over(8)):rank()", "b", "2022-01",
     "1"},
    {"the others have no place", "firms:where(firms:over(8)):rank()", "a", "2022-01",
     "missing: left out"},
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
    world_bears_no_memory(&world, ROWS(answers));
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
