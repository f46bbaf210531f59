/* Tests of the operations over areas and dimensions. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct formula_row rows_of_operations_over_areas_and_dimensions_become_nodes[] = {
    {"one value", "revenue:where { industry = \"ai\" }", "revenue:where { industry = \"ai\" }"},
    {"lists are sorted and fields too", "revenue:where { size = 1, industry = { \"b\", \"a\" } }",
     "revenue:where { industry = { \"a\", \"b\" } }:where { size = \"1\" }"},
    {"all but those of the area", "revenue:except { industry = attr \"leads\" }",
     "revenue:except { industry = attr \"leads\" }"},
    {"narrowing goes down to the measures", "(revenue / 2):where { industry = \"ai\" }",
     "revenue:where { industry = \"ai\" } / 2"},
    {"groups and their sum", "revenue:by \"industry\":sum()", "revenue:by \"industry\":sum()"},
    {"groups are kept on the way", "revenue:by \"industry\":lag(1):max()",
     "revenue:lag(1):by \"industry\":max()"},
    {"numbers go with groups", "(revenue:by \"industry\" / 2):min()",
     "(revenue / 2):by \"industry\":min()"},
    {"groups of one dimension go together",
     "(revenue:by \"size\" / revenue:by \"size\":lag(1)):mean()",
     "(revenue / revenue:lag(1)):by \"size\":mean()"},
    {"groups are counted", "revenue:by \"size\":count()", "revenue:by \"size\":count()"},
    {"a window keeps the groups", "revenue:by \"size\":sum(3):max()",
     "revenue:rolling(3):sum():by \"size\":max()"},
    {"another area", "revenue:of(yuzhu)", "revenue:of(yuzhu)"},
    {"the parent", "revenue:of \"parent\"", "revenue:of \"parent\""},
    {"the zone", "revenue:of \"zone\"", "revenue:of \"zone\""},
    {"a truth elsewhere", "sales:over(1):of(yuzhu)", "sales:over(1):of(yuzhu)"},
    {"the parts", "revenue:areas():sum()", "revenue:areas():sum()"},
    {"a list of areas", "revenue:areas({ yuzhu, pazhou }):count()", "revenue:areas(…):count()"},
};

static void operations_over_areas_and_dimensions_become_nodes(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_operations_over_areas_and_dimensions_become_nodes,
                       COUNT_OF(rows_of_operations_over_areas_and_dimensions_become_nodes));
}

static const struct formula_row rows_of_wrong_arguments_are_told[] = {
    {"an unknown dimension", "revenue:where { industri = \"ai\" }",
     "! measure 'revenue' has no dimension 'industri'; did you mean 'industry'?"},
    {"a measure without dimensions", "sales:where { industry = \"x\" }",
     "! measure 'sales' has no dimension 'industry'"},
    {"an empty list", "revenue:where { industry = {} }",
     "! :where industry: takes a value, a list of values or attr \"name\", got a "
     "table"},
    {"a table in the list", "revenue:where { industry = { {} } }",
     "! :where industry: takes a value, a list of values or attr \"name\", got a "
     "table"},
    {"no table", "revenue:where \"x\"", "! :where takes { dimension = value }, got a text"},
    {"a list for a table", "revenue:where { \"ai\" }", "! :where takes { dimension = value }"},
    {"an expression as value", "revenue:where { industry = sales }",
     "! :where industry: takes a value, a list of values or attr \"name\", got "
     "measure \"sales\""},
    {"an unknown dimension to group by", "revenue:by \"industri\":sum()",
     "! measure \"revenue\" has no dimension 'industri'; did you mean 'industry'?"},
    {"no text to group by", "revenue:by(3)", "! :by takes the name of a dimension"},
    {"grouped twice", "revenue:by \"industry\":by \"size\"",
     "! :by is already grouped by \"industry\": add :sum() … first"},
    {"still grouped", "revenue:by \"industry\"",
     "! it is still grouped by \"industry\": add :sum(), :mean(), :max() …"},
    {"two dimensions", "revenue:by \"industry\" / revenue:by \"size\"",
     "! '/': one side is grouped by \"industry\", the other by \"size\""},
    {"no uncle", "revenue:of \"uncle\"", "! :of takes an area, \"parent\" or \"zone\", got a text"},
    {"a measure is no area", "revenue:of(revenue)",
     "! :of takes an area, \"parent\" or \"zone\", got measure \"revenue\""},
    {"an empty list of areas", "revenue:areas({})",
     "! :areas takes a list of areas or nothing, got an empty list or other keys"},
    {"other keys", "revenue:areas({ x = yuzhu })",
     "! :areas takes a list of areas or nothing, got an empty list or other keys"},
    {"one of the list is no area", "revenue:areas({ yuzhu, revenue }):sum()",
     "! :areas takes a list of areas, but one is measure \"revenue\""},
    {"a text for the list", "revenue:areas(\"yuzhu\")",
     "! :areas takes a list of areas or nothing, got a text"},
    {"parts wait for their how", "revenue:areas()",
     "! it takes an expression, got parts (`:areas()` without `:sum()` …)"},
    {"nothing to add up", "sales:sum()",
     "! :sum needs a window (:sum \"1 year\"), or :by(…) or :areas() before it"},
    {"a value too many", "revenue:areas():sum(3)", "! :sum takes no value here"},
};

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_wrong_arguments_are_told,
                       COUNT_OF(rows_of_wrong_arguments_are_told));
}

static const struct formula_row rows_of_operations_of_later_are_refused_by_name[] = {
    {"narrowing by a truth", "revenue:where(sales:over(2))", "! not yet: :where(truth)"},
    {"grouped and ungrouped", "revenue:by \"industry\" / revenue",
     "! '/': not yet: one side is grouped by \"industry\", the other is not"},
    {"shares", "revenue:by \"industry\":share()", "! not yet: :share"},
    {"share of the parent", "revenue:share_of \"parent\"", "! not yet: :share_of"},
    {"rank", "revenue:rank()", "! not yet: :rank"},
    {"spread", "revenue:areas():spread()", "! not yet: :spread"},
    {"similarity", "revenue:areas():similarity()", "! not yet: :similarity"},
    {"all of a group", "revenue:by(\"size\"):all()", "! not yet: :all"},
    {"items added", "revenue:added { since = 2021 }", "! not yet: :added"},
};

static void operations_of_later_are_refused_by_name(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_operations_of_later_are_refused_by_name,
                       COUNT_OF(rows_of_operations_of_later_are_refused_by_name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_over_areas_and_dimensions_become_nodes),
        cmocka_unit_test(wrong_arguments_are_told),
        cmocka_unit_test(operations_of_later_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
