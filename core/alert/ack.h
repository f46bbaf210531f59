/**
 * Acknowledgements: who has seen that an alert fires, in the table ack. One is of the firing that
 * it was given to: it stands while the alert fires without a break since before it was given, no
 * worse than it was then. All are kept.
 */
#ifndef ZW_ALERT_ACK_H
#define ZW_ALERT_ACK_H

#include "alert/ledger.h"

typedef struct zw_acks zw_acks;

/** One acknowledgement. Texts are borrowed, never NULL. */
typedef struct zw_ack {
    int64_t id; /* given by the put */
    zw_alert_key key;
    zw_severity severity; /* as it fired */
    int64_t at_ms;
    const char *author, *note;
} zw_ack;

/** A word that somebody has seen an alert fire. A text is NULL or "" when it was not given. */
typedef struct zw_ack_words {
    const char *alert, *area;  /* without an area: at the only zone */
    const char *item, *period; /* else all that fire there */
    const char *author, *note;
} zw_ack_words;

/** @param db  borrowed; must outlive the result. Call restore before anything is asked. */
zw_status zw_acks_create(zw_db *db, zw_acks **out, zw_err *err) ZW_MUST_USE;
void zw_acks_destroy(zw_acks *acks); /* NULL is allowed */

/** Reads the table again, in place of what is known here. */
zw_status zw_acks_restore(zw_acks *acks, zw_err *err) ZW_MUST_USE;

/** Writes one down (inside a transaction), and sets its id. */
zw_status zw_acks_put(zw_acks *acks, zw_ack *ack, zw_err *err) ZW_MUST_USE;

/** How many there are: of none nothing need be asked. */
size_t zw_acks_count(const zw_acks *acks);
/** The n-th, in order of arrival. */
const zw_ack *zw_acks_at(const zw_acks *acks, size_t n);

/** The last one that stands of an instance in `state` as of a moment; NULL. */
const zw_ack *zw_acks_of(const zw_acks *acks, const zw_alert_key *key, const zw_alert_state *state,
                         int64_t as_of_ms);

#endif
