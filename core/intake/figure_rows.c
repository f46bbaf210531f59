/* Figures out of rows: each field is looked at, then the row is taken whole or not at all. */
#include "intake/figure_rows.h"

/* Above the text's own length: what a row's dimensions need for separators. */
enum { BUFFER_HEADROOM = 4 * ZW_HEADING_COLUMNS_MAX };

static void name_read(zw_sheet *sheet, zw_role role, uint32_t *out)
{
    uint32_t column = sheet->heading.at[role];
    uint32_t name = 0;
    if (!zw_sheet_name(sheet, column, zw_role_name(role), &name)) {
        return;
    }
    if (role == ZW_ROLE_MEASURE && name == 0) {
        zw_sheet_fault(sheet, column, "expected a measure, got nothing");
        return;
    }
    *out = name;
}

/* Appends "name=value" to the row's dimensions; an empty value is the total and says nothing. */
static void dimension_read(zw_sheet *sheet, zw_buf *joined, const zw_dimension *dim)
{
    zw_text text;
    if (!zw_sheet_take(sheet, dim->column, &text) || text.len == 0) {
        return;
    }
    if (joined->len > 0) {
        (void)zw_buf_putc(joined, ZW_DIMS_SEPARATOR);
    }
    (void)zw_buf_puts(joined, dim->name);
    (void)zw_buf_putc(joined, ZW_DIMS_EQUALS);
    size_t from = joined->len;
    if (!zw_text_fold(text, joined)) {
        zw_sheet_nomem(sheet);
        return;
    }
    if (zw_sheet_has_control((zw_text){joined->data + from, joined->len - from})) {
        zw_sheet_fault(sheet, dim->column, "the value of dimension '%s' holds a control character",
                       dim->name);
    }
}

static void dims_read(zw_sheet *sheet, zw_buf *joined, uint32_t *out)
{
    zw_buf_clear(joined);
    for (size_t i = 0; i < sheet->heading.dim_count && sheet->status == ZW_OK; i++) {
        dimension_read(sheet, joined, &sheet->heading.dims[i]);
    }
    if (sheet->status == ZW_OK) {
        *out = zw_sheet_keep(sheet, (zw_text){zw_buf_view(joined), joined->len});
    }
}

/* @return false when the row has no usable status: then its value cannot be judged by it. */
static bool status_read(zw_sheet *sheet, zw_obs_status *out)
{
    zw_text text;
    if (!zw_sheet_fold(sheet, sheet->heading.at[ZW_ROLE_STATUS], &text)) {
        return false;
    }
    if (!zw_obs_status_parse(text, out)) {
        zw_sheet_fault(sheet, sheet->heading.at[ZW_ROLE_STATUS],
                       "expected status A, P, E, F or M, got '%.*s'", zw_sheet_shown(text),
                       text.at);
        return false;
    }
    return true;
}

static void value_read(zw_sheet *sheet, bool has_status, zw_row *row)
{
    uint32_t column = sheet->heading.at[ZW_ROLE_VALUE];
    bool is_missing = has_status && row->status == ZW_OBS_MISSING;
    zw_text text;
    if (!zw_sheet_take(sheet, column, &text)) {
        return;
    }
    if (text.len == 0) {
        if (has_status && !is_missing) {
            zw_sheet_fault(sheet, column, "an empty value needs status M");
        }
        return;
    }
    if (is_missing) {
        zw_sheet_fault(sheet, column,
                       "status M withdraws the figure: expected no value, got '%.*s'",
                       zw_sheet_shown(text), text.at);
        return;
    }
    row->has_value = zw_text_number(text, &row->value);
    if (!row->has_value) {
        zw_sheet_fault(sheet, column, "expected a plain number in the measure's unit, got '%.*s'",
                       zw_sheet_shown(text), text.at);
    }
}

