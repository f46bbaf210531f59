/** The field `sdmx` of a measure: which rows of which SDMX structure are its figures. */
#ifndef ZW_SCRIPT_STRUCTURE_FIELDS_H
#define ZW_SCRIPT_STRUCTURE_FIELDS_H

#include "script/fields.h"

/**
 * Reads `sdmx = { structure = "AGENCY:ID", area = "COLUMN", where = { COLUMN = "code" }, by = {
 * dimension = "COLUMN" }, total = { COLUMN = "code" }, ignore = { "COLUMN" } }` of a measure whose
 * name and dimensions are read already. Notes what is wrong, also when another measure of the pack
 * may take the same rows.
 * @param measure  gets `has_sdmx` and `sdmx`.
 */
void zw_fields_structure(zw_fields *f, zw_measure *measure);

#endif
