/* Shipped: the modules that are built in, by name. */
#include "script/shipped.h"

#include <string.h>

bool zw_shipped_find(const char *name, zw_text *out, zw_nearest *nearest)
{
    static const struct {
        const char *name;
        const unsigned char *bytes;
        const size_t *len;
    } modules[] = {{"lights", zw_shipped_lights_bytes, &zw_shipped_lights_len}};
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        if (strcmp(modules[i].name, name) == 0) {
            *out = (zw_text){(const char *)modules[i].bytes, *modules[i].len};
            return true;
        }
        if (nearest != NULL) {
            zw_nearest_try(nearest, modules[i].name);
        }
    }
    return false;
}
