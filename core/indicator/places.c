/* Places, by series; forgotten when series come or are taken back, whose numbers then may be
 * others'. */
#include "indicator/places.h"

#include <stdlib.h>

typedef struct place {
    bool is_known;
    uint32_t measure, area;
} place;

struct zw_places {
    const zw_pack *pack; /* borrowed */
    zw_store *store;     /* borrowed */
    place *at;           /* by series */
    size_t count;
    uint64_t generation; /* of the series */
};

zw_status zw_places_create(const zw_pack *pack, zw_store *store, zw_places **out, zw_err *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    (*out)->pack = pack;
    (*out)->store = store;
    return ZW_OK;
}

void zw_places_destroy(zw_places *places)
{
    if (places != NULL) {
        free(places->at);
        free(places);
    }
}

static place look_up(const zw_places *places, zw_series_id series)
{
    const zw_series *what = zw_series_view(zw_store_series(places->store), series);
    return (place){true, zw_pack_measure(places->pack, zw_text_of(what->measure), NULL),
                   zw_pack_area(places->pack, zw_text_of(what->area), NULL)};
}

/* Room for all series there are, in which nothing is known yet; false without memory for it. */
static bool renew(zw_places *places, const zw_series_set *set)
{
    size_t count = zw_series_count(set);
    place *fresh = calloc(count > 0 ? count : 1, sizeof *fresh);
    if (fresh == NULL) {
        return false;
    }
    free(places->at);
    places->at = fresh;
    places->count = count;
    places->generation = zw_series_generation(set);
    return true;
}

bool zw_places_of(zw_places *places, zw_series_id series, uint32_t *measure, uint32_t *area)
{
    const zw_series_set *set = zw_store_series(places->store);
    bool has_room = places->at != NULL && zw_series_generation(set) == places->generation;
    has_room = (has_room || renew(places, set)) && places->at != NULL && series < places->count;
    place found =
        has_room && places->at[series].is_known ? places->at[series] : look_up(places, series);
    if (has_room) {
        places->at[series] = found;
    }
    *measure = found.measure;
    *area = found.area;
    return found.measure != ZW_NONE && found.area != ZW_NONE;
}
