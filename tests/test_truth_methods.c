/* Tests of comparisons and what is known of a value. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_truths_become_nodes[] = {
    {"strictly over", "sales:over(3)", "sales:over(3)"},
    {"strictly under an expression", "sales:under(sales:lag(1))", "sales:under(sales:lag(1))"},
    {"at least", "sales:at_least(3)", "sales:at_least(3)"},
    {"at most", "sales:at_most(3)", "sales:at_most(3)"},
    {"equal", "sales:equals(0)", "sales:equals(0)"},
    {"within", "sales:within(1, 2)", "sales:within(1, 2)"},
    {"one step up", "sales:rises()", "sales:rises(1)"},
    {"three that hardly move", "sales:flat(3, 0.5)", "sales:flat(3, 0.5)"},
    {"two that do not", "sales:flat(2)", "sales:flat(2, 0)"},
    {"flat by less than nothing", "sales:flat(3, -1)",
     "! :flat takes a number of periods and how much each may move, from 0"},
    {"flat by a text", "sales:flat(3, \"1\")",
     "! :flat takes a number of periods and how much each may move, from 0"},
    {"three steps down", "sales:falls(3)", "sales:falls(3)"},
    {"late", "sales:late()", "sales:late()"},
    {"missing", "sales:missing()", "sales:missing()"},
    {"partial", "sales:partial()", "sales:partial()"},
    {"revised", "sales:revised()", "sales:revised()"},
    {"groups that are late", "revenue:by(\"industry\"):late():any()",
     "revenue:late():by \"industry\":any()"},
    {"groups that were revised", "revenue:by(\"industry\"):revised(\"30d\"):count()",
     "revenue:revised \"30d\":by \"industry\":count()"},
    {"held", "sales:over(1):held(3)", "sales:over(1):held(3)"},
    {"both, and not", "sales:over(3) & ~sales:under(5)", "sales:over(3) & (~sales:under(5))"},
    {"one of them", "sales:over(3) | sales:missing()", "sales:over(3) | sales:missing()"},
};

static void truths_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_truths_become_nodes,
                       COUNT_OF(rows_of_truths_become_nodes));
}

static const struct formula_row rows_of_wrong_arguments_are_told[] = {
    {"one limit of two", "sales:within(1)", "! :within needs two values"},
    {"no limit", "sales:over()", "! :over needs a value"},
    {"two grids", "sales:over(firms)",
     "! ':over' of a month and a quarter: two grids in one operation; add "
     ":quarter() to the finer side"},
    {"two units", "firms:over(firms / firms)",
     "! ':over': firms and a plain number do not fit together"},
    {"a text", "sales:over \"x\"", "! :over takes a number or an expression, got a text"},
    {"a truth", "sales:over(sales:over(1))", "! :over takes a number, got a truth"},
    {"an area", "sales:over(gz)", "! :over takes an expression, got zone \"gz\""},
    {"a length for steps", "sales:rises \"1 year\"", "! :rises takes a number of periods"},
    {"no whole number", "sales:rises(0)", "! :rises takes a whole number of periods from 1"},
    {"a number for a length", "sales:late(3)", "! :late takes a length (\"30d\", \"3 months\" …)"},
    {"no length", "sales:revised \"soon\"", "! :revised takes a length (\"30d\", \"3 months\" …)"},
    {"a number has not held", "sales:held(3)",
     "! measure \"sales\" has no operation 'held'; a truth has it"},
    {"a number is no truth", "sales & sales:over(1)",
     "! '&' needs a truth such as x:over(…), got a number"},
    {"a truth is no number", "sales:over(1) + 1", "! '+' needs a number, got a truth"},
};

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_wrong_arguments_are_told,
                       COUNT_OF(rows_of_wrong_arguments_are_told));
}

static const struct pack_row rows_of_firing_alerts_and_rules_as_truths_are_told[] = {
    {"an alert fires, at all and so severely",
     "local a = alert \"a\" { warning = sales:over(3), critical = sales:over(9) } alert \"b\" { "
     "warning = a:firing(), critical = a:firing \"critical\" }",
     ""},
    {"it is never so severe",
     "local a = alert \"a\" { warning = sales:over(3) } rule \"r\" { must = a:firing \"critical\" "
     "}",
     "p:2:69: :firing \"critical\": alert \"a\" is never so severe"},
    {"a word that is no severity",
     "local a = alert \"a\" { warning = sales:over(3) } rule \"r\" { must = a:firing \"red\" }",
     "p:2:69: :firing takes \"info\", \"warning\" or \"critical\""},
    {"beside a truth of another period length it takes that one",
     "local a = alert \"a\" { warning = sales:over(3) } rule \"r\" { must = ~a:firing() & "
     "firms:over(1) } rule \"q\" { must = share:over(1) | count(a:firing(), { gz }):over(0) }",
     ""},
    {"of one `per` period it does not",
     "local a = alert \"a\" { per = \"period\", warning = sales:over(3) } rule \"r\" { must = "
     "a:firing() & firms:over(1) }",
     "p:2: '&' of a month and a quarter: two grids in one operation; add :quarter() to the finer "
     "side"},
    {"what is so now was not so before",
     "local a = alert \"a\" { warning = sales:over(3) } rule \"r\" { must = a:firing():held(2) } "
     "rule "
     "\"q\" { must = a:firing():lag(1) }",
     "p:2: ':held' looks along periods, but whether an alert fires is of now\n"
     "p:2: ':lag' looks along periods, but whether an alert fires is of now"},
    {"of one `per` period it was",
     "local a = alert \"a\" { per = \"period\", warning = sales:over(3) } rule \"r\" { must = "
     "a:firing():held(2) }",
     ""},
    {"it has no dimension",
     "local a = alert \"a\" { warning = sales:over(3) } indicator \"i\" { count(a:firing(), { gz "
     "}):where { industry = \"x\" } }",
     "p:2:99: ':firing' cannot be narrowed by dimension: narrow what is under it"},
    {"a rule is broken",
     "local r = rule \"r\" { must = sales:over(3) } alert \"b\" { warning = "
     "r:broken() }",
     ""},
    {"a rule is not compared",
     "local r = rule \"r\" { must = sales:over(3) } rule \"q\" { must = r:over(3) }",
     "p:2: rule \"r\" has no operation 'over'; it has :broken"},
    {"a rule itself is no truth",
     "local r = rule \"r\" { must = sales:over(3) } rule \"q\" { must = r }",
     "p:2:56: rule \"q\": must takes an expression, got rule \"r\": use its "
     ":broken()"},
};

static void firing_alerts_and_rules_as_truths_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_firing_alerts_and_rules_as_truths_are_told,
                    COUNT_OF(rows_of_firing_alerts_and_rules_as_truths_are_told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truths_become_nodes),
        cmocka_unit_test(wrong_arguments_are_told),
        cmocka_unit_test(firing_alerts_and_rules_as_truths_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
