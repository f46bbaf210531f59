/** What a delivery touched, in words: the verdicts, the lights and the indicators of a zone that
 * are not what they were before it. */
#ifndef ZW_ALERT_TOUCHED_H
#define ZW_ALERT_TOUCHED_H

#include "indicator/eval.h"

/**
 * Appends what was changed by all that was learned at `at_ms`: first the verdicts of targets, then
 * the states of rules, then indicators, each in the pack's order; twenty by name, the rest counted.
 * @return ZW_OK; ZW_NOMEM and what the evaluation says.
 */
zw_status zw_touched_say(const zw_eval_world *world, uint32_t zone, int64_t at_ms, bool is_zh,
                         zw_buf *out, zw_err *err) ZW_MUST_USE;

#endif
