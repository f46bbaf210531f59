/* A request: from its URL over its headers and its body to its answer. What cannot become one is
 * refused here. The promises are http.c's. */
#include "serve/http_inside.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DRAINED_BYTES = 16 << 20
}; /* of a refused body, read so that the client comes to hear why */

/* The first reason wins. */
static void request_refuse(zw_http_request *request, unsigned status, const char *type,
                           const char *text)
{
    if (request->refused_status == 0) {
        request->refused_status = status;
        request->refused_type = type;
        (void)snprintf(request->refused_text, sizeof request->refused_text, "%s", text);
    }
}

static bool response_dress(struct MHD_Response *response, const char *content_type,
                           const zw_http_pair *headers, size_t header_count)
{
    bool is_ok = content_type == NULL ||
                 MHD_add_response_header(response, "Content-Type", content_type) == MHD_YES;
    for (size_t i = 0; is_ok && i < header_count; i++) {
        is_ok = MHD_add_response_header(response, headers[i].name, headers[i].value) == MHD_YES;
    }
    return is_ok;
}

/* Gives the response away, NULL being one that there was no memory for. */
static enum MHD_Result request_queue(zw_http_request *request, unsigned status,
                                     struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;
    request->is_answered = true;
    request->http->answering++;
    if (response != NULL) {
        result = MHD_queue_response(request->connection, status, response);
        MHD_destroy_response(response); /* the connection holds its own reference */
    }
    return result;
}

/* The texts are ours and hold nothing that JSON escapes. */
static struct MHD_Response *response_of_error(const char *type, const char *text)
{
    char json[ZW_HTTP_REFUSAL_BYTES * 2];
    int len =
        snprintf(json, sizeof json,
                 "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":\"%s\"}\n", type, text);
    struct MHD_Response *response =
        MHD_create_response_from_buffer((size_t)len, json, MHD_RESPMEM_MUST_COPY);
    if (response != NULL && !response_dress(response, "application/json", NULL, 0)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

/* What a refusal tells beside its words: RFC 7694 for the encodings. */
static void response_tell(struct MHD_Response *response, unsigned status)
{
    if (response != NULL && status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_ENCODING, "gzip, identity");
    }
    if (response != NULL && status == MHD_HTTP_TOO_MANY_REQUESTS) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    }
}

/* Only from the access handler, while the connection is not suspended. */
static enum MHD_Result request_answer_refusal(zw_http_request *request)
{
    struct MHD_Response *response = response_of_error(request->refused_type, request->refused_text);
    response_tell(response, request->refused_status);
    return request_queue(request, request->refused_status, response);
}

/* The library shows the URL once before it decodes it in place, which loses what went wrong. What
 * is returned here is the request's context from then on; NULL when there is no memory for it. */
void *zw_http_on_url(void *cls, const char *raw, struct MHD_Connection *connection)
{
    zw_http *http = cls;
    zw_http_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->http = http;
    request->connection = connection;
    raw = raw != NULL ? raw : "";
    request->target_end = raw + strlen(raw);
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_url_parse(raw, &request->url, &err);
    if (status == ZW_NOMEM) {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "out of memory");
    } else if (status != ZW_OK) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", err.text);
    }
    return request;
}

static const char *known_method(const char *method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "DELETE"};
    if (strcmp(method, "HEAD") == 0) {
        method = "GET"; /* the library leaves the body out by itself */
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(method, known[i]) == 0) {
            return known[i];
        }
    }
    return NULL;
}

/* The ceiling of a request's body. */
static uint64_t most_bytes(const zw_http_request *request)
{
    const zw_http_options *options = &request->http->options;
    return request->may_be_long ? options->max_long_bytes : options->max_body_bytes;
}

/* How long the head says that the body is; 0 when it does not say. A length that is no number of
 * ours was a number to the library, so it is a huge one. */
static uint64_t announced_bytes(const zw_http_request *request)
{
    const char *length = zw_http_request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    long long bytes = 0;
    if (length == NULL) {
        return 0;
    }
    return zw_text_integer(zw_text_of(length), &bytes) ? (uint64_t)bytes : UINT64_MAX;
}

static void request_refuse_too_long(zw_http_request *request)
{
    char text[ZW_HTTP_REFUSAL_BYTES];
    (void)snprintf(text, sizeof text, "the body is over the limit of %llu bytes",
                   (unsigned long long)most_bytes(request));
    request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", text);
}

/* Whether `more` bytes of this body can come, in memory or, when it is long, in its file. */
static bool has_room(const zw_http_request *request, uint64_t more_bytes)
{
    const zw_http *http = request->http;
    const zw_http_options *options = &http->options;
    bool is_long = request->may_be_long && more_bytes > options->held_bytes;
    uint64_t held_bytes = http->load.bodies_bytes + (is_long ? 0 : more_bytes);
    uint64_t laid_by_bytes = http->load.laid_by_bytes + (is_long ? more_bytes : 0);
    return held_bytes <= options->bodies_bytes && laid_by_bytes <= options->laid_by_bytes;
}

