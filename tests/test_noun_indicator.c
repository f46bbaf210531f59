/* Tests of the noun indicator. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_an_indicator_are_told[] = {
    {"an expression is needed", "indicator \"i\" { }",
     "p:2:1: indicator \"i\": an expression is needed: { expression, … }"},
    {"one expression only", "indicator \"i\" { sales, 5 }",
     "p:2:1: indicator \"i\": a value without a field name has no place here"},
    {"a truth", "indicator \"i\" { sales:over(3) }",
     "p:2:1: indicator \"i\": it takes a number, got a truth"},
    {"a text", "indicator \"i\" { \"x\" }",
     "p:2:1: indicator \"i\": it takes a number or an expression, got a text"},
    {"a unit that does not fit", "indicator \"i\" { sales, unit = \"firms\" }",
     "p:2:24: indicator \"i\": unit \"firms\" does not fit the expression, which is "
     "in CNY"},
    {"a show that does not fit", "indicator \"i\" { sales, show = \"%\" }",
     "p:2:24: indicator \"i\": show \"%\" does not fit the expression, which is in "
     "CNY"},
    {"an unknown roll-up and a number that hides",
     "indicator \"i\" { sales, rollup = \"avg\", hide = sales }",
     "p:2:24: indicator \"i\": rollup takes one of \"recompute\", \"sum\", "
     "\"mean\", \"max\", \"min\", \"none\", got \"avg\"\n"
     "p:2:40: indicator \"i\": hide takes a truth, got a number: add :over(…), :under(…) …"},
    {"no such dimension", "indicator \"i\" { sales:by \"industry\" }",
     "p:2:26: measure \"sales\" has no dimension 'industry'"},
    {"still grouped", "indicator \"i\" { revenue:by \"industry\" }",
     "p:2:1: indicator \"i\": it is still grouped by \"industry\": add :sum(), "
     ":mean(), :max() …"},
    {"every without a function", "indicator \"i\" { sales, every = \"month\" }",
     "p:2:24: indicator \"i\": every stands beside a function only"},
    {"a function with its own handles",
     "indicator \"i\" { function(at) return at(sales) end, unit = \"CNY\" }", ""},
    {"a function without any", "indicator \"i\" { function(at) return 1 end }",
     "p:2:1: indicator \"i\": this function holds no measure or expression: say "
     "every = \"month\" (or another period length)"},
    {"a misspelt period length", "indicator \"i\" { function(at) return 1 end, every = \"moth\" }",
     "p:2:44: indicator \"i\": every takes a period length (\"month\", \"15m\" "
     "…), got \"moth\"; did you mean 'month'?"},
    {"an area", "indicator \"i\" { gz }",
     "p:2:1: indicator \"i\": it takes an expression, got zone \"gz\""},
    {"a window", "indicator \"i\" { sales:rolling(3) }",
     "p:2:1: indicator \"i\": it takes an expression, got a window (`:rolling` "
     "without `:sum()` or `:mean()`)"},
};

static void mistakes_in_an_indicator_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_an_indicator_are_told,
                    COUNT_OF(rows_of_mistakes_in_an_indicator_are_told));
}

static void every_field_of_an_indicator_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "local a = indicator 'a' { sales / sales:lag(1) - 1, show = 'points' }\n"
                  "indicator 'b' { a * 2, rollup = 'mean', unit = '%' }\n"
                  "indicator 'c' { revenue:year(), rollup = 'none' }\n"
                  "indicator 'd' { 3, hide = firms:under(3) }\n");
    const zw_indicator *i = loaded.pack->indicators;
    assert_int_equal(loaded.pack->indicator_count, 4);
    assert_true(i[0].show.is_points && i[0].rollup == ZW_HOW_KIND);
    assert_int_equal(zw_pack_node(loaded.pack, i[0].node)->op, ZW_OP_INDICATOR);
    assert_int_equal(zw_pack_node(loaded.pack, i[0].node)->kid[0], i[0].formula);
    const zw_node *twice = zw_pack_node(loaded.pack, i[1].formula);
    assert_int_equal(twice->kid[0], i[0].node); /* its handle is its own node */
    assert_int_equal(i[1].rollup, ZW_HOW_MEAN);
    assert_true(i[1].show.scale == 0.01);
    assert_int_equal(i[2].rollup, ZW_HOW_COUNT);
    assert_true(i[2].show.scale == 1e4);
    assert_false(zw_pack_node(loaded.pack, i[3].node)->has_grid);
    assert_true(!i[0].has_hide && i[3].has_hide);
    assert_int_equal(zw_pack_node(loaded.pack, i[3].hide)->grid.every, ZW_QUARTER);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_an_indicator_are_told),
        cmocka_unit_test(every_field_of_an_indicator_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
