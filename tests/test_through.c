/* Through the running process: what it answers, and what stands there instead of one. */
#include "serve/through.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that answers one request with what it is told to, and says what it was asked. */
struct oracle {
    pid_t pid;
    int heard[2];
    char url[64];
};

static void oracle_serve(int listener, int heard, const char *answer)
{
    char asked[4096];
    int client = accept(listener, NULL, NULL);
    ssize_t len = client >= 0 ? read(client, asked, sizeof(asked)) : -1;
    if (len > 0) {
        (void)!write(heard, asked, (size_t)len);
        (void)!write(client, answer, strlen(answer));
    }
    _exit(0);
}

static void oracle_open(struct oracle *oracle, const char *answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
    (void)snprintf(oracle->url, sizeof(oracle->url), "http://127.0.0.1:%d", ntohs(at.sin_port));
    assert_int_equal(pipe(oracle->heard), 0);
    oracle->pid = fork();
    assert_true(oracle->pid >= 0);
    if (oracle->pid == 0) {
        oracle_serve(listener, oracle->heard[1], answer);
    }
    (void)close(listener);
    (void)close(oracle->heard[1]);
}

/* Ends it; `asked` gets the request it heard. */
static void oracle_close(const struct oracle *oracle, char *asked, size_t size)
{
    ssize_t len = read(oracle->heard[0], asked, size - 1);
    asked[len > 0 ? len : 0] = '\0';
    (void)close(oracle->heard[0]);
    assert_int_equal(waitpid(oracle->pid, NULL, 0), oracle->pid);
}

static void what_is_answered_is_told_apart(void **state)
{
    static const struct {
        const char *why, *answer;
        zw_status status;
        const char *data, *error;
    } rows[] = {
        {"it was done", "HTTP/1.0 200 OK\r\n\r\n{\"status\":\"success\",\"data\":{\"id\":12}}",
         ZW_OK, "{\"id\":12}", ""},
        {"it was refused",
         "HTTP/1.0 400 Bad\r\n\r\n{\"status\":\"error\",\"error\":\"no area 'x'\"}", ZW_INVALID, "",
         "no area 'x'"},
        {"there is no such thing", "HTTP/1.0 404 No\r\n\r\n{\"error\":\"there is no silence 7\"}",
         ZW_NOT_FOUND, "", "there is no silence 7"},
        {"it cannot be", "HTTP/1.0 422 No\r\n\r\n{\"error\":\"silence 1 is over\"}", ZW_CONFLICT,
         "", "silence 1 is over"},
        {"it has trouble", "HTTP/1.0 503 No\r\n\r\n{\"error\":\"disk full\"}", ZW_STORE, "",
         "disk full"},
        {"another program's error", "HTTP/1.0 500 No\r\n\r\n<html>", ZW_STORE, "",
         "it was refused without a word"},
        {"another program", "HTTP/1.0 200 OK\r\n\r\n<html>", ZW_IO, "", "is no zonewatch"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oracle oracle;
        char asked[4096];
        zw_buf data;
        zw_err err = {ZW_OK, ""};
        oracle_open(&oracle, rows[i].answer);
        zw_through call = {
            .url = oracle.url, .method = "POST", .path = "/api/v1/silences", .body = "{\"a\":1}"};
        zw_buf_init(&data, 65536);
        zw_buf_puts(&data, "");
        zw_status status = zw_through_ask(&call, &data, &err);
        oracle_close(&oracle, asked, sizeof(asked));
        if (status != rows[i].status || strcmp(zw_buf_view(&data), rows[i].data) != 0 ||
            strstr(err.text, rows[i].error) == NULL) {
            fail_msg("%s: %d %s %s", rows[i].why, (int)status, zw_buf_view(&data), err.text);
        }
        assert_non_null(strstr(asked, "POST /api/v1/silences HTTP/1.1\r\n"));
        assert_non_null(strstr(asked, "Content-Type: application/json\r\n"));
        assert_non_null(strstr(asked, "\r\n\r\n{\"a\":1}"));
        zw_buf_fini(&data);
    }
}

static void who_says_it_goes_with_the_path(void **state)
{
    (void)state;
    struct oracle oracle;
    char asked[4096];
    zw_buf data;
    zw_err err = {ZW_OK, ""};
    oracle_open(&oracle, "HTTP/1.0 200 OK\r\n\r\n{\"data\":1}");
    zw_through call = {
        .url = oracle.url, .method = "DELETE", .path = "/api/v1/silences/7", .author = "li & bo"};
    zw_buf_init(&data, 65536);
    assert_int_equal(zw_through_ask(&call, &data, &err), ZW_OK);
    oracle_close(&oracle, asked, sizeof(asked));
    assert_non_null(strstr(asked, "DELETE /api/v1/silences/7?author=li%20%26%20bo HTTP/1.1\r\n"));
    zw_buf_fini(&data);
}

static void where_nobody_listens_that_is_said(void **state)
{
    (void)state;
    struct oracle oracle;
    char asked[4096];
    zw_buf data;
    zw_err err = {ZW_OK, ""};
    oracle_open(&oracle, "");
    zw_through call = {.url = oracle.url, .method = "GET", .path = "/"};
    zw_buf_init(&data, 65536);
    assert_int_equal(zw_through_ask(&call, &data, &err), ZW_IO); /* it hangs up */
    oracle_close(&oracle, asked, sizeof(asked));
    assert_int_equal(zw_through_ask(&call, &data, &err), ZW_IO); /* and is gone */
    assert_non_null(strstr(err.text, oracle.url));
    zw_buf_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered_is_told_apart),
        cmocka_unit_test(who_says_it_goes_with_the_path),
        cmocka_unit_test(where_nobody_listens_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
