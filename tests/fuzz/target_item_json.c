/* Rows of registers as JSON: what was taken, written as CSV, says the same there. */
#include "intake/item_csv.h"
#include "intake/item_json.h"
#include "written.h"

void fuzz_one(zw_text input)
{
    zw_batch *batch = NULL;
    zw_batch *again = NULL;
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, WRITTEN_BYTES_MAX);
    FUZZ_MUST(zw_batch_create(&batch, &err) == ZW_OK && zw_batch_create(&again, &err) == ZW_OK);
    zw_status status = zw_item_json_read(input, ZW_JSON_WHOLE, batch, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        written_must_be_sound(batch);
    }
    if (status == ZW_OK && written_items(batch, &out)) {
        zw_text text = {zw_buf_view(&out), out.len};
        FUZZ_MUST(zw_item_csv_read(text, ',', again, &err) == ZW_OK);
        written_items_must_be_same(batch, again);
    }
    zw_batch_destroy(again);
    zw_batch_destroy(batch);
    zw_buf_fini(&out);
}
