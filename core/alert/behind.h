/** The figures behind an alert: what stands in the store under its truths, and whether that was
 * changed just now. */
#ifndef ZW_ALERT_BEHIND_H
#define ZW_ALERT_BEHIND_H

#include "indicator/eval.h"

/** Called for a figure; borrowed for the call. */
typedef void (*zw_behind_each)(void *arg, zw_series_id series, const zw_figure *figure);

/** Calls `each` for every figure of an input, whatever its dimensions, that stands as of the
 * evaluation's moment; withdrawals too. */
void zw_behind_input(const zw_eval *eval, const zw_input *input, zw_behind_each each, void *arg);

/**
 * Whether a figure that a truth of the alert, or its `clear`, reads for the period was changed,
 * withdrawn or given again at the very moment of the evaluation. One that came for the first time
 * was not.
 */
zw_status zw_behind_is_revised(zw_eval *eval, uint32_t alert, uint32_t area, zw_period period,
                               bool *out, zw_err *err) ZW_MUST_USE;

#endif
