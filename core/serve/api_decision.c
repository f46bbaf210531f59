/* `POST /api/v1/batches/ID/release` and `/refuse`: what an operator decides about a held batch. */
#include "serve/api.h"
#include "serve/envelope.h"
#include "serve/json.h"
#include "serve/params.h"

#include <stdlib.h>
#include <string.h>

static const char before_id[] = "/api/v1/batches/";

/* The number that `text` begins with, in decimal digits; 0 when there is none. */
static int64_t id_of(const char *text, const char **end)
{
    int64_t id = 0;
    for (*end = text; **end >= '0' && **end <= '9' && *end - text < 18; (*end)++) {
        id = id * 10 + (**end - '0');
    }
    return id;
}

zw_status zw_api_decision_of(zw_http_request *request, zw_api_decision *out)
{
    static const char *const none[] = {NULL};
    zw_err err = {ZW_OK, ""};
    const char *path = zw_http_request_path(request);
    const char *rest = NULL;
    if (strcmp(zw_http_request_method(request), "POST") != 0 ||
        strncmp(path, before_id, sizeof(before_id) - 1) != 0) {
        return ZW_NOT_FOUND;
    }
    *out = (zw_api_decision){.batch = id_of(path + sizeof(before_id) - 1, &rest)};
    out->is_release = strcmp(rest, "/release") == 0;
    if (out->batch == 0 || (!out->is_release && strcmp(rest, "/refuse") != 0)) {
        return ZW_NOT_FOUND;
    }
    zw_status status = zw_params_check(request, none, &err);
    if (status != ZW_OK) {
        zw_envelope_fail(request, status, &err);
    }
    return status;
}

void zw_api_answer_refusal(zw_http_request *request, int64_t batch)
{
    zw_buf data;
    zw_buf_init(&data, ZW_ENVELOPE_BYTES);
    zw_json json = zw_json_of(&data);
    zw_json_open(&json, NULL, '{');
    zw_json_integer(&json, "batch", batch);
    zw_json_bool(&json, "refused", true);
    zw_json_close(&json, '}');
    zw_envelope_answer(request, &data, NULL);
    zw_buf_fini(&data);
}
