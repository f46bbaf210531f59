/*
 * The long-lived process, from outside: a figure posted with curl calls the webhook; the same post
 * again changes nothing; a process killed between post and webhook, or while a group waits,
 * delivers after its restart, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../loop_run.h"
#include "process.h"
#include "serve/http.h"
#include "serve/listener.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { TEXT_BYTES = 8192 };

/* A receiver of webhooks on the test's own loop. */
struct receiver {
    uv_loop_t loop;
    zw_http *http;
    int port;
    size_t count;
    char last_body[TEXT_BYTES];
    char last_key[128];
};

struct fixture {
    struct receiver receiver;
    char folder[64], db[96];
    struct process process;
    int port;
};

static void receiver_on_requests(void *arg, zw_http_request *const *requests, size_t count)
{
    struct receiver *receiver = arg;
    for (size_t i = 0; i < count; i++) {
        size_t len = 0;
        const char *body = zw_http_request_body(requests[i], &len);
        const char *key = zw_http_request_header(requests[i], "Idempotency-Key");
        (void)snprintf(receiver->last_body, sizeof(receiver->last_body), "%s", body);
        (void)snprintf(receiver->last_key, sizeof(receiver->last_key), "%s",
                       key != NULL ? key : "");
        receiver->count++;
        zw_http_answer(requests[i], 200, "text/plain", "ok", 2, NULL, 0);
    }
}

static void receiver_open(struct receiver *receiver, int port)
{
    char listen[48];
    zw_err err = {ZW_OK, ""};
    (void)snprintf(listen, sizeof(listen), "127.0.0.1:%d", port);
    zw_http_options options = {.listen = listen, .on_turn = receiver_on_requests, .arg = receiver};
    if (zw_http_open(&receiver->loop, &options, &receiver->http, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    receiver->port = zw_http_port(receiver->http);
}

static void receiver_on_closed(void *arg)
{
    ((struct receiver *)arg)->http = NULL;
}

static bool is_receiver_gone(void *arg)
{
    return ((struct receiver *)arg)->http == NULL;
}

static void receiver_close(struct receiver *receiver)
{
    zw_http_close(receiver->http, receiver_on_closed, receiver);
    assert_true(loop_run_until(&receiver->loop, is_receiver_gone, receiver));
}

/* Writes the pack; `how` is what the notify says beside its receiver. */
static void write_pack(const struct fixture *f, const char *how)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/init.lua", f->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file,
                  "local park = zone \"park\" { timezone = \"UTC\" }\n"
                  "local visitors = measure \"visitors\" { kind = \"flow\", unit = \"people\", "
                  "every = \"month\" }\n"
                  "area \"east\" { within = park }\n"
                  "local calls = register \"calls\" { fields = { \"type\", due_on = \"date\" }, "
                  "states = { \"posted\", \"awarded\" }, deadline = \"due_on\" }\n"
                  "alert \"call_overdue\" { critical = calls:overdue(), say = \"a call is due\" }\n"
                  "alert \"few\" { per = \"period\", warning = visitors:under(1000), say = \"only "
                  "{value} in {period}\" }\n"
                  "guard \"slip\" { on = visitors, hold = visitors:over(1e6), say = \"{value} in "
                  "{period}?\" }\n"
                  "notify \"office\" { to = webhook(\"http://127.0.0.1:%d/hook\")%s }\n",
                  f->receiver.port, how);
    (void)fclose(file);
}

static void start_process(struct fixture *f)
{
    process_start(&f->process, f->folder, f->db);
    f->port = f->process.port;
}

static void end_process(struct fixture *f, int number)
{
    process_end(&f->process, number);
}

/* Runs a command and gives back what it says. */
static const char *say_of(const char *command, char out[TEXT_BYTES])
{
    FILE *curl = popen(command, "r");
    assert_non_null(curl);
    size_t len = fread(out, 1, TEXT_BYTES - 1, curl);
    out[len] = '\0';
    assert_int_equal(pclose(curl), 0);
    return out;
}

/* Posts one row and gives back the answer's body. */
static const char *post_row(const struct fixture *f, const char *row, char out[TEXT_BYTES])
{
    char command[512];
    (void)snprintf(command, sizeof(command),
                   "printf 'measure,area,period,value\\n%s\\n' | curl -s -S --max-time 20 -H "
                   "'Content-Type: text/csv' --data-binary @- "
                   "'http://127.0.0.1:%d/api/v1/observations?source=test'",
                   row, f->port);
    return say_of(command, out);
}

