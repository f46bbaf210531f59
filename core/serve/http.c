/*
 * An HTTP server: libmicrohttpd under the caller's loop.
 *
 * The happy path: the library's epoll wakes `poll`, `http_run` lets it read. A request whose body
 * is whole is suspended and noted; when the library is done for now, all noted requests go to
 * `on_turn`. An answer queues a response and resumes the connection; the library is run again,
 * within the turn when the answer came in it, else from the timer, and sends.
 *
 * Failures: what cannot become a request is refused here, with an answer in JSON. A client that
 * goes away while its request waits is noticed when the answer is sent. Closing answers everything
 * that waits, lets the answers out, stops the library, closes the handles; the last of them speaks.
 *
 * Promises:
 *  1. a request is in the list of waiting ones from its suspension to its answer, and nowhere else
 *     are connections suspended: the library must not be stopped with one;
 *  2. a request is freed by `http_on_completed` only, which the library calls once for each;
 *  3. a connection has one request at a time, so `turn` has room for one a connection;
 *  4. whatever resumes or ends a connection sees to it that the library is run after.
 */
#include "serve/http.h"

#include "base/text.h"
#include "serve/container.h"
#include "serve/listener.h"
#include "serve/url.h"

#include <assert.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    MAX_BODY_BYTES = 64 << 20,
    DRAINED_BYTES = 16 << 20, /* read past the limit, so that the client comes to hear of it */
    CONNECTIONS = 1000,
    IDLE_TIMEOUT_S = 60,
    GRACE_MS = 1000,
    ROUNDS = 16, /* of run and answer before the rest of the loop gets its chance */
    REFUSAL_BYTES = 128
};

struct zw_http {
    uv_poll_t poll;          /* the library's own epoll */
    uv_timer_t timer, grace; /* the library's next time-out; the end of patience when closing */
    struct MHD_Daemon *daemon;
    zw_http_options options;
    zw_http_request *waiting; /* suspended and not answered, a list */
    zw_http_request **turn;   /* those of them that on_turn has not seen */
    size_t turn_count;
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
    zw_buf body;
    size_t seen_bytes;       /* of the body, kept or not */
    unsigned refused_status; /* 0 while nothing is wrong */
    const char *refused_type;
    char refused_text[REFUSAL_BYTES];
    bool has_begun, is_answered;
};

static void http_run(zw_http *http);

/* The first reason wins. */
static void request_refuse(zw_http_request *request, unsigned status, const char *type,
                           const char *text)
{
    if (request->refused_status == 0) {
        request->refused_status = status;
        request->refused_type = type;
        (void)snprintf(request->refused_text, sizeof request->refused_text, "%s", text);
    }
}

static bool response_dress(struct MHD_Response *response, const char *content_type,
                           const zw_http_pair *headers, size_t header_count)
{
    bool is_ok = content_type == NULL ||
                 MHD_add_response_header(response, "Content-Type", content_type) == MHD_YES;
    for (size_t i = 0; is_ok && i < header_count; i++) {
        is_ok = MHD_add_response_header(response, headers[i].name, headers[i].value) == MHD_YES;
    }
    return is_ok;
}

/* Gives the response away, NULL being one that there was no memory for. */
static enum MHD_Result request_queue(zw_http_request *request, unsigned status,
                                     struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;
    request->is_answered = true;
    request->http->answering++;
    if (response != NULL) {
        result = MHD_queue_response(request->connection, status, response);
        MHD_destroy_response(response); /* the connection holds its own reference */
    }
    return result;
}

/* The texts are ours and hold nothing that JSON escapes. */
static struct MHD_Response *response_of_error(const char *type, const char *text)
{
    char json[REFUSAL_BYTES * 2];
    int len =
        snprintf(json, sizeof json,
                 "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":\"%s\"}\n", type, text);
    struct MHD_Response *response =
        MHD_create_response_from_buffer((size_t)len, json, MHD_RESPMEM_MUST_COPY);
    if (response != NULL && !response_dress(response, "application/json", NULL, 0)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

/* Only from the access handler, while the connection is not suspended. */
static enum MHD_Result request_answer_refusal(zw_http_request *request)
{
    return request_queue(request, request->refused_status,
                         response_of_error(request->refused_type, request->refused_text));
}

/* The library shows the URL once before it decodes it in place, which loses what went wrong. What
 * is returned here is the request's context from then on; NULL when there is no memory for it. */
static void *http_on_url(void *cls, const char *raw, struct MHD_Connection *connection)
{
    zw_http *http = cls;
    zw_http_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->http = http;
    request->connection = connection;
    zw_buf_init(&request->body, http->options.max_body_bytes);
    raw = raw != NULL ? raw : "";
    request->target_end = raw + strlen(raw);
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_url_parse(raw, &request->url, &err);
    if (status == ZW_NOMEM) {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "out of memory");
    } else if (status != ZW_OK) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", err.text);
    }
    return request;
}

