/** What holds of every delivery of live samples, and what two readings of the same must share. */
#ifndef ZW_TESTS_FUZZ_LIVE_H
#define ZW_TESTS_FUZZ_LIVE_H

#include "fuzz.h"
#include "intake/live.h"

#include <math.h>
#include <string.h>

enum { LIVE_BYTES_MAX = 16 * 1024 * 1024, LIVE_NOW_MS = 5000, LIVE_NUMBER_BYTES = 40 };

static inline zw_live live_begin(void)
{
    zw_live live = {0};
    zw_err err = {ZW_OK, ""};
    FUZZ_MUST(zw_live_keys_create(&live.keys, &err) == ZW_OK);
    return live;
}

static inline void live_end(zw_live *live)
{
    zw_live_keys *keys = live->keys;
    zw_live_fini(live);
    zw_live_keys_destroy(keys);
}

static inline void live_key_must_be_sound(const zw_live_key *key)
{
    FUZZ_MUST(key->name.len > 0 && zw_live_is_clean(key->name) && zw_live_is_clean(key->field));
    for (size_t i = 0; i < key->label_count; i++) {
        FUZZ_MUST(key->labels[i].name.len > 0 && key->labels[i].value.len > 0);
        for (size_t k = 0; k < i; k++) {
            FUZZ_MUST(!zw_text_same(key->labels[i].name, key->labels[k].name));
        }
    }
}

/** Samples finite, in the order of their lines, of keys that are there; faults with a place and
 * words; no line both taken and refused. */
static inline void live_must_be_sound(const zw_live *live)
{
    size_t row = 0;
    for (uint32_t i = 0; i < zw_live_keys_count(live->keys); i++) {
        live_key_must_be_sound(zw_live_keys_at(live->keys, i));
    }
    for (size_t i = 0; i < live->row_count; i++) {
        const zw_live_row *at = &live->rows[i];
        FUZZ_MUST(isfinite(at->value) && at->key < zw_live_keys_count(live->keys));
        FUZZ_MUST(at->at_ms >= ZW_LIVE_FIRST_MS && at->at_ms <= ZW_LIVE_LAST_MS);
        FUZZ_MUST(at->line >= 1 && (i == 0 || at->line >= live->rows[i - 1].line));
    }
    for (size_t i = 0; i < live->faults.count; i++) {
        const zw_fault *fault = &live->faults.at[i];
        FUZZ_MUST(fault->line >= 1 && fault->column >= 1 && fault->text[0] != '\0');
        FUZZ_MUST(zw_text_is_utf8(fault->text, strlen(fault->text), NULL));
        while (row < live->row_count && live->rows[row].line < fault->line) {
            row++;
        }
        FUZZ_MUST(row == live->row_count || live->rows[row].line != fault->line);
    }
}

static inline void live_keys_must_be_same(const zw_live_key *a, const zw_live_key *b)
{
    FUZZ_MUST(zw_text_same(a->name, b->name) && zw_text_same(a->field, b->field));
    FUZZ_MUST(a->label_count == b->label_count);
    for (size_t i = 0; i < a->label_count; i++) {
        FUZZ_MUST(zw_text_same(a->labels[i].name, b->labels[i].name));
        FUZZ_MUST(zw_text_same(a->labels[i].value, b->labels[i].value));
    }
}

/** The same samples, whatever numbers their keys have. */
static inline void live_must_be_same(const zw_live *a, const zw_live *b)
{
    FUZZ_MUST(a->row_count == b->row_count);
    for (size_t i = 0; i < a->row_count; i++) {
        FUZZ_MUST(a->rows[i].value == b->rows[i].value);
        FUZZ_MUST(a->rows[i].at_ms == b->rows[i].at_ms);
        live_keys_must_be_same(zw_live_keys_at(a->keys, a->rows[i].key),
                               zw_live_keys_at(b->keys, b->rows[i].key));
    }
}

/* A text with a backslash before each of `escaped`. */
static inline void live_put(zw_buf *out, zw_text text, const char *escaped)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_escaped = text.at[i] != '\0' && strchr(escaped, text.at[i]) != NULL;
        (void)zw_buf_puts(out, is_escaped ? "\\" : "");
        (void)zw_buf_putc(out, text.at[i]);
    }
}

static inline void live_put_number(zw_buf *out, double value)
{
    char text[LIVE_NUMBER_BYTES];
    (void)zw_buf_puts(out, zw_text_of_number(value, text, sizeof(text)));
}

#endif
