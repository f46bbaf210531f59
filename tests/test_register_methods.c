/* Tests of what can be asked of a register. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define HEAD                                                                                       \
    PACK_HEAD                                                                                      \
    "local calls = register 'calls' { fields = { 'topic', paid = '1e4 CNY', due_on = 'date' }, "   \
    "states = { 'posted', 'awarded', 'in_work', 'delivered' }, deadline = 'due_on' } "             \
    "local plain = register 'plain' { fields = { 'kind' } } "                                      \
    "local kept = register 'kept' { fields = { 'x' }, every = 'month', due = '10d' } "             \
    "local wait = measure 'wait' { kind = 'stock', unit = 'min', every = 'day' }"

static const struct formula_row formulas[] = {
    {"how many", "calls:count()", "calls:count()"},
    {"who came", "calls:added()", "calls:added()"},
    {"since a year", "calls:added { since = 2021 }", "calls:added({ since = \"2021\" })"},
    {"who went since a month", "calls:left { since = '2021-03' }",
     "calls:left({ since = \"2021-03\" })"},
    {"a sum", "calls:sum 'paid'", "calls:sum(\"paid\")"},
    {"is the sum of its values", "calls:values('paid'):sum()", "calls:sum(\"paid\")"},
    {"their mean", "calls:values('paid'):mean()", "calls:values(\"paid\"):mean()"},
    {"their quantile", "calls:values('paid'):quantile(0.9)",
     "calls:values(\"paid\"):quantile(0.9)"},
    {"a quantile of what", "calls:values('paid'):quantile(9)",
     "! :quantile takes a number from 0 to 1"},
    {"items have no slope", "calls:values('paid'):slope()",
     "! values (`:values` without `:mean()` …) has no operation 'slope'; it has :sum, "
     ":mean, :max, :min, :count, :median, :stddev, :quantile"},
    {"every value", "calls:has('topic', { 'b', 'a' })", "calls:has(\"topic\", { \"a\", \"b\" })"},
    {"one", "calls:has('topic', 'a')", "calls:has(\"topic\", \"a\")"},
    {"filled in", "calls:has 'topic'", "calls:has(\"topic\")"},
    {"overdue", "calls:overdue()", "calls:overdue()"},
    {"due", "calls:due_within '14d'", "calls:due_within(\"14d\")"},
    {"a state", "calls:in_state 'posted'", "calls:in_state(\"posted\")"},
    {"states in their order", "calls:in_state { 'in_work', 'posted' }",
     "calls:in_state(\"posted\", \"in_work\")"},
    {"reached", "calls:reached 'awarded'", "calls:reached(\"awarded\")"},
    {"stuck", "calls:stuck '90d'", "calls:stuck(\"90d\")"},
    {"silent", "calls:silent '3 months'", "calls:silent(\"3 months\")"},
    {"on time", "calls:on_time()", "calls:on_time()"},
    {"narrowed", "calls:where { topic = 'a' }:count()", "calls:where { topic = \"a\" }:count()"},
    {"all but", "calls:except { topic = { 'a', 'b' } }:overdue()",
     "calls:except { topic = { \"a\", \"b\" } }:overdue()"},
    {"by its state", "calls:where { state = 'posted' }:count()",
     "calls:where { state = \"posted\" }:count()"},
    {"by what leads there", "calls:where { topic = attr 'leads' }:count()",
     "calls:where { topic = attr \"leads\" }:count()"},
    {"by a truth", "calls:where(calls:overdue()):count()", "calls:where(calls:overdue()):count()"},
    {"by what is not true", "calls:except(calls:overdue()):count()",
     "calls:where(~calls:overdue()):count()"},
    {"by two", "calls:where(calls:overdue()):where(wait:over(5)):sum 'paid'",
     "calls:where(calls:overdue()):where(wait:over(5)):sum(\"paid\")"},
    {"narrowed behind a truth", "calls:where(calls:overdue()):where { topic = 'a' }:count()",
     "calls:where { topic = \"a\" }:where(calls:overdue()):count()"},
    {"a number narrowed", "(calls:count() / 2):where { topic = 'a' }",
     "calls:where { topic = \"a\" }:count() / 2"},
    {"on another grid", "calls:count():month()", "calls:count():month()"},
    {"compared", "calls:count():over(3)", "calls:count():over(3)"},
    {"no such field", "calls:where { topc = 'a' }:count()",
     "! register 'calls' has no field 'topc'; did you mean 'topic'?"},
    {"no such field to add up", "calls:sum 'pad'",
     "! register 'calls' has no field 'pad'; did you mean 'paid'?"},
    {"no number", "calls:sum 'topic'", "! the field 'topic' of register 'calls' is no number"},
    {"no such field to have", "plain:has 'kinds'",
     "! register 'plain' has no field 'kinds'; did you mean 'kind'?"},
    {"a register without states has no state", "plain:where { state = 'a' }:count()",
     "! register 'plain' has no field 'state'"},
    {"no such state", "calls:in_state 'award'",
     "! register \"calls\" has no state 'award'; did you mean 'awarded'?"},
    {"a state is a text", "calls:reached(3)",
     "! :reached takes a state of register \"calls\", got a number"},
    {"without a deadline", "plain:overdue()",
     "! ':overdue' needs a deadline: register 'plain' says none (deadline = \"a date field\")"},
    {"no length", "calls:due_within 'soon'",
     "! :due_within takes a length (\"30d\", \"3 months\" …)"},
    {"since nothing", "calls:added { from = 2021 }",
     "! :added takes nothing or { since = a period }"},
    {"two grids", "calls:where(sales:over(3)):count()",
     "! '&' of a day and a month: two grids in one operation; add :month() to the finer side"},
    {"values wait for how", "calls:values 'paid' + 1",
     "! '+' takes an expression, got values (`:values` without `:mean()` …)"},
    {"a register is no number", "calls + 1",
     "! '+' takes an expression, got register \"calls\": use its :count(), :sum \"field\" …"},
    {"misspelt", "calls:coun()",
     "! register \"calls\" has no operation 'coun'; did you mean ':count'?"},
    {"the commonest", "calls:top 'topic'", "calls:top(\"topic\")"},
    {"that it is something", "calls:top('topic'):equals { 'b', 'a' }",
     "calls:top(\"topic\"):equals { \"a\", \"b\" }"},
    {"it does not add up", "calls:top('topic') + 1", "! '+' needs a number, got a text"},
    {"what a text has", "calls:top('topic'):over(1)",
     "! a text has no operation 'over'; it has :lag, :of, :equals, :missing"},
    {"no number is the commonest", "calls:top 'paid'",
     "! ':top' finds a text: the field 'paid' of register 'calls' is a number; "
     ":values(\"paid\"):median() is its middle"},
    {"a text is compared with texts", "calls:top('topic'):equals(3 > 2)",
     "! :equals takes a text or a list of texts"},
    {"days between states", "calls:days('posted', 'awarded'):mean()",
     "calls:days(\"posted\", \"awarded\"):mean()"},
    {"no such state", "calls:days('posted', 'award'):mean()",
     "! register \"calls\" has no state 'award'; did you mean 'awarded'?"},
    {"groups", "calls:by('topic'):count():max()", "calls:count():by \"topic\":max()"},
    {"no such field to group by", "calls:by 'topc':count():max()",
     "! :by register 'calls' has no field 'topc'; did you mean 'topic'?"},
    {"groups wait for how", "calls:by('topic'):count() + 1",
     "! it is still grouped by \"topic\": add :sum(), :mean(), :max() …"},
    {"late", "kept:late '10d'", "kept:late(\"10d\")"},
    {"never late", "calls:late()",
     "! ':late' needs a due: register 'calls' says none (due = \"20d\")"},
    {"a number has no items", "sales:overdue()",
     "! measure \"sales\" has no operation 'overdue'; a register has it"},
};

static void what_is_asked_of_a_register_is_written_down(void **state)
{
    (void)state;
    check_formula_rows(HEAD, formulas, COUNT_OF(formulas));
}

static void what_is_asked_has_a_kind_and_a_unit(void **state)
{
    static const struct {
        const char *why, *text, *show;
        zw_type type;
        zw_kind kind;
    } rows[] = {
        {"a count stands", "calls:count()", "", ZW_TYPE_NUMBER, ZW_KIND_STOCK},
        {"who came adds up", "calls:added()", "", ZW_TYPE_NUMBER, ZW_KIND_FLOW},
        {"who went, too", "calls:left()", "", ZW_TYPE_NUMBER, ZW_KIND_FLOW},
        {"since a day it stands", "calls:left { since = 2021 }", "", ZW_TYPE_NUMBER, ZW_KIND_STOCK},
        {"a sum stands", "calls:sum 'paid'", "1e4 CNY", ZW_TYPE_NUMBER, ZW_KIND_STOCK},
        {"a mean is the last", "calls:values('paid'):mean()", "1e4 CNY", ZW_TYPE_NUMBER,
         ZW_KIND_LAST},
        {"how many say it", "calls:values('paid'):count()", "", ZW_TYPE_NUMBER, ZW_KIND_LAST},
        {"a truth", "calls:overdue()", "", ZW_TYPE_TRUTH, ZW_KIND_LAST},
    };
    (void)state;
    struct loaded loaded = load_right(HEAD);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char show[ZW_UNIT_WORD_BYTES + 16];
        zw_node_id id = ZW_NODE_NONE;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_script_expression(loaded.script, zw_text_of(rows[i].text), &id, &err),
                         ZW_OK);
        const zw_node *node = zw_pack_node(loaded.pack, id);
        assert_int_equal(node->type, rows[i].type);
        assert_int_equal(node->kind, rows[i].kind);
        assert_int_equal(node->grid.every, ZW_DAY);
        assert_string_equal(zw_unit_text(&node->show, show, sizeof show), rows[i].show);
    }
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_of_a_register_is_written_down),
        cmocka_unit_test(what_is_asked_has_a_kind_and_a_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
