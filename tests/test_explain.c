/* The tree behind a value: what is in it, and that the value follows from its figures alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

#include "indicator/explain.h"

static const char land[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local bank = area \"bank\" { within = land }\n"
    "area \"north\" { within = bank }\n"
    "area \"south\" { within = bank }\n"
    "area \"west\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", show = \"1e8 CNY\", "
    "every "
    "= \"month\", by = { \"industry\" } }\n"
    "local sofar = measure \"sofar\" { kind = \"ytd\", unit = \"CNY\", every = \"month\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"quarter\" }\n"
    "local heat = measure \"heat\" { kind = \"gauge\", unit = \"CNY\", every = \"month\" }\n"
    "indicator \"year\" { money:year() }\n"
    "indicator \"per_firm\" { money:quarter() / firms }\n"
    "target \"plan\" { money, each = { land, bank }, over = { [\"2024-06\"] = 3e8 }, from = { "
    "[\"2022-01\"] = 1e8 } }\n"
    "indicator \"twice\" { function(at) return at(money) + at(money, at.area, -1) end, every = "
    "\"month\", unit = \"CNY\" }\n";

static zw_tree *tree_of(struct world *world, const char *expression, const char *area,
                        const char *period)
{
    zw_node_id node = world_node(world, expression);
    uint32_t index = zw_pack_area(world->pack, zw_text_of(area), NULL);
    zw_period p = 0;
    zw_tree *tree = NULL;
    zw_err err = {ZW_OK, ""};
    zw_status status =
        world_period(world, index, zw_pack_node(world->pack, node)->grid, period, &p, &err);
    status = status == ZW_OK ? zw_tree_create(world->eval, node, index, p, &tree, &err) : status;
    if (status != ZW_OK) {
        fail_msg("%s: %s", expression, err.text);
    }
    return tree;
}

/* --- by hand --- */

/* What is known by hand of one value: a number, or that it is missing. */
static double by_hand(const zw_tree *tree, size_t number);

static double input_at(const zw_tree *tree, const zw_twig *twig, size_t i)
{
    assert_true(i < twig->input_count);
    return by_hand(tree, tree->inputs[twig->first_input + i]);
}

static double folded_by_hand(const zw_tree *tree, const zw_twig *twig, zw_how how)
{
    double sum = 0;
    double least = INFINITY;
    double most = -INFINITY;
    double last = NAN;
    double taken = 0;
    for (size_t i = 0; i < twig->input_count; i++) {
        double value = input_at(tree, twig, i);
        if (isnan(value)) {
            continue;
        }
        last = value;
        sum += value;
        least = fmin(least, value);
        most = fmax(most, value);
        taken++;
    }
    if (taken == 0 && how != ZW_HOW_COUNT) {
        return NAN;
    }
    switch (how) {
    case ZW_HOW_MEAN:
        return sum / taken;
    case ZW_HOW_MAX:
        return most;
    case ZW_HOW_MIN:
        return least;
    case ZW_HOW_SPREAD:
        return most - least;
    case ZW_HOW_COUNT:
        return taken;
    case ZW_HOW_LAST:
        return last;
    default:
        return sum;
    }
}

/* Figures add up, a gauge's are a mean; so do parts. */
static double measured_by_hand(const zw_tree *tree, const zw_twig *twig, const zw_measure *measure)
{
    bool is_mean = measure->kind == ZW_KIND_GAUGE;
    double sum = 0;
    for (size_t i = 0; i < twig->figure_count; i++) {
        const zw_figure *figure = &tree->figures[twig->first_figure + i].figure;
        assert_int_not_equal(figure->status, ZW_OBS_MISSING);
        sum += figure->value;
    }
    if (twig->figure_count > 0) {
        return is_mean ? sum / (double)twig->figure_count : sum;
    }
    return folded_by_hand(tree, twig, is_mean ? ZW_HOW_MEAN : ZW_HOW_SUM);
}

/* Of a running total the last less the first; of a year's first part all of it. */
static double grown_by_hand(const zw_tree *tree, const zw_twig *twig)
{
    double last = input_at(tree, twig, twig->input_count - 1);
    return twig->input_count > 1 ? last - input_at(tree, twig, 0) : last;
}

