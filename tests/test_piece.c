/* Pieces of windows: joined they say what the whole says, and what cells bring besides their
 * values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indicator/piece.h"

enum { CELLS_MOST = 8 };

#define NONE NAN /* a cell without a value */
#define LEFT_OUT (-1e300)
#define END INFINITY

static zw_cell cell_of(double value)
{
    if (value == LEFT_OUT) {
        return zw_cell_missing(ZW_REASON_LEFT_OUT);
    }
    return isnan(value) ? zw_cell_missing(ZW_REASON_NO_FIGURE) : zw_cell_of(value);
}

static size_t count_of(const double *values)
{
    size_t count = 0;
    while (count < CELLS_MOST && !isinf(values[count])) {
        count++;
    }
    return count;
}

/* Folds values that are cut in two at `cut`: the first part backward, the second forward. */
static zw_cell folded(zw_how how, bool is_sampled, const double *values, size_t cut)
{
    zw_piece older = zw_piece_none(how, is_sampled);
    zw_piece newer = older;
    size_t count = count_of(values);
    for (size_t i = cut; i-- > 0;) {
        zw_cell cell = cell_of(values[i]);
        zw_piece_prepend(&older, (double)i, &cell);
    }
    for (size_t i = cut; i < count; i++) {
        zw_cell cell = cell_of(values[i]);
        zw_piece_append(&newer, (double)i, &cell);
    }
    zw_piece whole = zw_piece_joined(&older, &newer);
    return zw_piece_cell(&whole);
}

/* Worked by python3: statistics.stdev, statistics.linear_regression, by hand where it is short. */
static void wherever_it_is_cut_a_fold_says_the_same(void **state)
{
    static const struct {
        const char *why;
        zw_how how;
        bool is_sampled;
        double values[CELLS_MOST];
        zw_reason reason;
        double expected;
    } rows[] = {
        {"1 + 5 + 9 + 2 + 6", ZW_HOW_SUM, false, {1, 5, 9, 2, 6, END}, ZW_REASON_NONE, 23},
        {"what a plain sum loses",
         ZW_HOW_SUM,
         false,
         {1, 1e100, 1, -1e100, END},
         ZW_REASON_NONE,
         2},
        {"23 / 5", ZW_HOW_MEAN, false, {1, 5, 9, 2, 6, END}, ZW_REASON_NONE, 4.6},
        {"the largest", ZW_HOW_MAX, false, {-1, -5, -9, END}, ZW_REASON_NONE, -1},
        {"the smallest", ZW_HOW_MIN, false, {1, 5, 9, END}, ZW_REASON_NONE, 1},
        {"how many", ZW_HOW_COUNT, false, {1, 5, 9, END}, ZW_REASON_NONE, 3},
        {"the first", ZW_HOW_FIRST, false, {1, 5, 9, END}, ZW_REASON_NONE, 1},
        {"the last", ZW_HOW_LAST, false, {1, 5, 9, END}, ZW_REASON_NONE, 9},
        {"statistics.stdev",
         ZW_HOW_STDDEV,
         false,
         {1, 5, 9, 2, 6, END},
         ZW_REASON_NONE,
         3.2093613071762426},
        {"far from zero: that of 0 1 2",
         ZW_HOW_STDDEV,
         false,
         {1e9, 1e9 + 1, 1e9 + 2, END},
         ZW_REASON_NONE,
         1},
        {"of equal ones none", ZW_HOW_STDDEV, false, {0.1, 0.1, 0.1, END}, ZW_REASON_NONE, 0},
        {"of one none is known", ZW_HOW_STDDEV, false, {5, END}, ZW_REASON_TOO_FEW, 0},
        {"statistics.linear_regression",
         ZW_HOW_SLOPE,
         false,
         {1, 5, 9, 2, 6, END},
         ZW_REASON_NONE,
         0.7},
        {"of one none is known", ZW_HOW_SLOPE, false, {5, END}, ZW_REASON_TOO_FEW, 0},
        {"one that lacks is one too many",
         ZW_HOW_SUM,
         false,
         {1, NONE, 9, END},
         ZW_REASON_NO_FIGURE,
         0},
        {"of what is read live it is passed over",
         ZW_HOW_SUM,
         true,
         {NONE, 1, NONE, 9, NONE, END},
         ZW_REASON_NONE,
         10},
        {"and not counted", ZW_HOW_COUNT, true, {NONE, 1, NONE, 9, NONE, END}, ZW_REASON_NONE, 2},
        {"the first that is in",
         ZW_HOW_FIRST,
         true,
         {NONE, 1, NONE, 9, NONE, END},
         ZW_REASON_NONE,
         1},
        {"the last that is in",
         ZW_HOW_LAST,
         true,
         {NONE, 1, NONE, 9, NONE, END},
         ZW_REASON_NONE,
         9},
        {"(9 - 1) / (3 - 1): periods that lack lie between",
         ZW_HOW_SLOPE,
         true,
         {NONE, 1, NONE, 9, NONE, END},
         ZW_REASON_NONE,
         4},
        {"one left out is passed over",
         ZW_HOW_MEAN,
         false,
         {1, LEFT_OUT, 9, END},
         ZW_REASON_NONE,
         5},
        {"a sum of those left out is nothing",
         ZW_HOW_SUM,
         false,
         {LEFT_OUT, LEFT_OUT, END},
         ZW_REASON_NONE,
         0},
        {"so many are none", ZW_HOW_COUNT, true, {LEFT_OUT, NONE, END}, ZW_REASON_NONE, 0},
        {"a mean of them is none",
         ZW_HOW_MEAN,
         false,
         {LEFT_OUT, LEFT_OUT, END},
         ZW_REASON_LEFT_OUT,
         0},
        {"one that lacks is still one too many",
         ZW_HOW_SUM,
         false,
         {LEFT_OUT, NONE, END},
         ZW_REASON_NO_FIGURE,
         0},
        {"none in is none", ZW_HOW_MAX, true, {NONE, NONE, END}, ZW_REASON_NO_FIGURE, 0},
        {"too large to be a number",
         ZW_HOW_SUM,
         false,
         {1.7e308, 1.7e308, END},
         ZW_REASON_NOT_FINITE,
         0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t cut = 0; cut <= count_of(rows[i].values); cut++) {
            zw_cell cell = folded(rows[i].how, rows[i].is_sampled, rows[i].values, cut);
            if (cell.reason != rows[i].reason ||
                fabs(cell.value - rows[i].expected) > 1e-14 * fabs(rows[i].expected)) {
                fail_msg("%s, cut at %zu: %.17g, %s", rows[i].why, cut, cell.value,
                         zw_reason_text((zw_reason)cell.reason));
            }
        }
    }
}

