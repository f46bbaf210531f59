/* The HTTP server, over real sockets on the loopback, client and server in one loop. */
#include "serve/http.h"

#include "failing_alloc.h"
#include "loop_run.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HELD = 8, LIMIT = 1000, LONG_LIMIT = 5000, REPLY_BYTES = 1 << 16, BIG_BYTES = 6 << 20 };

/* What the server's owner does with the requests of a turn. */
enum manner { BY_ECHO, BY_HOLD, BY_CLOSE, BY_BIG };

struct fixture {
    uv_loop_t loop;
    zw_http *http;
    enum manner manner;
    size_t turns, largest_turn, held_count;
    zw_http_request *held[HELD];
    char *big;
    size_t bodies_bytes; /* of the server; 0: its default */
    bool is_closed;
};

/* A client that sends what it is told, byte for byte, and keeps what comes back. */
struct client {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    bool is_connected, has_ended, is_gone;
    size_t len, total; /* kept, and counted */
    char reply[REPLY_BYTES];
    char chunk[REPLY_BYTES];
};

static bool put_param(void *arg, const char *name, const char *value)
{
    return zw_buf_printf(arg, "|%s=%s", name, value);
}

/* "METHOD path|name=value…|type|body": what the server understood. */
static void echo(zw_http_request *request)
{
    zw_buf text;
    zw_buf_init(&text, 1 << 20);
    const char *type = zw_http_request_content_type(request);
    size_t len = 0;
    const char *body = zw_http_request_body(request, &len);
    zw_buf_printf(&text, "%s %s", zw_http_request_method(request), zw_http_request_path(request));
    zw_http_request_query_each(request, put_param, &text);
    zw_buf_printf(&text, "|%s|", type != NULL ? type : "-");
    zw_buf_append(&text, body, len);
    uint64_t bytes = 0;
    if (zw_http_request_is_long(request, &bytes)) {
        char part[LONG_LIMIT];
        size_t got = zw_http_request_read(request, bytes - 3, part, sizeof part, NULL);
        zw_buf_printf(&text, "%u bytes, the last %.*s", (unsigned)bytes, (int)got, part);
    }
    zw_http_pair seen = {"X-Seen", "yes"};
    zw_http_answer_take(request, 200, "text/plain", &text, &seen, 1);
}

static void on_closed(void *arg)
{
    struct fixture *f = arg;
    f->is_closed = true;
}

static void on_turn(void *arg, zw_http_request *const *requests, size_t count)
{
    struct fixture *f = arg;
    f->turns++;
    f->largest_turn = count > f->largest_turn ? count : f->largest_turn;
    if (f->manner == BY_CLOSE) {
        zw_http_close(f->http, on_closed, f);
        f->http = NULL;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (f->manner == BY_HOLD) {
            f->held[f->held_count++] = requests[i];
        } else if (f->manner == BY_BIG) {
            zw_http_answer(requests[i], 200, "text/plain", f->big, BIG_BYTES, NULL, 0);
        } else {
            echo(requests[i]);
        }
    }
}

static bool may_be_long(const zw_http_request *request)
{
    return strcmp(zw_http_request_path(request), "/long") == 0;
}

static zw_status start(struct fixture *f, size_t max_body_bytes)
{
    zw_http_options options = {.listen = "127.0.0.1:0",
                               .max_body_bytes = max_body_bytes,
                               .bodies_bytes = f->bodies_bytes,
                               .may_be_long = may_be_long,
                               .max_long_bytes = LONG_LIMIT,
                               .held_bytes = 100,
                               .laid_by_bytes = LONG_LIMIT + 100,
                               .folder = "/tmp",
                               .connections = HELD,
                               .idle_timeout_s = 1,
                               .on_turn = on_turn,
                               .arg = f};
    return zw_http_open(&f->loop, &options, &f->http, NULL);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL || uv_loop_init(&f->loop) != 0) {
        free(f);
        return -1;
    }
    *state = f;
    return start(f, LIMIT) == ZW_OK ? 0 : -1;
}

static void stop(struct fixture *f)
{
    if (f->http != NULL) {
        zw_http_close(f->http, on_closed, f);
        f->http = NULL;
    }
    if (!loop_run_until(&f->loop, loop_run_is_set, &f->is_closed)) {
        fail_msg("the server did not close");
    }
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    stop(f);
    int rc = loop_run_end(&f->loop);
    free(f->big);
    free(f);
    return rc;
}

