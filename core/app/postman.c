/*
 * The postman. Each receiver of the pack has a lane: its oldest message goes, and the next one when
 * that was written down as delivered; so each hears in order, and one that hangs holds up itself
 * alone. A message is read from the outbox, sent, and only then written down: what is lost on the
 * way is sent again.
 */
#include "app/postman.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, SECRET_BYTES = 4096, REST_MS = 10000, WHY_BYTES = ZW_ERR_TEXT_BYTES };

/* A receiver and what is under way to it. */
struct lane {
    zw_postman *postman;
    uint32_t notify, receiver;
    int64_t id; /* of the message under way; 0: none */
};

/* A message read from the outbox: copied, because sending one may write another down. */
struct letter {
    int64_t id; /* 0: there is none that is due */
    int64_t now_ms;
    char *key, *body;
};

struct zw_postman {
    zw_engine *engine;
    zw_sender *sender;
    zw_postman_options options;
    struct lane *lanes; /* of every receiver of every notify */
    size_t lane_count, busy_count;
    bool is_sorted;         /* what has no receiver any more was given up */
    bool is_refused;        /* the last message could not be written down: said once */
    int64_t rests_until_ms; /* what cannot be written down would be sent again and again */
};

static const zw_notify *notify_of(const struct lane *lane)
{
    return &zw_engine_pack(lane->postman->engine)->notifies[lane->notify];
}

static const zw_receiver *receiver_of(const struct lane *lane)
{
    return &notify_of(lane)->to[lane->receiver];
}

size_t zw_postman_lanes(const zw_pack *pack)
{
    size_t count = 0;
    for (size_t i = 0; i < pack->notify_count; i++) {
        count += pack->notifies[i].to_count;
    }
    return count;
}

zw_status zw_postman_create(zw_engine *engine, zw_sender *sender, const zw_postman_options *options,
                            zw_postman **out, zw_err *err)
{
    const zw_pack *pack = zw_engine_pack(engine);
    zw_postman *postman = calloc(1, sizeof(*postman));
    struct lane *lanes = calloc(zw_postman_lanes(pack) + 1, sizeof(*lanes));
    *out = postman;
    if (postman == NULL || lanes == NULL) {
        free(postman);
        free(lanes);
        *out = NULL;
        return zw_err_nomem(err);
    }
    *postman =
        (zw_postman){.engine = engine, .sender = sender, .options = *options, .lanes = lanes};
    for (uint32_t n = 0; n < pack->notify_count; n++) {
        for (uint32_t r = 0; r < pack->notifies[n].to_count; r++) {
            lanes[postman->lane_count++] =
                (struct lane){.postman = postman, .notify = n, .receiver = r};
        }
    }
    return ZW_OK;
}

void zw_postman_destroy(zw_postman *postman)
{
    if (postman != NULL) {
        free(postman->lanes);
        free(postman);
    }
}

size_t zw_postman_pending(const zw_postman *postman)
{
    return postman->busy_count;
}

static void set_under_way(struct lane *lane, int64_t id)
{
    lane->postman->busy_count += id != 0 ? 1 : 0;
    lane->postman->busy_count -= lane->id != 0 ? 1 : 0;
    lane->id = id;
}

/* Writes down how it went; a store that refuses leaves the message in the outbox, to be sent again
 * after a rest. */
static void write_down(const struct lane *lane, int64_t id, bool is_delivered, const char *answer)
{
    zw_err err;
    zw_postman *postman = lane->postman;
    bool was_refused = postman->is_refused;
    postman->is_refused =
        zw_engine_mail_answered(postman->engine, id, is_delivered, answer, &err) != ZW_OK;
    if (postman->is_refused) {
        postman->rests_until_ms = zw_engine_now_ms(postman->engine) + REST_MS;
    }
    if (postman->is_refused && !was_refused) {
        zw_log_say(&postman->options.log, ZW_LOG_ERROR, "message %lld: %s", (long long)id,
                   err.text);
    }
    if (!is_delivered) {
        zw_log_say(&postman->options.log, ZW_LOG_WARNING,
                   "message %lld to receiver %u of notify \"%s\" not delivered: %s", (long long)id,
                   lane->receiver + 1, notify_of(lane)->title.name, answer);
    }
}

static void postman_on_sent(void *arg, zw_status status, long http_status, const char *detail)
{
    struct lane *lane = arg;
    zw_postman *postman = lane->postman;
    int64_t id = lane->id;
    (void)http_status;
    set_under_way(lane, 0);
    write_down(lane, id, status == ZW_OK, detail);
    postman->options.on_done(postman->options.arg);
}

/* A secret: the environment's, else the first line of the file of its name. */
static bool find_secret(const zw_postman *postman, const char *name, char *out, size_t size)
{
    const char *env = getenv(
        name); /* NOLINT(concurrency-mt-unsafe): the loop thread alone reads the environment */
    if (env != NULL && strlen(env) < size) {
        memcpy(out, env, strlen(env) + 1);
        return true;
    }
    char path[SECRET_BYTES];
    int len = postman->options.secrets != NULL
                  ? snprintf(path, sizeof(path), "%s/%s", postman->options.secrets, name)
                  : -1;
    FILE *file = len > 0 && (size_t)len < sizeof(path) ? fopen(path, "r") : NULL;
    if (file == NULL) {
        return false;
    }
    bool is_read = fgets(out, (int)size, file) != NULL;
    (void)fclose(file);
    if (is_read) {
        out[strcspn(out, "\r\n")] = '\0';
    }
    return is_read && out[0] != '\0';
}

