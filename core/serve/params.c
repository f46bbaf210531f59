/* Parameters held against what a path takes: what nobody reads would look as if it had been obeyed.
 */
#include "serve/params.h"

#include "base/cut.h"

#include <string.h>

enum { SHOWN_BYTES = 64 };

struct checking {
    const char *const *known;
    uint32_t seen; /* bit i: known[i] came; a path takes far fewer than 32 */
    zw_status status;
    zw_err *err;
};

/* Long texts of strangers are shown by their beginning. */
static int shown_length(const char *text)
{
    return (int)zw_cut_length(text, strlen(text), SHOWN_BYTES);
}

zw_status zw_params_unknown(const char *noun, const char *text, const zw_nearest *nearest,
                            zw_err *err)
{
    zw_buf hint;
    zw_buf_init(&hint, 512);
    zw_nearest_say(nearest, &hint);
    zw_status status = zw_err_set(err, ZW_INVALID, "no %s '%.*s'%s", noun, shown_length(text), text,
                                  zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

static bool check_one(void *arg, const char *name, const char *value)
{
    (void)value;
    struct checking *checking = arg;
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (unsigned i = 0; checking->known[i] != NULL; i++) {
        if (strcmp(checking->known[i], name) != 0) {
            zw_nearest_try(&nearest, checking->known[i]);
            continue;
        }
        if ((checking->seen >> i & 1U) != 0) {
            checking->status =
                zw_err_set(checking->err, ZW_INVALID, "parameter '%s' is given twice", name);
        }
        checking->seen |= 1U << i;
        return checking->status == ZW_OK;
    }
    checking->status = zw_params_unknown("parameter", name, &nearest, checking->err);
    return false;
}

zw_status zw_params_check(const zw_http_request *request, const char *const *known, zw_err *err)
{
    struct checking checking = {.known = known, .status = ZW_OK, .err = err};
    (void)zw_http_request_query_each(request, check_one, &checking);
    return checking.status;
}

zw_status zw_params_count(const zw_http_request *request, const char *name, long long low,
                          long long high, long long fallback, long long *out, zw_err *err)
{
    const char *text = zw_http_request_query(request, name);
    *out = fallback;
    if (text == NULL) {
        return ZW_OK;
    }
    if (!zw_text_integer(zw_text_of(text), out) || *out < low || *out > high) {
        return zw_err_set(err, ZW_INVALID, "%s: '%.*s' is no whole number from %lld to %lld", name,
                          shown_length(text), text, low, high);
    }
    return ZW_OK;
}

zw_status zw_params_flag(const zw_http_request *request, const char *name, bool *out, zw_err *err)
{
    const char *text = zw_http_request_query(request, name);
    *out = text != NULL && (text[0] == '\0' || strcmp(text, "true") == 0);
    if (text == NULL || *out || strcmp(text, "false") == 0) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "%s: '%.*s' is neither true nor false", name,
                      shown_length(text), text);
}
