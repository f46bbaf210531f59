/* The vintages of a value: when anything it reads was learned. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "goal_world.h"

static void they_are_the_moments_of_its_inputs_in_order(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    int64_t *moments_ms = NULL;
    size_t count = 0;
    zw_err err = {ZW_OK, ""};
    zw_node_id node = world_node(&world, "total:year()");
    assert_int_equal(zw_eval_vintages(world.eval, node, 0, 2022 - 1970, &moments_ms, &count, &err),
                     ZW_OK);
    assert_true(count >= 2);
    for (size_t i = 1; i < count; i++) {
        assert_true(moments_ms[i - 1] < moments_ms[i]);
    }
    assert_int_equal(moments_ms[count - 1], world_moment("2023-06-15"));
    assert_int_equal(moments_ms[count - 2], world_moment("2023-01-20"));
    free(moments_ms);
    world_as_of(&world, "2023-02-01");
    assert_int_equal(zw_eval_vintages(world.eval, node, 0, 2022 - 1970, &moments_ms, &count, &err),
                     ZW_OK);
    assert_int_equal(moments_ms[count - 1], world_moment("2023-01-20"));
    free(moments_ms);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_the_moments_of_its_inputs_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
