/** A URL as a request line carries it: a path and a query, both decoded once. */
#ifndef ZW_SERVE_URL_H
#define ZW_SERVE_URL_H

#include "base/err.h"

#include <stddef.h>

/** One query parameter; "" when the query gave no value. Lives as long as its URL. */
typedef struct zw_url_param {
    const char *name, *value;
} zw_url_param;

/** Open, filled by parse; a zeroed one is empty. All texts are UTF-8 without NUL. */
typedef struct zw_url {
    const char *path;           /* starts with '/'; "+" stays "+" */
    const zw_url_param *params; /* in the order of the query, duplicates kept */
    size_t param_count;
    void *memory; /* one allocation holds everything above */
} zw_url;

/**
 * Splits and decodes `raw`, the target of a request line ("/api/v1/series?name=a&area=b%20c"). In
 * the query "+" is a space, empty pieces ("a=1&&b=2") are left out.
 * @return ZW_OK; ZW_INVALID with what is wrong in words that quote nothing (no leading slash, a
 * malformed or NUL percent-encoding, a byte that must be encoded, not UTF-8); ZW_NOMEM.
 */
zw_status zw_url_parse(const char *raw, zw_url *out, zw_err *err) ZW_MUST_USE;

/** Frees; a zeroed one is allowed. */
void zw_url_fini(zw_url *url);

/** The first value of a parameter, or NULL when the query does not name it. */
const char *zw_url_query(const zw_url *url, const char *name);

#endif
