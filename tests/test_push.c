/* Pushing down: narrowing and regridding go through point operations and indicators to what lies
 * under them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "plan_pack.h"

static zw_pack *land(void)
{
    zw_pack *pack = plan_land();
    plan_measure(pack, (struct plan_measure_row){"ticks", ZW_KIND_STOCK, "min", "1s", NULL, NULL});
    plan_indicator(pack, "ratio", plan_node(pack, "sales costs /"), "%", ZW_HOW_KIND);
    plan_indicator(pack, "summed", plan_node(pack, "sales costs -"), NULL, ZW_HOW_SUM);
    plan_indicator(pack, "nested", plan_node(pack, "ratio 2 *"), NULL, ZW_HOW_KIND);
    return pack;
}

static void what_is_pushed_stands_where_it_belongs(void **state)
{
    static const struct {
        const char *why, *formula, *text;
    } rows[] = {
        {"a measure takes it", "sales :year", "sales:year()"},
        {"onto its own grid nothing is to do", "sales :month", "sales"},
        {"a ratio is recomputed from its parts", "sales costs / :year",
         "sales:year() / costs:year()"},
        {"a number fits any grid", "sales 2 / :quarter", "sales:quarter() / 2"},
        {"an attribute, too", "sales attr(quota) / :year", "sales:year() / attr \"quota\""},
        {"through functions", "0 sales max round(2) :year", "round(max(0, sales:year()), 2)"},
        {"through a choice and its condition", "firms 3 :over sales 0 when :year",
         "when(firms:year():over(3), sales:year(), 0)"},
        {"and what joins conditions", "firms 3 :over sales 1 :under & ~ sales 0 when :year",
         "when(~(firms:year():over(3) & sales:year():under(1)), sales:year(), 0)"},
        {"and asks whether it is there", "sales :missing 0 sales when :year",
         "when(sales:year():missing(), 0, sales:year())"},
        {"elsewhere in the tree", "sales :of(parent) :year", "sales:year():of \"parent\""},
        {"over parts", "sales :areas.max :year", "sales:year():areas():max()"},
        {"over groups", "sales :by(industry).max :year", "sales:year():by \"industry\":max()"},
        {"what looks along time is regridded itself", "sales :lag(1) :year", "sales:lag(1):year()"},
        {"a yearly change, too", "sales :yoy 2 * :quarter", "sales:yoy():quarter() * 2"},
        {"by a named fold it is the value that is folded", "sales costs / :year.mean",
         "(sales / costs):year(\"mean\")"},
        {"on a finer grid it is the value around it", "yearly 2 / :month", "(yearly / 2):month()"},
        {"a year of quarters of an hour goes by its days", "often :year", "often:day():year()"},
        {"by its days' greatest, too", "often :year.max", "often:day(\"max\"):year(\"max\")"},
        {"its mean does not: days differ", "often :year.mean", "often:year(\"mean\")"},
        {"a month of them is few enough", "often :month", "often:month()"},
        {"twice", "sales costs / :quarter :year",
         "sales:quarter():year() / costs:quarter():year()"},
        {"an indicator is recomputed", "ratio :year", "sales:year() / costs:year()"},
        {"inside another, too", "nested :year", "(sales:year() / costs:year()) * 2"},
        {"one that is rolled up by its own rule is a value", "summed :year", "summed:year()"},

        {"a counter becomes its steps", "visits :day", "visits:increase(1):day()"},
        {"its sum, too", "visits :lag(2) :day.sum", "visits:increase(1):lag(2):day(\"sum\")"},
        {"its largest reading does not", "visits :day.max", "visits:day(\"max\")"},
        {"elsewhere", "visits :of(east) :day", "visits:increase(1):day():of(east)"},
        {"steps are narrowed at the measure", "visits :day :where(industry=ai)",
         "visits:where { industry = \"ai\" }:increase(1):day()"},
        {"a measure is narrowed", "sales :where(industry=ai)", "sales:where { industry = \"ai\" }"},
        {"all but it", "sales :except(industry=ai)", "sales:except { industry = \"ai\" }"},
        {"by the area's own attribute", "sales :where(industry=@leads)",
         "sales:where { industry = attr \"leads\" }"},
        {"filters have one order", "sales :except(industry=ic) :where(industry=ai)",
         "sales:where { industry = \"ai\" }:except { industry = \"ic\" }"},
        {"both sides are narrowed", "sales costs / :where(industry=ai)",
         "sales:where { industry = \"ai\" } / costs:where { industry = \"ai\" }"},
        {"through what looks along time", "sales :year :yoy :where(industry=ai)",
         "sales:where { industry = \"ai\" }:year():yoy()"},
        {"through a truth", "sales 3 :over :where(industry=ai)",
         "sales:where { industry = \"ai\" }:over(3)"},
        {"an indicator is narrowed inside", "ratio :where(industry=ai)",
         "sales:where { industry = \"ai\" } / costs:where { industry = \"ai\" }"},
        {"one with its own roll-up, too", "summed :where(industry=ai)",
         "sales:where { industry = \"ai\" } - costs:where { industry = \"ai\" }"},
        {"narrowed and regridded", "ratio :where(industry=ai) :year",
         "sales:where { industry = \"ai\" }:year() / costs:where { industry = \"ai\" }:year()"},
        {"a number has nothing to narrow", "2 :where(industry=ai)", "2"},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        plan_text(pack, plan_node(pack, rows[i].formula), text, sizeof(text));
        if (strcmp(text, rows[i].text) != 0) {
            fail_msg("%s: %s\n  expected: %s\n  found:    %s", rows[i].why, rows[i].formula,
                     rows[i].text, text);
        }
    }
    zw_pack_destroy(pack);
}

static void what_cannot_be_pushed_is_refused(void **state)
{
    static const struct {
        const char *why, *formula, *refusal;
    } rows[] = {
        {"a truth has no grid of its own", "sales 3 :over :year",
         "a truth does not go onto another grid: put the number there and compare then"},
        {"nor inside a number", "sales :rises(2) 1 0 when costs + :year",
         "':rises' does not go onto another grid: put the number under it there"},
        {"nor what is late", "sales :late 0 costs when :year",
         "':late' does not go onto another grid: put the number under it there"},
        {"a dimension that it lacks", "firms :where(industry=ai)",
         "measure 'firms' has no dimension 'industry'"},
        {"that one side lacks", "sales firms / :where(industry=ai)",
         "measure 'firms' has no dimension 'industry'"},
        {"a slip", "sales :where(industri=ai)",
         "measure 'sales' has no dimension 'industri'; did you mean 'industry'?"},
        {"weeks on years", "weekly :year", "a week does not go into a year"},
        {"the mean of a year of seconds", "ticks :year.mean",
         "the mean of up to 31622400 periods of a 1s in one: add :day \"mean\" first"},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_node_id node = 0;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(plan_read(pack, rows[i].formula, &node, &err), ZW_INVALID);
        if (strcmp(err.text, rows[i].refusal) != 0) {
            fail_msg("%s: %s\n  expected: %s\n  found:    %s", rows[i].why, rows[i].formula,
                     rows[i].refusal, err.text);
        }
    }
    zw_pack_destroy(pack);
}

static void narrow_refuses(zw_pack *pack, zw_node_id node, const char *refusal)
{
    const char *value = "ai";
    zw_filter filter = {.dim = "industry", .values = &value, .value_count = 1};
    zw_node_id out = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_where(pack, node, &filter, (zw_where){0, 1, 1}, &out, &err),
                     ZW_INVALID);
    assert_string_equal(err.text, refusal);
    assert_int_equal(out, ZW_NODE_NONE);
}

static void functions_rules_and_targets_are_not_narrowed(void **state)
{
    (void)state;
    zw_pack *pack = land();
    zw_node call = {.op = ZW_OP_CALL, .has_grid = true, .grid = plan_grid("month")};
    zw_rule rule = {.title = plan_title("kept", 5), .must = plan_node(pack, "sales 3 :over")};
    zw_target target = {.title = plan_title("goal", 6), .expr = plan_node(pack, "sales")};
    zw_dated dated = {.when = plan_stamp("2025"), .value = 1};
    uint32_t index = 0;
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_make(pack, &call, &node, &err), ZW_OK);
    narrow_refuses(pack, node,
                   "'function' cannot be narrowed by dimension: narrow what is under it");
    assert_int_equal(zw_pack_add_rule(pack, &rule, &index, &err), ZW_OK);
    zw_node broken = {.op = ZW_OP_BROKEN, .ref = index, .kid = {rule.must}};
    assert_int_equal(zw_formula_make(pack, &broken, &node, &err), ZW_OK);
    narrow_refuses(pack, node,
                   "':broken' cannot be narrowed by dimension: narrow what is under it");
    target.has_compare = true;
    target.dated = &dated;
    target.dated_count = 1;
    assert_int_equal(zw_pack_add_target(pack, &target, &index, &err), ZW_OK);
    narrow_refuses(pack, pack->targets[index].gap,
                   "':gap' cannot be narrowed by dimension: narrow what is under it");
    zw_pack_destroy(pack);
}

/* An indicator keeps its roll-up where it is narrowed: it is still an indicator inside. */
static void a_narrowed_indicator_keeps_its_roll_up(void **state)
{
    (void)state;
    zw_pack *pack = land();
    const zw_node *node = zw_pack_node(pack, plan_node(pack, "summed :where(industry=ai)"));
    assert_int_equal(node->op, ZW_OP_INDICATOR);
    assert_int_equal(pack->indicators[node->ref].rollup, ZW_HOW_SUM);
    zw_pack_destroy(pack);
}

