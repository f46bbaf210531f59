/*
 * The algebra of the language as properties: two ways to say the same are the same, at every area
 * and period, over random figures with revisions, withdrawals and holes. What a row does not claim
 * (which of two reasons is told first) it does not compare.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "figures.h"

#include <math.h>

#ifdef __SANITIZE_THREAD__
enum { ROUNDS = 1 };
#else
enum { ROUNDS = 36 };
#endif

#define NOW "2024-03-15"

/* What a row claims of two expressions. */
enum claim {
    WHERE_BOTH,  /* the same value where both stand */
    WHERE_FIRST, /* where the first stands, the second does, with the same value */
    ALIKE,       /* missing at the same places too */
    WHOLE        /* and as complete, with the same marks, span and moment */
};

/* What the figures of a round are like; a row says what it needs. */
enum { ANY = 0, LEAVES = 1, DIVIDED = 2, DENSE = 4 };

static const struct law {
    const char *why, *left, *right;
    enum claim claim;
    unsigned needs; /* LEAVES: only areas without parts report; DIVIDED: only by industry */
} laws[] = {
    {"a window moved is the window of what was moved", "came:rolling(3):sum():lag(2)",
     "came:lag(2):rolling(3):sum()", WHOLE, ANY},
    {"of a stock too", "people:rolling(4):mean():lag(1)", "people:lag(1):rolling(4):mean()", WHOLE,
     ANY},
    {"of its extremes", "price:rolling(2):max():lag(3)", "price:lag(3):rolling(2):max()", WHOLE,
     ANY},
    {"lags add up", "came:lag(2):lag(3)", "came:lag(5)", WHOLE, ANY},
    {"of a running total, over what is skipped", "revenue:lag(2):lag(3)", "revenue:lag(5)", WHOLE,
     ANY},
    {"of quarters", "firms:lag(1):lag(4)", "firms:lag(5)", WHOLE, ANY},
    {"a year is twelve months", "came:lag \"1 year\"", "came:lag(12)", WHOLE, ANY},
    {"the own part of a running total is the figure", "came:ytd():single()", "came", WHERE_FIRST,
     ANY},
    {"the running total of own parts is the total", "revenue:single():ytd()", "revenue",
     WHERE_FIRST, ANY},
    {"a running total is its year's at its end", "came:ytd():year \"last\"", "came:year()", ALIKE,
     ANY},
    {"so is the reported one", "revenue:year \"last\"", "revenue:year()", WHERE_BOTH, ANY},
    {"twelve months are a year", "came:rolling(12):sum():year \"last\"", "came:year()", WHERE_FIRST,
     ANY},
    {"quarters make the year", "came:quarter():year()", "came:year()", ALIKE, ANY},
    {"halves too", "came:half():year()", "came:year()", ALIKE, ANY},
    {"of a stock the last is the last", "people:quarter():year()", "people:year()", ALIKE, ANY},
    {"the zone is the sum of its parts", "came:areas():sum()", "came", WHERE_FIRST, LEAVES},
    {"of a running total too", "revenue:areas():sum()", "revenue", WHERE_FIRST, LEAVES},
    {"and of a stock", "firms:areas():sum()", "firms", WHERE_FIRST, LEAVES},
    {"rolled up and regridded either way", "came:areas():sum():year()", "came:year()", WHERE_FIRST,
     LEAVES},
    {"a ratio is sum over sum", "came / spent", "came:areas():sum() / spent:areas():sum()",
     WHERE_BOTH, LEAVES},
    {"of years too", "(came / spent):year()", "came:year() / spent:year()", WHOLE, ANY},
    {"the mean of parts times how many is their sum",
     "spent:areas():mean() * spent:areas():count()", "spent:areas():sum()", ALIKE, ANY},
    {"what is of it and what is not are all",
     "came:where { industry = \"ai\" } + came:except { "
     "industry = \"ai\" }",
     "came", WHERE_FIRST, LEAVES | DIVIDED},
    {"two narrowings are one",
     "came:where { industry = { \"ai\", \"chips\" } }:except { industry "
     "= \"ai\" }",
     "came:where { industry = \"chips\" }", WHOLE, ANY},
    {"narrowing goes through formulas", "(came * 2 - came:lag(1)):where { industry = \"ai\" }",
     "came:where { industry = \"ai\" } * 2 - came:where { industry = \"ai\" }:lag(1)", WHOLE, ANY},
    {"groups sum to the whole", "came:by \"industry\":sum()", "came", WHERE_FIRST,
     LEAVES | DIVIDED},
    {"shares are of the whole", "came:by \"industry\":share():sum() * came", "came", WHERE_BOTH,
     LEAVES | DIVIDED},
    {"a difference is now minus then", "spent:delta(2)", "spent - spent:lag(2)", WHOLE, ANY},
    {"growth is now over then", "spent:yoy()", "spent / spent:lag(12) - 1", WHERE_FIRST, ANY},
    {"a mean is a sum over its count", "came:rolling(5):mean() * 5", "came:rolling(5):sum()", ALIKE,
     ANY},
    {"a window of windows", "came:rolling(2):sum():rolling(2):sum()",
     "came + came:lag(1) * 2 + came:lag(2)", ALIKE, ANY},
    {"a window of one is the figure", "came:rolling(1):median()", "came", ALIKE, ANY},
    {"the median of two is their mean", "came:rolling(2):median()", "came:rolling(2):mean()", ALIKE,
     ANY},
    {"the middle of a window is its median", "price:rolling(3):quantile(0.5)",
     "price:rolling(3):median()", ALIKE, ANY},
    {"its ends are its extremes", "price:rolling(3):quantile(0) + price:rolling(3):quantile(1)",
     "price:rolling(3):min() + price:rolling(3):max()", ALIKE, ANY},
    {"the slope of two is their difference", "price:rolling(2):slope()", "price:delta()", ALIKE,
     ANY},
    {"the least and the greatest are both", "min(came, spent) + max(came, spent)", "came + spent",
     WHOLE, ANY},
    {"the size", "abs(came - spent)", "max(came - spent, spent - came)", WHOLE, ANY},
    {"between", "clamp(came, 10, 60)", "min(max(came, 10), 60)", WHOLE, ANY},
    {"a choice", "when(came:over(spent), came, spent)", "max(came, spent)", ALIKE, ANY},
    {"what is elsewhere is there wherever it is asked", "came:of(west):of(land)", "came:of(west)",
     WHOLE, ANY},
    {"the parent's parent", "came:of \"parent\":of \"parent\"", "came:of \"zone\"", WHERE_FIRST,
     ANY},
    {"a share of the whole times the whole", "came:share_of \"parent\" * came:of \"parent\"",
     "came", WHERE_FIRST, ANY},
    {"spread", "came:areas():spread()", "came:areas():max() - came:areas():min()", ALIKE, ANY},
    {"not not", "~(~came:over(40))", "came:over(40)", WHOLE, ANY},
    {"not both", "~(came:over(40) & spent:over(40))", "~came:over(40) | ~spent:over(40)", ALIKE,
     ANY},
    {"neither", "~(came:over(40) | spent:over(40))", "~came:over(40) & ~spent:over(40)", ALIKE,
     ANY},
    {"over is not at most", "~came:at_most(40)", "came:over(40)", WHOLE, ANY},
    {"within", "came:within(20, 60)", "came:at_least(20) & came:at_most(60)", ALIKE, ANY},
    {"held twice", "came:over(20):held(2)", "came:over(20) & came:over(20):lag(1)", WHERE_BOTH,
     ANY},
    {"at all of them", "all(came:over(20), { north, south })",
     "came:over(20):of(north) & came:over(20):of(south)", ALIKE, ANY},
    {"at one of them", "any(came:over(20), { north, south })",
     "came:over(20):of(north) | came:over(20):of(south)", ALIKE, ANY},
    {"how many", "count(came:over(20), { north, south })",
     "when(came:over(20):of(north), 1, 0) + when(came:over(20):of(south), 1, 0)", ALIKE, ANY},
};

