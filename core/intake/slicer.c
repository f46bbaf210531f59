/* A slicer. What it holds: the header, then the rows of a slice, then the beginning of the row that
 * goes on in the next one.
 *
 *   | header | row row row … row | begin… |
 *            rows_at             end      len
 */
#include "intake/slicer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Where in a row of CSV the scan stands, as libcsv reads it. */
typedef enum place {
    AT_START,  /* of a field: a quote here opens it */
    IN_PLAIN,  /* a quote here means itself, or is a fault of this line */
    IN_QUOTED, /* line ends belong to the field */
    BEHIND_QUOTE
} place;

struct zw_slicer {
    zw_slicer_options options;
    char *held;
    size_t len, rows_at; /* of what is held; of the header */
    size_t seen;         /* how far it was scanned */
    size_t end;          /* behind the last whole row that was seen; 0: none yet */
    place place;
    char separator;
    uint32_t lines, lines_at_end,
        header_lines;    /* of the whole text: seen, up to `end`, its header */
    uint32_t first_line; /* the lines before this slice's rows */
    uint64_t read_bytes;
    bool has_header, is_at_end, was_cr;
};

zw_status zw_slicer_create(const zw_slicer_options *options, zw_slicer **out, zw_err *err)
{
    *out = NULL;
    assert(options->slice_bytes > 0);
    zw_slicer *slicer = calloc(1, sizeof(*slicer));
    if (slicer == NULL) {
        return zw_err_nomem(err);
    }
    slicer->options = *options;
    slicer->held = malloc(options->slice_bytes + 1);
    if (slicer->held == NULL) {
        free(slicer);
        return zw_err_nomem(err);
    }
    slicer->has_header = !options->is_csv;
    *out = slicer;
    return ZW_OK;
}

void zw_slicer_destroy(zw_slicer *slicer)
{
    if (slicer != NULL) {
        free(slicer->held);
        free(slicer);
    }
}

static zw_status fill(zw_slicer *slicer, zw_err *err)
{
    while (!slicer->is_at_end && slicer->len < slicer->options.slice_bytes) {
        size_t got = slicer->options.read(slicer->options.arg, slicer->held + slicer->len,
                                          slicer->options.slice_bytes - slicer->len, err);
        if (got == SIZE_MAX) {
            return err != NULL ? err->status : ZW_IO;
        }
        slicer->len += got;
        slicer->read_bytes += got;
        slicer->is_at_end = got == 0 || slicer->read_bytes >= slicer->options.total_bytes;
    }
    slicer->held[slicer->len] = '\0';
    return ZW_OK;
}

/* A line ends with LF, CR LF or CR; rows are cut behind an LF only. */
static void count_line(zw_slicer *slicer, char c)
{
    if (c == '\r' || (c == '\n' && !slicer->was_cr)) {
        slicer->lines++;
    }
    slicer->was_cr = c == '\r';
}

static place next_place(const zw_slicer *slicer, char c)
{
    bool is_end = c == slicer->separator || c == '\n' || c == '\r';
    switch (slicer->place) {
    case AT_START:
        if (c == '"') {
            return IN_QUOTED;
        }
        return is_end || c == ' ' || c == '\t' ? AT_START : IN_PLAIN;
    case IN_PLAIN:
        return is_end ? AT_START : IN_PLAIN;
    case IN_QUOTED:
        return c == '"' ? BEHIND_QUOTE : IN_QUOTED;
    case BEHIND_QUOTE:
        break;
    }
    if (c == '"') {
        return IN_QUOTED; /* a doubled one */
    }
    return is_end ? AT_START : IN_PLAIN;
}

