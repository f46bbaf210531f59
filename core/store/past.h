/** A window on what was learned, in order of known_at: gathered from the pages when the past is
 * asked, for a while kept. */
#ifndef ZW_STORE_PAST_H
#define ZW_STORE_PAST_H

#include "store/learned.h"

/** A plain value that owns its items; all zero is empty. It has all that was learned after
 * `after_ms` up to `upto_ms`. */
typedef struct zw_past {
    zw_learned *items;
    size_t count, capacity;
    int64_t after_ms, upto_ms;
    bool is_set;
} zw_past;

struct zw_columns;

void zw_past_fini(zw_past *window);

/** Makes the window begin after `after_ms` and reach to `upto_ms` at least, and beyond it as far as
 * `learned_most` items go, but to the first item in any case. */
zw_status zw_past_gather(struct zw_columns *columns, int64_t after_ms, int64_t upto_ms,
                         zw_err *err) ZW_MUST_USE;

#endif
