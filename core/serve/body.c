/* A body under way. Gzip is unpacked piece by piece, so that a small one that unpacks to a huge one
 * is stopped at the ceiling and not after it. The file that a long one is laid by in has its name
 * taken away at once: it goes with the process, however that ends. */
#define ZLIB_CONST /* what it is given to read stays const */

#include "serve/body.h"

#include "base/buf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PATH_BYTES = 4096, CHUNK_BYTES = 32 * 1024, GZIP_ONLY = 16 + MAX_WBITS };

struct zw_body {
    zw_body_options options;
    zw_buf bytes;   /* empty when it is laid by */
    int file;       /* -1: it is held */
    uint64_t count; /* unpacked so far */
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
    body->file = -1;
    zw_buf_init(&body->bytes, SIZE_MAX);
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
    if (body->file != -1) {
        (void)close(body->file);
    }
    zw_buf_fini(&body->bytes);
    free(body);
}

static zw_status open_file(zw_body *body, zw_err *err)
{
    char path[PATH_BYTES];
    int len = snprintf(path, sizeof(path), "%s/.zonewatch-body-XXXXXX", body->options.folder);
    body->file = len > 0 && (size_t)len < sizeof(path) ? mkstemp(path) : -1;
    if (body->file == -1) {
        return zw_err_set(err, ZW_IO, "the body cannot be laid by: %s", strerror(errno));
    }
    (void)unlink(path);
    (void)fcntl(body->file, F_SETFD, FD_CLOEXEC);
    return ZW_OK;
}

static zw_status lay_by(zw_body *body, const char *bytes, size_t len, zw_err *err)
{
    while (len > 0) {
        ssize_t got = write(body->file, bytes, len);
        if (got < 0 && errno != EINTR) {
            return zw_err_set(err, ZW_IO, "the body cannot be laid by: %s", strerror(errno));
        }
        bytes += got > 0 ? got : 0;
        len -= got > 0 ? (size_t)got : 0;
    }
    return ZW_OK;
}

/* It is getting long: from here on it lies in a file. */
static zw_status begin_to_lay_by(zw_body *body, zw_err *err)
{
    zw_status status = open_file(body, err);
    status =
        status == ZW_OK ? lay_by(body, zw_buf_view(&body->bytes), body->bytes.len, err) : status;
    zw_buf_fini(&body->bytes);
    return status;
}

static zw_status keep(zw_body *body, const void *bytes, size_t len, zw_err *err)
{
    const zw_body_options *options = &body->options;
    if (len > options->most_bytes - body->count) {
        return zw_err_set(err, ZW_LIMIT, "the body is over the limit of %llu bytes",
                          (unsigned long long)options->most_bytes);
    }
    body->count += len;
    bool is_long = options->folder != NULL && body->count > options->held_bytes;
    zw_status status = is_long && body->file == -1 ? begin_to_lay_by(body, err) : ZW_OK;
    if (status != ZW_OK || is_long) {
        return status == ZW_OK ? lay_by(body, bytes, len, err) : status;
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

uint64_t zw_body_bytes(const zw_body *body)
{
    return body->count;
}

bool zw_body_is_laid_by(const zw_body *body)
{
    return body->file != -1;
}

size_t zw_body_read(const zw_body *body, uint64_t at, void *to, size_t most, zw_err *err)
{
    ssize_t got = pread(body->file, to, most, (off_t)at);
    if (got < 0) {
        (void)zw_err_set(err, ZW_IO, "the body cannot be read: %s", strerror(errno));
        return SIZE_MAX;
    }
    return (size_t)got;
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
