/**
 * Doubles packed: what has few decimals as whole numbers (packing.h), what has many as it is.
 * Every bit pattern comes back: NaNs with their payload, -0, infinities, denormals.
 */
#ifndef ZW_STORE_CODEC_H
#define ZW_STORE_CODEC_H

#include "store/wire.h"

/** Appends `count` values, which the reader must know. Needs no memory but the buffer's. */
void zw_codec_put(zw_buf *out, const double *values, size_t count);

/** Reads as many into `values`. What is bad is said by `from`; then they are of no use. */
void zw_codec_take(zw_wire *from, double *values, size_t count);

#endif
