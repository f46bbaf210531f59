/*
 * A sender: libcurl's multi interface under the caller's loop.
 *
 * The happy path: a post becomes a job with an easy handle; the library names the sockets to watch
 * (`sender_on_socket`) and the moment to be called at (`sender_on_time`); both wake it, it works,
 * and the jobs that it reports as done are spoken of and freed.
 *
 * Failures: what goes wrong with a transfer is reported by the library as its end. A socket that
 * there is no memory to watch is left alone: its job ends by its time-out. Closing ends all jobs
 * first, then the library, which gives the sockets back; the last handle closed speaks.
 *
 * Promises:
 *  1. a job is in the list from its start to just before its callback, which is the last thing
 *     done with it: the callback may post and may close;
 *  2. callbacks never run inside a call of the library;
 *  3. `multi` is NULL from the closing on.
 */
#include "serve/sender.h"

#include "serve/container.h"
#include "serve/excerpt.h"
#include "serve/hush.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 16,
    ANSWER_MOST = 64 * 1024,
    HOST_BYTES = 300,
    DETAIL_BYTES = CURL_ERROR_SIZE + ZW_EXCERPT_BYTES
};

typedef struct post_job post_job;

struct zw_sender {
    uv_timer_t timer;
    uv_loop_t *loop;
    CURLM *multi;
    post_job *jobs;
    size_t job_count;
    char *agent, *proxy;
    int open_handles; /* the timer and the watches */
    zw_sender_closed_cb on_closed;
    void *closed_arg;
};

struct post_job {
    post_job *next, *prev;
    CURL *easy;
    struct curl_slist *headers;
    zw_sender_cb on_done;
    void *arg;
    zw_excerpt excerpt; /* how the answer's body begins */
    size_t answer_bytes;
    bool is_cut; /* more was answered than anybody wants to hear */
    char error[CURL_ERROR_SIZE];
};

/* A socket of the library's that the loop watches. */
typedef struct sock_watch {
    uv_poll_t poll;
    zw_sender *sender;
    curl_socket_t socket;
} sock_watch;

static void job_free(post_job *job)
{
    if (job != NULL) {
        curl_easy_cleanup(job->easy); /* NULL is allowed */
        curl_slist_free_all(job->headers);
        free(job);
    }
}

static void job_link(zw_sender *sender, post_job *job)
{
    job->next = sender->jobs;
    if (job->next != NULL) {
        job->next->prev = job;
    }
    sender->jobs = job;
    sender->job_count++;
}

static void job_unlink(zw_sender *sender, post_job *job)
{
    if (job->prev != NULL) {
        job->prev->next = job->next;
    } else {
        sender->jobs = job->next;
    }
    if (job->next != NULL) {
        job->next->prev = job->prev;
    }
    sender->job_count--;
}

/* Takes the job out, frees it and speaks; what the callback does to the sender finds it in order.
 */
static void job_end(zw_sender *sender, CURLM *multi, post_job *job, zw_status status,
                    long http_status, const char *detail)
{
    zw_sender_cb on_done = job->on_done;
    void *arg = job->arg;
    job_unlink(sender, job);
    (void)curl_multi_remove_handle(multi, job->easy);
    job_free(job);
    on_done(arg, status, http_status, detail);
}

static zw_status status_of_curl(CURLcode code)
{
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return ZW_INVALID;
    case CURLE_OUT_OF_MEMORY:
        return ZW_NOMEM;
    default:
        return ZW_IO;
    }
}

/* An answer that goes on and on was one all the same: its status came first. */
static void job_finish(zw_sender *sender, post_job *job, CURLcode code)
{
    char detail[DETAIL_BYTES] = "";
    long http_status = 0;
    char *url = NULL;
    zw_status status = ZW_OK;
    (void)curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &http_status);
    (void)curl_easy_getinfo(job->easy, CURLINFO_EFFECTIVE_URL, &url);
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && job->is_cut)) {
        status = status_of_curl(code);
        (void)snprintf(detail, sizeof detail, "%s",
                       job->error[0] != '\0' ? job->error : curl_easy_strerror(code));
    } else {
        const char *said = zw_excerpt_say(&job->excerpt, false);
        status = http_status >= 200 && http_status <= 299 ? ZW_OK : ZW_IO;
        (void)snprintf(detail, sizeof detail, "answered %ld%s%s", http_status,
                       said[0] != '\0' ? ": " : "", said);
    }
    zw_hush(detail, url != NULL ? url : "");
    job_end(sender, sender->multi, job, status, http_status, detail);
}

