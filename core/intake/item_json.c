/* Rows of registers out of JSON. */
#include "intake/item_json.h"

#include "intake/item_csv.h"

static void reader_on_row(zw_sheet *sheet, void *arg)
{
    (void)arg;
    zw_item_sheet_take(sheet);
}

zw_status zw_item_json_read(zw_text text, zw_json_form form, zw_batch *batch, zw_err *err)
{
    batch->item_columns = (zw_item_columns){.register_name = 1 + ZW_ITEM_ROLE_REGISTER,
                                            .item = 1 + ZW_ITEM_ROLE_ITEM,
                                            .area = 1 + ZW_ITEM_ROLE_AREA,
                                            .at = 1 + ZW_ITEM_ROLE_AT,
                                            .state = 1 + ZW_ITEM_ROLE_STATE,
                                            .known_at = 1 + ZW_ITEM_ROLE_KNOWN_AT};
    return zw_json_rows_read(text, form, &zw_roles_of_items, reader_on_row, NULL, batch, err);
}
