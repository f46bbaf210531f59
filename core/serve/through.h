/** Through the running process: what a verb asks of it over HTTP, for it alone writes its store. */
#ifndef ZW_SERVE_THROUGH_H
#define ZW_SERVE_THROUGH_H

#include "base/buf.h"

#define ZW_THROUGH_URL "http://127.0.0.1:8420"

/** One request. Texts are borrowed. */
typedef struct zw_through {
    const char *url; /* of the process */
    const char *method, *path;
    const char *body;   /* JSON; NULL: none */
    const char *author; /* as a parameter; NULL: none */
} zw_through;

/**
 * Asks, and waits for the answer.
 * @param data  gets the answer's `data` as JSON; initialised by the caller.
 * @return ZW_OK; ZW_IO when nobody answers there; else by the HTTP status (ZW_INVALID,
 * ZW_NOT_FOUND, ZW_CONFLICT, ZW_STORE) in the words of the process.
 */
zw_status zw_through_ask(const zw_through *call, zw_buf *data, zw_err *err) ZW_MUST_USE;

#endif
