/**
 * Batches written back as tidy CSV: what a reader took must read the same again, whatever form it
 * came in.
 */
#ifndef ZW_TESTS_FUZZ_WRITTEN_H
#define ZW_TESTS_FUZZ_WRITTEN_H

#include "fuzz.h"
#include "intake/batch.h"
#include "intake/heading.h"

#include <math.h>
#include <string.h>

enum { WRITTEN_BYTES_MAX = 16 * 1024 * 1024, STAMP_BYTES = 48, NUMBER_BYTES = 40 };

/** The calendar of a zone without an offset of its own; made once. */
static inline const zw_calendar *written_utc(void)
{
    static zw_tz *tz = NULL;
    static zw_calendar utc = {.reporting_month = 1};
    zw_err err = {ZW_OK, ""};
    if (tz == NULL) {
        FUZZ_MUST(zw_tz_create("UTC", &tz, &err) == ZW_OK);
        utc.tz = tz;
    }
    return &utc;
}

static inline void written_field(zw_buf *out, const char *text)
{
    (void)zw_buf_putc(out, '"');
    for (; *text != '\0'; text++) {
        (void)zw_buf_puts(out, *text == '"' ? "\"" : "");
        (void)zw_buf_putc(out, *text);
    }
    (void)zw_buf_puts(out, "\",");
}

/* A stamp in a form that reads as the same stamp. */
static inline void written_stamp(zw_buf *out, bool is_there, const zw_stamp *stamp)
{
    const zw_calendar *utc = written_utc();
    char text[STAMP_BYTES] = "";
    if (is_there && stamp->is == ZW_STAMP_PERIOD) {
        (void)zw_period_text(utc, stamp->grid, stamp->period, text, sizeof(text));
    } else if (is_there) {
        (void)zw_moment_text(utc->tz, stamp->at_ms, text, sizeof(text));
        if (stamp->is == ZW_STAMP_LOCAL) {
            char *offset = strpbrk(text + strlen("2022-03-31T"), "+-Z");
            FUZZ_MUST(offset != NULL);
            *offset = '\0';
        }
    }
    written_field(out, text);
}

static inline bool written_stamp_same(const zw_stamp *a, const zw_stamp *b)
{
    return a->is == b->is &&
           (a->is == ZW_STAMP_PERIOD ? zw_grid_same(a->grid, b->grid) && a->period == b->period
                                     : a->at_ms == b->at_ms);
}

/* The value of dimension `name` in "industry=ai\x1fsize=big". */
static inline zw_text written_dim(const char *dims, zw_text name)
{
    while (*dims != '\0') {
        size_t len = strcspn(dims, "\x1f");
        const char *equals = memchr(dims, ZW_DIMS_EQUALS, len);
        FUZZ_MUST(equals != NULL && equals > dims);
        if (zw_text_same((zw_text){dims, (size_t)(equals - dims)}, name)) {
            return (zw_text){equals + 1, (size_t)(dims + len - equals - 1)};
        }
        dims += len + (dims[len] != '\0');
    }
    return zw_text_of("");
}

/* The names of all dimensions, or fields of items, each once. */
typedef struct written_names {
    zw_text at[ZW_HEADING_COLUMNS_MAX];
    size_t count;
} written_names;

static inline void written_names_add(written_names *names, zw_text name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (zw_text_same(names->at[i], name)) {
            return;
        }
    }
    FUZZ_MUST(zw_text_is_name(name));
    if (names->count < ZW_HEADING_COLUMNS_MAX) {
        names->at[names->count++] = name;
    }
}

static inline void written_names_of_dims(written_names *names, const char *dims)
{
    while (*dims != '\0') {
        size_t name = strcspn(dims, "=");
        written_names_add(names, (zw_text){dims, name});
        dims += strcspn(dims, "\x1f");
        dims += *dims != '\0';
    }
}

static inline const char *written_text(const zw_batch *batch, uint32_t number)
{
    FUZZ_MUST(number < zw_pool_count(batch->texts));
    return zw_pool_text(batch->texts, number);
}

static inline void written_header(zw_buf *out, const char *roles, const written_names *names)
{
    (void)zw_buf_puts(out, roles);
    for (size_t i = 0; i < names->count; i++) {
        (void)zw_buf_printf(out, ",%.*s", (int)names->at[i].len, names->at[i].at);
    }
    (void)zw_buf_putc(out, '\n');
}

/* Ends a row: its last comma becomes a line end. */
static inline void written_end(zw_buf *out)
{
    if (!out->has_failed) {
        out->data[out->len - 1] = '\n';
    }
}

