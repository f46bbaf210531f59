/* Cells: what is inherited, what is needed, compensated sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indicator/cell.h"

static void a_cell_inherits_marks_moments_and_the_less_complete_count(void **state)
{
    (void)state;
    zw_cell cell = zw_cell_of(1);
    zw_cell whole = {
        .until_ms = 50, .known_at_ms = 7, .in = 4, .of = 4, .span = 1, .marks = ZW_MARK_SYNTHETIC};
    zw_cell part = {.until_ms = 90,
                    .known_at_ms = 3,
                    .in = 3,
                    .of = 4,
                    .span = 2,
                    .marks = ZW_MARK_PROVISIONAL};
    zw_cell_inherit(&cell, &whole);
    zw_cell_inherit(&cell, &part);
    assert_int_equal(cell.marks, ZW_MARK_SYNTHETIC | ZW_MARK_PROVISIONAL);
    assert_int_equal(cell.until_ms, 50);
    assert_int_equal(cell.known_at_ms, 7);
    assert_int_equal(cell.in, 3);
    assert_int_equal(cell.of, 4);
    assert_int_equal(cell.span, 2);
    zw_cell constant = zw_cell_of(2);
    zw_cell_inherit(&cell, &constant); /* a constant has no reports to lack */
    assert_int_equal(cell.in, 3);
    zw_cell more = {.in = 6, .of = 8, .span = 1};
    zw_cell_inherit(&cell, &more); /* as complete, of more: in whatever order they come */
    zw_cell_inherit(&cell, &part);
    assert_int_equal(cell.in, 6);
    assert_int_equal(cell.of, 8);
}

static void the_first_missing_input_says_why(void **state)
{
    (void)state;
    zw_cell cell = zw_cell_of(0);
    zw_cell late = zw_cell_missing(ZW_REASON_LATE);
    zw_cell zero = zw_cell_missing(ZW_REASON_DIVIDE_BY_ZERO);
    late.detail = 42;
    zw_cell_need(&cell, &late);
    zw_cell_need(&cell, &zero);
    assert_false(zw_cell_stands(&cell));
    assert_int_equal(cell.reason, ZW_REASON_LATE);
    assert_int_equal(cell.detail, 42);
}

static void unknown_is_neither_true_nor_false(void **state)
{
    (void)state;
    zw_cell yes = zw_cell_of(1);
    zw_cell no = zw_cell_of(0);
    zw_cell unknown = zw_cell_missing(ZW_REASON_NO_FIGURE);
    assert_true(zw_cell_is_true(&yes) && !zw_cell_is_false(&yes));
    assert_true(zw_cell_is_false(&no) && !zw_cell_is_true(&no));
    assert_false(zw_cell_is_true(&unknown) || zw_cell_is_false(&unknown));
}

static void a_sum_loses_nothing_to_order(void **state)
{
    (void)state;
    zw_sum sum = {0, 0};
    const double values[] = {1.0, 1e100, 1.0, -1e100};
    for (size_t i = 0; i < 4; i++) {
        zw_sum_add(&sum, values[i]);
    }
    assert_true(zw_sum_total(&sum) == 2.0);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    for (int reason = ZW_REASON_NO_FIGURE; reason < ZW_REASON_COUNT; reason++) {
        assert_true(zw_reason_text((zw_reason)reason)[0] != '\0');
    }
    assert_string_equal(zw_reason_text(ZW_REASON_COUNT), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_inherits_marks_moments_and_the_less_complete_count),
        cmocka_unit_test(the_first_missing_input_says_why),
        cmocka_unit_test(unknown_is_neither_true_nor_false),
        cmocka_unit_test(a_sum_loses_nothing_to_order),
        cmocka_unit_test(every_reason_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
