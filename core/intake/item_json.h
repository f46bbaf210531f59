/** Rows of registers as JSON: see json_rows.h. Keys are those of the CSV form: `register`, `item`,
 * `area`, `at`, `state` and what else it has, and the register's fields. Pure: bytes in, a batch
 * out. */
#ifndef ZW_INTAKE_ITEM_JSON_H
#define ZW_INTAKE_ITEM_JSON_H

#include "intake/batch.h"
#include "intake/json_rows.h"

/**
 * Reads the objects into the batch's items.
 * @return ZW_OK, even with faults; ZW_INVALID when it is no array of objects; ZW_NOMEM.
 */
zw_status zw_item_json_read(zw_text text, zw_json_form form, zw_batch *batch,
                            zw_err *err) ZW_MUST_USE;

#endif
