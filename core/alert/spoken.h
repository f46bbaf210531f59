/** What a guard's alert says: the words of its objection, as they were put when the delivery came.
 */
#ifndef ZW_ALERT_SPOKEN_H
#define ZW_ALERT_SPOKEN_H

#include "alert/objection.h"
#include "indicator/eval.h"

/**
 * Appends to each buffer what the guard `alert` says of an area as of the evaluation's moment, with
 * the number of the batch and what became of it. Nothing when it never objected.
 * @return ZW_OK; ZW_NOMEM and what the store says.
 */
zw_status zw_spoken_say(const zw_eval *eval, uint32_t alert, uint32_t area, zw_buf *en, zw_buf *zh,
                        zw_buf *value, bool *is_synthetic, zw_err *err) ZW_MUST_USE;

/** The same as one JSON object: batch, period, value, say; `{}` when it never objected. */
zw_status zw_spoken_evidence(const zw_eval *eval, uint32_t alert, uint32_t area, zw_buf *out,
                             zw_err *err) ZW_MUST_USE;

#endif
