/* What depends on what, along time: for each operation the periods that a change touches cover all
 * that read it, tried with random changes against what the language says it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/year.h"
#include "failing_alloc.h"
#include "plan/graph.h"
#include "plan_pack.h"

enum { CHANGES = 40, CHANGE_MAX = 20, AROUND = 400, EXACT = 1000000 };

/* A world for one operation: its node, its kid, and when they are. */
struct look {
    const zw_calendar *calendar;
    const zw_node *node, *kid;
};

typedef bool reads_fn(const struct look *look, zw_period p, zw_period q);

static zw_period year_first(const struct look *look, zw_period p)
{
    int32_t late_by = look->kid->late_by;
    return zw_year_around(look->calendar, look->kid->grid, p - late_by).first + late_by;
}

static bool reads_itself(const struct look *look, zw_period p, zw_period q)
{
    (void)look;
    return q == p;
}

static bool reads_earlier(const struct look *look, zw_period p, zw_period q)
{
    return q == p - look->node->count;
}

static bool reads_both(const struct look *look, zw_period p, zw_period q)
{
    return q == p || q == p - look->node->count;
}

/* A part of a total: back to the last one known in its year. */
static bool reads_in_year(const struct look *look, zw_period p, zw_period q)
{
    return q == p || (q >= year_first(look, p) && q <= p - look->node->count);
}

static bool reads_year_so_far(const struct look *look, zw_period p, zw_period q)
{
    return q >= year_first(look, p) && q <= p;
}

static bool reads_a_year_ago(const struct look *look, zw_period p, zw_period q)
{
    return q == p || q == zw_year_before(look->calendar, look->kid->grid, p);
}

static bool reads_window(const struct look *look, zw_period p, zw_period q)
{
    return q > p - look->node->count && q <= p;
}

/* Of totals the one before the window is taken away. */
static bool reads_window_and_base(const struct look *look, zw_period p, zw_period q)
{
    return q >= p - look->node->count && q <= p;
}

static bool reads_all_before(const struct look *look, zw_period p, zw_period q)
{
    (void)look;
    return q <= p;
}

static bool reads_overlapping(const struct look *look, zw_period p, zw_period q)
{
    return zw_period_start_ms(look->calendar, look->kid->grid, q) <
               zw_period_end_ms(look->calendar, look->node->grid, p) &&
           zw_period_end_ms(look->calendar, look->kid->grid, q) >
               zw_period_start_ms(look->calendar, look->node->grid, p);
}

/* Of a period that straddles two longer ones, the one that holds its start. */
static bool reads_begun_in(const struct look *look, zw_period p, zw_period q)
{
    int64_t start_ms = zw_period_start_ms(look->calendar, look->kid->grid, q);
    return zw_period_at(look->calendar, look->node->grid, start_ms) == p;
}

/* The own part of a coarser period in a total: back to the last total known in its year. */
static bool reads_year_to_end(const struct look *look, zw_period p, zw_period q)
{
    zw_grid year = {ZW_YEAR, 0};
    int64_t start_ms = zw_period_start_ms(look->calendar, look->node->grid, p);
    zw_period y = zw_period_at(look->calendar, year, start_ms);
    return zw_period_start_ms(look->calendar, look->kid->grid, q) >=
               zw_period_start_ms(look->calendar, year, y) &&
           zw_period_end_ms(look->calendar, look->kid->grid, q) <=
               zw_period_end_ms(look->calendar, look->node->grid, p);
}

