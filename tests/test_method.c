/* Tests of operations of handles. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_operators_that_mean_nothing_are_told[] = {
    {"joining", "local x = sales .. \"a\"",
     "p:2: '..' joins texts only: what a value says belongs into say = \"… "
     "{value}\""},
    {"counting", "local x = #sales",
     "p:2: '#' counts the elements of a list, not of measure \"sales\""},
    {"whole division", "local x = sales // 2",
     "p:2: '//' is no operation of the language: use / and round(…)"},
    {"the rest", "local x = sales % 2", "p:2: '%' is no operation of the language"},
    {"either or", "local x = sales ~ sales",
     "p:2: '~' between two values is no operation: use (a & ~b) | (~a & b)"},
    {"shifting", "local x = sales << 1, sales >> 1",
     "p:2: '<<' and '>>' are no operations of the language"},
};

static void operators_that_mean_nothing_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_operators_that_mean_nothing_are_told,
                    COUNT_OF(rows_of_operators_that_mean_nothing_are_told));
}

static const struct pack_row rows_of_misspelt_operations_name_the_nearest[] = {
    {"a measure", "local x = sales:yoyo()",
     "p:2:17: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"on a later line of a chain", "local x = sales :lag(1) :yoyo()",
     "p:2:26: a number has no operation 'yoyo'; did you mean ':yoy'?"},
    {"a truth", "local x = sales:over(1):hed(2)",
     "p:2:25: a truth has no operation 'hed'; did you mean ':held'?"},
    {"a truth has no numbers", "local x = sales:over(1):year()",
     "p:2:25: a truth has no operation 'year'; it has :lag, :of, :count, :all, :any, :held"},
    {"a window", "local x = sales:rolling(2):men()",
     "p:2:28: a window (`:rolling` without `:sum()` or `:mean()`) has no operation "
     "'men'; did you mean ':mean'?"},
    {"parts", "local x = sales:areas():smu()",
     "p:2:25: parts (`:areas()` without `:sum()` …) has no operation 'smu'; did "
     "you mean ':sum'?"},
    {"nothing near", "local x = sales:frobnicate()",
     "p:2:17: measure \"sales\" has no operation 'frobnicate'"},
    {"with a dot", "local x = sales.yoy()", "p:2:17: :yoy is written with a colon: x:yoy(…)"},
    {"with a dot and misspelt", "local x = sales.yoyo",
     "p:2:17: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"twice on a line: without a column", "local x, y = sales:yoyo(), firms:yoyo()",
     "p:2: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?\n"
     "p:2: measure \"firms\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"the same in a loop once", "for i = 1, 3 do local x = sales:yoyo() end",
     "p:2:33: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"an area has none", "local x = gz:year()", "p:2:14: zone \"gz\" has no attribute 'year'"},
};

static void misspelt_operations_name_the_nearest(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_misspelt_operations_name_the_nearest,
                    COUNT_OF(rows_of_misspelt_operations_name_the_nearest));
}

static const struct pack_row rows_of_counts_and_lengths_are_checked[] = {
    {"a nil at the end is nothing", "local x = sales:delta(nil):over(1)", ""},
    {"too many", "local x = sales:delta(1, 2)", "p:2:17: :delta takes at most 1 value"},
    {"too few", "local x = sales:lag()", "p:2:17: :lag needs a value"},
    {"a huge count", "local x = sales:lag(1e9)",
     "p:2:17: :lag takes a whole number of periods from 1"},
    {"a length in working days", "local x = sales:lag \"5wd\"",
     "p:2:17: :lag cannot count \"5wd\" in periods of a month"},
    {"years in days vary",
     "local d = measure \"d\" { kind = \"flow\", unit = \"a\", every = \"day\" } "
     "local x = d:lag \"1 year\"",
     "p:2:80: :lag cannot count \"1 year\" in periods of a day"},
    {"weeks in days do not",
     "local d = measure \"d\" { kind = \"flow\", unit = \"a\", every = \"day\" } "
     "local x = d:lag \"2 weeks\"",
     ""},
    {"minutes",
     "local d = measure \"d\" { kind = \"flow\", unit = \"a\", every = \"1m\" } "
     "local x = d:mean \"15m\"",
     ""},
};

static void counts_and_lengths_are_checked(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_counts_and_lengths_are_checked,
                    COUNT_OF(rows_of_counts_and_lengths_are_checked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_that_mean_nothing_are_told),
        cmocka_unit_test(misspelt_operations_name_the_nearest),
        cmocka_unit_test(counts_and_lengths_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