/* On the straight line between the two points that the pack names. */
static double path_by_hand(const zw_twig *twig, const zw_target *target)
{
    double months = (double)(target->dated[0].follow_at - target->from.follow_at);
    double gone = (double)(twig->period - target->from.follow_at);
    double rise = target->dated[0].value - target->from.value;
    return gone < 0 || gone > months ? NAN : target->from.value + rise * gone / months;
}

static double along_by_hand(const zw_tree *tree, const zw_twig *twig, const zw_node *node)
{
    const zw_node *kid = zw_pack_node(tree->eval->world.pack, node->kid[0]);
    switch (node->op) {
    case ZW_OP_DELTA:
    case ZW_OP_SINGLE:
        return grown_by_hand(tree, twig);
    case ZW_OP_YOY:
        return input_at(tree, twig, 1) / input_at(tree, twig, 0) - 1;
    case ZW_OP_YTD:
        return folded_by_hand(tree, twig, ZW_HOW_SUM);
    case ZW_OP_ROLLING:
        return folded_by_hand(tree, twig, node->how);
    case ZW_OP_REGRID:
        return kid->kind == ZW_KIND_YTD    ? grown_by_hand(tree, twig)
               : kid->kind == ZW_KIND_FLOW ? folded_by_hand(tree, twig, ZW_HOW_SUM)
                                           : folded_by_hand(tree, twig, ZW_HOW_LAST);
    case ZW_OP_CALL: /* "twice": this period's and the one before */
        return folded_by_hand(tree, twig, ZW_HOW_SUM);
    case ZW_OP_PARTS:
    case ZW_OP_GROUPS:
        return folded_by_hand(tree, twig, node->how);
    case ZW_OP_TARGET_VALUE:
        return path_by_hand(twig, &tree->eval->world.pack->targets[node->ref]);
    case ZW_OP_TARGET_GAP:
        return input_at(tree, twig, 1) - input_at(tree, twig, 0);
    case ZW_OP_TARGET_SHORTFALL:
        return 1 - input_at(tree, twig, 0) / input_at(tree, twig, 1);
    default: /* what another says: elsewhere, earlier, an earlier vintage */
        return input_at(tree, twig, twig->input_count - 1);
    }
}

static double by_hand(const zw_tree *tree, size_t number)
{
    const zw_twig *twig = &tree->twigs[number];
    const zw_node *node = zw_pack_node(tree->eval->world.pack, twig->node);
    switch (node->op) {
    case ZW_OP_NUMBER:
        return node->number;
    case ZW_OP_MEASURE:
        return measured_by_hand(tree, twig, &tree->eval->world.pack->measures[node->ref]);
    case ZW_OP_ADD:
        return input_at(tree, twig, 0) + input_at(tree, twig, 1);
    case ZW_OP_SUB:
        return input_at(tree, twig, 0) - input_at(tree, twig, 1);
    case ZW_OP_MUL:
        return input_at(tree, twig, 0) * input_at(tree, twig, 1);
    case ZW_OP_DIV:
    case ZW_OP_SHARE:
        return input_at(tree, twig, 0) / input_at(tree, twig, 1);
    case ZW_OP_OVER:
        return input_at(tree, twig, 0) > input_at(tree, twig, 1);
    case ZW_OP_AND:
        return input_at(tree, twig, 0) != 0 && input_at(tree, twig, 1) != 0;
    case ZW_OP_OR_ELSE: {
        double own = input_at(tree, twig, 0);
        size_t last = tree->inputs[twig->first_input + twig->input_count - 1];
        bool is_of_parts = tree->twigs[last].node == twig->node;
        return !isnan(own)   ? own
               : is_of_parts ? folded_by_hand(tree, twig, ZW_HOW_SUM)
                             : by_hand(tree, last);
    }
    default:
        return along_by_hand(tree, twig, node);
    }
}

/* --- a world at random --- */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

enum { ROWS_MOST = 600 };