/* `more`: how many periods beyond the last reader may be touched for nothing, at most. */
static const struct {
    const char *why, *formula;
    reads_fn *reads;
    unsigned slot;
    int more;
} rows[] = {
    {"a sum", "sales costs +", reads_itself, 1, 0},
    {"a comparison", "sales costs :over", reads_itself, 0, 0},
    {"late", "sales :late", reads_itself, 0, 0},
    {"elsewhere", "sales :of(parent)", reads_itself, 0, 0},
    {"over parts", "sales :areas.sum", reads_itself, 0, 0},
    {"over groups", "sales :by(industry).sum", reads_itself, 0, 0},
    {"an indicator", "named", reads_itself, 0, 0},
    {"a lag", "sales :lag(5)", reads_earlier, 0, 0},
    {"a lag of nothing", "sales :lag(0)", reads_earlier, 0, 0},
    {"a difference", "sales :delta(3)", reads_both, 0, 0},
    {"a difference in a total", "total :delta(3)", reads_in_year, 0, 12},
    {"the own part of a total", "total :single", reads_year_so_far, 0, 0},
    {"a running total", "sales :ytd", reads_year_so_far, 0, 0},
    {"of quarters", "quarterly :ytd", reads_year_so_far, 0, 0},
    {"a yearly change", "sales :yoy", reads_a_year_ago, 0, 0},
    {"of quarters", "quarterly :yoy", reads_a_year_ago, 0, 0},
    {"of days", "daily :yoy", reads_a_year_ago, 0, 2},
    {"of weeks", "weekly :yoy", reads_a_year_ago, 0, 1},
    {"a running total of days", "daily :ytd", reads_year_so_far, 0, 0},
    {"of weeks", "weekly :ytd", reads_year_so_far, 0, 0},
    {"the part of a running total", "sales :ytd :single", reads_year_so_far, 0, 0},
    {"the part of one looked at later", "total :lag(5) :single", reads_year_so_far, 0, 0},
    {"a difference in one", "total :lag(5) :delta(2)", reads_in_year, 0, 12},
    {"a window", "sales :rolling(7).sum", reads_window, 0, 1},
    {"a window of days", "daily :rolling(30).mean", reads_window, 0, 1},
    {"a window of totals", "total :rolling(12).sum", reads_window_and_base, 0, 0},
    {"a short one", "total :rolling(2).mean", reads_window_and_base, 0, 0},
    {"steps of a counter", "visits :increase", reads_all_before, 0, EXACT},
    {"its rate", "visits :increase :rate(7).sum", reads_window, 0, 1},
    {"flat", "sales :flat(2)", reads_all_before, 0, EXACT},
    {"rising", "sales :rises(2)", reads_all_before, 0, EXACT},
    {"falling", "sales :falls(2)", reads_all_before, 0, EXACT},
    {"held", "sales 3 :over :held(3)", reads_all_before, 0, EXACT},
    {"months into quarters", "sales :quarter", reads_overlapping, 0, 0},
    {"months into years", "firms :year", reads_overlapping, 0, 0},
    {"days into months", "daily :month", reads_overlapping, 0, 0},
    {"days into weeks", "daily :week", reads_overlapping, 0, 0},
    {"steps into days", "hourly :day.max", reads_begun_in, 0, 0},
    {"years around months", "yearly :month", reads_overlapping, 0, 0},
    {"quarters around months", "quarterly :month", reads_overlapping, 0, 0},
    {"totals into quarters", "total :quarter", reads_year_to_end, 0, 0},
    {"totals into halves", "total :half", reads_year_to_end, 0, 0},
    {"totals into years", "total :year", reads_year_to_end, 0, 0},
};

/* A small generator, the same everywhere. */
static int64_t roll(uint64_t *seed, int64_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*seed >> 33) % (uint64_t)below);
}

static bool is_read(const struct look *look, reads_fn *reads, zw_period p, zw_span change)
{
    for (zw_period q = change.lo; q <= change.hi; q++) {
        if (reads(look, p, q)) {
            return true;
        }
    }
    return false;
}

