/* `/api/v1/silences` and `/api/v1/alerts/ack`: what an operator says of alerts. */
#include "serve/api_parts.h"
#include "serve/envelope.h"
#include "serve/media.h"
#include "serve/params.h"
#include "serve/word_list.h"

#include <string.h>

static const char silences_path[] = "/api/v1/silences";
static const char ack_path[] = "/api/v1/alerts/ack";
static const char *const types[] = {"application/x-www-form-urlencoded", "application/json", NULL};

zw_status zw_api_silences(zw_ask *ask, zw_buf *data, zw_err *err)
{
    zw_json json = zw_json_of(data);
    return zw_word_put_silences(ask->world->silences, zw_ask_tz(ask), ask->world->now_ms, &json,
                                err);
}

/* Reads the fields of a silence. */
static zw_status read_silence(const zw_http_request *request, zw_api_word *out, zw_err *err)
{
    static const char *const fields[] = {"alert", "area",  "severity", "item",   "start", "end",
                                         "for",   "hours", "author",   "reason", NULL};
    zw_status status = zw_form_read(request, fields, &out->form, err);
    if (status != ZW_OK) {
        return status;
    }
    out->is = ZW_API_SILENCE;
    out->silence = (zw_silence_words){.alert = zw_form_field(out->form, "alert"),
                                      .area = zw_form_field(out->form, "area"),
                                      .severity = zw_form_field(out->form, "severity"),
                                      .item = zw_form_field(out->form, "item"),
                                      .start = zw_form_field(out->form, "start"),
                                      .end = zw_form_field(out->form, "end"),
                                      .length = zw_form_field(out->form, "for"),
                                      .hours = zw_form_field(out->form, "hours"),
                                      .author = zw_form_field(out->form, "author"),
                                      .reason = zw_form_field(out->form, "reason")};
    return ZW_OK;
}

static zw_status read_ack(const zw_http_request *request, zw_api_word *out, zw_err *err)
{
    static const char *const fields[] = {"alert", "area", "item", "period", "author", "note", NULL};
    zw_status status = zw_form_read(request, fields, &out->form, err);
    if (status != ZW_OK) {
        return status;
    }
    out->is = ZW_API_ACK;
    out->ack = (zw_ack_words){.alert = zw_form_field(out->form, "alert"),
                              .area = zw_form_field(out->form, "area"),
                              .item = zw_form_field(out->form, "item"),
                              .period = zw_form_field(out->form, "period"),
                              .author = zw_form_field(out->form, "author"),
                              .note = zw_form_field(out->form, "note")};
    return ZW_OK;
}

/* The number at the end of "/api/v1/silences/12"; 0 when there is none. */
static int64_t id_of(const char *path)
{
    size_t before = sizeof(silences_path) - 1;
    long long id = 0;
    bool is_one = strncmp(path, silences_path, before) == 0 && path[before] == '/' &&
                  zw_text_integer(zw_text_of(path + before + 1), &id) && id > 0;
    return is_one ? id : 0;
}

/* Answers what is wrong with a request. */
static zw_status refuse(zw_http_request *request, zw_status status, const zw_err *err)
{
    if (status != ZW_OK) {
        zw_envelope_fail(request, status, err);
    }
    return status;
}

static zw_status read_end(zw_http_request *request, zw_api_word *out)
{
    static const char *const params[] = {"author", NULL};
    zw_err err = {ZW_OK, ""};
    out->is = ZW_API_END_SILENCE;
    out->id = id_of(zw_http_request_path(request));
    if (out->id == 0) {
        return ZW_NOT_FOUND;
    }
    out->author = zw_http_request_query(request, "author");
    return refuse(request, zw_params_check(request, params, &err), &err);
}

zw_status zw_api_word_of(zw_http_request *request, zw_api_word *out)
{
    static const char *const none[] = {NULL};
    zw_err err = {ZW_OK, ""};
    const char *path = zw_http_request_path(request);
    bool is_silence = strcmp(path, silences_path) == 0;
    *out = (zw_api_word){.id = 0};
    if (strcmp(zw_http_request_method(request), "DELETE") == 0) {
        return read_end(request, out);
    }
    if (!is_silence && strcmp(path, ack_path) != 0) {
        return ZW_NOT_FOUND;
    }
    zw_status status = refuse(request, zw_params_check(request, none, &err), &err);
    if (status == ZW_OK && !zw_media_accept(request, types)) {
        return ZW_INVALID;
    }
    if (status == ZW_OK) {
        status = is_silence ? read_silence(request, out, &err) : read_ack(request, out, &err);
        status = refuse(request, status, &err);
    }
    return status;
}

void zw_api_word_fini(zw_api_word *word)
{
    zw_form_destroy(word->form);
    word->form = NULL;
}

/* The answer that is being written. */
struct answer {
    zw_json json;
    const zw_tz *tz;
    int64_t now_ms;
};

static zw_status put_silence(void *arg, const zw_silence *silence, zw_err *err)
{
    struct answer *answer = arg;
    (void)err;
    zw_word_put_silence(&answer->json, answer->tz, silence, answer->now_ms);
    return ZW_OK;
}

void zw_api_answer_word(const zw_api_world *world, zw_http_request *request,
                        const zw_api_word *word)
{
    zw_buf data;
    zw_ask ask;
    zw_err err = {ZW_OK, ""};
    zw_status status = ZW_OK;
    zw_ask_init(&ask, world, request);
    zw_buf_init(&data, ZW_ENVELOPE_BYTES);
    struct answer answer = {zw_json_of(&data), zw_ask_tz(&ask), world->now_ms};
    if (word->is == ZW_API_ACK) {
        zw_word_put_acks(world->acks, word->id, word->count, answer.tz, &answer.json);
    } else {
        status = zw_silences_of(world->silences, word->id, put_silence, &answer, &err);
    }
    if (status == ZW_OK) {
        zw_envelope_answer(request, &data, NULL);
    } else {
        zw_envelope_fail(request, status, &err);
    }
    zw_buf_fini(&data);
    zw_ask_fini(&ask);
}

void zw_api_refuse_word(zw_http_request *request, zw_status status, const zw_err *err)
{
    (void)refuse(request, status, err);
}
