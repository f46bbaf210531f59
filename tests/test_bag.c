/* A bag of numbers: what it folds to does not depend on the order they came in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "indicator/bag.h"

#include <stdlib.h>

enum { MOST = 5 };

static void folds_are_of_all_values_in_any_order(void **state)
{
    static const struct {
        const char *why;
        double values[MOST];
        size_t count;
        zw_how how;
        double share, value;
        zw_reason reason;
    } rows[] = {
        {"the middle of three", {9, 1, 4}, 3, ZW_HOW_MEDIAN, 0, 4, ZW_REASON_NONE},
        {"between two of four", {8, 2, 1, 4}, 4, ZW_HOW_MEDIAN, 0, 3, ZW_REASON_NONE},
        {"the median of one", {7}, 1, ZW_HOW_MEDIAN, 0, 7, ZW_REASON_NONE},
        {"the least", {3, 1, 2}, 3, ZW_HOW_QUANTILE, 0, 1, ZW_REASON_NONE},
        {"the greatest", {3, 1, 2}, 3, ZW_HOW_QUANTILE, 1, 3, ZW_REASON_NONE},
        {"a tenth of the way", {11, 1}, 2, ZW_HOW_QUANTILE, 0.1, 2, ZW_REASON_NONE},
        {"by n - 1", {2, 4, 6, 8, 10}, 5, ZW_HOW_STDDEV, 0, 3.1622776601683795, ZW_REASON_NONE},
        {"far from zero nothing is lost",
         {1e9 + 1, 1e9 + 2, 1e9 + 3},
         3,
         ZW_HOW_STDDEV,
         0,
         1,
         ZW_REASON_NONE},
        {"the deviation of one", {2}, 1, ZW_HOW_STDDEV, 0, 0, ZW_REASON_TOO_FEW},
        {"nothing", {0}, 0, ZW_HOW_MEDIAN, 0, 0, ZW_REASON_NO_ITEM},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t turn = 0; turn < (rows[i].count > 0 ? rows[i].count : 1); turn++) {
            zw_bag bag = {0};
            for (size_t k = 0; k < rows[i].count; k++) {
                assert_true(zw_bag_put(&bag, rows[i].values[(k + turn) % rows[i].count]));
            }
            zw_cell cell = zw_bag_fold(&bag, rows[i].how, rows[i].share);
            free(bag.at);
            if (cell.reason != (uint8_t)rows[i].reason || cell.value != rows[i].value) {
                fail_msg("%s: %.17g, %s", rows[i].why, cell.value,
                         zw_reason_text((zw_reason)cell.reason));
            }
        }
    }
}

static void without_memory_nothing_is_put(void **state)
{
    (void)state;
    zw_bag bag = {0};
    failing_alloc_after(0);
    assert_false(zw_bag_put(&bag, 1));
    assert_true(failing_alloc_stop());
    assert_int_equal(bag.count, 0);
    free(bag.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_are_of_all_values_in_any_order),
        cmocka_unit_test(without_memory_nothing_is_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
