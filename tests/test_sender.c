/* The sender, posting to the house's own server in the same loop. */
#include "serve/sender.h"

#include "failing_alloc.h"
#include "loop_run.h"
#include "serve/http.h"
#include "serve/listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { HELD = 32, TEXT_BYTES = 256, BIG_BYTES = 5 << 20, PATIENT_MS = 15000 };

struct fixture {
    uv_loop_t loop;
    zw_http *http;
    zw_sender *sender;
    bool is_http_closed, is_sender_closed;
    /* the receiver: how it answers, what it saw */
    int answer_status;
    const char *answer_body;
    size_t answer_len;
    bool holds;
    zw_http_request *held[HELD];
    size_t held_count, seen_count, seen_len;
    bool is_body_as_sent;
    char seen_key[TEXT_BYTES], seen_type[TEXT_BYTES];
    /* how the posts went */
    size_t done_count, ok_count;
    zw_status status;
    long http_status;
    char detail[TEXT_BYTES * 2];
    bool posts_again, closes;
    char *big;
};

static void copy_header(zw_http_request *request, const char *name, char *out)
{
    const char *value = zw_http_request_header(request, name);
    (void)snprintf(out, TEXT_BYTES, "%s", value != NULL ? value : "(none)");
}

static void on_turn(void *arg, zw_http_request *const *requests, size_t count)
{
    struct fixture *f = arg;
    for (size_t i = 0; i < count; i++) {
        const char *body = zw_http_request_body(requests[i], &f->seen_len);
        f->is_body_as_sent =
            f->big == NULL || (f->seen_len == BIG_BYTES && memcmp(body, f->big, f->seen_len) == 0);
        f->seen_count++;
        copy_header(requests[i], "Idempotency-Key", f->seen_key);
        copy_header(requests[i], "Content-Type", f->seen_type);
        if (f->holds) {
            f->held[f->held_count++] = requests[i];
            continue;
        }
        zw_http_pair where = {"Location", "/elsewhere"};
        zw_http_answer(requests[i], f->answer_status, "text/plain", f->answer_body, f->answer_len,
                       &where, 1);
    }
}

static void on_closed(void *arg)
{
    *(bool *)arg = true;
}

static void post(struct fixture *f, const char *url, long timeout_ms);

static void on_done(void *arg, zw_status status, long http_status, const char *detail)
{
    struct fixture *f = arg;
    f->done_count++;
    f->ok_count += status == ZW_OK;
    f->status = status;
    f->http_status = http_status;
    (void)snprintf(f->detail, sizeof f->detail, "%s", detail);
    if (f->posts_again) {
        f->posts_again = false;
        post(f, NULL, PATIENT_MS);
    }
    if (f->closes) {
        f->closes = false;
        zw_sender_close(f->sender, on_closed, &f->is_sender_closed);
        f->sender = NULL;
    }
}

static zw_status try_post(struct fixture *f, const char *url, long timeout_ms)
{
    static const char *const headers[] = {"Idempotency-Key: 7f-1"};
    char own[64];
    (void)snprintf(own, sizeof own, "http://127.0.0.1:%d/hook", zw_http_port(f->http));
    zw_sender_mail mail = {.url = url != NULL ? url : own,
                           .content_type = "application/json",
                           .body = f->big != NULL ? f->big : "{}",
                           .len = f->big != NULL ? BIG_BYTES : 2,
                           .headers = headers,
                           .header_count = 1,
                           .timeout_ms = timeout_ms};
    return zw_sender_post(f->sender, &mail, on_done, f, NULL);
}

static void post(struct fixture *f, const char *url, long timeout_ms)
{
    assert_int_equal(try_post(f, url, timeout_ms), ZW_OK);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL || uv_loop_init(&f->loop) != 0) {
        free(f);
        return -1;
    }
    *state = f;
    f->answer_status = 200;
    zw_http_options options = {.listen = "127.0.0.1:0", .on_turn = on_turn, .arg = f};
    zw_sender_options few = {.connections = 4};
    if (zw_http_open(&f->loop, &options, &f->http, NULL) != ZW_OK) {
        return -1;
    }
    return zw_sender_open(&f->loop, &few, &f->sender, NULL) == ZW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zw_sender_close(f->sender, on_closed, &f->is_sender_closed);
    zw_http_close(f->http, on_closed, &f->is_http_closed);
    bool is_over = loop_run_until(&f->loop, loop_run_is_set, &f->is_sender_closed) &&
                   loop_run_until(&f->loop, loop_run_is_set, &f->is_http_closed);
    int rc = is_over ? loop_run_end(&f->loop) : -1;
    free(f->big);
    free(f);
    return rc;
}

