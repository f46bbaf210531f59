/**
 * Whole numbers packed: what is constant, or rises by a constant, costs nothing; what lies within
 * a range costs little more than the logarithm of the range; outliers pay for themselves.
 */
#ifndef ZW_STORE_PACKING_H
#define ZW_STORE_PACKING_H

#include "store/wire.h"

/** Appends `count` numbers, which the reader must know. Needs no memory but the buffer's. */
void zw_packing_put(zw_buf *out, const int64_t *numbers, size_t count);

/** Reads as many into `numbers`. What is bad is said by `from`; then they are of no use. */
void zw_packing_take(zw_wire *from, int64_t *numbers, size_t count);

#endif
