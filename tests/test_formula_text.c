/* Formulas as the language writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

static void formulas_are_written_as_a_pack_would(void **state)
{
    static const struct {
        const char *why, *formula, *text;
    } rows[] = {
        {"a measure", "sales", "sales"},
        {"a number", "0.05", "0.05"},
        {"an attribute", "attr(km2).km2", "attr \"km2\""},
        {"an operator", "sales costs -", "sales - costs"},
        {"an operator in another stands in brackets", "sales costs - sales /",
         "(sales - costs) / sales"},
        {"on the right, too", "sales sales costs - /", "sales / (sales - costs)"},
        {"minus", "sales costs - neg", "-(sales - costs)"},
        {"a power", "growth 2 ^", "growth ^ 2"},
        {"a function needs no brackets", "sales costs + 0 max", "max(sales + costs, 0)"},
        {"rounding says to what", "growth round(2)", "round(growth, 2)"},
        {"to whole numbers, too", "growth round(0)", "round(growth, 0)"},
        {"bounds", "growth 0 1 clamp", "clamp(growth, 0, 1)"},
        {"a choice", "sales 3 :over costs 0 when", "when(sales:over(3), costs, 0)"},
        {"a method of an operator", "sales costs / :lag(4)", "(sales / costs):lag(4)"},
        {"a method of a method", "sales :year :yoy", "sales:year():yoy()"},
        {"a lag of nothing", "sales :lag(0)", "sales:lag(0)"},
        {"a difference", "sales :delta(12)", "sales:delta(12)"},
        {"a total and its part", "total :single sales :ytd -", "total:single() - sales:ytd()"},
        {"a named fold", "hourly :day.max", "hourly:day(\"max\")"},
        {"a window", "sales :rolling(12).mean", "sales:rolling(12):mean()"},
        {"an area", "sales :of(east)", "sales:of(east)"},
        {"a place in the tree", "sales :of(zone)", "sales:of \"zone\""},
        {"over parts", "sales :areas.sum", "sales:areas():sum()"},
        {"over groups", "sales :by(industry).count", "sales:by \"industry\":count()"},
        {"a comparison", "growth 0.05 :at_least", "growth:at_least(0.05)"},
        {"with an expression", "sales costs 2 * :over", "sales:over(costs * 2)"},
        {"within", "sales 1 costs :within", "sales:within(1, costs)"},
        {"rising", "sales :rises(3)", "sales:rises(3)"},
        {"held", "sales 1 :over :held(2)", "sales:over(1):held(2)"},
        {"truths joined", "sales 1 :over costs 1 :under | ~", "~(sales:over(1) | costs:under(1))"},
        {"known", "sales :missing sales :partial &", "sales:missing() & sales:partial()"},
        {"late", "sales :late", "sales:late()"},
        {"late by days", "sales :late(30d)", "sales:late \"30d\""},
        {"by working days", "sales :late(5wd)", "sales:late \"5wd\""},
        {"revised in hours", "sales :revised(36h)", "sales:revised \"36h\""},
        {"in minutes", "sales :revised(90m)", "sales:revised \"90m\""},
        {"in seconds", "sales :revised(90s)", "sales:revised \"90s\""},
    };
    (void)state;
    zw_pack *pack = plan_land();
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

static void check_made(zw_pack *pack, zw_node proto, const char *expected)
{
    char text[512];
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    if (zw_formula_make(pack, &proto, &node, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(plan_text(pack, node, text, sizeof(text)), expected);
}

static void months_and_years_are_written_out(void **state)
{
    static const struct {
        int32_t months;
        const char *text;
    } rows[] = {{1, "sales:late \"1 month\""},
                {3, "sales:late \"3 months\""},
                {12, "sales:late \"1 year\""},
                {24, "sales:late \"2 years\""},
                {18, "sales:late \"18 months\""}};
    (void)state;
    zw_pack *pack = plan_land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_made(pack,
                   (zw_node){.op = ZW_OP_LATE,
                             .kid = {plan_node(pack, "sales")},
                             .has_length = true,
                             .length = {.months = rows[i].months}},
                   rows[i].text);
    }
    zw_pack_destroy(pack);
}

static void filters_list_their_values(void **state)
{
    static const char *const values[] = {"ai", "ic"};
    static const zw_filter filters[] = {
        {.dim = "industry", .values = values, .value_count = 2},
        {.dim = "industry", .values = values, .value_count = 1, .is_except = true}};
    (void)state;
    zw_pack *pack = plan_land();
    check_made(pack,
               (zw_node){.op = ZW_OP_MEASURE, .ref = 0, .filters = filters, .filter_count = 2},
               "sales:where { industry = { \"ai\", \"ic\" } }:except { industry = \"ai\" }");
    zw_pack_destroy(pack);
}

static void names_stand_for_what_is_declared(void **state)
{
    static const uint32_t areas[] = {1, 2};
    (void)state;
    zw_pack *pack = plan_land();
    zw_node_id margin =
        plan_indicator(pack, "margin", plan_node(pack, "sales costs -"), NULL, ZW_HOW_KIND);
    zw_rule rule = {.title = plan_title("kept", 5), .must = plan_node(pack, "margin 0 :over")};
    zw_dated dated = {.when = plan_stamp("2025"), .value = 1};
    zw_target target = {.title = plan_title("goal", 6),
                        .expr = margin,
                        .has_compare = true,
                        .dated = &dated,
                        .dated_count = 1};
    uint32_t index = 0;
    char text[128];
    zw_err err = {ZW_OK, ""};
    assert_string_equal(plan_text(pack, margin, text, sizeof(text)), "margin");
    assert_string_equal(plan_text(pack, plan_node(pack, "margin 2 *"), text, sizeof(text)),
                        "margin * 2");
    assert_string_equal(plan_text(pack, pack->indicators[0].formula, text, sizeof(text)),
                        "sales - costs");
    assert_string_equal(plan_text(pack, plan_node(pack, "margin :year 2 *"), text, sizeof(text)),
                        "(sales:year() - costs:year()) * 2");
    assert_int_equal(zw_pack_add_rule(pack, &rule, &index, &err), ZW_OK);
    check_made(pack, (zw_node){.op = ZW_OP_BROKEN, .ref = index, .kid = {rule.must}},
               "kept:broken()");
    assert_int_equal(zw_pack_add_target(pack, &target, &index, &err), ZW_OK);
    assert_string_equal(plan_text(pack, pack->targets[0].required_growth, text, sizeof(text)),
                        "goal:required_growth()");
    uint32_t verdicts = 1U << ZW_VERDICT_MET_FINAL | 1U << ZW_VERDICT_MISSED_FINAL;
    check_made(pack, (zw_node){.op = ZW_OP_VERDICT, .kid = {margin}, .verdicts = verdicts},
               "goal:verdict(\"met_final\", \"missed_final\")");
    check_made(pack, (zw_node){.op = ZW_OP_CALL}, "function");
    check_made(
        pack,
        (zw_node){
            .op = ZW_OP_PARTS, .kid = {margin}, .how = ZW_HOW_SUM, .areas = areas, .area_count = 2},
        "margin:areas(…):sum()");
    zw_pack_destroy(pack);
}

static void a_text_without_end_is_cut(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_node_id node = plan_node(pack, "sales");
    zw_err err = {ZW_OK, ""};
    zw_buf text;
    zw_buf_init(&text, 1024 * 1024);
    zw_buf_puts(&text, "it is ");
    for (int i = 0; i < 60; i++) {
        zw_node sum = {.op = ZW_OP_ADD, .kid = {node, node}};
        assert_int_equal(zw_formula_make(pack, &sum, &node, &err), ZW_OK);
    }
    zw_formula_text(pack, node, &text);
    assert_false(text.has_failed);
    assert_int_equal(text.len, strlen(zw_buf_view(&text)));
    assert_int_equal(text.len, strlen("it is ") + 8 * 1024 + strlen("…"));
    assert_memory_equal(zw_buf_view(&text), "it is (((", 9);
    assert_string_equal(zw_buf_view(&text) + text.len - strlen("…"), "…");
    zw_buf_fini(&text);

    zw_buf_init(&text, 100); /* a buffer that has less room says so itself */
    zw_formula_text(pack, node, &text);
    assert_true(text.has_failed);
    zw_buf_fini(&text);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_written_as_a_pack_would),
        cmocka_unit_test(months_and_years_are_written_out),
        cmocka_unit_test(filters_list_their_values),
        cmocka_unit_test(names_stand_for_what_is_declared),
        cmocka_unit_test(a_text_without_end_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
