/* The front: the newest period that can be spoken of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static void it_is_the_newest_known_or_all_due(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct {
        const char *why, *as_of, *expression;
        bool has_period;
        zw_period period;
        bool stands;
    } cases[] = {
        {"nothing is known yet", "2022-01-20", "money:over(1)", false, 0, false},
        {"January is complete", "2022-02-06", "money:over(1)", true, 52 * 12, true},
        {"half of February is in, and the rest not due", "2022-03-06", "money:over(1)", true,
         52 * 12, true},
        {"all of February is due: unknown, and newer", "2022-03-11", "money:over(1)", true,
         52 * 12 + 1, false},
        {"without a due only what is known counts", "2022-06-11", "firms:over(1)", true, 52 * 12,
         true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_front front;
        zw_err err = {ZW_OK, ""};
        world_as_of(&world, cases[i].as_of);
        assert_int_equal(
            zw_eval_front(world.eval, world_node(&world, cases[i].expression), 0, &front, &err),
            ZW_OK);
        if (front.has_period != cases[i].has_period ||
            (front.has_period && front.period != cases[i].period) ||
            (front.has_period && zw_cell_stands(&front.cell) != cases[i].stands)) {
            fail_msg("%s", cases[i].why);
        }
        assert_true(front.until_ms > zw_eval_as_of_ms(world.eval));
    }
    world_close(&world);
}

static void the_newest_is_known(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_as_of(&world, "2022-03-11");
    zw_front newest;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_eval_newest(world.eval, world_node(&world, "money"), 0, &newest, &err),
                     ZW_OK);
    assert_true(newest.has_period);
    assert_int_equal(newest.period, 52 * 12);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_newest_known_or_all_due),
        cmocka_unit_test(the_newest_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
