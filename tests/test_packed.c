/* Packing: what goes in comes out, and what was changed is noticed. */
#include "store/packed.h"

#include "failing_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char text[20000];

static void fill(size_t len)
{
    for (size_t i = 0; i < len; i++) {
        text[i] = (char)('a' + i * i % 7);
    }
}

static void what_goes_in_comes_out(void **state)
{
    static const size_t lengths[] = {0, 1, 127, 128, 129, 5000, sizeof text};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        zw_buf packed;
        zw_buf back;
        zw_buf_init(&packed, 1 << 20);
        zw_buf_init(&back, 1 << 20);
        fill(lengths[i]);
        assert_int_equal(zw_packed_put((zw_text){text, lengths[i]}, &packed, NULL), ZW_OK);
        assert_true(packed.len <= lengths[i]);
        assert_true(lengths[i] < 5000 || packed.len * 4 < lengths[i]);
        zw_text all = {zw_buf_view(&packed), packed.len};
        assert_int_equal(zw_packed_get(all, lengths[i], &back, NULL), ZW_OK);
        assert_int_equal(back.len, lengths[i]);
        assert_memory_equal(zw_buf_view(&back), text, lengths[i]);
        assert_int_equal(zw_packed_sum((zw_text){zw_buf_view(&back), back.len}),
                         zw_packed_sum((zw_text){text, lengths[i]}));
        zw_buf_fini(&packed);
        zw_buf_fini(&back);
    }
}

static void what_was_changed_is_damaged(void **state)
{
    (void)state;
    zw_buf packed;
    zw_buf_init(&packed, 1 << 20);
    fill(5000);
    assert_int_equal(zw_packed_put((zw_text){text, 5000}, &packed, NULL), ZW_OK);
    for (size_t i = 0; i < 4; i++) {
        const size_t lens[] = {4999, 5001, 1, packed.len - 1};
        zw_buf back;
        zw_buf_init(&back, 1 << 20);
        zw_status status =
            zw_packed_get((zw_text){zw_buf_view(&packed), packed.len}, lens[i], &back, NULL);
        assert_int_equal(status, ZW_STORE);
        zw_buf_fini(&back);
    }
    packed.data[packed.len / 2] ^= 0x55;
    zw_buf back;
    zw_buf_init(&back, 1 << 20);
    zw_text changed = {packed.data, packed.len};
    zw_status status = zw_packed_get(changed, 5000, &back, NULL);
    assert_true(status == ZW_STORE || zw_packed_sum((zw_text){zw_buf_view(&back), back.len}) !=
                                          zw_packed_sum((zw_text){text, 5000}));
    zw_buf_fini(&back);
    zw_buf_fini(&packed);
}

static void without_memory_it_is_kept_as_it_is(void **state)
{
    (void)state;
    bool was_refused = true;
    fill(5000);
    for (long n = 0; was_refused; n++) {
        zw_buf packed;
        zw_buf_init(&packed, 1 << 20);
        failing_alloc_after(n);
        zw_status status = zw_packed_put((zw_text){text, 5000}, &packed, NULL);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || status == ZW_NOMEM);
        zw_buf_fini(&packed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(what_was_changed_is_damaged),
        cmocka_unit_test(without_memory_it_is_kept_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
