/* A ticker: one uv_timer. Created, started at will, closed; freed in its close callback only. */
#include "serve/ticker.h"

#include "serve/container.h"

#include <assert.h>
#include <stdlib.h>

struct zw_ticker {
    uv_timer_t timer;
    zw_ticker_cb on_tick, on_closed;
    void *arg, *closed_arg;
};

zw_status zw_ticker_open(uv_loop_t *loop, zw_ticker_cb on_tick, void *arg, zw_ticker **out,
                         zw_err *err)
{
    *out = NULL;
    zw_ticker *ticker = calloc(1, sizeof *ticker);
    if (ticker == NULL) {
        return zw_err_nomem(err);
    }
    ticker->on_tick = on_tick;
    ticker->arg = arg;
    (void)uv_timer_init(loop, &ticker->timer); /* cannot fail */
    *out = ticker;
    return ZW_OK;
}

static void ticker_on_timer(uv_timer_t *timer)
{
    zw_ticker *ticker = ZW_CONTAINER_OF(timer, zw_ticker, timer);
    ticker->on_tick(ticker->arg); /* may close the ticker: touch nothing after */
}

void zw_ticker_start(zw_ticker *ticker, int64_t delay_ms)
{
    assert(!uv_is_closing((const uv_handle_t *)&ticker->timer));
    /* The loop's idea of now is as old as its last wait; counted from there, the tick came early.
     */
    uv_update_time(ticker->timer.loop);
    uint64_t timeout_ms = delay_ms > 0 ? (uint64_t)delay_ms : 0;
    (void)uv_timer_start(&ticker->timer, ticker_on_timer, timeout_ms, 0);
}

void zw_ticker_stop(zw_ticker *ticker)
{
    (void)uv_timer_stop(&ticker->timer);
}

static void ticker_on_uv_closed(uv_handle_t *handle)
{
    zw_ticker *ticker = ZW_CONTAINER_OF(handle, zw_ticker, timer);
    zw_ticker_cb on_closed = ticker->on_closed;
    void *arg = ticker->closed_arg;
    free(ticker);
    if (on_closed != NULL) {
        on_closed(arg);
    }
}

void zw_ticker_close(zw_ticker *ticker, zw_ticker_cb on_closed, void *arg)
{
    if (ticker == NULL) {
        return;
    }
    ticker->on_closed = on_closed;
    ticker->closed_arg = arg;
    uv_close((uv_handle_t *)&ticker->timer, ticker_on_uv_closed);
}
