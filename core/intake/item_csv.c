/* Rows of registers out of CSV. An item may have several rows in one delivery, and several of one
 * moment: they are taken in the order in which they stand. */
#include "intake/item_csv.h"

static void name_read(zw_sheet *sheet, zw_item_role role, uint32_t *out)
{
    (void)zw_sheet_name(sheet, sheet->heading.at[role], zw_roles_of_items.names[role], out);
}

static void field_read(zw_sheet *sheet, const zw_dimension *column)
{
    zw_said_field field = {.column = column->column};
    if (!zw_sheet_name(sheet, column->column, column->name, &field.text) || field.text == 0) {
        return;
    }
    field.name = zw_sheet_keep(sheet, zw_text_of(column->name));
    if (sheet->status == ZW_OK) {
        sheet->status = zw_batch_add_field(sheet->batch, &field, sheet->err);
    }
}

/* Every field is looked at even after a fault: the sender mends all of a row at once. */
void zw_item_sheet_take(zw_sheet *sheet)
{
    const uint32_t *at = sheet->heading.at;
    size_t faults = sheet->batch->faults.count;
    zw_said_item item = {.line = sheet->line,
                         .first_place = sheet->first_place,
                         .first_field = sheet->batch->item_field_count};
    name_read(sheet, ZW_ITEM_ROLE_REGISTER, &item.register_name);
    name_read(sheet, ZW_ITEM_ROLE_ITEM, &item.item);
    name_read(sheet, ZW_ITEM_ROLE_AREA, &item.area);
    name_read(sheet, ZW_ITEM_ROLE_STATE, &item.state);
    zw_sheet_remark(sheet, at[ZW_ITEM_ROLE_SOURCE], &item.source);
    zw_sheet_remark(sheet, at[ZW_ITEM_ROLE_NOTE], &item.note);
    zw_sheet_synthetic(sheet, at[ZW_ITEM_ROLE_SYNTHETIC], &item.is_synthetic);
    if (item.register_name == 0 && sheet->batch->faults.count == faults) {
        zw_sheet_fault(sheet, at[ZW_ITEM_ROLE_REGISTER], "expected a register, got nothing");
    }
    (void)zw_sheet_stamp(sheet, at[ZW_ITEM_ROLE_AT], "expected a day in 'at', got nothing",
                         &item.at);
    item.has_known_at = zw_sheet_stamp(sheet, at[ZW_ITEM_ROLE_KNOWN_AT], NULL, &item.known_at);
    for (size_t i = 0; i < sheet->heading.dim_count && sheet->status == ZW_OK; i++) {
        field_read(sheet, &sheet->heading.dims[i]);
    }
    bool is_good = sheet->status == ZW_OK && sheet->batch->faults.count == faults;
    if (is_good) {
        sheet->status = zw_batch_add_item(sheet->batch, &item, sheet->err);
    } else {
        sheet->batch->item_field_count = item.first_field;
    }
}

static void reader_on_heading(zw_sheet *sheet, void *arg)
{
    const uint32_t *at = sheet->heading.at;
    (void)arg;
    sheet->batch->item_columns = (zw_item_columns){.register_name = at[ZW_ITEM_ROLE_REGISTER],
                                                   .item = at[ZW_ITEM_ROLE_ITEM],
                                                   .area = at[ZW_ITEM_ROLE_AREA],
                                                   .at = at[ZW_ITEM_ROLE_AT],
                                                   .state = at[ZW_ITEM_ROLE_STATE],
                                                   .known_at = at[ZW_ITEM_ROLE_KNOWN_AT]};
}

static void reader_on_row(zw_sheet *sheet, void *arg)
{
    (void)arg;
    zw_item_sheet_take(sheet);
}

zw_status zw_item_csv_read(zw_text text, char separator, zw_batch *batch, zw_err *err)
{
    zw_sheet_reading reading = {.roles = &zw_roles_of_items,
                                .separator = separator,
                                .on_heading = reader_on_heading,
                                .on_row = reader_on_row};
    return zw_sheet_read(text, &reading, batch, err);
}