/* Reports are fetched anew after each: a callback may have ended other jobs, or the sender. */
static void sender_report(zw_sender *sender)
{
    while (sender->multi != NULL) {
        int left = 0;
        CURLMsg *message = curl_multi_info_read(sender->multi, &left);
        if (message == NULL) {
            return;
        }
        CURLcode code = message->data.result; /* the message dies with its handle */
        char *job = NULL;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
        job_finish(sender, (post_job *)(void *)job, code);
    }
}

static void sender_work(zw_sender *sender, curl_socket_t socket, int events)
{
    int running = 0;
    (void)curl_multi_socket_action(sender->multi, socket, events, &running);
    sender_report(sender);
}

static void sender_on_timer(uv_timer_t *timer)
{
    sender_work(ZW_CONTAINER_OF(timer, zw_sender, timer), CURL_SOCKET_TIMEOUT, 0);
}

static void sender_on_poll(uv_poll_t *poll, int status, int events)
{
    sock_watch *watch = ZW_CONTAINER_OF(poll, sock_watch, poll);
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    sender_work(watch->sender, watch->socket, flags); /* may close the watch */
}

static int sender_on_time(CURLM *multi, long timeout_ms, void *arg)
{
    (void)multi;
    zw_sender *sender = arg;
    if (timeout_ms < 0) {
        (void)uv_timer_stop(&sender->timer);
    } else {
        (void)uv_timer_start(&sender->timer, sender_on_timer, (uint64_t)timeout_ms, 0);
    }
    return 0;
}

static void sender_on_handle_closed(zw_sender *sender)
{
    if (--sender->open_handles > 0) {
        return;
    }
    zw_sender_closed_cb on_closed = sender->on_closed;
    void *arg = sender->closed_arg;
    free(sender->agent);
    free(sender->proxy);
    free(sender);
    curl_global_cleanup();
    if (on_closed != NULL) {
        on_closed(arg);
    }
}

static void sender_on_timer_closed(uv_handle_t *handle)
{
    sender_on_handle_closed(ZW_CONTAINER_OF(handle, zw_sender, timer));
}

static void watch_on_closed(uv_handle_t *handle)
{
    sock_watch *watch = ZW_CONTAINER_OF(handle, sock_watch, poll);
    zw_sender *sender = watch->sender;
    free(watch);
    sender_on_handle_closed(sender);
}

static sock_watch *watch_open(zw_sender *sender, curl_socket_t socket)
{
    sock_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL || uv_poll_init_socket(sender->loop, &watch->poll, socket) != 0) {
        free(watch);
        return NULL;
    }
    watch->sender = sender;
    watch->socket = socket;
    sender->open_handles++;
    return watch;
}

/* An error answered from here would end all transfers for good, so none is. */
static int sender_on_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *socket_arg)
{
    (void)easy;
    zw_sender *sender = arg;
    sock_watch *watch = socket_arg;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            uv_close((uv_handle_t *)&watch->poll, watch_on_closed);
        }
        return 0;
    }
    if (watch == NULL) {
        watch = watch_open(sender, socket);
        if (watch == NULL) {
            return 0;
        }
        (void)curl_multi_assign(sender->multi, socket, watch);
    }
    int events = ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
                 ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
    (void)uv_poll_start(&watch->poll, events, sender_on_poll);
    return 0;
}

/* Keeps the beginning of an answer and drops the rest, up to where it is no answer any more. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the library's type for it */
static size_t job_on_answer(char *bytes, size_t size, size_t count, void *arg)
{
    post_job *job = arg;
    size_t len = size * count;
    zw_excerpt_add(&job->excerpt, bytes, len);
    job->answer_bytes += len;
    job->is_cut = job->answer_bytes > ANSWER_MOST;
    return job->is_cut ? 0 : len;
}

static bool job_add_header(post_job *job, const char *line)
{
    struct curl_slist *longer = curl_slist_append(job->headers, line);
    if (longer != NULL) {
        job->headers = longer;
    }
    return longer != NULL;
}

static bool job_add_headers(post_job *job, const zw_sender_mail *mail)
{
    char type[256];
    (void)snprintf(type, sizeof type, "Content-Type: %s", mail->content_type);
    /* Without the empty Expect a big body waits a second for a leave that few receivers give. */
    bool is_ok = job_add_header(job, type) && job_add_header(job, "Expect:");
    for (size_t i = 0; is_ok && i < mail->header_count; i++) {
        is_ok = job_add_header(job, mail->headers[i]);
    }
    return is_ok;
}

