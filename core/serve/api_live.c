/* The doors of live senders: Influx line protocol and Prometheus's text. Their senders read little
 * more of an answer than its status, so what is taken is answered 204 and nothing else. */
#include "serve/api_live.h"

#include "intake/line.h"
#include "serve/envelope.h"
#include "serve/json.h"
#include "serve/media.h"
#include "serve/params.h"

#include <string.h>

enum { SAID_BYTES = 2048, TOLD = 3 };

static const char first_write[] = "/write";
static const char second_write[] = "/api/v2/write";

/* What Influx takes beside `precision` names a database that is not there, and is not read. */
const char *const zw_api_live_write_params[] = {"precision",   "db",  "rp",    "u",      "p",
                                                "consistency", "org", "orgID", "bucket", NULL};

static zw_status write_of(zw_http_request *request, zw_api_delivery *out, zw_err *err)
{
    const char *precision = zw_http_request_query(request, "precision");
    out->live = ZW_API_LINE;
    zw_status status = zw_params_check(request, zw_api_live_write_params, err);
    if (status == ZW_OK && precision != NULL && !zw_line_precision(precision, &out->unit_ns)) {
        status = zw_err_set(err, ZW_INVALID,
                            "precision: '%.20s' is none: expected ns, us, ms, s, "
                            "m or h",
                            precision);
    }
    return status;
}

static zw_status text_of(zw_http_request *request, zw_api_delivery *out, zw_err *err)
{
    static const char *const none[] = {NULL};
    const char *type = zw_http_request_content_type(request);
    bool is_open = zw_media_is(type, "application/openmetrics-text");
    out->live = is_open ? ZW_API_OPENMETRICS : ZW_API_PROMETHEUS;
    return zw_params_check(request, none, err);
}

static bool is_write(const char *path)
{
    return strcmp(path, first_write) == 0 || strcmp(path, second_write) == 0;
}

bool zw_api_live_may_be_long(const zw_http_request *request)
{
    return is_write(zw_http_request_path(request));
}

zw_status zw_api_live_of(zw_http_request *request, zw_api_delivery *out)
{
    const char *path = zw_http_request_path(request);
    zw_err err = {ZW_OK, ""};
    *out = (zw_api_delivery){.source = "", .is_partial = true};
    if (strcmp(zw_http_request_method(request), "POST") != 0) {
        return ZW_NOT_FOUND;
    }
    zw_status status = ZW_NOT_FOUND;
    if (is_write(path)) {
        status = write_of(request, out, &err);
    } else if (strcmp(path, "/api/v1/import/prometheus") == 0) {
        status = text_of(request, out, &err);
    }
    if (status == ZW_OK) {
        out->bytes = zw_http_request_body(request, &out->len);
    } else if (status != ZW_NOT_FOUND) {
        zw_envelope_fail(request, status, &err);
    }
    return status;
}

/* "2 bad lines, all others are kept: line 3: …; line 7: …". */
static void say_bad(const zw_api_fed *fed, zw_buf *out)
{
    zw_buf_printf(out, "%zu bad line%s, all others are kept: ", fed->bad_count,
                  fed->bad_count == 1 ? "" : "s");
    for (size_t i = 0; i < fed->bad_count && i < TOLD; i++) {
        zw_buf_printf(out, "%sline %u: %.400s", i > 0 ? "; " : "", fed->bad[i].line,
                      fed->bad[i].text);
    }
    zw_buf_puts(out, fed->bad_count > TOLD ? "; …" : "");
}

static void list_bad(const zw_api_fed *fed, zw_buf *out)
{
    zw_json json = zw_json_of(out);
    zw_json_open(&json, NULL, '{');
    zw_json_integer(&json, "batch", fed->batch);
    zw_json_integer(&json, "accepted", fed->accepted);
    zw_json_open(&json, "rejected", '[');
    for (size_t i = 0; i < fed->bad_count && i < ZW_API_BAD_MOST; i++) {
        zw_json_open(&json, NULL, '{');
        zw_json_integer(&json, "line", fed->bad[i].line);
        zw_json_integer(&json, "column", fed->bad[i].column);
        zw_json_text(&json, "error", fed->bad[i].text);
        zw_json_close(&json, '}');
    }
    zw_json_close(&json, ']');
    zw_json_close(&json, '}');
}

/* The word of Influx's second interface for a status; NULL at the other doors. */
static const char *code_of(const zw_http_request *request, unsigned status)
{
    if (strcmp(zw_http_request_path(request), second_write) != 0) {
        return NULL;
    }
    return status == 400 ? "invalid" : status == 429 ? "too many requests" : "unavailable";
}

static void answer_bad(zw_http_request *request, const zw_api_fed *fed)
{
    zw_buf text;
    zw_buf data;
    zw_buf_init(&text, SAID_BYTES);
    zw_buf_init(&data, ZW_ENVELOPE_BYTES);
    say_bad(fed, &text);
    list_bad(fed, &data);
    /* Nothing but the pack makes room for more series: the sender may as well wait. */
    unsigned status = fed->is_over_limit ? 429 : 400;
    zw_envelope_beside beside = {.data = &data, .code = code_of(request, status)};
    if (fed->is_over_limit) {
        beside.header = (zw_http_pair){"Retry-After", "60"};
    }
    zw_envelope_refuse(request, status, zw_envelope_error_type(status), zw_buf_view(&text),
                       &beside);
    zw_buf_fini(&text);
    zw_buf_fini(&data);
}

void zw_api_live_answer(zw_http_request *request, const zw_api_fed *fed)
{
    if (fed->status != ZW_OK) {
        unsigned status = zw_envelope_http_status(fed->status);
        zw_envelope_beside beside = {.code = code_of(request, status)};
        zw_envelope_refuse(request, status, zw_envelope_error_type(status),
                           fed->error != NULL ? fed->error : zw_status_text(fed->status), &beside);
    } else if (fed->bad_count > 0) {
        answer_bad(request, fed);
    } else {
        zw_http_answer(request, 204, NULL, "", 0, NULL, 0);
    }
}
