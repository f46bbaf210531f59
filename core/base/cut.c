/* A cut: how a text that is too long for its place ends at a whole UTF-8 character. */
#include "base/cut.h"

#include <stdio.h>

static int is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t zw_cut_length(const char *text, size_t len, size_t most)
{
    if (len <= most) {
        return len;
    }
    /* A character has at most three continuation bytes: past those the bytes are not UTF-8, and any
     * place is as good as another. */
    size_t end = most;
    for (int back = 0; back < 3 && end > 0 && is_continuation(text[end]); back++) {
        end--;
    }
    return is_continuation(text[end]) ? most : end;
}

/* The length of `text` without a last character whose bytes are not all there. */
static size_t without_torn_end(const char *text, size_t len)
{
    size_t lead = len; /* one behind the byte with which the last character begins */
    while (lead > 0 && len - lead < 3 && is_continuation(text[lead - 1])) {
        lead--;
    }
    if (lead == 0) {
        return len;
    }
    unsigned char first = (unsigned char)text[lead - 1];
    size_t announced = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return len - (lead - 1) < announced ? lead - 1 : len;
}

size_t zw_cut_vformat(char *out, size_t size, const char *fmt, va_list args)
{
    int wanted = vsnprintf(out, size, fmt, args);
    if (wanted < 0) { /* what does not format says nothing rather than half of something */
        out[0] = '\0';
        return 0;
    }
    size_t len = (size_t)wanted < size ? (size_t)wanted : without_torn_end(out, size - 1);
    out[len] = '\0';
    return len;
}
