/** A reply: what became of a delivery, in words that outlast the engine's next one. */
#ifndef ZW_APP_REPLY_H
#define ZW_APP_REPLY_H

#include "app/engine.h"
#include "serve/api.h"

/** @param fed  zeroed. */
void zw_reply_init(zw_api_fed *fed, bool is_live);
void zw_reply_fini(zw_api_fed *fed);

/** Adds what became of one delivery, or of one more part of a long one. @return ZW_OK; ZW_NOMEM. */
zw_status zw_reply_add(zw_api_fed *fed, const zw_engine *engine, const zw_fed *more,
                       zw_err *err) ZW_MUST_USE;

/** Answers the request with it, or with why it failed, and empties it. */
void zw_reply_give(zw_api_fed *fed, zw_http_request *request, zw_status status, const zw_err *err);

#endif
