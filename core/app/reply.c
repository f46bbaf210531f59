/* Replies. Of bad rows the first are kept in words, the others counted. */
#include "app/reply.h"

#include "serve/batch_list.h"

#include <stdlib.h>
#include <string.h>

enum { WHY_BYTES = 16 * 1024 * 1024 };

void zw_reply_init(zw_api_fed *fed, bool is_live)
{
    *fed = (zw_api_fed){.is_live = is_live};
    zw_buf_init(&fed->why, WHY_BYTES);
}

static size_t kept_of(size_t bad_count)
{
    return bad_count < ZW_API_BAD_MOST ? bad_count : ZW_API_BAD_MOST;
}

void zw_reply_fini(zw_api_fed *fed)
{
    for (size_t i = 0; i < kept_of(fed->bad_count); i++) {
        free((char *)fed->bad[i].text);
    }
    free(fed->bad);
    zw_buf_fini(&fed->why);
    *fed = (zw_api_fed){.status = ZW_OK};
}

/* On failure what was added before stays, and is counted. */
static zw_status add_bad(zw_api_fed *fed, const zw_fed *more, zw_err *err)
{
    size_t kept = kept_of(fed->bad_count + more->bad_count);
    struct zw_api_bad *bad = realloc(fed->bad, (kept + 1) * sizeof(*bad));
    if (bad == NULL) {
        return zw_err_nomem(err);
    }
    fed->bad = bad;
    for (size_t i = 0; i < more->bad_count; i++) {
        if (fed->bad_count < ZW_API_BAD_MOST) {
            char *text = strdup(more->bad[i].text);
            if (text == NULL) {
                return zw_err_nomem(err);
            }
            bad[fed->bad_count] = (struct zw_api_bad){more->bad[i].line, more->bad[i].column, text};
        }
        fed->bad_count++;
    }
    return ZW_OK;
}

/* Why a delivery is held; of several parts that are, the first. */
static zw_status add_why(zw_api_fed *fed, const zw_engine *engine, const zw_fed *more, zw_err *err)
{
    if (!more->is_held || fed->is_held) {
        return ZW_OK;
    }
    zw_json json = zw_json_of(&fed->why);
    fed->is_held = true;
    return zw_batch_list_why(zw_engine_store(engine), more->batch, NULL, &json, err);
}

zw_status zw_reply_add(zw_api_fed *fed, const zw_engine *engine, const zw_fed *more, zw_err *err)
{
    fed->batch = more->batch;
    fed->accepted += more->accepted;
    fed->unchanged += more->unchanged;
    fed->revised += more->revised;
    fed->encoding = more->encoding;
    fed->is_over_limit = fed->is_over_limit || more->is_over_limit;
    zw_status status = add_bad(fed, more, err);
    return status == ZW_OK ? add_why(fed, engine, more, err) : status;
}

void zw_reply_give(zw_api_fed *fed, zw_http_request *request, zw_status status, const zw_err *err)
{
    fed->status = status;
    fed->error = status == ZW_OK ? NULL : err->text;
    zw_api_answer_delivery(request, fed);
    zw_reply_fini(fed);
}