static void request_refuse_for_now(zw_http_request *request)
{
    request_refuse(request, MHD_HTTP_TOO_MANY_REQUESTS, "too_many_requests",
                   "the bodies under way fill the room they may have: send it again later");
    request->http->load.refused++;
}

/* How the body is packed. Nothing said is identity. */
static void request_read_encoding(zw_http_request *request)
{
    const char *encoding = zw_http_request_header(request, MHD_HTTP_HEADER_CONTENT_ENCODING);
    if (encoding == NULL || encoding[0] == '\0' || strcasecmp(encoding, "identity") == 0) {
        return;
    }
    request->is_gzip = strcasecmp(encoding, "gzip") == 0 || strcasecmp(encoding, "x-gzip") == 0;
    if (!request->is_gzip) {
        request_refuse(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type",
                       "Content-Encoding can only be gzip or identity");
    }
}

/* The headers are in. What is wrong is said when the body is through, which keeps the connection
 * usable; only a body known to be too long, or to find no room, is not waited for. */
static enum MHD_Result request_begin(zw_http_request *request, const char *method,
                                     const char *version)
{
    request->has_begun = true;
    request->method = known_method(method);
    if (request->method == NULL) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data",
                       "unknown method: GET, HEAD, POST, PUT and DELETE are known");
    }
    /* The library cuts the request line with NULs: the version stands right behind the URL, unless
     * the URL had a NUL of its own. */
    if (version != request->target_end + 1) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", "bad URL: a NUL byte");
    }
    const char *encoding = zw_http_request_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    if (encoding != NULL && strcasecmp(encoding, "chunked") != 0) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data",
                       "Transfer-Encoding can only be chunked");
        return request_answer_refusal(request); /* where its body ends is not known */
    }
    request_read_encoding(request);
    zw_http_long_cb may_be_long = request->http->options.may_be_long;
    request->may_be_long =
        request->refused_status == 0 && may_be_long != NULL && may_be_long(request);
    uint64_t bytes = announced_bytes(request);
    if (bytes > most_bytes(request)) {
        request_refuse_too_long(request);
        return request_answer_refusal(request);
    }
    if (bytes > 0 && request->refused_status == 0 && !has_room(request, bytes)) {
        request_refuse_for_now(request);
        return request_answer_refusal(request);
    }
    return MHD_YES;
}

static void request_refuse_as(zw_http_request *request, zw_status status, const zw_err *err)
{
    if (status == ZW_LIMIT) {
        request_refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", err->text);
    } else if (status == ZW_INVALID) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", err->text);
    } else {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", err->text);
    }
}

/* Counts what the body takes now into the server's load. */
static void request_count_body(zw_http_request *request)
{
    const zw_body *body = request->body;
    zw_http_load *load = &request->http->load;
    size_t held_bytes = body != NULL ? zw_body_memory_bytes(body) : 0;
    bool is_laid_by = body != NULL && zw_body_is_laid_by(body);
    uint64_t laid_by_bytes = is_laid_by ? zw_body_bytes(body) : 0;
    load->bodies_bytes += held_bytes - request->held_bytes;
    load->laid_by_bytes += laid_by_bytes - request->laid_by_bytes;
    request->held_bytes = held_bytes;
    request->laid_by_bytes = laid_by_bytes;
}

static void request_drop_body(zw_http_request *request)
{
    zw_body_destroy(request->body);
    request->body = NULL;
    request_count_body(request);
}

static void request_keep_body(zw_http_request *request, const char *bytes, size_t len)
{
    zw_err err = {ZW_OK, ""};
    const zw_http_options *http = &request->http->options;
    zw_body_options options = {.is_gzip = request->is_gzip,
                               .most_bytes = most_bytes(request),
                               .held_bytes = http->held_bytes,
                               .folder = request->may_be_long ? http->folder : NULL};
    zw_status status =
        request->body == NULL ? zw_body_create(&options, &request->body, &err) : ZW_OK;
    status = status == ZW_OK ? zw_body_add(request->body, bytes, len, &err) : status;
    request_count_body(request);
    if (status != ZW_OK) {
        request_refuse_as(request, status, &err);
    } else if (!has_room(request, 0)) {
        request_refuse_for_now(request);
    }
}

/* No answer can be given while a body comes in, so an unwanted one is read and dropped. */
static enum MHD_Result request_take_body(zw_http_request *request, const char *bytes, size_t len)
{
    if (request->refused_status == 0) {
        request_keep_body(request, bytes, len);
    }
    if (request->refused_status != 0) {
        request_drop_body(request);
        request->drained_bytes += len;
    }
    return request->drained_bytes > DRAINED_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result request_complete(zw_http_request *request)
{
    zw_http *http = request->http;
    if (http->is_closing) {
        request_refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "shutting down");
    }
    zw_err err;
    if (request->body != NULL && zw_body_end(request->body, &err) != ZW_OK) {
        request_refuse(request, MHD_HTTP_BAD_REQUEST, "bad_data", err.text);
    }
    if (request->refused_status != 0) {
        request_drop_body(request);
        return request_answer_refusal(request);
    }
    assert(http->turn_count < http->options.connections);
    MHD_suspend_connection(request->connection);
    http->turn[http->turn_count++] = request;
    request->next = http->waiting;
    if (request->next != NULL) {
        request->next->prev = request;
    }
    http->waiting = request;
    return MHD_YES;
}

