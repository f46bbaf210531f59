/** A ticker: calls back once, when a delay has passed on the caller's loop. It never reads the wall
 * clock; who starts it says how far away the moment is. */
#ifndef ZW_SERVE_TICKER_H
#define ZW_SERVE_TICKER_H

#include "base/err.h"

#include <stdint.h>
#include <uv.h>

typedef struct zw_ticker zw_ticker;
typedef void (*zw_ticker_cb)(void *arg);

/**
 * Makes a ticker that stands still until it is started.
 * @param loop     borrowed; must run until `zw_ticker_close` has spoken.
 * @param on_tick  called with `arg` from the loop each time a started delay has passed; may start,
 *                 stop or close the ticker.
 * @return ZW_OK; ZW_NOMEM.
 */
zw_status zw_ticker_open(uv_loop_t *loop, zw_ticker_cb on_tick, void *arg, zw_ticker **out,
                         zw_err *err) ZW_MUST_USE;

/** Ticks once, `delay_ms` from now, instead of any earlier wish; at the loop's next chance when the
 * delay is zero or negative. */
void zw_ticker_start(zw_ticker *ticker, int64_t delay_ms);

/** Forgets the wish; nothing happens when there is none. */
void zw_ticker_stop(zw_ticker *ticker);

/**
 * Ends the ticker; it never ticks again. Asynchronous: the loop frees it.
 * @param ticker     NULL is allowed: then nothing happens, and `on_closed` is not called.
 * @param on_closed  called once with `arg` after the ticker is gone; may be NULL.
 */
void zw_ticker_close(zw_ticker *ticker, zw_ticker_cb on_closed, void *arg);

#endif
