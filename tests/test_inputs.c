/* The inputs of a value: the measured cells it reads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static zw_status count_input(void *arg, const zw_input *input, zw_err *err)
{
    (void)err;
    assert_true(input->period == 52 * 12);
    (*(size_t *)arg)++;
    return ZW_OK;
}

static void a_ratio_reads_both_measures_at_every_part(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_err err = {ZW_OK, ""};
    size_t count = 0;
    zw_node_id node = world_node(&world, "per_firm");
    assert_int_equal(zw_eval_inputs(world.eval, node, 0, 52 * 12, count_input, &count, &err),
                     ZW_OK);
    assert_int_equal(count, 6); /* two measures at the zone and its two parts */
    count = 0;
    assert_int_equal(zw_eval_inputs(world.eval, world_node(&world, "money:lag(1)"), 1, 52 * 12 + 1,
                                    count_input, &count, &err),
                     ZW_OK);
    assert_int_equal(count, 1);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ratio_reads_both_measures_at_every_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
