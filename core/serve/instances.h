/** The instances of a pack's alerts as an ask sees them: where each stands, and how that is told.
 */
#ifndef ZW_SERVE_INSTANCES_H
#define ZW_SERVE_INSTANCES_H

#include "serve/ask.h"
#include "serve/json.h"

typedef struct zw_standing {
    uint32_t alert, area; /* in the pack */
    zw_instance instance;
} zw_standing;

/** Filled by read, ended by fini; a zeroed one is empty. */
typedef struct zw_instances {
    zw_standing *at; /* by alert, area and period, in the pack's order */
    size_t count, capacity;
} zw_instances;

/**
 * Reads every instance within the ask's area: as of the last turn from the judge, as of another
 * moment from the ledger. What the ledger holds of alerts or areas that the pack no longer has is
 * left out.
 */
zw_status zw_instances_read(const zw_ask *ask, zw_instances *out, zw_err *err) ZW_MUST_USE;
void zw_instances_fini(zw_instances *instances);

/** Pending, firing or unknown: what `/api/v1/alerts` lists. */
bool zw_instance_is_open(const zw_instance *instance);

/** "ok" "pending" "firing" "unknown". */
const char *zw_instance_text(const zw_instance *instance);

/** Writes one as Prometheus does: "labels", "annotations", "state", "activeAt", "value"; and, where
 * there are such, "acknowledged" and the number of the "silence" that keeps it from being told. */
zw_status zw_instance_put(const zw_ask *ask, const zw_standing *standing, zw_json *json,
                          zw_err *err) ZW_MUST_USE;

#endif
