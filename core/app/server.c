/*
 * The long-lived process.
 *   a turn of the loop   all requests that came → deliveries into the engine → one engine turn, one
 * commit → each is answered → the postman goes → the ticker is set to the next moment that matters
 *   on a tick            an engine turn for time alone, the postman
 *   a long delivery      waits in a file and is taken slice by slice, a turn each, between what
 * else comes a turn that fails    its senders are told (503), nothing of it stays; the last one's
 * state goes on being read, and a turn is tried every second until one succeeds (a full disk has
 * room again) at the end           the door closes, what is under way is given up (it is still in
 * the outbox), handles close in order
 */
#include "app/server.h"

#include "app/haul.h"
#include "app/postman.h"
#include "app/reply.h"
#include "serve/listener.h"
#include "serve/ticker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

enum { LONG_DELIVERIES = 16, NEXT_SLICE_MS = 1 };
enum { RETRY_MS = 1000, FRESH_MS = 1000, MOST_WAIT_MS = 24 * 3600 * 1000 };
enum { NAP_NS = 100 * 1000, NAPS_MOST = 20 };

/* What waits for its turn's commit: a delivery, unless it is one of the others. */
struct waiting {
    zw_http_request *request;
    zw_api_fed fed;
    int64_t refused; /* the batch that is refused; 0 */
    bool is_word;
    zw_api_word word;
};

struct server {
    zw_engine *engine;
    zw_server_options options;
    uv_loop_t loop;
    uv_signal_t interrupt, terminate;
    zw_http *http;
    zw_sender *sender;
    zw_ticker *ticker;
    zw_ticker *hauler;                   /* of the next slice of the first haul */
    zw_haul *hauls[ZW_SERVER_LONG_MOST]; /* in order of arrival */
    size_t haul_count;
    zw_postman *postman;
    int64_t started_ms;
    uint64_t turns, failed_turns;
    bool is_failing; /* the last turn failed */
    bool is_closing;
};

static void say(const struct server *server, zw_log_level level, const char *what,
                const zw_err *err)
{
    zw_log_say(&server->options.log, level, "%s: %s", what, err->text);
}

static void close_all(struct server *server);

/* Sets the ticker to the next moment at which time alone asks for something. */
static void set_ticker(struct server *server)
{
    int64_t now_ms = zw_engine_now_ms(server->engine);
    int64_t next_ms = zw_engine_next_ms(server->engine);
    int64_t delay_ms = next_ms - now_ms;
    if (next_ms == ZW_NEVER_MS || delay_ms > MOST_WAIT_MS) {
        delay_ms = MOST_WAIT_MS;
    }
    if (server->is_failing && delay_ms > RETRY_MS) {
        delay_ms = RETRY_MS;
    }
    int64_t rests_ms = zw_postman_rests_ms(server->postman);
    if (rests_ms > 0 && rests_ms < delay_ms) {
        delay_ms = rests_ms;
    }
    zw_ticker_start(server->ticker, delay_ms > 0 ? delay_ms : 0);
}

static void send_mail(struct server *server)
{
    zw_err err;
    if (zw_postman_go(server->postman, &err) != ZW_OK) {
        say(server, ZW_LOG_ERROR, "outbox", &err);
    }
    if (server->options.is_once && zw_postman_pending(server->postman) == 0) {
        close_all(server);
        return;
    }
    set_ticker(server);
}

/* Said when it changes and not with every try, of which there is one a second. */
static void note_turn(struct server *server, zw_status status, const zw_err *err)
{
    bool was_failing = server->is_failing;
    server->is_failing = status != ZW_OK;
    server->turns += status == ZW_OK ? 1 : 0;
    server->failed_turns += status != ZW_OK ? 1 : 0;
    if (server->is_failing && !was_failing) {
        zw_log_say(
            &server->options.log, ZW_LOG_ERROR,
            "a turn failed: %s: deliveries are refused until one succeeds; what is known can "
            "be read",
            err->text);
    } else if (was_failing && !server->is_failing) {
        zw_log_say(&server->options.log, ZW_LOG_INFO, "turns succeed again: deliveries are taken");
    }
}

