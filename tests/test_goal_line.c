/* Adding a target: what is followed on the way, where its dated values stand, and what it may not
 * be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "plan_pack.h"

enum { DATES_MAX = 4 };

/* A target as a pack says it. `dates` in any order; the first from is `from`. */
struct target_row {
    const char *why, *formula;
    zw_path path;
    const char *dates[DATES_MAX], *from;
};

static zw_pack *land(void)
{
    zw_pack *pack = plan_land();
    plan_indicator(pack, "annual", plan_node(pack, "total :year"), "1e8 CNY", ZW_HOW_KIND);
    plan_indicator(pack, "annual_sales", plan_node(pack, "sales :year"), NULL, ZW_HOW_KIND);
    plan_indicator(pack, "own", plan_node(pack, "total"), NULL, ZW_HOW_KIND);
    return pack;
}

static zw_status add(zw_pack *pack, const struct target_row *row, uint32_t *index, zw_err *err)
{
    zw_dated dated[DATES_MAX] = {{.value = 0}};
    zw_target target = {.title = plan_title("goal", 8),
                        .expr = ZW_NODE_NONE,
                        .has_compare = true,
                        .compare = ZW_COMPARE_OVER,
                        .path = row->path,
                        .dated = dated};
    if (row->formula != NULL) {
        target.expr = plan_node(pack, row->formula);
    }
    for (; target.dated_count < DATES_MAX && row->dates[target.dated_count] != NULL;
         target.dated_count++) {
        dated[target.dated_count].when = plan_stamp(row->dates[target.dated_count]);
        dated[target.dated_count].value = (double)target.dated_count;
    }
    target.has_from = row->from != NULL;
    if (target.has_from) {
        target.from.when = plan_stamp(row->from);
    }
    zw_status status = zw_pack_add_target(pack, &target, index, err);
    return status;
}

static const char *node_text(const zw_pack *pack, zw_node_id node, char *out, size_t size)
{
    return node == ZW_NODE_NONE ? "" : plan_text(pack, node, out, size);
}

