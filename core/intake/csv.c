/* Tidy CSV: the header says which column is what, then each row becomes a figure or faults.
 *
 * 1. libcsv splits fields; it is fed one physical line at a time, so that we know on which line
 *    each row starts though quoted fields may hold line ends.
 * 2. `status` keeps the first failure of the call itself; from then on nothing more is read.
 * 3. A field's bytes lie in `fields` until its row ends; nothing is allocated for a row but what
 *    the batch keeps.
 */
#include "intake/csv.h"

#include "base/cut.h"
#include "intake/cells.h"
#include "intake/heading.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_BYTES = 60,    /* how much of a bad field a fault repeats */
    SAID_BYTES = 512,    /* the longest fault */
    PARSER_BLOCK = 1024, /* by which libcsv's field buffer grows */
    /* Above the text's own length: what a row's dimensions need for separators. */
    BUFFER_HEADROOM = 4 * ZW_HEADING_COLUMNS_MAX
};

typedef struct reader {
    zw_batch *batch; /* borrowed */
    zw_err *err;
    zw_status status;
    struct csv_parser parser;
    uint32_t line, row_line; /* from 1: the physical line being read; where its row starts */
    bool is_in_row;
    bool is_clean; /* the whole text is UTF-8 without NUL: no field has to be looked at again */

    zw_buf fields;                       /* the row's fields, one behind the other */
    size_t ends[ZW_HEADING_COLUMNS_MAX]; /* where each of them ends */
    size_t field_count;                  /* all of them, also those that are too many to keep */
    zw_buf folded, joined;               /* one field folded; the row's dimensions */

    zw_heading heading; /* no columns until it is read */
    zw_cells cells;
} reader;

/* --- what is said ------------------------------------------------------------------------- */

static void reader_nomem(reader *r)
{
    r->status = zw_err_nomem(r->err);
}