static zw_status take_turn(struct server *server, zw_err *err)
{
    zw_status status = zw_engine_turn(server->engine, NULL, err);
    note_turn(server, status, err);
    return status;
}

static void server_on_tick(void *arg)
{
    struct server *server = arg;
    zw_err err;
    if (server->is_closing) {
        return;
    }
    if (take_turn(server, &err) != ZW_OK) {
        zw_ticker_start(server->ticker, RETRY_MS);
        return;
    }
    send_mail(server);
}

static void server_on_mail_done(void *arg)
{
    struct server *server = arg;
    if (!server->is_closing) {
        send_mail(server);
    }
}

static zw_status eval_at(void *arg, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    const struct server *server = arg;
    return zw_engine_eval_at(server->engine, as_of_ms, out, err);
}

static zw_status expression(void *arg, zw_text text, zw_node_id *out, zw_err *err)
{
    const struct server *server = arg;
    return zw_script_expression(zw_engine_script(server->engine), text, out, err);
}

static zw_api_world world_of(struct server *server)
{
    return (zw_api_world){.pack = zw_engine_pack(server->engine),
                          .store = zw_engine_store(server->engine),
                          .eval = zw_engine_eval(server->engine),
                          .judge = zw_engine_judge(server->engine),
                          .ledger = zw_engine_ledger(server->engine),
                          .outbox = zw_engine_outbox(server->engine),
                          .silences = zw_engine_silences(server->engine),
                          .acks = zw_engine_acks(server->engine),
                          .tellings = zw_engine_tellings(server->engine),
                          .now_ms = zw_engine_now_ms(server->engine),
                          .started_ms = server->started_ms,
                          .turns = server->turns,
                          .failed_turns = server->failed_turns,
                          .is_failing = server->is_failing,
                          .long_deliveries = server->haul_count,
                          .load = zw_http_load_of(server->http),
                          .eval_at = eval_at,
                          .expression = expression,
                          .arg = server};
}

/* Keeps what became of a delivery until its turn's commit, or answers that it failed. @return true
 * when its answer waits. */
static bool keep_fed(struct server *server, const zw_fed *fed, zw_status status, zw_err *err,
                     struct waiting *out)
{
    zw_err later;
    zw_status added = zw_reply_add(&out->fed, server->engine, fed, &later);
    if (added != ZW_OK && status == ZW_OK) {
        *err = later;
        status = added;
    }
    if (status != ZW_OK) {
        zw_reply_give(&out->fed, out->request, status, err);
    }
    return status == ZW_OK;
}

static zw_feed_format format_of(const zw_api_delivery *delivery)
{
    static const zw_feed_format formats[] = {[ZW_API_CSV] = ZW_FEED_CSV,
                                             [ZW_API_JSON] = ZW_FEED_JSON,
                                             [ZW_API_NDJSON] = ZW_FEED_NDJSON,
                                             [ZW_API_SDMX] = ZW_FEED_SDMX};
    static const zw_feed_format live[] = {[ZW_API_LINE] = ZW_FEED_LINE,
                                          [ZW_API_PROMETHEUS] = ZW_FEED_PROMETHEUS,
                                          [ZW_API_OPENMETRICS] = ZW_FEED_OPENMETRICS};
    return delivery->live != ZW_API_NOT_LIVE ? live[delivery->live] : formats[delivery->format];
}

/* One that is too long to be held waits for the others of its kind, and is taken slice by slice
 * between what else comes. */
static void take_long(struct server *server, zw_http_request *request,
                      const zw_feed_options *options, bool is_live)
{
    zw_err err;
    zw_haul *haul = NULL;
    if (server->haul_count == server->options.long_deliveries) {
        zw_http_answer_busy(request, "too many long deliveries are under way: send it again later");
        return;
    }
    zw_status status = zw_haul_create(request, options, is_live, &haul, &err);
    if (status != ZW_OK) {
        zw_api_answer_error(request, 503, "unavailable", "out of memory");
        return;
    }
    server->hauls[server->haul_count++] = haul;
    zw_ticker_start(server->hauler, 0);
}

static void drop_haul(struct server *server)
{
    zw_haul_destroy(server->hauls[0]);
    server->haul_count--;
    memmove(server->hauls, server->hauls + 1, server->haul_count * sizeof(zw_haul *));
}

