/* The postman. A message is read from the outbox, sent, and only then written down: what is lost on
 * the way is sent again. */
#include "app/postman.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, TIMEOUT_MS = 10000, SECRET_BYTES = 4096, REST_MS = 10000 };

/* One message under way, or taken from the outbox to be sent. */
struct errand {
    zw_postman *postman;
    int64_t id;
    struct errand *next;
};

/* What was read from the outbox: copied, because sending one writes another down. */
struct letter {
    int64_t id;
    const zw_receiver *to;
    char *key, *body;
};

struct zw_postman {
    zw_engine *engine;
    zw_sender *sender;
    zw_postman_options options;
    struct errand *errands; /* under way */
    struct letter letters[BATCH];
    size_t letter_count;
    bool is_refused;        /* the last message could not be written down: said once */
    int64_t rests_until_ms; /* what cannot be written down would be sent again and again */
};

zw_status zw_postman_create(zw_engine *engine, zw_sender *sender, const zw_postman_options *options,
                            zw_postman **out, zw_err *err)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL) {
        return zw_err_nomem(err);
    }
    (*out)->engine = engine;
    (*out)->sender = sender;
    (*out)->options = *options;
    return ZW_OK;
}

void zw_postman_destroy(zw_postman *postman)
{
    free(postman);
}

size_t zw_postman_pending(const zw_postman *postman)
{
    size_t count = 0;
    for (const struct errand *errand = postman->errands; errand != NULL; errand = errand->next) {
        count++;
    }
    return count;
}

static bool is_under_way(const zw_postman *postman, int64_t id)
{
    for (const struct errand *errand = postman->errands; errand != NULL; errand = errand->next) {
        if (errand->id == id) {
            return true;
        }
    }
    return false;
}

/* Writes down how it went; a store that refuses leaves the message in the outbox, to be sent again
 * after a rest. */
static void write_down(zw_postman *postman, int64_t id, const char *why)
{
    zw_err err;
    bool was_refused = postman->is_refused;
    postman->is_refused = zw_engine_mail_done(postman->engine, id, why, &err) != ZW_OK;
    if (postman->is_refused) {
        postman->rests_until_ms = zw_engine_now_ms(postman->engine) + REST_MS;
    }
    if (postman->is_refused && !was_refused) {
        zw_log_say(&postman->options.log, ZW_LOG_ERROR, "message %lld: %s", (long long)id,
                   err.text);
    }
    if (why != NULL) {
        zw_log_say(&postman->options.log, ZW_LOG_WARNING, "message %lld not delivered: %s",
                   (long long)id, why);
    }
}

static void postman_on_sent(void *arg, zw_status status, long http_status, const char *detail)
{
    struct errand *errand = arg;
    zw_postman *postman = errand->postman;
    struct errand **at = &postman->errands;
    while (*at != errand) {
        at = &(*at)->next;
    }
    *at = errand->next;
    char why[256];
    (void)snprintf(why, sizeof(why), "%s (HTTP %ld)", detail, http_status);
    write_down(postman, errand->id, status == ZW_OK ? NULL : why);
    free(errand);
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

static zw_status post(zw_postman *postman, const struct letter *letter, const char *url,
                      zw_err *err)
{
    struct errand *errand = calloc(1, sizeof(*errand));
    if (errand == NULL) {
        return zw_err_nomem(err);
    }
    *errand = (struct errand){postman, letter->id, postman->errands};
    char header[128];
    (void)snprintf(header, sizeof(header), "Idempotency-Key: %s", letter->key);
    const char *headers[] = {header};
    zw_sender_mail mail = {.url = url,
                           .content_type = "application/json",
                           .body = letter->body,
                           .len = strlen(letter->body),
                           .headers = headers,
                           .header_count = 1,
                           .timeout_ms = TIMEOUT_MS};
    zw_status status = zw_sender_post(postman->sender, &mail, postman_on_sent, errand, err);
    if (status != ZW_OK) {
        free(errand);
        return status;
    }
    postman->errands = errand;
    return ZW_OK;
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

static void deliver(zw_postman *postman, const struct letter *letter)
{
    if (letter->to->kind == ZW_RECEIVER_LOG) {
        say_lines(postman, letter->body);
        write_down(postman, letter->id, NULL);
        return;
    }
    char secret[SECRET_BYTES];
    const char *url = letter->to->url;
    if (url == NULL && find_secret(postman, letter->to->secret, secret, sizeof(secret))) {
        url = secret;
    }
    zw_err err;
    if (url == NULL) {
        char why[192];
        (void)snprintf(why, sizeof(why), "secret '%s' is not set", letter->to->secret);
        write_down(postman, letter->id, why);
    } else if (post(postman, letter, url, &err) != ZW_OK) {
        write_down(postman, letter->id, err.text);
    }
}

/* The receiver a message is for; NULL when the pack no longer has it. */
static const zw_receiver *receiver_of(const zw_postman *postman, const zw_message *message)
{
    const zw_pack *pack = zw_engine_pack(postman->engine);
    uint32_t index = 0;
    if (zw_pack_find(pack, zw_text_of(message->notify), &index) != ZW_NOUN_NOTIFY ||
        message->receiver >= pack->notifies[index].to_count) {
        return NULL;
    }
    return &pack->notifies[index].to[message->receiver];
}

static zw_status take_letter(void *arg, const zw_message *message, zw_err *err)
{
    zw_postman *postman = arg;
    const zw_receiver *to = receiver_of(postman, message);
    if (to == NULL || is_under_way(postman, message->id) || postman->letter_count == BATCH) {
        return ZW_OK;
    }
    struct letter letter = {message->id, to, strdup(message->key), strdup(message->body)};
    if (letter.key == NULL || letter.body == NULL) {
        free(letter.key);
        free(letter.body);
        return zw_err_nomem(err);
    }
    postman->letters[postman->letter_count++] = letter;
    return ZW_OK;
}

int64_t zw_postman_rests_ms(const zw_postman *postman)
{
    int64_t rests_ms = postman->rests_until_ms - zw_engine_now_ms(postman->engine);
    return rests_ms > REST_MS ? 0 : rests_ms; /* the clock was set back: no longer true */
}

static void drop_letters(zw_postman *postman)
{
    for (size_t i = 0; i < postman->letter_count; i++) {
        free(postman->letters[i].key);
        free(postman->letters[i].body);
    }
    postman->letter_count = 0;
}

/* Until only what is under way is left at the head of each receiver's messages. */
zw_status zw_postman_go(zw_postman *postman, zw_err *err)
{
    int64_t now_ms = zw_engine_now_ms(postman->engine);
    size_t taken = 1;
    zw_status status = ZW_OK;
    while (status == ZW_OK && taken > 0 && zw_postman_rests_ms(postman) <= 0) {
        size_t most = BATCH + zw_postman_pending(postman);
        status = zw_outbox_heads(zw_engine_outbox(postman->engine), now_ms, most, take_letter,
                                 postman, err);
        taken = postman->letter_count;
        for (size_t i = 0; i < taken && zw_postman_rests_ms(postman) <= 0; i++) {
            deliver(postman, &postman->letters[i]);
        }
        drop_letters(postman);
    }
    return status;
}
