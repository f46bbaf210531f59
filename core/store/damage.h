/** What is damaged in the file: which row, and the figures that are lost with it. */
#ifndef ZW_STORE_DAMAGE_H
#define ZW_STORE_DAMAGE_H

#include "base/period.h"
#include "store/figure.h"

#include <stddef.h>

/** A plain value. */
typedef struct zw_damage {
    const char *table; /* static */
    int64_t row;
    bool is_known; /* what was lost with it: the rest counts only then */
    zw_series_id first_series, last_series;
    zw_period first_period, last_period;
    size_t figures;
} zw_damage;

#endif
