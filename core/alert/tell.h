/**
 * Telling: at the end of a turn, what each `notify` was last told is compared with what is true
 * now, and the difference goes into the outbox. So a replayed history is said once, at its end, and
 * a restart says nothing twice.
 */
#ifndef ZW_ALERT_TELL_H
#define ZW_ALERT_TELL_H

#include "alert/judge.h"
#include "alert/outbox.h"

/**
 * Puts what must be said into the outbox (inside the turn's transaction).
 * @param said  gets the number of messages; may be NULL.
 */
zw_status zw_tell(zw_judge *judge, zw_eval *eval, zw_outbox *outbox, int64_t now_ms, size_t *said,
                  zw_err *err) ZW_MUST_USE;

#endif
