/** An excerpt: how an answer begins, for the operator and the record. It is bounded, one line, and
 * UTF-8, whatever the one who answered sends. */
#ifndef ZW_SERVE_EXCERPT_H
#define ZW_SERVE_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>

enum { ZW_EXCERPT_BYTES = 200 };

/** Open so that it can lie inside what answers belong to; all zero when nothing came yet. */
typedef struct zw_excerpt {
    size_t len;
    char text[ZW_EXCERPT_BYTES + 1];
} zw_excerpt;

/** Takes what more there is; past ZW_EXCERPT_BYTES nothing. */
void zw_excerpt_add(zw_excerpt *excerpt, const char *bytes, size_t len);

/**
 * Makes it fit to be said: line ends and tabs become blanks, what is no text a question mark, and
 * no character is cut in two.
 * @param is_line  only the first line.
 * @return the text, valid as long as the excerpt.
 */
const char *zw_excerpt_say(zw_excerpt *excerpt, bool is_line);

#endif
