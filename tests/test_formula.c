/* Formulas: the same words again are the same node, other words are another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

static void operations_know_their_words_and_kids(void **state)
{
    static const struct {
        zw_op op;
        const char *text;
        unsigned kids;
    } rows[] = {
        {ZW_OP_NUMBER, "number", 0},    {ZW_OP_DIV, "/", 2},        {ZW_OP_NEG, "-", 1},
        {ZW_OP_WHEN, "when", 3},        {ZW_OP_YOY, ":yoy", 1},     {ZW_OP_WITHIN, ":within", 3},
        {ZW_OP_VERDICT, ":verdict", 1}, {ZW_OP_CALL, "function", 0}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(zw_op_text(rows[i].op), rows[i].text);
        assert_int_equal(zw_op_kids(rows[i].op), rows[i].kids);
    }
}

static void the_same_formula_is_one_node(void **state)
{
    static const struct {
        const char *why, *one, *other;
        bool is_same;
    } rows[] = {
        {"a measure", "sales", "sales", true},
        {"a quotient", "sales costs /", "sales costs /", true},
        {"turned", "sales costs /", "costs sales /", false},
        {"another operation", "sales costs +", "sales costs -", false},
        {"a number", "sales 2 *", "sales 2 *", true},
        {"another number", "sales 2 *", "sales 3 *", false},
        {"zero has a sign: 1 / -0 is not 1 / 0", "0 1 *", "-0 1 *", false},
        {"a lag", "sales :lag(2)", "sales :lag(2)", true},
        {"another lag", "sales :lag(2)", "sales :lag(3)", false},
        {"a fold", "sales :rolling(3).sum", "sales :rolling(3).mean", false},
        {"a grid", "sales :year", "sales :quarter", false},
        {"a total's sum is that of its parts", "total :year", "total :year.sum", true},
        {"by a named fold", "sales :year", "sales :year.sum", false},
        {"a value", "sales :where(industry=ai)", "sales :where(industry=ai)", true},
        {"another value", "sales :where(industry=ai)", "sales :where(industry=ic)", false},
        {"all but it", "sales :where(industry=ai)", "sales :except(industry=ai)", false},
        {"an attribute of that name", "sales :where(industry=ai)", "sales :where(industry=@ai)",
         false},
        {"two filters in any order", "sales :where(industry=ai) :where(industry=ic)",
         "sales :where(industry=ic) :where(industry=ai)", true},
        {"a filter twice is once", "sales :where(industry=ai) :where(industry=ai)",
         "sales :where(industry=ai)", true},
        {"an attribute's unit", "attr(km2)", "attr(km2).km2", false},
        {"how an attribute is read", "attr(quota).%", "attr(quota).points", false},
        {"an area", "sales :of(east)", "sales :of(west)", false},
        {"a place in the tree", "sales :of(parent)", "sales :of(zone)", false},
        {"groups", "sales :by(industry).sum", "sales :by(industry).mean", false},
        {"a length", "sales :late", "sales :late(30d)", false},
        {"another length", "sales :late(30d)", "sales :late(31d)", false},
        {"the same length", "sales :late(30d)", "sales :late(30d)", true},
        {"days are no working days", "sales :late(30d)", "sales :late(30wd)", false},
        {"deep inside", "sales :year costs :year / :lag(1) 2 *",
         "sales :year costs :year / :lag(1) 2 *", true},
    };
    (void)state;
    zw_pack *pack = plan_land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_node_id one = plan_node(pack, rows[i].one);
        size_t before = pack->node_count;
        zw_node_id other = plan_node(pack, rows[i].other);
        if ((one == other) != rows[i].is_same || (one == other && pack->node_count != before)) {
            fail_msg("%s: %s and %s", rows[i].why, rows[i].one, rows[i].other);
        }
    }
    zw_pack_destroy(pack);
}

static void lists_of_areas_tell_nodes_apart(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    const uint32_t areas[] = {1, 2};
    zw_node proto = {.op = ZW_OP_PARTS, .how = ZW_HOW_SUM, .kid = {plan_node(pack, "sales")}};
    zw_node_id all = 0;
    zw_node_id one = 0;
    zw_node_id two = 0;
    zw_node_id again = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_make(pack, &proto, &all, &err), ZW_OK);
    proto.areas = areas;
    proto.area_count = 1;
    assert_int_equal(zw_formula_make(pack, &proto, &one, &err), ZW_OK);
    proto.area_count = 2;
    assert_int_equal(zw_formula_make(pack, &proto, &two, &err), ZW_OK);
    assert_int_equal(zw_formula_make(pack, &proto, &again, &err), ZW_OK);
    assert_int_not_equal(all, one);
    assert_int_not_equal(one, two);
    assert_int_equal(two, again);
    zw_pack_destroy(pack);
}

static void verdicts_tell_nodes_apart(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_dated dated = {.when = plan_stamp("2025"), .value = 1};
    zw_target target = {.title = plan_title("goal", 6),
                        .expr = plan_node(pack, "sales"),
                        .has_compare = true,
                        .dated = &dated,
                        .dated_count = 1};
    zw_node proto = {.op = ZW_OP_VERDICT, .kid = {target.expr}, .verdicts = 1};
    zw_node_id one = 0;
    zw_node_id other = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_pack_add_target(pack, &target, &proto.ref, &err), ZW_OK);
    assert_int_equal(zw_formula_make(pack, &proto, &one, &err), ZW_OK);
    proto.verdicts = 2;
    assert_int_equal(zw_formula_make(pack, &proto, &other, &err), ZW_OK);
    assert_int_not_equal(one, other);
    zw_pack_destroy(pack);
}

static void a_node_owns_its_texts(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    char dim[] = "industry";
    char value[] = "ai";
    char attr[] = "leads";
    const char *values[] = {value};
    uint32_t areas[] = {1};
    zw_filter filters[] = {{.dim = dim, .values = values, .value_count = 1},
                           {.dim = dim, .attr = attr}};
    zw_node proto = {.op = ZW_OP_MEASURE, .ref = 0, .filters = filters, .filter_count = 2};
    zw_node parts = {.op = ZW_OP_PARTS, .how = ZW_HOW_SUM, .areas = areas, .area_count = 1};
    zw_node_id node = 0;
    zw_node_id over = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_make(pack, &proto, &node, &err), ZW_OK);
    parts.kid[0] = node;
    assert_int_equal(zw_formula_make(pack, &parts, &over, &err), ZW_OK);
    memset(dim, 'x', sizeof(dim) - 1);
    memset(value, 'x', sizeof(value) - 1);
    memset(attr, 'x', sizeof(attr) - 1);
    areas[0] = 77;
    values[0] = NULL;
    memset(filters, 0, sizeof(filters));
    const zw_node *made = zw_pack_node(pack, node);
    assert_string_equal(made->filters[0].dim, "industry");
    assert_string_equal(made->filters[0].values[0], "ai");
    assert_string_equal(made->filters[1].attr, "leads");
    assert_null(made->filters[1].values);
    assert_int_equal(zw_pack_node(pack, over)->areas[0], 1);
    zw_pack_destroy(pack);
}

static void the_first_place_that_wrote_it_is_kept(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_node proto = {.op = ZW_OP_YOY, .kid = {plan_node(pack, "sales")}, .where = {0, 40, 1}};
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_formula_make(pack, &proto, &node, &err), ZW_OK);
    proto.where.line = 50;
    assert_int_equal(zw_formula_make(pack, &proto, &node, &err), ZW_OK);
    assert_int_equal(zw_pack_node(pack, node)->where.line, 40);
    zw_pack_destroy(pack);
}

static void many_formulas_are_found_again(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    zw_pack *pack = plan_land();
    zw_node_id sales = plan_node(pack, "sales");
    zw_node_id *nodes = calloc(MANY, sizeof(*nodes));
    zw_err err = {ZW_OK, ""};
    for (int32_t round = 0; round < 2; round++) {
        for (int32_t i = 0; i < MANY; i++) {
            zw_node proto = {.op = ZW_OP_LAG, .kid = {sales}, .count = i};
            zw_node_id node = 0;
            assert_int_equal(zw_formula_make(pack, &proto, &node, &err), ZW_OK);
            assert_true(round == 0 || nodes[i] == node);
            nodes[i] = node;
        }
    }
    free(nodes);
    assert_true(pack->node_count < MANY + 50);
    zw_pack_destroy(pack);
}

static void a_formula_has_a_depth_that_a_stack_can_hold(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_node_id node = plan_node(pack, "sales");
    zw_node proto = {.op = ZW_OP_LAG, .count = 1};
    zw_status status = ZW_OK;
    zw_err err = {ZW_OK, ""};
    int depth = 0;
    for (; status == ZW_OK; depth++) {
        proto.kid[0] = node;
        status = zw_formula_make(pack, &proto, &node, &err);
    }
    assert_int_equal(status, ZW_INVALID);
    assert_int_equal(depth, 1000);
    assert_string_equal(
        err.text,
        "a formula of more than 1000 operations inside each other: is it written in a loop?");
    zw_pack_destroy(pack);
}

/* Every kind of part that a node may own. */
static zw_status make_rich(zw_pack *pack, zw_node_id *out, zw_err *err)
{
    static const char *const values[] = {"ai", "ic"};
    static const zw_filter filters[] = {{.dim = "industry", .values = values, .value_count = 2},
                                        {.dim = "industry", .attr = "leads", .is_except = true}};
    static const uint32_t areas[] = {1, 2};
    zw_node narrowed = {.op = ZW_OP_MEASURE, .ref = 0, .filters = filters, .filter_count = 2};
    zw_node groups = {.op = ZW_OP_GROUPS, .how = ZW_HOW_SUM, .text = "industry", .groups = "size"};
    zw_node parts = {.op = ZW_OP_PARTS, .how = ZW_HOW_SUM, .areas = areas, .area_count = 2};
    zw_status status = zw_formula_make(pack, &narrowed, &groups.kid[0], err);
    status = status == ZW_OK ? zw_formula_make(pack, &groups, &parts.kid[0], err) : status;
    return status == ZW_OK ? zw_formula_make(pack, &parts, out, err) : status;
}

