/** Bytes that are kept and rarely read, packed by zlib. */
#ifndef ZW_STORE_PACKED_H
#define ZW_STORE_PACKED_H

#include "base/text.h"

#include <stdint.h>

/** Appends `bytes` packed; as they are where that is no shorter. @return ZW_OK; ZW_NOMEM; ZW_LIMIT
 * for more than 2 GiB. */
zw_status zw_packed_put(zw_text bytes, zw_buf *out, zw_err *err) ZW_MUST_USE;

/** Appends what was packed, `len` bytes of it. @return ZW_OK; ZW_NOMEM; ZW_STORE when it is
 * damaged.
 */
zw_status zw_packed_get(zw_text packed, size_t len, zw_buf *out, zw_err *err) ZW_MUST_USE;

/** The checksum that is kept beside them. */
uint32_t zw_packed_sum(zw_text bytes);

#endif
