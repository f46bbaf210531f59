/* Tests of what a target answers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_what_a_target_answers_is_checked[] = {
    {"every figure of it and its verdict",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = (t:value() + t:gap()):over(3) & t:shortfall():over(t:required_growth())"
     " & t:projected():over(0) & t:projected(\"low\"):over(0) & t:projected \"high\":over(0) } "
     "alert \"a\" { warning = t:verdict { \"met_final\", "
     "\"missed_final\" } }",
     ""},
    {"a target is no number",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } indicator "
     "\"i\" { 2 * t }",
     "p:2: '*' takes an expression, got target \"t\": use its :value(), :gap(), "
     ":shortfall() or :verdict(…)"},
    {"nor compared itself",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:over(3) }",
     "p:2:82: target \"t\" has no operation 'over'; it has :value, :gap, "
     ":shortfall, :required_growth, :projected, :verdict"},
    {"a misspelt figure",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:gpa():over(3) }",
     "p:2:82: target \"t\" has no operation 'gpa'; did you mean ':gap'?"},
    {"a misspelt verdict",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:verdict \"met_finl\" }",
     "p:2:90: no verdict is called 'met_finl'; did you mean 'met_final'?"},
    {"no verdict",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:verdict {} }",
     "p:2:82: :verdict takes a verdict or a list of verdicts"},
    {"a number as verdict",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:verdict(3) }",
     "p:2:82: :verdict takes a verdict or a list of verdicts, got a number"},
    {"a number among verdicts",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:verdict { \"met_final\", 3 } }",
     "p:2:82: :verdict takes a verdict or a list of verdicts, got a number"},
    {"a projection has two ends",
     "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } rule \"r\" { "
     "must = t:projected(\"middle\"):over(3) }",
     "p:2:82: :projected takes \"low\", \"high\" or nothing"},
    {"a target without an expression has no gap",
     "local t = target \"t\" { } rule \"r\" { must = t:gap():over(3) }",
     "p:2:46: :gap of target \"t\" has no value: it says no expression"},
    {"and no verdict that comes",
     "local t = target \"t\" { } rule \"r\" { must = t:verdict \"met_final\" }",
     "p:2:46: :verdict of target \"t\" has no value: it says no expression"},
};

static void what_a_target_answers_is_checked(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_what_a_target_answers_is_checked,
                    COUNT_OF(rows_of_what_a_target_answers_is_checked));
}

static void the_nodes_are_the_targets_own(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "local t = target 't' { sales:year(), over = { [2022] = 1 } }\n"
                             "indicator 'gap' { t:gap() }\n"
                             "rule 'r' { must = ~t:verdict 'missed_final' }\n");
    const zw_target *target = &loaded.pack->targets[0];
    assert_int_equal(loaded.pack->indicators[0].formula, target->gap);
    const zw_node *not = zw_pack_node(loaded.pack, loaded.pack->rules[0].must);
    const zw_node *verdict = zw_pack_node(loaded.pack, not ->kid[0]);
    assert_int_equal(verdict->op, ZW_OP_VERDICT);
    assert_int_equal(verdict->verdicts, 1U << ZW_VERDICT_MISSED_FINAL);
    assert_int_equal(verdict->kid[0], target->expr);
    assert_int_equal(verdict->ref, 0);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_target_answers_is_checked),
        cmocka_unit_test(the_nodes_are_the_targets_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
