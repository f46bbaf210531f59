/* Text: bytes borrowed from elsewhere, their UTF-8, and the folding that names get. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

zw_text zw_text_of(const char *text)
{
    return (zw_text){text, text != NULL ? strlen(text) : 0};
}

bool zw_text_is(zw_text text, const char *other)
{
    return zw_text_same(text, zw_text_of(other));
}

bool zw_text_same(zw_text a, zw_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Every white space that gets trimmed, as its bytes. */
static const char *const spaces[] = {
    " ", "\t", "\n", "\v", "\f", "\r", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF",
};

enum { SPACE_COUNT = sizeof spaces / sizeof spaces[0] };

/* The length of the white space at the text's start or end; 0 when there is none. */
static size_t space_at(zw_text text, bool is_end)
{
    for (size_t i = 0; i < SPACE_COUNT; i++) {
        size_t len = strlen(spaces[i]);
        if (text.len >= len &&
            memcmp(is_end ? text.at + text.len - len : text.at, spaces[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/* ASCII that is no space: how most texts begin and end. */
static bool is_inked(char c)
{
    return c > ' ' && c <= '~';
}

zw_text zw_text_trim(zw_text text)
{
    size_t space;
    if (text.len > 0 && is_inked(text.at[0]) && is_inked(text.at[text.len - 1])) {
        return text;
    }
    while ((space = space_at(text, false)) > 0) {
        text.at += space;
        text.len -= space;
    }
    while ((space = space_at(text, true)) > 0) {
        text.len -= space;
    }
    return text;
}

/* How many bytes a character has by its first one; 0 when no character begins like that. */
static size_t announced_length(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* The length of the character that starts at `at`, or 0 when it is not UTF-8. Only the second
 * byte's range depends on the first: that is where overlong forms and surrogates show. */
static size_t char_length(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    size_t len = announced_length(first);
    if (len <= 1 || len > left) {
        return len > left ? 0 : len;
    }
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

/* How much ASCII there is from `at` on, by whole words: most texts are little else. */
static size_t ascii_words(const unsigned char *at, size_t left)
{
    uint64_t word = 0;
    size_t len = 0;
    while (left - len >= sizeof word) {
        memcpy(&word, at + len, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
        len += sizeof word;
    }
    return len;
}

bool zw_text_is_utf8(const char *bytes, size_t len, size_t *bad_at)
{
    const unsigned char *at = (const unsigned char *)bytes;
    for (size_t i = 0; i < len;) {
        i += ascii_words(at + i, len - i);
        if (i == len) {
            return true;
        }
        size_t step = char_length(at + i, len - i);
        if (step == 0) {
            if (bad_at != NULL) {
                *bad_at = i;
            }
            return false;
        }
        i += step;
    }
    return true;
}

/* Folds the character at `at`: gives its narrow byte and answers how many bytes it took. What has
 * no narrow form goes byte by byte. */
static size_t fold_one(const char *bytes, size_t left, char *narrow)
{
    const unsigned char *at = (const unsigned char *)bytes;
    *narrow = bytes[0];
    if (left < 3) {
        return 1;
    }
    if (at[0] == 0xE3 && at[1] == 0x80 && at[2] == 0x80) {
        *narrow = ' ';
        return 3;
    }
    if (at[0] == 0xEF && at[1] == 0xBC && at[2] >= 0x81 && at[2] <= 0xBF) {
        *narrow = (char)(at[2] - 0x81 + '!');
        return 3;
    }
    if (at[0] == 0xEF && at[1] == 0xBD && at[2] >= 0x80 && at[2] <= 0x9E) {
        *narrow = (char)(at[2] - 0x80 + '`');
        return 3;
    }
    return 1;
}

bool zw_text_fold(zw_text text, zw_buf *out)
{
    zw_text left = zw_text_trim(text);
    bool is_done = !out->has_failed;
    while (is_done && left.len > 0) {
        char narrow;
        size_t step = fold_one(left.at, left.len, &narrow);
        is_done = zw_buf_putc(out, narrow);
        left.at += step;
        left.len -= step;
    }
    return is_done;
}

bool zw_text_fold_into(zw_text text, char *out, size_t size)
{
    zw_text left = zw_text_trim(text);
    size_t len = 0;
    while (left.len > 0 && len + 1 < size) {
        size_t step = fold_one(left.at, left.len, &out[len]);
        len++;
        left.at += step;
        left.len -= step;
    }
    if (size > 0) {
        out[len] = '\0';
    }
    return left.len == 0 && size > 0 && memchr(out, '\0', len) == NULL;
}

bool zw_text_is_name(zw_text text)
{
    if (text.len == 0 || text.at[0] < 'a' || text.at[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return true;
}
