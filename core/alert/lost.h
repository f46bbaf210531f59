/** What is lost on its receiver: messages for whom the pack has nobody any more. They are given up,
 * and stay on record with the reason. */
#ifndef ZW_ALERT_LOST_H
#define ZW_ALERT_LOST_H

#include "alert/outbox.h"
#include "plan/pack.h"

/** Told of what was given up. Texts live for the call. */
typedef void (*zw_lost_each)(void *arg, const zw_outbox_lane *lane, const char *why);

/** Gives up, inside a transaction, what waits for a notify or a receiver of it that is not in the
 * pack, or is of another kind now: what was written for one fits no other. */
zw_status zw_lost_give_up(zw_outbox *outbox, const zw_pack *pack, int64_t now_ms, zw_lost_each each,
                          void *arg, zw_err *err) ZW_MUST_USE;

#endif
