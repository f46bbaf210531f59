/* A question: what a measure node asks of the figures of an area, as the rows of its shelf that
 * fit. */
#include "indicator/reported.h"

#include <stdlib.h>
#include <string.h>

static bool texts_have(zw_texts texts, zw_text text)
{
    for (size_t i = 0; i < texts.count; i++) {
        if (zw_text_is(text, texts.at[i])) {
            return true;
        }
    }
    return false;
}

static zw_wanted *wanted_of(zw_question *question, const char *dim)
{
    for (size_t d = 0; d < question->shelf->dim_count; d++) {
        if (strcmp(question->wanted[d].dim->name, dim) == 0) {
            return &question->wanted[d];
        }
    }
    return NULL;
}

/* What is asked by is the scope, which is no dimension; or any may have it, and nothing here does.
 */
static void note_void(zw_question *question, const char *dim)
{
    bool is_scope = strcmp(dim, ZW_SCOPE_DIM) == 0;
    question->is_void = question->is_void || (question->shelf->takes_any && !is_scope);
}

/* Narrows one dimension further: what is asked of it before must hold too. */
static zw_status narrow(zw_question *question, const char *dim, zw_texts values, bool is_except,
                        zw_err *err)
{
    zw_wanted *wanted = wanted_of(question, dim);
    if (wanted == NULL) {
        note_void(question, dim);
        return ZW_OK;
    }
    bool was_list = wanted->is == ZW_WANTED_LIST;
    zw_texts from = was_list ? wanted->values : values; /* a list, if one of the two is */
    zw_texts other = was_list ? values : wanted->values;
    size_t room = from.count + other.count;
    const char **kept =
        zw_arena_alloc(question->eval->scratch, (room > 0 ? room : 1) * sizeof(*kept));
    size_t count = 0;
    if (kept == NULL) {
        return zw_err_nomem(err);
    }
    bool is_list = was_list || !is_except;
    bool drops = was_list ? is_except : true; /* the other names what is not wanted */
    for (size_t i = 0; i < from.count; i++) {
        if (!is_list || texts_have(other, zw_text_of(from.at[i])) != drops) {
            kept[count++] = from.at[i];
        }
    }
    for (size_t i = 0; !is_list && i < other.count; i++) {
        kept[count++] = other.at[i];
    }
    wanted->is = is_list ? ZW_WANTED_LIST : ZW_WANTED_EXCEPT;
    wanted->values = (zw_texts){kept, count};
    return ZW_OK;
}

/* @param can_ask  false when the area lacks the attribute that names the values. */
static zw_status narrow_by(zw_question *question, const zw_filter *filter, uint32_t area,
                           bool *can_ask, zw_err *err)
{
    zw_texts values = {filter->values, filter->value_count};
    if (filter->attr != NULL) {
        const zw_attr *attr = zw_pack_attr(question->eval->world.pack, area, filter->attr);
        if (attr == NULL || attr->is_number) {
            *can_ask = false;
            return ZW_OK;
        }
        values = attr->texts;
    }
    return narrow(question, filter->dim, values, filter->is_except, err);
}

/* True when a shelf has every dimension of a binding; an anchor is none. */
static bool has_all_dims(const zw_shelf *shelf, const char *binding)
{
    zw_dim dim;
    for (const char *at = binding; zw_dims_next(&at, &dim);) {
        bool has = zw_scope_is_anchor(dim.name);
        for (size_t d = 0; !has && d < shelf->dim_count; d++) {
            has = zw_text_is(dim.name, shelf->dims[d].name);
        }
        if (!has) {
            return false;
        }
    }
    return true;
}

static zw_status bind_groups(zw_question *question, const char *binding, zw_err *err)
{
    zw_status status = ZW_OK;
    if (question->shelf->takes_any && !has_all_dims(question->shelf, binding)) {
        question->is_void = true;
    }
    for (size_t d = 0; status == ZW_OK && d < question->shelf->dim_count; d++) {
        const char *dim = question->shelf->dims[d].name;
        zw_text value = zw_dims_value(binding, dim);
        if (value.len == 0) {
            continue;
        }
        const char **one = zw_arena_alloc(question->eval->scratch, sizeof(*one));
        const char *text = zw_arena_text(question->eval->scratch, value.at, value.len);
        if (one == NULL || text == NULL) {
            return zw_err_nomem(err);
        }
        *one = text;
        status = narrow(question, dim, (zw_texts){one, 1}, false, err);
    }
    return status;
}

/* Which scope everything is read in: the one picked; else, unless any is asked for, the one that
 * the period which looks back is read in. */
