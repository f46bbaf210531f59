/** An engine behind the real door: what reads is answered, an operator's word is taken as the
 * server takes it. Include it after cmocka.h and engine_world.h. */
#ifndef ZW_TESTS_WORD_WORLD_H
#define ZW_TESTS_WORD_WORLD_H

#include "http_exchange.h"
#include "serve/api.h"

struct booth {
    struct house house;
    exchange x;
};

static inline zw_status booth_eval_at(void *arg, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    const struct booth *booth = arg;
    return zw_engine_eval_at(booth->house.engine, as_of_ms, out, err);
}

static inline zw_api_world booth_world(struct booth *booth)
{
    zw_engine *engine = booth->house.engine;
    return (zw_api_world){.pack = zw_engine_pack(engine),
                          .store = zw_engine_store(engine),
                          .eval = zw_engine_eval(engine),
                          .judge = zw_engine_judge(engine),
                          .ledger = zw_engine_ledger(engine),
                          .outbox = zw_engine_outbox(engine),
                          .silences = zw_engine_silences(engine),
                          .acks = zw_engine_acks(engine),
                          .tellings = zw_engine_tellings(engine),
                          .now_ms = zw_engine_now_ms(engine),
                          .eval_at = booth_eval_at,
                          .arg = booth};
}

static inline zw_status booth_take(struct booth *booth, zw_api_word *word, zw_err *err)
{
    zw_engine *engine = booth->house.engine;
    zw_status status = ZW_OK;
    if (word->is == ZW_API_SILENCE) {
        status = zw_engine_silence(engine, &word->silence, &word->id, err);
    } else if (word->is == ZW_API_END_SILENCE) {
        status = zw_engine_end_silence(engine, word->id, word->author, err);
    } else {
        status = zw_engine_ack(engine, &word->ack, &word->id, &word->count, err);
    }
    zw_err turned;
    zw_status turn = zw_engine_turn(engine, NULL, &turned);
    assert_int_equal(turn, ZW_OK);
    return status;
}

static inline void booth_handle(void *arg, zw_http_request *request)
{
    struct booth *booth = arg;
    zw_api_world world = booth_world(booth);
    zw_api_word word;
    zw_err err = {ZW_OK, ""};
    if (zw_api_answer(&world, request)) {
        return;
    }
    zw_status status = zw_api_word_of(request, &word);
    if (status == ZW_NOT_FOUND) {
        zw_api_answer_error(request, 404, "not_found", "no such path");
        return;
    }
    if (status != ZW_OK) {
        return; /* it was answered */
    }
    status = booth_take(booth, &word, &err);
    world = booth_world(booth);
    if (status == ZW_OK) {
        zw_api_answer_word(&world, request, &word);
    } else {
        zw_api_refuse_word(request, status, &err);
    }
    zw_api_word_fini(&word);
}

static inline void booth_open(struct booth *booth, const char *pack, const char *day)
{
    memset(booth, 0, sizeof(*booth));
    house_open(&booth->house, pack, day);
    exchange_open(&booth->x, booth_handle, booth);
}

static inline void booth_close(struct booth *booth)
{
    exchange_close(&booth->x);
    house_close(&booth->house);
}

/** Sends JSON ("": no body), expects a status, and reads the answer; the caller frees. */
static inline json_t *booth_send(struct booth *booth, const char *method, const char *target,
                                 const char *body, int expected)
{
    int status =
        exchange_send(&booth->x, method, target, body[0] != '\0' ? "application/json" : NULL, body);
    if (status != expected) {
        fail_msg("%s %s %s: %d %s", method, target, body, status, exchange_body(&booth->x));
    }
    return exchange_json(&booth->x);
}

/** Sends it, and expects one text at a path of the answer. */
static inline void booth_expect(struct booth *booth, const char *method, const char *target,
                                const char *body, int expected, const char *path, const char *text)
{
    json_t *json = booth_send(booth, method, target, body, expected);
    if (strstr(json_at(json, path), text) == NULL) {
        char *all = json_dumps(json, JSON_INDENT(1));
        fail_msg("%s %s %s: %s is '%s', expected '%s' in %s", method, target, body, path,
                 json_at(json, path), text, all);
    }
    json_decref(json);
}

#endif