/* The same with items: a whole body. */
static const char *post_items(const struct fixture *f, const char *type, const char *body,
                              const char *query, char out[TEXT_BYTES])
{
    char command[1024];
    (void)snprintf(command, sizeof(command),
                   "printf '%s' | curl -s -S --max-time 20 -H 'Content-Type: %s' --data-binary @- "
                   "'http://127.0.0.1:%d/api/v1/items?%s'",
                   body, type, f->port, query);
    return say_of(command, out);
}

static const char *get_items(const struct fixture *f, const char *query, char out[TEXT_BYTES])
{
    char command[256];
    (void)snprintf(command, sizeof(command),
                   "curl -s -S --max-time 20 'http://127.0.0.1:%d/api/v1/items?%s'", f->port,
                   query);
    return say_of(command, out);
}

static bool has_one(void *arg)
{
    return ((struct receiver *)arg)->count >= 1;
}

static bool has_two(void *arg)
{
    return ((struct receiver *)arg)->count >= 2;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/zonewatch-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->db, sizeof(f->db), "%s/store.db", f->folder);
    assert_int_equal(uv_loop_init(&f->receiver.loop), 0);
    receiver_open(&f->receiver, 0);
    write_pack(f, "");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    end_process(f, SIGTERM);
    if (f->receiver.http != NULL) {
        receiver_close(&f->receiver);
    }
    int rc = uv_loop_close(&f->receiver.loop);
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", f->folder);
    rc = rc == 0 ? system(command) : rc;
    free(f);
    return rc;
}

