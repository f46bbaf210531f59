/**
 * The door of live samples: what is remembered from one delivery to the next, so that a sample of a
 * series that was seen before costs no look-up by name.
 */
#ifndef ZW_APP_LIVE_DOOR_H
#define ZW_APP_LIVE_DOOR_H

#include "intake/live.h"
#include "plan/bind.h"
#include "plan/route.h"
#include "store/store.h"

typedef struct zw_live_door zw_live_door;

/** @param pack, store  borrowed; must outlive the result. */
zw_status zw_live_door_create(const zw_pack *pack, zw_store *store, zw_live_door **out,
                              zw_err *err) ZW_MUST_USE;
void zw_live_door_destroy(zw_live_door *door); /* NULL is allowed */

/** What a delivery is read into: empty, with the keys that are known. */
zw_live *zw_live_door_open(zw_live_door *door);

/** What is so of a delivery that was routed. */
typedef struct zw_live_routed {
    bool is_guarded;    /* a guard judges some of it */
    bool is_over_limit; /* a line was taken out since a measure has its limit of series */
} zw_live_routed;

/**
 * Sends each sample of what was read where it goes. The lines of which one goes nowhere are taken
 * out and named as faults, each once; a value loses its unit's scale.
 * @param floors  by measure: of earlier periods nothing is taken; NULL: of all.
 */
zw_status zw_live_door_route(zw_live_door *door, const zw_period *floors, zw_live_routed *out,
                             zw_err *err) ZW_MUST_USE;

/** What was routed as samples of series, which are made when there are none (inside a turn).
 * Borrowed until the door opens again. */
zw_status zw_live_door_samples(zw_live_door *door, const zw_sample **out, zw_err *err) ZW_MUST_USE;

/** The same as bound rows, for guards. @param like  what the samples do not say. The caller frees.
 */
zw_status zw_live_door_rows(zw_live_door *door, const zw_bound *like, zw_bound **out,
                            zw_err *err) ZW_MUST_USE;

/** Ends the delivery: forgets what is too much to remember. */
void zw_live_door_close(zw_live_door *door);

#endif
