/** One field of CSV, as the exports write it. */
#ifndef ZW_APP_CSV_FIELD_H
#define ZW_APP_CSV_FIELD_H

#include "base/text.h"

#include <stdio.h>

/** Writes a field, quoted when it must be, and what ends it: a comma or, of a row's last, a line
 * end. What could not be written is told by ferror. */
void zw_csv_field(FILE *out, zw_text text, bool is_last);

#endif
