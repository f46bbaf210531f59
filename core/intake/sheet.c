/* A sheet: CSV text as rows of fields.
 *
 * 1. libcsv splits fields; it is fed one physical line at a time, so that we know on which line
 *    each row starts though quoted fields may hold line ends.
 * 2. A field's bytes lie in `fields` until its row ends; nothing is allocated for a row but what
 *    the batch keeps.
 */
#include "intake/sheet.h"

#include "base/cut.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SAID_BYTES = 512,    /* the longest fault */
    PARSER_BLOCK = 1024, /* by which libcsv's field buffer grows */
    BUFFER_HEADROOM = 64 /* for the NUL behind a text that fills its buffer */
};

/* A sheet while it is read. */
typedef struct reader {
    zw_sheet sheet;
    const zw_sheet_reading *reading; /* borrowed */
    struct csv_parser parser;
    uint32_t line; /* from 1: the physical line being read */
    bool is_in_row;
} reader;

/* --- what is said ------------------------------------------------------------------------- */

void zw_sheet_nomem(zw_sheet *sheet)
{
    sheet->status = zw_err_nomem(sheet->err);
}

void zw_sheet_fault(zw_sheet *sheet, uint32_t column, const char *fmt, ...)
{
    char said[SAID_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(said, sizeof said, fmt, args);
    va_end(args);
    if (sheet->status != ZW_OK) {
        return;
    }
    zw_text_place place = {0, column};
    place = sheet->places != NULL ? sheet->places[column] : place;
    sheet->status =
        zw_batch_fault(sheet->batch, sheet->err, place.line != 0 ? place.line : sheet->line,
                       place.column, "%s", said);
}

int zw_sheet_shown(zw_text text)
{
    return (int)zw_cut_length(text.at, text.len, ZW_SHEET_SHOWN_BYTES);
}

/* --- fields ------------------------------------------------------------------------------- */

zw_text zw_sheet_field(const zw_sheet *sheet, uint32_t column)
{
    if (column == 0) {
        return zw_text_of("");
    }
    size_t start = column > 1 ? sheet->ends[column - 2] : 0;
    const char *bytes = zw_buf_view(&sheet->fields);
    return zw_text_trim((zw_text){bytes + start, sheet->ends[column - 1] - start});
}

static bool text_is_clean(zw_text text)
{
    return zw_text_is_utf8(text.at, text.len, NULL) &&
           (text.len == 0 || memchr(text.at, '\0', text.len) == NULL);
}

bool zw_sheet_take(zw_sheet *sheet, uint32_t column, zw_text *out)
{
    *out = zw_sheet_field(sheet, column);
    if (!sheet->is_clean && !text_is_clean(*out)) {
        zw_sheet_fault(sheet, column, "expected UTF-8 text without NUL bytes");
        return false;
    }
    return true;
}

static bool text_is_ascii(zw_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] > '~') {
            return false;
        }
    }
    return true;
}

bool zw_sheet_fold(zw_sheet *sheet, uint32_t column, zw_text *out)
{
    zw_text text;
    if (!zw_sheet_take(sheet, column, &text)) {
        return false;
    }
    if (text_is_ascii(text)) { /* trimmed already, and there is nothing to fold */
        *out = text;
        return true;
    }
    zw_buf_clear(&sheet->folded);
    if (!zw_text_fold(text, &sheet->folded)) {
        zw_sheet_nomem(sheet);
        return false;
    }
    *out = (zw_text){zw_buf_view(&sheet->folded), sheet->folded.len};
    return true;
}

bool zw_sheet_has_control(zw_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool is_c1 = byte == 0xC2 && i + 1 < text.len && (unsigned char)text.at[i + 1] < 0xA0;
        if (byte < ' ' || byte == 0x7F || is_c1) {
            return true;
        }
    }
    return false;
}

uint32_t zw_sheet_keep(zw_sheet *sheet, zw_text text)
{
    uint32_t number = zw_batch_text(sheet->batch, text);
    if (number == ZW_POOL_NONE) {
        zw_sheet_nomem(sheet);
    }
    return number;
}

void zw_sheet_remark(zw_sheet *sheet, uint32_t column, uint32_t *out)
{
    zw_text text;
    if (zw_sheet_take(sheet, column, &text)) {
        *out = zw_sheet_keep(sheet, text);
    }
}

bool zw_sheet_name(zw_sheet *sheet, uint32_t column, const char *what, uint32_t *out)
{
    zw_text text;
    if (!zw_sheet_fold(sheet, column, &text)) {
        return false;
    }
    if (zw_sheet_has_control(text)) {
        zw_sheet_fault(sheet, column, "the %s holds a control character", what);
        return false;
    }
    *out = zw_sheet_keep(sheet, text);
    return *out != ZW_POOL_NONE;
}