static inline void written_copy(zw_buf *out, zw_text text)
{
    char *copy = malloc(text.len + 1);
    FUZZ_MUST(copy != NULL);
    if (text.len > 0) {
        memcpy(copy, text.at, text.len);
    }
    copy[text.len] = '\0';
    written_field(out, copy);
    free(copy);
}

static inline void written_row(const zw_batch *batch, const zw_row *row, const written_names *names,
                               zw_buf *out)
{
    char number[NUMBER_BYTES] = "";
    char status[2] = {zw_obs_status_letter(row->status), '\0'};
    written_field(out, written_text(batch, row->measure));
    written_field(out, written_text(batch, row->area));
    written_stamp(out, true, &row->period);
    written_field(out, row->has_value ? zw_text_of_number(row->value, number, sizeof(number)) : "");
    written_field(out, status);
    written_stamp(out, row->has_known_at, &row->known_at);
    written_field(out, written_text(batch, row->source));
    written_field(out, written_text(batch, row->scope));
    written_field(out, written_text(batch, row->note));
    written_field(out, row->is_synthetic ? "true" : "");
    for (size_t i = 0; i < names->count; i++) {
        written_copy(out, written_dim(written_text(batch, row->dims), names->at[i]));
    }
    written_end(out);
}

/** The figures of a batch as tidy CSV. @return false when they are too many for one heading. */
static inline bool written_figures(const zw_batch *batch, zw_buf *out)
{
    static const char roles[] = "measure,area,period,value,status,known_at,source,scope,note,"
                                "synthetic";
    enum { ROLES = 10 };
    written_names names = {.count = 0};
    for (size_t i = 0; i < batch->row_count; i++) {
        written_names_of_dims(&names, written_text(batch, batch->rows[i].dims));
    }
    written_header(out, roles, &names);
    for (size_t i = 0; i < batch->row_count; i++) {
        written_row(batch, &batch->rows[i], &names, out);
    }
    return !out->has_failed && names.count + ROLES <= ZW_HEADING_COLUMNS_MAX;
}

/** Items likewise. */
static inline bool written_items(const zw_batch *batch, zw_buf *out)
{
    static const char roles[] = "register,item,area,at,state,known_at,source,note,synthetic";
    enum { ROLES = 9 };
    written_names names = {.count = 0};
    for (size_t i = 0; i < batch->item_field_count; i++) {
        written_names_add(&names, zw_text_of(written_text(batch, batch->item_fields[i].name)));
    }
    written_header(out, roles, &names);
    for (size_t i = 0; i < batch->item_count; i++) {
        const zw_said_item *item = &batch->items[i];
        written_field(out, written_text(batch, item->register_name));
        written_field(out, written_text(batch, item->item));
        written_field(out, written_text(batch, item->area));
        written_stamp(out, true, &item->at);
        written_field(out, written_text(batch, item->state));
        written_stamp(out, item->has_known_at, &item->known_at);
        written_field(out, written_text(batch, item->source));
        written_field(out, written_text(batch, item->note));
        written_field(out, item->is_synthetic ? "true" : "");
        for (size_t n = 0; n < names.count; n++) {
            const char *said = "";
            for (size_t f = item->first_field; f < item->first_field + item->field_count; f++) {
                const zw_said_field *field = &batch->item_fields[f];
                bool is_it = zw_text_is(names.at[n], written_text(batch, field->name));
                said = is_it ? written_text(batch, field->text) : said;
            }
            written_field(out, said);
        }
        written_end(out);
    }
    return !out->has_failed && names.count + ROLES <= ZW_HEADING_COLUMNS_MAX;
}

static inline bool written_same_text(const zw_batch *a, uint32_t x, const zw_batch *b, uint32_t y)
{
    return strcmp(written_text(a, x), written_text(b, y)) == 0;
}

