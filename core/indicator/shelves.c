/* The shelves of an evaluation: by measure, then by area. */
#include "indicator/shelf.h"

#include <stdlib.h>

struct zw_shelves {
    const zw_pack *pack; /* borrowed */
    zw_store *store;     /* borrowed */
    zw_shelf ***at;      /* by measure: NULL until asked, then by area */
};

zw_status zw_shelves_create(const zw_pack *pack, zw_store *store, zw_shelves **out, zw_err *err)
{
    zw_shelves *shelves = calloc(1, sizeof(*shelves));
    *out = NULL;
    if (shelves == NULL) {
        return zw_err_nomem(err);
    }
    shelves->pack = pack;
    shelves->store = store;
    shelves->at = calloc(pack->measure_count > 0 ? pack->measure_count : 1, sizeof(*shelves->at));
    if (shelves->at == NULL) {
        free(shelves);
        return zw_err_nomem(err);
    }
    *out = shelves;
    return ZW_OK;
}

void zw_shelves_forget(zw_shelves *shelves)
{
    for (size_t m = 0; m < shelves->pack->measure_count; m++) {
        for (size_t a = 0; shelves->at[m] != NULL && a < shelves->pack->area_count; a++) {
            zw_shelf_destroy(shelves->at[m][a]);
        }
        free(shelves->at[m]);
        shelves->at[m] = NULL;
    }
}

void zw_shelves_destroy(zw_shelves *shelves)
{
    if (shelves != NULL) {
        zw_shelves_forget(shelves);
        free(shelves->at);
        free(shelves);
    }
}

zw_status zw_shelves_at(zw_shelves *shelves, uint32_t measure, uint32_t area, const zw_shelf **out,
                        zw_err *err)
{
    const zw_pack *pack = shelves->pack;
    const zw_series_set *set = zw_store_series(shelves->store);
    const zw_measure *what = &pack->measures[measure];
    const char *name = pack->areas[area].title.name;
    const zw_series_id *series = NULL;
    *out = NULL;
    if (shelves->at[measure] == NULL) {
        shelves->at[measure] = calloc(pack->area_count, sizeof(zw_shelf *));
    }
    if (shelves->at[measure] == NULL) {
        return zw_err_nomem(err);
    }
    zw_shelf **here = &shelves->at[measure][area];
    if (*here != NULL &&
        (*here)->series_count != zw_series_at(set, what->title.name, name, &series)) {
        zw_shelf_destroy(*here);
        *here = NULL;
    }
    zw_status status = *here == NULL ? zw_shelf_create(what, set, name, here, err) : ZW_OK;
    *out = *here;
    return status;
}