/* One slice, one turn. The next comes after a millisecond, not after none: a timer that is started
 * for no time by its own callback keeps libuv from ever looking at the sockets. */
static void server_on_haul(void *arg)
{
    struct server *server = arg;
    zw_err err = {ZW_OK, ""};
    zw_err turn_err = {ZW_OK, ""};
    if (server->is_closing || server->haul_count == 0) {
        return;
    }
    zw_status status = zw_haul_step(server->hauls[0], server->engine, &err);
    bool is_due = zw_engine_is_in_turn(server->engine);
    if (is_due && take_turn(server, &turn_err) != ZW_OK && status == ZW_OK) {
        status = turn_err.status;
        err = turn_err;
    }
    if (!zw_haul_turned(server->hauls[0], status, &err)) {
        drop_haul(server);
    }
    send_mail(server);
    if (!server->is_closing && server->haul_count > 0) {
        zw_ticker_start(server->hauler, NEXT_SLICE_MS);
    }
}

/* Takes a delivery into the turn. @return true when its answer waits for the commit. */
static bool take_delivery(struct server *server, zw_http_request *request,
                          const zw_api_delivery *delivery, struct waiting *out)
{
    bool is_live = delivery->live != ZW_API_NOT_LIVE;
    zw_feed_options options = {.source = delivery->source,
                               .name = "http",
                               .has_known_at = delivery->has_known_at,
                               .known_at_ms = delivery->known_at_ms,
                               .is_partial = delivery->is_partial,
                               .as = delivery->is_items ? ZW_FEED_ITEMS : ZW_FEED_FIGURES,
                               .format = format_of(delivery),
                               .unit_ns = delivery->unit_ns};
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    if (delivery->is_long) {
        take_long(server, request, &options, is_live);
        return false;
    }
    *out = (struct waiting){.request = request};
    zw_reply_init(&out->fed, is_live);
    zw_status status =
        zw_engine_feed(server->engine, delivery->bytes, delivery->len, &options, &fed, &err);
    return keep_fed(server, fed, status, &err, out);
}

/* Decides about a held batch in the turn. @return as of take_delivery. */
static bool take_decision(struct server *server, zw_http_request *request,
                          const zw_api_decision *decision, struct waiting *out)
{
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    *out = (struct waiting){.request = request};
    zw_reply_init(&out->fed, false);
    if (decision->is_release) {
        zw_status status = zw_engine_release(server->engine, decision->batch, &fed, &err);
        return keep_fed(server, fed, status, &err, out);
    }
    out->refused = decision->batch;
    zw_status status = zw_engine_refuse(server->engine, decision->batch, &err);
    if (status != ZW_OK) {
        zw_reply_give(&out->fed, request, status, &err);
    }
    return status == ZW_OK;
}

/* Takes an operator's word into the turn; it is the caller's no more. @return as of take_delivery.
 */
static bool take_word(struct server *server, zw_http_request *request, zw_api_word *word,
                      struct waiting *out)
{
    zw_err err = {ZW_OK, ""};
    zw_status status = ZW_OK;
    switch (word->is) {
    case ZW_API_SILENCE:
        status = zw_engine_silence(server->engine, &word->silence, &word->id, &err);
        break;
    case ZW_API_END_SILENCE:
        status = zw_engine_end_silence(server->engine, word->id, word->author, &err);
        break;
    case ZW_API_ACK:
        status = zw_engine_ack(server->engine, &word->ack, &word->id, &word->count, &err);
        break;
    }
    if (status != ZW_OK) {
        zw_api_refuse_word(request, status, &err);
        zw_api_word_fini(word);
        return false;
    }
    *out = (struct waiting){.request = request, .is_word = true, .word = *word};
    return true;
}

static void answer_word(struct server *server, struct waiting *waiting, zw_status status,
                        const zw_err *err)
{
    zw_api_world world = world_of(server);
    if (status == ZW_OK) {
        zw_api_answer_word(&world, waiting->request, &waiting->word);
    } else {
        zw_api_refuse_word(waiting->request, status, err);
    }
    zw_api_word_fini(&waiting->word);
}

