/* Folds: several cells made into one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indicator/fold.h"

#include <string.h>

static zw_cell of_reports(double value, uint16_t in, uint16_t of)
{
    zw_cell cell = in < of && value == 0 ? zw_cell_missing(ZW_REASON_NO_FIGURE) : zw_cell_of(value);
    cell.in = in;
    cell.of = of;
    return cell;
}

static const struct {
    const char *why;
    zw_how how;
    double values[4];
    double result;
} sums[] = {
    {"a sum", ZW_HOW_SUM, {1, 2, 3, 4}, 10},
    {"a mean", ZW_HOW_MEAN, {1, 2, 3, 6}, 3},
    {"the greatest of negatives", ZW_HOW_MAX, {-4, -2, -3, -9}, -2},
    {"the least", ZW_HOW_MIN, {4, 2, 3, 9}, 2},
    {"how many", ZW_HOW_COUNT, {4, 2, 3, 9}, 4},
    {"1e16 + 1 + 1 - 1e16 is 2: plain addition says 0", ZW_HOW_SUM, {1e16, 1, 1, -1e16}, 2},
    {"the same in another order", ZW_HOW_SUM, {1, -1e16, 1, 1e16}, 2},
    {"the same in a third", ZW_HOW_SUM, {1, 1, 1e16, -1e16}, 2},
    {"a mean loses nothing to order either: 2 / 4", ZW_HOW_MEAN, {1, 1e16, -1e16, 1}, 0.5},
};

static void numbers_fold_as_worked_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        zw_fold fold;
        zw_fold_init(&fold, sums[i].how, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, false);
        assert_true(zw_fold_is_empty(&fold));
        for (size_t v = 0; v < 4; v++) {
            zw_cell cell = zw_cell_of(sums[i].values[v]);
            zw_fold_take(&fold, &cell, (int64_t)v);
        }
        zw_cell out = zw_fold_cell(&fold);
        if (!zw_cell_stands(&out) || out.value != sums[i].result) {
            fail_msg("%s: expected %.17g, found %.17g", sums[i].why, sums[i].result, out.value);
        }
    }
}

static void one_missing_makes_all_missing_and_is_named(void **state)
{
    (void)state;
    zw_fold fold;
    zw_fold_init(&fold, ZW_HOW_SUM, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, false);
    zw_cell in = of_reports(5, 2, 2);
    zw_cell out_of = of_reports(0, 1, 3);
    zw_fold_take(&fold, &in, 7);
    zw_fold_take(&fold, &out_of, 8);
    zw_cell out = zw_fold_cell(&fold);
    assert_int_equal(out.reason, ZW_REASON_PART_MISSING);
    assert_int_equal(out.detail, 8);
    assert_int_equal(out.in, 3); /* 2 + 1 */
    assert_int_equal(out.of, 5);
}

static void a_partial_one_stands_on_those_that_are_in(void **state)
{
    (void)state;
    zw_fold fold;
    zw_fold_init(&fold, ZW_HOW_MEAN, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, true);
    zw_cell in = of_reports(5, 2, 2);
    zw_cell out_of = of_reports(0, 1, 3);
    zw_fold_take(&fold, &out_of, 8);
    zw_cell nobody = zw_fold_cell(&fold);
    assert_int_equal(nobody.reason, ZW_REASON_PART_MISSING);
    zw_fold_take(&fold, &in, 7);
    zw_cell out = zw_fold_cell(&fold);
    assert_true(zw_cell_stands(&out));
    assert_true(out.value == 5);
    assert_int_equal(out.in, 2); /* what the missing one has of its own is in no value */
    assert_int_equal(out.of, 5);
}

static void a_group_is_named_only_beside_others(void **state)
{
    (void)state;
    zw_fold fold;
    zw_cell hole = zw_cell_missing(ZW_REASON_NO_FIGURE);
    zw_cell withdrawn = zw_cell_missing(ZW_REASON_WITHDRAWN);
    zw_cell one = zw_cell_of(1);
    zw_fold_init(&fold, ZW_HOW_SUM, ZW_TYPE_NUMBER, ZW_REASON_GROUP_MISSING, false);
    zw_fold_take(&fold, &hole, 3);
    zw_cell out = zw_fold_cell(&fold);
    assert_int_equal(out.reason, ZW_REASON_NO_FIGURE); /* nothing is in: no group lacks */
    zw_fold_take(&fold, &one, 4);
    out = zw_fold_cell(&fold);
    assert_int_equal(out.reason, ZW_REASON_GROUP_MISSING);
    assert_int_equal(out.detail, 3);
    zw_fold_init(&fold, ZW_HOW_SUM, ZW_TYPE_NUMBER, ZW_REASON_GROUP_MISSING, false);
    zw_fold_take(&fold, &one, 4);
    zw_fold_take(&fold, &withdrawn, 3);
    out = zw_fold_cell(&fold);
    assert_int_equal(out.reason, ZW_REASON_WITHDRAWN); /* says more than that it lacks */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_fold_as_worked_by_hand),
        cmocka_unit_test(one_missing_makes_all_missing_and_is_named),
        cmocka_unit_test(a_partial_one_stands_on_those_that_are_in),
        cmocka_unit_test(a_group_is_named_only_beside_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
