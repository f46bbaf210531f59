/* The nearest known word: what a misspelt name probably meant. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 64 }; /* characters; a longer word gets no suggestion */

/* The characters of a text as numbers, so that one Chinese character is one step and not three.
 * Bytes that are not UTF-8 count as characters of their own. Answers more than WORD_MAX when the
 * text is too long. */
static size_t characters_of(zw_text text, uint32_t out[WORD_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (count > 0 && (byte & 0xC0) == 0x80 && out[count - 1] < (1U << 24)) {
            out[count - 1] = (out[count - 1] << 8) | byte;
            continue;
        }
        if (count == WORD_MAX) {
            return WORD_MAX + 1;
        }
        out[count++] = byte;
    }
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance where two neighbours that changed places are one mistake (optimal string
 * alignment): three rows of the table are enough for it. */
static size_t distance_of(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_len; j++) {
        last[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = least(now[j], before[j - 2] + 1);
            }
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len];
}

void zw_nearest_init(zw_nearest *nearest, zw_text word)
{
    *nearest = (zw_nearest){.word = word};
}

void zw_nearest_try(zw_nearest *nearest, const char *candidate)
{
    uint32_t word[WORD_MAX], other[WORD_MAX];
    size_t word_len = characters_of(nearest->word, word);
    size_t other_len = characters_of(zw_text_of(candidate), other);
    if (word_len > WORD_MAX || other_len > WORD_MAX) {
        return;
    }
    size_t distance = distance_of(word, word_len, other, other_len);
    if (distance > 1 + word_len / 4 || distance >= word_len) {
        return; /* also when every character would have to go: that is not a misspelling */
    }
    if (nearest->best == NULL || distance < nearest->distance) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}

void zw_nearest_say(const zw_nearest *nearest, zw_buf *out)
{
    if (nearest->best != NULL) {
        (void)zw_buf_printf(out, "; did you mean '%s'?", nearest->best);
    }
}