static void client_on_connected(uv_connect_t *connect, int status)
{
    struct client *client = connect->data;
    client->is_connected = status == 0;
    client->has_ended = status != 0;
}

static void client_on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
    (void)wanted;
    struct client *client = handle->data;
    *buf = uv_buf_init(client->chunk, sizeof client->chunk);
}

static void client_on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct client *client = stream->data;
    if (len < 0) {
        client->has_ended = true;
        (void)uv_read_stop(stream);
        return;
    }
    client->total += (size_t)len;
    if (client->len + (size_t)len < sizeof client->reply) {
        memcpy(client->reply + client->len, buf->base, (size_t)len);
        client->len += (size_t)len;
        client->reply[client->len] = '\0';
    }
}

static bool client_is_up(void *arg)
{
    const struct client *client = arg;
    return client->is_connected || client->has_ended;
}

static void client_open(struct fixture *f, struct client *client)
{
    memset(client, 0, sizeof *client);
    struct sockaddr_in to;
    union {
        struct sockaddr_in *v4;
        const struct sockaddr *any;
    } where = {.v4 = &to};
    assert_int_equal(uv_ip4_addr("127.0.0.1", zw_http_port(f->http), &to), 0);
    assert_int_equal(uv_tcp_init(&f->loop, &client->tcp), 0);
    client->tcp.data = client->connect.data = client;
    assert_int_equal(uv_tcp_connect(&client->connect, &client->tcp, where.any, client_on_connected),
                     0);
    assert_true(loop_run_until(&f->loop, client_is_up, client));
    assert_true(client->is_connected);
    (void)uv_read_start((uv_stream_t *)&client->tcp, client_on_alloc, client_on_read);
}

static void client_on_gone(uv_handle_t *handle)
{
    struct client *client = handle->data;
    client->is_gone = true;
}

static void client_close(struct fixture *f, struct client *client)
{
    uv_close((uv_handle_t *)&client->tcp, client_on_gone);
    assert_true(loop_run_until(&f->loop, loop_run_is_set, &client->is_gone));
}

static void client_send(struct client *client, const char *bytes, size_t len)
{
    union {
        const char *from;
        char *to;
    } text = {.from = bytes};
    uv_buf_t buf = uv_buf_init(text.to, (unsigned)len);
    (void)uv_write(&client->write, (uv_stream_t *)&client->tcp, &buf, 1, NULL);
}

static void client_say(struct client *client, const char *text)
{
    client_send(client, text, strlen(text));
}

/* Where the body of the reply begins, when that much has come. */
static const char *reply_body(const struct client *client)
{
    const char *gap = strstr(client->reply, "\r\n\r\n");
    return gap != NULL ? gap + 4 : NULL;
}

static bool client_has_ended(void *arg)
{
    return ((const struct client *)arg)->has_ended;
}

static bool client_has_head(void *arg)
{
    return reply_body(arg) != NULL;
}

/* Whole replies only: every one of these tests has a length in its head and a body. */
static bool client_has_reply(void *arg)
{
    const struct client *client = arg;
    const char *body = reply_body(client);
    const char *length = strstr(client->reply, "Content-Length: ");
    return client->has_ended || (body != NULL && length != NULL &&
                                 strlen(body) >= (size_t)strtoul(length + 16, NULL, 10));
}

static void client_await_reply(struct fixture *f, struct client *client)
{
    assert_true(loop_run_until(&f->loop, client_has_reply, client));
}

static void client_forget(struct client *client)
{
    client->len = client->total = 0;
    client->reply[0] = '\0';
}

static bool holds_one(void *arg)
{
    return ((const struct fixture *)arg)->held_count == 1;
}

static bool holds_all(void *arg)
{
    return ((const struct fixture *)arg)->held_count == HELD;
}

static bool has_had_a_turn(void *arg)
{
    return ((const struct fixture *)arg)->turns > 0;
}

static bool holds_two(void *arg)
{
    return ((const struct fixture *)arg)->held_count == 2;
}

#define CLOSE_AFTER "Connection: close\r\n\r\n"

/* "a,b\n1" */
#define PACKED                                                                                     \
    "\037\213\010\000\000\000\000\000\002\377\113\324\111\342\062\004\000\230\116\366\150\005\000" \
    "\000\000"
#define PACKED_BYTES "25"

/* A literal with bytes of any kind in it, and its length. */
#define ALL_OF(literal) (literal), sizeof(literal) - 1

/* What one client sends, and how the reply must read: its status, and its body (a part of it when
 * it is a refusal). */