static void what_is_followed_depends_on_the_year(void **state)
{
    static const struct {
        struct target_row target;
        const char *follow, *running, *yearly, *follow_grid;
    } rows[] = {
        {{"a year of a running total: the trailing year",
          "total :year",
          ZW_PATH_LINEAR,
          {"2025"},
          NULL},
         "total:rolling(12):sum()",
         "total",
         "total:year()",
         "month"},
        {{"under an indicator, too", "annual", ZW_PATH_GEOMETRIC, {"2025"}, NULL},
         "total:rolling(12):sum()",
         "total",
         "annual",
         "month"},
        {{"seasonal: the running total", "annual", ZW_PATH_SEASONAL, {"2025"}, NULL},
         "total",
         "total",
         "annual",
         "month"},
        {{"a year of a flow: the trailing year", "sales :year", ZW_PATH_STEP, {"2025"}, NULL},
         "sales:rolling(12):sum()",
         "sales:ytd()",
         "sales:year()",
         "month"},
        {{"seasonal: its running total", "annual_sales", ZW_PATH_SEASONAL, {"2025"}, NULL},
         "sales:ytd()",
         "sales:ytd()",
         "annual_sales",
         "month"},
        {{"of quarters it has four", "quarterly :year", ZW_PATH_LINEAR, {"2025"}, NULL},
         "quarterly:rolling(4):sum()",
         "quarterly:ytd()",
         "quarterly:year()",
         "quarter"},
        {{"of an indicator's year", "own :year", ZW_PATH_LINEAR, {"2025"}, NULL},
         "total:rolling(12):sum()",
         "total",
         "total:year()",
         "month"},
        {{"narrowed", "annual :where(industry=ai)", ZW_PATH_LINEAR, {"2025"}, NULL},
         "total:where { industry = \"ai\" }:rolling(12):sum()",
         "total:where { industry = \"ai\" }",
         "total:where { industry = \"ai\" }:year()",
         "month"},
        {{"a year of a stock is followed as it is", "firms :year", ZW_PATH_LINEAR, {"2025"}, NULL},
         "firms:year()",
         "",
         "firms:year()",
         "year"},
        {{"by a named fold, too", "sales :year.max", ZW_PATH_LINEAR, {"2025"}, NULL},
         "sales:year(\"max\")",
         "",
         "sales:year(\"max\")",
         "year"},
        {{"what is yearly has nothing finer", "yearly", ZW_PATH_LINEAR, {"2025"}, NULL},
         "yearly",
         "",
         "yearly",
         "year"},
        {{"a monthly stock has a yearly value", "firms", ZW_PATH_LINEAR, {"2025"}, NULL},
         "firms",
         "",
         "firms:year()",
         "month"},
        {{"a ratio is recomputed for the year", "sales costs /", ZW_PATH_LINEAR, {"2025"}, NULL},
         "sales / costs",
         "",
         "sales:year() / costs:year()",
         "month"},
        {{"days have none", "daily", ZW_PATH_LINEAR, {"2025"}, NULL}, "daily", "", "", "day"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_pack *pack = land();
        uint32_t index = 0;
        char follow[256];
        char running[256];
        char yearly[256];
        char grid[24];
        zw_err err = {ZW_OK, ""};
        if (add(pack, &rows[i].target, &index, &err) != ZW_OK) {
            fail_msg("%s: %s", rows[i].target.why, err.text);
        }
        const zw_target *target = &pack->targets[index];
        const char *found[] = {
            node_text(pack, target->follow, follow, sizeof(follow)),
            node_text(pack, target->running, running, sizeof(running)),
            node_text(pack, target->yearly, yearly, sizeof(yearly)),
            zw_grid_name(zw_pack_node(pack, target->follow)->grid, grid, sizeof(grid))};
        if (strcmp(found[0], rows[i].follow) != 0 || strcmp(found[1], rows[i].running) != 0 ||
            strcmp(found[2], rows[i].yearly) != 0 || strcmp(found[3], rows[i].follow_grid) != 0) {
            fail_msg("%s: follows %s (every %s), running %s, yearly %s", rows[i].target.why,
                     found[0], found[3], found[1], found[2]);
        }
        zw_pack_destroy(pack);
    }
}

static void dated_values_stand_at_their_ends(void **state)
{
    static const struct {
        struct target_row target;
        const char *at[DATES_MAX], *follow_at[DATES_MAX], *verdict_grid;
    } rows[] = {
        {{"a year of years, followed by months",
          "annual",
          ZW_PATH_LINEAR,
          {"2025", "2022"},
          "2020"},
         {"2022", "2025"},
         {"2022-12", "2025-12"},
         "year"},
        {{"a year of months", "firms", ZW_PATH_LINEAR, {"2025"}, NULL},
         {"2025-12"},
         {"2025-12"},
         "year"},
        {{"a quarter of months, and a year", "firms", ZW_PATH_LINEAR, {"2025", "2025-Q2"}, NULL},
         {"2025-06", "2025-12"},
         {"2025-06", "2025-12"},
         "quarter"},
        {{"a half, a month and a year in order",
          "firms",
          ZW_PATH_LINEAR,
          {"2026", "2025-S1", "2025-07"},
          "2025-03"},
         {"2025-06", "2025-07", "2026-12"},
         {"2025-06", "2025-07", "2026-12"},
         "month"},
        {{"a month of days", "daily", ZW_PATH_LINEAR, {"2024-02"}, NULL},
         {"2024-02-29"},
         {"2024-02-29"},
         "month"},
        {{"what is not measurable has days", NULL, ZW_PATH_LINEAR, {"2025", "2022-Q1"}, NULL},
         {"2022-03-31", "2025-12-31"},
         {"2022-03-31", "2025-12-31"},
         "quarter"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_pack *pack = land();
        uint32_t index = 0;
        char grid[24];
        zw_err err = {ZW_OK, ""};
        if (add(pack, &rows[i].target, &index, &err) != ZW_OK) {
            fail_msg("%s: %s", rows[i].target.why, err.text);
        }
        const zw_target *target = &pack->targets[index];
        for (size_t d = 0; d < target->dated_count; d++) {
            assert_non_null(rows[i].at[d]);
            if (target->dated[d].at != plan_stamp(rows[i].at[d]).period ||
                target->dated[d].follow_at != plan_stamp(rows[i].follow_at[d]).period) {
                fail_msg("%s: number %zu", rows[i].target.why, d);
            }
        }
        if (strcmp(zw_grid_name(target->verdict_grid, grid, sizeof(grid)), rows[i].verdict_grid) !=
            0) {
            fail_msg("%s: verdicts every %s", rows[i].target.why, grid);
        }
        zw_pack_destroy(pack);
    }
}

static void a_fiscal_year_ends_in_march(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    plan_zone(pack, "land", "UTC", 1);
    const uint32_t fiscal = plan_zone(pack, "fiscal", "UTC", 4);
    struct plan_measure_row row = {"firms", ZW_KIND_STOCK, "firms", "month", NULL, NULL};
    zw_dated dated = {.when = plan_stamp("2025"), .value = 1};
    zw_target target = {.title = plan_title("goal", 8),
                        .expr = plan_measure(pack, row),
                        .has_compare = true,
                        .dated = &dated,
                        .dated_count = 1,
                        .each = &fiscal,
                        .each_count = 1};
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_pack_add_target(pack, &target, &index, &err), ZW_OK);
    assert_int_equal(pack->targets[index].dated[0].at, plan_stamp("2026-03").period);
    zw_pack_destroy(pack);
}

static void what_is_asked_of_a_target_has_nodes(void **state)
{
    static const struct target_row row = {"", "annual", ZW_PATH_LINEAR, {"2025"}, "2020"};
    (void)state;
    zw_pack *pack = land();
    uint32_t index = 0;
    char show[96];
    zw_err err = {ZW_OK, ""};
    assert_int_equal(add(pack, &row, &index, &err), ZW_OK);
    const zw_target *target = &pack->targets[index];
    const struct {
        zw_node_id node;
        zw_op op;
        const char *unit, *show;
    } asked[] = {
        {target->value, ZW_OP_TARGET_VALUE, "CNY", "1e8 CNY"}, /* as the indicator is read */
        {target->gap, ZW_OP_TARGET_GAP, "CNY", "1e8 CNY"},
        {target->shortfall, ZW_OP_TARGET_SHORTFALL, "", "%"},
        {target->required_growth, ZW_OP_TARGET_REQUIRED, "", "%"},
        {target->projected, ZW_OP_TARGET_PROJECTED, "CNY", "1e8 CNY"},
    };
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        const zw_node *node = zw_pack_node(pack, asked[i].node);
        assert_int_equal(node->op, asked[i].op);
        assert_int_equal(node->ref, index);
        assert_int_equal(node->kid[0], target->follow);
        assert_int_equal(node->grid.every, ZW_MONTH);
        assert_string_equal(node->unit.word, asked[i].unit);
        assert_string_equal(zw_unit_text(&node->show, show, sizeof(show)), asked[i].show);
    }
    zw_node verdict = {.op = ZW_OP_VERDICT, .ref = index, .kid = {target->expr}, .verdicts = 1};
    zw_node_id node = 0;
    assert_int_equal(zw_formula_make(pack, &verdict, &node, &err), ZW_OK);
    assert_int_equal(zw_pack_node(pack, node)->type, ZW_TYPE_TRUTH);
    assert_int_equal(zw_pack_node(pack, node)->grid.every, ZW_YEAR);
    zw_pack_destroy(pack);
}

