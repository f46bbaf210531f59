/* A URL: decoded in place, since decoding never makes a text longer. */
#include "serve/url.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that the two digits behind a percent sign name, -1 when they are none. Never looks past
 * the NUL. */
static int hex_byte(const char *digits)
{
    int high = hex_digit(digits[0]);
    int low = high < 0 ? -1 : hex_digit(digits[1]);
    return low < 0 ? -1 : high * 16 + low;
}

/* Decodes what `text` holds into itself. @return NULL, or what is wrong with it. */
static const char *decode(char *text, bool plus_is_space)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        int byte = (unsigned char)*from;
        if (byte <= ' ' || byte == 0x7f) {
            return "a space or control character is not percent-encoded";
        }
        if (byte == '%') {
            byte = hex_byte(from + 1);
            from += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        if (byte <= 0) {
            return byte < 0 ? "malformed percent-encoding" : "a NUL byte";
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return zw_text_is_utf8(text, (size_t)(to - text), NULL) ? NULL : "not UTF-8";
}

static size_t count_params(const char *query)
{
    size_t count = 1;
    for (const char *at = query; *at != '\0'; at++) {
        count += *at == '&';
    }
    return count;
}

/* Splits first and decodes after: an encoded "&" or "=" is a character of its name or value. */
static const char *split_query(char *query, zw_url_param *params, size_t *count)
{
    *count = 0;
    for (char *piece = query, *next = NULL; piece != NULL; piece = next) {
        next = strchr(piece, '&');
        if (next != NULL) {
            *next++ = '\0';
        }
        if (*piece == '\0') {
            continue;
        }
        char *value = strchr(piece, '=');
        if (value != NULL) {
            *value++ = '\0';
        } else {
            value = piece + strlen(piece); /* its NUL: an empty value */
        }
        const char *wrong = decode(piece, true);
        if (wrong == NULL) {
            wrong = decode(value, true);
        }
        if (wrong != NULL) {
            return wrong;
        }
        params[(*count)++] = (zw_url_param){piece, value};
    }
    return NULL;
}

zw_status zw_url_parse(const char *raw, zw_url *out, zw_err *err)
{
    *out = (zw_url){0};
    size_t text_bytes = strlen(raw) + 1;
    size_t params_bytes = count_params(raw) * sizeof(zw_url_param);
    zw_url_param *params = malloc(params_bytes + text_bytes);
    if (params == NULL) {
        return zw_err_nomem(err);
    }
    char *path = (char *)params + params_bytes;
    memcpy(path, raw, text_bytes);
    char *query = strchr(path, '?');
    if (query != NULL) {
        *query++ = '\0';
    }
    size_t count = 0;
    const char *wrong = path[0] == '/' ? decode(path, false) : "the path must start with a slash";
    const char *where = "path";
    if (wrong == NULL && query != NULL) {
        wrong = split_query(query, params, &count);
        where = "query";
    }
    if (wrong != NULL) {
        free(params);
        return zw_err_set(err, ZW_INVALID, "bad %s in the URL: %s", where, wrong);
    }
    *out = (zw_url){.path = path, .params = params, .param_count = count, .memory = params};
    return ZW_OK;
}

void zw_url_fini(zw_url *url)
{
    free(url->memory);
    *url = (zw_url){0};
}

const char *zw_url_query(const zw_url *url, const char *name)
{
    for (size_t i = 0; i < url->param_count; i++) {
        if (strcmp(url->params[i].name, name) == 0) {
            return url->params[i].value;
        }
    }
    return NULL;
}
