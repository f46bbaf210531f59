/** The interface as data: its routes, and the OpenAPI document they make. */
#ifndef ZW_SERVE_OPENAPI_H
#define ZW_SERVE_OPENAPI_H

#include "serve/api_parts.h"

/** One path and method. All of it is static. */
typedef struct zw_route {
    const char *method, *path;
    const char *summary;
    const char *const *params;   /* of the query, closed by a NULL */
    const char *const *accepts;  /* media types of the body, closed by a NULL; NULL: no body */
    const char *answers;         /* the media type of a 200; NULL: 204 and no body */
    zw_api_part part;            /* builds the envelope's data; else … */
    void (*answer)(zw_ask *ask); /* … answers by itself; neither: the caller's business */
} zw_route;

/** Appends the OpenAPI 3.1 document of `routes`. Routes of one path stand side by side. */
void zw_openapi_write(const zw_route *routes, size_t count, zw_buf *out);

#endif