static void a_formula_without_memory_leaves_the_pack_usable(void **state)
{
    (void)state;
    bool is_done = false;
    long after = 0;
    for (; !is_done; after++) {
        zw_pack *pack = plan_land();
        for (int i = 0; pack->node_count < 62; i++) { /* close to where the buckets grow */
            char lag[32];
            (void)snprintf(lag, sizeof(lag), "costs :lag(%d)", i);
            plan_node(pack, lag);
        }
        zw_node_id node = 0;
        zw_node_id again = 0;
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(after);
        zw_status status = make_rich(pack, &node, &err);
        is_done = !failing_alloc_stop();
        assert_int_equal(status, is_done ? ZW_OK : ZW_NOMEM);
        assert_true(is_done || node == ZW_NODE_NONE || node == 0);
        assert_int_equal(make_rich(pack, &node, &err), ZW_OK);
        assert_int_equal(make_rich(pack, &again, &err), ZW_OK);
        assert_int_equal(node, again);
        assert_int_equal(plan_node(pack, "costs :lag(3)"), plan_node(pack, "costs :lag(3)"));
        assert_int_equal(zw_pack_node(pack, node)->op, ZW_OP_PARTS);
        zw_pack_destroy(pack);
    }
    assert_true(after > 3);
}

/* The arena's block ends at each of a node's parts in turn: what cannot be kept whole is not kept.
 */
