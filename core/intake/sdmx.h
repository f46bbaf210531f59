/**
 * SDMX-CSV 1.0, 2.0 and 2.1: figures as statistical offices exchange them. The first line names the
 * structure's dimensions, `TIME_PERIOD`, `OBS_VALUE` and attributes, in any order; `DATAFLOW` or
 * `STRUCTURE_ID` says which structure a row is of. What its dimensions mean is told by maps; a
 * structure with the columns `MEASURE` and `AREA`, as our own exports have it, needs none.
 * Pure: bytes and maps in, a batch out.
 */
#ifndef ZW_INTAKE_SDMX_H
#define ZW_INTAKE_SDMX_H

#include "intake/batch.h"

/** The structure of our own exports. */
#define ZW_SDMX_STRUCTURE "ZONEWATCH:FIGURES(1.0)"

/** A column of a structure, and what is said of it. */
typedef struct zw_sdmx_pair {
    const char *column;
    const char *what; /* the code it must hold; or the dimension of ours that it is */
} zw_sdmx_pair;

/** Which rows of a structure are figures of a measure. Everything is borrowed. */
typedef struct zw_sdmx_map {
    const char *measure;
    const char *structure; /* "ESTAT:NAMA_10_GDP", or of one version "ESTAT:NAMA_10_GDP(1.0)" */
    const char *area;      /* the column whose codes are areas; NULL: the only zone */
    const zw_sdmx_pair *where;
    size_t where_count;
    const zw_sdmx_pair *dims;
    size_t dim_count;
    const zw_sdmx_pair *totals; /* the code of a dimension's column that means all of it; beside _T,
                                   which always does */
    size_t total_count;
    const char *const *ignored; /* columns before OBS_VALUE that say nothing */
    size_t ignored_count;
} zw_sdmx_map;

typedef struct zw_sdmx_maps {
    const zw_sdmx_map *at;
    size_t count;
} zw_sdmx_maps;

/** A structure's name without its version: how many bytes of `id` it takes. */
size_t zw_sdmx_structure_length(zw_text id);

/**
 * Reads UTF-8 text into `batch` (which may hold rows already). Every bad row becomes a fault; only
 * a header that cannot be used fails the call. Fields are set apart by what follows the first
 * column's name: a comma, a semicolon or a tab.
 *
 * `ACTION` I, A, M and R (or none) take a figure, D withdraws the one that its row names. Of
 * CL_OBS_STATUS A, P, E, F are taken, I is E, and H, L, M, O, Q (or a value NaN or #N/A) withdraw;
 * small letters, as some write them in OBS_FLAG, mean the same.
 * A column that stands before OBS_VALUE, and that neither a map nor SDMX names, is refused: it may
 * be a dimension, and figures of different places in it are different figures. So is a unit
 * multiplier that no map expects.
 * @return ZW_OK, even with faults; ZW_INVALID for the header, naming line:column; ZW_NOMEM.
 */
zw_status zw_sdmx_read(zw_text text, const zw_sdmx_maps *maps, zw_batch *batch,
                       zw_err *err) ZW_MUST_USE;

#endif
