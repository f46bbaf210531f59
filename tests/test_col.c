/* A column's cells: stretches that grow, stay apart and meet; the reads of functions as runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "indicator/col.h"

static void fill(zw_col *col, zw_period lo, zw_period hi)
{
    assert_int_equal(zw_col_cover(col, (zw_span){lo, hi}, NULL), ZW_OK);
    for (zw_period p = lo; p <= hi; p++) {
        *zw_col_at(col, p) = zw_cell_of((double)p);
    }
}

struct seen {
    int count;
    zw_period lo, hi;
};

static zw_status see(void *arg, const zw_col *col, zw_period period, const zw_cell *cell,
                     zw_err *err)
{
    (void)col;
    (void)err;
    struct seen *seen = arg;
    assert_true(cell->value == (double)period);
    seen->lo = seen->count == 0 || period < seen->lo ? period : seen->lo;
    seen->hi = seen->count == 0 || period > seen->hi ? period : seen->hi;
    seen->count++;
    return ZW_OK;
}

static struct seen fresh_of(const zw_col *col)
{
    struct seen seen = {0, 0, 0};
    assert_int_equal(zw_col_each_fresh(col, see, &seen, NULL), ZW_OK);
    return seen;
}

static void cells_stay_wherever_the_column_grows(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        zw_period lo, hi;
        int fresh; /* in all, after it */
    } steps[] = {
        {"the first", 1000, 1003, 4},
        {"next to it, above", 1004, 1004, 5},
        {"next to it, below", 998, 999, 7},
        {"over a small gap, whose cells are stale", 1010, 1011, 9},
        {"far below, by itself", -1000000000, -1000000000, 10},
        {"far above, by itself", 1000000000, 1000000003, 14},
        {"back beside the first", 1012, 1012, 15},
        {"over the first and its gap: nothing is lost", 990, 1020, 36},
        {"a walk downward from far above", 999999990, 999999999, 46},
    };
    zw_col col = {0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        fill(&col, steps[i].lo, steps[i].hi);
        struct seen seen = fresh_of(&col);
        if (seen.count != steps[i].fresh) {
            fail_msg("%s: %d cells", steps[i].why, seen.count);
        }
    }
    assert_true(zw_col_at(&col, -1000000000)->value == -1000000000.0);
    assert_true(zw_col_at(&col, 1000000003)->value == 1000000003.0);
    assert_true(zw_col_at(&col, 1000)->value == 1000);
    zw_col_fini(&col);
}

static void stretches_that_meet_become_one(void **state)
{
    (void)state;
    zw_col col = {0};
    fill(&col, 0, 9);
    fill(&col, 1000, 1009);
    fill(&col, 2000, 2009);
    assert_int_equal(zw_col_cover(&col, (zw_span){5, 2005}, NULL), ZW_OK);
    struct seen seen = fresh_of(&col);
    assert_int_equal(seen.count, 30);
    assert_int_equal(seen.lo, 0);
    assert_int_equal(seen.hi, 2009);
    assert_int_equal(zw_col_at(&col, 500)->until_ms, INT64_MIN);
    assert_int_equal(col.other_count, 0);
    zw_col_fini(&col);
}

static void stale_is_made_only_what_is_covered_and_asked(void **state)
{
    (void)state;
    zw_col col = {0};
    fill(&col, 0, 9);
    fill(&col, 1000, 1009);
    assert_false(zw_col_make_stale(&col, (zw_span){20, 900}));
    assert_true(zw_col_make_stale(&col, (zw_span){8, 1001}));
    assert_int_equal(fresh_of(&col).count, 16);
    assert_false(zw_col_make_stale(&col, (zw_span){8, 1001}));
    assert_true(zw_col_make_stale(&col, ZW_SPAN_ALL));
    assert_int_equal(fresh_of(&col).count, 0);
    zw_col_fini(&col);
}

static void too_many_periods_at_once_are_refused(void **state)
{
    (void)state;
    zw_col col = {0};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_col_cover(&col, (zw_span){0, INT64_C(1) << 40}, &err), ZW_LIMIT);
    assert_string_equal(err.text, "more than 16777216 periods at once");
    zw_col_fini(&col);
}

static void reads_at_one_distance_are_one_run(void **state)
{
    (void)state;
    zw_col kid = {0};
    zw_col reader = {0};
    zw_edge *edge = zw_col_add_reader(&kid, &reader, ZW_SLOT_CALL);
    assert_non_null(edge);
    for (zw_period p = 100; p < 200; p++) {
        assert_true(zw_edge_add_call(edge, p, p));     /* here and now */
        assert_true(zw_edge_add_call(edge, p, p - 4)); /* and four earlier */
    }
    assert_true(zw_edge_add_call(edge, 50, 50)); /* not next to the first run */
    assert_int_equal(edge->call_count, 3);
    static const struct {
        const char *why;
        zw_span kid, own;
    } cases[] = {
        {"a period in the middle is read now and by the call four later", {150, 150}, {150, 154}},
        {"the last: only now", {199, 199}, {199, 199}},
        {"before the first call: only four later", {97, 97}, {101, 101}},
        {"the lone call", {50, 50}, {50, 50}},
        {"everything", {ZW_PERIOD_MIN / 2, ZW_PERIOD_MAX / 2}, {50, 199}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_span own = zw_edge_called_in(edge, cases[i].kid);
        if (own.lo != cases[i].own.lo || own.hi != cases[i].own.hi) {
            fail_msg("%s: %lld to %lld", cases[i].why, (long long)own.lo, (long long)own.hi);
        }
    }
    zw_span none = zw_edge_called_in(edge, (zw_span){60, 80});
    assert_true(none.lo > none.hi);
    zw_col_fini(&kid);
    zw_col_fini(&reader);
}

static void without_memory_a_column_stays_whole(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_col col = {0};
        fill(&col, 0, 9);
        failing_alloc_after(after);
        zw_status status = zw_col_cover(&col, (zw_span){1000, 1001}, NULL);
        status = status == ZW_OK ? zw_col_cover(&col, (zw_span){0, 1000}, NULL) : status;
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(fresh_of(&col).count, 10);
        assert_true(zw_col_at(&col, 9)->value == 9);
        zw_col_fini(&col);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_stay_wherever_the_column_grows),
        cmocka_unit_test(stretches_that_meet_become_one),
        cmocka_unit_test(stale_is_made_only_what_is_covered_and_asked),
        cmocka_unit_test(too_many_periods_at_once_are_refused),
        cmocka_unit_test(reads_at_one_distance_are_one_run),
        cmocka_unit_test(without_memory_a_column_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
