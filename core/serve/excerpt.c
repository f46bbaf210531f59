/* An excerpt: how an answer begins. */
#include "serve/excerpt.h"

#include "base/text.h"

#include <string.h>

enum { DELETE = 0x7F };

void zw_excerpt_add(zw_excerpt *excerpt, const char *bytes, size_t len)
{
    size_t room = ZW_EXCERPT_BYTES - excerpt->len;
    size_t taken = len < room ? len : room;
    memcpy(excerpt->text + excerpt->len, bytes, taken);
    excerpt->len += taken;
}

static size_t line_length(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    return at;
}

/* The length without a character that may go on behind the end. */
static size_t whole_length(const char *text, size_t len)
{
    size_t whole = len;
    while (whole > 0 && (text[whole - 1] & 0xC0) == 0x80) {
        whole--;
    }
    whole -= whole > 0 && (text[whole - 1] & 0x80) != 0 ? 1 : 0;
    return zw_text_is_utf8(text, len, NULL) ? len : whole;
}

static char fit(char c, bool is_text)
{
    if (c == '\n' || c == '\r' || c == '\t') {
        return ' ';
    }
    unsigned char code = (unsigned char)c;
    bool is_no_text = code < ' ' || code == DELETE || (code > DELETE && !is_text);
    return (char)(is_no_text ? '?' : c);
}

const char *zw_excerpt_say(zw_excerpt *excerpt, bool is_line)
{
    char *text = excerpt->text;
    size_t len = is_line ? line_length(text, excerpt->len) : excerpt->len;
    len = len == ZW_EXCERPT_BYTES ? whole_length(text, len) : len;
    bool is_text = zw_text_is_utf8(text, len, NULL);
    for (size_t i = 0; i < len; i++) {
        text[i] = fit(text[i], is_text);
    }
    text[len] = '\0';
    excerpt->len = len;
    return text;
}
