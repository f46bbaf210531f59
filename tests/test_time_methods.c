/* Tests of the operations along time. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define COUNTER_HEAD                                                                               \
    PACK_HEAD "local calls = measure 'calls' { kind = 'counter', unit = 'calls', every = '1m' }\n"

static const struct formula_row rows_of_operations_along_time_become_nodes[] = {
    {"periods earlier", "revenue:lag(3)", "revenue:lag(3)"},
    {"a length that the grid can count", "revenue:lag \"1 year\"", "revenue:lag(12)"},
    {"a truth is looked at earlier too", "sales:over(3):lag(1)", "sales:over(3):lag(1)"},
    {"one period unless said", "revenue:delta()", "revenue:delta(1)"},
    {"many periods", "revenue:delta(12)", "revenue:delta(12)"},
    {"a year", "revenue:delta \"1 year\"", "revenue:delta(12)"},
    {"the year before", "revenue:yoy()", "revenue:yoy()"},
    {"a running total of a flow", "sales:ytd()", "sales:ytd()"},
    {"a running total is one already", "revenue:ytd()", "revenue"},
    {"the own part", "revenue:single()", "revenue:single()"},
    {"a coarser grid by kind", "revenue:year()", "revenue:year()"},
    {"by a how", "revenue:quarter \"max\"", "revenue:quarter(\"max\")"},
    {"half years", "revenue:half()", "revenue:half()"},
    {"a finer grid takes the period around it", "firms:month()", "firms:month()"},
    {"point formulas are regridded part by part", "(sales / 2):year()", "sales:year() / 2"},
    {"a window and its sum", "revenue:rolling(3):sum()", "revenue:rolling(3):sum()"},
    {"a window by a length", "revenue:rolling \"1 year\":mean()", "revenue:rolling(12):mean()"},
    {"the short form", "sales:mean \"3 months\"", "sales:rolling(3):mean()"},
    {"a scope", "sales:scope \"2\"", "sales:scope \"2\""},
    {"a scope by number", "sales:scope(2)", "sales:scope \"2\""},
    {"any scope", "sales:any_scope():yoy()", "sales:any_scope():yoy()"},
    {"a scope goes down to the measures", "(sales:ytd() / 2):scope \"2\"",
     "sales:scope \"2\":ytd() / 2"},
    {"one that was picked stays", "sales:scope \"2\":any_scope()", "sales:scope \"2\""},
    {"and may be picked of any", "sales:any_scope():scope \"2\"", "sales:scope \"2\""},
    {"a number for what is missing", "sales:fill(0)", "sales:fill(0)"},
    {"which is an expression too", "sales:or_else(0)", "sales:fill(0)"},
    {"the last known", "sales:fill \"last\"", "sales:fill \"last\""},
    {"another expression", "sales:or_else(sales:lag(1))", "sales:or_else(sales:lag(1))"},
    {"which keeps the kind", "sales:fill(0):ytd()", "sales:fill(0):ytd()"},
    {"and of a running total that it is one", "revenue:fill(\"last\"):single()",
     "revenue:fill \"last\":single()"},
    {"as first reported", "sales:vintage \"first\"", "sales:vintage \"first\""},
    {"before its last change", "sales:vintage(\"previous\"):year()",
     "sales:vintage \"previous\":year()"},
    {"the short form with a count", "sales:mean(3)", "sales:rolling(3):mean()"},
    {"the greatest of a window", "sales:rolling(3):max()", "sales:rolling(3):max()"},
    {"how many", "sales:rolling(3):count()", "sales:rolling(3):count()"},
    {"the median", "sales:rolling(3):median()", "sales:rolling(3):median()"},
    {"the deviation", "sales:rolling(3):stddev()", "sales:rolling(3):stddev()"},
    {"a quantile", "sales:rolling(3):quantile(0.9)", "sales:rolling(3):quantile(0.9)"},
    {"the short form of it", "sales:quantile(0.9, \"3 months\")", "sales:rolling(3):quantile(0.9)"},
    {"the slope", "sales:rolling(3):slope()", "sales:rolling(3):slope()"},
    {"the first", "sales:first(3)", "sales:rolling(3):first()"},
    {"the last", "sales:rolling(3):last()", "sales:rolling(3):last()"},
    {"since a year", "sales:since \"2021\"", "sales:since \"2021\""},
    {"as a number", "sales:since(2021)", "sales:since \"2021\""},
    {"since a quarter, of a running total", "revenue:since \"2021-Q3\"",
     "revenue:since \"2021-Q3\""},
    {"a counter's steps", "calls:increase \"1h\"", "calls:increase(60)"},
    {"a second", "calls:rate \"5m\"", "calls:rate(5)"},
    {"a counter's sum is that of its steps", "calls:sum \"5m\"", "calls:increase(5)"},
    {"any other window is of readings", "calls:max \"5m\"", "calls:rolling(5):max()"},
    {"steps go down to the measure", "calls:lag(2):of(yuzhu):increase(5)",
     "calls:increase(1):lag(2):of(yuzhu):rolling(5):sum()"},
    {"a counter's day is its steps", "calls:day()", "calls:increase(1):day()"},
    {"asked for as a sum, too", "calls:of(yuzhu):day \"sum\"",
     "calls:increase(1):of(yuzhu):day(\"sum\")"},
    {"its last is a reading", "calls:day \"last\"", "calls:day(\"last\")"},
    {"a counter's year so far", "calls:day():ytd()", "calls:increase(1):day():ytd()"},
    {"the same of the steps", "calls:ytd()", "calls:increase(1):ytd()"},
    {"and since", "calls:since \"2021-03-05\"", "calls:increase(1):since \"2021-03-05\""},
    {"a running total goes by its own parts", "revenue:max(3)",
     "revenue:single():rolling(3):max()"},
    {"the running total of a flow, too", "sales:ytd():median(3)",
     "sales:ytd():single():rolling(3):median()"},
    {"but not for its sum", "revenue:sum(3)", "revenue:rolling(3):sum()"},
};

static void operations_along_time_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(COUNTER_HEAD, rows_of_operations_along_time_become_nodes,
                       COUNT_OF(rows_of_operations_along_time_become_nodes));
}

static const struct formula_row rows_of_wrong_arguments_are_told[] = {
    {"days are no months", "revenue:lag \"15d\"",
     "! :lag cannot count \"15d\" in periods of a month"},
    {"months are no quarters", "firms:lag \"1 month\"",
     "! :lag cannot count \"1 month\" in periods of a quarter"},
    {"nothing earlier than itself", "revenue:lag(0)",
     "! :lag takes a whole number of periods from 1"},
    {"half a period", "revenue:lag(0.5)", "! :lag takes a whole number of periods from 1"},
    {"no count", "revenue:lag()", "! :lag needs a value"},
    {"a table", "revenue:lag({})",
     "! :lag takes a number of periods or a length (\"1 year\"), got a table"},
    {"no length", "revenue:lag \"soon\"",
     "! :lag takes a length (\"1 year\", \"15m\" …), got \"soon\""},
    {"too many", "revenue:lag(1, 2)", "! :lag takes at most 1 value"},
    {"no argument wanted", "revenue:yoy(1)", "! :yoy takes no value"},
    {"an unknown how", "revenue:quarter \"most\"",
     "! :quarter takes \"sum\", \"mean\", \"max\", \"min\" or \"last\""},
    {"a month in weeks", "sales:week()", "! a month does not go into a week"},
    {"a number has no periods", "(attr \"km2\"):lag(1)",
     "! ':lag' needs something with periods, got a plain number"},
    {"a length on a number", "(attr \"km2\"):lag \"1 year\"",
     "! :lag of a plain number has no meaning"},
    {"no running total", "sales:single()",
     "! ':single' is the own part of a running total: the measure is no ytd"},
    {"a rate never adds up", "share:rolling(2):sum()",
     "! a rate never adds up: no :rolling(…):sum() of it"},
    {"no rate of a flow", "sales:rate \"3 months\"",
     "! :rate needs a measure of kind = \"counter\""},
    {"no increase of two counters", "(calls + calls):increase \"5m\"",
     "! :increase needs a measure of kind = \"counter\""},
    {"a window shorter than a step", "calls:rate \"30s\"",
     "! :rate cannot count \"30s\" in periods of a 1m"},
    {"since when", "sales:since \"soon\"", "! :since takes a period (2021, \"2021-Q3\" …)"},
    {"since a moment", "calls:since \"2021-03-05T10:00:00Z\"",
     "! :since takes a period (2021, \"2021-Q3\" …)"},
    {"since a day, of months", "sales:since \"2021-03-05\"",
     "! ':since' takes a period of a month or longer"},
    {"since a year, of a stock", "firms:since \"2021\"",
     "! ':since' adds up a flow or a running total: this is neither"},
    {"a median of what", "sales:median()",
     "! :median needs a window, as in x:rolling(12):median()"},
    {"a window in a window", "sales:rolling(3):median(3)",
     "! :median takes no window behind :rolling(…)"},
    {"a quantile of everything", "sales:rolling(3):quantile(50)",
     "! :quantile takes a number from 0 to 1"},
    {"a quantile without its share", "sales:rolling(3):quantile \"3 months\"",
     "! :quantile takes a number from 0 to 1"},
    {"a length that is none of months", "sales:quantile(0.5, \"15d\")",
     "! :quantile cannot count \"15d\" in periods of a month"},
    {"a word for a number", "sales:fill \"next\"",
     "! :fill takes a number or \"last\", got a text (an expression: :or_else)"},
    {"an expression for a number", "sales:fill(sales)",
     "! :fill takes a number or \"last\", got measure \"sales\" (an expression: :or_else)"},
    {"another unit", "sales:or_else(firms:month())",
     "! ':or_else': CNY and firms do not fit together"},
    {"an unknown vintage", "sales:vintage \"last\"", "! :vintage takes \"first\" or \"previous\""},
    {"two scopes", "sales:scope \"2\":scope \"3\"",
     "! :scope of what is read in scope \"2\" already"},
    {"a scope that is no text", "sales:scope({})", "! :scope takes the scope's text, got a table"},
    {"a scope as a dimension", "sales:where { scope = \"2\" }",
     "! measure 'sales' has no dimension 'scope'"},
    {"a window waits for its how", "sales:rolling(3)",
     "! it takes an expression, got a window (`:rolling` without `:sum()` or "
     "`:mean()`)"},
};

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    check_formula_rows(COUNTER_HEAD, rows_of_wrong_arguments_are_told,
                       COUNT_OF(rows_of_wrong_arguments_are_told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_along_time_become_nodes),
        cmocka_unit_test(wrong_arguments_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
