/** Rows of registers as JSON: an array of objects whose keys are the columns of the CSV form, whose
 * values are texts, plain numbers or null; a key left out says nothing. */
#ifndef ZW_INTAKE_ITEM_JSON_H
#define ZW_INTAKE_ITEM_JSON_H

#include "intake/batch.h"

/**
 * Reads the array into the batch's items. Every bad object becomes a fault, whose line says which
 * object it is, from 1, whose column is 0 and whose text begins with the key.
 * @return ZW_OK, even with faults; ZW_INVALID when it is no JSON array; ZW_NOMEM.
 */
zw_status zw_item_json_read(zw_text text, zw_batch *batch, zw_err *err) ZW_MUST_USE;

#endif
