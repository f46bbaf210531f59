/* How numbers lie in a BLOB. */
#include "store/wire.h"

#include <assert.h>
#include <string.h>

enum { VARINT_BYTES = 10, SHIFT_MOST = 63 };

uint64_t zw_zigzag(int64_t number)
{
    return ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0);
}

int64_t zw_zagzig(uint64_t number)
{
    uint64_t bits = (number >> 1) ^ ((number & 1) != 0 ? UINT64_MAX : 0);
    int64_t value = 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

void zw_wire_put(zw_buf *out, uint64_t number)
{
    char bytes[VARINT_BYTES];
    size_t len = 0;
    for (; number > 0x7F; number >>= 7) {
        bytes[len++] = (char)(0x80 | (number & 0x7F));
    }
    bytes[len++] = (char)number;
    (void)zw_buf_append(out, bytes, len);
}

void zw_wire_put_signed(zw_buf *out, int64_t number)
{
    zw_wire_put(out, zw_zigzag(number));
}

void zw_wire_put_fixed(zw_buf *out, uint64_t number, size_t bytes)
{
    char low[8];
    assert(bytes <= sizeof(low));
    for (size_t i = 0; i < bytes; i++) {
        low[i] = (char)(number >> (8 * i) & 0xFF);
    }
    (void)zw_buf_append(out, low, bytes);
}

size_t zw_wire_left(const zw_wire *from)
{
    return from->is_bad ? 0 : (size_t)(from->end - from->at);
}

uint64_t zw_wire_take(zw_wire *from)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift <= SHIFT_MOST && !from->is_bad && from->at < from->end;
         shift += 7) {
        uint8_t byte = *from->at++;
        if (shift == SHIFT_MOST && byte > 1) {
            break;
        }
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return number;
        }
    }
    from->is_bad = true;
    return 0;
}

int64_t zw_wire_take_signed(zw_wire *from)
{
    return zw_zagzig(zw_wire_take(from));
}

uint64_t zw_wire_take_fixed(zw_wire *from, size_t bytes)
{
    assert(bytes <= sizeof(uint64_t));
    if (zw_wire_left(from) < bytes) {
        from->is_bad = true;
        return 0;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++) {
        number |= (uint64_t)*from->at++ << (8 * i);
    }
    return number;
}

uint64_t zw_wire_take_upto(zw_wire *from, uint64_t most)
{
    uint64_t number = zw_wire_take(from);
    if (number > most) {
        from->is_bad = true;
        return 0;
    }
    return number;
}

zw_wire zw_wire_part(zw_wire *from, uint64_t len)
{
    if (zw_wire_left(from) < len) {
        from->is_bad = true;
        return (zw_wire){from->end, from->end, true};
    }
    zw_wire part = {from->at, from->at + len, false};
    from->at += len;
    return part;
}

/* Eight bytes at a time; each step is a bijection of the state, so that one changed word always
 * changes the sum before it is folded. */
uint32_t zw_wire_sum(const void *bytes, size_t len)
{
    static const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    zw_wire from = {bytes, (const uint8_t *)bytes + len, false};
    uint64_t sum = odd ^ len;
    while (from.at < from.end) {
        size_t left = (size_t)(from.end - from.at);
        sum = (sum ^ zw_wire_take_fixed(&from, left < 8 ? left : 8)) * odd;
        sum ^= sum >> 29;
    }
    sum *= UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(sum >> 32);
}
