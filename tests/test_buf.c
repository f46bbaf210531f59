/* Tests of the buffer. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "failing_alloc.h"

#include <stdlib.h>
#include <string.h>

static void bytes_are_put_behind_each_other(void **state)
{
    (void)state;
    zw_buf buf;
    zw_buf_init(&buf, 1000);
    assert_string_equal(zw_buf_view(&buf), "");
    assert_true(zw_buf_puts(&buf, "ab"));
    assert_true(zw_buf_putc(&buf, 'c'));
    assert_true(zw_buf_append(&buf, "d\0e", 3));
    assert_true(zw_buf_append(&buf, NULL, 0));
    assert_true(zw_buf_printf(&buf, "%d%s", 12, ""));
    assert_true(zw_buf_printf(&buf, "%s", ""));
    assert_int_equal(buf.len, 8);
    assert_memory_equal(zw_buf_view(&buf), "abcd\0e12", 9); /* the NUL behind the end too */
    zw_buf_fini(&buf);
    assert_null(buf.data);
}

static void it_holds_exactly_its_ceiling(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 200; ceiling++) {
        zw_buf buf;
        zw_buf_init(&buf, ceiling);
        for (size_t i = 0; i < ceiling; i++) {
            assert_true(zw_buf_putc(&buf, 'x'));
        }
        assert_true(zw_buf_puts(&buf, ""));
        assert_false(buf.has_failed);
        assert_false(zw_buf_putc(&buf, 'x'));
        assert_true(buf.has_failed);
        assert_int_equal(buf.len, ceiling);
        assert_int_equal(strlen(zw_buf_view(&buf)), ceiling);
        zw_buf_fini(&buf);
    }
}

static void a_failure_sticks_until_the_buffer_is_cleared(void **state)
{
    (void)state;
    zw_buf buf;
    zw_buf_init(&buf, 4);
    assert_true(zw_buf_puts(&buf, "ab"));
    assert_false(zw_buf_printf(&buf, "%s", "long"));
    assert_false(zw_buf_putc(&buf, 'c')); /* it would fit, but something is missing before it */
    assert_false(zw_buf_puts(&buf, ""));
    assert_string_equal(zw_buf_view(&buf), "ab");
    zw_buf_clear(&buf);
    assert_string_equal(zw_buf_view(&buf), "");
    assert_true(zw_buf_puts(&buf, "abcd"));
    assert_false(zw_buf_append(&buf, "x", SIZE_MAX));
    assert_null(zw_buf_take(&buf));
    zw_buf_fini(&buf);
}

static void the_bytes_can_be_taken(void **state)
{
    (void)state;
    zw_buf buf;
    zw_buf_init(&buf, 100);
    assert_null(zw_buf_take(&buf));
    assert_true(zw_buf_puts(&buf, "mine"));
    char *taken = zw_buf_take(&buf);
    assert_string_equal(taken, "mine");
    assert_int_equal(buf.len, 0);
    assert_true(zw_buf_puts(&buf, "next"));
    assert_string_equal(taken, "mine");
    free(taken);
    zw_buf_fini(&buf);
    zw_buf zeroed = {0};
    zw_buf_clear(&zeroed);
    zw_buf_fini(&zeroed);
}

static void each_allocation_may_be_refused(void **state)
{
    (void)state;
    bool was_refused = true;
    for (int n = 0; was_refused; n++) {
        zw_buf buf;
        zw_buf_init(&buf, 100000);
        failing_alloc_after(n);
        for (int i = 0; i < 2000; i++) {
            (void)zw_buf_printf(&buf, "%d ", i);
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(buf.has_failed, was_refused);
        assert_int_equal(strlen(zw_buf_view(&buf)), buf.len);
        zw_buf_clear(&buf);
        assert_true(zw_buf_puts(&buf, "again"));
        assert_string_equal(zw_buf_view(&buf), "again");
        zw_buf_fini(&buf);
        assert_in_range(n, 0, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_put_behind_each_other),
        cmocka_unit_test(it_holds_exactly_its_ceiling),
        cmocka_unit_test(a_failure_sticks_until_the_buffer_is_cleared),
        cmocka_unit_test(the_bytes_can_be_taken),
        cmocka_unit_test(each_allocation_may_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