/* Asks of every period around a change whether it reads it, and whether it is touched. */
static void check_change(const zw_pack *pack, const struct look *look, zw_node_id id, size_t row,
                         zw_span change)
{
    zw_span touched = zw_graph_touch(pack, look->calendar, id, rows[row].slot, change);
    zw_period first = zw_graph_first(look->calendar, look->kid->grid, change.lo, look->node->grid);
    zw_period last = zw_graph_last(look->calendar, look->kid->grid, change.hi, look->node->grid);
    zw_span readers = {ZW_PERIOD_MAX, ZW_PERIOD_MIN};
    for (zw_period p = first - AROUND; p <= last + AROUND; p++) {
        if (!is_read(look, rows[row].reads, p, change)) {
            continue;
        }
        readers.lo = p < readers.lo ? p : readers.lo;
        readers.hi = p;
        if (p < touched.lo || p > touched.hi) {
            fail_msg("%s: a change of %lld … %lld is read in %lld, touched are %lld … %lld",
                     rows[row].why, (long long)change.lo, (long long)change.hi, (long long)p,
                     (long long)touched.lo, (long long)touched.hi);
        }
    }
    if (rows[row].more != EXACT && (touched.hi > readers.hi + rows[row].more ||
                                    (rows[row].more == 0 && touched.lo > readers.lo))) {
        fail_msg("%s: a change of %lld … %lld touches as far as %lld, read as far as %lld",
                 rows[row].why, (long long)change.lo, (long long)change.hi, (long long)touched.hi,
                 (long long)readers.hi);
    }
}

static void check_rows(const char *timezone, int reporting_month)
{
    zw_pack *pack = plan_land();
    uint32_t zone = plan_zone(pack, "elsewhere", timezone, reporting_month);
    uint64_t seed = 42;
    plan_indicator(pack, "named", plan_node(pack, "sales"), NULL, ZW_HOW_KIND);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_node_id id = plan_node(pack, rows[i].formula);
        const zw_node *node = zw_pack_node(pack, id);
        struct look look = {zw_pack_calendar(pack, zone), node,
                            zw_pack_node(pack, node->kid[rows[i].slot])};
        int64_t year_2020_ms = INT64_C(1577836800000);
        for (int c = 0; c < CHANGES; c++) {
            int64_t at_ms = year_2020_ms + roll(&seed, INT64_C(4) * 365 * 86400) * 1000;
            zw_period lo = zw_period_at(look.calendar, look.kid->grid, at_ms);
            zw_span change = {lo, lo + roll(&seed, CHANGE_MAX)};
            check_change(pack, &look, id, i, change);
        }
    }
    zw_pack_destroy(pack);
}

static void a_touch_covers_all_that_read_the_change(void **state)
{
    (void)state;
    check_rows("Asia/Shanghai", 1);
}

static void in_a_fiscal_year_between_hours_too(void **state)
{
    (void)state;
    check_rows("Asia/Kolkata", 4); /* half past: an hour's step straddles midnight */
}

static void where_clocks_change_too(void **state)
{
    (void)state;
    check_rows("Europe/Berlin", 7);
}

static void what_fits_any_grid_touches_all(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    const zw_calendar *calendar = zw_pack_calendar(pack, 0);
    zw_span change = {3, 4};
    zw_span touched =
        zw_graph_touch(pack, calendar, plan_node(pack, "sales attr(quota) /"), 1, change);
    assert_true(touched.lo == ZW_PERIOD_MIN && touched.hi == ZW_PERIOD_MAX);
    touched = zw_graph_touch(pack, calendar, plan_node(pack, "attr(quota) 2 *"), 0, change);
    assert_true(touched.lo == ZW_PERIOD_MIN && touched.hi == ZW_PERIOD_MAX);
    zw_pack_destroy(pack);
}

static void everything_stays_everything(void **state)
{
    static const char *const formulas[] = {
        "sales :lag(5)",   "sales :delta(3)", "total :delta(3)",        "total :single",
        "sales :yoy",      "sales :year",     "total :rolling(12).sum", "total :quarter",
        "sales :rises(1)", "yearly :month"};
    (void)state;
    zw_pack *pack = plan_land();
    for (size_t i = 0; i < COUNT_OF(formulas); i++) {
        zw_span touched = zw_graph_touch(pack, zw_pack_calendar(pack, 0),
                                         plan_node(pack, formulas[i]), 0, ZW_SPAN_ALL);
        if (touched.lo != ZW_PERIOD_MIN || touched.hi != ZW_PERIOD_MAX) {
            fail_msg("%s", formulas[i]);
        }
    }
    zw_pack_destroy(pack);
}

