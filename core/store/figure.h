/** A figure: what one delivery said about one (series, period), and since when it is known. A plain
 * value. */
#ifndef ZW_STORE_FIGURE_H
#define ZW_STORE_FIGURE_H

#include "base/period.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t zw_series_id; /* dense, from 0 */
#define ZW_SERIES_NONE UINT32_MAX

typedef struct zw_figure {
    double value;          /* in the measure's unit *without* its scale; 0 when withdrawn */
    int64_t known_at_ms;   /* the moment we learned it */
    int64_t batch;         /* the delivery it came with */
    uint32_t line;         /* of the delivered text, from 1 */
    uint32_t source, note; /* the row's own, as numbers of zw_store_text; 0: it says nothing */
    uint8_t status;        /* zw_obs_status of intake/batch.h; ZW_OBS_MISSING is a withdrawal */
    bool is_synthetic;
} zw_figure;

/** The newest figure of a series: of its last period the newest version. Kept for all series side
 * by side, so that who asks for what is newest of many walks one array. */
typedef struct zw_head {
    zw_period period; /* less than ZW_PERIOD_MIN: the series has no figure */
    double value;
    int64_t known_at_ms;
    uint8_t status;
    bool is_synthetic;
} zw_head;
#define ZW_PERIOD_NONE (ZW_PERIOD_MIN - 1)

#endif
