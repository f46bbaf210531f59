/** One request at a time through a real server: what a handler answers, as a client sees it.
 * Include it after cmocka.h. */
#ifndef ZW_TESTS_HTTP_EXCHANGE_H
#define ZW_TESTS_HTTP_EXCHANGE_H

#include "loop_run.h"
#include "serve/http.h"

#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*exchange_handler)(void *arg, zw_http_request *request);

typedef struct exchange {
    uv_loop_t loop;
    zw_http *http;
    exchange_handler handle;
    void *arg;
    bool is_closed;
    zw_buf sent, reply; /* the last ones */
    bool has_ended, is_gone;
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    char chunk[1 << 16];
} exchange;

static inline void exchange_on_turn(void *arg, zw_http_request *const *requests, size_t count)
{
    exchange *x = arg;
    for (size_t i = 0; i < count; i++) {
        x->handle(x->arg, requests[i]);
    }
}

static inline void exchange_on_closed(void *arg)
{
    ((exchange *)arg)->is_closed = true;
}

/** @param x  zeroed. */
static inline void exchange_open(exchange *x, exchange_handler handle, void *arg)
{
    x->handle = handle;
    x->arg = arg;
    zw_buf_init(&x->sent, 64 << 20);
    zw_buf_init(&x->reply, 256 << 20);
    assert_int_equal(uv_loop_init(&x->loop), 0);
    zw_http_options options = {.listen = "127.0.0.1:0", .on_turn = exchange_on_turn, .arg = x};
    assert_int_equal(zw_http_open(&x->loop, &options, &x->http, NULL), ZW_OK);
}

static inline void exchange_close(exchange *x)
{
    zw_http_close(x->http, exchange_on_closed, x);
    assert_true(loop_run_until(&x->loop, loop_run_is_set, &x->is_closed));
    assert_int_equal(loop_run_end(&x->loop), 0);
    zw_buf_fini(&x->sent);
    zw_buf_fini(&x->reply);
}

static inline void exchange_on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
    (void)wanted;
    exchange *x = handle->data;
    *buf = uv_buf_init(x->chunk, sizeof x->chunk);
}

static inline void exchange_on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    exchange *x = stream->data;
    if (len < 0) {
        x->has_ended = true;
        return;
    }
    zw_buf_append(&x->reply, buf->base, (size_t)len);
}

static inline void exchange_on_connected(uv_connect_t *connect, int status)
{
    exchange *x = connect->data;
    uv_buf_t buf = uv_buf_init(x->sent.data, (unsigned)x->sent.len);
    x->has_ended = status != 0;
    (void)uv_read_start((uv_stream_t *)&x->tcp, exchange_on_alloc, exchange_on_read);
    (void)uv_write(&x->write, (uv_stream_t *)&x->tcp, &buf, 1, NULL);
}

static inline void exchange_on_gone(uv_handle_t *handle)
{
    ((exchange *)handle->data)->is_gone = true;
}

/** Sends a request whole. @param type  of the body; NULL: neither. @return the HTTP status. */
static inline int exchange_send(exchange *x, const char *method, const char *target,
                                const char *type, const char *body)
{
    struct sockaddr_in to;
    union {
        struct sockaddr_in *v4;
        const struct sockaddr *any;
    } where = {.v4 = &to};
    zw_buf_clear(&x->sent);
    zw_buf_clear(&x->reply);
    x->has_ended = x->is_gone = false;
    zw_buf_printf(&x->sent, "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", method, target);
    if (type != NULL) {
        zw_buf_printf(&x->sent, "Content-Type: %s\r\n", type);
    }
    if (body != NULL) {
        zw_buf_printf(&x->sent, "Content-Length: %zu\r\n", strlen(body));
    }
    zw_buf_printf(&x->sent, "\r\n%s", body != NULL ? body : "");
    assert_int_equal(uv_ip4_addr("127.0.0.1", zw_http_port(x->http), &to), 0);
    assert_int_equal(uv_tcp_init(&x->loop, &x->tcp), 0);
    x->tcp.data = x->connect.data = x;
    assert_int_equal(uv_tcp_connect(&x->connect, &x->tcp, where.any, exchange_on_connected), 0);
    assert_true(loop_run_until(&x->loop, loop_run_is_set, &x->has_ended));
    uv_close((uv_handle_t *)&x->tcp, exchange_on_gone);
    assert_true(loop_run_until(&x->loop, loop_run_is_set, &x->is_gone));
    const char *reply = zw_buf_view(&x->reply);
    return strncmp(reply, "HTTP/1.1 ", 9) == 0 ? atoi(reply + 9) : 0; /* NOLINT(cert-err34-c): 0 is
                                                                          no status */
}

static inline int exchange_get(exchange *x, const char *target)
{
    return exchange_send(x, "GET", target, NULL, NULL);
}

/** The body of the last reply. */
static inline const char *exchange_body(const exchange *x)
{
    const char *gap = strstr(zw_buf_view(&x->reply), "\r\n\r\n");
    return gap != NULL ? gap + 4 : "";
}

/** True when the head of the last reply has this line. */
static inline bool exchange_has_header(const exchange *x, const char *line)
{
    const char *at = strstr(zw_buf_view(&x->reply), line);
    return at != NULL && at < exchange_body(x);
}

/** The last reply's body as JSON (the caller frees): a second opinion on what our writer wrote. */
static inline json_t *exchange_json(const exchange *x)
{
    json_error_t wrong = {0};
    json_t *json = json_loads(exchange_body(x), JSON_REJECT_DUPLICATES, &wrong);
    if (json == NULL) {
        fail_msg("no JSON: %s in %s", wrong.text, exchange_body(x));
    }
    return json;
}

/** The text at a path of names and indexes ("data.0.name"); "" when there is none, numbers and
 * truths as JSON writes them. Valid until the next call. */
static inline const char *json_at(const json_t *json, const char *path)
{
    static char text[4096];
    char name[64];
    while (*path != '\0' && json != NULL) {
        size_t len = strcspn(path, ".");
        (void)snprintf(name, sizeof name, "%.*s", (int)len, path);
        json = json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10))
                                   : json_object_get(json, name);
        path += len + (path[len] == '.' ? 1 : 0);
    }
    if (json_is_string(json)) {
        return json_string_value(json);
    }
    char *dumped = json != NULL
                       ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15))
                       : NULL;
    (void)snprintf(text, sizeof text, "%s", dumped != NULL ? dumped : "");
    free(dumped);
    return text;
}

#endif
