/**
 * A shade: what is hidden of one measure or indicator in one period, at every area and, of a
 * measure, for every value of its dimensions. First what its `hide` says; then, until nothing
 * changes, what would be betrayed: a total and its parts never hide exactly one of them.
 */
#ifndef ZW_INDICATOR_SHADE_H
#define ZW_INDICATOR_SHADE_H

#include "indicator/eval.h"

/** What a shade is of. */
typedef struct zw_hider {
    bool is_indicator;
    uint32_t index; /* in the pack's measures or indicators */
} zw_hider;

/** The total, or one value of one dimension. */
typedef struct zw_face {
    zw_node_id node, hide; /* the value, and the truth asked of it */
    const char *dim;       /* NULL: the total */
    const char *value;
} zw_face;

typedef struct zw_shade {
    zw_face *faces; /* the total first, then each dimension's values in order */
    size_t face_count, area_count;
    bool *hidden; /* by face, then area */
} zw_shade;

/** @param out  owned by the caller, who ends it with fini; a zeroed one on failure. */
zw_status zw_shade_fill(zw_eval *eval, zw_hider hider, zw_period period, zw_shade *out,
                        zw_err *err) ZW_MUST_USE;
void zw_shade_fini(zw_shade *shade);

bool zw_shade_hides(const zw_shade *shade, size_t face, uint32_t area);
/** True when anything is hidden at the area: of one dimension, or (NULL) of all. */
bool zw_shade_hides_any(const zw_shade *shade, const char *dim, uint32_t area);
/** The face of a dimension's value; false when nothing was ever reported under it. */
bool zw_shade_find(const zw_shade *shade, const char *dim, zw_text value, size_t *face);

#endif
