/**
 * Rows as JSON: an array of objects, or an object a line, whose keys are the columns of the tidy
 * CSV, whose values are texts, plain numbers (what counts is the text of them) or null; a key left
 * out says nothing. Each object becomes the row of a sheet, so that all forms are judged by the
 * same eyes. Pure: bytes in, rows and faults out.
 */
#ifndef ZW_INTAKE_JSON_ROWS_H
#define ZW_INTAKE_JSON_ROWS_H

#include "intake/sheet.h"

typedef enum zw_json_form {
    ZW_JSON_WHOLE, /* an array of objects: broken anywhere, it is refused */
    ZW_JSON_LINES  /* an object a line: a broken line is a bad row, the rest goes on */
} zw_json_form;

/**
 * Hands each object that can be read to `on_row`, as a row whose columns are the roles in their
 * order, then the object's other keys. Every bad object becomes a fault at the place of what is
 * wrong: of a value, a key or the object.
 * @param text  any bytes; what is not UTF-8 is told.
 * @return ZW_OK, even with faults; ZW_INVALID when it is no array of objects, naming line:column
 * (columns are characters); ZW_NOMEM.
 */
zw_status zw_json_rows_read(zw_text text, zw_json_form form, const zw_roles *roles,
                            zw_sheet_cb on_row, void *arg, zw_batch *batch,
                            zw_err *err) ZW_MUST_USE;

/** True when the first object has a key of that name, as far as it can be read: how a delivery's
 * kind is told. */
bool zw_json_has_key(zw_text text, const char *name);

#endif
