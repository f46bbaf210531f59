/* Truths over the last published periods: rises, falls, flat, held. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local share = measure \"share\" { kind = \"rate\", unit = \"%\", every = \"year\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\", skip "
    "= { month = 1 } }\n";

static const struct figure_row figures[] = {
    {"share", "land", NULL, "2019", 31, NULL, 0, false},
    {"share", "land", NULL, "2020", 33.4, NULL, 0, false},
    {"share", "land", NULL, "2021", 35.1, NULL, 0, false},
    {"share", "land", NULL, "2022", 36.9, NULL, 0, false},
    {"share", "land", NULL, "2023", 36.6, NULL, 0, false},
    {"firms", "land", NULL, "2021-11", 5, NULL, 0, false},
    {"firms", "land", NULL, "2021-12", 6, NULL, 0, false},
    {"firms", "land", NULL, "2022-02", 7, NULL, 0, false},
    {"firms", "land", NULL, "2022-04", 7, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"it rose", "share:rises()", "land", "2022", "true"},
    {"it fell", "share:rises()", "land", "2023", "false"},
    {"and that is falling", "share:falls()", "land", "2023", "true"},
    {"each of the last three steps", "share:rises(3)", "land", "2022", "true"},
    {"one fall among three", "share:rises(3)", "land", "2023", "false"},
    {"fewer steps than asked are unknown", "share:rises(4)", "land", "2022", "unknown: no figure"},
    {"the first has no step", "share:rises()", "land", "2019", "unknown: no figure"},
    {"a skipped month is passed over", "firms:rises(2)", "land", "2022-02", "true"},
    {"a month without a figure too, and equal is no rise", "firms:rises()", "land", "2022-04",
     "false"},
    {"hardly moved: by 0.3 points of 0.5", "share:flat(1, 0.005)", "land", "2023", "true"},
    {"by 1.8 before that", "share:flat(2, 0.005)", "land", "2023", "false"},
    {"as much as it may: by 1 up", "firms:flat(1, 1)", "land", "2021-12", "true"},
    {"and by 1, over a skipped month", "firms:flat(2, 1)", "land", "2022-02", "true"},
    {"by more than nothing", "firms:flat(1)", "land", "2022-02", "false"},
    {"not at all", "firms:flat(1)", "land", "2022-04", "true"},
    {"fewer steps than asked are unknown", "firms:flat(9, 1)", "land", "2022-04",
     "unknown: no figure"},
    {"held in each of the last two", "firms:over(5):held(2)", "land", "2022-02", "true"},
    {"not in each of the last three", "firms:over(5):held(3)", "land", "2022-02", "false"},
    {"fewer published than asked", "firms:over(4):held(9)", "land", "2022-04",
     "unknown: no figure"},
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
