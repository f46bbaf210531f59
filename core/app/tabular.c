/* A table going out: the same calls make a line of CSV or an object of JSON. */
#include "app/tabular.h"

#include "app/csv_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16, NUMBER_BYTES = 40 };

struct zw_tabular_column {
    const char *name;
    zw_tabular_is is;
};

void zw_tabular_init(zw_tabular *table, zw_tabular_format format, FILE *out)
{
    *table = (zw_tabular){.out = out, .format = format};
}

void zw_tabular_fini(zw_tabular *table)
{
    free(table->columns);
    *table = (zw_tabular){.out = NULL};
}

void zw_tabular_column(zw_tabular *table, const char *name, zw_tabular_is is)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity > 0 ? 2 * table->capacity : FIRST_CAPACITY;
        struct zw_tabular_column *grown =
            realloc(table->columns, capacity * sizeof *table->columns);
        if (grown == NULL) {
            table->is_out_of_memory = true;
            return;
        }
        table->columns = grown;
        table->capacity = capacity;
    }
    table->columns[table->count++] = (struct zw_tabular_column){name, is};
}

void zw_tabular_texts(zw_tabular *table, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        zw_tabular_column(table, names[i], ZW_TABULAR_TEXT);
    }
}

zw_status zw_tabular_head(zw_tabular *table, zw_err *err)
{
    if (table->is_out_of_memory) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; table->format == ZW_TABULAR_CSV && i < table->count; i++) {
        zw_csv_field(table->out, zw_text_of(table->columns[i].name), i + 1 == table->count);
    }
    return ZW_OK;
}

static void put_string(FILE *out, zw_text text)
{
    (void)fputc('"', out);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte == '"' || byte == '\\') {
            (void)fputc('\\', out);
            (void)fputc(byte, out);
        } else if (byte < ' ' || byte == 0x7F) {
            (void)fprintf(out, "\\u%04x", byte);
        } else {
            (void)fputc(byte, out);
        }
    }
    (void)fputc('"', out);
}

static void put_member(zw_tabular *table, const struct zw_tabular_column *column, zw_text text)
{
    double number = 0;
    if (text.len == 0 && column->is != ZW_TABULAR_NUMBER) {
        return;
    }
    (void)fputc(table->has_written ? ',' : '{', table->out);
    table->has_written = true;
    put_string(table->out, zw_text_of(column->name));
    (void)fputc(':', table->out);
    if (column->is == ZW_TABULAR_FLAG) {
        (void)fputs("true", table->out);
    } else if (column->is == ZW_TABULAR_NUMBER && text.len == 0) {
        (void)fputs("null", table->out);
    } else if (column->is == ZW_TABULAR_NUMBER && zw_text_number(text, &number)) {
        (void)fwrite(text.at, 1, text.len, table->out);
    } else {
        put_string(table->out, text);
    }
}

void zw_tabular_put(zw_tabular *table, zw_text text)
{
    const struct zw_tabular_column *column = &table->columns[table->at++];
    bool is_last = table->at == table->count;
    if (table->format == ZW_TABULAR_CSV) {
        zw_csv_field(table->out, text, is_last);
    } else {
        put_member(table, column, text);
        (void)fputs(is_last ? (table->has_written ? "}\n" : "{}\n") : "", table->out);
    }
    if (is_last) {
        table->at = 0;
        table->has_written = false;
    }
}

void zw_tabular_puts(zw_tabular *table, const char *text)
{
    zw_tabular_put(table, zw_text_of(text));
}

void zw_tabular_number(zw_tabular *table, double value)
{
    char text[NUMBER_BYTES];
    bool is_minus_zero = value == 0 && signbit(value);
    zw_tabular_puts(table, is_minus_zero ? "-0" : zw_text_of_number(value, text, sizeof text));
}

void zw_tabular_flag(zw_tabular *table, bool is_set)
{
    zw_tabular_puts(table, is_set ? "synthetic" : "");
}
