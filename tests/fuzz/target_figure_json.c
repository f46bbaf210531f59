/* Figures as JSON, whole or line by line: what was taken, written as CSV, says the same there. */
#include "intake/csv.h"
#include "intake/figure_json.h"
#include "written.h"

void fuzz_one(zw_text input)
{
    zw_batch *batch = NULL;
    zw_batch *again = NULL;
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    bool is_whole = input.len > 0 && input.at[0] == '[';
    zw_buf_init(&out, WRITTEN_BYTES_MAX);
    FUZZ_MUST(zw_batch_create(&batch, &err) == ZW_OK && zw_batch_create(&again, &err) == ZW_OK);
    zw_status status =
        zw_figure_json_read(input, is_whole ? ZW_JSON_WHOLE : ZW_JSON_LINES, batch, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        written_must_be_sound(batch);
    }
    if (status == ZW_OK && written_figures(batch, &out)) {
        zw_text text = {zw_buf_view(&out), out.len};
        FUZZ_MUST(zw_csv_read(text, ',', again, &err) == ZW_OK);
        written_must_be_same(batch, again);
    }
    zw_batch_destroy(again);
    zw_batch_destroy(batch);
    zw_buf_fini(&out);
}