/* Posts that are still to come back are all that a test waits for. */
static bool has_none_pending(void *arg)
{
    return zw_sender_pending(((const struct fixture *)arg)->sender) == 0;
}

static void await_all(struct fixture *f)
{
    assert_true(loop_run_until(&f->loop, has_none_pending, f));
}

static bool holds_one(void *arg)
{
    return ((const struct fixture *)arg)->held_count == 1;
}

static bool holds_four(void *arg)
{
    return ((const struct fixture *)arg)->held_count == 4;
}

static bool sender_is_gone(void *arg)
{
    return ((const struct fixture *)arg)->is_sender_closed;
}

static void says_how_the_receiver_answered(void **state)
{
    static const struct {
        const char *why;
        zw_status status;
        int answer;
        const char *body, *detail;
    } rows[] = {
        {"taken", ZW_OK, 200, "thanks", "answered 200: thanks"},
        {"taken without a word", ZW_OK, 204, "", "answered 204"},
        {"the last of the good ones", ZW_OK, 299, "", "answered 299"},
        {"a redirect is not followed", ZW_IO, 302, "", "answered 302"},
        {"refused, with the reason", ZW_IO, 400, "no such\nreceiver\x01",
         "answered 400: no such receiver?"},
        {"broken", ZW_IO, 503, "later", "answered 503: later"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        f->answer_status = rows[i].answer;
        f->answer_body = rows[i].body;
        f->answer_len = strlen(rows[i].body);
        post(f, NULL, PATIENT_MS);
        await_all(f);
        if (f->status != rows[i].status || f->http_status != rows[i].answer ||
            strcmp(f->detail, rows[i].detail) != 0) {
            fail_msg("%s: %ld %s", rows[i].why, f->http_status, f->detail);
        }
        assert_int_equal(f->done_count, i + 1);
        assert_int_equal(f->seen_count, i + 1);
    }
}

static void the_receiver_gets_headers_and_body(void **state)
{
    struct fixture *f = *state;
    post(f, NULL, PATIENT_MS);
    await_all(f);
    assert_string_equal(f->seen_key, "7f-1");
    assert_string_equal(f->seen_type, "application/json");
    assert_int_equal(f->seen_len, 2);
}

static void a_big_body_arrives_whole(void **state)
{
    struct fixture *f = *state;
    f->big = malloc(BIG_BYTES);
    assert_non_null(f->big);
    for (size_t i = 0; i < BIG_BYTES; i++) {
        f->big[i] = (char)(i * 31 % 251);
    }
    post(f, NULL, PATIENT_MS);
    await_all(f);
    assert_int_equal(f->status, ZW_OK);
    assert_int_equal(f->seen_len, BIG_BYTES);
    assert_true(f->is_body_as_sent);
}

static void of_a_long_answer_the_beginning_is_enough(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *why;
        int answer;
        zw_status status;
    } rows[] = {{"refused", 500, ZW_IO}, {"taken", 200, ZW_OK}};
    char *words = malloc(BIG_BYTES);
    assert_non_null(words);
    memset(words, 'w', BIG_BYTES);
    f->answer_body = words;
    f->answer_len = BIG_BYTES;
    for (size_t i = 0; i < 2; i++) {
        print_message("  %s\n", rows[i].why);
        f->answer_status = rows[i].answer;
        post(f, NULL, PATIENT_MS);
        await_all(f);
        assert_int_equal(f->http_status, rows[i].answer);
        assert_int_equal(f->status, rows[i].status);
        assert_in_range(strlen(f->detail), 100, 250);
    }
    free(words);
}

