/* The vintages of a value: the moments at which anything it reads was learned. */
#include "indicator/inside.h"

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
        const zw_figure *versions = NULL;
        size_t version_count =
            zw_store_versions(eval->world.store, series[i], input->period, &versions);
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

zw_status zw_eval_vintages(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                           int64_t **out, size_t *count, zw_err *err)
{
    struct moments moments = {.eval = eval};
    *out = NULL;
    *count = 0;
    zw_status status = zw_eval_inputs(eval, node, area, period, add_versions, &moments, err);
    if (status != ZW_OK) {
        free(moments.at_ms);
        return status;
    }
    *out = moments.at_ms;
    *count = sort_moments(&moments);
    return ZW_OK;
}
