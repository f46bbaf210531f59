/** Retention: which periods of which measures are past their keep, by the engine's clock. */
#ifndef ZW_APP_RETENTION_H
#define ZW_APP_RETENTION_H

#include "app/engine.h"

/** Of each measure the first period that is kept now, by measure: what a delivery may speak of.
 * NULL when nothing has a keep. Owned by the engine, until it is asked again. */
const zw_period *zw_engine_floors(zw_engine *engine);

/** Moves the floors of the store to now, in the turn under way. Done after the turn has judged:
 * what goes was seen before. */
zw_status zw_engine_let_go(zw_engine *engine, zw_err *err) ZW_MUST_USE;

/** When a floor moves next, or pages below one wait to leave the file; ZW_NEVER_MS. */
int64_t zw_engine_let_go_ms(zw_engine *engine);

/**
 * Takes back what was judged from `from_ms` on, in ledger and judge, but for the alerts that read a
 * measure of which something is gone: they stay as they are up to the moment it went, for they
 * cannot be judged anew before.
 */
zw_status zw_engine_rewind(zw_engine *engine, int64_t from_ms, int64_t recorded_ms,
                           zw_err *err) ZW_MUST_USE;

#endif
