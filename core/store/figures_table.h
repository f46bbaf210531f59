/**
 * The figures as two tables of SQL, for who reads a store with the sqlite3 shell:
 *
 *   figures    what stands, one row a figure; `WHERE as_of = '2023-03-01'`: what stood then
 *   revisions  every version there ever was, by when it was known
 *
 * Both are read-only and need no CREATE. Columns, in this order: measure, area, dims (a JSON object
 * of dimension values; {} is the total), scope, period, value (as delivered, in `unit`; NULL when
 * withdrawn), unit, status, known_at, source, note, synthetic (0, 1), batch, line; hidden: as_of.
 * Periods below a day and moments are written in UTC. `as_of` is a moment, or a day or longer
 * period for its end in UTC; a number is Unix milliseconds. Figures that the pack hides stand here
 * too: the file knows no pack.
 */
#ifndef ZW_STORE_FIGURES_TABLE_H
#define ZW_STORE_FIGURES_TABLE_H

#include "base/err.h"

struct sqlite3;

/**
 * Adds both tables to a connection that has a store's file open as "main". They read that file
 * through a connection of their own: what the given one changed and did not commit is not seen.
 * @return ZW_OK; ZW_INVALID when "main" is no file; ZW_NOMEM; ZW_STORE.
 */
zw_status zw_figures_table_add(struct sqlite3 *conn, zw_err *err) ZW_MUST_USE;

#endif
