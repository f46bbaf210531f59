/** Figures as JSON: see json_rows.h. Keys are `measure`, `area`, `period`, `value` and what else
 * the tidy CSV has. Pure: bytes in, a batch out. */
#ifndef ZW_INTAKE_FIGURE_JSON_H
#define ZW_INTAKE_FIGURE_JSON_H

#include "intake/batch.h"
#include "intake/json_rows.h"

/**
 * Reads the objects into `batch` (which may hold rows already).
 * @return ZW_OK, even with faults; ZW_INVALID when it is no array of objects; ZW_NOMEM.
 */
zw_status zw_figure_json_read(zw_text text, zw_json_form form, zw_batch *batch,
                              zw_err *err) ZW_MUST_USE;

#endif
