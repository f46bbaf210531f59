/**
 * A scan of JSON: bytes become tokens, each with the place where it begins; of numbers the text is
 * kept, so that what is read is what was written. Strict: RFC 8259, nothing else. Pure: bytes in,
 * tokens out.
 */
#ifndef ZW_INTAKE_JSON_SCAN_H
#define ZW_INTAKE_JSON_SCAN_H

#include "base/text.h"
#include "intake/batch.h"

enum { ZW_JSON_DEPTH_MAX = 64 }; /* values in values */

typedef enum zw_json_is {
    ZW_JSON_END,
    ZW_JSON_TEXT,
    ZW_JSON_NUMBER,
    ZW_JSON_TRUE,
    ZW_JSON_FALSE,
    ZW_JSON_NULL,
    ZW_JSON_OBJECT, /* { */
    ZW_JSON_OBJECT_END,
    ZW_JSON_ARRAY, /* [ */
    ZW_JSON_ARRAY_END,
    ZW_JSON_COLON,
    ZW_JSON_COMMA,
    ZW_JSON_WRONG /* none of them: `wrong` says what was expected */
} zw_json_is;

/** Open for reading. */
typedef struct zw_json_scan {
    zw_json_is is;       /* the token at hand */
    zw_text_place place; /* where it begins; columns are characters, from 1 */
    zw_text text;        /* of a number or text, without escapes; valid until the next token */
    bool has_nul;        /* the text holds one */
    const char *wrong;   /* static */
    zw_text rest;        /* not scanned yet */
    const char *counted;
    zw_text_place counted_at; /* the place of `counted` */
    zw_buf unescaped;
} zw_json_scan;

/** @param text  UTF-8, borrowed. @param line  the number of its first line. */
void zw_json_scan_init(zw_json_scan *scan, zw_text text, uint32_t line);
void zw_json_scan_fini(zw_json_scan *scan);

/** Begins again with another text, keeping what memory there is. */
void zw_json_scan_restart(zw_json_scan *scan, zw_text text, uint32_t line);

/** Takes the next token. Past the end and past a wrong one there is nothing but that. @return
 * false, and the token is wrong, without memory. */
bool zw_json_scan_next(zw_json_scan *scan);

/** Makes the token at hand a wrong one: it does not belong there. @param wrong  static. */
void zw_json_scan_refuse(zw_json_scan *scan, const char *wrong);

/** Passes over the value that begins with the token at hand, up to its last token. Not deeper than
 * ZW_JSON_DEPTH_MAX. @return as zw_json_scan_next. */
bool zw_json_scan_skip(zw_json_scan *scan);

/** "an object", "a number" … of a value's first token. */
const char *zw_json_is_text(zw_json_is is);

#endif