/* Names a fault of the row being read. */
static ZW_PRINTF(3, 4) void row_fault(reader *r, uint32_t column, const char *fmt, ...)
{
    char said[SAID_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(said, sizeof said, fmt, args);
    va_end(args);
    if (r->status == ZW_OK) {
        r->status = zw_batch_fault(r->batch, r->err, r->row_line, column, "%s", said);
    }
}

/* How many bytes of a text a message repeats, as printf's precision. */
static int shown(zw_text text)
{
    return (int)zw_cut_length(text.at, text.len, SHOWN_BYTES);
}

/* --- fields ------------------------------------------------------------------------------- */

/* Most fields begin and end with ASCII that is no space: a quick look saves the search for all the
 * white spaces there are. */
static zw_text text_trim(zw_text text)
{
    if (text.len == 0) {
        return text;
    }
    char first = text.at[0];
    char last = text.at[text.len - 1];
    bool is_trim = first > ' ' && first <= '~' && last > ' ' && last <= '~';
    return is_trim ? text : zw_text_trim(text);
}

/* The field of a column, trimmed; empty for column 0, which the delivery does not have. */
static zw_text field_of(const reader *r, uint32_t column)
{
    if (column == 0) {
        return zw_text_of("");
    }
    size_t start = column > 1 ? r->ends[column - 2] : 0;
    const char *bytes = zw_buf_view(&r->fields);
    return text_trim((zw_text){bytes + start, r->ends[column - 1] - start});
}

static bool text_is_clean(zw_text text)
{
    return zw_text_is_utf8(text.at, text.len, NULL) &&
           (text.len == 0 || memchr(text.at, '\0', text.len) == NULL);
}

/* Takes a field as it is, trimmed; false when a fault was named. */
static bool field_take(reader *r, uint32_t column, zw_text *out)
{
    *out = field_of(r, column);
    if (!r->is_clean && !text_is_clean(*out)) {
        row_fault(r, column, "expected UTF-8 text without NUL bytes");
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

/* Takes a field as names are compared; valid until the next one is folded. */
static bool field_fold(reader *r, uint32_t column, zw_text *out)
{
    zw_text text;
    if (!field_take(r, column, &text)) {
        return false;
    }
    if (text_is_ascii(text)) { /* trimmed already, and there is nothing to fold */
        *out = text;
        return true;
    }
    zw_buf_clear(&r->folded);
    if (!zw_text_fold(text, &r->folded)) {
        reader_nomem(r);
        return false;
    }
    *out = (zw_text){zw_buf_view(&r->folded), r->folded.len};
    return true;
}

/* C0, DEL and C1 (U+0080…U+009F): a name that holds one was not typed by anybody. */
static bool has_control(zw_text text)
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

static uint32_t text_keep(reader *r, zw_text text)
{
    uint32_t number = zw_batch_text(r->batch, text);
    if (number == ZW_POOL_NONE) {
        reader_nomem(r);
    }
    return number;
}

/* --- one row ------------------------------------------------------------------------------ */

static void name_read(reader *r, zw_role role, uint32_t *out)
{
    zw_text text;
    if (!field_fold(r, r->heading.at[role], &text)) {
        return;
    }
    if (has_control(text)) {
        row_fault(r, r->heading.at[role], "the %s holds a control character", zw_role_name(role));
        return;
    }
    if (role == ZW_ROLE_MEASURE && text.len == 0) {
        row_fault(r, r->heading.at[role], "expected a measure, got nothing");
        return;
    }
    *out = text_keep(r, text);
}

/* Sources and notes are kept as they were written: nothing is looked up by them. */
static void remark_read(reader *r, zw_role role, uint32_t *out)
{
    zw_text text;
    if (field_take(r, r->heading.at[role], &text)) {
        *out = text_keep(r, text);
    }
}

/* Appends "name=value" to the row's dimensions; an empty value is the total and says nothing. */
static void dimension_read(reader *r, const zw_dimension *dim)
{
    zw_text text;
    if (!field_take(r, dim->column, &text) || text.len == 0) {
        return;
    }
    if (r->joined.len > 0) {
        (void)zw_buf_putc(&r->joined, ZW_DIMS_SEPARATOR);
    }
    (void)zw_buf_puts(&r->joined, dim->name);
    (void)zw_buf_putc(&r->joined, ZW_DIMS_EQUALS);
    size_t from = r->joined.len;
    if (!zw_text_fold(text, &r->joined)) {
        reader_nomem(r);
        return;
    }
    if (has_control((zw_text){r->joined.data + from, r->joined.len - from})) {
        row_fault(r, dim->column, "the value of dimension '%s' holds a control character",
                  dim->name);
    }
}

static void dims_read(reader *r, uint32_t *out)
{
    zw_buf_clear(&r->joined);
    for (size_t i = 0; i < r->heading.dim_count && r->status == ZW_OK; i++) {
        dimension_read(r, &r->heading.dims[i]);
    }
    if (r->status == ZW_OK) {
        *out = text_keep(r, (zw_text){zw_buf_view(&r->joined), r->joined.len});
    }
}

/* @return false when the field is empty, or when a fault was named. */
static bool stamp_read(reader *r, zw_role role, zw_stamp *out)
{
    zw_text text;
    if (!field_fold(r, r->heading.at[role], &text)) {
        return false;
    }
    if (text.len == 0) {
        if (role == ZW_ROLE_PERIOD) {
            row_fault(r, r->heading.at[role], "expected a period, got nothing");
        }
        return false;
    }
    zw_err why = {0};
    if (zw_stamp_parse(text, out, &why) != ZW_OK) {
        row_fault(r, r->heading.at[role], "%s", why.text);
        return false;
    }
    return true;
}

/* @return false when the row has no usable status: then its value cannot be judged by it. */
static bool status_read(reader *r, zw_obs_status *out)
{
    zw_text text;
    if (!field_fold(r, r->heading.at[ZW_ROLE_STATUS], &text)) {
        return false;
    }
    if (!zw_obs_status_parse(text, out)) {
        row_fault(r, r->heading.at[ZW_ROLE_STATUS], "expected status A, P, E, F or M, got '%.*s'",
                  shown(text), text.at);
        return false;
    }
    return true;
}

static void value_read(reader *r, bool has_status, zw_row *row)
{
    uint32_t column = r->heading.at[ZW_ROLE_VALUE];
    bool is_missing = has_status && row->status == ZW_OBS_MISSING;
    zw_text text;
    if (!field_take(r, column, &text)) {
        return;
    }
    if (text.len == 0) {
        if (has_status && !is_missing) {
            row_fault(r, column, "an empty value needs status M");
        }
        return;
    }
    if (is_missing) {
        row_fault(r, column, "status M withdraws the figure: expected no value, got '%.*s'",
                  shown(text), text.at);
        return;
    }
    row->has_value = zw_text_number(text, &row->value);
    if (!row->has_value) {
        row_fault(r, column, "expected a plain number in the measure's unit, got '%.*s'",
                  shown(text), text.at);
    }
}

static bool figure_same(const zw_row *a, const zw_row *b)
{
    return a->status == b->status && a->has_value == b->has_value &&
           (!a->has_value || a->value == b->value);
}

/* Adds a good row, unless its cell was said before: the same again is kept out, another figure for
 * it is a fault, since nobody could tell which one was meant. */
static void row_add(reader *r, const zw_row *row)
{
    const zw_batch *batch = r->batch;
    uint32_t earlier;
    r->status = zw_cells_claim(&r->cells, batch->rows, row, batch->row_count, &earlier, r->err);
    if (r->status != ZW_OK) {
        return;
    }
    if (earlier == ZW_CELL_FREE) {
        r->status = zw_batch_add(r->batch, row, r->err);
    } else if (!figure_same(&batch->rows[earlier], row)) {
        row_fault(r, 0, "line %u gives another value or status for the same figure",
                  batch->rows[earlier].line);
    }
}

/* Every field is looked at even after a fault: the sender mends all of a row at once. */
static void row_read(reader *r)
{
    size_t faults = r->batch->fault_count;
    zw_row row = {.line = r->row_line};
    name_read(r, ZW_ROLE_MEASURE, &row.measure);
    name_read(r, ZW_ROLE_AREA, &row.area);
    name_read(r, ZW_ROLE_SCOPE, &row.scope);
    remark_read(r, ZW_ROLE_SOURCE, &row.source);
    remark_read(r, ZW_ROLE_NOTE, &row.note);
    dims_read(r, &row.dims);
    (void)stamp_read(r, ZW_ROLE_PERIOD, &row.period);
    row.has_known_at = stamp_read(r, ZW_ROLE_KNOWN_AT, &row.known_at);
    bool has_status = status_read(r, &row.status);
    value_read(r, has_status, &row);
    if (r->status == ZW_OK && r->batch->fault_count == faults) {
        row_add(r, &row);
    }
}

/* The rows that the batch holds already count as said: one batch says each cell once. */
static void cells_begin(reader *r)
{
    const zw_row *rows = r->batch->rows;
    for (size_t i = 0; i < r->batch->row_count && r->status == ZW_OK; i++) {
        uint32_t earlier;
        r->status = zw_cells_claim(&r->cells, rows, &rows[i], i, &earlier, r->err);
    }
}

static void heading_read(reader *r)
{
    zw_text fields[ZW_HEADING_COLUMNS_MAX];
    size_t kept = r->field_count < ZW_HEADING_COLUMNS_MAX ? r->field_count : ZW_HEADING_COLUMNS_MAX;
    for (uint32_t column = 1; column <= kept; column++) {
        fields[column - 1] = field_of(r, column);
    }
    r->status = zw_heading_read(fields, r->field_count, r->row_line, &r->heading, r->err);
    if (r->status == ZW_OK) {
        r->batch->columns = zw_heading_columns(&r->heading);
    }
}

/* --- lines into rows ---------------------------------------------------------------------- */

static void row_clear(reader *r)
{
    r->field_count = 0;
    r->is_in_row = false;
    zw_buf_clear(&r->fields);
}

static void reader_on_field(void *bytes, size_t len, void *arg)
{
    reader *r = arg;
    size_t kept = r->heading.column_count > 0 ? r->heading.column_count : ZW_HEADING_COLUMNS_MAX;
    if (r->status != ZW_OK || r->field_count++ >= kept) {
        return;
    }
    if (!zw_buf_append(&r->fields, bytes, len)) {
        reader_nomem(r);
        return;
    }
    r->ends[r->field_count - 1] = r->fields.len;
}

static void reader_on_row(int terminator, void *arg)
{
    reader *r = arg;
    (void)terminator;
    if (r->status == ZW_OK) {
        if (r->heading.column_count == 0) {
            heading_read(r);
        } else if (r->field_count != r->heading.column_count) {
            row_fault(r, 0, "expected %zu fields, got %zu", r->heading.column_count,
                      r->field_count);
        } else {
            row_read(r);
        }
    }
    row_clear(r);
}

/* A row whose quotes do not pair up. Where it ends is a guess, so the guess is said: what lies
 * between is not read as rows, since it may be the inside of a quoted field. */
static void row_refuse(reader *r, uint32_t last_line, const char *why)
{
    char unread[64] = "";
    if (last_line > r->row_line) {
        (void)snprintf(unread, sizeof unread, "; lines %u to %u were not read", r->row_line,
                       last_line);
    }
    size_t column = r->field_count + 1;
    if (r->heading.column_count == 0) {
        r->status =
            zw_err_set(r->err, ZW_INVALID, "%u:%zu: %s%s", r->row_line, column, why, unread);
    } else {
        row_fault(r, (uint32_t)column, "%s%s", why, unread);
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
        r->row_line = r->line;
        r->is_in_row = true;
    }
    size_t taken = csv_parse(&r->parser, line.at, line.len, reader_on_field, reader_on_row, r);
    if (r->status != ZW_OK || taken == line.len) {
        return;
    }
    if (csv_error(&r->parser) != CSV_EPARSE) {
        reader_nomem(r);
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
    while (text.len > 0 && r->status == ZW_OK) {
        reader_feed(r, line_take(&text));
        r->line++;
    }
    if (r->status == ZW_OK && csv_fini(&r->parser, reader_on_field, reader_on_row, r) != 0) {
        row_refuse(r, r->line - 1, "a quoted field is never closed");
    }
    if (r->status == ZW_OK && r->heading.column_count == 0) {
        r->status =
            zw_err_set(r->err, ZW_INVALID, "1:1: no header: expected measure,area,period,value");
    }
}

/* The first line that says something is the header. */
static char separator_guess(zw_text text)
{
    zw_text line = {text.at, 0};
    while (text.len > 0 && zw_text_trim(line).len == 0) {
        line = line_take(&text);
    }
    bool has_tab = line.len > 0 && memchr(line.at, '\t', line.len) != NULL;
    bool has_comma = line.len > 0 && memchr(line.at, ',', line.len) != NULL;
    return has_tab && !has_comma ? '\t' : ',';
}

zw_status zw_csv_read(zw_text text, char separator, zw_batch *batch, zw_err *err)
{
    reader r = {.batch = batch, .err = err, .line = 1, .row_line = 1};
    if (csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return zw_err_nomem(err);
    }
    csv_set_delim(&r.parser, (unsigned char)(separator != 0 ? separator : separator_guess(text)));
    csv_set_realloc_func(&r.parser, realloc);
    csv_set_free_func(&r.parser, free);
    csv_set_blk_size(&r.parser, PARSER_BLOCK);
    size_t ceiling_bytes = text.len + BUFFER_HEADROOM;
    zw_buf_init(&r.fields, ceiling_bytes);
    zw_buf_init(&r.folded, ceiling_bytes);
    zw_buf_init(&r.joined, ceiling_bytes);
    r.is_clean = text_is_clean(text);
    cells_begin(&r);
    reader_run(&r, text);
    zw_batch_sort_faults(batch);
    csv_free(&r.parser);
    zw_cells_fini(&r.cells);
    zw_buf_fini(&r.fields);
    zw_heading_fini(&r.heading);
    zw_buf_fini(&r.folded);
    zw_buf_fini(&r.joined);
    return r.status;
}