static size_t add_rows(struct figure_row *rows, char texts[][24], uint32_t *seed)
{
    static const char *const areas[] = {"north", "south", "west"};
    static const char *const industries[] = {"industry=ai", "industry=ic"};
    size_t count = 0;
    for (int month = 0; month < 30; month++) {
        char *period = texts[2 * month];
        char *quarter = texts[2 * month + 1];
        (void)snprintf(period, 24, "%d-%02d", 2022 + month / 12, month % 12 + 1);
        (void)snprintf(quarter, 24, "%d-Q%d", 2022 + month / 12, month % 12 / 3 + 1);
        for (size_t a = 0; a < 3; a++) {
            double any = (double)(next_random(seed) % 9000) + 1000.5;
            rows[count++] =
                (struct figure_row){"money", areas[a], industries[0], period, any, NULL, 0, false};
            rows[count++] = (struct figure_row){"money", areas[a], industries[1], period, any * 0.7,
                                                NULL,    0,        false};
            rows[count++] = (struct figure_row){
                "sofar", areas[a], NULL, period, any + 20000.0 * (month % 12), NULL, 0, false};
            rows[count++] =
                (struct figure_row){"heat", areas[a], NULL, period, any / 3, NULL, 0, false};
            if (month % 3 == 0) {
                rows[count++] =
                    (struct figure_row){"firms", areas[a], NULL, quarter, any, NULL, 0, false};
            }
        }
    }
    return count;
}

/* The number of the month behind a period, from 2022 on. */
static int month_after(const char *period)
{
    long year = strtol(period, NULL, 10);
    bool is_quarter = period[5] == 'Q';
    long part = strtol(period + (is_quarter ? 6 : 5), NULL, 10);
    return (int)((year - 2022) * 12 + part * (is_quarter ? 3 : 1));
}

/* Figures, each known the day its period ends, and some again with another value half a year later.
 */
static void fill(struct world *world, uint32_t *seed)
{
    static struct figure_row rows[ROWS_MOST];
    static char periods[60][24];
    static char days[60][24];
    size_t count = add_rows(rows, periods, seed);
    for (size_t i = 0; i < count; i++) {
        int month = month_after(rows[i].period);
        (void)snprintf(days[month], sizeof(days[month]), "%d-%02d-01", 2022 + month / 12,
                       month % 12 + 1);
        rows[i].known = days[month];
    }
    world_put(world, rows, count);
    for (size_t i = 0; i < count; i++) {
        rows[i].value *= 1.25;
        rows[i].known = "2024-12-01";
    }
    world_put(world, rows, count / 4);
}

static const char *const expressions[] = {"money",
                                          "year",
                                          "per_firm",
                                          "twice",
                                          "money:yoy()",
                                          "money:quarter():rolling(2):sum()",
                                          "money:rolling(6):mean()",
                                          "money:rolling(6):max()",
                                          "money:ytd():yoy()",
                                          "money:where { industry = \"ai\" } / money",
                                          "money:except { industry = \"ai\" }:lag(2)",
                                          "money:by \"industry\":max()",
                                          "money:areas():spread()",
                                          "money:share_of \"zone\"",
                                          "money:vintage \"first\"",
                                          "money:fill(0) + money:lag(40):fill(7)",
                                          "money:over(5e7) & money:yoy():over(0)",
                                          "plan:gap()",
                                          "plan:shortfall():lag(1)",
                                          "sofar:quarter()",
                                          "sofar:single()",
                                          "sofar:yoy()",
                                          "firms:year() * 2 - firms:delta():year()",
                                          "heat",
                                          "heat:quarter()"};

