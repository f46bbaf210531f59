/** Tidy CSV: header `measure,area,period,value` in any order, optional status, known_at, source,
 * scope, note, and dimensions. */
#ifndef ZW_INTAKE_CSV_H
#define ZW_INTAKE_CSV_H

#include "intake/batch.h"

/**
 * Reads UTF-8 text into `batch` (which may hold rows already). Every bad row becomes a fault; a
 * header that cannot be used is the only thing that fails the call.
 * @param separator  ',' or '\t'; 0 takes a tab when the first line has one and no comma.
 * @return ZW_OK, even with faults; ZW_INVALID for the header, naming line:column; ZW_NOMEM.
 */
zw_status zw_csv_read(zw_text text, char separator, zw_batch *batch, zw_err *err) ZW_MUST_USE;

#endif
