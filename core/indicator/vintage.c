/* The vintages of a value: the moments at which anything it reads was learned, and what it was when
 * first reported or before its last change. Both are looked up by computing it as of those moments:
 * a zone is first reported when the last of its parts is. */
#include "indicator/inside.h"
#include "indicator/trace.h"

#include <stdlib.h>

/* The moments at which the inputs of a value were learned. */
struct moments {
    const zw_eval *eval;
    int64_t *at_ms;
    size_t count, capacity;
};

static zw_status add_moment(struct moments *moments, int64_t at_ms, zw_err *err)
{
    if (moments->count == moments->capacity) {
        size_t wanted = moments->capacity == 0 ? 16 : moments->capacity * 2;
        int64_t *grown = realloc(moments->at_ms, wanted * sizeof(int64_t));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        moments->at_ms = grown;
        moments->capacity = wanted;
    }
    moments->at_ms[moments->count++] = at_ms;
    return ZW_OK;
}

static zw_status add_versions(void *arg, const zw_input *input, zw_err *err)
{
    struct moments *moments = arg;
    const zw_eval *eval = moments->eval;
    const zw_pack *pack = eval->world.pack;
    const zw_series_id *series = NULL;
    size_t count =
        zw_series_at(zw_store_series(eval->world.store), pack->measures[input->measure].title.name,
                     pack->areas[input->area].title.name, &series);
    zw_status status = ZW_OK;
    for (size_t i = 0; i < count; i++) {
        zw_figure room;
        const zw_figure *versions = NULL;
        size_t version_count =
            zw_store_versions(eval->world.store, series[i], input->period, &room, &versions);
        for (size_t v = 0;
             status == ZW_OK && v < version_count && versions[v].known_at_ms <= eval->as_of_ms;
             v++) {
            status = add_moment(moments, versions[v].known_at_ms, err);
        }
    }
    return status;
}

static int by_moment(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts them and drops repeats. @return how many are left. */
static size_t sort_moments(struct moments *moments)
{
    size_t kept = 0;
    if (moments->count > 1) {
        qsort(moments->at_ms, moments->count, sizeof(int64_t), by_moment);
    }
    for (size_t i = 0; i < moments->count; i++) {
        if (kept == 0 || moments->at_ms[kept - 1] != moments->at_ms[i]) {
            moments->at_ms[kept++] = moments->at_ms[i];
        }
    }
    return kept;
}

/* Where a value stands. */
struct place {
    zw_node_id node;
    uint32_t area;
    const char *binding;
    zw_period period;
};

/* @param out  gets an array that the caller frees. */
static zw_status find_moments(zw_eval *eval, const struct place *place, int64_t **out,
                              size_t *count, zw_err *err)
{
    struct moments moments = {.eval = eval};
    int64_t ignored_ms = ZW_NEVER_MS;
    *out = NULL;
    *count = 0;
    zw_status status = zw_inside_inputs(eval, place->node, place->area, place->binding,
                                        place->period, add_versions, &moments, &ignored_ms, err);
    if (status != ZW_OK) {
        free(moments.at_ms);
        return status;
    }
    *out = moments.at_ms;
    *count = sort_moments(&moments);
    return ZW_OK;
}

zw_status zw_eval_vintages(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                           int64_t **out, size_t *count, zw_err *err)
{
    struct place place = {node, area, "", period};
    return find_moments(eval, &place, out, count, err);
}

/* The vintages of one value, oldest first. */
struct vintages {
    zw_eval *eval;
    struct place place;
    int64_t *at_ms;
    size_t count;
    int64_t start_ms; /* of the period: what was known before it has a value only from then on */
};

static zw_status vintage_at(const struct vintages *all, size_t i, zw_cell *out, zw_err *err)
{
    int64_t at_ms = all->at_ms[i] < all->start_ms ? all->start_ms : all->at_ms[i];
    const struct place *at = &all->place;
    zw_eval *then = NULL;
    zw_status status = zw_inside_sibling(all->eval, at_ms, &then, err);
    if (all->eval->trace != NULL) {
        zw_trace_moment(all->eval->trace, at_ms);
    }
    if (status == ZW_OK) {
        status = zw_inside_cell(then, at->node, at->area, at->binding, at->period, out, err);
    }
    zw_eval_destroy(then);
    return status;
}

/* The first vintage that has a value: its number, or the count when none has. */
static zw_status find_first(const struct vintages *all, size_t *out, zw_cell *cell, zw_err *err)
{
    zw_status status = ZW_OK;
    *cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    for (*out = 0; status == ZW_OK && *out < all->count; (*out)++) {
        status = vintage_at(all, *out, cell, err);
        if (status == ZW_OK && zw_cell_stands(cell)) {
            return ZW_OK;
        }
    }
    return status;
}

static bool is_change(const zw_cell *before, const zw_cell *after)
{
    bool was_there = zw_cell_stands(before);
    return was_there != zw_cell_stands(after) || (was_there && before->value != after->value);
}

/* The newest vintage since the first that says something else than now. */
static zw_status find_previous(const struct vintages *all, size_t first, const zw_cell *now,
                               zw_cell *out, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = all->count; status == ZW_OK && i > first; i--) {
        status = vintage_at(all, i - 1, out, err);
        if (status == ZW_OK && is_change(out, now)) {
            return ZW_OK;
        }
    }
    *out = zw_cell_missing(ZW_REASON_NEVER_CHANGED);
    return status;
}

static zw_status vintage_of(zw_eval *eval, const zw_col *col, const zw_node *node, zw_period p,
                            const zw_cell *now, zw_cell *out, zw_err *err)
{
    const char *binding = zw_pool_text(eval->bindings, col->binding);
    struct vintages all = {eval, {node->kid[0], col->area, binding, p}, NULL, 0, INT64_MIN};
    size_t first = 0;
    if (node->has_grid) {
        all.start_ms = zw_period_start_ms(zw_inside_calendar(eval, col->area), node->grid, p);
    }
    zw_status status = find_moments(eval, &all.place, &all.at_ms, &all.count, err);
    status = status == ZW_OK ? find_first(&all, &first, out, err) : status;
    if (status == ZW_OK && first == all.count) { /* there never was a value */
        *out = *now;
    } else if (status == ZW_OK && node->how == ZW_HOW_LAST) {
        status = find_previous(&all, first, now, out, err);
    }
    out->until_ms = now->until_ms; /* not when the value of that day would have turned */
    free(all.at_ms);
    return status;
}

zw_status zw_compute_vintage(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (zw_period p = span.lo; kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell now = zw_kid_at(&kid, p);
        zw_cell out = now;
        if (kid.status == ZW_OK && now.known_at_ms != INT64_MIN) {
            kid.status = vintage_of(eval, col, node, p, &now, &out, err);
        }
        *zw_col_at(col, p) = out;
    }
    return kid.status;
}