struct exchange {
    const char *why, *sent;
    size_t len; /* 0: its strlen */
    const char *status, *body;
};

static bool is_as_expected(const struct exchange *row, const struct client *client)
{
    const char *body = reply_body(client);
    if (client->len < 12 || strncmp(client->reply + 9, row->status, 3) != 0 || body == NULL) {
        return false;
    }
    if (row->status[0] == '4') {
        return strstr(body, row->body) != NULL &&
               strncmp(body, "{\"status\":\"error\",\"errorType\":\"", 31) == 0;
    }
    return row->body == NULL || strcmp(body, row->body) == 0;
}

static void exchange_all(struct fixture *f, const struct exchange *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct client client;
        client_open(f, &client);
        client_send(&client, rows[i].sent, rows[i].len > 0 ? rows[i].len : strlen(rows[i].sent));
        assert_true(loop_run_until(&f->loop, client_has_ended, &client));
        if (!is_as_expected(&rows[i], &client)) {
            fail_msg("%s: %s", rows[i].why, client.reply);
        }
        client_close(f, &client);
    }
}

static void understands_what_a_client_sends(void **state)
{
    static const struct exchange rows[] = {
        {"a plain GET", "GET / HTTP/1.1\r\n" CLOSE_AFTER, 0, "200", "GET /|-|"},
        {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0, "200", "GET /|-|"},
        {"an encoded query with duplicates",
         "GET /a%2Fb?x=1&x=%E5%8C%BA+2 HTTP/1.1\r\n" CLOSE_AFTER, 0, "200",
         "GET /a/b|x=1|x=\xe5\x8c\xba 2|-|"},
        {"a body with its length",
         "POST /w HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n" CLOSE_AFTER "a,b\n1",
         0, "200", "POST /w|text/csv|a,b\n1"},
        {"a body in chunks",
         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE_AFTER
         "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
         0, "200", "POST /|-|abcd"},
        {"an empty body", "PUT / HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE_AFTER, 0, "200",
         "PUT /|-|"},
        {"a packed body",
         ALL_OF("POST /w HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: " PACKED_BYTES
                "\r\n" CLOSE_AFTER PACKED),
         "200", "POST /w|-|a,b\n1"},
        {"a packed body in chunks",
         ALL_OF("POST /w HTTP/1.1\r\nContent-Encoding: X-GZIP\r\nTransfer-Encoding: "
                "chunked\r\n" CLOSE_AFTER "19\r\n" PACKED "\r\n0\r\n\r\n"),
         "200", "POST /w|-|a,b\n1"},
        {"a body that is said not to be packed",
         "POST /w HTTP/1.1\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n" CLOSE_AFTER "x",
         0, "200", "POST /w|-|x"},
        {"a client that asks for leave",
         "DELETE / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n" CLOSE_AFTER "x", 0,
         "100", NULL},
    };
    exchange_all(*state, rows, sizeof rows / sizeof rows[0]);
}

