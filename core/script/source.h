/**
 * Source: the text of a Lua file read as words, to find where in it something stands and which of
 * its names nobody declares. It knows Lua's words, not its grammar; what it cannot tell it leaves
 * alone.
 */
#ifndef ZW_SCRIPT_SOURCE_H
#define ZW_SCRIPT_SOURCE_H

#include "base/text.h"

#include <stdint.h>

typedef enum zw_word_is {
    ZW_WORD_END,
    ZW_WORD_NAME, /* a name or a keyword */
    ZW_WORD_TEXT, /* a string; `text` is what stands between the quotes, escapes as written */
    ZW_WORD_NUMBER,
    ZW_WORD_MARK /* an operator or a bracket */
} zw_word_is;

/** A word of the file. `text` is borrowed from it. */
typedef struct zw_word {
    zw_word_is is;
    zw_text text;
    uint32_t line, column; /* from 1; columns count characters */
} zw_word;

/** A place in the file; line 0: not found. */
typedef struct zw_spot {
    uint32_t line, column;
} zw_spot;

/** Reads a file word by word; comments are passed over. */
typedef struct zw_source {
    const char *at, *end, *counted_to;
    uint32_t line, column; /* of counted_to */
} zw_source;

void zw_source_open(zw_source *source, zw_text file);
void zw_source_next(zw_source *source, zw_word *word);

/**
 * The first `name`, as a name, on `line` or behind it; without its column when it stands on its
 * line more than once, for then nobody can tell which one is meant.
 * @param before  the mark that must stand before it (":"), or NULL.
 */
zw_spot zw_source_name(zw_text file, uint32_t line, const char *before, const char *name);

/** The first string `content`, on `line` or behind it. */
zw_spot zw_source_text(zw_text file, uint32_t line, const char *content);

/**
 * The key `field` directly inside the braces that follow the string `name`, on `line` or behind it.
 */
zw_spot zw_source_field(zw_text file, uint32_t line, const char *name, const char *field);

bool zw_source_is_keyword(zw_text word);

#endif
