/* Coded doubles come back bit by bit, and those with few decimals are small. */
#include "store/codec.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MOST = 2500 };

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed ^ *seed >> 29;
}

static size_t round_trip(const double *values, size_t count)
{
    static double back[MOST];
    zw_buf buf;
    zw_buf_init(&buf, 1 << 20);
    zw_codec_put(&buf, values, count);
    assert_false(buf.has_failed);
    const uint8_t *at = (const uint8_t *)buf.data;
    zw_wire from = {at, at + buf.len, false};
    zw_codec_take(&from, back, count);
    assert_false(from.is_bad);
    assert_int_equal(zw_wire_left(&from), 0);
    assert_memory_equal(back, values, count > 0 ? count * sizeof(double) : 0);
    size_t len = buf.len;
    zw_buf_fini(&buf);
    return len;
}

static double double_of(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

enum shape { WALK, MONEY, COUNTER, CONSTANT, ENTROPY, THIRDS };

/* The value behind a walk of so many ten-thousandths, or what its shape says. */
static double shaped(enum shape shape, size_t i, int64_t walk, uint64_t *seed)
{
    double money = (double)(next_random(seed) % 6400000) / 100;
    switch (shape) {
    case WALK:
        return (double)walk / 1e4;
    case MONEY:
        return money;
    case COUNTER:
        return 1e12 + 60 * (double)i;
    case CONSTANT:
        return 0.1;
    case ENTROPY:
        return (double)next_random(seed) / 1.7e19;
    default:
        return i % 100 == 3 ? money / 3 : money;
    }
}

static void what_has_few_decimals_is_small(void **state)
{
    static const struct {
        const char *why;
        enum shape shape;
        size_t most_bytes; /* of 1,000 */
    } cases[] = {
        {"the peers' random walk", WALK, 1690},
        {"money costs its digits", MONEY, 2850},
        {"a counter is free", COUNTER, 24},
        {"a constant is free", CONSTANT, 8},
        {"what has all its digits is as it is", ENTROPY, 8001},
        {"a few of those among others pay for themselves", THIRDS, 2850 + 10 * 10},
    };
    static double values[MOST];
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        uint64_t seed = 1;
        int64_t walk = 1000000;
        for (size_t i = 0; i < 1000; i++) {
            walk += (int64_t)(next_random(&seed) % 10001) - 5000;
            values[i] = shaped(cases[c].shape, i, walk, &seed);
        }
        size_t bytes = round_trip(values, 1000);
        if (bytes > cases[c].most_bytes) {
            fail_msg("%s: %zu bytes", cases[c].why, bytes);
        }
    }
}

static void odd_values_come_back(void **state)
{
    (void)state;
    const double odd[] = {0.0,
                          -0.0,
                          NAN,
                          -NAN,
                          double_of(UINT64_C(0x7FF0000000000001)),
                          double_of(UINT64_C(0xFFF8DEADBEEF0001)),
                          INFINITY,
                          -INFINITY,
                          DBL_MIN,
                          DBL_TRUE_MIN,
                          -DBL_TRUE_MIN,
                          DBL_MAX,
                          -DBL_MAX,
                          0x1p51,
                          0x1p53,
                          0x1p53 + 2,
                          0.1 + 0.2,
                          1e15,
                          1e22,
                          1e23,
                          123456.789,
                          5e-324};
    enum { ODD = sizeof odd / sizeof odd[0] };
    double among[ODD + 200];
    (void)round_trip(odd, ODD);
    for (size_t i = 0; i < ODD + 200; i++) { /* as exceptions among common ones */
        among[i] = i % 10 == 3 ? odd[i / 10] : (double)i / 8;
    }
    (void)round_trip(among, ODD + 200);
    for (size_t i = 0; i < ODD; i++) {
        (void)round_trip(&odd[i], 1);
    }
}

static void any_bits_come_back(void **state)
{
    static double values[MOST];
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 3000; round++) {
        size_t count = (size_t)(next_random(&seed) % (round % 50 == 0 ? MOST : 50));
        double power = pow(10, (double)(next_random(&seed) % 18));
        uint64_t raw = next_random(&seed) % 4;
        unsigned shift = (unsigned)(next_random(&seed) % 60);
        for (size_t i = 0; i < count; i++) {
            values[i] = next_random(&seed) % 5 < raw
                            ? double_of(next_random(&seed))
                            : (double)(int64_t)(next_random(&seed) >> shift) / power;
        }
        (void)round_trip(values, count);
    }
}

static void damage_is_bad_or_other_values_but_never_harms(void **state)
{
    static double values[MOST];
    (void)state;
    uint64_t seed = 3;
    size_t bad = 0;
    for (int round = 0; round < 2000; round++) {
        size_t count = 1 + (size_t)(next_random(&seed) % 60);
        zw_buf buf;
        zw_buf_init(&buf, 1 << 16);
        for (size_t i = 0; i < count; i++) {
            values[i] = i % 9 == 0 ? NAN : (double)(next_random(&seed) % 100) / 4;
        }
        zw_codec_put(&buf, values, count);
        buf.data[next_random(&seed) % buf.len] = (char)next_random(&seed);
        size_t len = buf.len - (round % 2 == 0 ? next_random(&seed) % buf.len : 0);
        uint8_t *cut = malloc(len);
        assert_non_null(cut);
        memcpy(cut, buf.data, len);
        zw_wire from = {cut, cut + len, false};
        zw_codec_take(&from, values, count);
        bad += from.is_bad ? 1 : 0;
        free(cut);
        zw_buf_fini(&buf);
    }
    assert_true(bad > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_few_decimals_is_small),
        cmocka_unit_test(odd_values_come_back),
        cmocka_unit_test(any_bits_come_back),
        cmocka_unit_test(damage_is_bad_or_other_values_but_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
