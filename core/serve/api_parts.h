/** The parts of the interface: each writes the `data` of one path, as JSON, into a buffer. */
#ifndef ZW_SERVE_API_PARTS_H
#define ZW_SERVE_API_PARTS_H

#include "serve/ask.h"

/** @return ZW_OK; else what is wrong, and what was written so far is to be dropped. */
typedef zw_status (*zw_api_part)(zw_ask *ask, zw_buf *data, zw_err *err);

zw_status zw_api_model(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_measures(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_areas(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_indicators(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_targets(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_rules(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_alerts(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_scorecard(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_history(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_series(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_batches(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_items(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_explain(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_silences(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_notifications(zw_ask *ask, zw_buf *data, zw_err *err);
zw_status zw_api_eval(zw_ask *ask, zw_buf *data, zw_err *err);

#endif
