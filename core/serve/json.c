/* JSON as it is written. Nesting is the caller's: the one thing remembered is whether a comma is
 * due. */
#include "serve/json.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Appends valid UTF-8 with what JSON escapes. */
static void put_escaped(zw_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            zw_buf_printf(out, "\\%c", c);
        } else if (c == '\n') {
            zw_buf_puts(out, "\\n");
        } else if (c < ' ') {
            zw_buf_printf(out, "\\u%04x", c);
        } else {
            zw_buf_putc(out, (char)c);
        }
    }
}

static void put_string(zw_buf *out, const char *text)
{
    size_t len = strlen(text);
    size_t bad_at = 0;
    zw_buf_putc(out, '"');
    while (!zw_text_is_utf8(text, len, &bad_at)) {
        put_escaped(out, text, bad_at);
        zw_buf_puts(out, "\xef\xbf\xbd");
        text += bad_at + 1;
        len -= bad_at + 1;
    }
    put_escaped(out, text, len);
    zw_buf_putc(out, '"');
}

/* What stands before a value. */
static void begin(zw_json *json, const char *key)
{
    if (json->needs_comma) {
        zw_buf_putc(json->out, ',');
    }
    if (key != NULL) {
        put_string(json->out, key);
        zw_buf_putc(json->out, ':');
    }
    json->needs_comma = true;
}

zw_json zw_json_of(zw_buf *out)
{
    return (zw_json){.out = out};
}

void zw_json_open(zw_json *json, const char *key, char bracket)
{
    begin(json, key);
    zw_buf_putc(json->out, bracket);
    json->needs_comma = false;
}

void zw_json_close(zw_json *json, char bracket)
{
    zw_buf_putc(json->out, bracket);
    json->needs_comma = true;
}

void zw_json_text(zw_json *json, const char *key, const char *text)
{
    if (text == NULL) {
        zw_json_null(json, key);
        return;
    }
    begin(json, key);
    put_string(json->out, text);
}

void zw_json_words(zw_json *json, const char *key, const char *text)
{
    zw_json_text(json, key, text != NULL && text[0] != '\0' ? text : NULL);
}

void zw_json_number(zw_json *json, const char *key, double value)
{
    char text[32];
    if (!isfinite(value)) {
        zw_json_null(json, key);
        return;
    }
    begin(json, key);
    zw_buf_puts(json->out, zw_text_of_number(value, text, sizeof(text)));
}

void zw_json_integer(zw_json *json, const char *key, int64_t value)
{
    begin(json, key);
    zw_buf_printf(json->out, "%" PRId64, value);
}

void zw_json_bool(zw_json *json, const char *key, bool value)
{
    begin(json, key);
    zw_buf_puts(json->out, value ? "true" : "false");
}

void zw_json_null(zw_json *json, const char *key)
{
    begin(json, key);
    zw_buf_puts(json->out, "null");
}

void zw_json_raw(zw_json *json, const char *key, const char *text)
{
    begin(json, key);
    zw_buf_puts(json->out, text);
}
