/* Verdicts as the as-of moves: awaiting, provisional, withdrawn by a revision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "goal_world.h"

static void a_goal_is_met_then_revised_below(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct {
        const char *why, *as_of, *target;
        size_t dated;
        zw_verdict verdict;
    } cases[] = {
        {"before it is due, behind the path", "2021-04-21", "plan", 0, ZW_VERDICT_NOT_DUE_AT_RISK},
        {"nothing to say yet", "2019-07-21", "plan", 0, ZW_VERDICT_NOT_DUE_NO_DATA},
        {"the year has ended, the figure has not come", "2023-01-10", "plan", 0,
         ZW_VERDICT_DUE_AWAITING_DATA},
        {"603.2 is over 600, provisionally", "2023-01-20", "plan", 0, ZW_VERDICT_MET_PROVISIONAL},
        {"598.7 is not, and it was said otherwise before", "2023-06-15", "plan", 0,
         ZW_VERDICT_MET_THEN_REVISED_BELOW},
        {"on the day before it still stood", "2023-06-14", "plan", 0, ZW_VERDICT_MET_PROVISIONAL},
        {"the next date is not due, and December stood below the path", "2023-06-15", "plan", 1,
         ZW_VERDICT_NOT_DUE_AT_RISK},
        {"exactly at least is met", "2022-01-20", "stairs", 0, ZW_VERDICT_MET_FINAL},
        {"17 of 20", "2023-03-20", "stairs", 1, ZW_VERDICT_MISSED_FINAL},
        {"16 is not over 16", "2023-01-20", "open", 0, ZW_VERDICT_MISSED_PROVISIONAL},
        {"17 is, after all", "2023-03-20", "open", 0, ZW_VERDICT_MISSED_THEN_REVISED_ABOVE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t target = 0;
        zw_judged judged;
        zw_err err = {ZW_OK, ""};
        world_as_of(&world, cases[i].as_of);
        assert_int_equal(zw_pack_find(world.pack, zw_text_of(cases[i].target), &target),
                         ZW_NOUN_TARGET);
        assert_int_equal(zw_eval_verdict(world.eval, target, 0, cases[i].dated, &judged, &err),
                         ZW_OK);
        if (judged.verdict != cases[i].verdict) {
            fail_msg("%s: %s", cases[i].why, zw_verdict_text(judged.verdict));
        }
    }
    world_close(&world);
}

static void a_verdict_is_a_truth_of_its_dated_period(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"it is", "plan:verdict 'met_then_revised_below'", "land", "2022", "true (synthetic)"},
        {"it is one of two", "plan:verdict { 'met_final', 'met_then_revised_below' }", "land",
         "2022", "true (synthetic)"},
        {"it is not", "plan:verdict 'met_final'", "land", "2022", "false (synthetic)"},
        {"another year has none", "plan:verdict 'met_final'", "land", "2021",
         "unknown: no goal dated here"},
        {"nor another area", "plan:verdict 'met_final'", "north", "2022",
         "unknown: not declared for this area"},
    };
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_goal_is_met_then_revised_below),
        cmocka_unit_test(a_verdict_is_a_truth_of_its_dated_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