static void what_is_not_measurable_has_no_nodes(void **state)
{
    static const struct target_row row = {"", NULL, ZW_PATH_LINEAR, {NULL}, NULL};
    (void)state;
    zw_pack *pack = land();
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(add(pack, &row, &index, &err), ZW_OK);
    const zw_target *target = &pack->targets[index];
    assert_int_equal(target->expr, ZW_NODE_NONE);
    assert_int_equal(target->follow, ZW_NODE_NONE);
    assert_int_equal(target->gap, ZW_NODE_NONE);
    zw_pack_destroy(pack);
}

static void a_target_that_says_nonsense_is_refused(void **state)
{
    static const struct {
        struct target_row target;
        const char *refusal;
    } rows[] = {
        {{"a truth", "sales 1 :over", ZW_PATH_LINEAR, {"2025"}, NULL},
         "a target is over a number, got a truth"},
        {{"a plain number", "2", ZW_PATH_LINEAR, {"2025"}, NULL},
         "a target is over something with periods, got a plain number"},
        {{"no dated value", "annual", ZW_PATH_LINEAR, {NULL}, NULL},
         "a target needs one of over, at_least, under, at_most with dated values"},
        {{"seasonal without seasons", "firms", ZW_PATH_SEASONAL, {"2025"}, NULL},
         "a seasonal path needs :year() of a monthly or quarterly flow or running total"},
        {{"seasonal of what is yearly", "yearly", ZW_PATH_SEASONAL, {"2025"}, NULL},
         "a seasonal path needs :year() of a monthly or quarterly flow or running total"},
        {{"a quarter of years", "annual", ZW_PATH_LINEAR, {"2025-Q2"}, NULL},
         "a value dated by a quarter, for an expression that has a value every year"},
        {{"a year of weeks", "weekly", ZW_PATH_LINEAR, {"2025"}, NULL},
         "a value dated by a year, for an expression that has a value every week"},
        {{"a moment", "firms", ZW_PATH_LINEAR, {"2025-03-01T10:00:00Z"}, NULL},
         "a value dated by a moment, for an expression that has a value every month"},
        {{"two at one end", "firms", ZW_PATH_LINEAR, {"2025", "2024", "2025-Q4"}, NULL},
         "two values are dated at the same end: 2025 and 2025-Q4"},
        {{"the start behind the first value", "annual", ZW_PATH_LINEAR, {"2022", "2025"}, "2023"},
         "`from` must lie before the first dated value"},
        {{"the start at the first value", "annual", ZW_PATH_LINEAR, {"2022", "2025"}, "2022"},
         "`from` must lie before the first dated value"},
        {{"the start by a quarter of years", "annual", ZW_PATH_LINEAR, {"2022"}, "2020-Q1"},
         "a value dated by a quarter, for an expression that has a value every year"},
        {{"two at one end of what is not measurable",
          NULL,
          ZW_PATH_LINEAR,
          {"2025-12", "2025-12-31"},
          NULL},
         "two values are dated at the same end: 2025-12 and 2025-12-31"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_pack *pack = land();
        uint32_t index = 0;
        zw_err err = {ZW_OK, ""};
        zw_status status = add(pack, &rows[i].target, &index, &err);
        if (status != ZW_INVALID || strcmp(err.text, rows[i].refusal) != 0) {
            fail_msg("%s\n  expected: %s\n  found:    %s", rows[i].target.why, rows[i].refusal,
                     err.text);
        }
        assert_int_equal(pack->target_count, 0);
        zw_pack_destroy(pack);
    }
}

static void a_target_before_any_zone_is_refused(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    struct plan_measure_row row = {"firms", ZW_KIND_STOCK, "firms", "month", NULL, NULL};
    plan_measure(pack, row);
    const struct target_row target = {"", "firms", ZW_PATH_LINEAR, {"2025"}, NULL};
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(add(pack, &target, &index, &err), ZW_INVALID);
    assert_string_equal(err.text, "a target needs a zone: declare the zone before it");
    zw_pack_destroy(pack);
}

static void a_target_without_memory_leaves_nothing(void **state)
{
    static const struct target_row row = {"", "annual", ZW_PATH_LINEAR, {"2025", "2022"}, "2020"};
    (void)state;
    bool is_done = false;
    long after = 0;
    for (; !is_done; after++) {
        zw_pack *pack = land();
        uint32_t index = 0;
        zw_err err = {ZW_OK, ""};
        plan_node(pack, row.formula);
        failing_alloc_after(after);
        zw_status status = add(pack, &row, &index, &err);
        is_done = !failing_alloc_stop();
        assert_int_equal(status, is_done ? ZW_OK : ZW_NOMEM);
        assert_int_equal(pack->target_count, is_done ? 1 : 0);
        if (!is_done) {
            assert_int_equal(add(pack, &row, &index, &err), ZW_OK);
        }
        assert_int_equal(pack->targets[0].dated[0].at, plan_stamp("2022").period);
        zw_pack_destroy(pack);
    }
    assert_true(after > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_followed_depends_on_the_year),
        cmocka_unit_test(dated_values_stand_at_their_ends),
        cmocka_unit_test(a_fiscal_year_ends_in_march),
        cmocka_unit_test(what_is_asked_of_a_target_has_nodes),
        cmocka_unit_test(what_is_not_measurable_has_no_nodes),
        cmocka_unit_test(a_target_that_says_nonsense_is_refused),
        cmocka_unit_test(a_target_before_any_zone_is_refused),
        cmocka_unit_test(a_target_without_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
