/**
 * Influx line protocol: `measurement[,tag=value…] field=value[,field=value…] [timestamp]`.
 *
 * A pure function of the bytes, their length, the options and the keys that were seen before: it
 * reads no clock, no file and nothing that is global; any bytes may be given to it.
 */
#ifndef ZW_INTAKE_LINE_H
#define ZW_INTAKE_LINE_H

#include "intake/live.h"

typedef struct zw_line_options {
    int64_t now_ms;  /* the moment of lines that say none */
    int64_t unit_ns; /* of the timestamps, in nanoseconds; 0: 1 */
} zw_line_options;

/** The unit of a precision as senders write it: n ns u us µ µs ms s m h. False when it is none. */
bool zw_line_precision(const char *text, int64_t *unit_ns);

/**
 * Adds the samples of each good line to `live`, one for each field, in order; each field has a key
 * of its own. Numbers are exact, booleans are 1 and 0, integers (`i`, `u`) become the nearest
 * double. A line with any mistake is not taken at all; it is named with its line and the byte in it
 * where the mistake begins, from 1. A text is a mistake, named by its field.
 * @return ZW_OK, with faults too; ZW_NOMEM.
 */
zw_status zw_line_read(zw_text text, const zw_line_options *options, zw_live *live,
                       zw_err *err) ZW_MUST_USE;

#endif
