/* The vintages of a value: when anything it reads was learned. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"north\" { within = land }\n"
    "local total = measure \"total\" { kind = \"ytd\", unit = \"1e8 CNY\", every = \"month\", skip "
    "= { month = 1 } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "local year = indicator \"year\" { total:year() }\n"
    "target \"plan\" { each = land, year, over = { [2022] = 600e8, [2025] = 900e8 }, from = { "
    "[2020] = 442e8 }, path = \"geometric\" }\n"
    "target \"straight\" { each = land, year, over = { [2022] = 642e8 }, from = { [2020] = 442e8 } "
    "}\n"
    "target \"stairs\" { each = land, firms, at_least = { [2021] = 10, [2022] = 20 }, path = "
    "\"step\" }\n"
    "target \"few\" { each = land, firms, at_most = { [2022] = 8 }, from = { [2020] = 10 } }\n"
    "target \"season\" { each = land, year, over = { [2023] = 800e8 }, from = { [2022] = 600e8 }, "
    "path = \"seasonal\" }\n"
    "target \"open\" { each = land, firms, over = { [2022] = 16 } }\n";

static const struct figure_row figures[] = {
    {"total", "land", NULL, "2019-06", 100, "2019-07-20", 0, false},
    {"total", "land", NULL, "2019-12", 200, "2020-01-20", 0, false},
    {"total", "land", NULL, "2020-02", 53, "2020-03-20", 0, false},
    {"total", "land", NULL, "2020-03", 89, "2020-04-20", 0, false},
    {"total", "land", NULL, "2020-06", 177, "2020-07-20", 0, false},
    {"total", "land", NULL, "2020-12", 442, "2021-01-20", 0, false},
    {"total", "land", NULL, "2021-02", 36, "2021-03-20", 0, false},
    {"total", "land", NULL, "2021-03", 72, "2021-04-20", 0, false},
    {"total", "land", NULL, "2021-06", 250, "2021-07-20", 0, false},
    {"total", "land", NULL, "2021-12", 500, "2022-01-20", 0, false},
    {"total", "land", NULL, "2022-06", 300, "2022-07-20", 0, false},
    {"total", "land", NULL, "2022-12", 603.2, "2023-01-20", 'P', true},
    {"total", "land", NULL, "2022-12", 598.7, "2023-06-15", 0, true},
    {"total", "land", NULL, "2023-06", 390, "2023-07-20", 0, false},
    {"firms", "land", NULL, "2020", 12, "2021-01-20", 0, false},
    {"firms", "land", NULL, "2021", 10, "2022-01-20", 0, false},
    {"firms", "land", NULL, "2022", 16, "2023-01-20", 'P', false},
    {"firms", "land", NULL, "2022", 17, "2023-03-20", 'A', false},
};

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
