/** Given items: the rows of registers that a test is given. */
#ifndef ZW_SCRIPT_GIVEN_ITEMS_H
#define ZW_SCRIPT_GIVEN_ITEMS_H

#include "script/fields.h"

/**
 * Reads `{ item = …, at = …, state = …, known_at = …, field = … }` at the stack's top, as said of
 * register `out->reg`. What is wrong is noted. [-0, +0, raises]
 * @return false when it is no such row.
 */
bool zw_given_item_read(zw_fields *f, zw_given_item *out);

#endif
