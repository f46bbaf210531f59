/** Values of periods one after another that are alike: in, and of one status. */
#ifndef ZW_STORE_RUN_H
#define ZW_STORE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zw_run {
    const double *values;
    size_t count;
    int64_t known_at_ms; /* the newest of theirs */
    uint8_t status;      /* zw_obs_status, never ZW_OBS_MISSING */
    bool is_synthetic;
} zw_run;

#endif