enum { LAWS = sizeof(laws) / sizeof(laws[0]) };

/* Rows of figures for most periods; some are said again later, some withdrawn. */
static void add_figure(zw_buf *csv, uint64_t *seed, unsigned like, const char *measure,
                       const char *area, const char *period, const char *industry, int row)
{
    int rarely = (like & DENSE) != 0 ? 16 : 1; /* how much rarer holes are */
    int versions = draw_below(seed, 8 * rarely) == 0 ? 0 : 1 + draw_below(seed, 5) / 4;
    for (int v = 0; v < versions; v++) {
        bool is_withdrawn = draw_below(seed, 25 * rarely) == 0;
        static const char *const statuses[] = {"A", "A", "A", "P", "E"};
        char value[16] = "";
        if (!is_withdrawn) {
            (void)snprintf(value, sizeof(value), "%d", draw_below(seed, 120) - 8);
        }
        zw_buf_printf(csv, "%s,%s,%s,%s,%s,2024-0%d-%02dT%02d:%02d:00Z,%s\n", measure, area, period,
                      value, is_withdrawn ? "M" : statuses[draw_below(seed, 5)], 1 + v,
                      1 + row / 1440, row / 60 % 24, row % 60, industry);
    }
}

static void add_month(zw_buf *csv, uint64_t *seed, unsigned like, const char *area, int month,
                      int *row)
{
    static const char *const monthly[] = {"spent", "revenue", "price", "people"};
    char period[32];
    (void)snprintf(period, sizeof(period), "%d-%02d", 1970 + month / 12, 1 + month % 12);
    for (int m = 0; m < 4; m++) {
        add_figure(csv, seed, like, monthly[m], area, period, "", (*row)++);
    }
    add_figure(csv, seed, like, "came", area, period, "ai", (*row)++);
    add_figure(csv, seed, like, "came", area, period, "chips", (*row)++);
    if ((like & DIVIDED) == 0 && draw_below(seed, 3) == 0) {
        add_figure(csv, seed, like, "came", area, period, "", (*row)++);
    }
    if (month % 3 == 0) {
        (void)snprintf(period, sizeof(period), "%d-Q%d", 1970 + month / 12, 1 + month % 12 / 3);
        add_figure(csv, seed, like, "firms", area, period, "", (*row)++);
    }
}

