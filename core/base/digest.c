/* The content hash of a delivery: SHA-256 as lower-case hex. */
#include "base/digest.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include <stdint.h>

void zw_digest_of(const void *bytes, size_t len, char out[ZW_DIGEST_TEXT_BYTES])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    if (len > 0) { /* nothing may come as NULL */
        sha256_update(&sha, len, bytes);
    }
    sha256_digest(&sha, sizeof digest, digest);
    base16_encode_update(out, sizeof digest, digest);
    out[ZW_DIGEST_TEXT_BYTES - 1] = '\0';
}
