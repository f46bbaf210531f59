/** Metrics: what the zone and the process look like to a monitoring system, as OpenMetrics text. */
#ifndef ZW_SERVE_METRICS_H
#define ZW_SERVE_METRICS_H

#include "serve/ask.h"

#define ZW_METRICS_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/** Appends everything, closed by "# EOF". */
zw_status zw_metrics_write(const zw_ask *ask, zw_buf *out, zw_err *err) ZW_MUST_USE;

#endif
