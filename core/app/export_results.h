/** `export --what indicators`, `targets` and `alerts`: what was computed and judged, with how it
 * stands. */
#ifndef ZW_APP_EXPORT_RESULTS_H
#define ZW_APP_EXPORT_RESULTS_H

#include "alert/ledger.h"
#include "app/export.h"

/** Each writes its head and rows. @return ZW_OK; what the evaluation or the store answered;
 * ZW_NOMEM. */
zw_status zw_export_indicators(const zw_export *export, zw_err *err) ZW_MUST_USE;
zw_status zw_export_targets(const zw_export *export, zw_err *err) ZW_MUST_USE;
zw_status zw_export_alerts(const zw_export *export, zw_ledger *ledger, zw_err *err) ZW_MUST_USE;

#endif
