/** `export --what items`: the rows of registers, as they can be taken in again. */
#ifndef ZW_APP_EXPORT_ITEMS_H
#define ZW_APP_EXPORT_ITEMS_H

#include "app/export.h"

/**
 * Writes every row of the pack's registers known at the as-of, corrections too, in order of
 * arrival: taken in again they answer the same as of any day. `within` means whose item stood there
 * then, `first` and `last` from when a row holds.
 * @return ZW_OK; ZW_NOMEM.
 */
zw_status zw_export_items_write(const zw_export *export, zw_err *err) ZW_MUST_USE;

#endif
