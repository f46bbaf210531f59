/* A set of keys: what was put is found, through every growth; without memory nothing changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "indicator/keys.h"

enum { COUNT = 10000 };

static void what_was_put_is_found_and_nothing_else(void **state)
{
    (void)state;
    static char values[COUNT];
    zw_keys keys = {0};
    assert_null(zw_keys_find(&keys, (zw_key){0, 0}));
    for (uint64_t i = 0; i < COUNT; i++) {
        assert_true(zw_keys_put(&keys, (zw_key){i % 100, i / 100}, &values[i]));
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(zw_keys_find(&keys, (zw_key){i % 100, i / 100}), &values[i]);
    }
    assert_null(zw_keys_find(&keys, (zw_key){100, 0}));
    assert_null(zw_keys_find(&keys, (zw_key){0, 100}));
    zw_keys_fini(&keys);
}

static void without_memory_nothing_changes(void **state)
{
    (void)state;
    char value = 0;
    zw_keys keys = {0};
    failing_alloc_after(0);
    assert_false(zw_keys_put(&keys, (zw_key){1, 2}, &value));
    assert_true(failing_alloc_stop());
    assert_null(zw_keys_find(&keys, (zw_key){1, 2}));
    assert_true(zw_keys_put(&keys, (zw_key){1, 2}, &value));
    assert_ptr_equal(zw_keys_find(&keys, (zw_key){1, 2}), &value);
    zw_keys_fini(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(without_memory_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