static void open_round(struct house *house, uint64_t round, unsigned like)
{
    uint64_t seed = round * 7919 + like;
    zw_buf csv;
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    zw_feed_options options = {.source = "test"};
    int row = 0;
    zw_buf_init(&csv, 4 * 1024 * 1024);
    zw_buf_puts(&csv, "measure,area,period,value,status,known_at,industry\n");
    for (int a = (like & LEAVES) != 0 ? 2 : 0; a < AREAS; a++) {
        for (int month = FIRST_MONTH; month <= LAST_MONTH; month++) {
            add_month(&csv, &seed, like, figures_areas[a], month, &row);
        }
    }
    figures_open(house, day_ms(NOW));
    zw_eval_read_wide(zw_engine_eval(house->engine), 1); /* parts in rows, however few they are */
    if (zw_engine_feed(house->engine, zw_buf_view(&csv), csv.len, &options, &fed, &err) != ZW_OK) {
        fail_msg("%s: %s", err.text, fed != NULL && fed->bad_count > 0 ? fed->bad[0].text : "");
    }
    figures_turn(house, day_ms(NOW));
    zw_buf_fini(&csv);
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b)));
}

/* What is wrong with two cells by a claim; NULL when nothing is. */
static const char *judge(enum claim claim, const zw_cell *left, const zw_cell *right)
{
    bool has_left = zw_cell_stands(left);
    bool has_right = zw_cell_stands(right);
    if (has_left && has_right && !is_near(left->value, right->value)) {
        return "the values differ";
    }
    if (claim >= WHERE_FIRST && has_left && !has_right) {
        return "the second is missing";
    }
    if (claim >= ALIKE && has_right && !has_left) {
        return "the first is missing";
    }
    if (claim == WHOLE && has_left &&
        (left->in != right->in || left->of != right->of || left->marks != right->marks ||
         left->span != right->span || left->known_at_ms != right->known_at_ms)) {
        return "what goes with the value differs";
    }
    return NULL;
}

static zw_node_id node_of(struct house *house, const char *text)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_script_expression(house->script, zw_text_of(text), &node, &err) != ZW_OK) {
        fail_msg("%s: %s", text, err.text);
    }
    return node;
}

static void print_cell(const char *text, const zw_cell *cell)
{
    print_error("  %s: %.17g %s %u/%u span %u marks %u\n", text,
                zw_cell_stands(cell) ? cell->value : 0.0, zw_reason_text((zw_reason)cell->reason),
                cell->in, cell->of, cell->span, cell->marks);
}

/* Tries one law over all areas and periods. @return how many cells stood on both sides; -1 when it
 * is broken. */
