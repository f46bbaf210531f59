/** A cut: how a text that is too long for its place ends at a whole UTF-8 character. */
#ifndef ZW_BASE_CUT_H
#define ZW_BASE_CUT_H

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>

/** The greatest length, at most `most`, at which no character of `text[len]` is cut in two. */
size_t zw_cut_length(const char *text, size_t len, size_t most);

/**
 * Formats into `out[size]`, NUL-terminated, cut at a character when it does not fit. The arguments
 * must not lie in `out`.
 * @return the bytes written, without the NUL.
 */
size_t zw_cut_vformat(char *out, size_t size, const char *fmt, va_list args) ZW_PRINTF(3, 0);

#endif
