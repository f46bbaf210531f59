/* Targets along their path: value, gap, shortfall, required growth, projection; worked by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "goal_world.h"

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"geometric at two of 24 months: 442 * (600/442)^(2/24)", "plan:value()", "land", "2021-02",
         "453.4 (1e8 CNY)"},
        {"at three of 24", "plan:value()", "land", "2021-03", "459.2 (1e8 CNY)"},
        {"the trailing year is 425, so 6.3 % behind", "plan:shortfall()", "land", "2021-02",
         "6.3 %"},
        {"and 7.5 %", "plan:shortfall()", "land", "2021-03", "7.5 %"},
        {"at the dated period the path is its value", "plan:value()", "land", "2022-12",
         "600.0 (1e8 CNY)"},
        {"outside it there is none", "plan:value()", "land", "2020-11",
         "missing: outside the path"},
        {"nor after the last date", "plan:value()", "land", "2026-01", "missing: outside the path"},
        {"linear half-way", "straight:value()", "land", "2021-12", "542.0 (1e8 CNY)"},
        {"behind is positive", "straight:gap()", "land", "2021-12", "42.0 (1e8 CNY)"},
        {"a step holds the last date passed", "stairs:value()", "land", "2021", "10 firms"},
        {"without `from` it holds the first value known", "stairs:value()", "land", "2020",
         "12 firms"},
        {"ahead is negative", "stairs:gap()", "land", "2022", "3 firms"},
        {"a target from above: over it is behind", "few:gap()", "land", "2022", "9 firms"},
        {"without `from` it starts at the first value known: 12 to 16", "open:value()", "land",
         "2021", "14 firms"},
        {"from 598.7 to 900 in three years", "plan:required_growth()", "land", "2023-06",
         "14.6 % (synthetic)"},
        {"from 500 to 600 in one", "plan:required_growth()", "land", "2022-06", "20.0 %"},
        {"shares of June: 177/442, 250/500, 300/598.7, their mean 0.4672, of 800", "season:value()",
         "land", "2023-06", "373.7 (1e8 CNY, synthetic)"},
        {"390 are in", "season:gap()", "land", "2023-06", "-16.3 (1e8 CNY, synthetic)"},
        {"390 over that share", "season:projected()", "land", "2023-06",
         "834.8 (1e8 CNY, synthetic)"},
        {"over the largest of the three, 300/598.7: 390 * 598.7 / 300", "season:projected('low')",
         "land", "2023-06", "778.3 (1e8 CNY, synthetic)"},
        {"over the least, 177/442: 390 * 442 / 177", "season:projected('high')", "land", "2023-06",
         "973.9 (1e8 CNY, synthetic)"},
        {"a change that is carried on has no ends: 590 * (590 / 512) ^ (54/12)",
         "plan:projected('low') - plan:projected('high')", "land", "2021-12", "0.0 (1e8 CNY)"},
        {"before where it begins there is none", "season:value()", "land", "2022-06",
         "missing: outside the path"},
        {"elsewhere a target says nothing", "plan:value()", "north", "2021-02",
         "missing: not declared for this area"},
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