static int try_law(struct house *house, const struct law *law, uint64_t round)
{
    zw_eval *eval = zw_engine_eval(house->engine);
    zw_node_id left_node = node_of(house, law->left);
    zw_node_id right_node = node_of(house, law->right);
    zw_span span = figures_span(zw_pack_node(house->pack, left_node));
    int stood = 0;
    for (uint32_t area = 0; area < AREAS; area++) {
        for (zw_period p = span.lo; p <= span.hi; p++) {
            zw_cell left = {0};
            zw_cell right = {0};
            zw_err err = {ZW_OK, ""};
            if (zw_eval_cell(eval, left_node, area, p, &left, &err) != ZW_OK ||
                zw_eval_cell(eval, right_node, area, p, &right, &err) != ZW_OK) {
                fail_msg("%s", err.text);
            }
            const char *wrong = judge(law->claim, &left, &right);
            if (wrong != NULL) {
                print_error("round %d, %s: %s at %s, period %d\n", (int)round, law->why, wrong,
                            figures_areas[area], (int)p);
                print_cell(law->left, &left);
                print_cell(law->right, &right);
                return -1;
            }
            stood += zw_cell_stands(&left) && zw_cell_stands(&right) ? 1 : 0;
        }
    }
    return stood;
}

/* Tries every law on so many rounds. @param stood  counted up: cells that stood on both sides, by
 * law.
 * @return false when one is broken. */
static bool try_rounds(uint64_t count, int stood[LAWS])
{
    static const unsigned likes[] = {ANY, LEAVES, DIVIDED, LEAVES | DIVIDED};
    bool is_right = true;
    for (uint64_t round = 1; round <= count; round++) {
        unsigned like = likes[round % 4] | (round % 3 == 0 ? DENSE : 0U);
        struct house house;
        open_round(&house, round, like);
        for (size_t i = 0; i < LAWS; i++) {
            bool fits = (laws[i].needs & ~like) == 0;
            int now = fits ? try_law(&house, &laws[i], round) : 0;
            is_right = is_right && now >= 0;
            stood[i] += now;
        }
        house_close(&house);
    }
    return is_right;
}

static void two_ways_to_say_the_same_are_the_same(void **state)
{
    (void)state;
    int stood[LAWS] = {0};
    assert_true(try_rounds(ROUNDS, stood));
    for (size_t i = 0; ROUNDS > 1 && i < LAWS; i++) {
        if (stood[i] < 20) { /* a law about nothing says nothing */
            fail_msg("%s: only %d cells stood", laws[i].why, stood[i]);
        }
    }
}

/* The value of an expression at an area; NaN when it is missing. */
static double value_at(struct house *house, zw_node_id node, uint32_t area, zw_period p)
{
    zw_cell cell = {0};
    zw_err err = {ZW_OK, ""};
    if (zw_eval_cell(zw_engine_eval(house->engine), node, area, p, &cell, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return zw_cell_stands(&cell) ? cell.value : (double)NAN;
}

/* At west, whose parts are north and south: by hand from their own figures. */
static void a_ratio_of_sums_is_no_mean_of_ratios(void **state)
{
    (void)state;
    enum { WEST = 1, NORTH = 2, SOUTH = 3 };
    struct house house;
    int differing = 0;
    open_round(&house, 1, LEAVES);
    zw_node_id ratio = node_of(&house, "came / spent");
    zw_node_id mean = node_of(&house, "(came / spent):areas():mean()");
    zw_node_id came = node_of(&house, "came");
    zw_node_id spent = node_of(&house, "spent");
    for (zw_period p = FIRST_MONTH; p <= LAST_MONTH; p++) {
        double above[] = {value_at(&house, came, NORTH, p), value_at(&house, came, SOUTH, p)};
        double below[] = {value_at(&house, spent, NORTH, p), value_at(&house, spent, SOUTH, p)};
        double of_sums = (above[0] + above[1]) / (below[0] + below[1]);
        double of_ratios = (above[0] / below[0] + above[1] / below[1]) / 2;
        if (!isfinite(of_sums) || !isfinite(of_ratios)) {
            continue;
        }
        assert_true(is_near(value_at(&house, ratio, WEST, p), of_sums));
        assert_true(is_near(value_at(&house, mean, WEST, p), of_ratios));
        differing += is_near(of_sums, of_ratios) ? 0 : 1;
    }
    assert_true(differing > 10);
    house_close(&house);
}

int main(int argc, char **argv)
{
    if (argc > 1) { /* by hand: flow_algebra ROUNDS */
        int stood[LAWS] = {0};
        return try_rounds(strtoull(argv[1], NULL, 10), stood) ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_ways_to_say_the_same_are_the_same),
        cmocka_unit_test(a_ratio_of_sums_is_no_mean_of_ratios),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