static bool is_blank(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n", bytes[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* A row has ended at `at`. The first that says something is the header, with what is above it. */
static void end_row(zw_slicer *slicer, size_t at)
{
    if (!slicer->has_header) {
        slicer->has_header = !is_blank(slicer->held, at);
        slicer->rows_at = slicer->has_header ? at : 0;
        slicer->header_lines = slicer->first_line = slicer->has_header ? slicer->lines : 0;
        return;
    }
    slicer->end = at;
    slicer->lines_at_end = slicer->lines;
}

/* What is read next holds no quote, so that its last line end ends a row: nearly always. */
static void skip_plain_rows(zw_slicer *slicer)
{
    const char *from = slicer->held + slicer->seen;
    size_t len = slicer->len - slicer->seen;
    bool is_outside = slicer->place == AT_START || slicer->place == IN_PLAIN;
    if (slicer->options.is_csv && (!is_outside || memchr(from, '"', len) != NULL)) {
        return;
    }
    while (len > 0 && from[len - 1] != '\n') {
        len--;
    }
    if (len == 0) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        count_line(slicer, from[i]);
    }
    slicer->seen += len;
    slicer->place = AT_START;
    end_row(slicer, slicer->seen);
}

/* Scans what was read for the ends of rows. */
static void scan(zw_slicer *slicer)
{
    while (slicer->seen < slicer->len) {
        char c = slicer->held[slicer->seen++];
        count_line(slicer, c);
        slicer->place = slicer->options.is_csv ? next_place(slicer, c) : AT_START;
        if (c == '\n' && slicer->place == AT_START) {
            end_row(slicer, slicer->seen);
        }
    }
}

/* As the sheet guesses it: a tab when the header has one and no comma. */
static void guess_separator(zw_slicer *slicer)
{
    size_t at = 0;
    while (at < slicer->len && strchr(" \t\r\n", slicer->held[at]) != NULL) {
        at++;
    }
    const char *line = slicer->held + at;
    size_t len = strcspn(line, "\r\n");
    bool has_tab = memchr(line, '\t', len) != NULL;
    slicer->separator = has_tab && memchr(line, ',', len) == NULL ? '\t' : ',';
}

static zw_status begin(zw_slicer *slicer, zw_err *err)
{
    zw_status status = fill(slicer, err);
    bool is_utf16 =
        status == ZW_OK && slicer->len >= 2 &&
        (memcmp(slicer->held, "\xFF\xFE", 2) == 0 || memcmp(slicer->held, "\xFE\xFF", 2) == 0);
    guess_separator(slicer);
    return is_utf16 ? zw_err_set(err, ZW_INVALID,
                                 "UTF-16 can only be read of a text that is held whole: expected "
                                 "UTF-8 or GB18030")
                    : status;
}

/* Moves what is left of the last slice to behind the header. */
static void pass_on(zw_slicer *slicer)
{
    size_t left = slicer->len - slicer->end;
    memmove(slicer->held + slicer->rows_at, slicer->held + slicer->end, left);
    slicer->len = slicer->rows_at + left;
    slicer->seen -= slicer->end - slicer->rows_at;
    slicer->end = 0;
    slicer->first_line = slicer->lines_at_end;
}

zw_status zw_slicer_next(zw_slicer *slicer, zw_slice *out, zw_err *err)
{
    *out = (zw_slice){.text = {"", 0}};
    assert(slicer->end == 0 || !slicer->is_at_end);
    if (slicer->end > 0) {
        pass_on(slicer);
    }
    zw_status status = slicer->read_bytes == 0 ? begin(slicer, err) : fill(slicer, err);
    if (status != ZW_OK) {
        return status;
    }
    if (slicer->has_header) {
        skip_plain_rows(slicer);
    }
    scan(slicer);
    if (slicer->is_at_end) { /* the last row needs no line end; what is broken is read as it is */
        slicer->end = slicer->len;
    }
    if (slicer->end == 0 && !slicer->is_at_end) {
        return zw_err_set(err, ZW_LIMIT, "line %u: a row of more than %zu bytes%s",
                          slicer->first_line + 1, slicer->options.slice_bytes - slicer->rows_at,
                          slicer->place == IN_QUOTED ? " (a quote that is never closed?)" : "");
    }
    *out = (zw_slice){.text = {slicer->held, slicer->end},
                      .line_offset = slicer->first_line - slicer->header_lines,
                      .end = slicer->read_bytes - (slicer->len - slicer->end),
                      .is_last = slicer->is_at_end};
    return ZW_OK;
}