static void values_follow_from_their_figures_by_hand(void **state)
{
    static const char *const areas[] = {"land", "bank", "north", "south", "west"};
    uint32_t seed = 20250;
    struct world world;
    size_t checked = 0;
    size_t seen[sizeof(expressions) / sizeof(expressions[0])] = {0};
    (void)state;
    world_open(&world, land);
    fill(&world, &seed);
    while (checked < 200) {
        size_t which = next_random(&seed) % (sizeof(expressions) / sizeof(expressions[0]));
        zw_node_id node = world_node(&world, expressions[which]);
        uint32_t area = zw_pack_area(world.pack, zw_text_of(areas[next_random(&seed) % 5]), NULL);
        world_as_of(&world, next_random(&seed) % 2 == 0 ? "2024-06-15" : NULL);
        zw_tree *tree = NULL;
        zw_err err = {ZW_OK, ""};
        zw_period p = zw_period_at(
            zw_pack_calendar(world.pack, area), zw_pack_node(world.pack, node)->grid,
            world_moment("2022-02-01") + (int64_t)(next_random(&seed) % 850) * INT64_C(86400000));
        assert_int_equal(zw_tree_create(world.eval, node, area, p, &tree, &err), ZW_OK);
        zw_cell cell;
        assert_int_equal(zw_eval_cell(world.eval, node, area, p, &cell, &err), ZW_OK);
        assert_int_equal(tree->twigs[0].cell.reason, cell.reason);
        if (zw_cell_stands(&cell)) {
            double hand = by_hand(tree, 0);
            if (!(fabs(hand - cell.value) <= 1e-9 * fmax(1, fabs(cell.value)))) {
                fail_msg("%s at %u in %lld: by hand %.17g, not %.17g", expressions[which], area,
                         (long long)p, hand, cell.value);
            }
            checked++;
            seen[which]++;
        }
        zw_tree_destroy(tree);
    }
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        if (seen[i] == 0) {
            fail_msg("%s was never asked", expressions[i]);
        }
    }
    world_close(&world);
}

static void what_is_read_twice_is_one_value(void **state)
{
    (void)state;
    uint32_t seed = 7;
    struct world world;
    world_open(&world, land);
    fill(&world, &seed);
    zw_tree *tree = tree_of(&world, "money / money", "north", "2023-05");
    assert_int_equal(tree->count, 2);
    assert_int_equal(tree->twigs[0].input_count, 1); /* one value, read as both kids */
    assert_int_equal(tree->twigs[1].figure_count, 2);
    zw_tree_destroy(tree);
    tree = tree_of(&world, "money:share_of \"zone\" + money:share_of \"zone\"", "land", "2023-05");
    assert_true(tree->count < 12);
    zw_tree_destroy(tree);
    world_close(&world);
}

static void a_sum_of_sums_of_sums_stays_small(void **state)
{
    (void)state;
    char expression[2048] = "money";
    struct world world;
    uint32_t seed = 7;
    world_open(&world, land);
    fill(&world, &seed);
    for (int i = 0; i < 40; i++) { /* 2^40 paths lead down to one value */
        char next[2048];
        (void)snprintf(next, sizeof(next), "(%.1000s):lag(1)", expression);
        (void)snprintf(expression, sizeof(expression), "%s", next);
    }
    zw_node_id node = world_node(&world, "money:lag(1)");
    for (int i = 0; i < 40; i++) {
        zw_node sum = {.op = ZW_OP_ADD, .kid = {node, node}, .kid_count = 2};
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_formula_make(world.pack, &sum, &node, &err), ZW_OK);
    }
    zw_tree *tree = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_tree_create(world.eval, node, 2, 53 * 12, &tree, &err), ZW_OK);
    assert_int_equal(tree->count, 42);
    zw_buf text;
    zw_buf_init(&text, 1 << 20);
    zw_tree_text(tree, &text);
    assert_false(text.has_failed);
    assert_true(text.len < 20000);
    zw_buf_fini(&text);
    zw_tree_destroy(tree);
    tree = tree_of(&world, expression, "north", "2026-01");
    assert_true(tree->count <= 42);
    zw_tree_destroy(tree);
    world_close(&world);
}

static void of_many_inputs_the_first_and_the_last_are_there(void **state)
{
    (void)state;
    struct world world;
    uint32_t seed = 7;
    world_open(&world, land);
    fill(&world, &seed);
    zw_tree *tree = tree_of(&world, "money:fill(0):rolling(900):sum()", "north", "2024-06");
    const zw_twig *top = &tree->twigs[0];
    assert_int_equal(top->inputs_in_all, 900);
    assert_int_equal(top->input_count, ZW_TREE_INPUTS_MOST);
    size_t last = tree->inputs[top->first_input + top->input_count - 1];
    assert_int_equal(tree->twigs[last].period, top->period);
    zw_tree_destroy(tree);
    world_close(&world);
}