static void refuses_what_is_no_request(void **state)
{
    static const struct exchange rows[] = {
        {"an unknown method", "BREW / HTTP/1.1\r\n" CLOSE_AFTER, 0, "400", "unknown method"},
        {"a known method that is not ours", "OPTIONS / HTTP/1.1\r\n" CLOSE_AFTER, 0, "400",
         "unknown method"},
        {"a method in small letters", "get / HTTP/1.1\r\n" CLOSE_AFTER, 0, "400", "unknown method"},
        {"broken percent-encoding", "GET /%4 HTTP/1.1\r\n" CLOSE_AFTER, 0, "400",
         "percent-encoding"},
        {"broken percent-encoding in the query", "GET /?a=%zz HTTP/1.1\r\n" CLOSE_AFTER, 0, "400",
         "percent-encoding"},
        {"an encoded NUL", "GET /a?b=%00 HTTP/1.1\r\n" CLOSE_AFTER, 0, "400", "NUL"},
        {"a bare NUL", "GET /a\0b HTTP/1.1\r\n" CLOSE_AFTER,
         sizeof "GET /a\0b HTTP/1.1\r\n" CLOSE_AFTER - 1, "400", "NUL"},
        {"a space in the URL", "GET /a b HTTP/1.1\r\n" CLOSE_AFTER, 0, "400", "space"},
        {"no UTF-8", "GET /%ff HTTP/1.1\r\n" CLOSE_AFTER, 0, "400", "UTF-8"},
        {"a length over the limit, before the body",
         "POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 0, "413", "limit of 1000 bytes"},
        {"a length beyond our numbers",
         "POST / HTTP/1.1\r\nContent-Length: 18446744073709551614\r\n\r\n", 0, "413",
         "limit of 1000 bytes"},
        {"a packing that is not ours",
         "POST / HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 1\r\n" CLOSE_AFTER "x", 0,
         "415", "gzip or identity"},
        {"a body packed twice",
         "POST / HTTP/1.1\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n" CLOSE_AFTER "x",
         0, "415", "gzip or identity"},
        {"a body that is not packed though it says so",
         "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n" CLOSE_AFTER "a,b\n",
         0, "400", "no gzip: incorrect header check"},
        {"half of a packed body",
         ALL_OF("POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n" CLOSE_AFTER
                "\037\213\010\000\000"),
         "400", "stops in the middle"},
        {"an encoding that ends nowhere", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc",
         0, "400", "chunked"},
    };
    exchange_all(*state, rows, sizeof rows / sizeof rows[0]);
}

static void tells_which_packings_it_takes(void **state)
{
    struct fixture *f = *state;
    struct client client;
    client_open(f, &client);
    client_say(&client,
               "POST / HTTP/1.1\r\nContent-Encoding: zstd\r\nContent-Length: 1\r\n" CLOSE_AFTER
               "x");
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_non_null(strstr(client.reply, "Accept-Encoding: gzip, identity\r\n"));
    client_close(f, &client);
}

static void a_head_gets_the_head_of_its_get(void **state)
{
    struct fixture *f = *state;
    struct client client;
    client_open(f, &client);
    client_say(&client, "HEAD /abc HTTP/1.1\r\n" CLOSE_AFTER);
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_non_null(strstr(client.reply, "200 OK"));
    assert_non_null(strstr(client.reply, "Content-Length: 11\r\n")); /* of "GET /abc|-|" … */
    assert_non_null(strstr(client.reply, "X-Seen: yes\r\n"));
    assert_string_equal(reply_body(&client), ""); /* … which is left out */
    client_close(f, &client);
}

static void a_connection_serves_again_also_after_a_refusal(void **state)
{
    static const struct {
        const char *why, *sent, *body;
    } rows[] = {
        {"first", "GET /1 HTTP/1.1\r\n\r\n", "GET /1|-|"},
        {"second", "POST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", "POST /2|-|ab"},
        {"refused, its body read", "POST /%4 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", NULL},
        {"third", "GET /3 HTTP/1.1\r\n\r\n", "GET /3|-|"},
    };
    struct fixture *f = *state;
    struct client client;
    client_open(f, &client);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        client_forget(&client);
        client_say(&client, rows[i].sent);
        client_await_reply(f, &client);
        if (client.has_ended) {
            fail_msg("%s: hung up", rows[i].why);
        }
        if (rows[i].body != NULL) {
            assert_string_equal(reply_body(&client), rows[i].body);
        }
    }
    client_close(f, &client);
}

static void requests_sent_at_once_down_one_connection_are_all_answered(void **state)
{
    struct fixture *f = *state;
    struct client client;
    client_open(f, &client);
    client_say(&client, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"
                        "GET /3 HTTP/1.1\r\n" CLOSE_AFTER);
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_non_null(strstr(client.reply, "GET /1|-|"));
    assert_non_null(strstr(client.reply, "GET /2|-|"));
    assert_non_null(strstr(client.reply, "GET /3|-|"));
    assert_int_equal(f->largest_turn, 1); /* a connection has one request at a time */
    client_close(f, &client);
}

