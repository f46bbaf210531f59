/** Quiet: what keeps an entry of the teller's from being told just now. */
#ifndef ZW_ALERT_QUIET_H
#define ZW_ALERT_QUIET_H

#include "alert/heard.h"
#include "alert/tell.h"

/** The silence that keeps an entry from being told at a level; 0. */
int64_t zw_quiet_silence(const zw_teller_world *world, const zw_heard *entry, int level,
                         int64_t now_ms);

/** The level that would be told: of what ended the last one. 0: nothing would. */
int zw_quiet_level(const zw_heard *entry);

/**
 * After the telling of a turn: writes down what keeps an entry from being told, when that began,
 * ended, or is something else now (inside the turn's transaction).
 */
zw_status zw_quiet_note(const zw_teller_world *world, zw_heard *entry, int64_t now_ms,
                        zw_err *err) ZW_MUST_USE;

#endif
