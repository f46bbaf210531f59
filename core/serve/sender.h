/**
 * A sender: HTTP POSTs from the caller's loop, several under way at once. It tries each once and
 * says how it went; when to try again is the caller's business.
 */
#ifndef ZW_SERVE_SENDER_H
#define ZW_SERVE_SENDER_H

#include "base/err.h"

#include <stddef.h>
#include <uv.h>

typedef struct zw_sender zw_sender;

/**
 * How a post went.
 * @param status       ZW_OK: answered 2xx; of an answer of more than 64 KiB the rest is not read.
 * ZW_IO: answered otherwise, or not at all: worth another try. ZW_INVALID: a URL that can never
 * work. ZW_NOMEM.
 * @param http_status  of the answer; 0 when there was none.
 * @param detail       words for the operator, how the answer began or why there was none; nothing
 * of the address but its host; lives until the callback returns.
 * May post again and may close the sender.
 */
typedef void (*zw_sender_cb)(void *arg, zw_status status, long http_status, const char *detail);
typedef void (*zw_sender_closed_cb)(void *arg);

/** Zero means the default. The texts are read by open only. */
typedef struct zw_sender_options {
    const char *agent; /* the User-Agent; default "zonewatch" */
    const char *proxy; /* a proxy's URL; default none, whatever the environment says */
    long connections;  /* open at a time, more posts wait; default 16 */
} zw_sender_options;

/** What to post. Everything is copied. */
typedef struct zw_sender_mail {
    const char *url; /* http or https; redirects are not followed */
    const char *content_type;
    const void *body;
    size_t len;
    const char *const *headers; /* whole lines, "Idempotency-Key: 7f" */
    size_t header_count;
    long timeout_ms; /* of the whole post, waiting included; at least 1 */
} zw_sender_mail;

/**
 * @param loop     borrowed; must run until `zw_sender_close` has spoken.
 * @param options  may be NULL.
 * @return ZW_OK; ZW_IO when the HTTP library does not start; ZW_NOMEM.
 */
zw_status zw_sender_open(uv_loop_t *loop, const zw_sender_options *options, zw_sender **out,
                         zw_err *err) ZW_MUST_USE;

/**
 * Starts a post.
 * @param on_done  called once with `arg`, from the loop, after ZW_OK only.
 * @return ZW_OK; ZW_INVALID when a header has a line end in it or the time is below 1 ms; ZW_IO
 * when the sender is closing; ZW_NOMEM.
 */
zw_status zw_sender_post(zw_sender *sender, const zw_sender_mail *mail, zw_sender_cb on_done,
                         void *arg, zw_err *err) ZW_MUST_USE;

/** Posts that have not been answered yet. */
size_t zw_sender_pending(const zw_sender *sender);

/**
 * Gives up every post under way: their callbacks are called with ZW_IO and "closed" before this
 * returns. Asynchronous: the loop frees the sender.
 * @param sender     NULL is allowed: then nothing happens, and `on_closed` is not called.
 * @param on_closed  called once with `arg` after the sender is gone; may be NULL.
 */
void zw_sender_close(zw_sender *sender, zw_sender_closed_cb on_closed, void *arg);

#endif