static bool figure_same(const zw_row *a, const zw_row *b)
{
    return a->status == b->status && a->has_value == b->has_value &&
           a->is_synthetic == b->is_synthetic && (!a->has_value || a->value == b->value);
}

/* Adds a good row, unless its cell was said before: the same again is kept out, another figure for
 * it is a fault, since nobody could tell which one was meant. */
static void row_add(zw_sheet *sheet, zw_cells *cells, const zw_row *row)
{
    zw_batch *batch = sheet->batch;
    uint32_t earlier;
    sheet->status = zw_cells_claim(cells, batch->rows, row, batch->row_count, &earlier, sheet->err);
    if (sheet->status != ZW_OK) {
        return;
    }
    if (earlier == ZW_CELL_FREE) {
        sheet->status = zw_batch_add(batch, row, sheet->err);
    } else if (!figure_same(&batch->rows[earlier], row)) {
        zw_sheet_fault(sheet, 0, "line %u gives another value or status for the same figure",
                       batch->rows[earlier].line);
    }
}

/* Every field is looked at even after a fault: the sender mends all of a row at once. */
void zw_figure_rows_take(zw_figure_rows *rows, zw_sheet *sheet)
{
    const uint32_t *at = sheet->heading.at;
    size_t faults = sheet->batch->faults.count;
    zw_row row = {.line = sheet->line, .first_place = sheet->first_place};
    name_read(sheet, ZW_ROLE_MEASURE, &row.measure);
    name_read(sheet, ZW_ROLE_AREA, &row.area);
    name_read(sheet, ZW_ROLE_SCOPE, &row.scope);
    zw_sheet_remark(sheet, at[ZW_ROLE_SOURCE], &row.source);
    zw_sheet_remark(sheet, at[ZW_ROLE_NOTE], &row.note);
    zw_sheet_synthetic(sheet, at[ZW_ROLE_SYNTHETIC], &row.is_synthetic);
    dims_read(sheet, &rows->joined, &row.dims);
    (void)zw_sheet_stamp(sheet, at[ZW_ROLE_PERIOD], "expected a period, got nothing", &row.period);
    row.has_known_at = zw_sheet_stamp(sheet, at[ZW_ROLE_KNOWN_AT], NULL, &row.known_at);
    bool has_status = status_read(sheet, &row.status);
    value_read(sheet, has_status, &row);
    if (sheet->status == ZW_OK && sheet->batch->faults.count == faults) {
        row_add(sheet, &rows->cells, &row);
    }
}

/* The rows that the batch holds already count as said: one batch says each cell once. */
static zw_status cells_begin(zw_cells *cells, const zw_batch *batch, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; i < batch->row_count && status == ZW_OK; i++) {
        uint32_t earlier;
        status = zw_cells_claim(cells, batch->rows, &batch->rows[i], i, &earlier, err);
    }
    return status;
}

zw_batch_columns zw_figure_rows_columns(void)
{
    return (zw_batch_columns){.measure = 1 + ZW_ROLE_MEASURE,
                              .area = 1 + ZW_ROLE_AREA,
                              .period = 1 + ZW_ROLE_PERIOD,
                              .value = 1 + ZW_ROLE_VALUE,
                              .status = 1 + ZW_ROLE_STATUS,
                              .known_at = 1 + ZW_ROLE_KNOWN_AT,
                              .scope = 1 + ZW_ROLE_SCOPE,
                              .dims = 1 + ZW_ROLE_COUNT};
}

zw_status zw_figure_rows_init(zw_figure_rows *rows, size_t text_bytes, const zw_batch *batch,
                              zw_err *err)
{
    *rows = (zw_figure_rows){.cells = {.slots = NULL}};
    zw_buf_init(&rows->joined, text_bytes + BUFFER_HEADROOM);
    return cells_begin(&rows->cells, batch, err);
}

void zw_figure_rows_fini(zw_figure_rows *rows)
{
    zw_cells_fini(&rows->cells);
    zw_buf_fini(&rows->joined);
}
