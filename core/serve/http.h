/**
 * An HTTP server on the caller's loop, made for group commit: requests are collected while the
 * sockets are read, and handed over together, complete with their bodies. Each is answered once,
 * at once or later, from the loop's thread. What a request means is the caller's business.
 */
#ifndef ZW_SERVE_HTTP_H
#define ZW_SERVE_HTTP_H

#include "base/buf.h"
#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

typedef struct zw_http zw_http;
typedef struct zw_http_request zw_http_request;

/**
 * What came since the last turn: `count` ≥ 1 requests, oldest first. The array lives until the
 * callback returns, each request until it is answered. It may answer, it may close the server.
 */
typedef void (*zw_http_turn_cb)(void *arg, zw_http_request *const *requests, size_t count);
typedef void (*zw_http_closed_cb)(void *arg);

/** Whether the body of a request may be long: then it is laid by in a file and read in parts. Asked
 * when its head is in. */
typedef bool (*zw_http_long_cb)(const zw_http_request *request);

/** Zero means the default of a number. */
typedef struct zw_http_options {
    const char *listen;    /* "127.0.0.1:8420", "[::1]:8420"; port 0 picks one; read by open only */
    size_t max_body_bytes; /* a longer body, unpacked, is answered 413; default 64 MiB */
    zw_http_long_cb may_be_long; /* NULL: none may */
    uint64_t max_long_bytes;     /* in place of max_body_bytes; default 4 GiB */
    size_t held_bytes;           /* what is longer is laid by; default 8 MiB */
    uint64_t laid_by_bytes;      /* all of them together; past that 429; default 8 GiB */
    const char *folder;          /* where; borrowed; needed by may_be_long */
    size_t bodies_bytes;     /* all bodies under way may hold this much memory; a request whose body
                                would hold more is answered 429; default 256 MiB */
    unsigned connections;    /* open at a time, more wait to be accepted; default 1000 */
    unsigned idle_timeout_s; /* a connection silent so long is closed; default 60 */
    zw_http_turn_cb on_turn;
    void *arg;  /* of on_turn */
    zw_log log; /* what the HTTP library has to say, as debug lines */
} zw_http_options;

/** What is under way, and what was refused since the start because too much was. */
typedef struct zw_http_load {
    unsigned connections;
    size_t bodies_bytes;
    uint64_t laid_by_bytes;
    uint64_t refused;
} zw_http_load;

/** One header of an answer. */
typedef struct zw_http_pair {
    const char *name, *value;
} zw_http_pair;

/**
 * Listens from the next run of the loop on.
 * @param loop  borrowed; must run until `zw_http_close` has spoken (on failure: run once more).
 * @return ZW_OK; ZW_INVALID for the address; ZW_IO when the system refused it; ZW_NOMEM.
 */
zw_status zw_http_open(uv_loop_t *loop, const zw_http_options *options, zw_http **out,
                       zw_err *err) ZW_MUST_USE;

/** The port it listens on. */
int zw_http_port(const zw_http *http);

zw_http_load zw_http_load_of(const zw_http *http);

/**
 * Stops listening, answers 503 to every request not yet answered (touch none of them after), gives
 * answers on their way up to a second, closes the connections. Asynchronous: the loop frees it.
 * @param http       NULL is allowed: then nothing happens, and `on_closed` is not called.
 * @param on_closed  called once with `arg` after the server is gone; may be NULL.
 */
void zw_http_close(zw_http *http, zw_http_closed_cb on_closed, void *arg);

/*
 * What a request says. Everything returned is a view that lives until the request is answered.
 * Refused before they get here, with the JSON envelope of errors: unknown methods, malformed
 * percent-encoding, NUL or anything but UTF-8 in the URL, a broken gzip (400), bodies over the
 * limit (413), a Content-Encoding other than gzip and identity (415).
 */

/** "GET" (for HEAD too: the body is left out on the way), "POST", "PUT" or "DELETE". */
const char *zw_http_request_method(const zw_http_request *request);

/** The decoded path, "/api/v1/series". */
const char *zw_http_request_path(const zw_http_request *request);

/** The decoded first value of a query parameter ("" when it has none), NULL when it is absent. */
const char *zw_http_request_query(const zw_http_request *request, const char *name);

/** Visits every query parameter in order, duplicates too, until `visit` returns false; false then.
 */
bool zw_http_request_query_each(const zw_http_request *request,
                                bool (*visit)(void *arg, const char *name, const char *value),
                                void *arg);

/** A header's value, NULL when it is absent; the name in any case. */
const char *zw_http_request_header(const zw_http_request *request, const char *name);

/** The Content-Type as sent ("text/csv; charset=utf-8"), NULL when it is absent. */
const char *zw_http_request_content_type(const zw_http_request *request);

/** The whole body, unpacked, NUL-terminated behind its end, never NULL; empty when it is laid by.
 * @param len  gets its bytes. */
const char *zw_http_request_body(const zw_http_request *request, size_t *len);

/** True of a body that is laid by. @param bytes  gets their number. */
bool zw_http_request_is_long(const zw_http_request *request, uint64_t *bytes);

/** A part of such a body. @return how many bytes there were, 0 at the end; SIZE_MAX with `err`. */
size_t zw_http_request_read(const zw_http_request *request, uint64_t at, void *to, size_t most,
                            zw_err *err);

/** Answers 429 and when to come again: the owner has too much under way. Counted as refused. */
void zw_http_answer_busy(zw_http_request *request, const char *why);

/**
 * Answers and ends the request, exactly once; the request may not be touched after. Whether the
 * client still listens is not known; without memory for the answer the connection is closed.
 * @param status_code   200 … 599.
 * @param content_type  may be NULL when there is no body.
 * @param body          copied.
 * @param headers       more headers, copied; may be NULL when `header_count` is 0.
 */
void zw_http_answer(zw_http_request *request, int status_code, const char *content_type,
                    const void *body, size_t len, const zw_http_pair *headers, size_t header_count);

/** The same, but the buffer's bytes are taken, not copied: it is empty after. A buffer that has
 * failed is answered 500. */
void zw_http_answer_take(zw_http_request *request, int status_code, const char *content_type,
                         zw_buf *body, const zw_http_pair *headers, size_t header_count);

#endif
