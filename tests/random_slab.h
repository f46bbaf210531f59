/** Pages of random figures, and what it is for two to be the same. Include it after cmocka.h. */
#ifndef ZW_TESTS_RANDOM_SLAB_H
#define ZW_TESTS_RANDOM_SLAB_H

#include "store/slab.h"

static inline uint32_t page_random(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

/* Puts some figures into a page: one a cell, or several; with lines and notes, or without. */
static inline void fill_page(zw_slab *page, uint32_t *seed)
{
    uint32_t cells = 1 + page_random(seed, 512);
    bool has_more = page_random(seed, 2) == 0;
    bool has_said = page_random(seed, 2) == 0;
    uint32_t puts = 1 + page_random(seed, 300);
    for (uint32_t i = 0; i < puts; i++) {
        uint32_t cell = has_more ? page_random(seed, cells) : i * cells / puts;
        zw_figure figure = {.value = page_random(seed, 10000) / 8.0,
                            .known_at_ms = page_random(seed, 50),
                            .batch = 1 + page_random(seed, 3),
                            .line = has_said ? i : 0,
                            .source = has_said ? page_random(seed, 2) : 0,
                            .note = has_said ? page_random(seed, 9) : 0,
                            .status = (uint8_t)(page_random(seed, 9) == 0 ? 4 : 0),
                            .is_synthetic = page_random(seed, 20) == 0};
        zw_change change = ZW_CHANGE_NEW;
        figure.value = figure.status == 4 ? 0 : figure.value;
        assert_int_equal(zw_slab_put(page, cell, &figure, &change, NULL), ZW_OK);
    }
}

static inline void assert_same_page(zw_slab *a, zw_slab *b)
{
    for (uint32_t cell = 0; cell < ZW_SLAB_CELLS_MOST; cell++) {
        zw_figure rooms[2];
        const zw_figure *x = NULL;
        const zw_figure *y = NULL;
        size_t count = zw_slab_versions(a, cell, &rooms[0], &x);
        assert_int_equal(zw_slab_versions(b, cell, &rooms[1], &y), count);
        for (size_t i = 0; i < count; i++) {
            assert_true(x[i].value == y[i].value && x[i].known_at_ms == y[i].known_at_ms);
            assert_true(x[i].batch == y[i].batch && x[i].line == y[i].line);
            assert_true(x[i].source == y[i].source && x[i].note == y[i].note);
            assert_true(x[i].status == y[i].status && x[i].is_synthetic == y[i].is_synthetic);
        }
    }
    zw_slab_about of_a = zw_slab_about_of(a);
    zw_slab_about of_b = zw_slab_about_of(b);
    assert_true(of_a.first == of_b.first && of_a.last == of_b.last && of_a.used == of_b.used);
    assert_true(of_a.count == of_b.count && of_a.first_ms == of_b.first_ms);
    assert_true(of_a.last_ms == of_b.last_ms && of_a.value == of_b.value);
    assert_true(of_a.known_at_ms == of_b.known_at_ms && of_a.like == of_b.like);
}

#endif