static void find_scope(zw_question *question, const zw_node *node, uint32_t area,
                       const char *binding)
{
    const zw_eval *eval = question->eval;
    zw_span anchor;
    const zw_filter *asked = zw_formula_scope(node);
    question->scope = ZW_SCOPE_ANY;
    if (asked != NULL) {
        question->scope = asked->value_count > 0
                              ? zw_shelf_scope(question->shelf, zw_text_of(asked->values[0]))
                              : ZW_SCOPE_ANY;
        return;
    }
    if (zw_scope_anchored(binding, zw_inside_calendar(eval, area), node->grid, &anchor)) {
        uint32_t scope = zw_scope_of_anchor(eval, question->shelf, anchor);
        question->scope = scope != ZW_NONE ? scope : ZW_SCOPE_ANY; /* p has none to hold to */
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static zw_status number_wanted(zw_question *question, zw_wanted *wanted, zw_err *err)
{
    size_t room = wanted->values.count > 0 ? wanted->values.count : 1;
    wanted->numbers = zw_arena_alloc(question->eval->scratch, room * sizeof(uint32_t));
    if (wanted->numbers == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < wanted->values.count; i++) {
        uint32_t number = zw_shelf_value(wanted->dim, zw_text_of(wanted->values.at[i]));
        if (number != ZW_NONE && number != 0) {
            wanted->numbers[wanted->number_count++] = number;
        }
    }
    qsort(wanted->numbers, wanted->number_count, sizeof(uint32_t), by_number);
    return ZW_OK;
}

static bool has_number(const zw_wanted *wanted, uint32_t number)
{
    return bsearch(&number, wanted->numbers, wanted->number_count, sizeof(uint32_t), by_number) !=
           NULL;
}

static bool row_fits(const zw_question *question, uint32_t row)
{
    const uint32_t *values = question->shelf->rows[row].values;
    for (size_t d = 0; d < question->shelf->dim_count; d++) {
        const zw_wanted *wanted = &question->wanted[d];
        bool is_left_out = wanted->is == ZW_WANTED_EXCEPT
                               ? values[d] == 0 || has_number(wanted, values[d])
                               : wanted->is == ZW_WANTED_LIST && !has_number(wanted, values[d]);
        if (is_left_out) {
            return false;
        }
    }
    return true;
}

static size_t rows_of_list(const zw_wanted *wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < wanted->number_count; i++) {
        uint32_t v = wanted->numbers[i];
        count += wanted->dim->starts[v + 1] - wanted->dim->starts[v];
    }
    return count;
}

/* The list that the fewest rows have; NULL when no dimension has one. A question for one of a
 * thousand values looks at the rows of that value alone. */
static const zw_wanted *shortest_list(const zw_question *question)
{
    const zw_wanted *shortest = NULL;
    for (size_t d = 0; d < question->shelf->dim_count; d++) {
        const zw_wanted *wanted = &question->wanted[d];
        if (wanted->is == ZW_WANTED_LIST &&
            (shortest == NULL || rows_of_list(wanted) < rows_of_list(shortest))) {
            shortest = wanted;
        }
    }
    return shortest;
}

static void take_row(zw_question *question, uint32_t row)
{
    if (row_fits(question, row)) {
        question->rows[question->row_count++] = row;
    }
}

static zw_status fit_rows(zw_question *question, zw_err *err)
{
    const zw_wanted *list = shortest_list(question);
    size_t room = list != NULL ? rows_of_list(list) : question->shelf->count;
    question->rows =
        zw_arena_alloc(question->eval->scratch, (room > 0 ? room : 1) * sizeof(uint32_t));
    if (question->rows == NULL) {
        return zw_err_nomem(err);
    }
    if (question->is_void) {
        return ZW_OK;
    }
    for (uint32_t row = 0; list == NULL && row < question->shelf->count; row++) {
        take_row(question, row);
    }
    for (size_t i = 0; list != NULL && i < list->number_count; i++) {
        const zw_shelf_dim *dim = list->dim;
        uint32_t v = list->numbers[i];
        for (uint32_t at = dim->starts[v]; at < dim->starts[v + 1]; at++) {
            take_row(question, dim->rows[at]);
        }
    }
    qsort(question->rows, question->row_count, sizeof(uint32_t), by_number);
    return ZW_OK;
}

/* Nothing is asked of any dimension yet. */
static zw_status want_all(zw_question *question, zw_err *err)
{
    size_t count = question->shelf->dim_count;
    question->wanted = zw_arena_alloc(question->eval->scratch,
                                      (count > 0 ? count : 1) * sizeof(*question->wanted));
    if (question->wanted == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t d = 0; d < count; d++) {
        question->wanted[d].dim = &question->shelf->dims[d];
    }
    return ZW_OK;
}

zw_status zw_question_init(zw_question *question, zw_eval *eval, const zw_node *node, uint32_t area,
                           const char *binding, bool *can_ask, zw_err *err)
{
    *question = (zw_question){.eval = eval, .measure = node->ref};
    *can_ask = true;
    zw_arena_reset(eval->scratch);
    zw_status status = zw_shelves_at(eval->shelves, node->ref, area, &question->shelf, err);
    status = status == ZW_OK ? want_all(question, err) : status;
    for (size_t i = 0; status == ZW_OK && *can_ask && i < node->filter_count; i++) {
        status = narrow_by(question, &node->filters[i], area, can_ask, err);
    }
    status = status == ZW_OK ? bind_groups(question, binding, err) : status;
    for (size_t d = 0; status == ZW_OK && d < question->shelf->dim_count; d++) {
        status = number_wanted(question, &question->wanted[d], err);
    }
    if (status == ZW_OK) {
        find_scope(question, node, area, binding);
    }
    return status == ZW_OK ? fit_rows(question, err) : status;
}