static void marks_and_moments_are_everybodys(void **state)
{
    (void)state;
    zw_cell old = zw_cell_of(1);
    zw_cell young = zw_cell_of(2);
    zw_cell skipped = zw_cell_missing(ZW_REASON_SKIPPED);
    old.marks = ZW_MARK_SYNTHETIC;
    old.known_at_ms = 70;
    old.in = 3;
    old.of = 4;
    young.marks = ZW_MARK_PROVISIONAL;
    young.known_at_ms = 50;
    young.until_ms = 900;
    young.in = young.of = 2;
    skipped.until_ms = 800;
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        zw_piece fold = zw_piece_none(ZW_HOW_MEAN, false);
        zw_piece rest = fold;
        zw_piece_prepend(&fold, 0, &old);
        zw_piece_append(is_cut ? &rest : &fold, 1, &skipped);
        zw_piece_append(is_cut ? &rest : &fold, 2, &young);
        fold = zw_piece_joined(&fold, &rest);
        zw_cell cell = zw_piece_cell(&fold);
        assert_true(cell.value == 1.5);
        assert_int_equal(cell.marks, ZW_MARK_SYNTHETIC | ZW_MARK_PROVISIONAL);
        assert_int_equal(cell.known_at_ms, 70);
        assert_int_equal(cell.until_ms, 800);
        assert_int_equal(cell.in, 3);
        assert_int_equal(cell.of, 4);
        assert_int_equal(cell.span, 1);
    }
}

static void the_first_in_time_says_why(void **state)
{
    (void)state;
    zw_cell first = zw_cell_missing(ZW_REASON_WITHDRAWN);
    zw_cell second = zw_cell_missing(ZW_REASON_LATE);
    zw_piece older = zw_piece_none(ZW_HOW_SUM, false);
    zw_piece newer = older;
    first.detail = 1;
    second.detail = 2;
    zw_piece_prepend(&older, 1, &second);
    zw_piece_prepend(&older, 0, &first);
    zw_cell cell = zw_piece_cell(&older);
    assert_true(cell.reason == ZW_REASON_WITHDRAWN && cell.detail == 1);
    zw_piece_append(&newer, 2, &second);
    zw_piece_append(&newer, 3, &first);
    cell = zw_piece_cell(&newer);
    assert_true(cell.reason == ZW_REASON_LATE && cell.detail == 2);
    zw_piece whole = zw_piece_joined(&older, &newer);
    cell = zw_piece_cell(&whole);
    assert_true(cell.reason == ZW_REASON_WITHDRAWN && cell.detail == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wherever_it_is_cut_a_fold_says_the_same),
        cmocka_unit_test(marks_and_moments_are_everybodys),
        cmocka_unit_test(the_first_in_time_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
