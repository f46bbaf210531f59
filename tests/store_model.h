/** The slow way to know a store: every version in order of arrival. And turns of random figures,
 * and damage to the file. Include it after cmocka.h. */
#ifndef ZW_TESTS_STORE_MODEL_H
#define ZW_TESTS_STORE_MODEL_H

#include "store_said.h"

enum { MODEL_SERIES = 3, MODEL_PERIODS = 11, MODEL_MOMENTS = 20, MODEL_VERSIONS = 500 };

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
        const zw_figure *at = zw_store_at(store, series, period, t, &(zw_figure){0});
        assert_int_equal(at != NULL, best != SIZE_MAX);
        if (at != NULL) {
            assert_true(at->value == m->versions[best].value);
            assert_true(at->known_at_ms == m->versions[best].known_at_ms);
        }
    }
}

/* Counts, and what was learned: all of it, moment by moment, and in random ranges. */
static inline void assert_learned(zw_store *store, const model *m, uint32_t *seed)
{
    assert_int_equal(zw_store_figure_count(store), m->count);
    int64_t first_ms = ZW_NEVER_MS;
    for (int64_t t = -1; t <= MODEL_MOMENTS; t++) {
        int64_t upto_ms = t + (int64_t)next_random(seed, MODEL_MOMENTS);
        int64_t next_ms = ZW_NEVER_MS;
        size_t expected = 0;
        for (size_t i = 0; i < m->count; i++) {
            int64_t at_ms = m->versions[i].known_at_ms;
            first_ms = at_ms < first_ms ? at_ms : first_ms;
            next_ms = at_ms > t && at_ms < next_ms ? at_ms : next_ms;
            expected += at_ms > t && at_ms <= upto_ms;
        }
        const zw_learned *learned = NULL;
        assert_int_equal(zw_store_learned(store, t, upto_ms, &learned), expected);
        for (size_t i = 1; i < expected; i++) {
            assert_true(learned[i - 1].known_at_ms <= learned[i].known_at_ms);
        }
        assert_true(zw_store_next_known_ms(store, t) == next_ms);
    }
    assert_true(zw_store_first_known_ms(store) == first_ms);
}

/* The newest figure of each series, its span, and its first period at random moments. */
static inline void assert_ends(const zw_store *store, const model *m, uint32_t *seed)
{
    size_t head_count = 0;
    const zw_head *heads = zw_store_heads(store, &head_count);
    for (zw_series_id s = 0; s < MODEL_SERIES; s++) {
        int64_t as_of = next_random(seed, MODEL_MOMENTS);
        zw_period first = ZW_PERIOD_MAX;
        zw_period last = ZW_PERIOD_NONE;
        zw_period known = ZW_PERIOD_MAX;
        for (size_t i = 0; i < m->count; i++) {
            zw_period p = m->versions[i].period;
            if (m->versions[i].series == s) {
                first = p < first ? p : first;
                last = p > last ? p : last;
                known = p < known && m->versions[i].known_at_ms <= as_of ? p : known;
            }
        }
        zw_period said_first = ZW_PERIOD_MAX;
        zw_period said_last = ZW_PERIOD_NONE;
        zw_period said_known = ZW_PERIOD_MAX;
        assert_int_equal(zw_store_span(store, s, &said_first, &said_last), last >= first);
        assert_true(said_first == first && said_last == last);
        assert_int_equal(zw_store_first(store, s, as_of, &said_known), known < ZW_PERIOD_MAX);
        assert_true(said_known == known);
        zw_period head = s < head_count ? heads[s].period : ZW_PERIOD_NONE;
        assert_true(head == last || (head < ZW_PERIOD_MIN && last < first));
        if (last >= first) {
            size_t best = model_at(m, s, last, INT64_MAX);
            assert_true(heads[s].value == m->versions[best].value);
            assert_true(heads[s].known_at_ms == m->versions[best].known_at_ms);
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

static inline void random_puts(zw_store *store, model *m, int64_t batch, uint32_t *seed)
{
    static const char *const areas[MODEL_SERIES] = {"a", "b", "c"};
    for (uint32_t rows = next_random(seed, 12); rows > 0 && m->count < MODEL_VERSIONS; rows--) {
        size_t n = m->count++;
        m->versions[n].series = next_random(seed, MODEL_SERIES);
        m->versions[n].period = next_random(seed, MODEL_PERIODS);
        m->versions[n].known_at_ms = next_random(seed, MODEL_MOMENTS);
        m->versions[n].value = next_random(seed, 1000) / 8.0;
        zw_figure figure = {.value = m->versions[n].value,
                            .known_at_ms = m->versions[n].known_at_ms,
                            .batch = batch};
        assert_int_equal(
            put(store, areas[m->versions[n].series], m->versions[n].period, figure, NULL), ZW_OK);
    }
}

/* One turn of random figures; a quarter of them is rolled back, and of some deliveries in it. */
static inline void random_turn(zw_store *store, model *m, uint32_t *seed)
{
    size_t before = m->count;
    zw_delivery d = {.source = "s", .name = "n", .format = "f", .digest = "d"};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &d, NULL), ZW_OK);
    for (uint32_t batches = 1 + next_random(seed, 3); batches > 0; batches--) {
        size_t saved = m->count;
        assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
        random_puts(store, m, d.id, seed);
        if (next_random(seed, 4) == 0) {
            zw_store_rollback_to(store);
            m->count = saved;
        } else {
            assert_int_equal(zw_store_release(store, NULL), ZW_OK);
        }
    }
    random_puts(store, m, d.id, seed);
    if (next_random(seed, 4) == 0) {
        zw_store_rollback(store);
        m->count = before;
    } else {
        assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    }
}

#endif