bool zw_sheet_stamp(zw_sheet *sheet, uint32_t column, const char *missing, zw_stamp *out)
{
    zw_text text;
    if (!zw_sheet_fold(sheet, column, &text)) {
        return false;
    }
    if (text.len == 0) {
        if (missing != NULL) {
            zw_sheet_fault(sheet, column, "%s", missing);
        }
        return false;
    }
    zw_sheet_stamped *last = &sheet->stamped[column % ZW_SHEET_STAMPED];
    if (last->column == column && last->len == text.len &&
        memcmp(last->text, text.at, text.len) == 0) {
        *out = last->stamp;
        return true;
    }
    zw_err why = {0};
    if (zw_stamp_parse(text, out, &why) != ZW_OK) {
        zw_sheet_fault(sheet, column, "%s", why.text);
        return false;
    }
    if (text.len <= sizeof last->text) {
        *last = (zw_sheet_stamped){.column = column, .len = (uint32_t)text.len, .stamp = *out};
        memcpy(last->text, text.at, text.len);
    }
    return true;
}

void zw_sheet_synthetic(zw_sheet *sheet, uint32_t column, bool *out)
{
    static const char *const words[] = {"", "false", "0", "true", "1", "synthetic"};
    enum { FIRST_YES = 3 };
    zw_text text;
    if (!zw_sheet_fold(sheet, column, &text)) {
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (zw_text_is(text, words[i])) {
            *out = i >= FIRST_YES;
            return;
        }
    }
    zw_sheet_fault(sheet, column, "expected true, false or nothing, got '%.*s'",
                   zw_sheet_shown(text), text.at);
}

/* --- rows --------------------------------------------------------------------------------- */

void zw_sheet_init(zw_sheet *sheet, size_t text_bytes, zw_batch *batch, zw_err *err)
{
    *sheet = (zw_sheet){.batch = batch, .err = err, .line = 1};
    zw_buf_init(&sheet->fields, text_bytes + BUFFER_HEADROOM);
    zw_buf_init(&sheet->folded, text_bytes + BUFFER_HEADROOM);
}

void zw_sheet_fini(zw_sheet *sheet)
{
    zw_buf_fini(&sheet->fields);
    zw_buf_fini(&sheet->folded);
    zw_heading_fini(&sheet->heading);
}

void zw_sheet_clear(zw_sheet *sheet)
{
    sheet->field_count = 0;
    zw_buf_clear(&sheet->fields);
}

void zw_sheet_add(zw_sheet *sheet, zw_text field)
{
    size_t known = sheet->heading.column_count;
    size_t kept = known > 0 ? known : ZW_HEADING_COLUMNS_MAX;
    if (sheet->status != ZW_OK || sheet->field_count++ >= kept) {
        return;
    }
    if (!zw_buf_append(&sheet->fields, field.at, field.len)) {
        zw_sheet_nomem(sheet);
        return;
    }
    sheet->ends[sheet->field_count - 1] = sheet->fields.len;
}

static void heading_read(reader *r)
{
    zw_sheet *sheet = &r->sheet;
    zw_text fields[ZW_HEADING_COLUMNS_MAX];
    size_t kept =
        sheet->field_count < ZW_HEADING_COLUMNS_MAX ? sheet->field_count : ZW_HEADING_COLUMNS_MAX;
    for (uint32_t column = 1; column <= kept; column++) {
        fields[column - 1] = zw_sheet_field(sheet, column);
    }
    if (r->reading->read_heading != NULL) {
        sheet->status =
            r->reading->read_heading(sheet, fields, sheet->field_count, r->reading->arg);
        return;
    }
    sheet->status = zw_heading_read(r->reading->roles, fields, sheet->field_count, sheet->line,
                                    &sheet->heading, sheet->err);
    if (sheet->status == ZW_OK && r->reading->on_heading != NULL) {
        r->reading->on_heading(sheet, r->reading->arg);
    }
}

static void row_clear(reader *r)
{
    r->is_in_row = false;
    zw_sheet_clear(&r->sheet);
}

static void reader_on_field(void *bytes, size_t len, void *arg)
{
    reader *r = arg;
    zw_sheet_add(&r->sheet, (zw_text){bytes, len});
}

static void reader_on_row(int terminator, void *arg)
{
    reader *r = arg;
    zw_sheet *sheet = &r->sheet;
    (void)terminator;
    if (sheet->status == ZW_OK) {
        if (sheet->heading.column_count == 0) {
            heading_read(r);
        } else if (sheet->field_count != sheet->heading.column_count) {
            zw_sheet_fault(sheet, 0, "expected %zu fields, got %zu", sheet->heading.column_count,
                           sheet->field_count);
        } else {
            r->reading->on_row(sheet, r->reading->arg);
        }
    }
    row_clear(r);
}

/* A row whose quotes do not pair up. Where it ends is a guess, so the guess is said: what lies
 * between is not read as rows, since it may be the inside of a quoted field. */
