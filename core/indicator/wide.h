/**
 * Wide readers: columns that take what a measure says at many areas straight from the store,
 * without a column for each of them in between. Noted here by measure, with the areas, so that what
 * is learned finds them.
 */
#ifndef ZW_INDICATOR_WIDE_H
#define ZW_INDICATOR_WIDE_H

#include "indicator/table.h"

typedef struct zw_wides zw_wides;

/** @param pack  borrowed. */
zw_status zw_wides_create(const zw_pack *pack, zw_wides **out, zw_err *err) ZW_MUST_USE;
void zw_wides_destroy(zw_wides *wides); /* NULL is allowed */

/** A column that reads `leaf` (a measure, or a window of one) at many areas, in its `slot`: what it
 * took of the measure. */
typedef struct zw_wide {
    zw_node_id leaf;
    zw_col *reader;
    unsigned slot;
    zw_span taken;
} zw_wide;

/** Notes a reader of a measure at these areas, until all it took is touched. A reader's areas are
 * the same whenever it reads. */
zw_status zw_wides_note(zw_wides *wides, uint32_t measure, zw_wide wide, zw_list areas,
                        zw_err *err) ZW_MUST_USE;

/** True when anybody is noted as a reader of the measure. */
bool zw_wides_has(const zw_wides *wides, uint32_t measure);

/** Makes stale what wide readers took from periods of a measure at an area, ZW_NONE: at any. See
 * zw_table_touch. */
zw_status zw_wides_touch(zw_wides *wides, zw_table *table, uint32_t measure, uint32_t area,
                         zw_span span, bool is_forced, zw_err *err) ZW_MUST_USE;

#endif
