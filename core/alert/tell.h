/**
 * Telling: at the end of a turn, what each `notify` was last told is compared with what is true
 * now, and the difference is news. News goes into the outbox, or is held: a group's first message
 * waits for others to join, and outside a notify's hours nothing is told. So a replayed history is
 * said once, at its end, and a restart says nothing twice.
 *
 * Promises
 * 1. What was told and what is held stands in the store from the commit of its turn on.
 * 2. Held news is told when its time comes, also when the alert ended meanwhile; only what a
 *    mended history makes never have been is dropped untold.
 * 3. The memory here is the tables `told` and `suppression`; they are read again after a turn that
 *    failed.
 * 4. What is silenced is told of when the silence ends: what fires then, and the end of what was
 *    told before. What keeps news back is written down, once, with its beginning and its end.
 */
#ifndef ZW_ALERT_TELL_H
#define ZW_ALERT_TELL_H

#include "alert/ack.h"
#include "alert/judge.h"
#include "alert/outbox.h"
#include "alert/silence.h"
#include "alert/telling.h"

typedef struct zw_teller zw_teller;

/** What it works with; all borrowed, and must outlive it. */
typedef struct zw_teller_world {
    zw_judge *judge;
    zw_eval *eval;
    zw_outbox *outbox;
    zw_silences *silences;
    zw_acks *acks;
    zw_tellings *tellings;
} zw_teller_world;

zw_status zw_teller_create(const zw_teller_world *world, zw_teller **out, zw_err *err) ZW_MUST_USE;
void zw_teller_destroy(zw_teller *teller); /* NULL is allowed */

/** Takes back from the store what was told and what is held. */
zw_status zw_teller_restore(zw_teller *teller, zw_err *err) ZW_MUST_USE;

/**
 * Puts what must be said now into the outbox (inside the turn's transaction).
 * @param said  gets the number of messages; may be NULL.
 */
zw_status zw_teller_tell(zw_teller *teller, int64_t now_ms, size_t *said, zw_err *err) ZW_MUST_USE;

/** The next moment after the last telling at which time alone asks for one: held news that is due,
 * a group that is told again, an `unless` that ends, a silence that begins or ends; ZW_NEVER_MS. */
int64_t zw_teller_next_ms(const zw_teller *teller);

#endif
