/*
 * Random formulas over random deliveries: what an evaluation that followed every delivery says is
 * what a fresh one says: value, reason, completeness, span, marks and moment of every cell; at the
 * end also what a store says that got everything at once, and at days in the past.
 *
 * To add an operation, add a row to the rules of expressions.h. A failure prints the smallest case
 * found; by hand flow_formulas ROUNDS [FIRST] runs as many rounds from a seed on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expressions.h"

#include <inttypes.h>

#ifdef __SANITIZE_THREAD__
enum { ROUNDS = 1 };
#else
enum { ROUNDS = 8 };
#endif

enum { EXPRESSIONS = 10 };

/* Cells. */

static bool is_same_number(double a, double b)
{
    return a == b || (a != a && b != b);
}

/* A detail may be a number that means something to its own evaluation alone. */
static bool is_same_why(zw_eval *warm, const zw_cell *a, zw_eval *cold, const zw_cell *b,
                        uint32_t area)
{
    zw_buf warm_why;
    zw_buf cold_why;
    zw_buf_init(&warm_why, TEXT_BYTES);
    zw_buf_init(&cold_why, TEXT_BYTES);
    zw_eval_why(warm, area, a, &warm_why);
    zw_eval_why(cold, area, b, &cold_why);
    bool is_same = strcmp(zw_buf_view(&warm_why), zw_buf_view(&cold_why)) == 0;
    if (!is_same) {
        print_error("  warm because %s, cold because %s\n", zw_buf_view(&warm_why),
                    zw_buf_view(&cold_why));
    }
    zw_buf_fini(&warm_why);
    zw_buf_fini(&cold_why);
    return is_same;
}

static bool is_same_cell(const zw_cell *a, const zw_cell *b)
{
    return a->reason == b->reason && (!zw_cell_stands(a) || is_same_number(a->value, b->value)) &&
           a->in == b->in && a->of == b->of && a->span == b->span && a->marks == b->marks &&
           a->known_at_ms == b->known_at_ms;
}

static void print_cell(const char *what, const zw_cell *cell)
{
    print_error("  %s: %.17g %s (%" PRId64 ") %u/%u span %u marks %u known %" PRId64 "\n", what,
                zw_cell_stands(cell) ? cell->value : 0.0, zw_reason_text((zw_reason)cell->reason),
                cell->detail, cell->in, cell->of, cell->span, cell->marks, cell->known_at_ms);
}

/* Where two evaluations differ. */
struct difference {
    bool is_there;
    const char *which;
    uint32_t area;
    zw_period period;
    zw_cell warm, cold;
};

static zw_node_id node_of(struct house *house, const char *text)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_script_expression(house->script, zw_text_of(text), &node, &err) != ZW_OK) {
        fail_msg("%s: %s", text, err.text);
    }
    return node;
}

