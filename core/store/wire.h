/** Bytes of our own making: how numbers lie in a BLOB, and the sum that tells a damaged one. */
#ifndef ZW_STORE_WIRE_H
#define ZW_STORE_WIRE_H

#include "base/buf.h"

#include <stdint.h>

/** Seven bits a byte, the lowest first. */
void zw_wire_put(zw_buf *out, uint64_t number);
/** The same for a number of either sign, small ones in few bytes. */
void zw_wire_put_signed(zw_buf *out, int64_t number);
/** The lowest `bytes` bytes (at most 8), the lowest first. */
void zw_wire_put_fixed(zw_buf *out, uint64_t number, size_t bytes);

/** What is left to read. Reading past the end or what cannot be sets `is_bad`, which sticks, and
 * gives 0: check it once, at the end. A plain value. */
typedef struct zw_wire {
    const uint8_t *at, *end;
    bool is_bad;
} zw_wire;

uint64_t zw_wire_take(zw_wire *from);
int64_t zw_wire_take_signed(zw_wire *from);
uint64_t zw_wire_take_fixed(zw_wire *from, size_t bytes);
/** As zw_wire_take; more than `most` is bad. */
uint64_t zw_wire_take_upto(zw_wire *from, uint64_t most);
/** The next `len` bytes, as something to read; empty and bad when there are fewer. */
zw_wire zw_wire_part(zw_wire *from, uint64_t len);
/** Bytes left. */
size_t zw_wire_left(const zw_wire *from);

/** A number of either sign as one without, small ones small: 0, -1, 1, -2 … */
uint64_t zw_zigzag(int64_t number);
int64_t zw_zagzig(uint64_t number);

/** A checksum: changed bytes go unseen once in 2^32. */
uint32_t zw_wire_sum(const void *bytes, size_t len);

#endif
