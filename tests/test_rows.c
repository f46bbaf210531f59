/* Figures as columns of bytes: each comes back, alike ones are small, damage never harms. */
#include "store/rows.h"

#include "intake/batch.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MOST = 5000 };

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed ^ *seed >> 29;
}

static zw_put random_put(uint64_t *seed)
{
    zw_put put = {.series = (zw_series_id)next_random(seed),
                  .period = (zw_period)(next_random(seed) % (1U << 30)) - (1 << 29),
                  .figure = {.value = (double)(next_random(seed) % 1000) / 8,
                             .known_at_ms = (int64_t)next_random(seed),
                             .batch = (int64_t)(next_random(seed) >> 20),
                             .line = (uint32_t)next_random(seed),
                             .source = (uint32_t)(next_random(seed) % 3),
                             .note = (uint32_t)next_random(seed),
                             .status = (uint8_t)(next_random(seed) % (ZW_OBS_MISSING + 1)),
                             .is_synthetic = next_random(seed) % 2 != 0}};
    return put;
}

static bool is_same(const zw_put *a, const zw_put *b)
{
    return a->series == b->series && a->period == b->period && a->figure.value == b->figure.value &&
           a->figure.known_at_ms == b->figure.known_at_ms && a->figure.batch == b->figure.batch &&
           a->figure.line == b->figure.line && a->figure.source == b->figure.source &&
           a->figure.note == b->figure.note && a->figure.status == b->figure.status &&
           a->figure.is_synthetic == b->figure.is_synthetic;
}

static size_t round_trip(const zw_put *puts, size_t count)
{
    static zw_put back[MOST];
    zw_buf buf;
    zw_buf_init(&buf, 1 << 22);
    zw_rows_put(&buf, puts, count);
    assert_false(buf.has_failed);
    const uint8_t *at = (const uint8_t *)buf.data;
    zw_wire from = {at, at + buf.len, false};
    zw_rows_take(&from, back, count);
    assert_false(from.is_bad);
    assert_int_equal(zw_wire_left(&from), 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(is_same(&puts[i], &back[i]));
    }
    size_t len = buf.len;
    zw_buf_fini(&buf);
    return len;
}

static void any_figures_come_back(void **state)
{
    static zw_put puts[MOST];
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        size_t count = (size_t)(next_random(&seed) % (round % 30 == 0 ? MOST : 20));
        for (size_t i = 0; i < count; i++) {
            puts[i] = random_put(&seed);
        }
        (void)round_trip(puts, count);
    }
}

static void what_a_delivery_says_of_all_its_rows_is_said_once(void **state)
{
    static zw_put puts[MOST];
    (void)state;
    uint64_t seed = 1;
    for (size_t i = 0; i < MOST; i++) { /* 2,000 series, time by time */
        puts[i] = (zw_put){.series = (zw_series_id)(i % 2000),
                           .period = (zw_period)(170000000 + i / 2000),
                           .figure = {.value = (double)(next_random(&seed) % 65536) / 1e4,
                                      .known_at_ms = 1700000000000,
                                      .batch = 77}};
    }
    assert_in_range(round_trip(puts, MOST), 2 * MOST, 2 * MOST + 400);
}

static void damage_is_bad_or_other_figures_but_never_harms(void **state)
{
    static zw_put puts[MOST];
    (void)state;
    uint64_t seed = 3;
    size_t bad = 0;
    for (int round = 0; round < 2000; round++) {
        size_t count = 1 + (size_t)(next_random(&seed) % 20);
        zw_buf buf;
        zw_buf_init(&buf, 1 << 16);
        for (size_t i = 0; i < count; i++) {
            puts[i] = random_put(&seed);
        }
        zw_rows_put(&buf, puts, count);
        buf.data[next_random(&seed) % buf.len] = (char)next_random(&seed);
        size_t len = buf.len - (round % 2 == 0 ? next_random(&seed) % buf.len : 0);
        uint8_t *cut = malloc(len);
        assert_non_null(cut);
        memcpy(cut, buf.data, len);
        zw_wire from = {cut, cut + len, false};
        zw_rows_take(&from, puts, count);
        bad += from.is_bad ? 1 : 0;
        for (size_t i = 0; !from.is_bad && i < count; i++) {
            assert_true(puts[i].figure.status <= ZW_OBS_MISSING);
            assert_in_range(puts[i].period - ZW_PERIOD_MIN, 0, ZW_PERIOD_MAX - ZW_PERIOD_MIN);
        }
        free(cut);
        zw_buf_fini(&buf);
    }
    assert_true(bad > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_figures_come_back),
        cmocka_unit_test(what_a_delivery_says_of_all_its_rows_is_said_once),
        cmocka_unit_test(damage_is_bad_or_other_figures_but_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
