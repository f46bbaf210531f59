/* Figures out of JSON. */
#include "intake/figure_json.h"

#include "intake/figure_rows.h"

static void reader_on_row(zw_sheet *sheet, void *arg)
{
    zw_figure_rows_take(arg, sheet);
}

zw_status zw_figure_json_read(zw_text text, zw_json_form form, zw_batch *batch, zw_err *err)
{
    zw_figure_rows rows;
    batch->columns = zw_figure_rows_columns();
    zw_status status = zw_figure_rows_init(&rows, text.len, batch, err);
    status = status == ZW_OK ? zw_json_rows_read(text, form, &zw_roles_of_figures, reader_on_row,
                                                 &rows, batch, err)
                             : status;
    zw_figure_rows_fini(&rows);
    return status;
}
