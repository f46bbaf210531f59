/* A tree as lines for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

#include "indicator/explain.h"

static const char land[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "indicator \"per_firm\" { money / firms }\n"
    "indicator \"growth\" { money:lag(1):fill(3) - money }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-01", 6, "2022-02-05", 'P', false},
    {"money", "north", "industry=ic", "2022-01", 4, "2022-02-05", 0, false},
    {"money", "south", NULL, "2022-01", 2, "2022-02-06", 0, true},
    {"firms", "land", NULL, "2022-01", 3, "2022-02-07", 0, false},
};

static void says(struct world *world, const char *expression, const char *area, const char *period,
                 const char *expected)
{
    zw_node_id node = world_node(world, expression);
    uint32_t index = zw_pack_area(world->pack, zw_text_of(area), NULL);
    zw_period p = 0;
    zw_tree *tree = NULL;
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    assert_int_equal(
        world_period(world, index, zw_pack_node(world->pack, node)->grid, period, &p, &err), ZW_OK);
    assert_int_equal(zw_tree_create(world->eval, node, index, p, &tree, &err), ZW_OK);
    zw_tree_text(tree, &text);
    assert_string_equal(zw_buf_view(&text), expected);
    zw_buf_fini(&text);
    zw_tree_destroy(tree);
}

static void a_value_is_told_down_to_its_figures(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, land);
    world_put(&world, ROWS(figures));
    says(&world, "per_firm", "land", "2022-01",
         "per_firm = money / firms land 2022-01  4 CNY/firms (provisional, synthetic), 2 of 2 in  "
         "test.lua:6\n"
         "├ money land 2022-01                   12 CNY (provisional, synthetic), 2 of 2 in  "
         "test.lua:4\n"
         "│ ├ money north 2022-01                10 CNY (provisional)\n"
         "│ │ ├ industry=ai                      6 CNY  test:1 of delivery 1, known 2022-02-05, "
         "arrived 1970-01-01\n"
         "│ │ └ industry=ic                      4 CNY  test:1 of delivery 1, known 2022-02-05, "
         "arrived 1970-01-01\n"
         "│ └ money south 2022-01                2 CNY (synthetic)\n"
         "│   └ test:1 of delivery 1, known 2022-02-06, arrived 1970-01-01\n"
         "└ firms land 2022-01                   3 firms, 2 of 2 in  test.lua:5\n"
         "  └ test:1 of delivery 1, known 2022-02-07, arrived 1970-01-01\n");
    world_close(&world);
}

static void what_is_missing_says_why(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, land);
    world_put(&world, ROWS(figures));
    says(&world, "money:over(5)", "land", "2022-02",
         "money:over(5) land 2022-02  unknown: no figure (0 of 2 in)\n"
         "└ money land 2022-02        missing: no figure (0 of 2 in)  test.lua:4\n"
         "  ├ money north 2022-02     missing: no figure\n"
         "  └ money south 2022-02     missing: no figure\n");
    world_close(&world);
}

static void of_many_the_first_and_the_last_are_told(void **state)
{
    static const struct figure_row rows[] = {
        {"money", "north", NULL, "2022-01", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-02", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-03", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-04", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-05", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-06", 1, NULL, 0, false},
        {"money", "north", NULL, "2022-07", 1, NULL, 0, false},
    };
    (void)state;
    struct world world;
    world_open(&world, land);
    world_put(&world, ROWS(rows));
    says(&world, "money:rolling(7):sum()", "north", "2022-07",
         "money:rolling(7):sum() north 2022-07  7 CNY\n"
         "├ money north 2022-01                 1 CNY  test.lua:4\n"
         "│ └ test:1 of delivery 1, known 2030-01-01, arrived 1970-01-01\n"
         "├ money north 2022-02                 1 CNY  test.lua:4\n"
         "│ └ test:1 of delivery 1, known 2030-01-01, arrived 1970-01-01\n"
         "├ money north 2022-03                 1 CNY  test.lua:4\n"
         "│ └ test:1 of delivery 1, known 2030-01-01, arrived 1970-01-01\n"
         "├ … and 3 more\n"
         "└ money north 2022-07                 1 CNY  test.lua:4\n"
         "  └ test:1 of delivery 1, known 2030-01-01, arrived 1970-01-01\n");
    says(&world, "money:yoy()", "north", "2022-07",
         "money:yoy() north 2022-07  missing: no figure\n"
         "├ money north 2021-07      missing: no figure  test.lua:4\n"
         "└ money north 2022-07      1 CNY  test.lua:4\n"
         "  └ test:1 of delivery 1, known 2030-01-01, arrived 1970-01-01\n");
    world_close(&world);
}

static void what_was_told_above_is_not_told_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, land);
    world_put(&world, ROWS(figures));
    says(&world, "growth + money", "south", "2022-01",
         "growth + money south 2022-01             3 CNY (synthetic)\n"
         "├ growth = money:lag(1):fill(3) - money  1 CNY (synthetic)  test.lua:7\n"
         "│ ├ money:lag(1):fill(3)                 3 CNY\n"
         "│ │ └ money:lag(1)                       missing: no figure\n"
         "│ │   └ money south 2021-12              missing: no figure  test.lua:4\n"
         "│ └ money south 2022-01                  2 CNY (synthetic)  test.lua:4\n"
         "│   └ test:1 of delivery 1, known 2022-02-06, arrived 1970-01-01\n"
         "└ money south 2022-01                    2 CNY (synthetic)  test.lua:4  (see above)\n");
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_told_down_to_its_figures),
        cmocka_unit_test(what_is_missing_says_why),
        cmocka_unit_test(of_many_the_first_and_the_last_are_told),
        cmocka_unit_test(what_was_told_above_is_not_told_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
