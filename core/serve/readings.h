/** The newest readings of a pack's indicators: which of them speaks of which area, and what it
 * says.
 */
#ifndef ZW_SERVE_READINGS_H
#define ZW_SERVE_READINGS_H

#include "indicator/eval.h"
#include "serve/json.h"
#include "serve/reach.h"

typedef struct zw_readings zw_readings;

/** @param eval  borrowed; must outlive the result. */
zw_status zw_readings_create(zw_eval *eval, zw_readings **out, zw_err *err) ZW_MUST_USE;
void zw_readings_destroy(zw_readings *readings); /* NULL is allowed */

/** One reading. A plain value. */
typedef struct zw_reading_at {
    bool is_shown;   /* the indicator speaks of the area: a value, or one that is missed */
    bool has_period; /* false: the node has no grid, or nothing is known and nothing is due */
    zw_period period;
    zw_cell cell;
} zw_reading_at;

/** The newest value of an indicator at an area; where there is none, why the newest that is due is
 * missing. */
zw_status zw_readings_at(const zw_readings *readings, uint32_t indicator, uint32_t area,
                         zw_reading_at *out, zw_err *err) ZW_MUST_USE;

/** Writes "period" and the fields of the cell. */
void zw_readings_put(const zw_eval *eval, uint32_t indicator, uint32_t area,
                     const zw_reading_at *reading, zw_json *json);

#endif
