/* Tidy CSV: a sheet of figures. */
#include "intake/csv.h"

#include "intake/figure_rows.h"

static void reader_on_heading(zw_sheet *sheet, void *arg)
{
    (void)arg;
    sheet->batch->columns = zw_heading_columns(&sheet->heading);
}

static void reader_on_row(zw_sheet *sheet, void *arg)
{
    zw_figure_rows_take(arg, sheet);
}

zw_status zw_csv_read(zw_text text, char separator, zw_batch *batch, zw_err *err)
{
    zw_figure_rows rows;
    zw_sheet_reading reading = {.roles = &zw_roles_of_figures,
                                .separator = separator,
                                .on_heading = reader_on_heading,
                                .on_row = reader_on_row,
                                .arg = &rows};
    zw_status status = zw_figure_rows_init(&rows, text.len, batch, err);
    status = status == ZW_OK ? zw_sheet_read(text, &reading, batch, err) : status;
    zw_figure_rows_fini(&rows);
    return status;
}
