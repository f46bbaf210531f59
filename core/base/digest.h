/** The content hash of a delivery: SHA-256 (libnettle), as lower-case hex. */
#ifndef ZW_BASE_DIGEST_H
#define ZW_BASE_DIGEST_H

#include <stddef.h>

enum { ZW_DIGEST_TEXT_BYTES = 65 };

/** Writes 64 hex digits and a NUL. */
void zw_digest_of(const void *bytes, size_t len, char out[ZW_DIGEST_TEXT_BYTES]);

#endif
