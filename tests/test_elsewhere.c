/* The same elsewhere in the tree, also in the tree that was. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local old = area \"old\" { within = land, till = \"2021\" }\n"
    "local new = area \"new\" { within = land, since = \"2022\" }\n"
    "local moved = area \"moved\" { within = { old, new } }\n"
    "local both = area \"both\" { within = { old, land } }\n"
    "area \"stays\" { within = new }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n";

static const struct figure_row figures[] = {
    {"money", "moved", NULL, "2021-12", 5, NULL, 0, false},
    {"money", "both", NULL, "2021-12", 2, NULL, 0, false},
    {"money", "moved", NULL, "2022-01", 6, NULL, 0, false},
    {"money", "both", NULL, "2022-01", 3, NULL, 0, false},
    {"money", "stays", NULL, "2022-01", 10, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"by handle", "money:of(stays)", "moved", "2022-01", "10 CNY"},
    {"the zone", "money:of \"zone\"", "stays", "2022-01", "19 CNY"},
    {"the parent", "money:of \"parent\"", "stays", "2022-01", "16 CNY"},
    {"a zone has no parent", "money:of \"parent\"", "land", "2022-01",
     "missing: not declared for this area"},
    {"the parent there was: old = 5 + 2", "money:of \"parent\"", "moved", "2021-12", "7 CNY"},
    {"the parent there is: new = 6 + 10", "money:of \"parent\"", "moved", "2022-01", "16 CNY"},
    {"of two that live the first is the parent", "money:of \"parent\"", "both", "2021-12", "7 CNY"},
    {"a truth elsewhere", "money:over(6):of \"parent\"", "moved", "2021-12", "true"},
    {"a number has no period: now", "(money * 0 + 1):of \"parent\"", "moved", "2022-01", "1 CNY"},
    {"before its time an area is not there", "money:of(new)", "moved", "2021-12",
     "missing: outside the area's life"},
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
    world_bears_no_memory(&world, answers, 5);
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
