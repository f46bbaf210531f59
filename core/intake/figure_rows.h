/** Figures out of the rows of a sheet, whatever it was made of: each row becomes a figure of the
 * batch or faults. */
#ifndef ZW_INTAKE_FIGURE_ROWS_H
#define ZW_INTAKE_FIGURE_ROWS_H

#include "intake/cells.h"
#include "intake/sheet.h"

/** Open so that it can lie in a reader. */
typedef struct zw_figure_rows {
    zw_buf joined;  /* the row's dimensions */
    zw_cells cells; /* one batch says each cell once */
} zw_figure_rows;

/** @param text_bytes  at least what the longest row has of text. The rows that the batch holds
 * already count as said. @return ZW_OK; ZW_LIMIT; ZW_NOMEM; to be ended whatever is answered. */
zw_status zw_figure_rows_init(zw_figure_rows *rows, size_t text_bytes, const zw_batch *batch,
                              zw_err *err) ZW_MUST_USE;
void zw_figure_rows_fini(zw_figure_rows *rows);

/** Where the columns are when they are the roles in their order, then the dimensions. */
zw_batch_columns zw_figure_rows_columns(void);

/** Takes the row at hand of a sheet with roles of figures. A figure said before in this batch is
 * kept out when it is the same, else a fault. */
void zw_figure_rows_take(zw_figure_rows *rows, zw_sheet *sheet);

#endif