/* Takes what a request asks for into the turn. @return as of take_delivery. */
static bool take_request(struct server *server, const zw_api_world *world, zw_http_request *request,
                         struct waiting *out)
{
    zw_api_decision decision;
    zw_api_delivery delivery;
    zw_api_word word;
    zw_status status = zw_api_decision_of(request, &decision);
    if (status == ZW_OK) {
        return take_decision(server, request, &decision, out);
    }
    status = status == ZW_NOT_FOUND ? zw_api_word_of(request, &word) : status;
    if (status == ZW_OK) {
        return take_word(server, request, &word, out);
    }
    status = status == ZW_NOT_FOUND ? zw_api_delivery_of(world, request, &delivery) : status;
    if (status == ZW_NOT_FOUND) {
        zw_api_answer_error(request, 404, "not_found", "no such path");
    }
    return status == ZW_OK && take_delivery(server, request, &delivery, out);
}

/* Brings what is read up to now: time alone may have turned a truth that nothing watches. */
static void freshen(struct server *server)
{
    zw_err err;
    int64_t as_of_ms = zw_eval_as_of_ms(zw_engine_eval(server->engine));
    if (!server->is_failing && zw_engine_now_ms(server->engine) - as_of_ms >= FRESH_MS) {
        (void)take_turn(server, &err); /* when it fails, the last one's state is answered */
    }
}

/* Waits until it is later than the last turn, which is never long. What is learned in the very
 * millisecond of a turn that was taken is history that arrived late: all would be judged anew. */
static void await_later(const struct server *server)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    int64_t as_of_ms = zw_eval_as_of_ms(zw_engine_eval(server->engine));
    for (int i = 0; i < NAPS_MOST && zw_engine_now_ms(server->engine) <= as_of_ms; i++) {
        (void)nanosleep(&nap, NULL);
    }
}

/* Takes the deliveries among the requests into one turn, and answers each once it is durable. */
static void take_deliveries(struct server *server, zw_http_request *const *requests, size_t count,
                            struct waiting *waiting)
{
    await_later(server);
    zw_api_world world = world_of(server);
    size_t waiting_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (take_request(server, &world, requests[i], &waiting[waiting_count])) {
            waiting_count++;
        }
    }
    zw_err err = {ZW_OK, ""};
    bool is_due = waiting_count > 0 || zw_engine_is_in_turn(server->engine);
    zw_status status = is_due ? take_turn(server, &err) : ZW_OK;
    for (size_t i = 0; i < waiting_count; i++) {
        if (waiting[i].is_word) {
            answer_word(server, &waiting[i], status, &err);
        } else if (status == ZW_OK && waiting[i].refused != 0) {
            zw_api_answer_refusal(waiting[i].request, waiting[i].refused);
            zw_reply_fini(&waiting[i].fed);
        } else {
            zw_reply_give(&waiting[i].fed, waiting[i].request, status, &err);
        }
    }
}

/* Reads are answered before anything is taken: nothing that is not durable is ever seen. */
static void server_on_requests(void *arg, zw_http_request *const *requests, size_t count)
{
    struct server *server = arg;
    struct waiting *waiting = calloc(count, sizeof(*waiting));
    zw_http_request **rest = calloc(count, sizeof(void *));
    size_t rest_count = 0;
    freshen(server);
    zw_api_world world = world_of(server);
    for (size_t i = 0; i < count; i++) {
        if (waiting == NULL || rest == NULL) {
            zw_api_answer_error(requests[i], 503, "unavailable", "out of memory");
        } else if (!zw_api_answer(&world, requests[i])) {
            rest[rest_count++] = requests[i];
        }
    }
    if (rest_count > 0) {
        take_deliveries(server, rest, rest_count, waiting);
    }
    free(waiting);
    free(rest);
    if (!server->is_closing) {
        send_mail(server);
    }
}

static void server_on_signal(uv_signal_t *handle, int number)
{
    struct server *server = handle->data;
    zw_log_say(&server->options.log, ZW_LOG_INFO, "signal %d: closing", number);
    close_all(server);
}

