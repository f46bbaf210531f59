/** The doors of live senders: `/write`, `/api/v2/write`, `/api/v1/import/prometheus`. */
#ifndef ZW_SERVE_API_LIVE_H
#define ZW_SERVE_API_LIVE_H

#include "serve/api.h"

/** What the query of `/write` may say, closed by a NULL. */
extern const char *const zw_api_live_write_params[];

/** As zw_api_delivery_of, of the requests of live senders alone. */
zw_status zw_api_live_of(zw_http_request *request, zw_api_delivery *out) ZW_MUST_USE;

/** As zw_api_may_be_long, of the requests of live senders alone. */
bool zw_api_live_may_be_long(const zw_http_request *request);

/** 204; 400 with the bad lines when there are some (429 when a measure has its limit of series),
 * the others being kept; or the error. */
void zw_api_live_answer(zw_http_request *request, const zw_api_fed *fed);

#endif