static const char *known_method(const char *method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "DELETE"};
    if (strcmp(method, "HEAD") == 0) {
        method = "GET"; /* the library leaves the body out by itself */
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(method, known[i]) == 0) {
            return known[i];
        }
    }
    return NULL;
}

/* A length that is no number of ours was a number to the library, so it is a huge one. */
static bool is_too_long(const zw_http_request *request)
{
    const char *length = zw_http_request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    long long bytes = 0;
    return length != NULL && (!zw_text_integer(zw_text_of(length), &bytes) ||
                              (unsigned long long)bytes > request->http->options.max_body_bytes);
}

static void request_refuse_too_long(zw_http_request *request)
{
    char text[REFUSAL_BYTES];
    (void)snprintf(text, sizeof text, "the body is over the limit of %zu bytes",
                   request->http->options.max_body_bytes);
    request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", text);
}

/* The headers are in. What is wrong is said when the body is through, which keeps the connection
 * usable; only a body known to be too long is not waited for. */
static enum MHD_Result request_begin(zw_http_request *request, const char *method,
                                     const char *version)
{
    request->has_begun = true;
    request->method = known_method(method);
    if (request->method == NULL) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data",
                       "unknown method: GET, HEAD, POST, PUT and DELETE are known");
    }
    /* The library cuts the request line with NULs: the version stands right behind the URL, unless
     * the URL had a NUL of its own. */
    if (version != request->target_end + 1) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", "bad URL: a NUL byte");
    }
    const char *encoding = zw_http_request_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    if (encoding != NULL && strcasecmp(encoding, "chunked") != 0) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data",
                       "Transfer-Encoding can only be chunked");
        return request_answer_refusal(request); /* where its body ends is not known */
    }
    if (is_too_long(request)) {
        request_refuse_too_long(request);
        return request_answer_refusal(request);
    }
    return MHD_YES;
}

/* No answer can be given while a body comes in, so an unwanted one is read and dropped. */
static enum MHD_Result request_take_body(zw_http_request *request, const char *bytes, size_t len)
{
    size_t limit = request->http->options.max_body_bytes;
    request->seen_bytes += len;
    if (request->seen_bytes > limit) {
        request_refuse_too_long(request);
    } else if (request->refused_status == 0 && !zw_buf_append(&request->body, bytes, len)) {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "out of memory");
    }
    if (request->refused_status != 0) {
        zw_buf_fini(&request->body);
    }
    return request->seen_bytes > limit + DRAINED_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result request_complete(zw_http_request *request)
{
    zw_http *http = request->http;
    if (http->is_closing) {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "shutting down");
    }
    if (request->refused_status != 0) {
        return request_answer_refusal(request);
    }
    assert(http->turn_count < http->options.connections);
    MHD_suspend_connection(request->connection);
    http->turn[http->turn_count++] = request;
    request->next = http->waiting;
    if (request->next != NULL) {
        request->next->prev = request;
    }
    http->waiting = request;
    return MHD_YES;
}

/* Called by the library when the headers are in, for each piece of the body, and at its end. */
static enum MHD_Result http_on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                      const char *method, const char *version, const char *bytes,
                                      size_t *len, void **context)
{
    (void)cls, (void)connection, (void)url;
    zw_http_request *request = *context;
    if (request == NULL || request->is_answered) {
        return MHD_NO; /* no memory for the request, or none for its answer: hang up */
    }
    if (!request->has_begun) {
        return request_begin(request, method, version);
    }
    if (*len > 0) {
        size_t taken = *len;
        *len = 0;
        return request_take_body(request, bytes, taken);
    }
    return request_complete(request);
}

static void http_on_completed(void *cls, struct MHD_Connection *connection, void **context,
                              enum MHD_RequestTerminationCode how)
{
    (void)cls, (void)connection, (void)how;
    zw_http_request *request = *context;
    if (request == NULL) {
        return;
    }
    if (request->is_answered) {
        request->http->answering--;
    }
    zw_url_fini(&request->url);
    zw_buf_fini(&request->body);
    free(request);
    *context = NULL;
}

/* At its limit of connections the library does not listen; after one has ended it listens again
 * from its next run on, which nothing else would bring about. */
static void http_on_connection(void *cls, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    (void)connection, (void)context;
    zw_http *http = cls;
    http->wants_run |= what == MHD_CONNECTION_NOTIFY_CLOSED;
}