static bool job_set_up(post_job *job, const zw_sender *sender, const zw_sender_mail *mail)
{
    CURL *easy = job->easy;
    CURLcode codes[] = {
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
        curl_easy_setopt(easy, CURLOPT_URL, mail->url),
        curl_easy_setopt(easy, CURLOPT_PROXY, sender->proxy), /* "" keeps the environment's out */
        curl_easy_setopt(easy, CURLOPT_USERAGENT, sender->agent),
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L),
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L),
        /* Else taking back a post blocks the loop until its name lookup has come to an end. */
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L),
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, mail->timeout_ms),
        curl_easy_setopt(easy, CURLOPT_POST, 1L),
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)mail->len),
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, mail->len > 0 ? mail->body : ""),
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers),
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, job_on_answer),
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, job),
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->error),
        curl_easy_setopt(easy, CURLOPT_PRIVATE, job),
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] != CURLE_OK) {
            return false;
        }
    }
    return true;
}

static zw_status check_mail(const zw_sender_mail *mail, zw_err *err)
{
    char host[HOST_BYTES];
    if (mail->timeout_ms < 1) {
        return zw_err_set(err, ZW_INVALID, "post to %s: no time given",
                          zw_hush_url(mail->url, host, sizeof host));
    }
    bool is_clean = strpbrk(mail->content_type, "\r\n") == NULL;
    for (size_t i = 0; is_clean && i < mail->header_count; i++) {
        is_clean = strpbrk(mail->headers[i], "\r\n") == NULL;
    }
    return is_clean ? ZW_OK
                    : zw_err_set(err, ZW_INVALID, "post to %s: a line end in a header",
                                 zw_hush_url(mail->url, host, sizeof host));
}

zw_status zw_sender_post(zw_sender *sender, const zw_sender_mail *mail, zw_sender_cb on_done,
                         void *arg, zw_err *err)
{
    if (sender->multi == NULL) {
        return zw_err_set(err, ZW_IO, "closed");
    }
    zw_status status = check_mail(mail, err);
    if (status != ZW_OK) {
        return status;
    }
    post_job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return zw_err_nomem(err);
    }
    job->on_done = on_done;
    job->arg = arg;
    job->easy = curl_easy_init();
    if (job->easy == NULL || !job_add_headers(job, mail) || !job_set_up(job, sender, mail) ||
        curl_multi_add_handle(sender->multi, job->easy) != CURLM_OK) {
        job_free(job);
        return zw_err_nomem(err);
    }
    job_link(sender, job);
    return ZW_OK;
}

size_t zw_sender_pending(const zw_sender *sender)
{
    return sender->job_count;
}

static CURLM *create_multi(zw_sender *sender, long connections)
{
    CURLM *multi = curl_multi_init();
    if (multi != NULL) {
        (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sender_on_socket);
        (void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sender);
        (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, sender_on_time);
        (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, sender);
        (void)curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    }
    return multi;
}

/* What can fail of opening; the caller undoes half of it by the same means as all of it. */
static bool sender_build(zw_sender *sender, const zw_sender_options *options)
{
    sender->agent = strdup(options->agent != NULL ? options->agent : "zonewatch");
    sender->proxy = strdup(options->proxy != NULL ? options->proxy : "");
    if (sender->agent == NULL || sender->proxy == NULL) {
        return false;
    }
    sender->multi =
        create_multi(sender, options->connections > 0 ? options->connections : CONNECTIONS);
    return sender->multi != NULL;
}

zw_status zw_sender_open(uv_loop_t *loop, const zw_sender_options *options, zw_sender **out,
                         zw_err *err)
{
    static const zw_sender_options defaults = {0};
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return zw_err_set(err, ZW_IO, "start the HTTP client");
    }
    zw_sender *sender = calloc(1, sizeof *sender);
    if (sender == NULL || !sender_build(sender, options != NULL ? options : &defaults)) {
        if (sender != NULL) {
            free(sender->agent);
            free(sender->proxy);
            free(sender);
        }
        curl_global_cleanup();
        return zw_err_nomem(err);
    }
    sender->loop = loop;
    (void)uv_timer_init(loop, &sender->timer); /* cannot fail */
    sender->open_handles = 1;
    *out = sender;
    return ZW_OK;
}

void zw_sender_close(zw_sender *sender, zw_sender_closed_cb on_closed, void *arg)
{
    if (sender == NULL) {
        return;
    }
    assert(sender->multi != NULL);
    sender->on_closed = on_closed;
    sender->closed_arg = arg;
    CURLM *multi = sender->multi;
    sender->multi = NULL; /* a callback that posts now is refused */
    while (sender->jobs != NULL) {
        assert(sender->jobs->prev == NULL);
        job_end(sender, multi, sender->jobs, ZW_IO, 0, "closed");
    }
    (void)curl_multi_cleanup(multi);
    uv_close((uv_handle_t *)&sender->timer, sender_on_timer_closed);
}
