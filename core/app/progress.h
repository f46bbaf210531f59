/** Progress: how far long work got, how fast it goes and what is left, in one line of a terminal.
 */
#ifndef ZW_APP_PROGRESS_H
#define ZW_APP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** Open, so that it lies where the work is. */
typedef struct zw_progress {
    FILE *to; /* NULL: nobody looks */
    int64_t began_ms, said_ms;
    double began_at; /* of `done`: what was there before this time does not count as speed */
    char what[64];
    bool has_line; /* one stands there that is not ended */
} zw_progress;

enum { ZW_PROGRESS_BYTES = 160 };

/** @param to  looked at only when it is a terminal. */
void zw_progress_init(zw_progress *progress, FILE *to);

/** Begins a piece of work. @param what  "history.csv: checked". */
void zw_progress_begin(zw_progress *progress, const char *what, double done, int64_t now_ms);

/**
 * Says it, a few times a second at most.
 * @param done, total  in whatever unit.
 * @param rows  done since the beginning; 0: not told.
 */
void zw_progress_say(zw_progress *progress, double done, double total, size_t rows, int64_t now_ms);

/** Takes the line away: something else is said, or the work is done. */
void zw_progress_end(zw_progress *progress);

/** "history.csv: checked 45 %, 812000 rows/s, 12 s left". */
void zw_progress_text(const zw_progress *progress, double done, double total, size_t rows,
                      int64_t now_ms, char out[ZW_PROGRESS_BYTES]);

#endif
