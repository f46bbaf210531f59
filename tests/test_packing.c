/* Packed numbers come back, take as little as they should, and damage never harms. */
#include "store/packing.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MOST = 2500 };

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed ^ *seed >> 29;
}

static zw_wire wire_of(const zw_buf *buf)
{
    const uint8_t *at = (const uint8_t *)buf->data;
    return (zw_wire){at, at + buf->len, false};
}

/* Packs and takes back. @return the bytes it took. */
static size_t round_trip(const int64_t *numbers, size_t count)
{
    static int64_t back[MOST];
    zw_buf buf;
    zw_buf_init(&buf, 1 << 20);
    zw_packing_put(&buf, numbers, count);
    assert_false(buf.has_failed);
    zw_wire from = wire_of(&buf);
    zw_packing_take(&from, back, count);
    assert_false(from.is_bad);
    assert_int_equal(zw_wire_left(&from), 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(back[i] == numbers[i]);
    }
    size_t len = buf.len;
    zw_buf_fini(&buf);
    return len;
}

enum shape { CONSTANT, RISING, FEW_CHANGES, WALK, NOISE, OUTLIERS, ANYTHING };

/* The number behind `before` in a row of some shape. */
static int64_t shaped(enum shape shape, size_t i, int64_t before, uint64_t *seed)
{
    switch (shape) {
    case CONSTANT:
        return -1234567890123;
    case RISING:
        return INT64_MAX - 5000 + (int64_t)i * 3;
    case FEW_CHANGES:
        return (int64_t)(i / 250) * 100000 % 7;
    case WALK:
        return before + (int64_t)(next_random(seed) % 10001) - 5000;
    case NOISE:
        return 1000000 + (int64_t)(next_random(seed) % 16);
    case OUTLIERS:
        return i % 100 == 7 ? (int64_t)next_random(seed) : (int64_t)(next_random(seed) % 4);
    default:
        return (int64_t)next_random(seed);
    }
}

static void what_has_an_order_is_small(void **state)
{
    static const struct {
        const char *why;
        enum shape shape;
        size_t most_bytes; /* of a block of 1,000 */
    } cases[] = {
        {"a constant is free", CONSTANT, 10},
        {"a line is free", RISING, 16},
        {"a few runs cost a few bytes", FEW_CHANGES, 20},
        {"10,001 steps cost 13.33 bits, not 14", WALK, 1000 * 40 / 3 / 8 + 16},
        {"noise costs its bits", NOISE, 500 + 8},
        {"outliers cost for themselves", OUTLIERS, 250 + 10 * 12 + 8},
        {"what has no order costs what it is", ANYTHING, 8000 + 32},
    };
    static int64_t numbers[MOST];
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        uint64_t seed = 1;
        for (size_t i = 0; i < 1000; i++) {
            numbers[i] = shaped(cases[c].shape, i, i > 0 ? numbers[i - 1] : 0, &seed);
        }
        size_t bytes = round_trip(numbers, 1000);
        if (bytes > cases[c].most_bytes) {
            fail_msg("%s: %zu bytes", cases[c].why, bytes);
        }
    }
}

/* Numbers of a width, in runs or not, with others between. */
static void fill_at_random(int64_t *numbers, size_t count, uint64_t *seed)
{
    unsigned shift = (unsigned)(next_random(seed) % 64);
    uint64_t stays = next_random(seed) % 3;
    int64_t at = (int64_t)next_random(seed);
    for (size_t i = 0; i < count; i++) {
        if (next_random(seed) % 5 >= stays * 2) {
            at = (int64_t)((uint64_t)(stays == 1 ? at : 0) + (next_random(seed) >> shift));
        }
        numbers[i] = next_random(seed) % 90 == 0 ? (int64_t)next_random(seed) : at;
    }
}

static void any_numbers_come_back(void **state)
{
    static int64_t numbers[MOST];
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        size_t count = (size_t)(next_random(&seed) % (round % 50 == 0 ? MOST : 40));
        fill_at_random(numbers, count, &seed);
        (void)round_trip(numbers, count);
    }
    static const int64_t ends[] = {INT64_MIN, INT64_MAX, 0, -1, INT64_MIN, INT64_MIN + 1};
    (void)round_trip(ends, 6);
    for (uint64_t range = 1; range < 300000; range += range / 7 + 1) {
        for (size_t i = 0; i < 77; i++) {
            numbers[i] = i == 0   ? 0
                         : i == 1 ? (int64_t)range
                                  : (int64_t)(next_random(&seed) % range);
        }
        (void)round_trip(numbers, 77);
    }
}

static void damage_is_bad_or_other_numbers_but_never_harms(void **state)
{
    static int64_t numbers[MOST];
    (void)state;
    uint64_t seed = 3;
    size_t bad = 0;
    for (int round = 0; round < 3000; round++) {
        size_t count = 1 + (size_t)(next_random(&seed) % 60);
        zw_buf buf;
        zw_buf_init(&buf, 1 << 16);
        fill_at_random(numbers, count, &seed);
        zw_packing_put(&buf, numbers, count);
        for (int i = 0; i < 3; i++) {
            buf.data[next_random(&seed) % buf.len] = (char)next_random(&seed);
        }
        /* In a block of just that size, so that reading past it is seen. */
        size_t len = buf.len - (round % 2 == 0 ? next_random(&seed) % buf.len : 0);
        uint8_t *cut = malloc(len);
        assert_non_null(cut);
        for (size_t i = 0; i < len; i++) {
            cut[i] = (uint8_t)buf.data[i];
        }
        zw_wire from = {cut, cut + len, false};
        zw_packing_take(&from, numbers, count);
        bad += from.is_bad ? 1 : 0;
        free(cut);
        zw_buf_fini(&buf);
    }
    assert_true(bad > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_an_order_is_small),
        cmocka_unit_test(any_numbers_come_back),
        cmocka_unit_test(damage_is_bad_or_other_numbers_but_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
