/* Tidy CSV of figures, in any encoding: what was taken and written again reads the same. */
#include "intake/csv.h"
#include "intake/sniff.h"
#include "written.h"

static void read_again(const zw_batch *batch)
{
    zw_buf out;
    zw_batch *again = NULL;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, WRITTEN_BYTES_MAX);
    if (written_figures(batch, &out)) {
        FUZZ_MUST(zw_batch_create(&again, &err) == ZW_OK);
        zw_text text = {zw_buf_view(&out), out.len};
        FUZZ_MUST(zw_csv_read(text, ',', again, &err) == ZW_OK);
        written_must_be_same(batch, again);
    }
    zw_batch_destroy(again);
    zw_buf_fini(&out);
}

static void read_text(zw_text text)
{
    zw_batch *batch = NULL;
    zw_err err = {ZW_OK, ""};
    FUZZ_MUST(zw_batch_create(&batch, &err) == ZW_OK);
    zw_status status = zw_csv_read(text, 0, batch, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        written_must_be_sound(batch);
        written_must_account(batch, text);
        read_again(batch);
    }
    zw_batch_destroy(batch);
}

void fuzz_one(zw_text input)
{
    zw_buf out;
    zw_encoding encoding;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, WRITTEN_BYTES_MAX);
    if (zw_sniff_utf8(input.at, input.len, &out, &encoding, &err) == ZW_OK) {
        read_text((zw_text){zw_buf_view(&out), out.len});
    }
    zw_buf_fini(&out);
}
