/* Learning: a figure that comes makes what reads it stale, and nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static void an_as_of_that_moves_forward_sees_what_was_learned(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct {
        const char *why, *as_of, *answer;
    } cases[] = {
        {"nothing yet", "2022-02-04", "missing: no figure"},
        {"one part", "2022-02-05", "missing: part missing: south (1 of 2 in)"},
        {"both", "2022-02-06", "8 CNY (provisional, synthetic)"},
        {"and back again", "2022-02-05", "missing: part missing: south (1 of 2 in)"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_as_of(&world, cases[i].as_of);
        assert_string_equal(world_says(&world, "money", "land", "2022-01", text, sizeof(text)),
                            cases[i].answer);
    }
    world_close(&world);
}

static void a_watch_is_told_only_of_what_it_reads(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_err err = {ZW_OK, ""};
    uint32_t watch = 0;
    zw_span span;
    world_as_of(&world, "2022-03-04");
    assert_int_equal(zw_eval_watch(world.eval, world_node(&world, "money:lag(1)"), 0, 7, &err),
                     ZW_OK);
    assert_int_equal(zw_eval_watch(world.eval, world_node(&world, "firms"), 0, 8, &err), ZW_OK);
    (void)world_cell(&world, "money:lag(1)", "land", "2022-02");
    (void)world_cell(&world, "money:lag(1)", "land", "2022-03");
    (void)world_cell(&world, "firms", "land", "2022-02");
    while (zw_eval_next_stale(world.eval, &watch, &span)) {
    }
    world_as_of(&world, "2022-03-05"); /* money of February at north */
    assert_true(zw_eval_next_stale(world.eval, &watch, &span));
    assert_int_equal(watch, 7);
    assert_true(span.lo <= 52 * 12 + 2 && span.hi >= 52 * 12 + 2); /* February is read in March */
    assert_false(zw_eval_next_stale(world.eval, &watch, &span));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_as_of_that_moves_forward_sees_what_was_learned),
        cmocka_unit_test(a_watch_is_told_only_of_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
