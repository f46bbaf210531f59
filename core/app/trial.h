/** A trial: one `test` of a pack, run on a fresh engine with virtual time. */
#ifndef ZW_APP_TRIAL_H
#define ZW_APP_TRIAL_H

#include "app/engine.h"

/**
 * Gives the test's figures to an engine over an empty store in memory, lets time run to its `at`
 * (without one: to the last moment that anything given was learned; for alerts, to the end of the
 * last period expected), and compares.
 * @param faults  gets a line for each expectation that was not met: "file:line: …, expected …,
 * found …".
 * @return ZW_OK, met or not; else why it could not run.
 */
zw_status zw_trial_run(zw_pack *pack, zw_script *script, const zw_test *test, zw_buf *faults,
                       size_t *fault_count, zw_err *err) ZW_MUST_USE;

#endif
