/** The slow way to know a store: every version in order of arrival. And turns of random figures,
 * and damage to the file. Include it after cmocka.h. */
#ifndef ZW_TESTS_STORE_MODEL_H
#define ZW_TESTS_STORE_MODEL_H

#include "store_said.h"

enum { MODEL_SERIES = 3, MODEL_PERIODS = 5, MODEL_MOMENTS = 20, MODEL_VERSIONS = 500 };

typedef struct model {
    struct {
        zw_series_id series;
        zw_period period;
        int64_t known_at_ms;
        double value;
    } versions[MODEL_VERSIONS];
    size_t count;
} model;

static inline uint32_t next_random(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

/* The version known at a moment: of those with the greatest known_at the last to arrive. */
static inline size_t model_at(const model *m, zw_series_id series, zw_period period, int64_t as_of)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < m->count; i++) {
        bool is_known = m->versions[i].series == series && m->versions[i].period == period &&
                        m->versions[i].known_at_ms <= as_of;
        if (is_known &&
            (best == SIZE_MAX || m->versions[i].known_at_ms >= m->versions[best].known_at_ms)) {
            best = i;
        }
    }
    return best;
}

/* Writes over some bytes of the file. */
static inline void damage(const char *path, long at, uint32_t *seed)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    for (int i = 0; i < 16; i++) {
        assert_int_not_equal(fputc((int)next_random(seed, 256), file), EOF);
    }
    assert_int_equal(fclose(file), 0);
}

static inline void assert_agrees_at(const zw_store *store, const model *m, zw_series_id series,
                                    zw_period period)
{
    for (int64_t t = -1; t <= MODEL_MOMENTS; t++) {
        size_t best = model_at(m, series, period, t);
        const zw_figure *at = zw_store_at(store, series, period, t);
        assert_int_equal(at != NULL, best != SIZE_MAX);
        if (at != NULL) {
            assert_true(at->value == m->versions[best].value);
            assert_true(at->known_at_ms == m->versions[best].known_at_ms);
        }
    }
}

static inline void assert_agrees(const zw_store *store, const model *m)
{
    for (zw_series_id s = 0; s < MODEL_SERIES; s++) {
        for (zw_period p = 0; p < MODEL_PERIODS; p++) {
            assert_agrees_at(store, m, s, p);
        }
    }
}

/* One turn of random figures; a quarter of them is rolled back. */
static inline void random_turn(zw_store *store, model *m, uint32_t *seed)
{
    static const char *const areas[MODEL_SERIES] = {"a", "b", "c"};
    size_t before = m->count;
    zw_delivery d = {.source = "s", .name = "n", .format = "f", .digest = "d"};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &d, NULL), ZW_OK);
    for (uint32_t rows = 1 + next_random(seed, 20); rows > 0 && m->count < MODEL_VERSIONS; rows--) {
        size_t n = m->count++;
        m->versions[n].series = next_random(seed, MODEL_SERIES);
        m->versions[n].period = next_random(seed, MODEL_PERIODS);
        m->versions[n].known_at_ms = next_random(seed, MODEL_MOMENTS);
        m->versions[n].value = next_random(seed, 1000) / 8.0;
        zw_figure figure = {.value = m->versions[n].value,
                            .known_at_ms = m->versions[n].known_at_ms,
                            .batch = d.id};
        assert_int_equal(
            put(store, areas[m->versions[n].series], m->versions[n].period, figure, NULL), ZW_OK);
    }
    if (next_random(seed, 4) == 0) {
        zw_store_rollback(store);
        m->count = before;
    } else {
        assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    }
}

#endif
