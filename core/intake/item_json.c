/* Rows of registers out of JSON. Each object becomes the row of a sheet with a heading of its own,
 * so that both forms are judged by the same eyes. */
#include "intake/item_json.h"

#include "intake/item_csv.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { NUMBER_BYTES = 40 };

/* The text that stands for a value in a sheet. @return false when it has none. */
static bool text_of(const json_t *value, char number[NUMBER_BYTES], zw_text *out)
{
    if (json_is_string(value)) {
        *out = (zw_text){json_string_value(value), json_string_length(value)};
    } else if (json_is_number(value)) {
        *out = zw_text_of(zw_text_of_number(json_number_value(value), number, NUMBER_BYTES));
    } else {
        *out = zw_text_of("");
    }
    return json_is_string(value) || json_is_number(value) || json_is_null(value);
}

/* The keys of an object as the heading of its row. */
static void heading_read(zw_sheet *sheet, json_t *object)
{
    zw_text names[ZW_HEADING_COLUMNS_MAX];
    size_t count = 0;
    size_t all = json_object_size(object);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        if (count < ZW_HEADING_COLUMNS_MAX) {
            names[count++] = zw_text_of(key);
        }
    }
    zw_err why = {ZW_OK, ""};
    zw_heading_fini(&sheet->heading);
    zw_status status =
        zw_heading_read(&zw_roles_of_loose_items, names, all, sheet->line, &sheet->heading, &why);
    if (status == ZW_NOMEM) {
        zw_sheet_nomem(sheet);
    } else if (status != ZW_OK) { /* "line:column: " says nothing here */
        const char *said = strstr(why.text, ": ");
        zw_sheet_fault(sheet, 0, "%s", said != NULL ? said + 2 : why.text);
    }
}

static void object_read(zw_sheet *sheet, json_t *object)
{
    size_t faults = sheet->batch->fault_count;
    if (!json_is_object(object)) {
        zw_sheet_fault(sheet, 0, "expected an object");
        return;
    }
    heading_read(sheet, object);
    uint32_t column = 0;
    const char *key = NULL;
    json_t *value = NULL;
    zw_sheet_clear(sheet);
    bool is_good = sheet->status == ZW_OK && sheet->batch->fault_count == faults;
    json_object_foreach(object, key, value)
    {
        if (!is_good) {
            return;
        }
        char number[NUMBER_BYTES];
        zw_text text;
        column++;
        if (!text_of(value, number, &text)) {
            zw_sheet_fault(sheet, column, "expected a text, a number or null");
            is_good = false;
        }
        zw_sheet_add(sheet, text);
    }
    if (is_good && sheet->status == ZW_OK) {
        zw_item_sheet_take(sheet);
    }
}

zw_status zw_item_json_read(zw_text text, zw_batch *batch, zw_err *err)
{
    json_error_t wrong;
    json_t *array = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &wrong);
    if (array == NULL && json_error_code(&wrong) == json_error_out_of_memory) {
        return zw_err_nomem(err);
    }
    if (!json_is_array(array)) {
        json_decref(array);
        return array == NULL ? zw_err_set(err, ZW_INVALID, "%d:%d: no JSON: %s", wrong.line,
                                          wrong.column, wrong.text)
                             : zw_err_set(err, ZW_INVALID, "expected a JSON array of objects");
    }
    zw_sheet sheet;
    zw_sheet_init(&sheet, text.len + (size_t)ZW_HEADING_COLUMNS_MAX * NUMBER_BYTES, batch, err);
    sheet.is_clean = true; /* jansson takes nothing but UTF-8, and no NUL */
    for (size_t i = 0; i < json_array_size(array) && sheet.status == ZW_OK; i++) {
        sheet.line = (uint32_t)(i + 1);
        object_read(&sheet, json_array_get(array, i));
    }
    zw_status status = sheet.status;
    zw_sheet_fini(&sheet);
    json_decref(array);
    zw_batch_sort_faults(batch);
    return status;
}
