/** Shipped: the files of scripts/zonewatch, which packs share by `require "zonewatch.x"`, built
 * into the program. */
#ifndef ZW_SCRIPT_SHIPPED_H
#define ZW_SCRIPT_SHIPPED_H

#include "base/text.h"

/** The files' bytes, made by embed.cmake when the program is built. */
extern const unsigned char zw_shipped_lights_bytes[];
extern const size_t zw_shipped_lights_len;

/**
 * The text of the module "x".
 * @param nearest  may be NULL; tries the names of all.
 * @return false when the program ships none called so.
 */
bool zw_shipped_find(const char *name, zw_text *out, zw_nearest *nearest);

#endif
