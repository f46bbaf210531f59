/** Errors are returned, with context added once per room. See <zonewatch/status.h> for the codes.
 */
#ifndef ZW_BASE_ERR_H
#define ZW_BASE_ERR_H

#include <zonewatch/status.h>

/**
 * Records a failure.
 * @param err     may be NULL: then only the status is returned.
 * @param status  anything but ZW_OK.
 * @return `status`, so that a caller can write `return zw_err_set(…)`.
 */
zw_status zw_err_set(zw_err *err, zw_status status, const char *fmt, ...) ZW_PRINTF(3, 4);

/** Puts "context: " in front of what `err` says already. @return `status`. */
zw_status zw_err_wrap(zw_err *err, zw_status status, const char *fmt, ...) ZW_PRINTF(3, 4);

/** ZW_NOMEM with the words for it. */
zw_status zw_err_nomem(zw_err *err);

/** The meaning of a status in a few words; never NULL. */
const char *zw_status_text(zw_status status);

#endif