static void a_target_s_path_may_start_anywhere(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_dated dated = {.when = plan_stamp("2025"), .value = 1};
    zw_target target = {.title = plan_title("goal", 8),
                        .expr = plan_node(pack, "total :year"),
                        .has_compare = true,
                        .dated = &dated,
                        .dated_count = 1};
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_pack_add_target(pack, &target, &index, &err), ZW_OK);
    zw_span touched =
        zw_graph_touch(pack, zw_pack_calendar(pack, 0), pack->targets[0].gap, 0, (zw_span){3, 3});
    assert_true(touched.lo == ZW_PERIOD_MIN && touched.hi == ZW_PERIOD_MAX);
    zw_pack_destroy(pack);
}

static void a_period_has_a_first_and_a_last_one_on_another_grid(void **state)
{
    static const struct {
        const char *why, *from, *period, *to, *first, *last;
    } pairs[] = {
        {"its own", "month", "2022-03", "month", "2022-03", "2022-03"},
        {"months of a quarter", "quarter", "2022-Q3", "month", "2022-07", "2022-09"},
        {"the quarter of a month", "month", "2022-08", "quarter", "2022-Q3", "2022-Q3"},
        {"days of a leap February", "month", "2024-02", "day", "2024-02-01", "2024-02-29"},
        {"the year of a day", "day", "2022-12-31", "year", "2022", "2022"},
        {"weeks around a year", "year", "2022", "week", "2021-W52", "2022-W52"},
    };
    (void)state;
    zw_pack *pack = plan_land();
    const zw_calendar *calendar = zw_pack_calendar(pack, 0);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        zw_grid from = plan_grid(pairs[i].from);
        zw_grid to = plan_grid(pairs[i].to);
        zw_period p = plan_stamp(pairs[i].period).period;
        if (zw_graph_first(calendar, from, p, to) != plan_stamp(pairs[i].first).period ||
            zw_graph_last(calendar, from, p, to) != plan_stamp(pairs[i].last).period) {
            fail_msg("%s", pairs[i].why);
        }
    }
    zw_pack_destroy(pack);
}

/* How often each measure was told. */
static void count_measure(void *arg, uint32_t measure)
{
    ((int *)arg)[measure]++;
}

static void every_measure_under_a_formula_is_told_once(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_node_id node = plan_node(
        pack, "sales sales :where(industry=ai) + costs :lag(1) / firms 3 :over 1 0 when *");
    int told[16] = {0};
    bool has_call = true;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_graph_measures(pack, node, count_measure, told, &has_call, &err), ZW_OK);
    assert_false(has_call);
    assert_int_equal(told[0], 1); /* sales, though it stands there twice */
    assert_int_equal(told[1], 1); /* costs */
    assert_int_equal(told[2], 0); /* total */
    assert_int_equal(told[3], 1); /* firms */

    zw_node call = {.op = ZW_OP_CALL, .has_grid = true, .grid = plan_grid("month")};
    zw_node sum = {.op = ZW_OP_ADD, .kid = {0, plan_node(pack, "2")}};
    assert_int_equal(zw_formula_make(pack, &call, &sum.kid[0], &err), ZW_OK);
    assert_int_equal(zw_formula_make(pack, &sum, &node, &err), ZW_OK);
    assert_int_equal(zw_graph_measures(pack, node, count_measure, told, &has_call, &err), ZW_OK);
    assert_true(has_call);
    assert_int_equal(told[2], 0);

    failing_alloc_after(0);
    zw_status status = zw_graph_measures(pack, node, count_measure, told, &has_call, &err);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_covers_all_that_read_the_change),
        cmocka_unit_test(in_a_fiscal_year_between_hours_too),
        cmocka_unit_test(where_clocks_change_too),
        cmocka_unit_test(what_fits_any_grid_touches_all),
        cmocka_unit_test(everything_stays_everything),
        cmocka_unit_test(a_target_s_path_may_start_anywhere),
        cmocka_unit_test(a_period_has_a_first_and_a_last_one_on_another_grid),
        cmocka_unit_test(every_measure_under_a_formula_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
