/** A layout: which columns of an SDMX-CSV the columns of the tidy CSV come from, by a map or by the
 * structure of our own exports. */
#ifndef ZW_INTAKE_SDMX_LAYOUT_H
#define ZW_INTAKE_SDMX_LAYOUT_H

#include "intake/sdmx.h"
#include "intake/sdmx_columns.h"

enum { ZW_SDMX_TIDY_MAX = ZW_HEADING_COLUMNS_MAX };

/** Zeroed but for `map` until it is made; open for reading. */
typedef struct zw_sdmx_layout {
    const zw_sdmx_map *map; /* borrowed; NULL: a structure like our own */
    bool is_made;
    zw_heading heading;                  /* roles of figures in their order, then the dimensions */
    uint32_t from[ZW_SDMX_TIDY_MAX + 1]; /* by tidy column: that of the text; 0: nothing is said */
    uint32_t first_place;                /* of its rows, see zw_batch_place */
} zw_sdmx_layout;

/**
 * Makes a layout for the columns that there are.
 * @param line  of the header.
 * @return ZW_OK; ZW_INVALID, naming line:column, when a column is missing or nobody says what it
 * is; ZW_LIMIT; ZW_NOMEM.
 */
zw_status zw_sdmx_layout_make(const zw_sdmx_columns *columns, uint32_t line, zw_batch *batch,
                              zw_sdmx_layout *layout, zw_err *err) ZW_MUST_USE;
void zw_sdmx_layout_fini(zw_sdmx_layout *layout);

/** The column a map names. @return 0, and the failure in `status`, when there is none. */
uint32_t zw_sdmx_layout_column(const zw_sdmx_columns *columns, uint32_t line,
                               const zw_sdmx_map *map, const char *id, zw_status *status,
                               zw_err *err);

/** True when the map says what that column is. */
bool zw_sdmx_map_names(const zw_sdmx_map *map, zw_text id);

#endif