/* Reads the whole span of an expression at an area, together or one by one. */
static void read_cells(zw_eval *eval, zw_node_id node, uint32_t area, zw_span span, bool is_one,
                       zw_cell *out)
{
    zw_err err = {ZW_OK, ""};
    zw_status status = ZW_OK;
    if (!is_one) {
        status = zw_eval_cells(eval, node, area, span, out, &err);
    }
    for (zw_period p = span.lo; is_one && status == ZW_OK && p <= span.hi; p++) {
        status = zw_eval_cell(eval, node, area, p, &out[p - span.lo], &err);
    }
    if (status != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

enum { CELLS_MOST = 64 };

/* Notes where two cells differ. */
static void compare_cells(zw_eval *warm, const zw_cell *w, zw_eval *cold, const zw_cell *c,
                          uint32_t area, zw_period p, const char *which, struct difference *out)
{
    if (!out->is_there &&
        (!is_same_cell(w, c) || (!zw_cell_stands(w) && !is_same_why(warm, w, cold, c, area)))) {
        *out = (struct difference){true, which, area, p, *w, *c};
    }
}

/* Compares one expression at every area and period. */
static void compare(zw_eval *warm, zw_node_id warm_node, zw_eval *cold, zw_node_id cold_node,
                    const char *which, struct difference *out)
{
    zw_span span = figures_span(zw_pack_node(zw_eval_world_of(warm)->pack, warm_node));
    for (uint32_t area = 0; !out->is_there && area < AREAS; area++) {
        zw_cell warm_cells[CELLS_MOST] = {{0}};
        zw_cell cold_cells[CELLS_MOST] = {{0}};
        read_cells(warm, warm_node, area, span, area % 2 == 0, warm_cells);
        read_cells(cold, cold_node, area, span, false, cold_cells);
        for (zw_period p = span.lo; p <= span.hi; p++) {
            compare_cells(warm, &warm_cells[p - span.lo], cold, &cold_cells[p - span.lo], area, p,
                          which, out);
        }
    }
}

/* A case: what is asked, and what arrives. */
struct trial {
    char texts[EXPRESSIONS][TEXT_BYTES];
    size_t count;
    struct deliveries deliveries;
};

/* Parts are read by columns, while those that follow read them in rows, however few they are. */
static zw_eval *fresh_at(struct house *house, int64_t as_of_ms)
{
    zw_eval *eval = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_engine_eval_at(house->engine, as_of_ms, &eval, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zw_eval_read_wide(eval, SIZE_MAX);
    return eval;
}

/* Compares all expressions; `which` says with what. @return the one that differs, or `count`. */
static size_t compare_all(const struct trial *trial, const zw_node_id *warm_nodes, zw_eval *warm,
                          const zw_node_id *cold_nodes, zw_eval *cold, const char *which,
                          struct difference *out)
{
    for (size_t i = 0; i < trial->count; i++) {
        compare(warm, warm_nodes[i], cold, cold_nodes[i], which, out);
        if (out->is_there) {
            return i;
        }
    }
    return trial->count;
}

static void find_nodes(struct house *house, const struct trial *trial, zw_node_id *out)
{
    for (size_t i = 0; i < trial->count; i++) {
        out[i] = node_of(house, trial->texts[i]);
    }
}

#define END "2024-03-15"

/* Follows the deliveries, each compared with a fresh evaluation. */
static size_t follow(const struct trial *trial, struct house *house, const zw_node_id *nodes,
                     struct difference *out)
{
    size_t differs = trial->count;
    zw_eval_read_wide(zw_engine_eval(house->engine), 1);
    for (size_t i = 0; differs == trial->count && i < trial->deliveries.count; i++) {
        const struct delivery *delivery = &trial->deliveries.at[i];
        if (delivery->is_left_out) {
            continue;
        }
        char source[32];
        (void)snprintf(source, sizeof(source), "delivery %zu", i);
        house->now_ms = delivery->at_ms;
        figures_feed(house, delivery, source);
        figures_turn(house, delivery->at_ms);
        zw_eval *fresh = fresh_at(house, delivery->at_ms);
        differs = compare_all(trial, nodes, zw_engine_eval(house->engine), nodes, fresh,
                              "followed and fresh", out);
        zw_eval_destroy(fresh);
    }
    return differs;
}

/* One evaluation that moves through the days, compared with a fresh one at each. */
static size_t walk_days(const struct trial *trial, struct house *house, const zw_node_id *nodes,
                        struct difference *out)
{
    static const char *const days[] = {"2021-12-31", "2022-06-11", "2022-06-21", "2023-01-16", END};
    size_t differs = trial->count;
    zw_eval *moving = fresh_at(house, day_ms("2021-01-01"));
    zw_eval_read_wide(moving, 1);
    for (size_t i = 0; differs == trial->count && i < sizeof(days) / sizeof(days[0]); i++) {
        zw_err err = {ZW_OK, ""};
        zw_eval *fresh = fresh_at(house, day_ms(days[i]));
        assert_int_equal(zw_eval_move(moving, day_ms(days[i]), &err), ZW_OK);
        differs = compare_all(trial, nodes, moving, nodes, fresh, "moved and fresh", out);
        zw_eval_destroy(fresh);
    }
    zw_eval_destroy(moving);
    return differs;
}

/* A store that gets everything at once, backwards. */
static size_t all_at_once(const struct trial *trial, struct house *house, const zw_node_id *nodes,
                          struct difference *out)
{
    struct house cold;
    zw_node_id cold_nodes[EXPRESSIONS] = {0};
    figures_open(&cold, day_ms(END));
    find_nodes(&cold, trial, cold_nodes);
    for (size_t i = trial->deliveries.count; i-- > 0;) {
        if (!trial->deliveries.at[i].is_left_out) {
            char source[32];
            (void)snprintf(source, sizeof(source), "cold %zu", i);
            figures_feed(&cold, &trial->deliveries.at[i], source);
        }
    }
    figures_turn(&cold, day_ms(END));
    size_t differs = compare_all(trial, nodes, zw_engine_eval(house->engine), cold_nodes,
                                 zw_engine_eval(cold.engine), "followed and all at once", out);
    house_close(&cold);
    return differs;
}

/* Runs a case. @return the expression that differs, or `count`. */
static size_t run_trial(const struct trial *trial, struct difference *out)
{
    struct house house;
    zw_node_id nodes[EXPRESSIONS] = {0};
    *out = (struct difference){.is_there = false};
    figures_open(&house, day_ms("2022-01-01"));
    find_nodes(&house, trial, nodes);
    size_t differs = follow(trial, &house, nodes, out);
    if (differs == trial->count) {
        figures_turn(&house, day_ms(END));
        differs = all_at_once(trial, &house, nodes, out);
    }
    if (differs == trial->count) {
        differs = walk_days(trial, &house, nodes, out);
    }
    house_close(&house);
    return differs;
}

/* Making a failure smaller. */

static bool still_fails(const struct trial *trial)
{
    struct difference difference;
    return run_trial(trial, &difference) < trial->count;
}

static void drop_rows(struct trial *trial, struct delivery *delivery)
{
    for (size_t r = delivery->count; delivery->count > 1 && r-- > 0;) {
        struct delivery kept = *delivery;
        memmove(delivery->rows[r], delivery->rows[r + 1],
                (delivery->count - r - 1) * sizeof(delivery->rows[0]));
        delivery->count--;
        if (!still_fails(trial)) {
            *delivery = kept;
        }
    }
}

static void drop_deliveries(struct trial *trial)
{
    for (size_t i = trial->deliveries.count; i-- > 0;) {
        struct delivery *delivery = &trial->deliveries.at[i];
        if (!delivery->is_left_out) {
            delivery->is_left_out = true;
            delivery->is_left_out = still_fails(trial);
        }
    }
    for (size_t i = 0; i < trial->deliveries.count; i++) {
        if (!trial->deliveries.at[i].is_left_out) {
            drop_rows(trial, &trial->deliveries.at[i]);
        }
    }
}

/* Tries each kid of the expression in its place. @return true when one still fails. */
static bool try_kids(struct trial *trial)
{
    struct house house;
    bool is_smaller = false;
    figures_open(&house, day_ms("2022-01-01"));
    const zw_node node = *zw_pack_node(house.pack, node_of(&house, trial->texts[0]));
    for (unsigned k = 0; !is_smaller && k < node.kid_count; k++) {
        struct trial smaller = *trial;
        zw_buf text;
        zw_buf_init(&text, TEXT_BYTES);
        zw_formula_text(house.pack, node.kid[k], &text);
        (void)snprintf(smaller.texts[0], TEXT_BYTES, "%s", zw_buf_view(&text));
        zw_node_id kid;
        is_smaller =
            zw_script_expression(house.script, zw_text_of(smaller.texts[0]), &kid, NULL) == ZW_OK &&
            zw_pack_node(house.pack, kid)->has_grid && still_fails(&smaller);
        if (is_smaller) {
            *trial = smaller;
        }
        zw_buf_fini(&text);
    }
    house_close(&house);
    return is_smaller;
}

static void print_trial(const struct trial *trial, const struct difference *difference,
                        uint64_t round)
{
    print_error("round %" PRIu64 ": %s differ: %s\n  at %s, period %" PRId64 "\n", round,
                difference->which, trial->texts[0], figures_areas[difference->area],
                difference->period);
    print_cell("warm", &difference->warm);
    print_cell("cold", &difference->cold);
    for (size_t i = 0; i < trial->deliveries.count; i++) {
        const struct delivery *delivery = &trial->deliveries.at[i];
        char moment[48];
        figures_moment(delivery->at_ms, moment);
        for (size_t r = 0; !delivery->is_left_out && r < delivery->count; r++) {
            print_error("  %s <- %s", moment, delivery->rows[r]);
        }
    }
}

static void shrink(struct trial *trial, size_t failing, uint64_t round)
{
    struct difference difference;
    memmove(trial->texts[0], trial->texts[failing], TEXT_BYTES);
    trial->count = 1;
    if (still_fails(trial)) { /* else it takes the others too */
        while (try_kids(trial)) {
        }
        drop_deliveries(trial);
        while (try_kids(trial)) {
        }
    }
    (void)run_trial(trial, &difference);
    print_trial(trial, &difference, round);
}

/* @return true when everything was the same. */
static bool one_round(uint64_t round, unsigned *used)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    struct house house;
    struct difference difference;
    uint64_t seed = round * 104729 + 11;
    assert_non_null(trial);
    figures_open(&house, day_ms("2022-01-01"));
    while (trial->count < EXPRESSIONS) {
        draw_expression(&seed, house.script, used, trial->texts[trial->count++]);
    }
    house_close(&house);
    figures_draw(&seed, round % 2 == 0, round % 3 == 0, &trial->deliveries);
    size_t failing = run_trial(trial, &difference);
    bool is_same = failing == trial->count;
    if (!is_same) {
        shrink(trial, failing, round);
    }
    free(trial);
    return is_same;
}

static void a_formula_that_follows_deliveries_says_what_a_fresh_one_says(void **state)
{
    (void)state;
    unsigned used[RULES] = {0};
    bool is_same = true;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        is_same = one_round(round, used) && is_same;
    }
    assert_true(is_same);
}

/* What was found, kept: the rows of a delivery each, behind the day on which it arrives. */
static const struct kept {
    const char *why, *expression;
    const char *rows[4];
} kept[] = {
    {"a part nobody expects may be known before its period begins",
     "came:quarter():delta(4):areas():min()",
     {"2022-02-03|came,west,2022-03,89,F,2022-02-03T12:00:00Z,chips,\n"}},
    {"a function has values before anything is known, and a span is not where a look ends",
     "called:falls(4)",
     {"2022-02-02|came,south,2023-04,7,P,2022-02-02T12:00:00Z,,\n"}},
    {"a path reads no figure, but what is published begins with the first",
     "plan:value():rises(1)",
     {"2022-02-02|revenue,south,2023-04,7,P,2022-02-02T12:00:00Z,,\n",
      "2022-05-02|revenue,south,2021-04,7,P,2022-05-02T12:00:00Z,,\n"}},
    {"an input that was known before it began is one from then on",
     "when((firms * attr \"km2\"):revised \"60d\", revenue:single():quarter \"max\":areas():min(), "
     "(came:quarter() + came:quarter())):revised()",
     {"2022-02-01|came,land,2023-09,54,,2022-02-01T12:00:00Z,ai,\n",
      "2023-07-21|came,north,2022-07,62,,2023-07-21T11:00:00Z,chips,\n",
      "2023-10-02|price,east,2023-05,83,,2023-10-02T11:00:00Z,,\n"}},
    {"what has no groups yet reads nothing",
     "came:quarter():by \"industry\":max():revised \"60d\"",
     {"2022-04-10|came,north,2021-09,101,A,2021-05-05T23:00:00Z,,\n",
      "2022-07-07|price,north,2023-10,31,P,2022-04-10T23:00:00Z,,\n",
      "2022-08-09|came,north,2022-08,12,E,2022-08-09T11:00:00Z,chips,\n"}},
    {"two items of which neither's truth is known, whichever came first",
     "calls:where(max(came, came):by \"industry\":over(3):all()):count()",
     {"2022-02-01|came,south,2023-06,-4,E,2022-02-01T11:00:00Z,ai,\n",
      "2022-11-12|calls,c4,south,2021-08-10,posted,lab,13,2022-08-31,2022-11-11T23:00:00Z\n",
      "2022-12-27|calls,c3,land,2022-02-01,done,ip,,2023-12-31,2022-12-27T11:00:00Z\n"}},
    {"a function may read a register, so it is asked about from the first row of any on",
     "called:falls(1)",
     {"2022-02-22|firms_here,f3,south,2021-04-01,,lab,,,2022-02-21T23:59:59.995Z\n"}},
    {"what is left out already is so whatever the truth, and from the moment on at which it is",
     "came:where(calls:in_state(\"posted\")):where(came:over(0))",
     {"2022-02-01|calls,c2,west,2023-01-02,posted,lab,,,2022-02-01T00:00:00Z\n",
      "2023-03-03|calls,c2,land,2023-12-24,done,lab,,2023-02-10,2023-03-03T11:59:59.924Z\n",
      "2023-12-20|calls,c1,east,2021-08-20,posted,ip,48,,2023-12-19T23:59:59.868Z\n"}},
    {"a group that nobody is in is read too, and may read something else as time goes on",
     "came:where(poor:firing()):lag(2):by \"industry\":sum():late()",
     {"2022-03-04|came,north,2022-06,17,A,2021-10-07T11:59:59.989Z,,\n",
      "2022-07-10|level,land,2022-08,27,F,2022-07-10T11:59:59.960Z,,\n"}},
};

static void what_was_found_stays_mended(void **state)
{
    (void)state;
    bool is_same = true;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        struct trial *trial = calloc(1, sizeof(*trial));
        struct difference difference;
        assert_non_null(trial);
        (void)snprintf(trial->texts[0], TEXT_BYTES, "%s", kept[i].expression);
        trial->count = 1;
        for (size_t r = 0; r < 4 && kept[i].rows[r] != NULL; r++) {
            struct delivery *delivery = &trial->deliveries.at[trial->deliveries.count++];
            char day[16];
            (void)snprintf(day, sizeof(day), "%.10s", kept[i].rows[r]);
            delivery->at_ms = day_ms(day) + DAY_MS / 2;
            delivery->count = 1;
            const char *row = strchr(kept[i].rows[r], '|') + 1;
            delivery->is_items =
                strncmp(row, "calls,", 6) == 0 || strncmp(row, "firms_here,", 11) == 0;
            (void)snprintf(delivery->rows[0], ROW_BYTES, "%s", row);
        }
        if (run_trial(trial, &difference) < trial->count) {
            print_error("%s\n", kept[i].why);
            print_trial(trial, &difference, 0);
            is_same = false;
        }
        free(trial);
    }
    assert_true(is_same);
}

