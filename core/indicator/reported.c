/*
 * Figures of one measure at one area. Asked for a total that nobody reported, they are added up
 * over the first dimension that has values: every value first reported for the period or an earlier
 * one is expected, so a hole is a missing total, never a smaller one.
 */
#include "indicator/reported.h"

#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

/* The value of `dim` in a series' "a=x\x1fb=y"; empty when it has none. */
static zw_text dim_value(const char *dims, const char *dim)
{
    size_t len = strlen(dim);
    const char *at = dims;
    while (*at != '\0') {
        const char *end = strchr(at, ZW_DIMS_SEPARATOR);
        size_t part = end != NULL ? (size_t)(end - at) : strlen(at);
        if (part > len && at[len] == ZW_DIMS_EQUALS && strncmp(at, dim, len) == 0) {
            return (zw_text){at + len + 1, part - len - 1};
        }
        at += part + (end != NULL ? 1 : 0);
    }
    return (zw_text){dims, 0};
}

static bool texts_have(zw_texts texts, zw_text text)
{
    for (size_t i = 0; i < texts.count; i++) {
        if (zw_text_is(text, texts.at[i])) {
            return true;
        }
    }
    return false;
}

/* True when a series' value of the dimension is one that is asked for; the total's is empty. */
static bool is_wanted(const zw_wanted *wanted, zw_text value)
{
    switch (wanted->is) {
    case ZW_WANTED_TOTAL:
        return true;
    case ZW_WANTED_EXCEPT:
        return value.len > 0 && !texts_have(wanted->values, value);
    default:
        return texts_have(wanted->values, value);
    }
}

static zw_wanted *wanted_of(zw_question *question, const char *dim)
{
    for (size_t i = 0; i < question->wanted_count; i++) {
        if (strcmp(question->wanted[i].dim, dim) == 0) {
            return &question->wanted[i];
        }
    }
    return NULL;
}

static void init_wanted(zw_question *question, const zw_measure *measure)
{
    for (size_t d = 0; d < measure->dims.count && question->wanted_count < ZW_DIMS_MOST; d++) {
        size_t i = question->wanted_count++;
        while (i > 0 && strcmp(question->wanted[i - 1].dim, measure->dims.at[d]) > 0) {
            question->wanted[i] = question->wanted[i - 1];
            i--;
        }
        question->wanted[i] = (zw_wanted){.dim = measure->dims.at[d], .is = ZW_WANTED_TOTAL};
    }
}

/* Narrows one dimension; a second filter on the same one keeps the narrower question: both must
 * hold. */
static bool narrow(zw_question *question, const zw_filter *filter, uint32_t area)
{
    zw_wanted *wanted = wanted_of(question, filter->dim);
    zw_texts values = {filter->values, filter->value_count};
    if (filter->attr != NULL) {
        const zw_attr *attr = zw_pack_attr(question->eval->world.pack, area, filter->attr);
        if (attr == NULL || attr->is_number) {
            return false;
        }
        values = attr->texts;
    }
    if (wanted != NULL) {
        wanted->values = values;
        wanted->is = filter->is_except   ? ZW_WANTED_EXCEPT
                     : values.count == 1 ? ZW_WANTED_ONE
                                         : ZW_WANTED_LIST;
    }
    return true;
}

static void bind_groups(zw_question *question, const char *binding)
{
    for (size_t i = 0; i < question->wanted_count; i++) {
        zw_wanted *wanted = &question->wanted[i];
        zw_text value = dim_value(binding, wanted->dim);
        const char *copy =
            value.len > 0 ? zw_arena_text(question->eval->scratch, value.at, value.len) : NULL;
        const char **list =
            copy != NULL ? zw_arena_alloc(question->eval->scratch, sizeof(*list)) : NULL;
        if (list != NULL) {
            list[0] = copy;
            wanted->is = ZW_WANTED_ONE;
            wanted->values = (zw_texts){list, 1};
        }
    }
}

