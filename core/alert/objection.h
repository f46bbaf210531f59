/**
 * Objections: what guards said of deliveries, in the table objection. One stands from the moment
 * its delivery arrived: that of a held delivery until it is released or refused, a warning until a
 * later delivery is taken that its guard finds nothing wrong with at its area. Nothing is deleted.
 */
#ifndef ZW_ALERT_OBJECTION_H
#define ZW_ALERT_OBJECTION_H

#include "plan/pack.h"
#include "store/db.h"

typedef struct zw_objections zw_objections;

/** What one guard said of an area that a delivery touched. Texts are borrowed. */
typedef struct zw_objection {
    int64_t batch;
    const char *guard, *area, *period; /* by name; a pack may change under a store */
    zw_severity severity;              /* ZW_CRITICAL: it holds the delivery; ZW_WARNING */
    int64_t at_ms, ended_ms;           /* ended_ms: ZW_NEVER_MS while it stands */
    const char *say_en, *say_zh, *value;
    bool is_synthetic;
    const char *outcome; /* of a held delivery: "" while it is held, "released", "refused"; of one
                            that was taken NULL. Not for the put */
} zw_objection;

/** @param db  borrowed; must outlive the result. */
zw_status zw_objections_create(zw_db *db, zw_objections **out, zw_err *err) ZW_MUST_USE;
void zw_objections_destroy(zw_objections *objections); /* NULL is allowed */

/** Writes one down (inside a transaction); it stands from its at_ms. */
zw_status zw_objections_put(zw_objections *objections, const zw_objection *objection,
                            zw_err *err) ZW_MUST_USE;

/** Ends what stands of a batch (inside a transaction). */
zw_status zw_objections_end(zw_objections *objections, int64_t batch, int64_t at_ms,
                            zw_err *err) ZW_MUST_USE;

/** Ends the warnings that a guard has at an area about deliveries that were taken (inside a
 * transaction). */
zw_status zw_objections_calm(zw_objections *objections, const char *guard, const char *area,
                             int64_t at_ms, zw_err *err) ZW_MUST_USE;

/** What stands of a guard at an area as of a moment. A plain value. */
typedef struct zw_objected {
    bool stands[ZW_SEVERITY_COUNT];
    int64_t next_ms; /* the next moment at which that changes; ZW_NEVER_MS */
} zw_objected;
zw_status zw_objections_at(zw_objections *objections, const char *guard, const char *area,
                           int64_t at_ms, zw_objected *out, zw_err *err) ZW_MUST_USE;

/** Called for an objection; its texts live for the call. */
typedef zw_status (*zw_objection_each)(void *arg, const zw_objection *objection, zw_err *err);

/**
 * The one that a guard's alert at an area speaks of as of a moment: the worst that stands, of
 * equals the newest; when none does, the last there was. `each` is not called when there was none.
 */
zw_status zw_objections_spoken(zw_objections *objections, const char *guard, const char *area,
                               int64_t at_ms, zw_objection_each each, void *arg,
                               zw_err *err) ZW_MUST_USE;

/** All that was said of a batch, in order. */
zw_status zw_objections_of(zw_objections *objections, int64_t batch, zw_objection_each each,
                           void *arg, zw_err *err) ZW_MUST_USE;

#endif
