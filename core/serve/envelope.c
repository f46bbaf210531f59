/* The envelope of answers. A buffer that failed becomes the server's own 500, never half an answer.
 */
#include "serve/envelope.h"

#include "serve/json.h"

static const char *const json_type = "application/json";

unsigned zw_envelope_http_status(zw_status status)
{
    switch (status) {
    case ZW_OK:
        return 200;
    case ZW_INVALID:
        return 400;
    case ZW_NOT_FOUND:
        return 404;
    case ZW_LIMIT:
        return 413;
    case ZW_CONFLICT:
    case ZW_SCRIPT:
    case ZW_NOT_YET:
        return 422;
    case ZW_NOMEM:
    case ZW_STORE:
    case ZW_IO:
        break;
    }
    return 503;
}

const char *zw_envelope_error_type(unsigned http_status)
{
    switch (http_status) {
    case 400:
        return "bad_data";
    case 404:
        return "not_found";
    case 405:
        return "method_not_allowed";
    case 413:
        return "too_large";
    case 415:
        return "unsupported_media_type";
    case 422:
        return "execution";
    case 429:
        return "too_many_requests";
    case 503:
        return "unavailable";
    default:
        return "internal";
    }
}

/* Nothing that is asked of a running process may be remembered by what lies between. */
static void answer(zw_http_request *request, unsigned http_status, zw_buf *body,
                   const zw_http_pair *more)
{
    zw_http_pair headers[2] = {{"Cache-Control", "no-store"}};
    bool has_more = more != NULL && more->name != NULL;
    if (has_more) {
        headers[1] = *more;
    }
    zw_http_answer_take(request, (int)http_status, json_type, body, headers, has_more ? 2 : 1);
}

static void put_data(zw_json *json, const zw_buf *data)
{
    zw_json_raw(json, "data", zw_buf_view(data));
    json->out->has_failed = json->out->has_failed || data->has_failed;
}

void zw_envelope_answer(zw_http_request *request, const zw_buf *data, const char *warning)
{
    zw_envelope_answer_as(request, 200, data, warning);
}

void zw_envelope_answer_as(zw_http_request *request, unsigned http_status, const zw_buf *data,
                           const char *warning)
{
    zw_buf body;
    zw_buf_init(&body, ZW_ENVELOPE_BYTES);
    zw_json json = zw_json_of(&body);
    zw_json_open(&json, NULL, '{');
    zw_json_text(&json, "status", "success");
    put_data(&json, data);
    if (warning != NULL && warning[0] != '\0') {
        zw_json_open(&json, "warnings", '[');
        zw_json_text(&json, NULL, warning);
        zw_json_close(&json, ']');
    }
    zw_json_close(&json, '}');
    zw_buf_putc(&body, '\n');
    answer(request, http_status, &body, NULL);
    zw_buf_fini(&body);
}

void zw_envelope_refuse(zw_http_request *request, unsigned http_status, const char *error_type,
                        const char *text, const zw_envelope_beside *beside)
{
    zw_buf body;
    zw_buf_init(&body, ZW_ENVELOPE_BYTES);
    zw_json json = zw_json_of(&body);
    zw_json_open(&json, NULL, '{');
    zw_json_text(&json, "status", "error");
    zw_json_text(&json, "errorType", error_type);
    zw_json_text(&json, "error", text);
    if (beside != NULL && beside->code != NULL) {
        zw_json_text(&json, "code", beside->code);
        zw_json_text(&json, "message", text);
    }
    if (beside != NULL && beside->data != NULL) {
        put_data(&json, beside->data);
    }
    zw_json_close(&json, '}');
    zw_buf_putc(&body, '\n');
    answer(request, http_status, &body, beside != NULL ? &beside->header : NULL);
    zw_buf_fini(&body);
}

void zw_envelope_fail(zw_http_request *request, zw_status status, const zw_err *err)
{
    unsigned http_status = zw_envelope_http_status(status);
    zw_envelope_refuse(request, http_status, zw_envelope_error_type(http_status), err->text, NULL);
}