/* A pack that hides the figures of areas with few firms. */
static void nothing_hidden_is_in_a_tree(void **state)
{
    static const char hiding[] =
        "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
        "for _, name in ipairs { \"a\", \"b\", \"c\", \"d\" } do area(name) { within = land } end\n"
        "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" "
        "}\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by "
        "= { "
        "\"industry\" }, hide = firms:under(3) }\n";
    static const struct figure_row rows[] = {
        {"firms", "a", NULL, "2022-01", 1, NULL, 0, false},
        {"firms", "b", NULL, "2022-01", 2, NULL, 0, false},
        {"firms", "c", NULL, "2022-01", 9, NULL, 0, false},
        {"firms", "d", NULL, "2022-01", 8, NULL, 0, false},
        {"money", "a", NULL, "2022-01", 111, NULL, 0, false},
        {"money", "b", NULL, "2022-01", 222, NULL, 0, false},
        {"money", "c", NULL, "2022-01", 333, NULL, 0, false},
        {"money", "d", NULL, "2022-01", 444, NULL, 0, false},
        {"money", "a", "industry=ai", "2022-01", 110, NULL, 0, false},
        {"money", "c", "industry=ai", "2022-01", 300, NULL, 0, false},
    };
    static const char *const asked[] = {"money", "money:areas():sum()",
                                        "money:by \"industry\":max()", "money:over(5)"};
    (void)state;
    struct world world;
    world_open(&world, hiding);
    world_put(&world, ROWS(rows));
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        for (uint32_t area = 0; area < 5; area++) {
            zw_tree *tree =
                tree_of(&world, asked[i], world.pack->areas[area].title.name, "2022-01");
            for (size_t t = 0; t < tree->count; t++) {
                const zw_twig *twig = &tree->twigs[t];
                const zw_node *node = zw_pack_node(world.pack, twig->node);
                bool is_few = node->op == ZW_OP_MEASURE && node->ref == 1 &&
                              (twig->area == 1 || twig->area == 2);
                if (is_few && zw_cell_stands(&twig->cell)) {
                    fail_msg("%s tells %g of area %u", asked[i], twig->cell.value, twig->area);
                }
                assert_true(!is_few || twig->figure_count + twig->input_count == 0);
            }
            zw_tree_destroy(tree);
        }
    }
    world_close(&world);
}

static void a_tree_without_memory_is_none(void **state)
{
    (void)state;
    struct world world;
    uint32_t seed = 3;
    world_open(&world, land);
    fill(&world, &seed);
    zw_node_id node =
        world_node(&world, "per_firm:vintage \"first\" + money:quarter():yoy() * per_firm");
    zw_err err = {ZW_OK, ""};
    zw_tree *whole = NULL;
    assert_int_equal(zw_tree_create(world.eval, node, 1, 53 * 4 + 1, &whole, &err), ZW_OK);
    bool was_refused = true;
    for (long n = 0; was_refused; n += n < 100 ? 1 : 7) {
        zw_tree *tree = NULL;
        failing_alloc_after(n);
        zw_status status = zw_tree_create(world.eval, node, 1, 53 * 4 + 1, &tree, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (status == ZW_NOMEM && tree == NULL));
        if (status == ZW_OK) {
            assert_int_equal(tree->count, whole->count);
            assert_int_equal(tree->figure_count, whole->figure_count);
        }
        zw_tree_destroy(tree);
    }
    zw_tree_destroy(whole);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_follow_from_their_figures_by_hand),
        cmocka_unit_test(what_is_read_twice_is_one_value),
        cmocka_unit_test(a_sum_of_sums_of_sums_stays_small),
        cmocka_unit_test(of_many_inputs_the_first_and_the_last_are_there),
        cmocka_unit_test(nothing_hidden_is_in_a_tree),
        cmocka_unit_test(a_tree_without_memory_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
