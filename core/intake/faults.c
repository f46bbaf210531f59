/* Faults: a growing list of places and words. */
#include "intake/faults.h"

#include "base/cut.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16, FAULT_TEXT_BYTES = 512 };

void zw_faults_fini(zw_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        free(faults->at[i].text);
    }
    free(faults->at);
    *faults = (zw_faults){NULL, 0, 0};
}

/* What is no UTF-8 becomes question marks: a fault is told in JSON and on terminals. */
static void clean(char *text, size_t len)
{
    size_t bad_at;
    for (size_t at = 0; !zw_text_is_utf8(text + at, len - at, &bad_at); at += bad_at + 1) {
        text[at + bad_at] = '?';
    }
}

/* A copy as one line, wherever it is shown and whatever the delivery put into it. */
static char *one_line(const char *said, size_t len)
{
    char *text = malloc(len + 1);
    for (size_t i = 0; text != NULL && i < len; i++) {
        text[i] = said[i];
        if ((unsigned char)said[i] < ' ' || said[i] == '\x7f') {
            text[i] = ' ';
        }
    }
    if (text != NULL) {
        text[len] = '\0';
        clean(text, len);
    }
    return text;
}

zw_status zw_faults_vadd(zw_faults *faults, zw_err *err, uint32_t line, uint32_t column,
                         const char *fmt, va_list args)
{
    if (faults->count == faults->capacity) {
        size_t capacity = faults->capacity > 0 ? 2 * faults->capacity : FIRST_CAPACITY;
        zw_fault *grown = realloc(faults->at, capacity * sizeof *grown);
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        faults->at = grown;
        faults->capacity = capacity;
    }
    char said[FAULT_TEXT_BYTES];
    char *text = one_line(said, zw_cut_vformat(said, sizeof said, fmt, args));
    if (text == NULL) {
        return zw_err_nomem(err);
    }
    faults->at[faults->count++] = (zw_fault){.line = line, .column = column, .text = text};
    return ZW_OK;
}

zw_status zw_faults_add(zw_faults *faults, zw_err *err, uint32_t line, uint32_t column,
                        const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    zw_status status = zw_faults_vadd(faults, err, line, column, fmt, args);
    va_end(args);
    return status;
}

static int fault_compare(const void *left, const void *right)
{
    const zw_fault *a = left;
    const zw_fault *b = right;
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    return strcmp(a->text, b->text); /* qsort promises no order of equals; a report should */
}

void zw_faults_sort(zw_faults *faults)
{
    if (faults->count > 1) {
        qsort(faults->at, faults->count, sizeof *faults->at, fault_compare);
    }
}