bool zw_question_init(zw_question *question, zw_eval *eval, const zw_node *node, uint32_t area,
                      const char *binding)
{
    const zw_pack *pack = eval->world.pack;
    *question = (zw_question){.eval = eval, .measure = &pack->measures[node->ref]};
    question->series_count =
        zw_series_at(zw_store_series(eval->world.store), question->measure->title.name,
                     pack->areas[area].title.name, &question->series);
    init_wanted(question, question->measure);
    for (size_t i = 0; i < node->filter_count; i++) {
        if (!narrow(question, &node->filters[i], area)) {
            return false;
        }
    }
    bind_groups(question, binding);
    return true;
}

static const zw_series *series_of(const zw_question *question, size_t i)
{
    return zw_series_view(zw_store_series(question->eval->world.store), question->series[i]);
}

static const zw_figure *figure_of(const zw_question *question, size_t i, zw_period period)
{
    return zw_store_at(question->eval->world.store, question->series[i], period,
                       question->eval->as_of_ms);
}

bool zw_question_has_any(const zw_question *question, zw_period period)
{
    for (size_t i = 0; i < question->series_count; i++) {
        if (figure_of(question, i, period) != NULL) {
            return true;
        }
    }
    return false;
}

static zw_cell cell_of_figure(const zw_figure *figure)
{
    static const uint8_t marks[] = {
        [ZW_OBS_NORMAL] = 0,
        [ZW_OBS_PROVISIONAL] = ZW_MARK_PROVISIONAL,
        [ZW_OBS_ESTIMATED] = ZW_MARK_ESTIMATED,
        [ZW_OBS_FORECAST] = ZW_MARK_FORECAST,
        [ZW_OBS_MISSING] = 0,
    };
    zw_cell cell = zw_cell_of(figure->value);
    cell.known_at_ms = figure->known_at_ms;
    cell.marks = (uint8_t)(marks[figure->status] | (figure->is_synthetic ? ZW_MARK_SYNTHETIC : 0));
    if (figure->status == ZW_OBS_MISSING) {
        cell.reason = ZW_REASON_WITHDRAWN;
    }
    return cell;
}

/* The series whose dimensions are exactly `wanted`: ONE has its value, TOTAL none. Of several
 * scopes the first reported. */
static const zw_figure *exact_figure(const zw_question *question, const zw_wanted *wanted,
                                     zw_period period)
{
    const zw_figure *best = NULL;
    int64_t best_first_ms = ZW_NEVER_MS;
    for (size_t i = 0; i < question->series_count; i++) {
        const char *dims = series_of(question, i)->dims;
        bool is_exact = true;
        for (size_t d = 0; is_exact && d < question->wanted_count; d++) {
            zw_text value = dim_value(dims, wanted[d].dim);
            is_exact = wanted[d].is == ZW_WANTED_ONE
                           ? zw_text_is(value, wanted[d].values.at[0])
                           : wanted[d].is == ZW_WANTED_TOTAL && value.len == 0;
        }
        const zw_figure *figure = is_exact ? figure_of(question, i, period) : NULL;
        const zw_figure *versions = NULL;
        if (figure != NULL &&
            zw_store_versions(question->eval->world.store, question->series[i], period, &versions) >
                0 &&
            versions[0].known_at_ms < best_first_ms) {
            best = figure;
            best_first_ms = versions[0].known_at_ms;
        }
    }
    return best;
}

/* True when a series has something known for the period or an earlier one. */
static bool is_known_by(const zw_question *question, size_t i, zw_period period)
{
    zw_period first = 0;
    zw_period last = 0;
    if (!zw_store_span(question->eval->world.store, question->series[i], &first, &last)) {
        return false;
    }
    for (zw_period p = first; p <= last && p <= period; p++) {
        if (figure_of(question, i, p) != NULL) {
            return true;
        }
    }
    return false;
}

