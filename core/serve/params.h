/** Parameters of a query: what stands behind the question mark, held against what a path takes. */
#ifndef ZW_SERVE_PARAMS_H
#define ZW_SERVE_PARAMS_H

#include "base/period.h"
#include "serve/http.h"

/**
 * Every parameter must be one of `known` and come once.
 * @param known  names, closed by a NULL.
 * @return ZW_OK; ZW_INVALID naming the parameter and the nearest known one.
 */
zw_status zw_params_check(const zw_http_request *request, const char *const *known,
                          zw_err *err) ZW_MUST_USE;

/** "no <noun> 'text'; did you mean 'near'?" as an error. @return ZW_INVALID. */
zw_status zw_params_unknown(const char *noun, const char *text, const zw_nearest *nearest,
                            zw_err *err);

/** A whole number in low … high; `fallback` when it is not given. */
zw_status zw_params_count(const zw_http_request *request, const char *name, long long low,
                          long long high, long long fallback, long long *out,
                          zw_err *err) ZW_MUST_USE;

/** "true" or "false"; a name without a value is true, an absent one false. */
zw_status zw_params_flag(const zw_http_request *request, const char *name, bool *out,
                         zw_err *err) ZW_MUST_USE;

#endif
