/**
 * A history: a file too long to be held, taken by slices. Each is a delivery of its own, durable
 * when the next begins; what they mean is judged in the turn after the last. Taken again after an
 * interruption, it goes on behind the last slice that is in.
 */
#ifndef ZW_APP_HISTORY_H
#define ZW_APP_HISTORY_H

#include "app/engine.h"
#include "app/progress.h"

typedef struct zw_history_options {
    int fd; /* of a file that can be read anywhere; borrowed */
    uint64_t bytes;
    size_t slice_bytes;   /* no row may be longer */
    zw_feed_options feed; /* of CSV or line protocol: what has lines of its own */
    void (*on_bad)(void *arg, const zw_bad_row *bad); /* each bad row, up to ZW_HISTORY_BAD_MOST */
    void *arg;
    zw_progress *progress; /* borrowed */
} zw_history_options;

enum { ZW_HISTORY_BAD_MOST = 1000 };

/** What became of it, also when it failed half-way: then what was taken stays. */
typedef struct zw_history_taken {
    uint64_t known_bytes; /* from its beginning, that were in before */
    uint64_t taken_bytes; /* the same, that are in now */
    size_t held;          /* slices that a guard keeps aside */
    uint64_t accepted, unchanged, revised, bad;
    char encoding[16]; /* of the last slice that is not plain UTF-8, or "UTF-8" */
} zw_history_taken;

/**
 * Takes it, all of it unless a row is bad: every slice is checked before the first is taken. With
 * is_partial nothing is checked before, and the good rows are taken. With is_dry nothing is.
 * @return ZW_OK; ZW_INVALID with bad rows, or for its header or encoding; ZW_LIMIT for a row longer
 * than a slice; ZW_IO; ZW_STORE; ZW_NOMEM.
 */
zw_status zw_history_take(zw_engine *engine, const zw_history_options *options,
                          zw_history_taken *out, zw_err *err) ZW_MUST_USE;

#endif
