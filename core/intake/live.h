/**
 * Live: a delivery of samples as live senders say them, in columns of key, moment, value and line.
 * What a key means is the pack's business. Bad lines are not in the rows; each is named in
 * `faults`.
 */
#ifndef ZW_INTAKE_LIVE_H
#define ZW_INTAKE_LIVE_H

#include "intake/faults.h"
#include "intake/live_keys.h"

/** One sample. */
typedef struct zw_live_row {
    double value; /* finite; in the measure's unit, as written */
    int64_t at_ms;
    uint32_t key;  /* of the batch's keys */
    uint32_t line; /* from 1: where its line starts in the delivered text */
} zw_live_row;

/** Open for reading; changed only through the functions below and by the readers. The rows of one
 * line stand side by side, lines in their order. */
typedef struct zw_live {
    zw_live_keys *keys; /* borrowed */
    zw_live_row *rows;
    size_t row_count, row_capacity;
    zw_faults faults;
} zw_live;

/** The moments that are taken: the years 1 to 9999. */
#define ZW_LIVE_FIRST_MS INT64_C(-62135596800000)
#define ZW_LIVE_LAST_MS INT64_C(253402300799999)

/** Empties it for another delivery, keeping what room it has unless that is very much. A zeroed one
 * is empty. */
void zw_live_clear(zw_live *live);
void zw_live_fini(zw_live *live);

/** @return ZW_OK; ZW_NOMEM. */
zw_status zw_live_add(zw_live *live, const zw_live_row *row, zw_err *err) ZW_MUST_USE;

/** `count` units of so many nanoseconds since 1970 as milliseconds, rounded down. @return false
 * outside the years 1 to 9999. */
bool zw_live_moment(int64_t count, int64_t unit_ns, int64_t *at_ms);

/** How much of a bad text a fault repeats, as printf's precision. */
int zw_live_shown(zw_text text);

/** A name or a label as senders may write it: UTF-8 without control characters. */
bool zw_live_is_clean(zw_text text);

#endif
