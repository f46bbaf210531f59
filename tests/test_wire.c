/* How numbers lie in a BLOB: they come back, and what was cut or changed is seen. */
#include "store/wire.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static const int64_t numbers[] = {0,         1,         -1,        63,        64,
                                  127,       128,       16383,     16384,     -16384,
                                  1LL << 53, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

static zw_wire wire_of(const zw_buf *buf)
{
    const uint8_t *at = (const uint8_t *)buf->data;
    return (zw_wire){at, at + buf->len, false};
}

static void numbers_come_back(void **state)
{
    (void)state;
    zw_buf buf;
    zw_buf_init(&buf, 1000);
    for (size_t i = 0; i < NUMBERS; i++) {
        zw_wire_put(&buf, (uint64_t)numbers[i]);
        zw_wire_put_signed(&buf, numbers[i]);
        zw_wire_put_fixed(&buf, (uint64_t)numbers[i], i % 9);
        assert_true(zw_zagzig(zw_zigzag(numbers[i])) == numbers[i]);
    }
    zw_wire whole = wire_of(&buf);
    for (size_t i = 0; i < NUMBERS; i++) {
        uint64_t mask = i % 9 < 8 ? (UINT64_C(1) << (8 * (i % 9))) - 1 : UINT64_MAX;
        assert_true(zw_wire_take(&whole) == (uint64_t)numbers[i]);
        assert_true(zw_wire_take_signed(&whole) == numbers[i]);
        assert_true(zw_wire_take_fixed(&whole, i % 9) == ((uint64_t)numbers[i] & mask));
    }
    assert_false(whole.is_bad);
    assert_int_equal(zw_wire_left(&whole), 0);
    assert_int_equal(zw_wire_take(&whole), 0);
    assert_true(whole.is_bad);
    zw_buf_fini(&buf);
}

static void what_cannot_be_is_bad_and_stays_so(void **state)
{
    (void)state;
    static const uint8_t endless[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 7};
    static const uint8_t open_end[] = {0x80};
    zw_wire from = {endless, endless + sizeof endless, false};
    assert_int_equal(zw_wire_take(&from), 0);
    assert_true(from.is_bad);
    assert_int_equal(zw_wire_left(&from), 0);
    assert_int_equal(zw_wire_take_fixed(&from, 1), 0);
    from = (zw_wire){open_end, open_end + 1, false};
    assert_int_equal(zw_wire_take(&from), 0);
    assert_true(from.is_bad);
    from = (zw_wire){endless + 9, endless + 11, false};
    zw_wire part = zw_wire_part(&from, 1);
    assert_int_equal(zw_wire_take_upto(&part, 2), 2);
    assert_int_equal(zw_wire_take_upto(&from, 6), 0);
    assert_true(from.is_bad && !part.is_bad);
    from = (zw_wire){endless, endless + 2, false};
    part = zw_wire_part(&from, 3);
    assert_true(from.is_bad && part.is_bad);
}

static void any_changed_bit_changes_the_sum(void **state)
{
    (void)state;
    uint8_t bytes[37];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7);
    }
    uint32_t sum = zw_wire_sum(bytes, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(zw_wire_sum(bytes, sizeof bytes), sum);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(zw_wire_sum(bytes, sizeof bytes), sum);
    static const uint8_t zeros[16] = {0};
    assert_int_not_equal(zw_wire_sum(zeros, 8), zw_wire_sum(zeros, 16));
    assert_int_not_equal(zw_wire_sum(zeros, 0), zw_wire_sum(zeros, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(what_cannot_be_is_bad_and_stays_so),
        cmocka_unit_test(any_changed_bit_changes_the_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
