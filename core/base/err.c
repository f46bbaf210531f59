/* An error: what failed, in words, the outermost context first. */
#include "base/err.h"

#include "base/cut.h"

#include <stdarg.h>
#include <string.h>

zw_status zw_err_set(zw_err *err, zw_status status, const char *fmt, ...)
{
    if (err == NULL) {
        return status;
    }
    /* Formatted aside: an argument may be the text that is about to be replaced. */
    char text[ZW_ERR_TEXT_BYTES];
    va_list args;
    va_start(args, fmt);
    size_t len = zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    err->status = status;
    memcpy(err->text, text, len + 1);
    return status;
}

zw_status zw_err_wrap(zw_err *err, zw_status status, const char *fmt, ...)
{
    if (err == NULL) {
        return status;
    }
    char context[ZW_ERR_TEXT_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(context, sizeof context, fmt, args);
    va_end(args);
    if (err->text[0] == '\0') {
        return zw_err_set(err, status, "%s", context);
    }
    return zw_err_set(err, status, "%s: %s", context, err->text);
}

zw_status zw_err_nomem(zw_err *err)
{
    return zw_err_set(err, ZW_NOMEM, "%s", zw_status_text(ZW_NOMEM));
}

const char *zw_status_text(zw_status status)
{
    switch (status) {
#define ZW_STATUS_CASE(name, text)                                                                 \
    case ZW_##name:                                                                                \
        return text;
        ZW_STATUS_MAP(ZW_STATUS_CASE)
#undef ZW_STATUS_CASE
    }
    return "unknown status";
}