/* True when the series fits everything `wanted` says, whatever else it is split by. */
static bool series_fits(const zw_question *question, size_t i, const zw_wanted *wanted)
{
    const char *dims = series_of(question, i)->dims;
    for (size_t d = 0; d < question->wanted_count; d++) {
        if (!is_wanted(&wanted[d], dim_value(dims, wanted[d].dim))) {
            return false;
        }
    }
    return true;
}

/* The distinct values of dimension `d` that are expected in the period. */
static zw_status expected_values(const zw_question *question, const zw_wanted *wanted, size_t d,
                                 zw_period period, zw_pool *out, zw_err *err)
{
    for (size_t i = 0; i < question->series_count; i++) {
        zw_text value = dim_value(series_of(question, i)->dims, wanted[d].dim);
        if (value.len > 0 && series_fits(question, i, wanted) && is_known_by(question, i, period) &&
            zw_pool_put(out, value) == ZW_POOL_NONE) {
            return zw_err_nomem(err);
        }
    }
    return ZW_OK;
}

/* True when the dimension is reported at the area in this period under another value: what is not
 * listed there is nothing. */
static bool is_split_here(const zw_question *question, size_t d, zw_period period)
{
    for (size_t i = 0; i < question->series_count; i++) {
        const zw_figure *figure = figure_of(question, i, period);
        if (figure != NULL && figure->status != ZW_OBS_MISSING &&
            dim_value(series_of(question, i)->dims, question->wanted[d].dim).len > 0) {
            return true;
        }
    }
    return false;
}

