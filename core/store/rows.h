/** Figures as columns of bytes: what is alike among them costs nothing. */
#ifndef ZW_STORE_ROWS_H
#define ZW_STORE_ROWS_H

#include "store/put.h"
#include "store/wire.h"

#include <stddef.h>

/** Appends `count` figures, which the reader must know. Needs no memory but the buffer's. */
void zw_rows_put(zw_buf *out, const zw_put *puts, size_t count);

/**
 * Reads as many into `puts`. What is bad, also a status, number or period that no figure has, is
 * said by `from`; then they are of no use.
 */
void zw_rows_take(zw_wire *from, zw_put *puts, size_t count);

#endif
