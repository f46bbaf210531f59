/* Texts that expressions say. */
#include "indicator/texts.h"

#include "indicator/inside.h"

#include <stdlib.h>
#include <string.h>

bool zw_texts_put(zw_texts_bag *bag, const char *text)
{
    if (bag->count == bag->capacity) {
        size_t wanted = bag->capacity == 0 ? 8 : bag->capacity * 2;
        const char **grown = realloc(bag->at, wanted * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        bag->at = grown;
        bag->capacity = wanted;
    }
    bag->at[bag->count++] = text;
    return true;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* True when one text comes before another that is as common. */
static bool is_before(const char *text, const char *other, const zw_register *reg, bool is_state)
{
    if (!is_state) {
        return false; /* they are met in order */
    }
    return zw_register_state_of(reg, zw_text_of(text), NULL) <
           zw_register_state_of(reg, zw_text_of(other), NULL);
}

const char *zw_texts_commonest(zw_texts_bag *bag, const zw_register *reg, const char *field)
{
    bool is_state = strcmp(field, "state") == 0;
    const char *best = NULL;
    size_t most = 0;
    if (bag->count > 0) {
        qsort(bag->at, bag->count, sizeof(*bag->at), by_bytes);
    }
    for (size_t from = 0; from < bag->count;) {
        size_t end = from;
        while (end < bag->count && strcmp(bag->at[end], bag->at[from]) == 0) {
            end++;
        }
        bool is_better = end - from > most ||
                         (end - from == most && is_before(bag->at[from], best, reg, is_state));
        best = is_better ? bag->at[from] : best;
        most = is_better ? end - from : most;
        from = end;
    }
    return best;
}

const char *zw_eval_text(const zw_eval *eval, const zw_cell *cell)
{
    return zw_cell_stands(cell) ? zw_pool_text(eval->texts, (uint32_t)cell->value) : "";
}

static bool is_among(const zw_filter *wanted, const char *text)
{
    for (size_t i = 0; i < wanted->value_count; i++) {
        if (strcmp(wanted->values[i], text) == 0) {
            return true;
        }
    }
    return false;
}

zw_status zw_compute_is(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span, zw_err *err)
{
    zw_slice slice;
    zw_status status = zw_inside_kid(eval, col, 0, span, &slice, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = *zw_slice_at(&slice, p);
        if (zw_cell_stands(&cell)) {
            cell.value = is_among(&node->filters[0], zw_eval_text(eval, &cell)) ? 1 : 0;
        }
        *zw_col_at(col, p) = cell;
    }
    return status;
}
