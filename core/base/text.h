/** Text: UTF-8 checks, the folding that names get, plain numbers, and the nearest known word. */
#ifndef ZW_BASE_TEXT_H
#define ZW_BASE_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/** Bytes borrowed from somewhere else; not NUL-terminated. */
typedef struct zw_text {
    const char *at;
    size_t len;
} zw_text;

zw_text zw_text_of(const char *text);             /* of a NUL-terminated string; NULL is empty */
bool zw_text_is(zw_text text, const char *other); /* byte for byte */
bool zw_text_same(zw_text a, zw_text b);

/** Without the white space at both ends (ASCII, U+00A0, U+3000 and U+FEFF). */
zw_text zw_text_trim(zw_text text);

/** Strict UTF-8 (no surrogates, no overlong forms). @param bad_at  gets the first bad byte's
 * offset; may be NULL. */
bool zw_text_is_utf8(const char *bytes, size_t len, size_t *bad_at);

/**
 * Appends `text` as names are compared: trimmed, full-width ASCII forms (U+FF01…U+FF5E) and U+3000
 * to their narrow selves. Case stays. @return false when the buffer failed.
 */
bool zw_text_fold(zw_text text, zw_buf *out);

/** Like fold, into `out[size]`, NUL-terminated; false when it did not fit, or holds a NUL itself.
 */
bool zw_text_fold_into(zw_text text, char *out, size_t size);

/**
 * A plain decimal number ("-12.5", "1e4"), the whole text of it; no thousands marks, no hex, no inf
 * or nan, in any locale. @return false when it is not one, or not finite.
 */
bool zw_text_number(zw_text text, double *out);

/**
 * The same at the start of a text, as much of it as belongs to the number, and quick where it is
 * short. @return its bytes; 0 when none stands there or it is not finite.
 */
size_t zw_text_decimal(zw_text text, double *out);

/** A plain integer, the whole text; false when it is not one or does not fit. */
bool zw_text_integer(zw_text text, long long *out);

/**
 * Writes a double in the shortest form that reads back the same ("0.1", "603.2", "4420000"), never
 * in a locale's way.
 * @return `out`. `size` must be at least 32.
 */
const char *zw_text_of_number(double value, char *out, size_t size);

/** An identifier of the language: [a-z][a-z0-9_]*. */
bool zw_text_is_name(zw_text text);

/**
 * The word nearest to `word` (edit distance with transpositions), when near enough to be what was
 * meant (distance at most 1 + length/4). Feed the candidates one at a time.
 */
typedef struct zw_nearest {
    zw_text word;
    const char *best; /* NULL while nothing is near; borrowed from the caller */
    size_t distance;
} zw_nearest;

void zw_nearest_init(zw_nearest *nearest, zw_text word);
void zw_nearest_try(zw_nearest *nearest, const char *candidate);

/** Appends "; did you mean 'best'?" when there is one. */
void zw_nearest_say(const zw_nearest *nearest, zw_buf *out);

#endif