static void close_all(struct server *server)
{
    if (server->is_closing) {
        return;
    }
    server->is_closing = true;
    zw_http_close(server->http, NULL, NULL);
    zw_sender_close(server->sender, NULL, NULL);
    zw_ticker_close(server->ticker, NULL, NULL);
    zw_ticker_close(server->hauler, NULL, NULL);
    while (server->haul_count > 0) { /* their requests are answered: the door is closed */
        drop_haul(server);
    }
    uv_close((uv_handle_t *)&server->interrupt, NULL);
    uv_close((uv_handle_t *)&server->terminate, NULL);
}

static zw_status open_signals(struct server *server, zw_err *err)
{
    (void)uv_signal_init(&server->loop, &server->interrupt);
    (void)uv_signal_init(&server->loop, &server->terminate);
    server->interrupt.data = server;
    server->terminate.data = server;
    if (uv_signal_start(&server->interrupt, server_on_signal, SIGINT) != 0 ||
        uv_signal_start(&server->terminate, server_on_signal, SIGTERM) != 0) {
        return zw_err_set(err, ZW_IO, "signals cannot be watched");
    }
    return ZW_OK;
}

static zw_status open_doors(struct server *server, zw_err *err)
{
    zw_status status = open_signals(server, err);
    status = status == ZW_OK
                 ? zw_ticker_open(&server->loop, server_on_tick, server, &server->ticker, err)
                 : status;
    status = status == ZW_OK
                 ? zw_ticker_open(&server->loop, server_on_haul, server, &server->hauler, err)
                 : status;
    /* A connection for each receiver: one that hangs must not keep others waiting for theirs. */
    zw_sender_options sender = {.connections =
                                    (long)zw_postman_lanes(zw_engine_pack(server->engine)) + 1};
    status =
        status == ZW_OK ? zw_sender_open(&server->loop, &sender, &server->sender, err) : status;
    zw_postman_options postman = {.secrets = server->options.secrets,
                                  .log = server->options.log,
                                  .on_done = server_on_mail_done,
                                  .arg = server};
    status = status == ZW_OK ? zw_postman_create(server->engine, server->sender, &postman,
                                                 &server->postman, err)
                             : status;
    if (status != ZW_OK || server->options.is_once) {
        return status;
    }
    if (!zw_listener_is_loopback(server->options.listen)) {
        return zw_err_set(
            err, ZW_NOT_YET,
            "not yet: --tokens, and without them only a loopback address: '%s' is none",
            server->options.listen);
    }
    zw_http_options http = {.listen = server->options.listen,
                            .may_be_long = zw_api_may_be_long,
                            .max_long_bytes = server->options.body_bytes,
                            .folder = server->options.folder,
                            .bodies_bytes = server->options.bodies_bytes,
                            .laid_by_bytes = server->options.laid_by_bytes,
                            .connections = server->options.connections,
                            .on_turn = server_on_requests,
                            .arg = server,
                            .log = server->options.log};
    status = zw_http_open(&server->loop, &http, &server->http, err);
    if (status == ZW_OK) {
        zw_log_say(&server->options.log, ZW_LOG_INFO, "listening on port %d",
                   zw_http_port(server->http));
    }
    return status;
}

zw_status zw_server_run(zw_engine *engine, const zw_server_options *options, zw_err *err)
{
    struct server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        return zw_err_nomem(err);
    }
    if (uv_loop_init(&server->loop) != 0) {
        free(server);
        return zw_err_set(err, ZW_IO, "no event loop");
    }
    server->engine = engine;
    server->options = *options;
    if (server->options.long_deliveries == 0) {
        server->options.long_deliveries = LONG_DELIVERIES;
    }
    server->started_ms = zw_engine_now_ms(engine);
    (void)signal(
        SIGPIPE,
        SIG_IGN); /* a client or receiver that hangs up is an error of its own write, not of ours */
    zw_status status = open_doors(server, err);
    status = status == ZW_OK ? take_turn(server, err) : status;
    if (status == ZW_OK) {
        send_mail(server);
    } else {
        close_all(server);
    }
    (void)uv_run(&server->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&server->loop);
    zw_postman_destroy(server->postman);
    free(server);
    return status;
}
