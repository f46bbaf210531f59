/* The index of what was learned when. */
#include "store/learned.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MODEL_MAX = 400 };

/* What the index must say, the slow way: puts in order of arrival, numbered by their period. */
typedef struct model {
    zw_learned items[MODEL_MAX];
    size_t count;
} model;

static int setup(void **state)
{
    zw_learned_index *index = NULL;
    int failed = zw_learned_create(&index, NULL) != ZW_OK;
    *state = index;
    return failed;
}

static int teardown(void **state)
{
    zw_learned_destroy(*state);
    return 0;
}

static void put(zw_learned_index *index, model *m, int64_t known_at_ms)
{
    zw_learned what = {.known_at_ms = known_at_ms, .period = (zw_period)m->count};
    assert_true(m->count < MODEL_MAX);
    assert_int_equal(zw_learned_put(index, &what, NULL), ZW_OK);
    m->items[m->count++] = what;
}

static void unput(zw_learned_index *index, model *m)
{
    zw_learned_unput(index, m->items[--m->count].known_at_ms);
}

/* Arrival breaks ties: the period tells it. */
static int by_moment_and_arrival(const void *a, const void *b)
{
    const zw_learned *x = a;
    const zw_learned *y = b;
    if (x->known_at_ms != y->known_at_ms) {
        return x->known_at_ms < y->known_at_ms ? -1 : 1;
    }
    return x->period < y->period ? -1 : x->period > y->period;
}

static void assert_same(zw_learned_index *index, const model *m, int64_t after_ms, int64_t upto_ms)
{
    model sorted = *m;
    qsort(sorted.items, sorted.count, sizeof sorted.items[0], by_moment_and_arrival);
    const zw_learned *found = NULL;
    size_t count = zw_learned_between(index, after_ms, upto_ms, &found);
    size_t seen = 0;
    for (size_t i = 0; i < sorted.count; i++) {
        const zw_learned *want = &sorted.items[i];
        if (want->known_at_ms <= after_ms || want->known_at_ms > upto_ms) {
            continue;
        }
        assert_true(seen < count);
        assert_true(found[seen].known_at_ms == want->known_at_ms &&
                    found[seen].period == want->period);
        seen++;
    }
    assert_int_equal(seen, count);
    assert_int_equal(zw_learned_count(index), m->count);
    assert_true(zw_learned_first_ms(index) ==
                (sorted.count > 0 ? sorted.items[0].known_at_ms : ZW_NEVER_MS));
}

static void orders_of_arrival_make_no_difference(void **state)
{
    static const struct {
        const char *why;
        int64_t moments[8];
        size_t count;
    } cases[] = {
        {"nothing", {0}, 0},
        {"one", {5}, 1},
        {"in order", {1, 2, 3, 4}, 4},
        {"backwards", {4, 3, 2, 1}, 4},
        {"all at once", {7, 7, 7, 7, 7}, 5},
        {"a late history between", {10, 20, 30, 15, 25, 5, 40, 15}, 8},
        {"the ends of time", {INT64_MAX, INT64_MIN, 0, INT64_MAX, INT64_MIN}, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_learned_index *index = NULL;
        model m = {.count = 0};
        assert_int_equal(zw_learned_create(&index, NULL), ZW_OK);
        for (size_t k = 0; k < cases[i].count; k++) {
            put(index, &m, cases[i].moments[k]);
        }
        assert_same(index, &m, INT64_MIN, INT64_MAX);
        assert_same(index, &m, 7, 25);
        assert_same(index, &m, 25, 7);
        zw_learned_destroy(index);
    }
}

static void random_puts_and_takebacks_agree_with_sorting(void **state)
{
    zw_learned_index *index = *state;
    model m = {.count = 0};
    uint32_t seed = 20240607;
    for (int step = 0; step < 3000; step++) {
        seed = seed * 1664525U + 1013904223U;
        uint32_t pick = seed >> 16;
        if (m.count > 0 && (pick % 5 == 0 || m.count == MODEL_MAX)) {
            unput(index, &m);
        } else {
            put(index, &m, (int64_t)(pick % 60));
        }
        if (pick % 11 == 0) { /* reading sometimes, so that the tail has every length */
            assert_same(index, &m, (int64_t)(pick % 40), (int64_t)(pick % 70));
        }
    }
    while (m.count > 0) {
        unput(index, &m);
    }
    assert_same(index, &m, INT64_MIN, INT64_MAX);
}

static void refused_memory_adds_nothing(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        zw_learned_index *index = NULL;
        model m = {.count = 0};
        failing_alloc_after(n);
        zw_status status = zw_learned_create(&index, NULL);
        while (status == ZW_OK && m.count < 300) {
            zw_learned what = {.known_at_ms = (int64_t)(m.count * 7 % 100),
                               .period = (zw_period)m.count};
            status = zw_learned_put(index, &what, NULL);
            if (status == ZW_OK) {
                m.items[m.count++] = what;
            }
        }
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (index != NULL) {
            assert_same(index, &m, INT64_MIN, INT64_MAX);
        }
        zw_learned_destroy(index);
        if (!has_refused) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_of_arrival_make_no_difference),
        cmocka_unit_test_setup_teardown(random_puts_and_takebacks_agree_with_sorting, setup,
                                        teardown),
        cmocka_unit_test(refused_memory_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
