/* Tests of the noun alert. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_an_alert_are_told[] = {
    {"one truth is needed", "alert \"a\" { }",
     "p:2:1: alert \"a\": one of info, warning, critical is needed"},
    {"a misspelt severity", "alert \"a\" { warn = sales:over(3) }",
     "p:2:13: alert \"a\" has no field 'warn'"},
    {"a number", "alert \"a\" { warning = sales }",
     "p:2:13: alert \"a\": warning takes a truth, got a number: add :over(…), "
     ":under(…) …"},
    {"two grids", "alert \"a\" { warning = sales:over(3), critical = firms:over(3) }",
     "p:2:38: alert \"a\": warning is of every month, critical of every quarter: "
     "they must be of one grid"},
    {"a clear of another grid", "alert \"a\" { warning = sales:over(3), clear = firms:over(3) }",
     "p:2:38: alert \"a\": warning is of every month, clear of every quarter: they "
     "must be of one grid"},
    {"a number is no length", "alert \"a\" { warning = sales:over(3), hold = 5 }",
     "p:2:38: alert \"a\": hold takes a length (\"30d\") or periods(n), got a number"},
    {"no length", "alert \"a\" { warning = sales:over(3), hold = \"soon\" }",
     "p:2:38: alert \"a\": hold takes a length (\"20d\", \"3 months\" …), got "
     "\"soon\""},
    {"an unknown policy", "alert \"a\" { warning = sales:over(3), missing = \"drop\" }",
     "p:2:38: alert \"a\": missing takes one of \"keep\", \"fire\", \"clear\", got "
     "\"drop\""},
    {"an unknown per", "alert \"a\" { warning = sales:over(3), per = \"day\" }",
     "p:2:38: alert \"a\": per takes one of \"period\", got \"day\""},
    {"unless a number", "alert \"a\" { warning = sales:over(3), unless = sales }",
     "p:2:38: alert \"a\": unless takes a truth, got a number: add :over(…), "
     ":under(…) …"},
    {"a name in upper case", "alert \"a\" { warning = sales:over(3), with = { X = sales } }",
     "p:2:38: alert \"a\": with takes { name = expression }"},
    {"a text is no expression", "alert \"a\" { warning = sales:over(3), with = { x = \"y\" } }",
     "p:2:38: alert \"a\": with: x takes a number or an expression, got a text"},
    {"with is a table", "alert \"a\" { warning = sales:over(3), with = 5 }",
     "p:2:38: alert \"a\": with takes { name = expression }, got a number"},
    {"a misspelt alert operation",
     "local a = alert \"a\" { warning = sales:over(3) } alert \"b\" { warning = "
     "sales:over(3), unless = a:fring() }",
     "p:2:97: alert \"a\" has no operation 'fring'; did you mean ':firing'?"},
    {"a function in with that holds nothing",
     "alert \"a\" { warning = sales:over(3), with = { x = function() end } }",
     "p:2:38: alert \"a\": this function holds no measure or expression: say every = \"month\" (or "
     "another period length)"},
    {"a function in with that reads",
     "alert \"a\" { warning = sales:over(3), with = { x = function(at) return at(sales) * 2 end }, "
     "say = \"{x}\" }",
     ""},
};

static void mistakes_in_an_alert_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_an_alert_are_told,
                    COUNT_OF(rows_of_mistakes_in_an_alert_are_told));
}

static void every_field_of_an_alert_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD
        "local late = alert 'late' { each = { yz, pz }, per = 'period', "
        "warning = sales:late(), critical = sales:late '30d' }\n"
        "alert 'a' { info = sales:over(1), warning = sales:over(3), clear = sales:under(2), "
        "hold = '30d', missing = 'fire', unless = late, with = { b = firms, a = sales }, "
        "say = { en = '{value} {a:1e4 CNY}' } }\n"
        "alert 'b' { critical = sales:over(3), hold = periods(2), missing = 'clear', "
        "unless = sales:missing(), say = 'x' }\n");
    const zw_alert *a = loaded.pack->alerts;
    assert_int_equal(loaded.pack->alert_count, 3);
    assert_true(a[0].is_per_period && !a[0].has_hold);
    assert_int_equal(a[0].when[ZW_INFO], ZW_NODE_NONE);
    assert_int_not_equal(a[0].when[ZW_CRITICAL], ZW_NODE_NONE);
    assert_int_equal(a[0].each.count, 2);
    assert_int_equal(a[0].unless_alert, ZW_NONE);
    assert_true(a[1].has_hold && a[1].hold.days == 30 && a[1].hold_periods == 0);
    assert_int_equal(a[1].missing, ZW_MISSING_FIRE);
    assert_int_equal(a[1].unless_alert, 0);
    assert_int_equal(a[1].unless, ZW_NODE_NONE);
    assert_int_equal(a[1].with_count, 2);
    assert_string_equal(a[1].with[0].name, "a");
    assert_int_equal(a[1].with[0].node, loaded.pack->measures[1].node);
    assert_int_not_equal(a[1].clear, ZW_NODE_NONE);
    assert_string_equal(a[1].say_en, "{value} {a:1e4 CNY}");
    assert_string_equal(a[1].say_zh, "");
    assert_true(a[2].has_hold && a[2].hold_periods == 2);
    assert_int_equal(a[2].missing, ZW_MISSING_CLEAR);
    assert_int_not_equal(a[2].unless, ZW_NODE_NONE);
    assert_string_equal(a[2].say_zh, "x");
    assert_false(a[2].is_per_period);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_an_alert_are_told),
        cmocka_unit_test(every_field_of_an_alert_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
