/** A growing byte buffer with a ceiling; always NUL-terminated behind its end. */
#ifndef ZW_BASE_BUF_H
#define ZW_BASE_BUF_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/** Open so that it can lie on the stack. `has_failed` sticks: check it once, at the end. */
typedef struct zw_buf {
    char *data; /* NULL until the first byte */
    size_t len, capacity, ceiling_bytes;
    bool has_failed; /* no memory, or past the ceiling: what came after was dropped */
} zw_buf;

void zw_buf_init(zw_buf *buf, size_t ceiling_bytes);
void zw_buf_fini(zw_buf *buf); /* frees; an initialised or zeroed buffer is allowed */
void zw_buf_clear(zw_buf *buf);

bool zw_buf_append(zw_buf *buf, const void *bytes, size_t len);
bool zw_buf_puts(zw_buf *buf, const char *text);
bool zw_buf_putc(zw_buf *buf, char c);
bool zw_buf_printf(zw_buf *buf, const char *fmt, ...) ZW_PRINTF(2, 3);
bool zw_buf_vprintf(zw_buf *buf, const char *fmt, va_list args) ZW_PRINTF(2, 0);

/** The text so far, never NULL; valid until the next change. */
const char *zw_buf_view(const zw_buf *buf);

/** Hands the bytes over: the caller frees; the buffer is empty after. NULL when nothing was ever
 * put in or it failed. */
char *zw_buf_take(zw_buf *buf);

#endif
