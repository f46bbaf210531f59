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
 * 3. The memory here is the table `told`; it is read again after a turn that failed.
 */
#ifndef ZW_ALERT_TELL_H
#define ZW_ALERT_TELL_H

#include "alert/judge.h"
#include "alert/outbox.h"

typedef struct zw_teller zw_teller;

/** @param judge, eval, outbox  borrowed; must outlive it. */
zw_status zw_teller_create(zw_judge *judge, zw_eval *eval, zw_outbox *outbox, zw_teller **out,
                           zw_err *err) ZW_MUST_USE;
void zw_teller_destroy(zw_teller *teller); /* NULL is allowed */

/** Takes back from the store what was told and what is held. */
zw_status zw_teller_restore(zw_teller *teller, zw_err *err) ZW_MUST_USE;

/**
 * Puts what must be said now into the outbox (inside the turn's transaction).
 * @param said  gets the number of messages; may be NULL.
 */
zw_status zw_teller_tell(zw_teller *teller, int64_t now_ms, size_t *said, zw_err *err) ZW_MUST_USE;

/** The next moment after the last telling at which time alone asks for one: held news that is due,
 * a group that is told again, an `unless` that ends; ZW_NEVER_MS. */
int64_t zw_teller_next_ms(const zw_teller *teller);

#endif
