/*
 * An HTTP server: libmicrohttpd under the caller's loop.
 *
 * The happy path: the library's epoll wakes `poll`, `http_run` lets it read. A request whose body
 * is whole is suspended and noted; when the library is done for now, all noted requests go to
 * `on_turn`. An answer queues a response and resumes the connection; the library is run again,
 * within the turn when the answer came in it, else from the timer, and sends.
 *
 * Failures: what cannot become a request is refused (http_request.c), with an answer in JSON. A
 * client that goes away while its request waits is noticed when the answer is sent. Closing answers
 * everything that waits, lets the answers out, stops the library, closes the handles; the last of
 * them speaks.
 *
 * Promises:
 *  1. a request is in the list of waiting ones from its suspension to its answer, and nowhere else
 *     are connections suspended: the library must not be stopped with one;
 *  2. a request is freed by `zw_http_on_completed` only, which the library calls once for each;
 *  3. a connection has one request at a time, so `turn` has room for one a connection;
 *  4. whatever resumes or ends a connection sees to it that the library is run after.
 */
#include "serve/http_inside.h"

#include "base/text.h"
#include "serve/container.h"
#include "serve/listener.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MAX_BODY_BYTES = 64 << 20,
    HELD_BYTES = 8 << 20,
    BODIES_BYTES = 256 << 20,
    CONNECTIONS = 1000,
    IDLE_TIMEOUT_S = 60,
    GRACE_MS = 1000,
    ROUNDS = 16 /* of run and answer before the rest of the loop gets its chance */
};

#define MAX_LONG_BYTES (UINT64_C(4) << 30)
#define LAID_BY_BYTES (UINT64_C(8) << 30)

static void http_run(zw_http *http);

/* At its limit of connections the library does not listen; after one has ended it listens again
 * from its next run on, which nothing else would bring about. */
static void http_on_connection(void *cls, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    (void)connection, (void)context;
    zw_http *http = cls;
    bool is_closed = what == MHD_CONNECTION_NOTIFY_CLOSED;
    http->wants_run |= is_closed;
    http->load.connections += is_closed ? -1U : 1U;
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
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        zw_http_on_access, http, MHD_OPTION_EXTERNAL_LOGGER, http_on_daemon_log, (void *)http,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK, zw_http_on_url,
        (void *)http, MHD_OPTION_NOTIFY_COMPLETED, zw_http_on_completed, (void *)http,
        MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, (void *)http, MHD_OPTION_CONNECTION_LIMIT,
        http->options.connections, MHD_OPTION_CONNECTION_TIMEOUT, http->options.idle_timeout_s,
        MHD_OPTION_END);
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
    options->bodies_bytes = or_default(options->bodies_bytes, BODIES_BYTES);
    options->held_bytes = or_default(options->held_bytes, HELD_BYTES);
    options->max_long_bytes =
        options->max_long_bytes > 0 ? options->max_long_bytes : MAX_LONG_BYTES;
    options->laid_by_bytes = options->laid_by_bytes > 0 ? options->laid_by_bytes : LAID_BY_BYTES;
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

zw_http_load zw_http_load_of(const zw_http *http)
{
    return http->load;
}

void zw_http_wake(zw_http *http)
{
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
        zw_http_request_turn_away(http->waiting, "shutting down");
    }
    (void)uv_timer_start(&http->grace, http_on_grace, GRACE_MS, 0);
    (void)uv_timer_start(&http->timer, http_on_timer, 0, 0);
}