/* Called by the library when the headers are in, for each piece of the body, and at its end. */
enum MHD_Result zw_http_on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *len, void **context)
{
    (void)cls, (void)connection, (void)url;
    zw_http_request *request = *context;
    if (request == NULL || request->is_answered) {
        return MHD_NO; /* no memory for the request, or none for its answer: hang up */
    }
    if (!request->has_begun) {
        return request_begin(request, method, version);
    }
    if (*len > 0) {
        size_t taken = *len;
        *len = 0;
        return request_take_body(request, bytes, taken);
    }
    return request_complete(request);
}

void zw_http_on_completed(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode how)
{
    (void)cls, (void)connection, (void)how;
    zw_http_request *request = *context;
    if (request == NULL) {
        return;
    }
    if (request->is_answered) {
        request->http->answering--;
    }
    zw_url_fini(&request->url);
    request_drop_body(request);
    free(request);
    *context = NULL;
}

static void waiting_remove(zw_http_request *request)
{
    if (request->prev != NULL) {
        request->prev->next = request->next;
    } else {
        request->http->waiting = request->next;
    }
    if (request->next != NULL) {
        request->next->prev = request->prev;
    }
    request->next = request->prev = NULL;
}

/* Without a response the library asks for one again after the resume, and is told to hang up. */
static void request_answer(zw_http_request *request, unsigned status, struct MHD_Response *response)
{
    zw_http *http = request->http;
    assert(!request->is_answered);
    waiting_remove(request);
    request_drop_body(request); /* a big one is not needed while the answer goes out */
    (void)request_queue(request, status, response);
    MHD_resume_connection(request->connection);
    zw_http_wake(http);
}

void zw_http_request_turn_away(zw_http_request *request, const char *why)
{
    request_answer(request, MHD_HTTP_SERVICE_UNAVAILABLE, response_of_error("unavailable", why));
}

const char *zw_http_request_method(const zw_http_request *request)
{
    return request->method;
}

const char *zw_http_request_path(const zw_http_request *request)
{
    return request->url.path;
}

const char *zw_http_request_query(const zw_http_request *request, const char *name)
{
    return zw_url_query(&request->url, name);
}

bool zw_http_request_query_each(const zw_http_request *request,
                                bool (*visit)(void *arg, const char *name, const char *value),
                                void *arg)
{
    for (size_t i = 0; i < request->url.param_count; i++) {
        if (!visit(arg, request->url.params[i].name, request->url.params[i].value)) {
            return false;
        }
    }
    return true;
}

const char *zw_http_request_header(const zw_http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *zw_http_request_content_type(const zw_http_request *request)
{
    return zw_http_request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
}

const char *zw_http_request_body(const zw_http_request *request, size_t *len)
{
    *len = 0;
    return request->body != NULL ? zw_body_view(request->body, len) : "";
}

bool zw_http_request_is_long(const zw_http_request *request, uint64_t *bytes)
{
    bool is_long = request->body != NULL && zw_body_is_laid_by(request->body);
    *bytes = is_long ? zw_body_bytes(request->body) : 0;
    return is_long;
}

size_t zw_http_request_read(const zw_http_request *request, uint64_t at, void *to, size_t most,
                            zw_err *err)
{
    return zw_body_read(request->body, at, to, most, err);
}

static void answer_with(zw_http_request *request, int status_code, const char *content_type,
                        struct MHD_Response *response, const zw_http_pair *headers,
                        size_t header_count)
{
    assert(status_code >= 200 && status_code <= 599);
    if (response != NULL && !response_dress(response, content_type, headers, header_count)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    request_answer(request, (unsigned)status_code, response);
}

void zw_http_answer(zw_http_request *request, int status_code, const char *content_type,
                    const void *body, size_t len, const zw_http_pair *headers, size_t header_count)
{
    /* The library wants a pointer that is not const, also for what it only copies. */
    answer_with(request, status_code, content_type,
                MHD_create_response_from_buffer(len, (void *)body, MHD_RESPMEM_MUST_COPY), headers,
                header_count);
}

void zw_http_answer_take(zw_http_request *request, int status_code, const char *content_type,
                         zw_buf *body, const zw_http_pair *headers, size_t header_count)
{
    if (body->has_failed) {
        zw_buf_fini(body);
        request_answer(request, MHD_HTTP_INTERNAL_SERVER_ERROR,
                       response_of_error("internal", "no room for the answer"));
        return;
    }
    size_t len = body->len;
    char *bytes = zw_buf_take(body); /* NULL when it is empty, which the library takes as well */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(bytes);
    }
    answer_with(request, status_code, content_type, response, headers, header_count);
}

void zw_http_answer_busy(zw_http_request *request, const char *why)
{
    struct MHD_Response *response = response_of_error("too_many_requests", why);
    response_tell(response, MHD_HTTP_TOO_MANY_REQUESTS);
    request->http->load.refused++;
    request_answer(request, MHD_HTTP_TOO_MANY_REQUESTS, response);
}
