/* A sniff: which encoding a delivery is in, found by trying the strict ones first. */
#include "intake/sniff.h"

#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { CHUNK_BYTES = 4096 };

/* U+FFFD: GB18030 has a code for it, but a text that holds it was broken before it came here. */
#define REPLACEMENT "\xEF\xBF\xBD"

const char *zw_encoding_name(zw_encoding encoding)
{
    switch (encoding) {
    case ZW_UTF8:
        return "UTF-8";
    case ZW_UTF8_BOM:
        return "UTF-8 with BOM";
    case ZW_UTF16LE:
        return "UTF-16LE";
    case ZW_UTF16BE:
        return "UTF-16BE";
    case ZW_GB18030:
        return "GB18030";
    }
    return "unknown encoding";
}

static bool starts_with(const char *bytes, size_t len, const char *bom, size_t bom_len)
{
    return len >= bom_len && memcmp(bytes, bom, bom_len) == 0;
}

/* The line, from 1, on which the byte behind the first `len` stands. Lines end as the readers see
 * it: LF, CR LF, or CR alone. */
static size_t line_after(const char *bytes, size_t len)
{
    size_t line = 1;
    for (size_t i = 0; i < len; i++) {
        bool is_cr = bytes[i] == '\r' && (i + 1 == len || bytes[i + 1] != '\n');
        line += bytes[i] == '\n' || is_cr ? 1 : 0;
    }
    return line;
}

static zw_status out_append(zw_buf *out, const char *bytes, size_t len, zw_err *err)
{
    if (zw_buf_append(out, bytes, len)) {
        return ZW_OK;
    }
    if (len > out->ceiling_bytes || out->len > out->ceiling_bytes - len) {
        return zw_err_set(err, ZW_LIMIT, "more than %zu bytes as UTF-8", out->ceiling_bytes);
    }
    return zw_err_nomem(err);
}

/* Takes back what was appended, so that a failed try leaves nothing for the next one. */
static void out_cut(zw_buf *out, size_t len)
{
    if (out->len > len) {
        out->len = len;
        out->data[len] = '\0';
    }
}

/* Feeds all of `bytes` through `conv`. `*is_good` says whether they were what `conv` expects. */
static zw_status pump(iconv_t conv, const char *bytes, size_t len, zw_buf *out, bool *is_good,
                      zw_err *err)
{
    char *in = (char *)bytes; /* iconv's signature; it does not write through it */
    size_t left = len;
    zw_status status = ZW_OK;
    *is_good = true;
    while (left > 0 && status == ZW_OK && *is_good) {
        char chunk[CHUNK_BYTES];
        char *to = chunk;
        size_t room = sizeof chunk;
        size_t substituted = iconv(conv, &in, &left, &to, &room);
        /* A full chunk is no fault; everything else that stops iconv early is. */
        *is_good = substituted == 0 || (substituted == (size_t)-1 && errno == E2BIG);
        status = out_append(out, chunk, sizeof chunk - room, err);
    }
    return status;
}

/* Converts from `name`. When the bytes are not that, `*bad_line` gets the line where they stop
 * being it; 0 when all is well. */
static zw_status convert(const char *name, const char *bytes, size_t len, zw_buf *out,
                         size_t *bad_line, zw_err *err)
{
    *bad_line = 0;
    iconv_t conv = iconv_open("UTF-8", name);
    if (conv == (iconv_t)-1) { /* NOLINT(performance-no-int-to-ptr): how POSIX says it */
        return zw_err_set(err, errno == ENOMEM ? ZW_NOMEM : ZW_IO,
                          "no converter from %s on this system: %s", name, strerror(errno));
    }
    size_t from = out->len;
    bool is_good;
    zw_status status = pump(conv, bytes, len, out, &is_good, err);
    (void)iconv_close(conv);
    if (status != ZW_OK) {
        return status;
    }
    if (!is_good) {
        *bad_line = line_after(zw_buf_view(out) + from, out->len - from);
    }
    return ZW_OK;
}

/* With a byte order mark there is nothing to guess: the rest is what the mark says, or bad. */
static zw_status sniff_utf16(zw_encoding encoding, const char *bytes, size_t len, zw_buf *out,
                             zw_err *err)
{
    size_t bad_line;
    zw_status status = convert(zw_encoding_name(encoding), bytes, len, out, &bad_line, err);
    if (status == ZW_OK && bad_line > 0) {
        status = zw_err_set(err, ZW_INVALID, "line %zu: not %s, as the byte order mark says",
                            bad_line, zw_encoding_name(encoding));
    }
    return status;
}

static zw_status sniff_utf8_bom(const char *bytes, size_t len, zw_buf *out, zw_err *err)
{
    size_t bad_at;
    if (!zw_text_is_utf8(bytes, len, &bad_at)) {
        return zw_err_set(err, ZW_INVALID, "line %zu: not UTF-8, as the byte order mark says",
                          line_after(bytes, bad_at));
    }
    return out_append(out, bytes, len, err);
}

static zw_status sniff_unmarked(const char *bytes, size_t len, zw_buf *out, zw_encoding *encoding,
                                zw_err *err)
{
    size_t bad_at;
    if (zw_text_is_utf8(bytes, len, &bad_at)) {
        *encoding = ZW_UTF8;
        return out_append(out, bytes, len, err);
    }
    size_t from = out->len;
    size_t bad_line;
    zw_status status = convert("GB18030", bytes, len, out, &bad_line, err);
    const char *text = zw_buf_view(out) + from;
    const char *replaced = strstr(text, REPLACEMENT);
    if (bad_line == 0 && replaced != NULL) {
        bad_line = line_after(text, (size_t)(replaced - text));
    }
    if (status == ZW_OK && bad_line > 0) {
        /* Both lines are said: one bad byte in a UTF-8 text stops GB18030 somewhere else. */
        return zw_err_set(err, ZW_INVALID, "line %zu is not UTF-8, line %zu is not GB18030",
                          line_after(bytes, bad_at), bad_line);
    }
    *encoding = ZW_GB18030;
    return status;
}

static zw_status sniff(const char *bytes, size_t len, zw_buf *out, zw_encoding *encoding,
                       zw_err *err)
{
    if (starts_with(bytes, len, "\xEF\xBB\xBF", 3)) {
        *encoding = ZW_UTF8_BOM;
        return sniff_utf8_bom(bytes + 3, len - 3, out, err);
    }
    if (starts_with(bytes, len, "\xFF\xFE", 2)) {
        *encoding = ZW_UTF16LE;
        return sniff_utf16(*encoding, bytes + 2, len - 2, out, err);
    }
    if (starts_with(bytes, len, "\xFE\xFF", 2)) {
        *encoding = ZW_UTF16BE;
        return sniff_utf16(*encoding, bytes + 2, len - 2, out, err);
    }
    return sniff_unmarked(bytes, len, out, encoding, err);
}

zw_status zw_sniff_utf8(const void *bytes, size_t len, zw_buf *out, zw_encoding *encoding,
                        zw_err *err)
{
    *encoding = ZW_UTF8;
    if (len == 0) {
        return ZW_OK;
    }
    size_t from = out->len;
    zw_status status = sniff(bytes, len, out, encoding, err);
    if (status == ZW_OK && out->len > from) {
        const char *text = out->data + from;
        const char *nul = memchr(text, '\0', out->len - from);
        if (nul != NULL) {
            status = zw_err_set(err, ZW_INVALID, "line %zu holds a NUL byte: not a text",
                                line_after(text, (size_t)(nul - text)));
        }
    }
    if (status != ZW_OK) {
        out_cut(out, from);
    }
    return status;
}
