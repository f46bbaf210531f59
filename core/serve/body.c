/* A body under way. Gzip is unpacked piece by piece, so that a small one that unpacks to a huge one
 * is stopped at the ceiling and not after it. */
#define ZLIB_CONST /* what it is given to read stays const */

#include "serve/body.h"

#include "base/buf.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK_BYTES = 32 * 1024, GZIP_ONLY = 16 + MAX_WBITS };

struct zw_body {
    zw_body_options options;
    zw_buf bytes;
    z_stream stream;
    bool has_stream;
    bool is_within; /* a gzip member has begun and not ended */
};

zw_status zw_body_create(const zw_body_options *options, zw_body **out, zw_err *err)
{
    *out = NULL;
    zw_body *body = calloc(1, sizeof(*body));
    if (body == NULL) {
        return zw_err_nomem(err);
    }
    body->options = *options;
    zw_buf_init(&body->bytes, options->most_bytes + 1);
    if (options->is_gzip && inflateInit2(&body->stream, GZIP_ONLY) != Z_OK) {
        free(body);
        return zw_err_nomem(err);
    }
    body->has_stream = options->is_gzip;
    *out = body;
    return ZW_OK;
}

void zw_body_destroy(zw_body *body)
{
    if (body == NULL) {
        return;
    }
    if (body->has_stream) {
        (void)inflateEnd(&body->stream);
    }
    zw_buf_fini(&body->bytes);
    free(body);
}

static zw_status keep(zw_body *body, const void *bytes, size_t len, zw_err *err)
{
    if (len > body->options.most_bytes - body->bytes.len) {
        return zw_err_set(err, ZW_LIMIT, "the body is over the limit of %zu bytes",
                          body->options.most_bytes);
    }
    return zw_buf_append(&body->bytes, bytes, len) ? ZW_OK : zw_err_nomem(err);
}

/* Unpacks a chunk of what the stream was given. */
static zw_status unpack_chunk(zw_body *body, zw_err *err)
{
    unsigned char chunk[CHUNK_BYTES];
    z_stream *stream = &body->stream;
    if (!body->is_within) {
        (void)inflateReset(stream); /* one member may follow another */
        body->is_within = true;
    }
    stream->next_out = chunk;
    stream->avail_out = sizeof(chunk);
    int code = inflate(stream, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) {
        return zw_err_nomem(err);
    }
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return zw_err_set(err, ZW_INVALID, "the body is no gzip: %s",
                          stream->msg != NULL ? stream->msg : "it is broken");
    }
    body->is_within = code != Z_STREAM_END;
    return keep(body, chunk, sizeof(chunk) - stream->avail_out, err);
}

zw_status zw_body_add(zw_body *body, const void *bytes, size_t len, zw_err *err)
{
    if (!body->options.is_gzip) {
        return keep(body, bytes, len, err);
    }
    zw_status status = ZW_OK;
    z_stream *stream = &body->stream;
    assert(len <= UINT_MAX); /* what a socket gives at a time */
    stream->next_in = bytes;
    stream->avail_in = (uInt)len;
    do {
        status = unpack_chunk(body, err);
        /* A chunk that was filled may have more behind it though all input is taken. */
    } while (status == ZW_OK &&
             (stream->avail_in > 0 || (body->is_within && stream->avail_out == 0)));
    return status;
}

zw_status zw_body_end(zw_body *body, zw_err *err)
{
    return body->is_within ? zw_err_set(err, ZW_INVALID, "the body's gzip stops in the middle")
                           : ZW_OK;
}

const char *zw_body_view(const zw_body *body, size_t *len)
{
    *len = body->bytes.len;
    return zw_buf_view(&body->bytes);
}

size_t zw_body_memory_bytes(const zw_body *body)
{
    return body->bytes.capacity;
}
