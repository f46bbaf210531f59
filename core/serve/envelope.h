/**
 * The envelope every answer in JSON comes in: {"status", "data"} or {"status", "errorType",
 * "error"}, with "warnings" where there are some.
 */
#ifndef ZW_SERVE_ENVELOPE_H
#define ZW_SERVE_ENVELOPE_H

#include "serve/http.h"

enum { ZW_ENVELOPE_BYTES = 512 << 20 }; /* the ceiling of an answer */

/** The HTTP status that a failure of the house is told with: 400, 404, 413, 422 or 503. */
unsigned zw_envelope_http_status(zw_status status);
/** The errorType that goes with an HTTP status: "bad_data", "not_found", … */
const char *zw_envelope_error_type(unsigned http_status);

/**
 * Answers 200 with `data`, which is JSON, and ends the request.
 * @param warning  one warning; NULL or "" for none.
 */
void zw_envelope_answer(zw_http_request *request, const zw_buf *data, const char *warning);

/** The same with another status than 200. */
void zw_envelope_answer_as(zw_http_request *request, unsigned http_status, const zw_buf *data,
                           const char *warning);

/** What may go with an error; all of it may be left out. */
typedef struct zw_envelope_beside {
    const zw_buf *data;  /* JSON */
    const char *code;    /* of Influx's second interface, whose clients read `code` and `message` */
    zw_http_pair header; /* when it has a name */
} zw_envelope_beside;

/** Answers an error and ends the request. @param beside  NULL for nothing. */
void zw_envelope_refuse(zw_http_request *request, unsigned http_status, const char *error_type,
                        const char *text, const zw_envelope_beside *beside);

/** Answers what a status and its words say. */
void zw_envelope_fail(zw_http_request *request, zw_status status, const zw_err *err);

#endif
