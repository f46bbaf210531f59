/**
 * The outbox: what must still leave the house, written in the turn that decided it, and what each
 * receiver has been told. Delivered at least once; each message carries a key by which a receiver
 * knows it again.
 */
#ifndef ZW_ALERT_OUTBOX_H
#define ZW_ALERT_OUTBOX_H

#include "alert/ledger.h"

typedef struct zw_outbox zw_outbox;

typedef struct zw_message {
    int64_t id;         /* given by the outbox */
    const char *notify; /* the pack's notify, by name */
    uint32_t receiver;  /* index into its `to` */
    const char *key;    /* unique: the idempotency key */
    const char *body;   /* a webhook's JSON, or a log line's text */
    int64_t made_ms, next_ms;
    uint32_t attempts; /* failed so far */
} zw_message;

zw_status zw_outbox_create(zw_db *db, zw_outbox **out,
                           zw_err *err) ZW_MUST_USE; /* db is borrowed and must outlive it */
void zw_outbox_destroy(zw_outbox *outbox);

/** Puts a message in (inside a transaction); the same key again is the message that is there
 * already. Sets message->id. */
zw_status zw_outbox_put(zw_outbox *outbox, zw_message *message, zw_err *err) ZW_MUST_USE;

/** Called for a message; its texts live for the call. */
typedef zw_status (*zw_outbox_each)(void *arg, const zw_message *message, zw_err *err);

/** Undelivered messages with next_ms <= now_ms, oldest first, at most `limit`. */
zw_status zw_outbox_due(zw_outbox *outbox, int64_t now_ms, size_t limit, zw_outbox_each each,
                        void *arg, zw_err *err) ZW_MUST_USE;

/**
 * Like zw_outbox_due, but only the oldest undelivered message of each receiver: what may go now so
 * that every receiver hears in order, and a slow one holds up only itself.
 */
zw_status zw_outbox_heads(zw_outbox *outbox, int64_t now_ms, size_t limit, zw_outbox_each each,
                          void *arg, zw_err *err) ZW_MUST_USE;

/**
 * The earliest next_ms later than `after_ms` (INT64_MIN: of all) among undelivered messages;
 * ZW_NEVER_MS when there is none.
 */
zw_status zw_outbox_next_ms(zw_outbox *outbox, int64_t after_ms, int64_t *out,
                            zw_err *err) ZW_MUST_USE;

/** Marks a message delivered (inside a transaction). */
zw_status zw_outbox_delivered(zw_outbox *outbox, int64_t id, int64_t now_ms,
                              zw_err *err) ZW_MUST_USE;

/**
 * Notes a failure and when to try again (inside a transaction): now + zw_outbox_backoff_ms.
 */
zw_status zw_outbox_failed(zw_outbox *outbox, int64_t id, int64_t now_ms, const char *why,
                           zw_err *err) ZW_MUST_USE;

/** Exponential: 1 s doubling with each failure up to 5 min, plus up to a quarter of it by the
 * message's id (jitter). */
int64_t zw_outbox_backoff_ms(int64_t id, uint32_t attempts);

/** The id of the last message that was put in; 0 before the first. */
zw_status zw_outbox_last(zw_outbox *outbox, int64_t *id, zw_err *err) ZW_MUST_USE;

/** Counts of messages: still to go, delivered. */
zw_status zw_outbox_counts(zw_outbox *outbox, int64_t *waiting, int64_t *delivered,
                           zw_err *err) ZW_MUST_USE;

/** What a notify was last told of an instance. */
typedef struct zw_told {
    int level;         /* zw_alert_level; 0 when nothing */
    int64_t active_ms; /* since when it was pending or firing: what an end is told with */
} zw_told;

zw_status zw_told_get(zw_outbox *outbox, const zw_alert_key *key, const char *notify, zw_told *out,
                      zw_err *err) ZW_MUST_USE;
/** Notes it (inside a transaction); level 0 removes the row. */
zw_status zw_told_put(zw_outbox *outbox, const zw_alert_key *key, const char *notify, zw_told told,
                      zw_err *err) ZW_MUST_USE;

#endif
