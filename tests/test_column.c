/* The column of a series: its leaves lie in order, whichever way they came. */
#include "store/column.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static void leaves_are_found_whatever_their_distance(void **state)
{
    static const int64_t indexes[] = {5, 6, -3, 1LL << 50, 7, 0, -(1LL << 50), 4};
    enum { COUNT = sizeof indexes / sizeof indexes[0] };
    (void)state;
    zw_column column = {0};
    zw_leaf *leaves[COUNT];
    assert_null(zw_column_find(&column, 5));
    for (size_t i = 0; i < COUNT; i++) {
        leaves[i] = zw_column_ensure(&column, indexes[i]);
        assert_non_null(leaves[i]);
        assert_true(leaves[i]->is_loaded && leaves[i]->index == indexes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(zw_column_find(&column, indexes[i]), leaves[i]);
        assert_ptr_equal(zw_column_ensure(&column, indexes[i]), leaves[i]);
    }
    for (size_t i = 1; i < column.count; i++) {
        assert_true(column.leaves[i - 1]->index < column.leaves[i]->index);
    }
    assert_int_equal(column.count, COUNT);
    assert_null(zw_column_find(&column, 1));
    assert_null(zw_column_find(&column, INT64_MAX));
    zw_column_fini(&column);
    assert_int_equal(column.count, 0);
}

static void a_leaf_says_what_it_holds_wherever_that_is(void **state)
{
    (void)state;
    zw_column column = {0};
    zw_leaf *leaf = zw_column_ensure(&column, 1);
    zw_figure figure = {.value = 2, .known_at_ms = 3, .batch = 1};
    zw_change change = ZW_CHANGE_NEW;
    assert_non_null(leaf);
    assert_int_equal(zw_leaf_about(leaf).used, 0);
    assert_int_equal(zw_slab_put(&leaf->page, 9, &figure, &change, NULL), ZW_OK);
    assert_int_equal(zw_leaf_about(leaf).last, 9);
    leaf->about = (zw_slab_about){.first = 1, .last = 2, .used = 2};
    leaf->is_loaded = false;
    assert_int_equal(zw_leaf_about(leaf).last, 2);
    zw_column_fini(&column);
}

static void refused_memory_makes_no_leaf(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_column column = {0};
        size_t made = 0;
        failing_alloc_after(n);
        while (made < 20 && zw_column_ensure(&column, (int64_t)(made * 7 % 20)) != NULL) {
            made++;
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(made == 20, !was_refused);
        assert_int_equal(column.count, made);
        zw_column_fini(&column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_are_found_whatever_their_distance),
        cmocka_unit_test(a_leaf_says_what_it_holds_wherever_that_is),
        cmocka_unit_test(refused_memory_makes_no_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
