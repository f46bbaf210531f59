/** The inside of the HTTP server, shared by http.c (the library under the loop) and http_request.c
 * (one request from its URL to its answer). */
#ifndef ZW_SERVE_HTTP_INSIDE_H
#define ZW_SERVE_HTTP_INSIDE_H

#include "serve/body.h"
#include "serve/http.h"
#include "serve/url.h"

#include <microhttpd.h>

enum { ZW_HTTP_REFUSAL_BYTES = 128 };

struct zw_http {
    uv_poll_t poll;          /* the library's own epoll */
    uv_timer_t timer, grace; /* the library's next time-out; the end of patience when closing */
    struct MHD_Daemon *daemon;
    zw_http_options options;
    zw_http_request *waiting; /* suspended and not answered, a list */
    zw_http_request **turn;   /* those of them that on_turn has not seen */
    size_t turn_count;
    zw_http_load load;
    size_t answering; /* requests answered, not yet completed */
    int port, open_handles;
    bool is_running, is_closing;
    bool wants_run; /* the library has work that no socket and no time-out will tell it of */
    zw_http_closed_cb on_closed;
    void *closed_arg;
};

struct zw_http_request {
    zw_http *http;
    struct MHD_Connection *connection;
    zw_http_request *next, *prev; /* among the waiting */
    const char *method;
    const char *target_end; /* of the raw URL, in the library's memory */
    zw_url url;
    bool is_gzip, may_be_long;
    zw_body *body;           /* NULL until its first piece is kept */
    size_t held_bytes;       /* of it in memory, as counted in the server's load */
    uint64_t laid_by_bytes;  /* the same in its file */
    size_t drained_bytes;    /* of a body that is not kept */
    unsigned refused_status; /* 0 while nothing is wrong */
    const char *refused_type;
    char refused_text[ZW_HTTP_REFUSAL_BYTES];
    bool has_begun, is_answered;
};

/** What the library calls of a request: its raw URL is seen, its headers or a piece of its body or
 * their end, its end. `cls` is the server. */
void *zw_http_on_url(void *cls, const char *raw, struct MHD_Connection *connection);
enum MHD_Result zw_http_on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *len, void **context);
void zw_http_on_completed(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode how);

/** Answers a request that waits with 503. @param why  ours, without anything that JSON escapes. */
void zw_http_request_turn_away(zw_http_request *request, const char *why);

/** Sees to it that the library is run soon: a connection was resumed. */
void zw_http_wake(zw_http *http);

#endif
