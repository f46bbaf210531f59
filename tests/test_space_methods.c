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
    {"what is not grouped is the same for each group", "(revenue:by \"industry\" / revenue):max()",
     "(revenue:by \"industry\" / revenue):max()"},
    {"whichever side it stands on", "(revenue - revenue:by \"industry\"):min()",
     "(revenue - revenue:by \"industry\"):min()"},
    {"a formula of it too", "(revenue:by \"industry\" / (revenue + revenue:lag(1))):max()",
     "(revenue:by \"industry\" / (revenue + revenue:lag(1))):max()"},
    {"each group's part", "revenue:by \"industry\":share():max()",
     "revenue:by \"industry\":share():max()"},
    {"narrowed, its whole is narrowed", "revenue:by \"industry\":share():where({ size = 1 }):max()",
     "revenue:where { size = \"1\" }:by \"industry\":share():max()"},
    {"only some groups", "revenue:by \"industry\":where(revenue:by \"industry\":over(2)):count()",
     "revenue:where(revenue:over(2)):by \"industry\":count()"},
    {"all but some", "revenue:by \"industry\":except(revenue:by \"industry\":over(2)):sum()",
     "revenue:where(~revenue:over(2)):by \"industry\":sum()"},
    {"where the same holds of all", "revenue:by \"industry\":where(sales:over(2)):sum()",
     "revenue:by \"industry\":where(sales:over(2)):sum()"},
    {"without groups", "revenue:where(sales:over(2))", "revenue:where(sales:over(2))"},
    {"one group does", "revenue:by \"size\":over(3):any()", "revenue:over(3):by \"size\":any()"},
    {"all do", "revenue:by \"size\":over(3):all()", "revenue:over(3):by \"size\":all()"},
    {"so many do", "revenue:by \"size\":over(3):count()", "revenue:over(3):by \"size\":count()"},
    {"both truths of groups", "(revenue:by \"size\":over(3) & ~revenue:by \"size\":rises(2)):any()",
     "(revenue:over(3) & (~revenue:rises(2))):by \"size\":any()"},
    {"groups over groups", "revenue:by \"size\":sum():by \"industry\":max()",
     "revenue:by \"size\":sum():by \"industry\":max()"},
    {"share of the parent", "revenue:share_of \"parent\"", "revenue:share_of \"parent\""},
    {"share of the zone", "sales:share_of \"zone\"", "sales:share_of \"zone\""},
    {"share of an area", "(sales * 2):share_of(yuzhu)", "(sales * 2):share_of(yuzhu)"},
    {"rank", "(revenue / 2):rank()", "(revenue / 2):rank()"},
    {"a year's rank", "sales:rank():year()", "sales:year():rank()"},
    {"a year's share", "sales:share_of(\"parent\"):year()", "sales:year():share_of \"parent\""},
    {"spread", "revenue:areas():spread()", "revenue:areas():spread()"},
    {"similarity", "revenue:by(\"industry\"):areas():similarity()",
     "revenue:by \"industry\":areas():similarity()"},
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
    {"no table", "revenue:where \"x\"",
     "! :where takes { dimension = value } or a truth, got a text"},
    {"a list for a table", "revenue:where { \"ai\" }",
     "! :where takes { dimension = value } or a truth"},
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
    {"nothing left to group by", "revenue:by(\"size\"):max():by \"size\"",
     "! :by finds nothing that has groups of \"size\" left"},
    {"similarity of what has no groups", "revenue:areas():similarity()",
     "! :similarity compares groups: it needs :by(…) before :areas()"},
    {"a share of nothing", "revenue:share()",
     "! :share is each group's part: it needs :by(…) before it"},
    {"all of one", "revenue:over(1):all()",
     "! :all needs :by(…) before the truth; over areas it is all(truth, areas)"},
    {"truths are not added", "revenue:by(\"size\"):over(1):sum()",
     "! a truth has no operation 'sum'; it has :lag, :of, :count, :all, :any, :held"},
    {"numbers are no truths", "revenue:by(\"size\"):all()",
     "! a number has no operation 'all'; a truth has it"},
    {"groups of two dimensions", "revenue:by(\"size\"):where(revenue:by(\"industry\"):over(1))",
     "! :where one side is grouped by \"size\", the other by \"industry\""},
    {"ranks of truths", "sales:over(1):rank()",
     "! a truth has no operation 'rank'; it has :lag, :of, :count, :all, :any, :held"},
    {"a share of no uncle", "sales:share_of \"uncle\"",
     "! :share_of takes an area, \"parent\" or \"zone\", got a text"},
    {"nothing to add up", "sales:sum()",
     "! :sum needs a window (:sum \"1 year\"), or :by(…) or :areas() before it"},
    {"items are a register's", "revenue:added { since = 2021 }",
     "! measure \"revenue\" has no operation 'added'; a register has it"},
    {"a value too many", "revenue:areas():sum(3)", "! :sum takes no value here"},
};

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_wrong_arguments_are_told,
                       COUNT_OF(rows_of_wrong_arguments_are_told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_over_areas_and_dimensions_become_nodes),
        cmocka_unit_test(wrong_arguments_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
