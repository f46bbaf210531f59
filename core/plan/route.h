/**
 * Routes: what the keys of live samples mean to a pack. Each key is asked about once and the answer
 * remembered, mistakes too.
 *
 * The measure is the one called as the measurement when the field is `value` (or the metric), else
 * as `measurement_field`, by name or alias. When there is none, a measure with `accept = "any"`
 * whose name and an underscore stand in front takes it (of several that with the longest name), and
 * the rest is dimension `metric`. The label `area` is an area's name or alias; without it the only
 * zone. All other labels are dimensions; of a measure that takes any, one whose name means
 * something else in a delivery gets "exported_" in front of it.
 */
#ifndef ZW_PLAN_ROUTE_H
#define ZW_PLAN_ROUTE_H

#include "intake/live_keys.h"
#include "plan/pack.h"
#include "store/figure.h"

/** Where the samples of a key go. Texts are the routes'. */
typedef struct zw_route {
    const char *why;        /* why nowhere; NULL when they go somewhere */
    uint32_t measure, area; /* indexes in the pack */
    const char *dims;       /* as zw_row.dims of intake/batch.h */
    int32_t step_ms;        /* of the measure's grid; 0 from a day on */
    bool has_scale;         /* the measure's unit has one */
    zw_series_id series;    /* the caller's to fill in; ZW_SERIES_NONE until then */
} zw_route;

typedef struct zw_routes zw_routes;

/** @param pack, keys  borrowed; must outlive the result. */
zw_status zw_routes_create(const zw_pack *pack, const zw_live_keys *keys, zw_routes **out,
                           zw_err *err) ZW_MUST_USE;
void zw_routes_destroy(zw_routes *routes); /* NULL is allowed */

/** Lets the nearest names be looked for again: of each delivery for a thousand that are none. */
void zw_routes_hint_again(zw_routes *routes);

/** Forgets everything: for keys that were cleared. */
void zw_routes_clear(zw_routes *routes);
/** Forgets the series alone: for series that may have been taken back. */
void zw_routes_forget_series(zw_routes *routes);

/** The route of a key: valid until the next is asked for. @return ZW_OK; ZW_NOMEM. */
zw_status zw_routes_of(zw_routes *routes, uint32_t key, zw_route **out, zw_err *err) ZW_MUST_USE;

/** The period of the route's measure that holds a moment. */
zw_period zw_route_period(const zw_pack *pack, const zw_route *route, int64_t at_ms);

#endif