static void every_rule_makes_expressions_that_the_language_takes(void **state)
{
    (void)state;
    struct house house;
    figures_open(&house, day_ms("2022-01-01"));
    for (size_t i = 0; i < RULES; i++) {
        bool is_taken = false;
        uint64_t seed = i;
        for (int tries = 0; !is_taken && tries < 300; tries++) {
            struct writing writing = {.seed = &seed};
            char grid = "dmqy"[draw_below(&seed, 4)];
            if (rules[i].grid != 0) {
                grid = rules[i].grid;
            }
            write_rule(&writing, &rules[i], grid, 0);
            zw_node_id node;
            is_taken =
                zw_script_expression(house.script, zw_text_of(writing.text), &node, NULL) == ZW_OK;
        }
        if (!is_taken) {
            fail_msg("no expression of \"%s\" is taken", rules[i].text);
        }
    }
    house_close(&house);
}

int main(int argc, char **argv)
{
    if (argc > 1) { /* by hand */
        uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
        unsigned used[RULES] = {0};
        unsigned failed = 0;
        for (uint64_t round = first; round < first + strtoull(argv[1], NULL, 10); round++) {
            failed += one_round(round, used) ? 0 : 1;
        }
        for (size_t i = 0; i < RULES; i++) {
            printf("%6u %c %s\n", used[i], rules[i].type, rules[i].text);
        }
        printf("%u rounds failed\n", failed);
        return failed == 0 ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_makes_expressions_that_the_language_takes),
        cmocka_unit_test(what_was_found_stays_mended),
        cmocka_unit_test(a_formula_that_follows_deliveries_says_what_a_fresh_one_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