static void http_on_daemon_log(void *cls, const char *fmt, va_list args) ZW_PRINTF(2, 0);
static void http_on_daemon_log(void *cls, const char *fmt, va_list args)
{
    zw_http *http = cls;
    zw_buf line;
    zw_buf_init(&line, 1024);
    (void)zw_buf_vprintf(&line, fmt, args);
    zw_text text = zw_text_trim((zw_text){zw_buf_view(&line), line.len});
    zw_log_say(&http->options.log, ZW_LOG_DEBUG, "http: %.*s", (int)text.len, text.at);
    zw_buf_fini(&line);
}

static void http_free(zw_http *http)
{
    free(http->turn);
    free(http);
}

static void http_on_uv_closed(uv_handle_t *handle)
{
    zw_http *http = handle->data;
    if (--http->open_handles > 0) {
        return;
    }
    zw_http_closed_cb on_closed = http->on_closed;
    void *arg = http->closed_arg;
    http_free(http);
    if (on_closed != NULL) {
        on_closed(arg);
    }
}

static void http_close_handle(zw_http *http, uv_handle_t *handle)
{
    handle->data = http;
    http->open_handles++;
    uv_close(handle, http_on_uv_closed);
}

/* The last step of closing: nothing waits, and what is still on its way out is cut off. */
static void http_stop(zw_http *http)
{
    assert(http->waiting == NULL && !http->is_running);
    http_close_handle(http, (uv_handle_t *)&http->poll); /* before its descriptor goes */
    http_close_handle(http, (uv_handle_t *)&http->timer);
    http_close_handle(http, (uv_handle_t *)&http->grace);
    MHD_stop_daemon(http->daemon);
    http->daemon = NULL;
}

static void http_on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events; /* the library asks the sockets itself */
    http_run(ZW_CONTAINER_OF(poll, zw_http, poll));
}

static void http_on_timer(uv_timer_t *timer)
{
    http_run(ZW_CONTAINER_OF(timer, zw_http, timer));
}

static void http_on_grace(uv_timer_t *timer)
{
    http_stop(ZW_CONTAINER_OF(timer, zw_http, grace));
}

/* Sets the timer to when the library wants to be run again, should no socket wake it before. */
static void http_arm(zw_http *http)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    if (!http->wants_run && MHD_get_timeout(http->daemon, &timeout_ms) != MHD_YES) {
        (void)uv_timer_stop(&http->timer);
        return;
    }
    (void)uv_timer_start(&http->timer, http_on_timer, timeout_ms, 0);
}

static void http_run(zw_http *http)
{
    http->is_running = true;
    for (int round = 0; round == 0 || (http->wants_run && round < ROUNDS); round++) {
        http->wants_run = false;
        (void)MHD_run(http->daemon);
        size_t count = http->turn_count;
        http->turn_count = 0;
        if (count > 0) {
            http->options.on_turn(http->options.arg, http->turn, count);
        }
    }
    http->is_running = false;
    if (http->is_closing && http->answering == 0) {
        http_stop(http);
    } else {
        http_arm(http);
    }
}

static struct MHD_Daemon *start_daemon(zw_http *http, int listener)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, http_on_access,
        http, MHD_OPTION_EXTERNAL_LOGGER, http_on_daemon_log, (void *)http,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK, http_on_url, (void *)http,
        MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, (void *)http, MHD_OPTION_NOTIFY_CONNECTION,
        http_on_connection, (void *)http, MHD_OPTION_CONNECTION_LIMIT, http->options.connections,
        MHD_OPTION_CONNECTION_TIMEOUT, http->options.idle_timeout_s, MHD_OPTION_END);
}

/* From here on the loop owns the memory when it answers true. */
static bool start_handles(zw_http *http, uv_loop_t *loop)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL || uv_poll_init(loop, &http->poll, info->epoll_fd) != 0) {
        return false;
    }
    (void)uv_timer_init(loop, &http->timer); /* cannot fail, as the two below */
    (void)uv_timer_init(loop, &http->grace);
    (void)uv_poll_start(&http->poll, UV_READABLE, http_on_poll);
    (void)uv_timer_start(&http->timer, http_on_timer, 0, 0); /* the first run begins to listen */
    return true;
}

static size_t or_default(size_t wanted, size_t otherwise)
{
    return wanted > 0 ? wanted : otherwise;
}

static void options_complete(zw_http_options *options)
{
    options->listen = NULL; /* the caller's, and not needed any more */
    options->max_body_bytes = or_default(options->max_body_bytes, MAX_BODY_BYTES);
    options->connections = (unsigned)or_default(options->connections, CONNECTIONS);
    options->idle_timeout_s = (unsigned)or_default(options->idle_timeout_s, IDLE_TIMEOUT_S);
}

