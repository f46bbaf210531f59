/* Plain series by measure and area: one number each, looked up when first asked for. */
#include "indicator/plain.h"

#include <stdlib.h>

#define NOT_ASKED (ZW_SERIES_NONE - 1)

struct zw_plain {
    const zw_pack *pack;
    zw_store *store;
    uint64_t generation; /* of the series that the numbers are of */
    zw_series_id **at;   /* by measure, then by area; NULL until asked */
};

zw_status zw_plain_create(const zw_pack *pack, zw_store *store, zw_plain **out, zw_err *err)
{
    *out = NULL;
    zw_plain *plain = calloc(1, sizeof(*plain));
    if (plain == NULL) {
        return zw_err_nomem(err);
    }
    *plain = (zw_plain){.pack = pack, .store = store};
    size_t measures = pack->measure_count > 0 ? pack->measure_count : 1;
    plain->at = (zw_series_id **)calloc(measures, sizeof(zw_series_id *));
    if (plain->at == NULL) {
        free(plain);
        return zw_err_nomem(err);
    }
    *out = plain;
    return ZW_OK;
}

static void forget(zw_plain *plain)
{
    for (size_t m = 0; m < plain->pack->measure_count; m++) {
        free(plain->at[m]);
        plain->at[m] = NULL;
    }
}

void zw_plain_destroy(zw_plain *plain)
{
    if (plain != NULL) {
        forget(plain);
        free((void *)plain->at);
        free(plain);
    }
}

static zw_series_id look_up(const zw_plain *plain, uint32_t measure, uint32_t area)
{
    const zw_series_set *set = zw_store_series(plain->store);
    const zw_series_id *ids = NULL;
    size_t count = zw_series_at(set, plain->pack->measures[measure].title.name,
                                plain->pack->areas[area].title.name, &ids);
    if (count != 1) {
        return ZW_SERIES_NONE;
    }
    const zw_series *series = zw_series_view(set, ids[0]);
    return series->dims[0] == '\0' && series->scope[0] == '\0' ? ids[0] : ZW_SERIES_NONE;
}

/* The numbers of a measure; NULL without memory. */
static zw_series_id *numbers_of(zw_plain *plain, uint32_t measure)
{
    zw_series_id *numbers = plain->at[measure];
    if (numbers == NULL) {
        numbers = malloc(plain->pack->area_count * sizeof(zw_series_id));
        for (size_t a = 0; numbers != NULL && a < plain->pack->area_count; a++) {
            numbers[a] = NOT_ASKED;
        }
        plain->at[measure] = numbers;
    }
    return numbers;
}

zw_series_id zw_plain_series(zw_plain *plain, uint32_t measure, uint32_t area)
{
    uint64_t generation = zw_series_generation(zw_store_series(plain->store));
    if (generation != plain->generation) {
        forget(plain);
        plain->generation = generation;
    }
    zw_series_id *numbers = numbers_of(plain, measure);
    if (numbers == NULL) {
        return look_up(plain, measure, area);
    }
    if (numbers[area] == NOT_ASKED) {
        numbers[area] = look_up(plain, measure, area);
    }
    return numbers[area];
}