/* True when any area ever reported the wanted value, so that it is no slip of the pen. */
static bool is_known_value(const zw_question *question, const zw_wanted *wanted)
{
    const zw_series_set *set = zw_store_series(question->eval->world.store);
    for (zw_series_id id = 0; id < zw_series_count(set); id++) {
        const zw_series *series = zw_series_view(set, id);
        if (strcmp(series->measure, question->measure->title.name) == 0 &&
            texts_have(wanted->values, dim_value(series->dims, wanted->dim))) {
            return true;
        }
    }
    return false;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

zw_status zw_question_sorted(const zw_pool *values, const char ***out, zw_err *err)
{
    uint32_t count = zw_pool_count(values);
    *out = calloc(count > 0 ? count : 1, sizeof(**out));
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    for (uint32_t i = 0; i < count; i++) {
        (*out)[i] = zw_pool_text(values, i);
    }
    qsort(*out, count, sizeof(**out), by_text);
    return ZW_OK;
}

static zw_status answer(const zw_question *question, const zw_wanted *wanted, zw_period period,
                        zw_cell *out, zw_err *err);

/* Takes the figure of one value into the total. Of gauges those that are in are enough. */
static size_t take_value(const zw_measure *measure, const zw_cell *part, zw_cell *out, zw_sum *sum)
{
    if (measure->kind == ZW_KIND_GAUGE && !zw_cell_stands(part)) {
        zw_cell_wait(out, part);
        return 0;
    }
    zw_cell_need(out, part);
    zw_sum_add(sum, part->value);
    return 1;
}

/* Adds up (a gauge: takes the mean) over the expected values of dimension `d`. @return through
 * `out`, or ZW_REASON_NO_FIGURE when there are none. */
static zw_status add_up(const zw_question *question, const zw_wanted *wanted, size_t d,
                        zw_period period, zw_cell *out, zw_err *err)
{
    zw_pool *values = NULL;
    zw_status status = zw_pool_create(&values, err);
    if (status == ZW_OK) {
        status = expected_values(question, wanted, d, period, values, err);
    }
    const char **sorted = NULL;
    status = status == ZW_OK ? zw_question_sorted(values, &sorted, err) : status;
    uint32_t count = status == ZW_OK ? zw_pool_count(values) : 0;
    *out = count > 0 ? zw_cell_of(0) : zw_cell_missing(ZW_REASON_NO_FIGURE);
    zw_sum sum = {0, 0};
    size_t taken = 0;
    for (uint32_t i = 0; status == ZW_OK && i < count; i++) {
        const char *value = sorted[i];
        zw_wanted one[ZW_DIMS_MOST];
        memcpy(one, wanted, sizeof(one));
        one[d].is = ZW_WANTED_ONE;
        one[d].values = (zw_texts){&value, 1};
        zw_cell part;
        status = answer(question, one, period, &part, err);
        taken += take_value(question->measure, &part, out, &sum);
    }
    if (taken == 0 && zw_cell_stands(out)) {
        out->reason = ZW_REASON_NO_FIGURE;
    }
    if (zw_cell_stands(out)) {
        double total = zw_sum_total(&sum);
        out->value = question->measure->kind == ZW_KIND_GAUGE ? total / (double)taken : total;
    }
    free(sorted);
    zw_pool_destroy(values);
    return status;
}

static zw_status answer(const zw_question *question, const zw_wanted *wanted, zw_period period,
                        zw_cell *out, zw_err *err)
{
    const zw_figure *figure = exact_figure(question, wanted, period);
    if (figure != NULL) {
        *out = cell_of_figure(figure);
        return ZW_OK;
    }
    *out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    for (size_t d = 0; d < question->wanted_count; d++) {
        if (wanted[d].is == ZW_WANTED_ONE) {
            continue;
        }
        zw_status status = add_up(question, wanted, d, period, out, err);
        if (status != ZW_OK || out->reason != ZW_REASON_NO_FIGURE) {
            return status;
        }
    }
    return ZW_OK;
}

/* A narrowed figure that is not there, where the area reports that dimension: it has none of it,
 * which is 0. */
static bool is_nothing(const zw_question *question, zw_period period)
{
    for (size_t d = 0; d < question->wanted_count; d++) {
        const zw_wanted *wanted = &question->wanted[d];
        if (wanted->is == ZW_WANTED_TOTAL || wanted->is == ZW_WANTED_EXCEPT) {
            continue;
        }
        for (size_t i = 0; i < question->series_count; i++) {
            if (texts_have(wanted->values, dim_value(series_of(question, i)->dims, wanted->dim)) &&
                is_known_by(question, i, period)) {
                return false; /* it has been reported here before: now it is missing */
            }
        }
        if (is_split_here(question, d, period) && is_known_value(question, wanted)) {
            return true;
        }
    }
    return false;
}

zw_status zw_question_answer(const zw_question *question, zw_period period, zw_cell *out,
                             zw_err *err)
{
    zw_status status = answer(question, question->wanted, period, out, err);
    if (status == ZW_OK && out->reason == ZW_REASON_NO_FIGURE && is_nothing(question, period)) {
        *out = zw_cell_of(0);
        for (size_t i = 0; i < question->series_count; i++) {
            const zw_figure *figure = figure_of(question, i, period);
            if (figure != NULL && figure->status != ZW_OBS_MISSING) {
                zw_cell seen = cell_of_figure(figure);
                zw_cell_inherit(out, &seen);
            }
        }
    }
    return status;
}

zw_status zw_question_values(zw_eval *eval, const zw_measure *measure, const char *area,
                             const char *dim, zw_pool *out, zw_err *err)
{
    zw_question question = {.eval = eval, .measure = measure};
    question.series_count = zw_series_at(zw_store_series(eval->world.store), measure->title.name,
                                         area, &question.series);
    for (size_t i = 0; i < question.series_count; i++) {
        zw_text value = dim_value(series_of(&question, i)->dims, dim);
        if (value.len > 0 && is_known_by(&question, i, ZW_PERIOD_MAX) &&
            zw_pool_put(out, value) == ZW_POOL_NONE) {
            return zw_err_nomem(err);
        }
    }
    return ZW_OK;
}
