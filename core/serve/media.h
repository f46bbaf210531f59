/** Media types: whether a request's body is one that a path takes. */
#ifndef ZW_SERVE_MEDIA_H
#define ZW_SERVE_MEDIA_H

#include "serve/http.h"

/** True when a Content-Type (NULL: none) names this type, whatever parameters follow it. */
bool zw_media_is(const char *content_type, const char *type);

/**
 * True when the request's body is one of `types` (closed by a NULL); else it was answered 415,
 * saying which are taken, and is done.
 */
bool zw_media_accept(zw_http_request *request, const char *const *types);

#endif
