/** `export --what observations` and `revisions`: figures as they can be taken in again. */
#ifndef ZW_APP_EXPORT_FIGURES_H
#define ZW_APP_EXPORT_FIGURES_H

#include "app/export.h"

/** Which rows, and in which columns. */
typedef struct zw_export_figures {
    bool has_versions; /* every version that some day knew, not only what stands */
    bool is_sdmx;      /* the columns of SDMX-CSV 2.0, in a table of CSV */
} zw_export_figures;

/**
 * Writes the figures of the pack's measures with every column that a delivery can have: taken into
 * an empty store they come out the same again. Of versions known since the same moment only the
 * last is written: no day knew the others.
 * @return ZW_OK; ZW_NOMEM.
 */
zw_status zw_export_figures_write(const zw_export *export, const zw_export_figures *which,
                                  zw_err *err) ZW_MUST_USE;

#endif
