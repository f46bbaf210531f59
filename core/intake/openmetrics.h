/**
 * The text formats of Prometheus: its own (timestamps in milliseconds) and OpenMetrics (in seconds,
 * closed by "# EOF"). A sample is `name{label="value",…} value [timestamp]`.
 *
 * A pure function of the bytes, their length, the options and the keys that were seen before: it
 * reads no clock, no file and nothing that is global; any bytes may be given to it.
 */
#ifndef ZW_INTAKE_OPENMETRICS_H
#define ZW_INTAKE_OPENMETRICS_H

#include "intake/live.h"

typedef enum zw_openmetrics_as {
    ZW_OPENMETRICS_BY_END, /* OpenMetrics when the last line is "# EOF" */
    ZW_OPENMETRICS_STRICT, /* must be OpenMetrics */
    ZW_OPENMETRICS_PROMETHEUS
} zw_openmetrics_as;

typedef struct zw_openmetrics_options {
    int64_t now_ms; /* the moment of samples that say none */
    zw_openmetrics_as as;
} zw_openmetrics_options;

/**
 * Adds the samples to `live` in order. Histograms and summaries are taken as the series they
 * consist of, exemplars are passed over. A value that is no finite number is named as a fault of
 * its line; anything that breaks the format fails the call, and `live` is empty after.
 * @return ZW_OK, with faults too; ZW_INVALID with "line:column: …", bytes from 1; ZW_NOMEM.
 */
zw_status zw_openmetrics_read(zw_text text, const zw_openmetrics_options *options, zw_live *live,
                              zw_err *err) ZW_MUST_USE;

#endif
