/** Dimension values as one text: "name=value" pairs, by name, ZW_DIMS_SEPARATOR between. */
#ifndef ZW_INTAKE_DIMS_H
#define ZW_INTAKE_DIMS_H

#include "base/text.h"

/** The separator between pairs, and between a name and its value. */
#define ZW_DIMS_SEPARATOR '\x1f'
#define ZW_DIMS_EQUALS '='

/** One pair; borrowed from the text. */
typedef struct zw_dim {
    zw_text name, value;
} zw_dim;

/** Takes the pair at `*at` and moves behind it. @return false at the text's end. */
bool zw_dims_next(const char **at, zw_dim *out);

/** The value of `name`; empty when it has none. */
zw_text zw_dims_value(const char *dims, const char *name);

#endif
