/* Dimension values as one text. */
#include "intake/dims.h"

#include <string.h>

bool zw_dims_next(const char **at, zw_dim *out)
{
    const char *from = *at;
    if (*from == '\0') {
        return false;
    }
    const char *separator = strchr(from, ZW_DIMS_SEPARATOR);
    size_t len = separator != NULL ? (size_t)(separator - from) : strlen(from);
    const char *equals = memchr(from, ZW_DIMS_EQUALS, len);
    size_t name = equals != NULL ? (size_t)(equals - from) : len;
    size_t value = equals != NULL ? name + 1 : len;
    *out = (zw_dim){{from, name}, {from + value, len - value}};
    *at = from + len + (separator != NULL ? 1 : 0);
    return true;
}

zw_text zw_dims_value(const char *dims, const char *name)
{
    zw_dim dim;
    for (const char *at = dims; zw_dims_next(&at, &dim);) {
        if (zw_text_is(dim.name, name)) {
            return dim.value;
        }
    }
    return (zw_text){dims, 0};
}