/* The address of a webhook. A secret that is none is not handed on: whoever looks it up as a host
 * would say it. @return NULL, with the reason in `why`. */
static const char *address_of(const struct lane *lane, char secret[SECRET_BYTES],
                              char why[WHY_BYTES])
{
    const zw_receiver *to = receiver_of(lane);
    if (to->url != NULL) {
        return to->url;
    }
    if (!find_secret(lane->postman, to->secret, secret, SECRET_BYTES)) {
        (void)snprintf(why, WHY_BYTES, "secret '%s' is not set", to->secret);
        return NULL;
    }
    if (strncmp(secret, "http://", 7) != 0 && strncmp(secret, "https://", 8) != 0) {
        (void)snprintf(why, WHY_BYTES, "secret '%s' is no address (http://… or https://…)",
                       to->secret);
        return NULL;
    }
    return secret;
}

/* @return false, with the reason in `why`, when nothing is under way. */
static bool post(struct lane *lane, const struct letter *letter, char why[WHY_BYTES])
{
    char secret[SECRET_BYTES];
    char header[128];
    zw_err err;
    const char *url = address_of(lane, secret, why);
    if (url == NULL) {
        return false;
    }
    (void)snprintf(header, sizeof(header), "Idempotency-Key: %s", letter->key);
    const char *headers[] = {header};
    zw_sender_mail mail = {.url = url,
                           .content_type = "application/json",
                           .body = letter->body,
                           .len = strlen(letter->body),
                           .headers = headers,
                           .header_count = 1,
                           .timeout_ms = TIMEOUT_MS};
    if (zw_sender_post(lane->postman->sender, &mail, postman_on_sent, lane, &err) != ZW_OK) {
        (void)snprintf(why, WHY_BYTES, "%s", err.text);
        return false;
    }
    return true;
}

/* Each alert of a message is a line of its own. */
static void say_lines(const zw_postman *postman, const char *lines)
{
    while (*lines != '\0') {
        int len = (int)strcspn(lines, "\n");
        zw_log_say(&postman->options.log, ZW_LOG_WARNING, "%.*s", len, lines);
        lines += len;
        lines += *lines != '\0' ? 1 : 0;
    }
}

static void deliver(struct lane *lane, const struct letter *letter)
{
    char why[WHY_BYTES] = "";
    if (receiver_of(lane)->kind == ZW_RECEIVER_LOG) {
        say_lines(lane->postman, letter->body);
        write_down(lane, letter->id, true, "");
        return;
    }
    set_under_way(lane, letter->id);
    if (!post(lane, letter, why)) {
        set_under_way(lane, 0);
        write_down(lane, letter->id, false, why);
    }
}

static zw_status take_letter(void *arg, const zw_message *message, zw_err *err)
{
    struct letter *letter = arg;
    if (message->next_ms > letter->now_ms) {
        return ZW_OK;
    }
    letter->key = strdup(message->key);
    letter->body = strdup(message->body);
    letter->id = message->id;
    return letter->key != NULL && letter->body != NULL ? ZW_OK : zw_err_nomem(err);
}

/* Sends what is due of a lane until something is under way. */
static zw_status serve(struct lane *lane, zw_err *err)
{
    zw_postman *postman = lane->postman;
    zw_status status = ZW_OK;
    bool has_more = true;
    while (status == ZW_OK && has_more && lane->id == 0 && zw_postman_rests_ms(postman) <= 0) {
        struct letter letter = {.now_ms = zw_engine_now_ms(postman->engine)};
        status = zw_outbox_head(zw_engine_outbox(postman->engine), notify_of(lane)->title.name,
                                lane->receiver, take_letter, &letter, err);
        has_more = status == ZW_OK && letter.id != 0;
        if (has_more) {
            deliver(lane, &letter);
        }
        free(letter.key);
        free(letter.body);
    }
    return status;
}

int64_t zw_postman_rests_ms(const zw_postman *postman)
{
    int64_t rests_ms = postman->rests_until_ms - zw_engine_now_ms(postman->engine);
    return rests_ms > REST_MS ? 0 : rests_ms; /* the clock was set back: no longer true */
}

static void say_lost(void *arg, const zw_outbox_lane *lane, const char *why)
{
    const zw_postman *postman = arg;
    zw_log_say(&postman->options.log, ZW_LOG_WARNING, "%lld messages given up: %s",
               (long long)lane->count, why);
}

zw_status zw_postman_go(zw_postman *postman, zw_err *err)
{
    zw_status status = ZW_OK;
    if (!postman->is_sorted && zw_postman_rests_ms(postman) <= 0) {
        status = zw_engine_mail_sort(postman->engine, say_lost, postman, err);
        postman->is_sorted = status == ZW_OK;
        postman->rests_until_ms = status == ZW_OK ? 0 : zw_engine_now_ms(postman->engine) + REST_MS;
    }
    for (size_t i = 0; status == ZW_OK && i < postman->lane_count; i++) {
        status = serve(&postman->lanes[i], err);
    }
    return status;
}