static void a_part_that_does_not_fit_spoils_the_node(void **state)
{
    enum { PARTS = 16 };
    static const char *const values[] = {"ai"};
    static const zw_filter filters[] = {{.dim = "industry", .values = values, .value_count = 1},
                                        {.dim = "industry", .attr = "leads"}};
    (void)state;
    zw_pack *pack = plan_land();
    size_t refused = 0;
    for (int i = 0; pack->node_count < 20; i++) { /* room for the nodes themselves */
        char lag[32];
        (void)snprintf(lag, sizeof(lag), "costs :lag(%d)", i);
        plan_node(pack, lag);
    }
    for (size_t room = 0; room < PARTS; room++) {
        zw_node node = {.op = ZW_OP_MEASURE, .filters = filters, .filter_count = 2};
        zw_node_id made = 0;
        zw_err err = {ZW_OK, ""};
        size_t nodes = pack->node_count;
        node.count = (int32_t)room; /* a new one each time */
        plan_leave_room(pack, room);
        failing_alloc_after(0);
        zw_status status = zw_formula_make(pack, &node, &made, &err);
        bool was_refused = failing_alloc_stop();
        refused += was_refused ? 1 : 0;
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(pack->node_count, was_refused ? nodes : nodes + 1);
    }
    assert_true(refused > 5 && refused < PARTS);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_know_their_words_and_kids),
        cmocka_unit_test(the_same_formula_is_one_node),
        cmocka_unit_test(lists_of_areas_tell_nodes_apart),
        cmocka_unit_test(verdicts_tell_nodes_apart),
        cmocka_unit_test(a_node_owns_its_texts),
        cmocka_unit_test(the_first_place_that_wrote_it_is_kept),
        cmocka_unit_test(many_formulas_are_found_again),
        cmocka_unit_test(a_formula_has_a_depth_that_a_stack_can_hold),
        cmocka_unit_test(a_formula_without_memory_leaves_the_pack_usable),
        cmocka_unit_test(a_part_that_does_not_fit_spoils_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
