/* Targets of request lines, content types, and texts as JSON: what is decoded and encoded again
 * decodes the same. */
#include "fuzz.h"
#include "serve/json.h"
#include "serve/media.h"
#include "serve/url.h"

#include <jansson.h>
#include <string.h>

enum { OUT_BYTES_MAX = 1 << 20 };

static void put_encoded(zw_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        (void)zw_buf_printf(out, "%%%02x", (unsigned char)*text);
    }
}

static void write_url(const zw_url *url, zw_buf *out)
{
    (void)zw_buf_putc(out, '/');
    put_encoded(out, url->path + 1);
    for (size_t i = 0; i < url->param_count; i++) {
        (void)zw_buf_putc(out, i == 0 ? '?' : '&');
        put_encoded(out, url->params[i].name);
        (void)zw_buf_putc(out, '=');
        put_encoded(out, url->params[i].value);
    }
}

static void url_must_be_same(const zw_url *a, const zw_url *b)
{
    FUZZ_MUST(strcmp(a->path, b->path) == 0 && a->param_count == b->param_count);
    for (size_t i = 0; i < a->param_count; i++) {
        FUZZ_MUST(strcmp(a->params[i].name, b->params[i].name) == 0);
        FUZZ_MUST(strcmp(a->params[i].value, b->params[i].value) == 0);
        FUZZ_MUST(zw_url_query(a, a->params[i].name) != NULL);
        FUZZ_MUST(zw_text_is_utf8(a->params[i].value, strlen(a->params[i].value), NULL));
    }
}

static void url_must_hold(const char *raw)
{
    zw_url url = {0};
    zw_url again = {0};
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_url_parse(raw, &url, &err);
    fuzz_must_say(status, &err);
    zw_buf_init(&out, OUT_BYTES_MAX);
    if (status == ZW_OK) {
        FUZZ_MUST(url.path[0] == '/' && zw_text_is_utf8(url.path, strlen(url.path), NULL));
        write_url(&url, &out);
        FUZZ_MUST(!out.has_failed && zw_url_parse(zw_buf_view(&out), &again, &err) == ZW_OK);
        url_must_be_same(&url, &again);
    }
    zw_buf_fini(&out);
    zw_url_fini(&again);
    zw_url_fini(&url);
}

static void json_must_hold(const char *text)
{
    zw_buf out;
    zw_buf_init(&out, OUT_BYTES_MAX);
    zw_json json = zw_json_of(&out);
    zw_json_open(&json, NULL, '[');
    zw_json_text(&json, NULL, text);
    zw_json_close(&json, ']');
    json_t *array = json_loadb(zw_buf_view(&out), out.len, 0, NULL);
    const char *said = json_string_value(json_array_get(array, 0));
    FUZZ_MUST(said != NULL);
    FUZZ_MUST(!zw_text_is_utf8(text, strlen(text), NULL) || strcmp(said, text) == 0);
    json_decref(array);
    zw_buf_fini(&out);
}

void fuzz_one(zw_text input)
{
    char *raw = malloc(input.len + 1);
    FUZZ_MUST(raw != NULL);
    memcpy(raw, input.at, input.len);
    raw[input.len] = '\0';
    url_must_hold(raw);
    json_must_hold(raw);
    (void)zw_media_is(raw, "text/csv");
    free(raw);
}
