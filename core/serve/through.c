/* Through the running process: one request of libcurl's, and the envelope it is answered in. */
#include "serve/through.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>

enum { ANSWER_BYTES = 64 * 1024 * 1024, URL_BYTES = 64 * 1024, CONNECT_S = 5, ALL_S = 60 };

static size_t take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
    return zw_buf_append(arg, bytes, size * count) ? size * count : 0;
}

static zw_status status_of(long http_status)
{
    switch (http_status) {
    case 400:
        return ZW_INVALID;
    case 404:
        return ZW_NOT_FOUND;
    case 422:
        return ZW_CONFLICT;
    default:
        return ZW_STORE;
    }
}

/* Takes the data out of an envelope, or its error. */
static zw_status open_envelope(const zw_through *call, long http_status, const zw_buf *body,
                               zw_buf *data, zw_err *err)
{
    json_t *envelope = json_loadb(zw_buf_view(body), body->len, JSON_REJECT_DUPLICATES, NULL);
    const char *error = json_string_value(json_object_get(envelope, "error"));
    json_t *inside = json_object_get(envelope, "data");
    zw_status status = ZW_OK;
    if (http_status / 100 != 2) {
        status = zw_err_set(err, status_of(http_status), "%s",
                            error != NULL ? error : "it was refused without a word");
    } else if (inside == NULL) {
        status = zw_err_set(err, ZW_IO, "%s is no zonewatch: it answered no JSON", call->url);
    } else {
        char *text = json_dumps(inside, JSON_COMPACT | JSON_ENCODE_ANY);
        status = text != NULL && zw_buf_puts(data, text) ? ZW_OK : zw_err_nomem(err);
        free(text);
    }
    json_decref(envelope);
    return status;
}

static zw_status perform(CURL *curl, const zw_through *call, struct curl_slist *headers,
                         zw_buf *body, long *http_status, zw_err *err)
{
    zw_buf url;
    zw_buf_init(&url, URL_BYTES);
    zw_buf_printf(&url, "%s%s", call->url, call->path);
    char *author = call->author != NULL ? curl_easy_escape(curl, call->author, 0) : NULL;
    if (author != NULL) {
        zw_buf_printf(&url, "?author=%s", author);
    }
    curl_free(author);
    (void)curl_easy_setopt(curl, CURLOPT_URL, zw_buf_view(&url));
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,localhost");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ALL_S);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (call->body != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
    }
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, http_status);
    zw_buf_fini(&url);
    return code == CURLE_OK ? ZW_OK
                            : zw_err_set(err, ZW_IO, "%s: %s", call->url, curl_easy_strerror(code));
}

zw_status zw_through_ask(const zw_through *call, zw_buf *data, zw_err *err)
{
    zw_buf body;
    long http_status = 0;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    zw_buf_init(&body, ANSWER_BYTES);
    zw_status status = curl != NULL && headers != NULL
                           ? perform(curl, call, headers, &body, &http_status, err)
                           : zw_err_nomem(err);
    status = status == ZW_OK ? open_envelope(call, http_status, &body, data, err) : status;
    zw_buf_fini(&body);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}
