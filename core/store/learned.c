/* The index of what was learned when.
 *
 * 1. items[0 … sorted - 1] are in order of (known_at, arrival). The tail behind them is in order of
 *    arrival, and each of it arrived after each of them.
 * 2. Reading merges the tail into the sorted part. The memory for that is taken when the tail
 *    grows, so that reading cannot fail.
 *
 * Inserting each at its place would be simpler, but a history delivered area by area would move
 * half the index for each figure.
 */
#include "store/learned.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 64 };

struct zw_learned_index {
    zw_learned *items, *scratch;
    size_t count, sorted, capacity, scratch_capacity;
};

zw_status zw_learned_create(zw_learned_index **out, zw_err *err)
{
    *out = calloc(1, sizeof **out);
    return *out != NULL ? ZW_OK : zw_err_nomem(err);
}

void zw_learned_destroy(zw_learned_index *index)
{
    if (index == NULL) {
        return;
    }
    free(index->items);
    free(index->scratch);
    free(index);
}

static bool items_reserve(zw_learned **items, size_t *capacity, size_t wanted)
{
    if (wanted <= *capacity) {
        return true;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_ITEMS;
    zw_learned *moved = realloc(*items, larger * sizeof *moved);
    if (moved == NULL) {
        return false;
    }
    *items = moved;
    *capacity = larger;
    return true;
}

zw_status zw_learned_put(zw_learned_index *index, const zw_learned *what, zw_err *err)
{
    if (!items_reserve(&index->items, &index->capacity, index->count + 1)) {
        return zw_err_nomem(err);
    }
    size_t tail = index->count - index->sorted;
    bool is_next = tail == 0 && (index->count == 0 ||
                                 index->items[index->count - 1].known_at_ms <= what->known_at_ms);
    if (!is_next && !items_reserve(&index->scratch, &index->scratch_capacity, tail + 1)) {
        return zw_err_nomem(err);
    }
    index->items[index->count++] = *what;
    if (is_next) {
        index->sorted++;
    }
    return ZW_OK;
}

size_t zw_learned_known(const zw_learned *items, size_t count, int64_t at_ms)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].known_at_ms <= at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t sorted_known(const zw_learned_index *index, int64_t at_ms)
{
    return zw_learned_known(index->items, index->sorted, at_ms);
}

void zw_learned_unput(zw_learned_index *index, int64_t known_at_ms)
{
    assert(index->count > 0);
    if (index->count > index->sorted) {
        assert(index->items[index->count - 1].known_at_ms == known_at_ms);
        index->count--;
        return;
    }
    /* Of equal moments the last to arrive lies last. */
    size_t behind = sorted_known(index, known_at_ms);
    assert(behind > 0 && index->items[behind - 1].known_at_ms == known_at_ms);
    memmove(&index->items[behind - 1], &index->items[behind],
            (index->count - behind) * sizeof *index->items);
    index->count--;
    index->sorted--;
}

/* Merges two neighbouring runs of `from` into `to`; of equal moments those of the first come first.
 */
static void merge_runs(const zw_learned *from, size_t low, size_t middle, size_t high,
                       zw_learned *to)
{
    size_t a = low;
    size_t b = middle;
    for (size_t i = low; i < high; i++) {
        bool takes_first = a < middle && (b == high || from[a].known_at_ms <= from[b].known_at_ms);
        to[i] = takes_first ? from[a++] : from[b++];
    }
}

/* Sorts the tail, stably, and leaves it in the scratch. */
static void tail_sort(zw_learned_index *index, size_t tail)
{
    zw_learned *from = &index->items[index->sorted];
    zw_learned *to = index->scratch;
    for (size_t width = 1; width < tail; width *= 2) {
        for (size_t low = 0; low < tail; low += 2 * width) {
            size_t middle = low + width < tail ? low + width : tail;
            size_t high = low + 2 * width < tail ? low + 2 * width : tail;
            merge_runs(from, low, middle, high, to);
        }
        zw_learned *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != index->scratch) {
        memcpy(index->scratch, from, tail * sizeof *from);
    }
}

static void index_settle(zw_learned_index *index)
{
    size_t tail = index->count - index->sorted;
    if (tail == 0) {
        return;
    }
    tail_sort(index, tail);
    size_t head = index->sorted;
    for (size_t to = index->count; tail > 0; to--) { /* from the end: nothing is overwritten */
        bool takes_head =
            head > 0 && index->items[head - 1].known_at_ms > index->scratch[tail - 1].known_at_ms;
        index->items[to - 1] = takes_head ? index->items[--head] : index->scratch[--tail];
    }
    index->sorted = index->count;
}

size_t zw_learned_between(zw_learned_index *index, int64_t after_ms, int64_t upto_ms,
                          const zw_learned **out)
{
    index_settle(index);
    size_t first = sorted_known(index, after_ms);
    size_t end = sorted_known(index, upto_ms);
    if (first >= end) {
        *out = NULL;
        return 0;
    }
    *out = &index->items[first];
    return end - first;
}

int64_t zw_learned_first_ms(zw_learned_index *index)
{
    index_settle(index);
    return index->count > 0 ? index->items[0].known_at_ms : ZW_NEVER_MS;
}

int64_t zw_learned_trim(zw_learned_index *index, size_t most)
{
    index_settle(index);
    if (index->count <= most) {
        return INT64_MIN;
    }
    int64_t upto_ms = index->items[index->count - most - 1].known_at_ms;
    size_t gone = sorted_known(index, upto_ms);
    index->count -= gone;
    index->sorted = index->count;
    memmove(index->items, index->items + gone, index->count * sizeof *index->items);
    free(index->scratch); /* as large as the longest tail was */
    index->scratch = NULL;
    index->scratch_capacity = 0;
    return upto_ms;
}

size_t zw_learned_count(const zw_learned_index *index)
{
    return index->count;
}
