/**
 * JSON as it is written: straight into a buffer, so that a large answer is never held twice, and
 * with the shortest number that reads back the same. Failures stick in the buffer.
 */
#ifndef ZW_SERVE_JSON_H
#define ZW_SERVE_JSON_H

#include "base/buf.h"

#include <stdint.h>

/** Open so that it can lie on the stack. `key` below is NULL inside an array, and at the top. */
typedef struct zw_json {
    zw_buf *out;      /* borrowed */
    bool needs_comma; /* a value stands before this place */
} zw_json;

zw_json zw_json_of(zw_buf *out);

/** @param bracket  '{' or '['; to be closed with '}' or ']'. */
void zw_json_open(zw_json *json, const char *key, char bracket);
void zw_json_close(zw_json *json, char bracket);

/** A NULL text is null; bytes that are not UTF-8 become U+FFFD. */
void zw_json_text(zw_json *json, const char *key, const char *text);
/** Like text, but null when it is empty. */
void zw_json_words(zw_json *json, const char *key, const char *text);
/** What is not finite is null. */
void zw_json_number(zw_json *json, const char *key, double value);
void zw_json_integer(zw_json *json, const char *key, int64_t value);
void zw_json_bool(zw_json *json, const char *key, bool value);
void zw_json_null(zw_json *json, const char *key);
/** Text that is JSON already. */
void zw_json_raw(zw_json *json, const char *key, const char *text);

#endif
