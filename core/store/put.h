/** A figure and where it goes: what a delivery's row, the journal and an older version all are. */
#ifndef ZW_STORE_PUT_H
#define ZW_STORE_PUT_H

#include "base/period.h"
#include "store/figure.h"

/** A plain value. */
typedef struct zw_put {
    zw_series_id series;
    zw_period period;
    zw_figure figure;
} zw_put;

#endif