zw_status zw_http_open(uv_loop_t *loop, const zw_http_options *options, zw_http **out, zw_err *err)
{
    *out = NULL;
    zw_http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        return zw_err_nomem(err);
    }
    http->options = *options;
    options_complete(&http->options);
    http->turn = calloc(http->options.connections, sizeof(zw_http_request *));
    if (http->turn == NULL) {
        http_free(http);
        return zw_err_nomem(err);
    }
    int listener = -1;
    zw_status status = zw_listener_open(options->listen, &listener, &http->port, err);
    if (status != ZW_OK) {
        http_free(http);
        return status;
    }
    http->daemon = start_daemon(http, listener); /* owns the listener, also when it fails */
    if (http->daemon == NULL || !start_handles(http, loop)) {
        MHD_stop_daemon(http->daemon); /* NULL is allowed */
        http_free(http);
        return zw_err_set(err, ZW_IO, "start the HTTP server on %s", options->listen);
    }
    *out = http;
    return ZW_OK;
}

int zw_http_port(const zw_http *http)
{
    return http->port;
}

static void waiting_remove(zw_http_request *request)
{
    if (request->prev != NULL) {
        request->prev->next = request->next;
    } else {
        request->http->waiting = request->next;
    }
    if (request->next != NULL) {
        request->next->prev = request->prev;
    }
    request->next = request->prev = NULL;
}

/* Without a response the library asks for one again after the resume, and is told to hang up. */
static void request_answer(zw_http_request *request, unsigned status, struct MHD_Response *response)
{
    zw_http *http = request->http;
    assert(!request->is_answered);
    waiting_remove(request);
    zw_buf_fini(&request->body); /* a big one is not needed while the answer goes out */
    (void)request_queue(request, status, response);
    MHD_resume_connection(request->connection);
    http->wants_run = true;
    if (!http->is_running) {
        (void)uv_timer_start(&http->timer, http_on_timer, 0, 0); /* one run for all of a moment */
    }
}

void zw_http_close(zw_http *http, zw_http_closed_cb on_closed, void *arg)
{
    if (http == NULL) {
        return;
    }
    assert(!http->is_closing);
    http->on_closed = on_closed;
    http->closed_arg = arg;
    http->is_closing = true;
    close(MHD_quiesce_daemon(http->daemon));
    while (http->waiting != NULL) {
        request_answer(http->waiting, MHD_HTTP_SERVICE_UNAVAILABLE,
                       response_of_error("unavailable", "shutting down"));
    }
    (void)uv_timer_start(&http->grace, http_on_grace, GRACE_MS, 0);
    (void)uv_timer_start(&http->timer, http_on_timer, 0, 0);
}

const char *zw_http_request_method(const zw_http_request *request)
{
    return request->method;
}

const char *zw_http_request_path(const zw_http_request *request)
{
    return request->url.path;
}

const char *zw_http_request_query(const zw_http_request *request, const char *name)
{
    return zw_url_query(&request->url, name);
}

bool zw_http_request_query_each(const zw_http_request *request,
                                bool (*visit)(void *arg, const char *name, const char *value),
                                void *arg)
{
    for (size_t i = 0; i < request->url.param_count; i++) {
        if (!visit(arg, request->url.params[i].name, request->url.params[i].value)) {
            return false;
        }
    }
    return true;
}

const char *zw_http_request_header(const zw_http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *zw_http_request_content_type(const zw_http_request *request)
{
    return zw_http_request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
}

const char *zw_http_request_body(const zw_http_request *request, size_t *len)
{
    *len = request->body.len;
    return zw_buf_view(&request->body);
}

static void answer_with(zw_http_request *request, int status_code, const char *content_type,
                        struct MHD_Response *response, const zw_http_pair *headers,
                        size_t header_count)
{
    assert(status_code >= 200 && status_code <= 599);
    if (response != NULL && !response_dress(response, content_type, headers, header_count)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    request_answer(request, (unsigned)status_code, response);
}

void zw_http_answer(zw_http_request *request, int status_code, const char *content_type,
                    const void *body, size_t len, const zw_http_pair *headers, size_t header_count)
{
    /* The library wants a pointer that is not const, also for what it only copies. */
    answer_with(request, status_code, content_type,
                MHD_create_response_from_buffer(len, (void *)body, MHD_RESPMEM_MUST_COPY), headers,
                header_count);
}

void zw_http_answer_take(zw_http_request *request, int status_code, const char *content_type,
                         zw_buf *body, const zw_http_pair *headers, size_t header_count)
{
    if (body->has_failed) {
        zw_buf_fini(body);
        request_answer(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
                       response_of_error("internal", "no room for the answer"));
        return;
    }
    size_t len = body->len;
    char *bytes = zw_buf_take(body); /* NULL when it is empty, which the library takes as well */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(bytes);
    }
    answer_with(request, status_code, content_type, response, headers, header_count);
}