static void row_refuse(reader *r, uint32_t last_line, const char *why)
{
    char unread[64] = "";
    if (last_line > r->sheet.line) {
        (void)snprintf(unread, sizeof unread, "; lines %u to %u were not read", r->sheet.line,
                       last_line);
    }
    size_t column = r->sheet.field_count + 1;
    if (r->sheet.heading.column_count == 0) {
        r->sheet.status = zw_err_set(r->sheet.err, ZW_INVALID, "%u:%zu: %s%s", r->sheet.line,
                                     column, why, unread);
    } else {
        zw_sheet_fault(&r->sheet, (uint32_t)column, "%s%s", why, unread);
    }
    row_clear(r);
}

static bool line_is_blank(zw_text line)
{
    bool has_text = line.len > 0 && line.at[0] > ' ' && line.at[0] <= '~';
    return !has_text && zw_text_trim(line).len == 0;
}

static void reader_feed(reader *r, zw_text line)
{
    if (!r->is_in_row) {
        if (line_is_blank(line)) {
            return;
        }
        r->sheet.line = r->line;
        r->is_in_row = true;
    }
    size_t taken = csv_parse(&r->parser, line.at, line.len, reader_on_field, reader_on_row, r);
    if (r->sheet.status != ZW_OK || taken == line.len) {
        return;
    }
    if (csv_error(&r->parser) != CSV_EPARSE) {
        zw_sheet_nomem(&r->sheet);
        return;
    }
    row_refuse(r, r->line,
               "a quote inside a field: quote the whole field and double the quotes "
               "in it");
    (void)csv_fini(&r->parser, NULL, NULL, NULL); /* begins a new row; the rest of the line goes */
}

/* Takes the next physical line with its end (LF, CR LF or CR) off the text. */
static zw_text line_take(zw_text *text)
{
    size_t len = 0;
    while (len < text->len && text->at[len] != '\n' && text->at[len] != '\r') {
        len++;
    }
    if (len + 1 < text->len && text->at[len] == '\r' && text->at[len + 1] == '\n') {
        len++;
    }
    len += len < text->len ? 1 : 0;
    zw_text line = {text->at, len};
    text->at += len;
    text->len -= len;
    return line;
}

static void reader_run(reader *r, zw_text text)
{
    while (text.len > 0 && r->sheet.status == ZW_OK) {
        reader_feed(r, line_take(&text));
        r->line++;
    }
    if (r->sheet.status == ZW_OK && csv_fini(&r->parser, reader_on_field, reader_on_row, r) != 0) {
        row_refuse(r, r->line - 1, "a quoted field is never closed");
    }
    if (r->sheet.status == ZW_OK && r->sheet.heading.column_count == 0) {
        r->sheet.status = zw_err_set(
            r->sheet.err, ZW_INVALID, "1:1: no header: expected %s",
            r->reading->read_heading != NULL ? r->reading->expected : r->reading->roles->expected);
    }
}

/* The first line that says something is the header. */
static zw_text first_line(zw_text text)
{
    zw_text line = {text.at, 0};
    while (text.len > 0 && zw_text_trim(line).len == 0) {
        line = line_take(&text);
    }
    return line;
}

static char separator_guess(zw_text text)
{
    zw_text line = first_line(text);
    bool has_tab = line.len > 0 && memchr(line.at, '\t', line.len) != NULL;
    bool has_comma = line.len > 0 && memchr(line.at, ',', line.len) != NULL;
    return has_tab && !has_comma ? '\t' : ',';
}

zw_status zw_sheet_read(zw_text text, const zw_sheet_reading *reading, zw_batch *batch, zw_err *err)
{
    reader r = {.reading = reading, .line = 1};
    if (csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return zw_err_nomem(err);
    }
    char separator = reading->separator;
    if (separator == 0) {
        separator = separator_guess(text);
    }
    csv_set_delim(&r.parser, (unsigned char)separator);
    csv_set_realloc_func(&r.parser, realloc);
    csv_set_free_func(&r.parser, free);
    csv_set_blk_size(&r.parser, PARSER_BLOCK);
    zw_sheet_init(&r.sheet, text.len, batch, err);
    r.sheet.is_clean = text_is_clean(text);
    reader_run(&r, text);
    zw_faults_sort(&batch->faults);
    csv_free(&r.parser);
    zw_status status = r.sheet.status;
    zw_sheet_fini(&r.sheet);
    return status;
}

bool zw_sheet_has_column(zw_text text, const char *name)
{
    zw_text line = first_line(text);
    char separator = separator_guess(text);
    while (line.len > 0) {
        const char *end = memchr(line.at, separator, line.len);
        size_t len = end != NULL ? (size_t)(end - line.at) : line.len;
        zw_text field = zw_text_trim((zw_text){line.at, len});
        if (field.len >= 2 && field.at[0] == '"' && field.at[field.len - 1] == '"') {
            field = (zw_text){field.at + 1, field.len - 2};
        }
        char folded[ZW_SHEET_SHOWN_BYTES];
        if (zw_text_fold_into(field, folded, sizeof folded) && strcmp(folded, name) == 0) {
            return true;
        }
        len += len < line.len ? 1 : 0;
        line.at += len;
        line.len -= len;
    }
    return false;
}
