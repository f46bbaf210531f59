/* A growing byte buffer with a ceiling, NUL-terminated behind its end. */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void zw_buf_init(zw_buf *buf, size_t ceiling_bytes)
{
    *buf = (zw_buf){.ceiling_bytes = ceiling_bytes};
}

void zw_buf_fini(zw_buf *buf)
{
    free(buf->data);
    zw_buf_init(buf, buf->ceiling_bytes);
}

void zw_buf_clear(zw_buf *buf)
{
    buf->len = 0;
    buf->has_failed = false;
    if (buf->data != NULL) {
        buf->data[0] = '\0';
    }
}

/* Room for `more` bytes and the NUL behind them. */
static bool buf_reserve(zw_buf *buf, size_t more)
{
    if (buf->has_failed) {
        return false;
    }
    if (more > buf->ceiling_bytes || buf->len > buf->ceiling_bytes - more ||
        buf->len + more == SIZE_MAX) {
        buf->has_failed = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity > 0 ? buf->capacity : FIRST_CAPACITY;
    while (capacity < need) {
        capacity = capacity > SIZE_MAX / 2 ? need : 2 * capacity;
    }
    if (capacity - 1 > buf->ceiling_bytes) { /* `need` fits below it */
        capacity = buf->ceiling_bytes + 1;
    }
    char *data = realloc(buf->data, capacity);
    if (data == NULL) {
        buf->has_failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

bool zw_buf_append(zw_buf *buf, const void *bytes, size_t len)
{
    if (len == 0) {
        return !buf->has_failed;
    }
    if (!buf_reserve(buf, len)) {
        return false;
    }
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return true;
}

bool zw_buf_puts(zw_buf *buf, const char *text)
{
    return zw_buf_append(buf, text, strlen(text));
}

bool zw_buf_putc(zw_buf *buf, char c)
{
    return zw_buf_append(buf, &c, 1);
}

bool zw_buf_printf(zw_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    bool is_done = zw_buf_vprintf(buf, fmt, args);
    va_end(args);
    return is_done;
}

bool zw_buf_vprintf(zw_buf *buf, const char *fmt, va_list args)
{
    va_list measured;
    va_copy(measured, args);
    int len = vsnprintf(NULL, 0, fmt, measured);
    va_end(measured);
    if (len < 0) {
        buf->has_failed = true;
        return false;
    }
    if (len == 0) {
        return !buf->has_failed;
    }
    if (!buf_reserve(buf, (size_t)len)) {
        return false;
    }
    (void)vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
    buf->len += (size_t)len;
    return true;
}

const char *zw_buf_view(const zw_buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

char *zw_buf_take(zw_buf *buf)
{
    char *bytes = buf->data;
    if (buf->has_failed || buf->len == 0) {
        free(bytes);
        bytes = NULL;
    }
    zw_buf_init(buf, buf->ceiling_bytes);
    return bytes;
}
