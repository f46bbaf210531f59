/* An evaluation: a pure function of the as-of, whatever was computed before. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static void the_same_answer_after_any_detour(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    char first[512];
    char again[512];
    static const char *const days[] = {"2022-02-05", "2022-03-06", "2022-02-06",
                                       "2022-03-11", "2022-02-04", "2022-03-06"};
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        world_as_of(&world, days[i]);
        world_says(&world, "largest", "land", "2022-01", first, sizeof(first));
        zw_eval *fresh = NULL;
        zw_err err = {ZW_OK, ""};
        zw_eval_world on = {world.pack, world.script, world.store, NULL};
        assert_int_equal(zw_eval_create(&on, world_moment(days[i]), &fresh, &err), ZW_OK);
        zw_eval *kept = world.eval;
        world.eval = fresh;
        world_says(&world, "largest", "land", "2022-01", again, sizeof(again));
        world.eval = kept;
        zw_eval_destroy(fresh);
        assert_string_equal(first, again);
    }
    world_close(&world);
}

static void a_period_that_has_not_begun_has_no_value(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"though its figure is in the store", "money", "north", "2022-02",
         "missing: period not begun"},
    };
    world_as_of(&world, "2022-01-20");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answer_after_any_detour),
        cmocka_unit_test(a_period_that_has_not_begun_has_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