/* What the receiver says of the address, too. */
static void nothing_of_an_address_is_said_but_its_host(void **state)
{
    struct fixture *f = *state;
    char url[128];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/hook/0a1b2c3d4e", zw_http_port(f->http));
    f->answer_status = 404;
    f->answer_body = "no /hook/0a1b2c3d4e";
    f->answer_len = strlen(f->answer_body);
    post(f, url, PATIENT_MS);
    await_all(f);
    assert_string_equal(f->detail, "answered 404: no /hook/**********");
}

static void several_posts_are_under_way_at_once(void **state)
{
    struct fixture *f = *state;
    f->holds = true;
    for (size_t i = 0; i < 20; i++) { /* more than there are connections: the rest waits */
        post(f, NULL, PATIENT_MS);
    }
    assert_int_equal(zw_sender_pending(f->sender), 20);
    assert_true(loop_run_until(&f->loop, holds_four, f));
    assert_int_equal(f->done_count, 0);
    f->holds = false;
    for (size_t i = 0; i < f->held_count; i++) {
        zw_http_answer(f->held[i], 200, NULL, NULL, 0, NULL, 0);
    }
    await_all(f);
    assert_int_equal(f->ok_count, 20);
    assert_int_equal(f->seen_count, 20);
}

static void says_why_there_was_no_answer(void **state)
{
    int fd = -1;
    int port = 0;
    assert_int_equal(zw_listener_open("127.0.0.1:0", &fd, &port, NULL), ZW_OK);
    close(fd); /* a port that nobody listens on */
    char nobody[64];
    (void)snprintf(nobody, sizeof nobody, "http://127.0.0.1:%d/", port);
    const struct {
        const char *why, *url;
        zw_status status;
        const char *said;
    } rows[] = {
        {"nobody listens", nobody, ZW_IO, "connect"},
        {"a file is no receiver", "file:///etc/hostname", ZW_INVALID, "rotocol"},
        {"nor is another protocol", "ftp://127.0.0.1/", ZW_INVALID, "rotocol"},
        {"no URL at all", "http://", ZW_INVALID, "URL"},
        {"a port that is none", "http://127.0.0.1:99999/", ZW_INVALID, "URL"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        post(f, rows[i].url, PATIENT_MS);
        await_all(f);
        if (f->status != rows[i].status || f->http_status != 0 ||
            strstr(f->detail, rows[i].said) == NULL) {
            fail_msg("%s: %d %ld %s", rows[i].why, (int)f->status, f->http_status, f->detail);
        }
    }
}

static void a_receiver_that_never_answers_is_given_up(void **state)
{
    struct fixture *f = *state;
    f->holds = true;
    post(f, NULL, 60);
    await_all(f);
    assert_int_equal(f->status, ZW_IO);
    assert_int_equal(f->http_status, 0);
    assert_non_null(strstr(f->detail, "timed out"));
    f->holds = false; /* the next one goes through */
    post(f, NULL, PATIENT_MS);
    await_all(f);
    assert_int_equal(f->status, ZW_OK);
}

static void closing_gives_up_what_is_under_way(void **state)
{
    struct fixture *f = *state;
    f->holds = true;
    post(f, NULL, PATIENT_MS);
    assert_true(loop_run_until(&f->loop, holds_one, f));
    post(f, NULL, PATIENT_MS); /* one under way, one that has not begun */
    zw_sender *sender = f->sender;
    f->sender = NULL;
    zw_sender_close(sender, on_closed, &f->is_sender_closed);
    assert_int_equal(f->done_count, 2);
    assert_int_equal(f->status, ZW_IO);
    assert_string_equal(f->detail, "closed");
    assert_false(f->is_sender_closed); /* the loop has to let go first */
}

static void a_callback_may_post_again(void **state)
{
    struct fixture *f = *state;
    f->posts_again = true;
    post(f, NULL, PATIENT_MS);
    await_all(f);
    assert_int_equal(f->ok_count, 2);
}

static void a_callback_may_close_the_sender(void **state)
{
    struct fixture *f = *state;
    f->closes = true;
    for (size_t i = 0; i < 3; i++) {
        post(f, NULL, PATIENT_MS);
    }
    assert_true(loop_run_until(&f->loop, sender_is_gone, f));
    assert_int_equal(f->done_count, 3);
}

/* A callback of a closing that posts would otherwise keep the sender alive for ever. */
static void on_done_post_refused(void *arg, zw_status status, long http_status, const char *detail)
{
    struct fixture *f = arg;
    (void)http_status, (void)detail;
    f->done_count++;
    f->status = status;
    f->ok_count += try_post(f, NULL, PATIENT_MS) == ZW_OK;
}

static void nothing_is_posted_while_closing(void **state)
{
    struct fixture *f = *state;
    zw_sender_mail mail = {.url = "http://127.0.0.1:9/", .content_type = "a/b", .timeout_ms = 1000};
    assert_int_equal(zw_sender_post(f->sender, &mail, on_done_post_refused, f, NULL), ZW_OK);
    zw_sender_close(f->sender, on_closed, &f->is_sender_closed);
    f->sender = NULL;
    assert_int_equal(f->done_count, 1);
    assert_int_equal(f->ok_count, 0);
}

static void refuses_what_would_forge_headers(void **state)
{
    static const char *const forged[] = {"X-A: b\r\nX-Evil: c"};
    static const struct {
        const char *why;
        zw_sender_mail mail;
    } rows[] = {
        {"a line end in a header",
         {.url = "http://a/",
          .content_type = "a/b",
          .headers = forged,
          .header_count = 1,
          .timeout_ms = 1}},
        {"a line end in the type", {.url = "http://a/", .content_type = "a/b\n", .timeout_ms = 1}},
        {"no time", {.url = "http://a/", .content_type = "a/b"}},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_err err = {ZW_OK, ""};
        if (zw_sender_post(f->sender, &rows[i].mail, on_done, f, &err) != ZW_INVALID) {
            fail_msg("%s was taken", rows[i].why);
        }
        assert_non_null(strstr(err.text, "http://a…"));
    }
    assert_int_equal(f->done_count, 0);
}

static void says_so_when_there_is_no_memory_to_open(void **state)
{
    struct fixture *f = *state;
    for (long after = 0;; after++) {
        zw_sender *sender = f->sender;
        failing_alloc_after(after);
        zw_status status = zw_sender_open(&f->loop, NULL, &sender, NULL);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            assert_true(after > 0);
            bool is_closed = false;
            zw_sender_close(sender, on_closed, &is_closed);
            assert_true(loop_run_until(&f->loop, loop_run_is_set, &is_closed));
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(sender);
    }
}

/* A port that nobody listens on keeps the server, whose allocations count too, out of it. */
static void every_post_comes_to_an_end_without_memory(void **state)
{
    struct fixture *f = *state;
    bool has_refused = true;
    for (long after = 0; has_refused; after++) {
        f->done_count = 0;
        failing_alloc_after(after);
        zw_status status = try_post(f, "http://127.0.0.1:9/", 50);
        bool is_in_time = loop_run_until(&f->loop, has_none_pending, f);
        has_refused = failing_alloc_stop();
        assert_true(is_in_time);
        assert_int_equal(f->done_count, status == ZW_OK ? 1 : 0);
        assert_int_equal(status == ZW_OK ? f->status : status, status == ZW_OK ? ZW_IO : ZW_NOMEM);
        assert_true(after < 100);
    }
    post(f, NULL, PATIENT_MS);
    await_all(f);
    assert_int_equal(f->status, ZW_OK);
}

#define SENDER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENDER_TEST(says_how_the_receiver_answered),
        SENDER_TEST(the_receiver_gets_headers_and_body),
        SENDER_TEST(a_big_body_arrives_whole),
        SENDER_TEST(of_a_long_answer_the_beginning_is_enough),
        SENDER_TEST(nothing_of_an_address_is_said_but_its_host),
        SENDER_TEST(several_posts_are_under_way_at_once),
        SENDER_TEST(says_why_there_was_no_answer),
        SENDER_TEST(a_receiver_that_never_answers_is_given_up),
        SENDER_TEST(closing_gives_up_what_is_under_way),
        SENDER_TEST(a_callback_may_post_again),
        SENDER_TEST(a_callback_may_close_the_sender),
        SENDER_TEST(nothing_is_posted_while_closing),
        SENDER_TEST(refuses_what_would_forge_headers),
        SENDER_TEST(says_so_when_there_is_no_memory_to_open),
        SENDER_TEST(every_post_comes_to_an_end_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
