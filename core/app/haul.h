/**
 * A haul: a delivery too long to be held, taken by slices out of a request's body. Each is a
 * delivery of its own in a turn of its own, so only what may be taken in part comes this way.
 */
#ifndef ZW_APP_HAUL_H
#define ZW_APP_HAUL_H

#include "app/engine.h"
#include "serve/http.h"

typedef struct zw_haul zw_haul;

/**
 * @param request  borrowed until it is answered, which is the haul's to do; its body is laid by.
 * @param feed     its texts are borrowed as long.
 */
zw_status zw_haul_create(zw_http_request *request, const zw_feed_options *feed, bool is_live,
                         zw_haul **out, zw_err *err) ZW_MUST_USE;
/** Drops it without an answer: the request is gone. NULL is allowed. */
void zw_haul_destroy(zw_haul *haul);

/** Takes the next slice into the engine's turn; the caller ends the turn and tells what came of it
 * by zw_haul_turned. @return why it failed; the turn is ended even so. */
zw_status zw_haul_step(zw_haul *haul, zw_engine *engine, zw_err *err) ZW_MUST_USE;

/** The turn of the last step has ended. @return false when that was the end of the haul: then it is
 * answered, and nothing is left but to destroy it. */
bool zw_haul_turned(zw_haul *haul, zw_status status, const zw_err *err);

#endif
