/* Plain series by measure and area: one number each, looked up when first asked for. */
#include "indicator/plain.h"

#include <stdlib.h>

#define NOT_ASKED (ZW_SERIES_NONE - 2)

struct zw_plain {
    const zw_pack *pack;
    zw_store *store;
    uint64_t generation; /* of the series that the numbers are of */
    zw_series_id **at;   /* by measure, then by area; NULL until asked */
    zw_series_id *heads; /* by measure: its last series; NULL until asked */
    zw_series_id *nexts; /* by series: the one of its measure before it */
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
    free(plain->heads);
    free(plain->nexts);
    plain->heads = plain->nexts = NULL;
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
    const zw_area *where = &plain->pack->areas[area];
    if (where->parts.count > 0 || where->has_since || where->has_till) {
        return ZW_SERIES_NONE;
    }
    const zw_series_set *set = zw_store_series(plain->store);
    const zw_series_id *ids = NULL;
    size_t count = zw_series_at(set, plain->pack->measures[measure].title.name,
                                plain->pack->areas[area].title.name, &ids);
    if (count != 1) {
        return count == 0 ? ZW_PLAIN_EMPTY : ZW_SERIES_NONE;
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

/* Forgets what was looked up before series came or were taken back. */
static void renew(zw_plain *plain)
{
    uint64_t generation = zw_series_generation(zw_store_series(plain->store));
    if (generation != plain->generation) {
        forget(plain);
        plain->generation = generation;
    }
}

/* @param numbers  of the measure; NULL: no memory to keep them. */
static inline zw_series_id number_at(const zw_plain *plain, zw_series_id *numbers, uint32_t measure,
                                     uint32_t area)
{
    if (numbers == NULL) {
        return look_up(plain, measure, area);
    }
    if (numbers[area] == NOT_ASKED) {
        numbers[area] = look_up(plain, measure, area);
    }
    return numbers[area];
}

zw_series_id zw_plain_series(zw_plain *plain, uint32_t measure, uint32_t area)
{
    renew(plain);
    zw_series_id number = number_at(plain, numbers_of(plain, measure), measure, area);
    return number != ZW_PLAIN_EMPTY ? number : ZW_SERIES_NONE;
}

void zw_plain_row(zw_plain *plain, uint32_t measure, const uint32_t *areas, size_t count,
                  zw_series_id *out)
{
    renew(plain);
    zw_series_id *numbers = numbers_of(plain, measure);
    for (size_t i = 0; i < count; i++) {
        out[i] = number_at(plain, numbers, measure, areas[i]);
    }
}

static zw_series_id *none_of(size_t count)
{
    zw_series_id *numbers = malloc((count > 0 ? count : 1) * sizeof(*numbers));
    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = ZW_SERIES_NONE;
    }
    return numbers;
}

/* Links the series of each measure. @return false without memory. */
static bool link_series(zw_plain *plain)
{
    const zw_series_set *set = zw_store_series(plain->store);
    if (plain->heads != NULL && plain->nexts != NULL) {
        return true;
    }
    free(plain->heads);
    free(plain->nexts);
    plain->heads = none_of(plain->pack->measure_count);
    plain->nexts = none_of(zw_series_count(set));
    if (plain->heads == NULL || plain->nexts == NULL) {
        return false;
    }
    for (zw_series_id id = 0; id < zw_series_count(set); id++) {
        zw_text name = zw_text_of(zw_series_view(set, id)->measure);
        uint32_t measure = zw_pack_measure(plain->pack, name, NULL);
        if (measure != ZW_NONE && zw_text_is(name, plain->pack->measures[measure].title.name)) {
            plain->nexts[id] = plain->heads[measure];
            plain->heads[measure] = id;
        }
    }
    return true;
}

/* Without memory for the links, every series is looked at. */
static bool search_next(const zw_plain *plain, uint32_t measure, zw_series_id *series)
{
    const zw_series_set *set = zw_store_series(plain->store);
    zw_text name = zw_text_of(plain->pack->measures[measure].title.name);
    for (zw_series_id id = *series == ZW_SERIES_NONE ? 0 : *series + 1; id < zw_series_count(set);
         id++) {
        if (zw_text_is(name, zw_series_view(set, id)->measure)) {
            *series = id;
            return true;
        }
    }
    return false;
}

bool zw_plain_next(zw_plain *plain, uint32_t measure, zw_series_id *series)
{
    renew(plain);
    bool begins = *series == ZW_SERIES_NONE;
    bool is_linked = begins ? link_series(plain) : plain->heads != NULL && plain->nexts != NULL;
    if (!is_linked) {
        return search_next(plain, measure, series);
    }
    *series = begins ? plain->heads[measure] : plain->nexts[*series];
    return *series != ZW_SERIES_NONE;
}
