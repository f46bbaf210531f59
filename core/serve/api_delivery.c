/* `POST /api/v1/observations` and `/items`: a delivery read out of a request, and what became of it
 * told. */
#include "serve/api_live.h"
#include "serve/ask.h"
#include "serve/envelope.h"
#include "serve/json.h"
#include "serve/media.h"
#include "serve/params.h"

#include <stdio.h>
#include <string.h>

/* The doors of deliveries, and what each takes. */
static const struct {
    const char *path;
    bool is_items;
    const char *types[ZW_API_SDMX + 2];
} doors[] = {
    {"/api/v1/observations",
     false,
     {"text/csv", "application/json", "application/x-ndjson", "application/vnd.sdmx.data+csv",
      NULL}},
    {"/api/v1/items", true, {"text/csv", "application/json", "application/x-ndjson", NULL}},
};
enum { DOOR_COUNT = sizeof(doors) / sizeof(doors[0]) };

/* The door a request knocks at; DOOR_COUNT. */
static size_t door_of(const zw_http_request *request)
{
    size_t door = strcmp(zw_http_request_method(request), "POST") == 0 ? 0 : DOOR_COUNT;
    while (door < DOOR_COUNT && strcmp(zw_http_request_path(request), doors[door].path) != 0) {
        door++;
    }
    return door;
}

bool zw_api_may_be_long(const zw_http_request *request)
{
    bool is_partial = false;
    size_t door = door_of(request);
    if (door == DOOR_COUNT) {
        return strcmp(zw_http_request_method(request), "POST") == 0 &&
               zw_api_live_may_be_long(request);
    }
    const char *type = zw_http_request_content_type(request);
    return zw_params_flag(request, "partial", &is_partial, NULL) == ZW_OK && is_partial &&
           (zw_media_is(type, "text/csv") || zw_media_is(type, "application/x-ndjson") ||
            zw_media_is(type, "application/vnd.sdmx.data+csv"));
}

static zw_status read_query(const zw_api_world *world, zw_http_request *request,
                            zw_api_delivery *out, zw_err *err)
{
    static const char *const known[] = {"source", "known_at", "partial", NULL};
    zw_status status = zw_params_check(request, known, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_ask ask;
    zw_ask_init(&ask, world, request);
    const char *source = zw_http_request_query(request, "source");
    out->source = source != NULL ? source : "";
    status = zw_params_flag(request, "partial", &out->is_partial, err);
    status = status == ZW_OK ? zw_ask_moment(&ask, "known_at", false, &out->has_known_at,
                                             &out->known_at_ms, err)
                             : status;
    zw_ask_fini(&ask);
    return status;
}

static zw_status delivery_of(const zw_api_world *world, zw_http_request *request,
                             zw_api_delivery *out)
{
    zw_err err = {ZW_OK, ""};
    size_t door = door_of(request);
    if (door == DOOR_COUNT) {
        return zw_api_live_of(request, out);
    }
    *out = (zw_api_delivery){.source = ""};
    zw_status status = read_query(world, request, out, &err);
    if (status != ZW_OK) {
        zw_envelope_fail(request, status, &err);
        return status;
    }
    if (!zw_media_accept(request, doors[door].types)) {
        return ZW_INVALID;
    }
    out->is_items = doors[door].is_items;
    while (!zw_media_is(zw_http_request_content_type(request), doors[door].types[out->format])) {
        out->format++; /* types stand in the order of formats, and one of them it is */
    }
    out->bytes = zw_http_request_body(request, &out->len);
    return ZW_OK;
}

zw_status zw_api_delivery_of(const zw_api_world *world, zw_http_request *request,
                             zw_api_delivery *out)
{
    uint64_t bytes = 0;
    zw_status status = delivery_of(world, request, out);
    out->is_long = status == ZW_OK && zw_http_request_is_long(request, &bytes);
    return status;
}

static void put_bad(zw_json *json, const zw_api_fed *fed)
{
    zw_json_open(json, "rejected", '[');
    for (size_t i = 0; i < fed->bad_count && i < ZW_API_BAD_MOST; i++) {
        zw_json_open(json, NULL, '{');
        zw_json_integer(json, "line", fed->bad[i].line);
        zw_json_integer(json, "column", fed->bad[i].column);
        zw_json_text(json, "error", fed->bad[i].text);
        zw_json_close(json, '}');
    }
    zw_json_close(json, ']');
}

/* What is worth a word beside the counts; empty when nothing is. */
static void warn(const zw_api_fed *fed, char *out, size_t size)
{
    out[0] = '\0';
    if (fed->bad_count > ZW_API_BAD_MOST) {
        (void)snprintf(out, size, "%zu rows are bad: the first %d are listed", fed->bad_count,
                       ZW_API_BAD_MOST);
    } else if (fed->encoding != NULL && fed->encoding[0] != '\0' &&
               strcmp(fed->encoding, "UTF-8") != 0) {
        (void)snprintf(out, size, "read as %s", fed->encoding);
    }
}

static void answer_taken(zw_http_request *request, const zw_api_fed *fed, zw_buf *data)
{
    char warning[96];
    zw_json json = zw_json_of(data);
    warn(fed, warning, sizeof(warning));
    zw_json_open(&json, NULL, '{');
    zw_json_integer(&json, "batch", fed->batch);
    zw_json_integer(&json, "accepted", fed->accepted);
    zw_json_integer(&json, "unchanged", fed->unchanged);
    zw_json_integer(&json, "revised", fed->revised);
    if (fed->is_held) {
        zw_json_raw(&json, "held", zw_buf_view(&fed->why));
        data->has_failed = data->has_failed || fed->why.has_failed;
    }
    put_bad(&json, fed);
    zw_json_close(&json, '}');
    zw_envelope_answer_as(request, fed->is_held ? 202 : 200, data, warning);
}

static void answer_refused(zw_http_request *request, const zw_api_fed *fed, zw_buf *data)
{
    unsigned http_status = zw_envelope_http_status(fed->status);
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '{');
    put_bad(&json, fed);
    zw_json_close(&json, '}');
    zw_envelope_beside beside = {.data = fed->bad_count > 0 ? data : NULL};
    zw_envelope_refuse(request, http_status, zw_envelope_error_type(http_status),
                       fed->error != NULL ? fed->error : zw_status_text(fed->status), &beside);
}

void zw_api_answer_delivery(zw_http_request *request, const zw_api_fed *fed)
{
    zw_buf data;
    if (fed->is_live) {
        zw_api_live_answer(request, fed);
        return;
    }
    zw_buf_init(&data, ZW_ENVELOPE_BYTES);
    if (fed->status == ZW_OK) {
        answer_taken(request, fed, &data);
    } else {
        answer_refused(request, fed, &data);
    }
    zw_buf_fini(&data);
}