/** Both hold the same figures, in the same order. */
static inline void written_must_be_same(const zw_batch *a, const zw_batch *b)
{
    FUZZ_MUST(b->faults.count == 0);
    FUZZ_MUST(a->row_count == b->row_count);
    for (size_t i = 0; i < a->row_count; i++) {
        const zw_row *x = &a->rows[i];
        const zw_row *y = &b->rows[i];
        FUZZ_MUST(written_same_text(a, x->measure, b, y->measure));
        FUZZ_MUST(written_same_text(a, x->area, b, y->area));
        FUZZ_MUST(written_same_text(a, x->dims, b, y->dims));
        FUZZ_MUST(written_same_text(a, x->scope, b, y->scope));
        FUZZ_MUST(written_same_text(a, x->source, b, y->source));
        FUZZ_MUST(written_same_text(a, x->note, b, y->note));
        FUZZ_MUST(x->status == y->status && x->has_value == y->has_value);
        FUZZ_MUST(x->is_synthetic == y->is_synthetic);
        FUZZ_MUST(!x->has_value || x->value == y->value);
        FUZZ_MUST(written_stamp_same(&x->period, &y->period));
        FUZZ_MUST(x->has_known_at == y->has_known_at);
        FUZZ_MUST(!x->has_known_at || written_stamp_same(&x->known_at, &y->known_at));
    }
}

/** The same of items. */
static inline void written_items_must_be_same(const zw_batch *a, const zw_batch *b)
{
    FUZZ_MUST(b->faults.count == 0);
    FUZZ_MUST(a->item_count == b->item_count && a->item_field_count == b->item_field_count);
    for (size_t i = 0; i < a->item_count; i++) {
        const zw_said_item *x = &a->items[i];
        const zw_said_item *y = &b->items[i];
        FUZZ_MUST(written_same_text(a, x->register_name, b, y->register_name));
        FUZZ_MUST(written_same_text(a, x->item, b, y->item));
        FUZZ_MUST(written_same_text(a, x->area, b, y->area));
        FUZZ_MUST(written_same_text(a, x->state, b, y->state));
        FUZZ_MUST(written_same_text(a, x->source, b, y->source));
        FUZZ_MUST(written_same_text(a, x->note, b, y->note));
        FUZZ_MUST(written_stamp_same(&x->at, &y->at) && x->is_synthetic == y->is_synthetic);
        FUZZ_MUST(x->has_known_at == y->has_known_at && x->field_count == y->field_count);
        FUZZ_MUST(!x->has_known_at || written_stamp_same(&x->known_at, &y->known_at));
    }
}

/** What holds of every batch: rows in the order of their lines, values finite, faults with a place
 * and words, and no line both taken and refused. */
static inline void written_must_be_sound(const zw_batch *batch)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        const zw_row *row = &batch->rows[i];
        FUZZ_MUST(row->line >= 1 && (i == 0 || row->line >= batch->rows[i - 1].line));
        FUZZ_MUST(row->has_value ? isfinite(row->value) : row->status == ZW_OBS_MISSING);
        FUZZ_MUST(row->measure != 0);
    }
    for (size_t i = 0; i < batch->item_count; i++) {
        const zw_said_item *item = &batch->items[i];
        FUZZ_MUST(item->line >= 1 && (i == 0 || item->line >= batch->items[i - 1].line));
        FUZZ_MUST(item->register_name != 0);
        FUZZ_MUST(item->first_field + item->field_count <= batch->item_field_count);
    }
    for (size_t i = 0; i < batch->faults.count; i++) {
        const zw_fault *fault = &batch->faults.at[i];
        FUZZ_MUST(fault->line >= 1 && fault->text != NULL && fault->text[0] != '\0');
        FUZZ_MUST(zw_text_is_utf8(fault->text, strlen(fault->text), NULL));
    }
}

/* How many lines hold something. */
static inline size_t written_lines(zw_text text)
{
    size_t count = 0;
    bool is_blank = true;
    for (size_t i = 0; i < text.len; i++) {
        bool is_end = text.at[i] == '\n' || text.at[i] == '\r';
        is_blank = is_blank && (is_end || text.at[i] == ' ' || text.at[i] == '\t');
        count += is_end && !is_blank;
        is_blank = is_blank || is_end;
    }
    return count + !is_blank;
}

/** Of a text with a header and rows of one line each: rows and refused lines are no more than
 * there are lines, and no line is both. */
static inline void written_must_account(const zw_batch *batch, zw_text text)
{
    size_t refused = 0;
    size_t row = 0;
    uint32_t last = 0;
    size_t taken = batch->row_count + batch->item_count;
    for (size_t i = 0; i < batch->faults.count; i++) {
        uint32_t line = batch->faults.at[i].line;
        FUZZ_MUST(line >= last); /* faults are sorted */
        refused += line != last;
        last = line;
        while (row < batch->row_count && batch->rows[row].line < line) {
            row++;
        }
        FUZZ_MUST(row == batch->row_count || batch->rows[row].line != line);
    }
    if (memchr(text.at, '"', text.len) == NULL) {
        FUZZ_MUST(taken + refused + 1 <= written_lines(text));
    }
}

#endif
