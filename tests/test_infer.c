/* Inference: what type, kind, grid, unit and show a formula has, and what it may not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/infer.h"

#include "plan_pack.h"

/* plan_land and what stands on it. */
static zw_pack *land(void)
{
    zw_pack *pack = plan_land();
    plan_indicator(pack, "margin", plan_node(pack, "sales costs - sales /"), "%", ZW_HOW_KIND);
    plan_indicator(pack, "turnover", plan_node(pack, "sales"), "1e4 CNY", ZW_HOW_KIND);
    return pack;
}

static void a_formula_is_what_its_parts_make_it(void **state)
{
    static const struct {
        const char *why, *formula;
        zw_type type;
        zw_kind kind;
        const char *grid, *unit, *show;
    } rows[] = {
        {"a flow", "sales", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "month", "CNY", "1e8 CNY"},
        {"a rate is a number that is read in %", "growth", ZW_TYPE_NUMBER, ZW_KIND_RATE, "month",
         "", "%"},
        {"a number fits any", "2", ZW_TYPE_NUMBER, ZW_KIND_LAST, NULL, "any", ""},
        {"an attribute without a unit, too", "attr(quota)", ZW_TYPE_NUMBER, ZW_KIND_LAST, NULL,
         "any", ""},
        {"an attribute with one", "attr(km2).km2", ZW_TYPE_NUMBER, ZW_KIND_LAST, NULL, "km2",
         "km2"},
        {"an attribute's scale is how it is read", "attr(quota).%", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         NULL, "", "%"},
        {"a sum adds up to nothing more", "sales costs +", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month",
         "CNY", "1e8 CNY"},
        {"the first that says one names the unit", "1 growth -", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         "month", "", "%"},
        {"a quotient of one unit is plain", "sales costs /", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month",
         "", ""},
        {"of two units", "sales firms /", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY/firms",
         "CNY/firms"},
        {"a product", "sales firms *", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY*firms",
         "CNY*firms"},
        {"and back", "sales firms / firms *", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "CNY"},
        {"by an area", "sales attr(km2).km2 /", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY/km2",
         "CNY/km2"},
        {"a number changes the size, not how it is read", "sales 2 /", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         "month", "CNY", "1e8 CNY"},
        {"before it, too", "2 sales *", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "1e8 CNY"},
        {"a share, too", "growth sales *", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "1e8 CNY"},
        {"one over it is another unit", "1 firms /", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month",
         "1/firms", "1/firms"},
        {"numbers and attributes go on to fit any", "attr(quota) 2 *", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         NULL, "any", ""},
        {"so they may be compared to anything", "sales attr(quota) 2 * :over", ZW_TYPE_TRUTH,
         ZW_KIND_LAST, "month", "", ""},
        {"a logarithm of an attribute, too", "attr(quota) ln", ZW_TYPE_NUMBER, ZW_KIND_LAST, NULL,
         "any", ""},
        {"a power", "sales costs / 0.5 ^", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "", ""},
        {"minus", "sales neg", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "1e8 CNY"},
        {"rounded", "growth round(1)", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "", "%"},
        {"the larger", "0 sales max", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "1e8 CNY"},
        {"within bounds", "sales 0 costs clamp", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY",
         "1e8 CNY"},
        {"a choice", "firms 3 :over sales 0 when", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY",
         "1e8 CNY"},
        {"a lag keeps the kind", "sales :lag(1)", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "month", "CNY",
         "1e8 CNY"},
        {"a lag of a truth is one", "firms 3 :over :lag(1)", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month",
         "", ""},
        {"a difference is a flow", "firms :delta(1)", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "month",
         "firms", "firms"},
        {"the own part of a total is a flow", "total :single", ZW_TYPE_NUMBER, ZW_KIND_FLOW,
         "month", "CNY", "CNY"},
        {"a yearly change is read in %", "sales :yoy", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "",
         "%"},
        {"a running total", "sales :ytd", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY", "1e8 CNY"},
        {"a window", "sales :rolling(12).sum", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY",
         "1e8 CNY"},
        {"a year of a flow", "sales :year", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "year", "CNY", "1e8 CNY"},
        {"a quarter of a total is its own part", "total :quarter", ZW_TYPE_NUMBER, ZW_KIND_FLOW,
         "quarter", "CNY", "CNY"},
        {"a year of a stock", "firms :year", ZW_TYPE_NUMBER, ZW_KIND_STOCK, "year", "firms",
         "firms"},
        {"a mean of flows adds up no more", "sales :year.mean", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         "year", "CNY", "1e8 CNY"},
        {"a sum of anything is a flow", "firms :year.sum", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "year",
         "firms", "firms"},
        {"the year around a month is no part of it", "yearly :month", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         "month", "CNY", "CNY"},
        {"a counter", "visits", ZW_TYPE_NUMBER, ZW_KIND_COUNTER, "1h", "visits", "visits"},
        {"its steps are a flow", "visits :increase", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "1h", "visits",
         "visits"},
        {"a second", "visits :increase :rate(2).sum", ZW_TYPE_NUMBER, ZW_KIND_LAST, "1h",
         "visits/s", "visits/s"},
        {"its days are the steps'", "visits :day", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "day", "visits",
         "visits"},
        {"its largest reading adds up to nothing", "visits :day.max", ZW_TYPE_NUMBER, ZW_KIND_LAST,
         "day", "visits", "visits"},
        {"an hour's days", "hourly :day", ZW_TYPE_NUMBER, ZW_KIND_STOCK, "day", "min", "min"},
        {"elsewhere it is the same", "total :of(parent)", ZW_TYPE_NUMBER, ZW_KIND_YTD, "month",
         "CNY", "CNY"},
        {"the sum over parts", "sales :areas.sum", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "month", "CNY",
         "1e8 CNY"},
        {"the largest part", "sales :areas.max", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "CNY",
         "1e8 CNY"},
        {"how many", "sales :by(industry).count", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "", ""},
        {"the mean of rates", "growth :areas.mean", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "", "%"},
        {"an indicator says how it is read", "margin", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "",
         "%"},
        {"and keeps the kind", "turnover", ZW_TYPE_NUMBER, ZW_KIND_FLOW, "month", "CNY", "1e4 CNY"},
        {"regridded it is read so, too", "margin :year", ZW_TYPE_NUMBER, ZW_KIND_LAST, "year", "",
         "%"},
        {"and narrowed", "margin :where(industry=ai)", ZW_TYPE_NUMBER, ZW_KIND_LAST, "month", "",
         "%"},
        {"a comparison", "growth 0.05 :over", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
        {"of three", "sales 1 costs :within", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
        {"rising", "growth :rises(2)", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
        {"late", "sales :late(30d)", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
        {"both", "sales :late growth 0 :under &", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
        {"held", "growth 0 :under :held(3)", ZW_TYPE_TRUTH, ZW_KIND_LAST, "month", "", ""},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const zw_node *node = zw_pack_node(pack, plan_node(pack, rows[i].formula));
        char grid[24] = "";
        char show[96];
        (void)zw_unit_text(&node->show, show, sizeof(show));
        const char *unit = zw_unit_is_any(&node->unit) ? "any" : node->unit.word;
        if (node->has_grid) {
            (void)zw_grid_name(node->grid, grid, sizeof(grid));
        }
        if (node->type != rows[i].type || node->kind != rows[i].kind ||
            strcmp(grid, rows[i].grid != NULL ? rows[i].grid : "") != 0 ||
            strcmp(unit, rows[i].unit) != 0 || strcmp(show, rows[i].show) != 0) {
            fail_msg("%s: %s\n  found type %d, kind %d, grid '%s', unit '%s', show '%s'",
                     rows[i].why, rows[i].formula, (int)node->type, (int)node->kind, grid, unit,
                     show);
        }
        if (!zw_unit_is_any(&node->unit)) {
            assert_true(node->unit.scale == 1);
        }
    }
    zw_pack_destroy(pack);
}

static void what_does_not_fit_is_refused(void **state)
{
    static const struct {
        const char *why, *formula, *refusal;
        zw_status status; /* 0: ZW_INVALID */
    } rows[] = {
        {"two units", "sales firms +", "'+': CNY and firms do not fit together", 0},
        {"behind a number", "1 sales min firms max", "'max': CNY and firms do not fit together", 0},
        {"a plain number and a unit", "growth firms +",
         "'+': a plain number and firms do not fit together", 0},
        {"compared", "sales firms :over", "':over': CNY and firms do not fit together", 0},
        {"of a choice", "firms 3 :over sales firms when",
         "'when': CNY and firms do not fit together", 0},
        {"a logarithm of money", "sales ln", "'ln' needs a number without a unit, got CNY", 0},
        {"a power of firms", "firms 2 ^", "'^' needs a number without a unit, got firms", 0},
        {"a power by firms", "growth firms ^", "'^' needs a number without a unit, got firms", 0},
        {"a month and a quarter", "sales quarterly +",
         "'+' of a month and a quarter: two grids in one operation; add :quarter() to the finer "
         "side",
         0},
        {"turned", "yearly sales /",
         "'/' of a year and a month: two grids in one operation; add :year() to the finer side", 0},
        {"compared", "sales yearly :over",
         "':over' of a month and a year: two grids in one operation; add :year() to the finer "
         "side",
         0},
        {"days and weeks", "daily weekly -",
         "'-' of a day and a week: two grids in one operation; add :week() to the finer side", 0},
        {"weeks and months", "weekly sales +",
         "'+' of a week and a month: two grids in one operation; weeks go into no other period", 0},
        {"two steps below a day", "often hourly +",
         "'+' of a 15m and a 1h: two grids in one operation; add :day() to both sides", 0},
        {"truths of two grids", "sales 1 :over quarterly 1 :over &",
         "'&' of a month and a quarter: two grids in one operation; add :quarter() to the finer "
         "side",
         0},
        {"a truth added", "sales 1 :over 2 +", "'+' needs a number, got a truth", 0},
        {"a truth compared", "sales 1 :over 2 :over", "':over' needs a number, got a truth", 0},
        {"a truth differenced", "sales 1 :over :delta(1)", "':delta' needs a number, got a truth",
         0},
        {"a truth negated as a number", "sales 1 :over neg", "'-' needs a number, got a truth", 0},
        {"a truth watched", "sales 1 :over :rises", "':rises' needs a number, got a truth", 0},
        {"a truth over parts", "sales 1 :over :areas.sum", "':areas' needs a number, got a truth",
         0},
        {"a number denied", "sales ~", "'~' needs a truth such as x:over(…), got a number", 0},
        {"a number and a truth", "sales 1 :over sales &",
         "'&' needs a truth such as x:over(…), got a number", 0},
        {"a number as a condition", "sales costs 0 when",
         "'when' needs a truth such as x:over(…), got a number", 0},
        {"a number held", "sales :held(2)", "':held' needs a truth such as x:over(…), got a number",
         0},
        {"a number lagged", "2 :lag(1)", "':lag' needs something with periods, got a plain number",
         0},
        {"an attribute watched", "attr(quota) :missing",
         "':missing' needs something with periods, got a plain number", 0},
        {"a truth without periods held", "attr(quota) 2 :over :held(2)",
         "':held' needs something with periods, got a plain number", 0},
        {"no periods", "sales :rolling(0).sum",
         "':rolling' needs a whole number of at least 1, got 0", 0},
        {"a lag into the future", "sales :lag(-1)",
         "':lag' needs a whole number of at least 0, got -1", 0},
        {"no difference", "sales :delta(0)", "':delta' needs a whole number of at least 1, got 0",
         0},
        {"the part of a flow", "sales :single",
         "':single' is the own part of a running total: the measure is no ytd", 0},
        {"the running total of a stock", "firms :ytd", "':ytd' adds up a flow: this is none", 0},
        {"the running total of a quotient", "sales costs / :ytd",
         "':ytd' adds up a flow: this is none", 0},
        {"weeks on months", "weekly :month", "a week does not go into a month", 0},
        {"months on weeks", "sales :week", "a month does not go into a week", 0},
        {"a rate's sum over time", "growth :year.sum",
         "a rate never adds up: it has no sum over time", 0},
        {"in a window", "growth :rolling(3).sum",
         "a rate never adds up: no :rolling(…):sum() of it", 0},
        {"over areas", "growth :areas.sum", "a rate never adds up: ':areas' has no sum of it", 0},
        {"over groups", "growth :by(industry).sum", "a rate never adds up: ':by' has no sum of it",
         0},
        {"a rate of before is a rate", "growth :lag(1) :areas.sum",
         "a rate never adds up: ':areas' has no sum of it", 0},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_node_id node = 0;
        zw_err err = {ZW_OK, ""};
        zw_status status = plan_read(pack, rows[i].formula, &node, &err);
        zw_status expected = rows[i].status != ZW_OK ? rows[i].status : ZW_INVALID;
        if (status != expected || strcmp(err.text, rows[i].refusal) != 0) {
            fail_msg("%s: %s\n  expected: %s\n  found:    %s", rows[i].why, rows[i].formula,
                     rows[i].refusal, err.text);
        }
        assert_int_equal(node, ZW_NODE_NONE);
    }
    zw_pack_destroy(pack);
}

static void a_running_total_of_one_is_itself(void **state)
{
    (void)state;
    zw_pack *pack = land();
    assert_int_equal(plan_node(pack, "total :ytd"), plan_node(pack, "total"));
    assert_int_equal(plan_node(pack, "total :of(parent) :ytd"),
                     plan_node(pack, "total :of(parent)"));
    assert_int_equal(plan_node(pack, "sales :ytd :ytd"), plan_node(pack, "sales :ytd"));
    assert_int_not_equal(plan_node(pack, "sales :ytd"), plan_node(pack, "sales"));
    zw_pack_destroy(pack);
}

static void a_function_is_what_it_says(void **state)
{
    (void)state;
    zw_pack *pack = land();
    zw_node proto = {.op = ZW_OP_CALL,
                     .ref = 3,
                     .type = ZW_TYPE_TRUTH,
                     .has_grid = true,
                     .grid = plan_grid("quarter"),
                     .unit = plan_unit("CNY")};
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_make(pack, &proto, &node, &err), ZW_OK);
    assert_int_equal(zw_pack_node(pack, node)->type, ZW_TYPE_TRUTH);
    assert_int_equal(zw_pack_node(pack, node)->grid.every, ZW_QUARTER);
    assert_string_equal(zw_pack_node(pack, node)->unit.word, "CNY");
    zw_pack_destroy(pack);
}

static void a_derived_unit_has_an_end(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    plan_zone(pack, "land", "UTC", 1);
    static const struct plan_measure_row rows[] = {
        {"a", ZW_KIND_FLOW, "a_unit_of_a_very_long_name_that_fills", "month", NULL, NULL},
        {"b", ZW_KIND_FLOW, "b_unit_of_a_very_long_name_that_fills", "month", NULL, NULL}};
    plan_measure(pack, rows[0]);
    plan_measure(pack, rows[1]);
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(plan_read(pack, "a b *", &node, &err), ZW_INVALID);
    assert_string_equal(err.text, "'*' derives a unit that is too long");
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_is_what_its_parts_make_it),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_running_total_of_one_is_itself),
        cmocka_unit_test(a_function_is_what_it_says),
        cmocka_unit_test(a_derived_unit_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
