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
    const char *kind;   /* of that receiver when it was written, as zw_receiver_kind_words; "": an
                           earlier program's, a webhook's or a log's */
    const char *key;    /* unique: the idempotency key */
    const char *body;   /* a webhook's JSON, or a log's text, a line for each alert */
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

/** Called for the oldest undelivered message of a receiver, due or not, if there is one. What may
 * go next, so that every receiver hears in order, and a slow one holds up only itself. */
zw_status zw_outbox_head(zw_outbox *outbox, const char *notify, uint32_t receiver,
                         zw_outbox_each each, void *arg, zw_err *err) ZW_MUST_USE;

/** Messages that wait for one receiver, of one kind. Texts live for the call. */
typedef struct zw_outbox_lane {
    const char *notify, *kind;
    uint32_t receiver;
    int64_t count;
} zw_outbox_lane;

typedef zw_status (*zw_outbox_lane_each)(void *arg, const zw_outbox_lane *lane, zw_err *err);
/** All for whom something waits. */
zw_status zw_outbox_lanes(zw_outbox *outbox, zw_outbox_lane_each each, void *arg,
                          zw_err *err) ZW_MUST_USE;
/** Gives up what waits in a lane (inside a transaction): it stays, with the reason. */
zw_status zw_outbox_give_up(zw_outbox *outbox, const zw_outbox_lane *lane, int64_t now_ms,
                            const char *why, zw_err *err) ZW_MUST_USE;

/**
 * The earliest next_ms later than `after_ms` (INT64_MIN: of all) among undelivered messages;
 * ZW_NEVER_MS when there is none.
 */
zw_status zw_outbox_next_ms(zw_outbox *outbox, int64_t after_ms, int64_t *out,
                            zw_err *err) ZW_MUST_USE;

/** Marks a message delivered (inside a transaction). @param answer  the receiver's, kept. */
zw_status zw_outbox_delivered(zw_outbox *outbox, int64_t id, int64_t now_ms, const char *answer,
                              zw_err *err) ZW_MUST_USE;

/**
 * Notes a failure and when to try again (inside a transaction): now + zw_outbox_backoff_ms.
 * @param answer  the receiver's, or why there was none; kept.
 */
zw_status zw_outbox_failed(zw_outbox *outbox, int64_t id, int64_t now_ms, const char *answer,
                           zw_err *err) ZW_MUST_USE;

/** One attempt at a message. Texts live for the call. */
typedef struct zw_attempt {
    int64_t message, at_ms;
    uint32_t number; /* from 1 */
    bool is_delivered;
    const char *answer;
} zw_attempt;

typedef zw_status (*zw_attempt_each)(void *arg, const zw_attempt *attempt, zw_err *err);
/** The attempts at a message, in order. */
zw_status zw_outbox_attempts(zw_outbox *outbox, int64_t id, zw_attempt_each each, void *arg,
                             zw_err *err) ZW_MUST_USE;

/** Exponential: 1 s doubling with each failure up to 5 min, plus up to a quarter of it by the
 * message's id (jitter). */
int64_t zw_outbox_backoff_ms(int64_t id, uint32_t attempts);

/** The id of the last message that was put in; 0 before the first. */
zw_status zw_outbox_last(zw_outbox *outbox, int64_t *id, zw_err *err) ZW_MUST_USE;

/** Counts of messages: still to go, delivered. */
zw_status zw_outbox_counts(zw_outbox *outbox, int64_t *waiting, int64_t *delivered,
                           zw_err *err) ZW_MUST_USE;
/** And those given up. */
zw_status zw_outbox_given_up(zw_outbox *outbox, int64_t *count, zw_err *err) ZW_MUST_USE;

/** What a notify was last told of an instance, and the news of it that is held. A plain value;
 * moments that are not there are ZW_NEVER_MS. */
typedef struct zw_told {
    int level;            /* zw_alert_level; 0 when nothing, or the end */
    int64_t active_ms;    /* since when it was pending or firing: what an end is told with */
    int64_t told_ms;      /* when that was told */
    int held_level;       /* the level of what is held, the last one of what ended; 0: no news */
    int64_t held_from_ms; /* when that began */
    int64_t held_till_ms; /* when it ended; ZW_NEVER_MS while it fires */
    int64_t due_ms;       /* when it may be told */
} zw_told;

/** Nothing told, nothing held. */
zw_told zw_told_nothing(void);
bool zw_told_same(const zw_told *a, const zw_told *b);

/** Called for a row; its texts live for the call. */
typedef zw_status (*zw_told_each)(void *arg, const zw_alert_key *key, const char *notify,
                                  const zw_told *told, zw_err *err);
/** Every row, in the order of its key. */
zw_status zw_told_walk(zw_outbox *outbox, zw_told_each each, void *arg, zw_err *err) ZW_MUST_USE;
/** Notes it (inside a transaction); nothing told and nothing held removes the row. */
zw_status zw_told_put(zw_outbox *outbox, const zw_alert_key *key, const char *notify,
                      const zw_told *told, zw_err *err) ZW_MUST_USE;

#endif
