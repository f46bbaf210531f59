/** A time zone as a table of transitions, asked of the system's database once, when a pack loads.
 */
#ifndef ZW_BASE_TZ_H
#define ZW_BASE_TZ_H

#include "base/err.h"

#include <stdint.h>

typedef struct zw_tz zw_tz;

/**
 * Copies the zone's transitions from 1900 to 2100. @param name  an IANA name ("Asia/Shanghai",
 * "UTC").
 * @return ZW_OK; ZW_INVALID when there is no such zone; ZW_NOMEM.
 */
zw_status zw_tz_create(const char *name, zw_tz **out, zw_err *err) ZW_MUST_USE;
void zw_tz_destroy(zw_tz *tz);

const char *zw_tz_name(const zw_tz *tz);

/** Seconds east of UTC in force at a moment (Unix milliseconds). */
int32_t zw_tz_offset_s(const zw_tz *tz, int64_t at_ms);

/**
 * The moment at which the zone's clocks show `local_ms` (milliseconds since 1970-01-01T00:00 on
 * those clocks). A time that a change skips is read with the offset before the change; one that
 * occurs twice is the first.
 */
int64_t zw_tz_moment_ms(const zw_tz *tz, int64_t local_ms);

#endif
