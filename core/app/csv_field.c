/* One field of CSV. */
#include "app/csv_field.h"

#include <string.h>

void zw_csv_field(FILE *out, zw_text text, bool is_last)
{
    bool needs_quotes = false;
    for (size_t i = 0; i < text.len; i++) {
        needs_quotes = needs_quotes || strchr(",\"\r\n", text.at[i]) != NULL;
    }
    (void)fputs(needs_quotes ? "\"" : "", out);
    for (size_t i = 0; i < text.len; i++) {
        (void)fputs(text.at[i] == '"' ? "\"" : "", out);
        (void)fputc(text.at[i], out);
    }
    (void)fputs(needs_quotes ? "\"" : "", out);
    (void)fputc(is_last ? '\n' : ',', out);
}
