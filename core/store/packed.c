/* Packing. Speed before size: what is packed here was just read from somewhere. */
#include "store/packed.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { WORTH_IT = 128 }; /* shorter ones gain less than packing costs */

uint32_t zw_packed_sum(zw_text bytes)
{
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)bytes.at, bytes.len);
}

zw_status zw_packed_put(zw_text bytes, zw_buf *out, zw_err *err)
{
    if (bytes.len > INT_MAX) {
        return zw_err_set(err, ZW_LIMIT, "%zu bytes are too many to pack", bytes.len);
    }
    uLongf room = bytes.len < WORTH_IT ? 0 : compressBound((uLong)bytes.len);
    Bytef *packed = room > 0 ? malloc(room) : NULL;
    bool is_packed = packed != NULL && compress2(packed, &room, (const Bytef *)bytes.at,
                                                 (uLong)bytes.len, Z_BEST_SPEED) == Z_OK;
    if (is_packed && room < bytes.len) {
        zw_buf_append(out, packed, room);
    } else {
        zw_buf_append(out, bytes.at, bytes.len);
    }
    free(packed);
    return out->has_failed ? zw_err_nomem(err) : ZW_OK;
}

zw_status zw_packed_get(zw_text packed, size_t len, zw_buf *out, zw_err *err)
{
    if (packed.len == len) {
        zw_buf_append(out, packed.at, len);
        return out->has_failed ? zw_err_nomem(err) : ZW_OK;
    }
    if (len > INT_MAX || packed.len > len) {
        return zw_err_set(err, ZW_STORE, "packed bytes are damaged");
    }
    uLongf room = (uLongf)len;
    Bytef *bytes = malloc(len);
    if (bytes == NULL) {
        return zw_err_nomem(err);
    }
    int code = uncompress(bytes, &room, (const Bytef *)packed.at, (uLong)packed.len);
    bool is_whole = code == Z_OK && room == len;
    if (is_whole) {
        zw_buf_append(out, bytes, len);
    }
    free(bytes);
    if (code == Z_MEM_ERROR || out->has_failed) {
        return zw_err_nomem(err);
    }
    return is_whole ? ZW_OK : zw_err_set(err, ZW_STORE, "packed bytes are damaged");
}
