/** What encoding a delivery is in: BOM, then strict UTF-8, then GB18030; said, never silently
 * assumed. */
#ifndef ZW_INTAKE_SNIFF_H
#define ZW_INTAKE_SNIFF_H

#include "base/buf.h"

typedef enum zw_encoding { ZW_UTF8, ZW_UTF8_BOM, ZW_UTF16LE, ZW_UTF16BE, ZW_GB18030 } zw_encoding;

/** "UTF-8", "UTF-8 with BOM", "UTF-16LE", "UTF-16BE", "GB18030". */
const char *zw_encoding_name(zw_encoding encoding);

/**
 * Appends `bytes` to `out` as UTF-8 without BOM.
 * @param encoding  gets what was found.
 * @return ZW_OK; ZW_INVALID when it is none of them (naming the line of the first bad byte);
 * ZW_LIMIT; ZW_NOMEM.
 */
zw_status zw_sniff_utf8(const void *bytes, size_t len, zw_buf *out, zw_encoding *encoding,
                        zw_err *err) ZW_MUST_USE;

#endif