static void a_part_that_is_shared_is_pushed_once(void **state)
{
    (void)state;
    enum { DOUBLINGS = 60 };
    zw_pack *pack = land();
    zw_node_id node = plan_node(pack, "sales");
    zw_err err = {ZW_OK, ""};
    for (int i = 0; i < DOUBLINGS; i++) { /* 2^60 times the same measure, in 60 nodes */
        zw_node sum = {.op = ZW_OP_ADD, .kid = {node, node}};
        assert_int_equal(zw_formula_make(pack, &sum, &node, &err), ZW_OK);
    }
    size_t before = pack->node_count;
    zw_node_id year = 0;
    assert_int_equal(zw_formula_regrid(pack, node, plan_grid("year"), ZW_HOW_KIND,
                                       (zw_where){0, 1, 1}, &year, &err),
                     ZW_OK);
    assert_int_equal(pack->node_count, before + DOUBLINGS + 1);
    zw_pack_destroy(pack);
}

static void pushing_without_memory_is_told(void **state)
{
    static const char *const formulas[] = {"nested", "sales :by(industry).max costs -"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(formulas); i++) {
        bool is_done = false;
        long after = 0;
        for (; !is_done; after++) {
            const char *value = "ai";
            zw_filter filter = {.dim = "industry", .values = &value, .value_count = 1};
            zw_where where = {0, 1, 1};
            zw_pack *pack = land();
            zw_node_id node = plan_node(pack, formulas[i]);
            zw_node_id out = 0;
            zw_err err = {ZW_OK, ""};
            failing_alloc_after(after);
            zw_status status = zw_formula_where(pack, node, &filter, where, &node, &err);
            if (status == ZW_OK) {
                status = zw_formula_regrid(pack, node, plan_grid("year"), ZW_HOW_KIND, where, &out,
                                           &err);
            }
            is_done = !failing_alloc_stop();
            assert_int_equal(status, is_done ? ZW_OK : ZW_NOMEM);
            zw_pack_destroy(pack);
        }
        assert_true(after > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_pushed_stands_where_it_belongs),
        cmocka_unit_test(what_cannot_be_pushed_is_refused),
        cmocka_unit_test(functions_rules_and_targets_are_not_narrowed),
        cmocka_unit_test(a_narrowed_indicator_keeps_its_roll_up),
        cmocka_unit_test(a_part_that_is_shared_is_pushed_once),
        cmocka_unit_test(pushing_without_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