static void a_posted_figure_calls_the_webhook_and_the_same_again_does_not(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    start_process(f);
    assert_non_null(strstr(post_row(f, "visitors,,2024-01,900", answer), "\"accepted\""));
    assert_true(loop_run_until(&f->receiver.loop, has_one, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 900 people in 2024-01"));
    assert_non_null(strstr(f->receiver.last_body, "\"version\""));
    post_row(f, "visitors,,2024-01,900", answer);
    if (strstr(answer, "\"unchanged\": 1") == NULL && strstr(answer, "\"unchanged\":1") == NULL) {
        fail_msg("%s", answer);
    }
    /* A second instance is told after the repeat: had the repeat been told too, it would have come
     * before. */
    post_row(f, "visitors,,2024-02,800", answer);
    assert_true(loop_run_until(&f->receiver.loop, has_two, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 800 people in 2024-02"));
    assert_int_equal(f->receiver.count, 2);
}

static void killed_between_post_and_webhook_it_delivers_after_the_restart_once(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    receiver_close(&f->receiver); /* nobody answers: the message stays in the outbox */
    start_process(f);
    assert_non_null(strstr(post_row(f, "visitors,,2024-01,900", answer), "\"accepted\""));
    end_process(f, SIGKILL);
    receiver_open(&f->receiver, f->receiver.port);
    start_process(f);
    assert_true(loop_run_until(&f->receiver.loop, has_one, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 900 people in 2024-01"));
    assert_true(strlen(f->receiver.last_key) > 0);
    post_row(f, "visitors,,2024-02,800", answer);
    assert_true(loop_run_until(&f->receiver.loop, has_two, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 800 people in 2024-02"));
    assert_int_equal(f->receiver.count, 2);
}

/* Takes two requests and answers each without end, until the other side has enough. */
static pid_t start_flooder(int door)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
    static char flood[4096];
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid != 0) {
        return pid;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    memset(flood, 'w', sizeof(flood));
    for (int i = 0; i < 2; i++) {
        int fd = accept(door, NULL, NULL);
        ssize_t sent = write(fd, head, sizeof(head) - 1);
        while (sent > 0) {
            sent = write(fd, flood, sizeof(flood));
        }
        (void)close(fd);
    }
    _exit(0);
}

static bool is_said_soon(const struct fixture *f, const char *expected)
{
    char answer[TEXT_BYTES * 4];
    for (int i = 0; i < 200; i++) {
        if (strstr(process_get(&f->process, "/metrics", answer, sizeof(answer)), expected) !=
            NULL) {
            return true;
        }
        const struct timespec nap = {.tv_nsec = 20000000};
        (void)nanosleep(&nap, NULL);
    }
    return false;
}

static void receivers_that_hang_or_answer_without_end_hold_up_only_themselves(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    char others[256];
    int hung = -1, flooding = -1, hung_port = 0, flooding_port = 0, status = -1;
    assert_int_equal(zw_listener_open("127.0.0.1:0", &hung, &hung_port, NULL), ZW_OK);
    assert_int_equal(zw_listener_open("127.0.0.1:0", &flooding, &flooding_port, NULL), ZW_OK);
    (void)fcntl(flooding, F_SETFL, fcntl(flooding, F_GETFL) & ~O_NONBLOCK);
    pid_t flooder = start_flooder(flooding);
    (void)snprintf(others, sizeof(others),
                   " }\nnotify \"hung\" { to = webhook \"http://127.0.0.1:%d/\" }\n"
                   "notify \"flooding\" { to = webhook \"http://127.0.0.1:%d/\"",
                   hung_port, flooding_port);
    write_pack(f, others);
    start_process(f);
    post_row(f, "visitors,,2024-01,900", answer);
    post_row(f, "visitors,,2024-02,800", answer);
    assert_true(loop_run_until(&f->receiver.loop, has_two, &f->receiver));
    assert_int_equal(waitpid(flooder, &status, 0), flooder); /* it was asked twice */
    assert_int_equal(status, 0);
    assert_true(is_said_soon(f, "zonewatch_outbox_delivered 4"));
    assert_true(is_said_soon(f, "zonewatch_outbox_waiting 2")); /* to the one that hangs */
    (void)close(hung);
    (void)close(flooding);
}

static void what_a_changed_pack_has_no_receiver_for_is_given_up(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    receiver_close(&f->receiver); /* nobody answers: the message stays in the outbox */
    start_process(f);
    post_row(f, "visitors,,2024-01,900", answer);
    assert_true(is_said_soon(f, "zonewatch_outbox_waiting 1"));
    end_process(f, SIGKILL);
    write_pack(f, " }\nnotify \"other\" { to = log()"); /* and the webhook goes where it went */
    char command[256];
    (void)snprintf(command, sizeof(command), "sed -i 's/\"office\"/\"bureau\"/' '%s/init.lua'",
                   f->folder);
    assert_int_equal(system(command), 0);
    start_process(f);
    assert_true(is_said_soon(f, "zonewatch_outbox_given_up 1"));
    assert_true(is_said_soon(f, "zonewatch_outbox_delivered 1")); /* the log hears of it anew */
}

static void says(const char *said, const char *expected)
{
    if (strstr(said, expected) == NULL) {
        fail_msg("expected %s in %s", expected, said);
    }
}

static void items_are_answered_as_of_any_day_and_outlive_a_kill(void **state)
{
    static const char rows[] =
        "register,item,area,at,state,type,known_at\\n"
        "calls,c1,east,2024-01-01,posted,lab,2024-01-02\\n"
        "calls,c1,,2024-02-01,awarded,,2024-02-02\\n"
        "calls,c1,,2024-02-01,posted,,2024-03-02\\n" /* corrected: it was not awarded */
        "calls,c1,,2024-04-01,left,,2024-04-02\\n"
        "calls,c1,,2024-05-01,,,2024-05-02\\n"; /* it returned */
    static const struct {
        const char *why, *query, *says;
    } cases[] = {
        {"before it was known", "as_of=2024-01-01", "\"data\":[]"},
        {"posted", "as_of=2024-01-02", "\"state\":\"posted\""},
        {"awarded", "as_of=2024-02-02&register=calls&area=east", "\"state\":\"awarded\""},
        {"corrected", "as_of=2024-03-02", "\"since\":\"2024-01-01T00:00:00+00:00\""},
        {"left", "as_of=2024-04-02", "\"till\":\"2024-04-01T00:00:00+00:00\""},
        {"returned", "", "\"came\":\"2024-05-01T00:00:00+00:00\""},
        {"as JSON said", "", "\"due_on\":\"2024-12-31\""},
    };
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    start_process(f);
    says(post_items(f, "text/csv", rows, "source=a", answer), "\"accepted\":5,\"unchanged\":0,"
                                                              "\"revised\":1");
    says(post_items(f, "text/csv", rows, "source=a", answer), "\"unchanged\":5");
    says(post_items(f, "text/csv", "register,item,area,at,stat\\ncalls,c9,east,2024-01-01,x\\n", "",
                    answer),
         "\"line\":2,\"column\":5,\"error\":\"register 'calls' has no field 'stat'");
    says(post_items(f, "application/json",
                    "[{\"register\":\"calls\",\"item\":\"c1\",\"at\":\"2024-05-01\","
                    "\"due_on\":\"2024-12-31\"}]",
                    "", answer),
         "\"accepted\":1,\"unchanged\":0,\"revised\":1");
    assert_true(loop_run_until(&f->receiver.loop, has_one, &f->receiver)); /* it was due in 2024 */
    says(f->receiver.last_body, "a call is due");
    for (int round = 0; round < 2; round++) { /* as it was posted, and after a kill */
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            says(get_items(f, cases[i].query, answer), cases[i].says);
        }
        assert_null(strstr(answer, "c9")); /* of the refused rows nothing is left */
        end_process(f, SIGKILL);
        start_process(f);
    }
}

/* Posts nothing to a path and gives back the answer's body. */
static const char *post_to(const struct fixture *f, const char *path, char out[TEXT_BYTES])
{
    char command[512];
    (void)snprintf(command, sizeof(command),
                   "curl -s -S --max-time 20 -X POST 'http://127.0.0.1:%d%s'", f->port, path);
    FILE *curl = popen(command, "r");
    assert_non_null(curl);
    size_t len = fread(out, 1, TEXT_BYTES - 1, curl);
    out[len] = '\0';
    assert_int_equal(pclose(curl), 0);
    return out;
}

static void what_a_guard_holds_outlives_a_kill_and_is_released_once(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    receiver_close(&f->receiver);
    start_process(f);
    post_row(f, "visitors,,2024-01,20000000", answer);
    assert_non_null(strstr(answer, "\"held\":[{\"guard\":\"slip\""));
    end_process(f, SIGKILL);
    receiver_open(&f->receiver, f->receiver.port);
    start_process(f);
    assert_true(loop_run_until(&f->receiver.loop, has_one, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "20000000 people in 2024-01? (batch 1 held)"));
    assert_non_null(strstr(f->receiver.last_body, "\"severity\":\"critical\""));
    post_row(f, "visitors,,2024-01,20000000", answer); /* the sender tries again: held already */
    assert_non_null(strstr(answer, "\"batch\":1"));
    post_to(f, "/api/v1/batches/1/release", answer);
    assert_non_null(strstr(answer, "\"batch\":2,\"accepted\":1"));
    end_process(f, SIGKILL); /* what was answered is durable */
    start_process(f);
    assert_true(loop_run_until(&f->receiver.loop, has_two, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "(batch 1 released)"));
    assert_non_null(strstr(f->receiver.last_body, "\"status\":\"resolved\""));
    post_to(f, "/api/v1/batches/1/release", answer);
    assert_non_null(strstr(answer, "batch 1 is not held: it was released"));
}

static void killed_while_a_group_waits_it_tells_it_whole_after_the_restart(void **state)
{
    struct fixture *f = *state;
    char answer[TEXT_BYTES];
    write_pack(f, ", group = {}, wait = \"3s\"");
    start_process(f);
    post_row(f, "visitors,,2024-01,900\nvisitors,,2024-02,800", answer);
    assert_non_null(strstr(answer, "\"accepted\""));
    end_process(f, SIGKILL);
    (void)uv_run(&f->receiver.loop, UV_RUN_NOWAIT);
    assert_int_equal(f->receiver.count, 0);
    start_process(f);
    assert_true(loop_run_until(&f->receiver.loop, has_one, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 900 people in 2024-01"));
    assert_non_null(strstr(f->receiver.last_body, "only 800 people in 2024-02"));
    /* What comes while the group is told of goes at once, and speaks of all three. */
    post_row(f, "visitors,,2024-03,700", answer);
    assert_true(loop_run_until(&f->receiver.loop, has_two, &f->receiver));
    assert_non_null(strstr(f->receiver.last_body, "only 900 people in 2024-01"));
    assert_non_null(strstr(f->receiver.last_body, "only 700 people in 2024-03"));
    assert_int_equal(f->receiver.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            receivers_that_hang_or_answer_without_end_hold_up_only_themselves, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_changed_pack_has_no_receiver_for_is_given_up, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_posted_figure_calls_the_webhook_and_the_same_again_does_not, setup, teardown),
        cmocka_unit_test_setup_teardown(
            killed_between_post_and_webhook_it_delivers_after_the_restart_once, setup, teardown),
        cmocka_unit_test_setup_teardown(items_are_answered_as_of_any_day_and_outlive_a_kill, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_guard_holds_outlives_a_kill_and_is_released_once,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            killed_while_a_group_waits_it_tells_it_whole_after_the_restart, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