static void requests_that_arrive_together_share_a_turn(void **state)
{
    enum { CLIENTS = 4 };
    struct fixture *f = *state;
    struct client *clients = calloc(CLIENTS, sizeof *clients);
    assert_non_null(clients);
    for (size_t i = 0; i < CLIENTS; i++) { /* a first request: the connection is taken for sure */
        client_open(f, &clients[i]);
        client_say(&clients[i], "GET /warm HTTP/1.1\r\n\r\n");
        client_await_reply(f, &clients[i]);
        client_forget(&clients[i]);
    }
    f->turns = f->largest_turn = 0;
    for (size_t i = 0; i < CLIENTS; i++) { /* all written before the loop looks */
        client_say(&clients[i], "POST /w HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        client_await_reply(f, &clients[i]);
        assert_string_equal(reply_body(&clients[i]), "POST /w|-|x");
    }
    assert_int_equal(f->turns, 1);
    assert_int_equal(f->largest_turn, CLIENTS);
    for (size_t i = 0; i < CLIENTS; i++) {
        client_close(f, &clients[i]);
    }
    free(clients);
}

static void an_answer_may_come_later_and_in_any_order(void **state)
{
    struct fixture *f = *state;
    struct client *clients = calloc(2, sizeof *clients);
    assert_non_null(clients);
    f->manner = BY_HOLD;
    client_open(f, &clients[0]);
    client_open(f, &clients[1]);
    client_say(&clients[0], "POST /first HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
    assert_true(loop_run_until(&f->loop, holds_one, f));
    client_say(&clients[1], "GET /second?a=b HTTP/1.1\r\nX-Word: here\r\n\r\n");
    assert_true(loop_run_until(&f->loop, holds_two, f));
    assert_int_equal(clients[0].total, 0);
    assert_string_equal(zw_http_request_query(f->held[1], "a"), "b");
    assert_null(zw_http_request_query(f->held[1], "b"));
    assert_string_equal(zw_http_request_header(f->held[1], "x-word"), "here");
    assert_null(zw_http_request_header(f->held[1], "x-other"));
    zw_http_answer(f->held[1], 204, NULL, NULL, 0, NULL, 0);
    assert_true(loop_run_until(&f->loop, client_has_head, &clients[1]));
    assert_non_null(strstr(clients[1].reply, "204 No Content"));
    assert_int_equal(clients[0].total, 0);
    echo(f->held[0]);
    client_await_reply(f, &clients[0]);
    assert_string_equal(reply_body(&clients[0]), "POST /first|-|x");
    client_close(f, &clients[0]);
    client_close(f, &clients[1]);
    free(clients);
}

static void a_client_that_left_while_it_waited_harms_nobody(void **state)
{
    struct fixture *f = *state;
    struct client client;
    f->manner = BY_HOLD;
    client_open(f, &client);
    client_say(&client, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
    assert_true(loop_run_until(&f->loop, holds_one, f));
    (void)uv_tcp_close_reset(&client.tcp, client_on_gone); /* the rudest way: writing would fail */
    assert_true(loop_run_until(&f->loop, loop_run_is_set, &client.is_gone));
    size_t len = 0;
    assert_memory_equal(zw_http_request_body(f->held[0], &len), "abc", 4);
    assert_int_equal(len, 3);
    echo(f->held[0]);
    f->manner = BY_ECHO;
    client_open(f, &client); /* and the next one is served */
    client_say(&client, "GET /next HTTP/1.1\r\n\r\n");
    client_await_reply(f, &client);
    assert_string_equal(reply_body(&client), "GET /next|-|");
    client_close(f, &client);
}

static void closing_answers_503_to_all_that_wait(void **state)
{
    struct fixture *f = *state;
    struct client *clients = calloc(3, sizeof *clients);
    assert_non_null(clients);
    f->manner = BY_HOLD;
    for (size_t i = 0; i < 3; i++) {
        client_open(f, &clients[i]);
    }
    client_say(&clients[0], "GET /a HTTP/1.1\r\n\r\n");
    client_say(&clients[1], "GET /b HTTP/1.1\r\n\r\n");
    assert_true(loop_run_until(&f->loop, holds_two, f));
    stop(f); /* the third has said nothing at all */
    for (size_t i = 0; i < 3; i++) {
        assert_true(loop_run_until(&f->loop, client_has_ended, &clients[i]));
        assert_true((strstr(clients[i].reply, "503 Service Unavailable") != NULL) == (i < 2));
        client_close(f, &clients[i]);
    }
    assert_non_null(strstr(clients[0].reply, "\"errorType\":\"unavailable\""));
    free(clients);
}

static void may_be_closed_from_a_turn(void **state)
{
    struct fixture *f = *state;
    struct client client;
    f->manner = BY_CLOSE;
    client_open(f, &client);
    client_say(&client, "GET / HTTP/1.1\r\n\r\n");
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_non_null(strstr(client.reply, "503"));
    client_close(f, &client);
}

static void may_be_closed_before_the_loop_ever_ran(void **state)
{
    struct fixture *f = *state;
    stop(f);
    assert_int_equal(f->turns, 0);
}

static void closing_lets_answers_out(void **state)
{
    struct fixture *f = *state;
    struct client client;
    f->manner = BY_BIG;
    f->big = malloc(BIG_BYTES);
    assert_non_null(f->big);
    memset(f->big, 'x', BIG_BYTES);
    client_open(f, &client);
    client_say(&client, "GET / HTTP/1.1\r\n\r\n");
    assert_true(loop_run_until(&f->loop, has_had_a_turn, f));
    assert_in_range(client.total, 0, BIG_BYTES - 1); /* more than a socket holds: it is under way */
    stop(f);
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_in_range(client.total, BIG_BYTES, BIG_BYTES + 1024);
    client_close(f, &client);
}

static void the_limit_is_a_body_that_still_fits(void **state)
{
    static const struct {
        const char *why;
        size_t body_bytes, chunk_bytes; /* in chunks when not 0 */
        const char *status;
    } rows[] = {
        {"exactly the limit", LIMIT, 0, "200"},
        {"one byte more", LIMIT + 1, 0, "413"},
        {"the limit in chunks", LIMIT, 100, "200"},
        {"more than the limit in chunks", LIMIT + 100, 100, "413"},
        {"much more in chunks", 50000, 1000, "413"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf sent;
        zw_buf_init(&sent, 1 << 20);
        zw_buf_puts(&sent, "POST / HTTP/1.1\r\nConnection: close\r\n");
        if (rows[i].chunk_bytes == 0) {
            zw_buf_printf(&sent, "Content-Length: %zu\r\n\r\n%0*d", rows[i].body_bytes,
                          (int)rows[i].body_bytes, 0);
        } else {
            zw_buf_puts(&sent, "Transfer-Encoding: chunked\r\n\r\n");
            for (size_t at = 0; at < rows[i].body_bytes; at += rows[i].chunk_bytes) {
                zw_buf_printf(&sent, "%zx\r\n%0*d\r\n", rows[i].chunk_bytes,
                              (int)rows[i].chunk_bytes, 0);
            }
            zw_buf_puts(&sent, "0\r\n\r\n");
        }
        assert_false(sent.has_failed);
        struct client client;
        client_open(f, &client);
        client_send(&client, sent.data, sent.len);
        assert_true(loop_run_until(&f->loop, client_has_ended, &client));
        if (strncmp(client.reply + 9, rows[i].status, 3) != 0) {
            fail_msg("%s: %s", rows[i].why, client.reply);
        }
        client_close(f, &client);
        zw_buf_fini(&sent);
    }
}

static void a_body_without_end_is_hung_up_on(void **state)
{
    enum { WRITES = 16 }; /* far more than is ever drained and than sockets hold */
    struct fixture *f = *state;
    struct client client;
    uv_write_t writes[WRITES];
    f->big = calloc(1, BIG_BYTES);
    assert_non_null(f->big);
    client_open(f, &client);
    client_say(&client, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n");
    /* The client's writes raise the signal; the server must do without this in every other test. */
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < WRITES; i++) {
        uv_buf_t buf = uv_buf_init(f->big, BIG_BYTES);
        (void)uv_write(&writes[i], (uv_stream_t *)&client.tcp, &buf, 1, NULL);
    }
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    client_close(f, &client);
    (void)signal(SIGPIPE, handler);
    assert_int_equal(f->turns, 0);
}

static void a_silent_client_is_hung_up_on_in_time(void **state)
{
    struct fixture *f = *state;
    struct client client;
    client_open(f, &client);
    client_say(&client, "GET / HTT"); /* nothing but the timer wakes the server after this */
    assert_true(loop_run_until(&f->loop, client_has_ended, &client));
    assert_int_equal(f->turns, 0);
    client_close(f, &client);
}

static void a_client_over_the_limit_of_connections_waits_for_its_turn(void **state)
{
    struct fixture *f = *state;
    struct client *clients = calloc(HELD + 1, sizeof *clients);
    assert_non_null(clients);
    f->manner = BY_HOLD;
    for (size_t i = 0; i <= HELD; i++) {
        client_open(f, &clients[i]);
        client_say(&clients[i], "GET /a HTTP/1.1\r\n" CLOSE_AFTER);
    }
    assert_true(loop_run_until(&f->loop, holds_all, f));
    f->manner = BY_ECHO;
    (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    assert_int_equal(clients[HELD].total, 0);
    for (size_t i = 0; i < HELD; i++) {
        echo(f->held[i]);
    }
    for (size_t i = 0; i <= HELD; i++) {
        assert_true(loop_run_until(&f->loop, client_has_ended, &clients[i]));
        assert_string_equal(reply_body(&clients[i]), "GET /a|-|");
        client_close(f, &clients[i]);
    }
    free(clients);
}

static void a_body_that_may_be_long_is_laid_by(void **state)
{
    static const struct {
        const char *why;
        int bytes;
        const char *path, *status, *body;
    } rows[] = {
        {"short enough to be held", 3, "/long", "200", "POST /long|-|000"},
        {"long", LONG_LIMIT, "/long", "200", "POST /long|-|5000 bytes, the last 000"},
        {"too long", LONG_LIMIT + 1, "/long", "413", NULL},
        {"long where it may not be", LONG_LIMIT, "/", "413", NULL},
    };
    struct fixture *f = *state;
    char sent[2 * LONG_LIMIT];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct client client;
        (void)snprintf(sent, sizeof sent,
                       "POST %s HTTP/1.1\r\nContent-Length: %d\r\n" CLOSE_AFTER "%0*d",
                       rows[i].path, rows[i].bytes, rows[i].bytes, 0);
        client_open(f, &client);
        client_say(&client, sent);
        assert_true(loop_run_until(&f->loop, client_has_ended, &client));
        if (strncmp(client.reply + 9, rows[i].status, 3) != 0 ||
            (rows[i].body != NULL && strcmp(reply_body(&client), rows[i].body) != 0)) {
            fail_msg("%s: %s", rows[i].why, client.reply);
        }
        assert_int_equal(zw_http_load_of(f->http).laid_by_bytes, 0);
        client_close(f, &client);
    }
}

static bool has_laid_by(void *arg)
{
    return zw_http_load_of(((const struct fixture *)arg)->http).laid_by_bytes >= 2000;
}

static void long_bodies_have_a_ceiling_together(void **state)
{
    struct fixture *f = *state;
    struct client first;
    struct client second;
    char sent[2 * LONG_LIMIT];
    (void)snprintf(sent, sizeof sent, "POST /long HTTP/1.1\r\nContent-Length: 4000\r\n\r\n%02000d",
                   0);
    client_open(f, &first);
    client_say(&first, sent);
    assert_true(loop_run_until(&f->loop, has_laid_by, f));
    (void)snprintf(sent, sizeof sent,
                   "POST /long HTTP/1.1\r\nContent-Length: 4000\r\n" CLOSE_AFTER "%04000d", 0);
    client_open(f, &second);
    client_say(&second, sent);
    assert_true(loop_run_until(&f->loop, client_has_ended, &second));
    assert_int_equal(strncmp(second.reply, "HTTP/1.1 429 ", 13), 0);
    assert_int_equal(zw_http_load_of(f->http).laid_by_bytes, 2000);
    client_close(f, &second);
    client_close(f, &first);
}

static bool holds_a_body(void *arg)
{
    return zw_http_load_of(((const struct fixture *)arg)->http).bodies_bytes > 0;
}

static void a_body_that_there_is_no_room_for_now_may_come_again(void **state)
{
    struct fixture *f = *state;
    stop(f);
    f->is_closed = false;
    f->bodies_bytes = LIMIT + 200;
    assert_int_equal(start(f, LIMIT), ZW_OK);
    struct client first;
    struct client second;
    char begun[512];
    char rest[301];
    char whole[1024];
    char chunked[1024];
    (void)snprintf(begun, sizeof begun, "POST / HTTP/1.1\r\nContent-Length: 600\r\n\r\n%0300d", 0);
    (void)snprintf(rest, sizeof rest, "%0300d", 0);
    (void)snprintf(whole, sizeof whole, "POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n%0900d", 0);
    client_open(f, &first);
    client_say(&first, begun);
    assert_true(loop_run_until(&f->loop, holds_a_body, f));
    client_open(f, &second); /* its head says how long it is: it is not waited for */
    client_say(&second, whole);
    assert_true(loop_run_until(&f->loop, client_has_ended, &second));
    assert_int_equal(strncmp(second.reply, "HTTP/1.1 429 ", 13), 0);
    assert_non_null(strstr(second.reply, "Retry-After: 1\r\n"));
    client_close(f, &second);
    (void)snprintf(
        chunked, sizeof chunked,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n384\r\n%0900d\r\n0\r\n\r\n", 0);
    client_open(f, &second); /* nobody knew, so it is read to its end */
    client_say(&second, chunked);
    client_await_reply(f, &second);
    assert_int_equal(strncmp(second.reply, "HTTP/1.1 429 ", 13), 0);
    assert_non_null(strstr(reply_body(&second), "\"errorType\":\"too_many_requests\""));
    assert_int_equal(zw_http_load_of(f->http).refused, 2);
    assert_int_equal(zw_http_load_of(f->http).connections, 2);
    client_say(&first, rest); /* what is under way is not harmed, and makes room */
    client_await_reply(f, &first);
    assert_int_equal(strncmp(first.reply, "HTTP/1.1 200 ", 13), 0);
    assert_int_equal(zw_http_load_of(f->http).bodies_bytes, 0);
    client_forget(&second);
    client_say(&second, whole);
    client_await_reply(f, &second);
    assert_int_equal(strncmp(second.reply, "HTTP/1.1 200 ", 13), 0);
    client_close(f, &first);
    client_close(f, &second);
}

static void refuses_an_address_it_cannot_have(void **state)
{
    struct fixture *f = *state;
    char taken[32];
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%d", zw_http_port(f->http));
    const struct {
        const char *listen;
        zw_status status;
    } rows[] = {{taken, ZW_IO}, {"nowhere", ZW_INVALID}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_http_options options = {.listen = rows[i].listen, .on_turn = on_turn, .arg = f};
        zw_http *http = f->http;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_http_open(&f->loop, &options, &http, &err), rows[i].status);
        assert_null(http);
        assert_non_null(strstr(err.text, rows[i].listen));
    }
}

/* One request with the n-th allocation of the server refused: answered, told why not, or hung up
 * on; then the server must serve as if nothing had been. @return whether one was refused. */
static bool post_without_memory(struct fixture *f, long after)
{
    struct client client;
    client_open(f, &client);
    failing_alloc_after(after);
    client_say(&client, "POST /a?b=c HTTP/1.1\r\nContent-Length: 3\r\n" CLOSE_AFTER "abc");
    bool is_in_time = loop_run_until(&f->loop, client_has_ended, &client);
    bool has_refused = failing_alloc_stop();
    assert_true(is_in_time);
    bool is_served = client.total > 0 && strcmp(reply_body(&client), "POST /a|b=c|-|abc") == 0;
    bool is_excused = client.total == 0 || strstr(client.reply, "HTTP/1.1 50") != NULL;
    assert_true(has_refused ? is_served || is_excused : is_served);
    client_close(f, &client);
    return has_refused;
}

static void lives_through_every_refused_allocation(void **state)
{
    struct fixture *f = *state;
    long after = 0;
    while (post_without_memory(f, after)) {
        after++;
    }
    assert_true(after > 2); /* the request, its URL, its body at the least */
}

static void says_so_when_there_is_no_memory_to_open(void **state)
{
    struct fixture *f = *state;
    stop(f);
    for (long after = 0;; after++) {
        failing_alloc_after(after);
        zw_status status = start(f, 0);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            assert_true(after > 0);
            f->is_closed = false;
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(f->http);
    }
}

#define HTTP_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HTTP_TEST(understands_what_a_client_sends),
        HTTP_TEST(refuses_what_is_no_request),
        HTTP_TEST(tells_which_packings_it_takes),
        HTTP_TEST(a_head_gets_the_head_of_its_get),
        HTTP_TEST(a_connection_serves_again_also_after_a_refusal),
        HTTP_TEST(requests_sent_at_once_down_one_connection_are_all_answered),
        HTTP_TEST(requests_that_arrive_together_share_a_turn),
        HTTP_TEST(an_answer_may_come_later_and_in_any_order),
        HTTP_TEST(a_client_that_left_while_it_waited_harms_nobody),
        HTTP_TEST(closing_answers_503_to_all_that_wait),
        HTTP_TEST(may_be_closed_from_a_turn),
        HTTP_TEST(may_be_closed_before_the_loop_ever_ran),
        HTTP_TEST(closing_lets_answers_out),
        HTTP_TEST(the_limit_is_a_body_that_still_fits),
        HTTP_TEST(a_body_without_end_is_hung_up_on),
        HTTP_TEST(a_silent_client_is_hung_up_on_in_time),
        HTTP_TEST(a_client_over_the_limit_of_connections_waits_for_its_turn),
        HTTP_TEST(a_body_that_may_be_long_is_laid_by),
        HTTP_TEST(long_bodies_have_a_ceiling_together),
        HTTP_TEST(a_body_that_there_is_no_room_for_now_may_come_again),
        HTTP_TEST(refuses_an_address_it_cannot_have),
        HTTP_TEST(lives_through_every_refused_allocation),
        HTTP_TEST(says_so_when_there_is_no_memory_to_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
