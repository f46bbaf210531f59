/** Rows of registers: tidy CSV with the header `register,item,area,at` in any order, optional
 * state, known_at, source and note, and the registers' fields. What the names mean is the pack's
 * business.
 */
#ifndef ZW_INTAKE_ITEM_CSV_H
#define ZW_INTAKE_ITEM_CSV_H

#include "intake/sheet.h"

/**
 * Reads UTF-8 text into the batch's items. Every bad row becomes a fault; a header that cannot be
 * used is the only thing that fails the call.
 * @param separator  as zw_csv_read.
 * @return ZW_OK, even with faults; ZW_INVALID for the header, naming line:column; ZW_NOMEM.
 */
zw_status zw_item_csv_read(zw_text text, char separator, zw_batch *batch, zw_err *err) ZW_MUST_USE;

/** Takes the row at hand of a sheet of items into its batch, or names what is wrong with it. */
void zw_item_sheet_take(zw_sheet *sheet);

#endif
