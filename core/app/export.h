/** What an export is asked for, and how its fields are written: shared by the files that each write
 * one kind of rows. */
#ifndef ZW_APP_EXPORT_H
#define ZW_APP_EXPORT_H

#include "app/tabular.h"
#include "indicator/eval.h"
#include "plan/pack.h"
#include "store/store.h"

/** Everything is borrowed. */
typedef struct zw_export {
    const zw_pack *pack;
    zw_store *store;
    zw_eval *eval;                /* at the as-of that is asked for */
    zw_tabular *table;            /* not begun yet; ended by whoever made it */
    uint32_t within;              /* an area and what lies in it; ZW_NONE: everywhere */
    const zw_stamp *first, *last; /* both included; NULL: no bound */
} zw_export;

bool zw_export_wants_area(const zw_export *export, uint32_t area);

/** True when a moment lies in what is asked for. */
bool zw_export_wants_moment(const zw_export *export, uint32_t area, int64_t at_ms);

/** Narrows the periods lo … hi of a grid to those that any of what is asked for lies in. */
void zw_export_narrow(const zw_export *export, uint32_t area, zw_grid grid, zw_period *lo,
                      zw_period *hi);

/** The next field: a period, or a moment in the area's time (INT64_MIN: nothing). */
void zw_export_period(const zw_export *export, uint32_t area, zw_grid grid, zw_period period);
void zw_export_moment(const zw_export *export, uint32_t area, int64_t at_ms);

#endif
