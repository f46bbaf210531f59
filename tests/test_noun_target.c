/* Tests of the noun target. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_target_are_told[] = {
    {"no goal", "target \"t\" { sales:year() }",
     "p:2:1: target \"t\": one of over, at_least, under, at_most is needed"},
    {"a misspelt goal", "target \"t\" { sales:year(), ovr = { [2022] = 1 } }",
     "p:2:28: target \"t\" has no field 'ovr'; did you mean 'over'?"},
    {"a goal is dated", "target \"t\" { sales:year(), over = 5 }",
     "p:2:28: target \"t\": over takes { [2022] = number, … }, got a number"},
    {"an empty goal", "target \"t\" { sales:year(), over = { } }",
     "p:2:28: target \"t\": over is empty: say { [2022] = number, … }"},
    {"a goal is a number", "target \"t\" { sales:year(), over = { [2022] = \"x\" } }",
     "p:2:28: target \"t\": over takes { [2022] = number, … }, got a text"},
    {"a word is no period", "target \"t\" { sales:year(), over = { x = 5 } }",
     "p:2:28: target \"t\": over: \"x\" is no period (2022, \"2025-Q2\" …)"},
    {"a truth value is no period", "target \"t\" { sales:year(), over = { [true] = 5 } }",
     "p:2:28: target \"t\": over takes { [2022] = number, … }: a key is true"},
    {"two goals", "target \"t\" { sales:year(), over = { [2022] = 5 }, under = { [2022] = 3 } }",
     "p:2:51: target \"t\": both over and under: a target points one way"},
    {"an unknown path", "target \"t\" { sales:year(), over = { [2022] = 5 }, path = \"straight\" }",
     "p:2:51: target \"t\": path takes one of \"linear\", \"geometric\", \"step\", "
     "\"seasonal\", got \"straight\""},
    {"a path that reads nothing",
     "target \"t\" { sales:year(), over = { [2022] = 5 }, path = function() end }",
     "p:2:51: target \"t\": this function holds no measure or expression: say every = "
     "\"month\" (or another period length)"},
    {"from one date",
     "target \"t\" { sales:year(), over = { [2022] = 5 }, from = { [2020] = 1, "
     "[2021] = 2 } }",
     "p:2:51: target \"t\": from takes one dated value: { [2020] = number }"},
    {"from before", "target \"t\" { sales:year(), over = { [2022] = 5 }, from = { [2023] = 1 } }",
     "p:2:1: `from` must lie before the first dated value"},
    {"a day in months", "target \"t\" { sales, over = { [\"2022-03-31\"] = 5 } }",
     "p:2:1: a value dated by a day, for an expression that has a value every month"},
    {"a truth", "target \"t\" { sales:over(3), over = { [2022] = 5 } }",
     "p:2:1: target \"t\": it takes a number, got a truth"},
};

static void mistakes_in_a_target_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_target_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_target_are_told));
}

static void every_field_of_a_target_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "target 't' { sales:year(), each = { yz, pz }, path = 'geometric', "
                  "at_least = { [2025] = 9e10, [2022] = 6e10 }, from = { [2020] = 4e10 } }\n"
                  "target 'u' { firms, under = { ['2025-Q2'] = 5 }, path = 'step' }\n"
                  "target 'later' { title = 'not measurable' }\n");
    const zw_target *t = loaded.pack->targets;
    assert_int_equal(loaded.pack->target_count, 3);
    assert_int_equal(t[0].compare, ZW_COMPARE_AT_LEAST);
    assert_int_equal(t[0].path, ZW_PATH_GEOMETRIC);
    assert_int_equal(t[0].each_count, 2);
    assert_int_equal(t[0].dated_count, 2);
    assert_int_equal(t[0].dated[0].when.period, 52);
    assert_true(t[0].dated[0].value == 6e10);
    assert_true(t[0].has_from && t[0].from.value == 4e10);
    assert_int_equal(t[1].compare, ZW_COMPARE_UNDER);
    assert_int_equal(t[1].each_count, 1);
    assert_int_equal(t[1].verdict_grid.every, ZW_QUARTER);
    assert_int_equal(t[2].expr, ZW_NODE_NONE);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_target_are_told),
        cmocka_unit_test(every_field_of_a_target_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
